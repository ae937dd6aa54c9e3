"""The journeys that are interrupted at every point."""

from contextlib import suppress
from decimal import Decimal

from sqlalchemy import select

from hub.actions import connections as connecting
from hub.actions import orders as ordering
from hub.actions import stock as stocking
from hub.actions.permission import OWNER
from hub.core.failures import Refused
from hub.core.tracking import TrackingStatus
from hub.sim.world import World
from hub.store.tables import OrderRow
from tests.company import a_basket, a_line
from tests.crashes import Journey, Phase, Process


def corner(world: World) -> None:
    """A shop that rings, a carrier and a ledger; goods are handed over when they are scanned."""
    world.join("corner", "corner_shop")
    _house(world)
    _stock(world, MUG=20, SPIRIT=5, CUP=0)


def vendure(world: World) -> None:
    """A shop that never rings, and takes two requests for one shipment."""
    world.join("web", "vendure")
    _house(world)
    _stock(world, **{"MUG-BLUE": 20})


def _house(world: World) -> None:
    world.join("post", "easypost")
    world.join("books", "tryton")
    world.locate("berlin", "DE", "post", hands_over="scan")


def _stock(world: World, **counted: int) -> None:
    skus = [{"sku": sku, "title": sku, "weight_grams": 300} for sku in counted]
    stocking.add_items(world.hub, OWNER, skus)
    for sku, quantity in counted.items():
        stocking.set_stock(world.hub, OWNER, sku, "berlin", Decimal(quantity))


def sells(shop: str, *baskets):
    """People buy these."""

    def place(process: Process) -> None:
        for basket in baskets:
            process.sims[shop].place(basket, process.clock.now())

    return place


def change(process: Process) -> None:
    """A buyer cancels one and wants less of another; their labels are bought already."""
    shop, now = process.sims["corner"], process.clock.now()
    shop.cancel("C1001", now)
    shop.edit("C1002", a_basket(a_line("MUG", 1)), now)


def heal(process: Process) -> None:
    """Goods come in, and the unknown article is mapped."""
    stocking.set_stock(process.hub, OWNER, "CUP", "berlin", Decimal(2))
    connecting.map_listing(process.hub, OWNER, "corner", "L-GHOST", "SPIRIT")


def cancel_second(process: Process) -> None:
    """The operator cancels what the shop sold second; its label is bought already, the shop is told."""
    with process.hub.store.view(OWNER.tenant) as view:
        _, second = view.scalars(select(OrderRow.id).order_by(OrderRow.id))
    with suppress(Refused):
        ordering.cancel(process.hub, OWNER, second, reason="sold elsewhere")


def scanned(status: TrackingStatus, *, crossed: bool) -> Phase:
    """Parcels are seen."""
    return Phase(lambda process: process.scan(status), crossed=crossed)


def gone(*, crossed: bool) -> tuple[Phase, Phase]:
    """Parcels are picked up and arrive."""
    return (
        scanned(TrackingStatus.PICKED_UP, crossed=crossed),
        scanned(TrackingStatus.DELIVERED, crossed=crossed),
    )


STRAIGHT = Journey(
    corner,
    (Phase(sells("corner", a_basket(a_line("MUG", 2), shipping="4.90"))), *gone(crossed=True)),
)
CHANGED = Journey(
    corner,
    (
        Phase(sells("corner", a_basket(), a_basket(a_line("MUG", 3))), crossed=False),
        Phase(change),
        *gone(crossed=False),
    ),
)
HEALED = Journey(
    corner,
    (
        Phase(sells("corner", a_basket(a_line("CUP", 2)), a_basket(a_line(), a_line("GHOST"))), crossed=False),
        Phase(asked=heal),
        *gone(crossed=False),
    ),
)
TOLD = Journey(
    vendure,
    (
        Phase(sells("web", a_basket(a_line("MUG-BLUE", 2)), a_basket(a_line("MUG-BLUE"))), crossed=False),
        Phase(asked=cancel_second),
        *gone(crossed=True),
    ),
)
JOURNEYS = {"straight": STRAIGHT, "changed": CHANGED, "healed": HEALED, "told": TOLD}
