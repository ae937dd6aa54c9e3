"""Tryton's customer invoices in the words of the hub."""
