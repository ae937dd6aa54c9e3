"""Mapping files of the connector `easypost`."""
