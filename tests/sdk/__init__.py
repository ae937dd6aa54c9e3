"""What connectors may rely on."""
