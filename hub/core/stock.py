"""Who gets which goods: one pass over a batch of demands, in the order the policy put them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple


class Demand(NamedTuple):
    """Open quantity of one order line, in millionths; `locations` in the order in which the channel asks them."""

    order: int
    line: int
    item: int
    quantity: int
    locations: tuple[int, ...]


class Shelf(NamedTuple):
    """What is free of one item at one position."""

    position: int
    item: int
    location: int
    free: int


class Promise(NamedTuple):
    """A quantity of a position given to an order line."""

    order: int
    line: int
    item: int
    position: int
    location: int
    quantity: int


class Shortage(NamedTuple):
    """What a line still lacks after all locations were asked."""

    order: int
    line: int
    item: int
    wanted: int
    missing: int


class Dealt(NamedTuple):
    """The outcome of one pass."""

    promises: tuple[Promise, ...]
    shortages: tuple[Shortage, ...]


def deal(demands: Sequence[Demand], shelves: Iterable[Shelf]) -> Dealt:
    """Give each demand what is there, in the order given; lines of one order must stand together.

    An order goes to the first location that holds all of it, else each line takes what it finds.
    """
    free = _Free(shelves)
    promises: list[Promise] = []
    shortages: list[Shortage] = []
    for _, group in groupby(demands, key=lambda demand: demand.order):
        lines = tuple(group)
        whole = _whole(lines, free)
        for demand in lines:
            given = list(free.give(demand, demand.locations if whole is None else (whole,)))
            promises += given
            missing = demand.quantity - sum(promise.quantity for promise in given)
            if missing > 0:
                shortages.append(Shortage(demand.order, demand.line, demand.item, demand.quantity, missing))
    return Dealt(tuple(promises), tuple(shortages))


class _Free:
    """Free quantities while they are dealt out, by (item, location) in the order of the positions."""

    def __init__(self, shelves: Iterable[Shelf]) -> None:
        self.left: dict[int, int] = {}
        self.at: dict[tuple[int, int], list[int]] = defaultdict(list)
        for shelf in shelves:
            self.left[shelf.position] = max(shelf.free, 0)
            self.at[shelf.item, shelf.location].append(shelf.position)

    def sum(self, item: int, location: int) -> int:
        return sum(self.left[position] for position in self.at.get((item, location), ()))

    def give(self, demand: Demand, locations: Iterable[int]) -> Iterator[Promise]:
        wanted = demand.quantity
        for location in locations:
            for position in self.at.get((demand.item, location), ()):
                taken = min(wanted, self.left[position])
                if taken > 0:
                    self.left[position] -= taken
                    wanted -= taken
                    yield Promise(demand.order, demand.line, demand.item, position, location, taken)


def _whole(lines: tuple[Demand, ...], free: _Free) -> int | None:
    """The first location that holds everything an order asks for."""
    needs: dict[int, int] = defaultdict(int)
    for demand in lines:
        needs[demand.item] += demand.quantity
    for location in lines[0].locations:
        if all(free.sum(item, location) >= quantity for item, quantity in needs.items()):
            return location
    return None
