"""Ledgers: where invoices, credits and payments are posted."""
