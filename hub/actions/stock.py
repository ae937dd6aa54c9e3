"""Items, locations and goods: what people tell the hub about stock."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from hub.actions.permission import Actor, permit
from hub.core.people import Address
from hub.core.units import micro
from hub.pipeline import goods, healing
from hub.pipeline.hub import Hub
from hub.store import connections, setup


def add_items(hub: Hub, actor: Actor, items: Sequence[Mapping[str, object]]) -> dict[str, int]:
    """Items by SKU; fields sku, title, unit, precision, weight_grams. What exists stays; who waited for one goes on."""
    permit(actor, "item.add")
    with hub.store.work(actor.tenant, str(actor)) as work:
        known = setup.add_items(work, items)
        healing.heal_items(work, known)
    hub.poke(actor.tenant, work.wakes)
    return known


def add_location(
    hub: Hub,
    actor: Actor,
    code: str,
    *,
    name: str,
    company: str,
    address: Address,
    rank: int = 1,
    hands_over: str = "label",
    carrier: str | None = None,
) -> int:
    """A place that ships, with the carrier connection it ships with."""
    permit(actor, "location.add")
    with hub.store.work(actor.tenant, str(actor)) as work:
        return setup.add_location(
            work,
            code,
            name=name,
            company=setup.company_named(work, company),
            address=address,
            rank=rank,
            hands_over=hands_over,
            carrier=None if carrier is None else connections.connection_named(work, carrier).id,
        )


def set_stock(
    hub: Hub, actor: Actor, sku: str, location: str, quantity: Decimal, *, reason: str = "stock.counted"
) -> int:
    """Book what is really there; answers the difference in millionths. Promises beyond it are dealt anew."""
    permit(actor, "stock.set")
    with hub.store.work(actor.tenant, str(actor)) as work:
        item, place = setup.item_named(work, sku), setup.location_named(work, location)
        difference = goods.count(work, item, place, micro(quantity), reason)
    hub.poke(actor.tenant, work.wakes)
    return difference


def receive_goods(hub: Hub, actor: Actor, sku: str, location: str, quantity: Decimal, *, key: str) -> bool:
    """Goods from a supplier; `key` is the receipt, which is booked once. Answers whether it was new."""
    permit(actor, "stock.receive")
    with hub.store.work(actor.tenant, str(actor)) as work:
        item, place = setup.item_named(work, sku), setup.location_named(work, location)
        new = goods.receive(work, item, place, micro(quantity), key)
    hub.poke(actor.tenant, work.wakes)
    return new
