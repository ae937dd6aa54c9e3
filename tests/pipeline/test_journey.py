"""The way of an order from the storefront to the posted invoice."""

from decimal import Decimal

from tests.company import Company, a_line, doubled


def test_an_order_goes_from_the_storefront_to_a_posted_invoice(firm: Company):
    firm.stock("berlin", "MUG", 10)

    number = firm.buy(a_line("MUG", 2), shipping="4.90")
    firm.settle()
    firm.deliver()

    assert firm.state(number) == "completed"
    assert [shipment.quantities for shipment in firm.shop.shipments(number)] == [{"MUG": Decimal(2)}]
    assert [str(posting.total) for posting in firm.ledger.postings()] == ["24.70 EUR"]
    assert [doubled(sim) for sim in firm.world.sims.values()] == [{}, {}, {}]


def test_too_little_stock_waits_for_more(firm: Company):
    firm.world.locate("paris", "FR", "post", rank=2)
    firm.stock("berlin", "MUG", 1)

    number = firm.buy(a_line("MUG", 2))
    firm.settle()
    firm.stock("paris", "MUG", 9)
    firm.settle()
    firm.deliver()

    assert firm.state(number) == "completed"


def test_an_unknown_article_waits_and_its_other_lines_go_on(firm: Company):
    firm.stock("berlin", "MUG", 10)

    number = firm.buy(a_line("MUG", 1), a_line("UNKNOWN", 1))
    firm.settle()

    assert firm.state(number) == "backordered"
    assert [label.voided for label in firm.carrier.labels()] == [False]
