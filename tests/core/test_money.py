"""Money adds up to the cent, in every currency, however it is dealt."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.currencies import PLACES
from hub.core.document import Document, read, write
from hub.core.failures import BadInput
from hub.core.money import Currency, DualMoney, Money, share, within_rounding

currencies = st.sampled_from(["EUR", "JPY", "KWD", "CLF"])
minors = st.integers(-(10**12), 10**12)
moneys = st.builds(Money, minors, currencies)


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


class Priced(Document):
    price: Money
    total: DualMoney
    currency: Currency = "EUR"


@pytest.mark.parametrize(
    ("amount", "currency", "minor", "text"),
    [
        ("12.50", "EUR", 1250, "12.50 EUR"),
        ("12.5", "EUR", 1250, "12.50 EUR"),
        ("-0.05", "EUR", -5, "-0.05 EUR"),
        (7, "EUR", 700, "7.00 EUR"),
        ("10", "JPY", 10, "10 JPY"),
        ("19940.00", "JPY", 19940, "19940 JPY"),
        ("0.125", "KWD", 125, "0.125 KWD"),
        ("1.2345", "CLF", 12345, "1.2345 CLF"),
        ("5.0000", "BRL", 500, "5.00 BRL"),
        ("1E+2", "EUR", 10000, "100.00 EUR"),
        (Decimal(1000000000000), "EUR", 10**14, "1000000000000.00 EUR"),
    ],
)
def test_amounts_have_the_places_of_their_currency(
    amount: str | int | Decimal, currency: str, minor: int, text: str
) -> None:
    money = Money.of(amount, currency)

    assert (money.minor, money.currency, str(money)) == (minor, currency, text)
    assert Money.read(text) == money


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("10.5", "JPY", "money.too_fine"),
        ("0.005", "EUR", "money.too_fine"),
        ("0.0001", "KWD", "money.too_fine"),
        ("1." + "0" * 40 + "1", "EUR", "money.too_fine"),
        ("1000000000000.01", "EUR", "money.too_large"),
        ("1e999999", "EUR", "money.not_an_amount"),
        ("NaN", "EUR", "money.not_an_amount"),
        ("Infinity", "EUR", "money.not_an_amount"),
        ("12,50", "EUR", "money.not_an_amount"),
        ("", "EUR", "money.not_an_amount"),
        ("1", "eur", "money.unknown_currency"),
        ("1", "XXX", "money.unknown_currency"),
        ("1", "", "money.unknown_currency"),
    ],
)
def test_amounts_that_do_not_exist_are_refused(amount: str, currency: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        Money.of(amount, currency, field="totals.tax")

    assert (caught.value.code, caught.value.field) == (code, "totals.tax")


def test_minor_units_are_bounded_too() -> None:
    assert Money.of_minor(10**12, "EUR").minor == 10**12
    with pytest.raises(BadInput) as caught:
        Money.of_minor(10**12 + 1, "EUR")
    assert caught.value.code == "money.too_large"


def test_two_currencies_never_meet() -> None:
    euro, yen = euros("1"), Money.of(1, "JPY")

    assert euro != yen
    for meeting in (Money.__add__, Money.__sub__, Money.__lt__, Money.__le__, Money.__gt__, Money.__ge__):
        with pytest.raises(BadInput) as caught:
            meeting(euro, yen)
        assert caught.value.code == "money.two_currencies"


def test_arithmetic() -> None:
    assert euros("1.10") + euros("2.20") == euros("3.30")
    assert euros("1.00") - euros("2.50") == euros("-1.50")
    assert -euros("1.00") == euros("-1.00")
    assert abs(euros("-1.00")) == euros("1.00")
    assert euros("1.00") < euros("1.01") <= euros("1.01")
    assert not Money.zero("EUR")
    assert Money.total([], "JPY") == Money(0, "JPY")
    assert Money.total([euros("0.10")] * 3, "EUR") == euros("0.30")


@pytest.mark.parametrize(
    ("amount", "factor", "expected"),
    [
        ("10.00", "0.19", "1.90"),
        ("0.05", "0.5", "0.03"),
        ("-0.05", "0.5", "-0.03"),
        ("0.05", "0.49", "0.02"),
        ("64.17", "0.19", "12.19"),
    ],
)
def test_halves_go_away_from_zero(amount: str, factor: str, expected: str) -> None:
    assert euros(amount).times(Decimal(factor)) == euros(expected)


def test_rounding_to_a_currency() -> None:
    assert Money.rounded(Decimal("29.155"), "EUR") == euros("29.16")
    assert Money.rounded(Decimal("-29.155"), "EUR") == euros("-29.16")
    assert Money.rounded(Decimal("10.5"), "JPY") == Money(11, "JPY")


@pytest.mark.parametrize(
    ("whole", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (101, [1, 1], [51, 50]),
        (10, [0, 0, 0], [4, 3, 3]),
        (5, [0, 3], [0, 5]),
        (100, [Decimal("0.5"), Decimal("0.25"), Decimal("0.25")], [50, 25, 25]),
        (1, [1, 2, 4], [0, 0, 1]),
        (0, [1, 2], [0, 0]),
    ],
)
def test_the_largest_remainder_gets_the_cent(whole: int, weights: list[int | Decimal], parts: list[int]) -> None:
    assert [part.minor for part in share(Money(whole, "EUR"), weights)] == parts


@pytest.mark.parametrize(("weights", "code"), [([], "money.no_parts"), ([1, -1], "money.negative_weight")])
def test_money_is_not_dealt_to_nobody(weights: list[int], code: str) -> None:
    with pytest.raises(BadInput) as caught:
        share(euros("1"), weights)

    assert caught.value.code == code


weights = st.lists(st.decimals(0, 10**6, places=3) | st.integers(0, 10**6), min_size=1, max_size=12)


@given(moneys, weights)
def test_parts_add_up_and_are_at_most_one_unit_off(whole: Money, weights: list[Decimal | int]) -> None:
    parts = share(whole, weights)

    every = sum(Decimal(weight) for weight in weights)
    fair = [Decimal(weight) / every if every else Decimal(1) / len(weights) for weight in weights]
    assert Money.total(parts, whole.currency) == whole
    for part, weight in zip(parts, fair, strict=True):
        assert abs(part.minor - whole.minor * weight) < 1 + Decimal("1e-9")
        assert part.minor * whole.minor >= 0


@given(moneys, weights)
def test_a_negative_amount_is_dealt_like_its_absolute_value(whole: Money, weights: list[Decimal | int]) -> None:
    assert share(-whole, weights) == tuple(-part for part in share(whole, weights))


@given(st.integers(0, 10**9), st.lists(st.integers(1, 100), min_size=2, max_size=6))
def test_splitting_a_part_again_keeps_the_cent(minor: int, weights: list[int]) -> None:
    first, *others = share(Money(minor, "EUR"), weights)
    halves = share(first, [1, 1])

    assert Money.total([*halves, *others], "EUR") == Money(minor, "EUR")


@given(moneys)
def test_text_and_amount_lead_back(money: Money) -> None:
    assert Money.read(str(money)) == money
    assert Money.of(money.amount, money.currency) == money


@given(minors, minors, currencies)
def test_sums_are_whole(first: int, second: int, currency: str) -> None:
    assert Money(first, currency) + Money(second, currency) - Money(second, currency) == Money(first, currency)


@pytest.mark.parametrize(
    ("cents", "lines", "small"),
    [(1, 1, True), (2, 1, False), (-3, 3, True), (5, 9, True), (6, 9, False), (1, 0, True)],
)
def test_rounding_is_a_cent_per_line_and_at_most_five(cents: int, lines: int, *, small: bool) -> None:
    assert within_rounding(Money(cents, "EUR"), lines) is small


def test_money_in_documents() -> None:
    priced = Priced.accept({"price": "12.50 EUR", "total": euros("3")})

    assert priced == Priced(price=euros("12.50"), total=DualMoney(euros("3")))
    assert write(priced) == b'{"price":"12.50 EUR","total":"3.00 EUR"}'
    assert read(Priced, 1, write(priced)) == priced


def test_dual_money_keeps_all_sides() -> None:
    both = DualMoney(euros("9.00"), presentment=Money.of("13.5", "CAD"), rate=Decimal("1.5"))
    priced = Priced(price=euros("1"), total=both)

    assert b'"total":{"shop":"9.00 EUR","presentment":"13.50 CAD","rate":"1.5"}' in write(priced)
    assert read(Priced, 1, write(priced)) == priced


@pytest.mark.parametrize(
    ("total", "code"),
    [
        ({"presentment": "1.00 EUR"}, "money.not_an_amount"),
        ({"shop": "1.00 EUR", "buyer": "1.00 EUR"}, "money.not_an_amount"),
        ({"shop": "1.00 EUR", "rate": "-1"}, "rate.not_positive"),
        ({"shop": "1.005 EUR"}, "money.too_fine"),
        (1.5, "money.not_an_amount"),
        (None, "money.not_an_amount"),
        ("1.50", "money.unknown_currency"),
    ],
)
def test_documents_refuse_what_is_no_money(total: object, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        Priced.accept({"price": "1.00 EUR", "total": total})

    assert (caught.value.code, caught.value.field) == (code, "total")


def test_currencies_are_those_of_the_standard() -> None:
    by_places = {places: sum(found == places for found in PLACES.values()) for places in (0, 2, 3, 4)}

    assert (PLACES["JPY"], PLACES["EUR"], PLACES["KWD"], PLACES["CLF"]) == (0, 2, 3, 4)
    assert by_places == {0: 17, 2: 153, 3: 7, 4: 2}
    with pytest.raises(BadInput):
        Priced.accept({"price": "1.00 EUR", "total": "1.00 EUR", "currency": "XAU"})
