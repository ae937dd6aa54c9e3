"""The demonstration: some days of trading in a minute, through faults, on simulators of real systems.

It takes whatever connectors carry `demo` in their manifest and leaves its database behind, so that every
order's story can be read with `hub order show`.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from hub.actions import connections as connecting
from hub.actions import orders as ordering
from hub.actions import stock as stocking
from hub.actions.permission import OWNER
from hub.core.clock import Chance, seeded_chance
from hub.core.failures import Refused
from hub.core.tracking import TrackingStatus
from hub.sdk.connector import Kind
from hub.sdk.http import Call, Outcome
from hub.sdk.sim import Basket, BasketLine, Fault, FaultKind, ShopSim
from hub.sim.goods import ARTICLES, CHANNELS, NEW, RARE, SIXPACK, Article, Channel, basket, line
from hub.sim.world import World, world
from hub.store import verify
from hub.store.connections import connections
from hub.store.orders import orders_named
from hub.store.reading.demo import ChannelSum, channel_sums

MARK = "demo.txt"
WAVES = 8
A_WHILE = timedelta(minutes=8)
PACE = timedelta(seconds=5)
UNCERTAIN = (
    FaultKind.RATE_LIMITED,
    FaultKind.UNAVAILABLE,
    FaultKind.TIMED_OUT,
    FaultKind.TIMED_OUT_AFTER,
    FaultKind.ERROR_AFTER,
    FaultKind.RESET_AFTER,
    FaultKind.TORN,
)
"""Faults that every remote has for a while: half of them after it did what was asked."""


class Progress(NamedTuple):
    """How far the demonstration is, and what happens in it."""

    done: int
    total: int
    news: str


class Story(NamedTuple):
    """An order that shows something: what, and its number in the hub."""

    what: str
    number: str


class Scripted(NamedTuple):
    """An order that shows something, as its channel calls it."""

    what: str
    channel: str
    external_id: str


@dataclass
class Report:
    """What a demonstration leaves: sums per channel, checks, doubled effects, orders worth a look."""

    channels: Sequence[ChannelSum]
    checks: Sequence[verify.Check]
    doubled: Sequence[str]
    stories: Sequence[Story]
    requests: int
    faults: int
    hours: float

    @property
    def ok(self) -> bool:
        """Everything arrived once and every invariant holds."""
        return all(check.ok for check in self.checks) and not self.doubled


@dataclass
class Tally:
    """Counts requests on the wire, and those that failed. Several threads may count."""

    requests: int = 0
    faults: int = 0

    def before(self, _call: Call) -> None:
        self.requests += 1

    def after(self, _call: Call, outcome: Outcome) -> None:
        self.faults += outcome.code is not None or (outcome.status or 0) >= HTTPStatus.BAD_REQUEST


@dataclass
class Stage:
    """The company while it is played."""

    world: World
    chance: Chance
    shops: dict[str, ShopSim] = field(default_factory=dict)
    stories: list[Scripted] = field(default_factory=list)
    seen: set[tuple[str, TrackingStatus]] = field(default_factory=set)

    def buy(self, channel: Channel, *lines: BasketLine, what: str = "") -> str:
        """Somebody buys; worth a story if it shows something."""
        number = self.shops[channel.name].place(basket(channel, self.chance, *lines), self.world.clock.now())
        if what:
            self.stories.append(Scripted(what, channel.name, number))
        return number


def run(folder: Path, *, orders: int = 200, seed: int = 7, tell: Callable[[Progress], None] = lambda _: None) -> Report:
    """Play the demonstration under a folder; the same seed plays the same days."""
    _clear(folder)
    tally = Tally()
    with world(folder, seed=seed, calls=tally) as made:
        made.pace = PACE
        stage = _stage(made, seeded_chance(seed))
        began = made.clock.now()
        for done, news in _play(stage, orders):
            tell(Progress(done, orders, news))
        return _report(stage, tally, (made.clock.now() - began) / timedelta(hours=1))


def _clear(folder: Path) -> None:
    """Take away a former demonstration. Raises Refused where a hub lives that is none."""
    mark = folder / MARK
    if (folder / "hub.sqlite").exists() and not mark.exists():
        raise Refused("demo.folder_taken", where=str(folder))
    for each in folder.glob("hub.sqlite*"):
        each.unlink()
    mark.write_text("A demonstration; everything here may be deleted.\n")


def _stage(made: World, chance: Chance) -> Stage:
    """Connect what can be shown: every shop kind per channel, every carrier and ledger once."""
    stage = Stage(made, chance)
    demos = [connector.manifest for connector in made.hub.registry.all() if connector.manifest.demo]
    carriers = [m.id for m in demos if m.kind is Kind.LOGISTICS]
    for name in carriers:
        made.join(name, name)
    for name in (m.id for m in demos if m.kind is Kind.FINANCE):
        made.join(name, name)
    shops = [m.id for m in demos if m.kind is Kind.SHOP]
    for at, channel in enumerate(CHANNELS):
        sim = made.join(channel.name, shops[at % len(shops)])
        if isinstance(sim, ShopSim):
            stage.shops[channel.name] = sim
    made.locate("berlin", "DE", carriers[0])
    made.locate("lyon", "FR", carriers[-1], rank=2, hands_over="scan")
    goods = [{"sku": a.sku, "title": a.title, "weight_grams": a.grams} for a in ARTICLES]
    stocking.add_items(made.hub, OWNER, goods)
    for article in ARTICLES:
        for location, pieces in (("berlin", article.berlin), ("lyon", article.lyon)):
            stocking.set_stock(made.hub, OWNER, article.sku, location, Decimal(pieces))
    return stage


def _play(stage: Stage, orders: int) -> Iterator[tuple[int, str]]:
    """Waves of orders with scenes between them."""
    scenes = _scenes(stage)
    made = stage.world
    placed = 0
    for wave in range(WAVES):
        if scene := next(scenes, None):
            placed += scene.orders
            yield placed, scene.news
        if wave == 2:  # noqa: PLR2004  from the third wave on the outside has bad days
            _bad_days(made)
        share = max(0, (orders - placed) // (WAVES - wave))
        for at in range(placed, placed + share):
            stage.buy(CHANNELS[at % len(CHANNELS)])
        placed += share
        yield placed, f"wave {wave + 1} of {WAVES}"
        made.settle(A_WHILE)
        _scan(stage, TrackingStatus.IN_TRANSIT)
        made.settle(A_WHILE)
    for sim in made.sims.values():
        sim.heal()
    yield placed, "the outside is well again"
    made.settle()
    for status in (TrackingStatus.IN_TRANSIT, TrackingStatus.DELIVERED):
        _scan(stage, status)
        made.settle()
    yield placed, "every parcel has arrived"


class Scene(NamedTuple):
    """Something that happens once: what is told of it, and how many orders it placed."""

    orders: int
    news: str


def _scenes(stage: Stage) -> Iterator[Scene]:
    """What a merchant lives through; one scene per wave."""
    web, wholesale, tokyo = CHANNELS
    rare = next(article for article in ARTICLES if article.sku == RARE)
    mug = next(article for article in ARTICLES if article.sku == "MUG-BLUE")
    hub, clock = stage.world.hub, stage.world.clock

    stage.buy(web, BasketLine(SIXPACK, Decimal(2), Decimal("66.00"), Decimal("0.19"), "Six blue mugs"), what="six-pack")
    yield Scene(1, "somebody buys six-packs that nobody has mapped yet")
    _map(stage, web, SIXPACK, "MUG-BLUE", 6)

    new = BasketLine(NEW, Decimal(1), Decimal("9.00"), Decimal("0.07"), "Honey, new")
    stage.buy(web, new, line(web, mug, 1), what="unknown article, healed")
    yield Scene(1, "an unknown article waits, its order's other line ships")

    stage.buy(web, line(web, rare, 2))
    stage.buy(wholesale, line(wholesale, rare, 5), line(wholesale, mug, 1), what="shortage, shipped in part")
    stage.buy(tokyo, line(tokyo, rare, 2), what="shortage, waited")
    yield Scene(3, "a rare tin runs short: one order waits, one ships in part")

    edited = stage.buy(web, line(web, mug, 1), what="edited in the shop")
    stage.shops[web.name].edit(edited, _more(stage, web, mug), clock.now())
    cancelled = stage.buy(tokyo, line(tokyo, mug, 3), what="cancelled in the shop")
    stage.shops[tokyo.name].cancel(cancelled, clock.now())
    regretted = stage.buy(wholesale, line(wholesale, rare, 90), what="cancelled by the merchant")
    yield Scene(3, "one order is edited, one cancelled in the shop, one asks for too much")
    _cancel(stage, regretted)

    stocking.add_items(hub, OWNER, [{"sku": NEW, "title": "Honey, new", "weight_grams": 500}])
    stocking.set_stock(hub, OWNER, NEW, "berlin", Decimal(20))
    _map(stage, web, NEW, NEW, 1)
    yield Scene(0, "the unknown article is mapped and the merchant cancels what can never ship")

    stocking.receive_goods(hub, OWNER, RARE, "lyon", Decimal(40), key="PO-1001")
    yield Scene(0, "rare tins arrive in Lyon: who waited longest is served first")


def _more(stage: Stage, channel: Channel, article: Article) -> Basket:
    return basket(channel, stage.chance, line(channel, article, 3))


def _map(stage: Stage, channel: Channel, sku: str, item: str, factor: int) -> None:
    """Say which item a channel's article is, under the id the channel gives it."""
    listed = next((each for each in stage.shops[channel.name].items() if each.sku == sku), None)
    if listed is not None:
        connecting.map_listing(stage.world.hub, OWNER, channel.name, listed.external_id, item, factor=Decimal(factor))


