"""Sales channels: where orders come from and stock is shown."""
