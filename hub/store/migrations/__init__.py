"""The history of the tables, one revision per file; `hub.store.migrate` applies it."""
