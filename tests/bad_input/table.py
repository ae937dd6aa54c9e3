"""Bad input, in one table: what comes in, and the code, field and value that a person is shown."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from hub.core.failures import Parameter
from hub.core.json import DEEPEST

NOTHING: Mapping[str, Parameter] = {}


class Bad(NamedTuple):
    """One sort of bad input; `given` is what the tests of its group do with it."""

    what: str
    given: Any
    code: str
    field: str = ""
    value: str = ""
    params: Mapping[str, Parameter] = NOTHING


def instead(old: str, new: str) -> Callable[[bytes], bytes]:
    """A sound document with one place spoilt."""

    def spoil(body: bytes) -> bytes:
        assert old.encode() in body, old
        return body.replace(old.encode(), new.encode("utf-8", "surrogatepass"), 1)

    return spoil


def raw(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """The same with bytes that are no text."""
    return lambda body: body.replace(old, new, 1)


NAME = b"Ada Lovelace"
LINE = '"quantity":"2"'
PRICE = '"price":"9.90"'
TOTAL = '"total":"29.70"'
PLACED = '"placed_at":"2026-11-02T08:00:00+00:00"'
ADDED = '"number":"C1001"'

PARKED = (
    Bad("not UTF-8", raw(NAME, b"Ad\xe4 Lovelace"), "json.not_utf8"),
    Bad("a byte order mark", lambda body: b"\xef\xbb\xbf" + body, "json.bom"),
    Bad("torn in the middle", lambda body: body[: len(body) // 2], "json.torn"),
    Bad("nested too deep", instead(ADDED, ADDED + ',"x":' + "[" * DEEPEST + "]" * DEEPEST), "json.too_deep"),
    Bad("the same key twice", instead(ADDED, ADDED + "," + ADDED), "json.duplicate_key", "number"),
    Bad("NaN", instead(TOTAL, '"total":NaN'), "json.not_a_number", "total", "NaN"),
    Bad("Infinity", instead(TOTAL, '"total":Infinity'), "json.not_a_number", "total", "Infinity"),
    Bad("1e999", instead(TOTAL, '"total":1e999'), "json.number_too_large", "total", "1e999"),
    Bad("NUL in a text", instead("Ada Lovelace", "Ada\\u0000Lovelace"), "json.nul", "buyer.name"),
    Bad("a NUL byte", raw(NAME, b"Ada\x00Lovelace"), "json.nul"),
    Bad("half a character", instead("Ada Lovelace", "Ada \\ud800"), "json.surrogate", "buyer.name"),
    Bad(
        "a quantity beyond 10¹²",
        instead(LINE, '"quantity":1000000000001'),
        "number.too_large",
        "lines.0.quantity",
        "…001",
    ),
    Bad("a quantity of zero", instead(LINE, '"quantity":"0"'), "quantity.not_positive", "lines.0.quantity", "0"),
    Bad("a quantity below zero", instead(LINE, '"quantity":"-1"'), "quantity.not_positive", "lines.0.quantity", "-1"),
    Bad(
        "a quantity that is a word", instead(LINE, '"quantity":"two"'), "number.not_a_number", "lines.0.quantity", "two"
    ),
    Bad(
        "a quantity finer than millionths",
        instead(LINE, '"quantity":"0.1234567"'),
        "number.too_fine",
        "lines.0.quantity",
        "0.…567",
    ),
    Bad(
        "yen with a fraction",
        instead('"currency":"EUR"', '"currency":"JPY"'),
        "money.too_fine",
        "totals.grand_total",
        "29.70",
    ),
    Bad(
        "two currencies in one total",
        instead(TOTAL, '"total":"29.70 USD"'),
        "money.two_currencies",
        "totals.grand_total",
        "EUR, USD",
    ),
    Bad(
        "an unknown currency",
        instead('"currency":"EUR"', '"currency":"EUX"'),
        "money.unknown_currency",
        "currency",
        "EUX",
    ),
    Bad(
        "a tax rate of 19",
        instead('"tax_rate":"0.19"', '"tax_rate":"19"'),
        "rate.not_a_share",
        "lines.0.tax_lines.0.rate",
        "19",
    ),
    Bad(
        "a control character in a SKU",
        instead('"sku":"MUG"', '"sku":"MU\\u0007G"'),
        "sku.control_character",
        "lines.0.sku",
        "MU G",
    ),
    Bad(
        "the year 1",
        instead(PLACED, '"placed_at":"0001-01-01T00:00:00Z"'),
        "time.implausible",
        "placed_at",
        "0001-01-01T00:00:00Z",
    ),
    Bad(
        "the year 1970",
        instead(PLACED, '"placed_at":"1970-01-01T00:00:00Z"'),
        "time.implausible",
        "placed_at",
        "1970-01-01T00:00:00Z",
    ),
    Bad(
        "the year 9999",
        instead(PLACED, '"placed_at":"9999-12-31T23:59:59Z"'),
        "time.implausible",
        "placed_at",
        "9999-12-31T23:59:59Z",
    ),
    Bad("no time", instead(PLACED, '"placed_at":"yesterday"'), "time.not_a_time", "placed_at", "yesterday"),
    Bad(
        "a time the clock skips",
        instead(PLACED, '"placed_at":"2026-03-29T02:30:00"'),
        "time.in_gap",
        "placed_at",
        "2026-03-29T02:30:00",
    ),
    Bad(
        "a time the clock shows twice",
        instead(PLACED, '"placed_at":"2026-10-25T02:30:00"'),
        "time.shown_twice",
        "placed_at",
        "2026-10-25T02:30:00",
    ),
    Bad("the same line id twice", instead('"id":"2"', '"id":"1"'), "order.line_twice", "lines", "1"),
    Bad("no external id", instead('"id":"C1001",', ""), "field.missing", "id"),
    Bad(
        "no lines",
        lambda body: body[: body.index(b'"lines":[')] + b'"lines":[]' + body[body.index(b'],"number"') + 1 :],
        "order.no_lines",
        "lines",
    ),
    Bad(
        "an unknown payment state",
        instead('"payment":"paid"', '"payment":"maybe"'),
        "field.not_allowed",
        "payment_state",
        "maybe",
    ),
    Bad(
        "a country in words",
        instead('"country":"DE"', '"country":"Germany"'),
        "field.wrong_form",
        "people.shipping_address.country",
        "Germany",
    ),
)
"""Documents that nobody can read: parked with what stands here, kept byte for byte."""

HELD = (
    Bad("a quantity finer than the unit", instead(LINE, '"quantity":"0.5"'), "quantity.too_fine"),
    Bad(
        "an article nobody knows",
        instead(
            '"listing":"L-MUG","price":"9.90","quantity":"2","sku":"MUG"',
            '"listing":"L-NEW","price":"9.90","quantity":"2","sku":"NEW"',
        ),
        "listing.unmapped",
    ),
    Bad("a total that its lines do not make", instead(TOTAL, '"total":"31.70"'), "total.differs"),
)
"""Documents that read but do not match: they become orders that wait."""

MAPPINGS = (
    Bad(
        "an unknown key",
        "\n[a]\nfrom = 'x'\nform = 'y'\n",
        "mapping.unknown_key",
        "a",
        "form",
        {"line": 4, "near": "from"},
    ),
    Bad(
        "an unknown converter",
        "[a]\nfrom = 'x'\nas = 'datetme'\n",
        "mapping.unknown_converter",
        "a",
        "datetme",
        {"line": 1, "near": "datetime"},
    ),
    Bad("a broken path", "[a]\nfrom = 'x[?'\n", "mapping.broken_path", "a", "x[?", {"line": 1}),
    Bad(
        "an unknown document",
        "[mapping]\ninto = 'hub.core.none.X'\n",
        "mapping.unknown_document",
        "mapping",
        "hub.core.none.X",
        {"line": 1},
    ),
    Bad("no valid TOML", "[a]\nfrom =\n", "mapping.syntax", "", "Invalid value", {"line": 2}),
)
"""Mapping files: file and line are shown."""

OPERATORS = (
    Bad("an unknown order", "order", "order.unknown", "order", "C9999"),
    Bad("an unknown SKU", "item", "item.unknown", "sku", "MUGG", {"nearest": "MUG"}),
    Bad("an unknown connection", "connection", "connection.unknown", "connection", "cornr", {"nearest": "corner"}),
    Bad("an unknown location", "location", "location.unknown", "location", "berln", {"nearest": "berlin"}),
    Bad("an unknown connector", "connector", "connector.unknown", "connector", "corner_shp", {"near": "corner_shop"}),
    Bad("an unknown effect", "effect", "effect.unknown", "key", "1/order/9/booking/1"),
    Bad("a setting that is missing", "missing", "field.missing", "token"),
    Bad("a setting that is not known", "unknown", "field.unknown", "tokn", "", {"near": "token"}),
    Bad("a setting of the wrong kind", "kind", "field.wrong_type", "webhook_secret"),
    Bad("a base URL that is private", "private", "url.private", "base_url", "127.0.0.1"),
    Bad("a base URL with credentials", "credentials", "url.credentials", "base_url", "shop.example"),
    Bad("a base URL that is none", "url", "url.broken", "base_url"),
)
"""What a person types."""
