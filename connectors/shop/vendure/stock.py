"""Stock on hand at one location of the shop; what buyers may still buy, the shop reckons by itself.

`updateProductVariants` takes many variants and all or none of them: where one is refused the list is halved
until it stands alone. (Seen on Vendure 3.7.3.)
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from connectors.shop.vendure import queries
from connectors.shop.vendure.client import Client, child, listed, whole, word
from connectors.shop.vendure.pushing import pieces
from hub.core.failures import Failure, Misconfigured, Rejected
from hub.core.json import JSON
from hub.sdk.capabilities import ListedItem, StockPush, StockSeen
from hub.sdk.paging import Slice, by_offset

PAGE: Final = 100

Answered: TypeAlias = StockSeen | Failure


class Wanted(NamedTuple):
    """What should lie at a location."""

    variant: str
    location: str
    on_hand: int

    def written(self) -> JSON:
        level: JSON = {"stockLocationId": self.location, "stockOnHand": self.on_hand}
        return {"id": self.variant, "stockLevels": [level]}


def location(client: Client, named: str | None) -> str:
    """The id of the location with this id or name, or of the only one. Raises Misconfigured."""
    places = listed(client.ask(queries.LOCATIONS).get("stockLocations"), "items")
    names = {word(place, "id"): word(place, "name") for place in places}
    fitting = [place for place, name in names.items() if named is None or named in {place, name}]
    if len(fitting) != 1:
        raise Misconfigured("channel.stock_location", location=named or "–", known=", ".join(names.values()))
    return fitting[0]


def push(client: Client, levels: Sequence[StockPush], usual: str) -> Sequence[Answered]:
    """Set stock on hand, at the location of each level or at the usual one; one bad item fails alone."""
    wanted = [_wanted(level, usual) for level in levels]
    answers = iter(_set(client, [one for one in wanted if isinstance(one, Wanted)]))
    return [next(answers) if isinstance(one, Wanted) else one for one in wanted]


def read(client: Client, variants: Sequence[str], usual: str) -> Iterator[StockSeen]:
    """Stock on hand at the usual location; a variant that is gone is left out."""
    for at in range(0, len(variants), PAGE):
        some: list[JSON] = [*variants[at : at + PAGE]]
        options: JSON = {"take": len(some), "sort": {"id": "ASC"}, "filter": {"id": {"in": some}}}
        found = client.ask(queries.STOCK, {"options": options}).get("productVariants")
        yield from (_seen(variant, usual) for variant in listed(found, "items"))


def items(client: Client) -> Iterator[ListedItem]:
    """Every variant, by id."""

    def fetch(skip: int) -> Slice[JSON]:
        options: JSON = {"take": PAGE, "skip": skip, "sort": {"id": "ASC"}}
        found = client.ask(queries.VARIANTS, {"options": options}).get("productVariants")
        return Slice(listed(found, "items"), whole(child(found, "totalItems")))

    for piece in by_offset(fetch, lambda variant: word(variant, "id")):
        for variant in piece.rows:
            yield ListedItem(word(variant, "id"), word(variant, "sku"), word(variant, "name"))


def _wanted(level: StockPush, usual: str) -> Wanted | Rejected:
    try:
        return Wanted(level.external_id, level.location or usual, pieces(level.quantity))
    except Rejected as refusal:
        return refusal


def _set(client: Client, wanted: Sequence[Wanted]) -> Sequence[Answered]:
    if not wanted:
        return []
    inputs: JSON = [one.written() for one in wanted]
    try:
        variants = client.tell(queries.SET_STOCK, {"input": inputs}, "updateProductVariants")
    except Rejected as refusal:
        half = len(wanted) // 2
        return [*_set(client, wanted[:half]), *_set(client, wanted[half:])] if half else [refusal]
    except Failure as failure:
        return [failure] * len(wanted)
    shown = {word(variant, "id"): variant for variant in (variants if isinstance(variants, list) else [])}
    return [_seen(shown.get(one.variant, {"id": one.variant}), one.location) for one in wanted]


def _seen(variant: JSON, place: str) -> StockSeen:
    """A location at which a variant never lay holds none of it."""
    levels = listed(variant, "stockLevels")
    here = [whole(child(level, "stockOnHand")) for level in levels if word(level, "stockLocationId") == place]
    return StockSeen(word(variant, "id"), Decimal(sum(here)))
