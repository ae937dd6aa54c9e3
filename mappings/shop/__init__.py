"""Mapping tables of sales channels."""
