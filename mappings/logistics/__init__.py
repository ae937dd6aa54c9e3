"""Mapping tables of carriers and warehouses."""
