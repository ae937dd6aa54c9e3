"""What a later version of an order changed, in the terms that have consequences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from hub.core.orders import Line, Order, OrderStanding, PaymentStanding

PAID = frozenset({PaymentStanding.PAID, PaymentStanding.AUTHORIZED})


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference between two versions. `more` and `less` are quantities per line, in the channel's unit."""

    more: Mapping[str, Decimal] = field(default_factory=dict)
    less: Mapping[str, Decimal] = field(default_factory=dict)
    added: tuple[Line, ...] = ()
    cancelled: bool = False
    revived: bool = False
    paid: bool = False
    people: bool = False
    total: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """What changed, for the trail; empty for an echo of what the hub itself told the channel."""
        flags = {
            "cancelled": self.cancelled,
            "revived": self.revived,
            "lines": bool(self.more or self.less or self.added),
            "people": self.people,
            "paid": self.paid,
            "total": self.total,
        }
        return tuple(name for name, is_set in flags.items() if is_set)


def wanted(line: Line) -> Decimal:
    """The quantity that is still wanted of a line: what the channel says is current, else what was ordered."""
    current = line.quantities.current if line.quantities else None
    if line.deleted_upstream:
        return Decimal(0)
    return line.quantity if current is None else current


def differences(old: Order, new: Order, *, people: bool) -> Changes:
    """Compare two versions; `people` says whether the personal part differs."""
    before = {line.id: wanted(line) for line in old.lines if line.carries_stock}
    after = {line.id: wanted(line) for line in new.lines if line.carries_stock}
    shifts = {line: after.get(line, Decimal(0)) - quantity for line, quantity in before.items()}
    is_cancelled, was_cancelled = (order.state is OrderStanding.CANCELLED for order in (new, old))
    return Changes(
        more={line: shift for line, shift in shifts.items() if shift > 0},
        less={line: -shift for line, shift in shifts.items() if shift < 0},
        added=tuple(line for line in new.lines if line.carries_stock and line.id not in before),
        cancelled=is_cancelled and not was_cancelled,
        revived=was_cancelled and not is_cancelled,
        paid=new.payment_state in PAID and old.payment_state not in PAID,
        people=people,
        total=new.totals.grand_total != old.totals.grand_total,
    )