def _cancel(stage: Stage, number: str) -> None:
    for order in ordering.find(stage.world.hub, OWNER, number):
        try:
            ordering.cancel(stage.world.hub, OWNER, order, reason="customer")
        except Refused:
            return


def _bad_days(made: World) -> None:
    """Each remote fails now and then, in every way, until it is healed."""
    for sim in made.sims.values():
        sim.fail(*(Fault(kind, times=None, probability=0.01) for kind in UNCERTAIN))


def _scan(stage: Stage, status: TrackingStatus) -> None:
    """The carriers see all parcels that they have not seen like this before."""
    for carrier in stage.world.carriers().values():
        for label in carrier.labels():
            if not label.voided and (label.tracking_number, status) not in stage.seen:
                stage.seen.add((label.tracking_number, status))
                carrier.scan(label.tracking_number, status, stage.world.clock.now())


def _report(stage: Stage, tally: Tally, hours: float) -> Report:
    made = stage.world
    with made.hub.store.view(OWNER.tenant) as view:
        channels, checks = channel_sums(view), list(verify.verify(view))
        known = connections(view)
        names = {found.name: number for number, found in known.items()}
        stories = [
            Story(what, str(order.id))
            for what, channel, number in stage.stories
            for order in orders_named(view, names[channel], [number])
        ]
    doubled = [
        f"{name}: {capability} {reference}"
        for name, sim in made.sims.items()
        for capability, done in sim.books().items()
        for reference, times in Counter(done).items()
        if times > 1
    ]
    return Report(channels, checks, doubled, stories, tally.requests, tally.faults, hours)
