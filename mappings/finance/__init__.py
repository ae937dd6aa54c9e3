"""Mapping tables of ledgers."""
