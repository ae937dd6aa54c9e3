"""Statements that find rows which contradict each other; a sound database has none."""
