"""The hub over HTTP: webhooks in, and what programs may ask."""
