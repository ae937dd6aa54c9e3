"""Between a channel's pieces and our base units, by the factor of the listing."""

from decimal import Decimal

from hub.core.units import from_micro, micro

ONE = 1_000_000
"""A factor of one: the listing sells single base units."""


def in_items(quantity: Decimal, factor: int) -> int:
    """A channel's quantity in millionths of our base unit."""
    return micro(quantity) * factor // ONE


def in_listing(quantity: int, factor: int) -> Decimal:
    """Millionths of our base unit in the channel's pieces, rounded down: a channel is never told too much."""
    return from_micro(quantity * ONE // factor)
