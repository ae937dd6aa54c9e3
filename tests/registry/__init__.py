"""Which connectors there are."""
