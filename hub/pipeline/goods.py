"""Goods that come in or are counted: booked as they are, and dealt to whoever waits."""

from hub.pipeline.cancel import take_back
from hub.pipeline.shipping import follow_counters
from hub.store import orders, stock, travellers
from hub.store.stock import Counterpart, Movement
from hub.store.work import Work


def receive(work: Work, item: int, location: int, quantity: int, key: str) -> bool:
    """Book a receipt once; orders that wait for the goods are due."""
    target = stock.position(work, item, location)
    moved = Movement(f"receipt/{key}", item, quantity, Counterpart.SUPPLIER, target.id, "stock.received")
    new = bool(stock.move(work, [moved]))
    _wake_waiting(work, item)
    return new


def count(work: Work, item: int, location: int, quantity: int, reason: str) -> int:
    """Book the difference to what was counted; what is promised and not there is given back, newest first."""
    waiting = orders.waiting_for(work, [item], 500)
    travellers.lock_orders(work, [*waiting, *stock.orders_promised(work, item, location)])
    position = stock.position(work, item, location)
    difference = quantity - position.on_hand
    if quantity < position.reserved:
        _release_missing(work, item, location, quantity)
    if difference:
        source, target = (
            (Counterpart.DIFFERENCE, position.id) if difference > 0 else (position.id, Counterpart.DIFFERENCE)
        )
        moved = Movement(f"count/{work.uid()}", item, abs(difference), source, target, reason)
        stock.move(work, [moved])
    _wake_waiting(work, item)
    return difference


def _release_missing(work: Work, item: int, location: int, quantity: int) -> None:
    """Promises that the truth does not bear are taken back, newest first, those in a fulfilment last."""
    position = stock.position(work, item, location)
    missing = position.reserved - quantity
    touched: list[int] = []
    for found in stock.reservations_at(work, position.id):
        if missing <= 0:
            break
        if found.fulfilment_line_id is not None:
            take_back(work, [stock.fulfilment_of(work, found.fulfilment_line_id)])
        taken = min(missing, found.quantity)
        stock.give_back(work, [found], taken)
        orders.count(work, {found.order_line_id: {"reserved": -taken}})
        touched.append(found.order_line_id)
        missing -= taken
    follow_counters(work, orders.orders_of_lines(work, touched))


def _wake_waiting(work: Work, item: int) -> None:
    orders.awake_in(work, orders.waiting_for(work, [item], 5000), ("backordered",))
