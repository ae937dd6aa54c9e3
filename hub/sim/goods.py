"""What the demonstration's company sells, to whom, and in which moods."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from hub.core.clock import Chance
from hub.sdk.sim import Basket, BasketLine, Buyer, ShipTo


class Article(NamedTuple):
    """An item of the company: price with tax in euros, tax rate, weight in grams, pieces at the start."""

    sku: str
    title: str
    price: str
    tax: str
    grams: int
    berlin: int
    lyon: int


ARTICLES: Sequence[Article] = (
    Article("TEA-GREEN", "Green tea 100 g", "7.90", "0.07", 120, 400, 300),
    Article("TEA-BLACK", "Schwarztee „Ostfriesen“ 100 g", "6.50", "0.07", 120, 400, 200),
    Article("MUG-BLUE", "Mug, blue", "12.00", "0.19", 340, 300, 300),
    Article("MUG-RED", "Mug, red", "12.00", "0.19", 340, 400, 0),
    Article("POT-茶壶", "Teapot 茶壶 0.8 l", "39.90", "0.19", 900, 0, 400),
    Article("KETTLE", "Kettle 1 l", "64.00", "0.19", 1400, 200, 200),
    Article("TIN-RARE", "Rare tin", "24.00", "0.19", 200, 3, 0),
)
RARE = "TIN-RARE"
NEW = "HONEY-NEW"
"""An article that a channel lists before anybody has told the hub."""
SIXPACK = "MUG-BLUE-6"
"""A listing that sells six blue mugs as one piece."""

BUYERS = (
    Buyer("Zoë Möller", "zoe@example.com", "+49 221 5550101"),
    Buyer("李小龙", "xiaolong@example.com", "+86 10 55500102"),
    Buyer("Søren Ødegård", "soren@example.com", "+47 55 501030"),
    Buyer("Ada O'Hara", "ada@example.com", "+353 1 5550104"),
)
PLACES = (
    ShipTo("Zoë Möller", "Hauptstraße 5", "Köln", "50667", "DE"),
    ShipTo("Luc Lefèvre", "12 rue de l'Église", "Lyon", "69002", "FR"),
    ShipTo("Ada O'Hara", "1 Quay Street", "Dublin", "D02 XY00", "IE"),
)


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to buy: currency, what a euro is worth there, whether prices are with tax, what shipping costs.

    `taxed` is false where goods go abroad free of tax.
    """

    name: str
    currency: str
    rate: str
    prices_include_tax: bool
    shipping: str
    step: str = "0.01"
    taxed: bool = True


CHANNELS = (
    Channel("web", "EUR", "1", prices_include_tax=True, shipping="4.90"),
    Channel("wholesale", "USD", "1.1", prices_include_tax=False, shipping="12.00"),
    Channel("tokyo", "JPY", "160", prices_include_tax=True, shipping="900", step="1", taxed=False),
)


def line(channel: Channel, article: Article, quantity: int) -> BasketLine:
    """An article at the channel's price."""
    tax = Decimal(article.tax) if channel.taxed else Decimal(0)
    price = Decimal(article.price) * Decimal(channel.rate)
    if not channel.prices_include_tax:
        price /= 1 + Decimal(article.tax)
    exact = price.quantize(Decimal(channel.step))
    return BasketLine(article.sku, Decimal(quantity), exact, tax, article.title)


def basket(channel: Channel, chance: Chance, *lines: BasketLine) -> Basket:
    """What somebody buys; two or three articles by chance if nothing is said."""
    common = [article for article in ARTICLES if article.sku != RARE]
    picked = sorted({int(chance.random() * len(common)) for _ in range(3)})
    chosen = lines or tuple(line(channel, common[at], 1 + int(chance.random() * 3)) for at in picked)
    return Basket(
        tuple(chosen),
        currency=channel.currency,
        prices_include_tax=channel.prices_include_tax,
        shipping=Decimal(channel.shipping),
        buyer=BUYERS[int(chance.random() * len(BUYERS))],
        ship_to=PLACES[int(chance.random() * len(PLACES))],
        note="Bitte klingeln 🔔" if chance.random() < NOTED else "",
    )


NOTED = 0.1
