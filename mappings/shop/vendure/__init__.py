"""Vendure's orders in the words of the hub."""
