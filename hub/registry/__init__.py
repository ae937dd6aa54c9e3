"""Which connectors are there, and which of them are broken."""
