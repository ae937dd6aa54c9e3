"""The memory of the hub: rows, transactions and every line of SQL."""
