"""One hub between many sales channels, warehouses, carriers and ledgers."""
