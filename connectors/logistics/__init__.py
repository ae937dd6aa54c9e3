"""Carriers and warehouses: who ships, and where the parcel is."""
