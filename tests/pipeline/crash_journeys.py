"""The journeys that are interrupted at every point."""

from decimal import Decimal

from hub.actions import connections as connecting
from hub.actions import stock as stocking
from hub.actions.permission import OWNER
from hub.core.tracking import TrackingStatus
from hub.sim.world import World
from tests.company import a_basket, a_line
from tests.crashes import Journey, Phase, Process


def found(world: World) -> None:
    """A shop that rings, a carrier and a ledger; goods are handed over when they are scanned."""
    world.join("corner", "corner_shop")
    world.join("post", "easypost")
    world.join("books", "tryton")
    world.locate("berlin", "DE", "post", hands_over="scan")
    _stock(world, MUG=20, SPIRIT=5, CUP=0)


def _stock(world: World, **counted: int) -> None:
    skus = [{"sku": sku, "title": sku, "weight_grams": 300} for sku in counted]
    stocking.add_items(world.hub, OWNER, skus)
    for sku, quantity in counted.items():
        stocking.set_stock(world.hub, OWNER, sku, "berlin", Decimal(quantity))


def buy(process: Process) -> None:
    """One that goes straight, one to be cancelled, one short, one with an unknown article, one to be edited."""
    shop, now = process.sims["corner"], process.clock.now()
    shop.place(a_basket(a_line("MUG", 2), shipping="4.90"), now)
    shop.place(a_basket(a_line("MUG", 1)), now)
    shop.place(a_basket(a_line("CUP", 2)), now)
    shop.place(a_basket(a_line("MUG", 1), a_line("GHOST", 1)), now)
    shop.place(a_basket(a_line("MUG", 3)), now)


def change(process: Process) -> None:
    """The buyer cancels one and wants less of another; their labels are bought already."""
    shop, now = process.sims["corner"], process.clock.now()
    shop.cancel("C1002", now)
    shop.edit("C1005", a_basket(a_line("MUG", 1)), now)


def heal(process: Process) -> None:
    """Goods come in, and the unknown article is mapped."""
    stocking.set_stock(process.hub, OWNER, "CUP", "berlin", Decimal(2))
    connecting.map_listing(process.hub, OWNER, "corner", "L-GHOST", "SPIRIT")


CORNER = Journey(
    found,
    (
        Phase(buy),
        Phase(change, heal),
        Phase(lambda process: process.scan(TrackingStatus.PICKED_UP)),
        Phase(lambda process: process.scan(TrackingStatus.DELIVERED)),
    ),
)
