"""The language of the trade: documents, money, decisions; without I/O, clock or chance."""
