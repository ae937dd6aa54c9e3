"""All that a connector may import: what it can promise, how it speaks, how it is proved."""
