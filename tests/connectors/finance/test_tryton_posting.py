"""What is posted, and that it is ours to the cent."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.finance.tryton import translate
from connectors.finance.tryton.sim_records import CURRENCIES, TAXES
from hub.core.failures import Rejected
from hub.core.finance import AccountRole, CollectedBy, FinanceTax
from hub.core.ids import token
from hub.core.money import MOST_ROUNDING, Money
from tests.connectors.finance.tryton_ledger import KEY, TODAY, World, a_credit, a_line, an_invoice

MUGS = an_invoice(a_line("59.97", "11.39", quantity=3))
ROUNDED_UP = an_invoice(a_line("1.50", "0.29"))
ROUNDED_DOWN = an_invoice(a_line("1.50", "0.27"))
"""Nineteen percent of 1.50 is 0.285, of which Tryton makes 0.28."""

ADA = {
    "hub_id": "17",
    "legal_name": "Ada Lovelace",
    "email": "ada@example.com",
    "billing_address": {
        "name": "Ada Lovelace",
        "line1": "Unter den Linden 1",
        "line2": "2. OG",
        "city": "Berlin",
        "postal_code": "10117",
        "country": "DE",
    },
}


def drafted(world):
    """The first invoice as it was sent."""
    [first, *_] = [a for a in world.asked if a.method == "POST" and a.url.path.endswith("account.invoice")]
    return json.loads(first.content, parse_float=Decimal)


def sent_lines(world):
    [[_, lines]] = drafted(world)["lines"]
    return [
        (line["description"], line["quantity"], line["unit_price"]["decimal"], line["account"], line["taxes"])
        for line in lines
    ]


def records(world, model):
    """As the ledger keeps them."""
    return world.sim.records(model)


def taxes(*rates):
    return [["add", [TAXES[rate] for rate in rates]]]


def test_an_invoice_is_posted_as_it_stands():
    world = World()

    posting = world.post(MUGS)

    assert (posting.id, posting.number, posting.status) == ("1", "INV2026-1", "posted")
    assert [str(amount) for amount in (posting.net, posting.tax, posting.total, posting.due)] == [
        "59.97 EUR",
        "11.39 EUR",
        "71.36 EUR",
        "71.36 EUR",
    ]
    assert world.posted == [(token(KEY), "INV2026-1", "71.36 EUR")]
    assert world.sim.books() == {"receivable": (token(KEY),)}


def test_a_draft_says_whose_it_is_and_when():
    world = World()

    world.post(an_invoice(a_line("59.97", "11.39", quantity=3), memo="left on a Sunday"))

    written = drafted(world)
    assert written.pop("lines")
    day = {"__class__": "date", "year": 2026, "month": 11, "day": 22}
    assert written == {
        "type": "out",
        "company": 1,
        "party": 2,
        "invoice_address": 2,
        "currency": CURRENCIES["EUR"],
        "account": 39,
        "journal": 1,
        "payment_term": 10,
        "reference": token(KEY),
        "description": "1001",
        "comment": "left on a Sunday",
        "invoice_date": day,
        "accounting_date": day,
    }
    assert world.calls == [
        "GET account.invoice",
        "GET party.party",
        "GET currency.currency",
        "POST account.invoice",
        "GET account.invoice",
        "POST account.invoice/1/post",
    ]


def test_without_a_term_it_is_due_on_its_day():
    world = World({"payment_term": None})

    world.post(an_invoice(a_line("10.00", "1.90"), due_date=TODAY + timedelta(days=14)))

    written = drafted(world)
    assert "payment_term" not in written
    assert written["payment_term_date"] == {"__class__": "date", "year": 2026, "month": 12, "day": 6}


def test_prices_without_tax_keep_quantity_and_unit_price():
    world = World()

    world.post(
        an_invoice(
            a_line("59.97", "11.39", quantity=3),
            a_line("0.10", "0.02", quantity=Decimal("0.4"), description="Thread, m"),
            a_line("4.20", "0.80", sku=None, description="Shipping", account_role="revenue.shipping"),
        )
    )

    tax = taxes("0.19")
    assert sent_lines(world) == [
        ("Mug", 3, "19.9900", 99, tax),
        ("Thread, m", Decimal("0.4"), "0.2500", 99, tax),
        ("Shipping", 1, "4.2000", 100, tax),
    ]
    assert world.posted[0][2] == "76.48 EUR"


@pytest.mark.parametrize(
    ("net", "tax", "line"),
    [("50.40", "9.57", ("Mug", 3, "16.8000")), ("50.39", "9.58", ("3 × Mug", 1, "50.39"))],
    ids=["divides", "does not"],
)
def test_what_no_unit_price_divides_is_one_of_the_whole(net, tax, line):
    world = World()

    posting = world.post(an_invoice(a_line(net, tax, quantity=Decimal("3.00"))))

    assert [sent[:3] for sent in sent_lines(world)] == [line]
    assert str(posting.total) == "59.97 EUR"


@pytest.mark.parametrize(
    ("document", "total"),
    [
        (an_invoice(a_line("1000", "190", currency="JPY", quantity=3)), "1190 JPY"),
        (an_invoice(a_line("10.005", "1.901", currency="KWD")), "11.906 KWD"),
        (an_invoice(a_line("10.00", "1.90", currency="USD")), "11.90 USD"),
    ],
    ids=["yen", "dinar", "dollar"],
)
def test_every_currency_has_its_own_places(document, total):
    world = World()

    posting = world.post(document)

    assert str(posting.total) == total
    assert world.posted == [(token(KEY), "INV2026-1", total)]


@pytest.mark.parametrize(
    ("document", "difference", "total"),
    [(ROUNDED_UP, "0.01", "1.79 EUR"), (ROUNDED_DOWN, "-0.01", "1.77 EUR")],
    ids=["the ledger has less", "the ledger has more"],
)
def test_what_rounding_explains_is_a_line_of_its_own(document, difference, total):
    world = World()

    posting = world.post(document)

    [update] = [asked for asked in world.asked if asked.method == "PUT"]
    [[command, [line]]] = json.loads(update.content)["lines"]
    assert (command, line["account"], line["unit_price"]["decimal"]) == ("create", 112, difference)
    assert (line["quantity"], line["taxes"]) == (1, [])
    assert (str(posting.tax), str(posting.total)) == ("0.28 EUR", total)
    assert world.posted == [(token(KEY), "INV2026-1", total)]


def test_what_rounding_does_not_explain_is_refused_and_leaves_nothing():
    world = World()

    refused = world.refusal(an_invoice(a_line("10.00", "1.92")))

    assert refused.code == "ledger.total_differs"
    assert (refused.params["ours"], refused.params["theirs"]) == ("11.92 EUR", "11.90 EUR")
    assert (world.posted, world.drafts) == ([], [])


def test_ten_lines_may_be_five_cents_apart_and_no_more():
    world = World()
    near = an_invoice(*[a_line("10.00", "1.91")] * MOST_ROUNDING, *[a_line("10.00", "1.90")] * 5)
    far = an_invoice(*[a_line("10.00", "1.91")] * (MOST_ROUNDING + 1), *[a_line("10.00", "1.90")] * 4)

    assert str(world.post(near).total) == "119.05 EUR"
    assert world.refusal(far, "1/order/8/invoice/1/receivable/1").code == "ledger.total_differs"
    assert [total for _, _, total in world.posted] == ["119.05 EUR"]
    assert world.drafts == []


def test_without_an_account_for_rounding_a_cent_is_refused():
    accounts = {"receivable": 39, "revenue.goods": 99}
    world = World({"accounts": accounts})

    refused = world.refusal(ROUNDED_UP)

    assert (refused.code, refused.params) == ("ledger.no_account", {"role": "rounding"})
    assert (world.posted, world.drafts) == ([], [])


def test_a_discount_is_a_line_below_zero():
    world = World()

    posting = world.post(
        an_invoice(a_line("20.00", "3.80", quantity=2), a_line("-5.00", "-0.95", sku=None, kind="discount"))
    )

    assert [line[1:3] for line in sent_lines(world)] == [(2, "10.0000"), (1, "-5.0000")]
    assert str(posting.total) == "17.85 EUR"


def test_a_credit_note_is_an_invoice_below_zero():
    world = World()

    posting = world.post(a_credit(a_line("59.97", "11.39", quantity=3)), capability="credit")

    assert [line[:3] for line in sent_lines(world)] == [("Mug", -3, "19.9900")]
    assert drafted(world)["description"] == "1001 / INV2026-1"
    assert (posting.number, str(posting.total), str(posting.tax)) == ("CN2026-1", "71.36 EUR", "11.39 EUR")
    assert world.posted == [(token(KEY), "CN2026-1", "-71.36 EUR")]
    assert world.sim.books() == {"credit": (token(KEY),)}


@pytest.mark.parametrize(
    ("tax", "difference", "number"),
    [("0.29", "-0.01", "CN2026-1"), ("0.27", "0.01", "INV2026-1")],
    ids=["gives a cent more", "gives a cent less"],
)
def test_a_credit_note_is_evened_out_too(tax, difference, number):
    world = World()

    posting = world.post(a_credit(a_line("1.50", tax)), capability="credit")

    [update] = [asked for asked in world.asked if asked.method == "PUT"]
    [[_, [line]]] = json.loads(update.content)["lines"]
    assert line["unit_price"]["decimal"] == difference
    assert posting.number == number
    assert posting.total == Money.of("1.50", "EUR") + Money.of(tax, "EUR")


@given(
    st.lists(
        st.tuples(st.integers(1, 500_00), st.sampled_from(["0.19", "0.07", "0.2", "0.055"]), st.integers(1, 9)),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_the_shop_computes_the_books_say_the_same_or_nothing(charges):
    lines = []
    for gross, rate, quantity in charges:
        paid = Money(gross, "EUR")
        net = Money.rounded(paid.amount / (1 + Decimal(rate)), "EUR")
        lines.append(a_line(f"{net.amount}", f"{(paid - net).amount}", rate, quantity=quantity))
    document = an_invoice(*lines)
    world = World()

    answer = world.send(document)

    if isinstance(answer, Rejected):
        assert (answer.code, world.posted, world.drafts) == ("ledger.total_differs", [], [])
    else:
        assert world.posted == [(token(KEY), "INV2026-1", str(document.totals.gross))]


@given(st.integers(-(10**11), 10**11), st.decimals(0, 10**6, places=6))
def test_a_price_times_a_quantity_is_the_net_amount(minor, quantity):
    net = Money(minor, "EUR")

    found, price = translate.priced(net, quantity)

    assert found * price == net.amount
    assert price == price.quantize(Decimal("0.0001"))


def a_tax(rate: str, **said) -> FinanceTax:
    return FinanceTax.accept({"rate": rate, "base": "10.00 EUR", "amount": "1.90 EUR", **said})


@pytest.mark.parametrize(
    ("tax", "found"),
    [
        (a_tax("0.19"), [1]),
        (a_tax("0.190000"), [1]),
        (a_tax("0.19", jurisdiction="FR"), [1]),
        (a_tax("0.19", jurisdiction="DE"), [2]),
        (a_tax("0.19", jurisdiction="DE", category="AE"), [3]),
        (a_tax("0", jurisdiction="US", category="G"), [4]),
        (a_tax("0"), []),
        (a_tax("0.19", collected_by=CollectedBy.CHANNEL), []),
    ],
    ids=["rate", "written longer", "elsewhere", "country", "category", "any country", "zero", "channel's"],
)
def test_the_narrowest_row_names_the_tax(tax, found):
    table = {"0.19": 1, "DE 0.19": 2, "DE AE 0.19": 3, "* G 0": 4}
    config = World({"taxes": table}).tryton.config

    assert config.taxes_of(a_line("10.00", taxes=[tax])) == found


@pytest.mark.parametrize(
    ("line", "code", "params"),
    [
        (
            a_line("10.00", "3.10", "0.31"),
            "ledger.no_tax",
            {"rate": "0.31", "jurisdiction": "*", "category": "S"},
        ),
        (a_line("10.00", "1.90", account_role=AccountRole.BANK), "ledger.no_account", {"role": "bank"}),
        (a_line("10.00", "1.90", revenue_account="8400"), "ledger.no_account", {"role": "8400"}),
    ],
    ids=["tax", "account", "account by code"],
)
def test_what_has_no_setting_is_refused_before_anything_is_written(line, code, params):
    world = World()

    refused = world.refusal(an_invoice(line))

    assert (refused.code, refused.params) == (code, params)
    assert [call for call in world.calls if not call.startswith("GET")] == []


def test_a_line_may_name_its_account_by_code():
    world = World()

    world.post(an_invoice(a_line("10.00", "1.90", revenue_account="4.100")))

    assert sent_lines(world)[0][3] == 100


def test_a_receivable_account_may_be_the_party_s_own():
    accounts = {"revenue.goods": 99}
    world = World({"accounts": accounts})

    refused = world.refusal(MUGS)
    world.sim.change("party.party", 2, account_receivable=39)
    other = World({"accounts": accounts}, sim=world.sim)
    other.post(MUGS)

    assert (refused.code, refused.params) == ("ledger.no_account", {"role": "receivable"})
    assert drafted(other)["account"] == 39


def test_each_customer_has_one_party_and_as_many_addresses_as_bills_went_to():
    world = World({"parties": "each"})
    paris = {**ADA, "billing_address": {"city": "Paris", "country": "FR"}}

    for at, customer in enumerate([ADA, ADA, paris]):
        invoice = an_invoice(a_line("10.00", "1.90"), customer=customer)
        world.post(invoice, key=f"1/order/{at}/invoice/1/receivable/1")

    [_, ada] = records(world, "party.party")
    assert (ada["code"], ada["name"]) == (token("17"), "Ada Lovelace")
    assert ada["contact_mechanisms"] == [["create", [{"type": "email", "value": "ada@example.com"}]]]
    assert [
        (at["id"], at["party_name"], at["street_unstructured"], at["postal_code"], at["city"], at["country"])
        for at in records(world, "party.address")
        if at["party"] == ada["id"]
    ] == [
        (ada["addresses"][0], "Ada Lovelace", "Unter den Linden 1\n2. OG", "10117", "Berlin", 5),
        (ada["addresses"][1], None, None, None, "Paris", 7),
    ]
    assert [(made.written["party"], made.written["invoice_address"]) for made in world.sim.invoices()] == [
        (ada["id"], ada["addresses"][0]),
        (ada["id"], ada["addresses"][0]),
        (ada["id"], ada["addresses"][1]),
    ]


def test_a_party_that_somebody_else_makes_at_the_same_time_is_taken():
    world = World({"parties": "each"})
    document = an_invoice(a_line("10.00", "1.90"), customer=ADA)

    def twice(request):
        if request.method == "POST" and request.url.path.endswith("party.party"):
            world.sim.respond(request, world.clock.now())

    world.meanwhile = twice
    world.post(document)

    assert [party["name"] for party in records(world, "party.party")] == ["Customers", "Ada Lovelace"]
    assert len(world.posted) == 1


def test_who_names_nobody_is_the_customer_of_all():
    shared, nobody = World({"parties": "each"}), World({"parties": "each", "party": None})

    shared.post(MUGS)
    refused = nobody.refusal(MUGS)

    assert drafted(shared)["party"] == 2
    assert (refused.code, nobody.posted) == ("ledger.no_customer", [])


def test_what_the_channel_hides_is_kept_as_it_is_shown():
    hidden = {
        **ADA,
        "legal_name": {"masked": "A*** L***"},
        "email": None,
        "billing_address": {"company": {"masked": "Eng***"}, "formatted": {"masked": "***, Berlin"}},
    }
    world = World({"parties": "each"})

    world.post(an_invoice(a_line("10.00", "1.90"), customer=hidden))

    assert records(world, "party.party")[1]["name"] == "A*** L***"
    place = records(world, "party.address")[1]
    assert (place["party_name"], place["street_unstructured"]) == ("Eng***", "***, Berlin")


def test_numbers_rise_with_dates_so_what_comes_late_is_issued_today():
    world = World()
    world.post(MUGS)

    late = world.post(an_invoice(a_line("10.00", "1.90"), on=date(2026, 11, 9)), key="1/order/8/invoice/1/receivable/1")

    assert late.number == "INV2026-2"
    [_, second] = world.sim.invoices()
    assert (second.day("invoice_date"), second.day("accounting_date")) == (TODAY, date(2026, 11, 9))


def test_today_is_the_company_s_day():
    world = World({"timezone": "Pacific/Auckland"})
    tomorrow = TODAY + timedelta(days=1)
    world.post(an_invoice(a_line("10.00", "1.90"), on=tomorrow))

    world.post(MUGS, key="1/order/8/invoice/1/receivable/1")

    assert [made.day("invoice_date") for made in world.sim.invoices()] == [tomorrow, tomorrow]


def test_numbers_that_reach_into_the_future_are_for_a_person():
    world = World()
    world.post(an_invoice(a_line("10.00", "1.90"), on=TODAY + timedelta(days=30)))

    refused = world.refusal(MUGS, "1/order/8/invoice/1/receivable/1")

    assert (refused.code, len(world.posted), world.drafts) == ("ledger.date_order", 1, [])


def test_a_closed_period_is_for_a_person():
    world = World()
    world.sim.close_period(2026, 3)

    refused = world.refusal(an_invoice(a_line("10.00", "1.90"), on=date(2026, 3, 5)))

    assert refused.code == "ledger.period_closed"
    assert refused.params["detail"] == 'To continue, you must reopen the period "…".'
    assert (world.posted, world.drafts) == ([], [])


def test_a_closed_period_may_move_a_document_to_today():
    world = World({"closed_periods": "today"})
    world.sim.close_period(2026, 3)

    world.post(an_invoice(a_line("10.00", "1.90"), on=date(2026, 3, 5), memo="pallet 7"))

    [made] = world.sim.invoices()
    assert (made.day("invoice_date"), made.day("accounting_date")) == (TODAY, TODAY)
    assert made.written["comment"] == "pallet 7 2026-03-05"


def test_a_currency_that_the_ledger_lacks_is_for_a_person():
    world = World()
    world.sim.remove("currency.currency", CURRENCIES["SEK"])

    refused = world.refusal(an_invoice(a_line("10.00", "1.90", currency="SEK")))

    assert (refused.code, refused.params, world.drafts) == ("ledger.no_currency", {"currency": "SEK"}, [])


def test_a_wrong_currency_is_not_posted():
    world = World({"currencies": {"USD": CURRENCIES["EUR"]}})

    refused = world.refusal(an_invoice(a_line("10.00", "1.90", currency="USD")))

    assert (refused.code, world.posted, world.drafts) == ("ledger.total_differs", [], [])


def test_what_the_ledger_says_is_told_without_what_it_quotes():
    world = World({"accounts": {"receivable": 39, "revenue.goods": 39}})

    refused = world.refusal(MUGS)

    assert (refused.code, refused.params) == (
        "ledger.missing_reference",
        {
            "field": "Account",
            "model": "Account Invoice Line",
            "detail": 'The value "…" is not valid according to its domain.',
        },
    )


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ('To continue, you must reopen the fiscal year "2025" of company "A".', "ledger.period_closed"),
        ('To continue, you must create a period for the date "1" and company "A".', "ledger.no_period"),
        ('To post invoice "[A]", you must define a sequence on fiscal year "2025".', "ledger.no_period"),
        ('No rate found for currency "p" on "11/22/2026".', "ledger.no_rate"),
        ('A value is required for field "Account" in "Account Invoice".', "ledger.missing_reference"),
        ('You are trying to read records "7" of "Currency" that don\'t exist.', "ledger.missing_reference"),
        ("The code on party must be unique.", "ledger.not_unique"),
        ('You can not call "post" on "INV1 [A]" of "Account Invoice".', "ledger.not_a_draft"),
        ("Something else that Ada Lovelace should know.", "ledger.refused"),
    ],
)
def test_refusals_have_codes(message, code):
    assert translate.refusal(message).code == code


def test_quotes_within_quotes_are_left_out():
    message = 'The value "Joe "The Man" Doe" for field "Party" in record "[A]" of "Account Invoice" is wrong.'

    refused = translate.refusal(message)

    assert refused.params == {
        "field": "Party",
        "model": "Account Invoice",
        "detail": 'The value "…" is wrong.',
    }
