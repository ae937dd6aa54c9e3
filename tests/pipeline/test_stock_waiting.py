"""A channel that counts its own shelf hears of a shipment first, and of the stock at once after that."""

from datetime import timedelta
from decimal import Decimal

from hub.actions import stock as stocking
from hub.actions.permission import OWNER
from hub.sdk.sim import Basket, BasketLine, Fault, FaultKind, ShopSim
from hub.sim.world import world
from hub.store.reading import stock as shelves
from hub.store.reading.effects import effects
from hub.store.setup import item_named


def test_waiting_for_a_dispatch_is_no_failed_push(tmp_path):
    with world(tmp_path) as made:
        shop = made.join("web", "vendure")
        assert isinstance(shop, ShopSim)
        made.join("post", "easypost")
        made.locate("berlin", "DE", "post")
        stocking.add_items(made.hub, OWNER, [{"sku": "MUG-BLUE", "title": "Mug", "weight_grams": 300}])
        stocking.set_stock(made.hub, OWNER, "MUG-BLUE", "berlin", Decimal(9))
        mug = BasketLine("MUG-BLUE", Decimal(1), Decimal(12))
        shop.place(Basket((mug,)), made.clock.now())
        made.settle()

        shop.fail(Fault(FaultKind.RESET, "AddFulfilment"), Fault(FaultKind.RESET, "SetStock"))
        shop.place(Basket((mug,)), made.clock.now())
        made.settle()

        with made.hub.store.work(OWNER.tenant, "test") as work:
            dispatch, _ = (each for each in effects(work, ["confirmed"], "web", 10) if each.capability == "dispatch")
            [shown] = shelves.shown(work, item_named(work, "MUG-BLUE"))
        assert (shown.wanted, shown.seen) == (Decimal(7), Decimal(7))
        assert shown.seen_at is not None
        assert dispatch.settled_at is not None
        assert timedelta(0) < shown.seen_at - dispatch.settled_at < timedelta(seconds=20)
