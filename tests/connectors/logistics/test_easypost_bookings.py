import base64
from datetime import timedelta

import httpx
import pytest

from connectors.logistics.easypost.connector import Easypost
from hub.core.clock import ManualClock
from hub.core.failures import InDoubt, Misconfigured, Rejected, Retryable, Untranslatable
from hub.core.json import dumps
from hub.core.shipping import Label, LabelFormat, LabelRequest, Options
from hub.sdk.capabilities import Raw, Wanted
from hub.sdk.guarantees import Findable
from hub.sdk.http import Http
from hub.sdk.sim import Fault, FaultKind
from tests.connectors.logistics.easypost_account import (
    NOON,
    Account,
    a_booking,
    a_parcel,
    a_shipment,
    cheapest,
    connected,
    scripted,
    the_rate,
    usd,
)
from tests.connectors.logistics.easypost_samples import (
    ABSENT,
    a_bought_answer,
    a_rate,
    a_shipment_answer,
    an_order_answer,
)
from tests.sdk.remotes import in_json

BUY = r"POST /v2/(shipments|orders)/\S+/buy"
ENTER = r"POST /v2/(shipments|orders) "
LOOK = r"GET /v2/(shipments|orders)/"
TWO = (a_parcel("left", "500"), a_parcel("right", "700"))

PASSING = [kind for kind in FaultKind if kind not in {FaultKind.UNAUTHORISED, FaultKind.SLOW}]


def read(answer, request=None, rate=None):
    connector, _ = scripted(in_json({}))
    return connector.read_booking(a_booking(request or a_shipment(), rate).request, Raw(dumps(answer)))


def test_a_label_is_bought_at_the_offer():
    account = Account()
    offer = the_rate(account.quote(a_shipment()), "UPS", "Ground")

    booking = account.book(a_shipment(), offer)

    assert (booking.carrier, booking.account, booking.service) == ("UPS", "ca_ups", "Ground")
    assert (booking.quoted, booking.billed) == (usd("9.54"), usd("9.54"))
    assert booking.shipment_id == offer.shipment_id
    assert booking.booked_at.utc == NOON
    assert booking.metadata["mode"] == "test"
    assert booking.warnings == ()
    [parcel] = booking.parcels
    [label] = account.sim.labels()
    assert (parcel.parcel_id, parcel.tracking_number, parcel.cost) == ("1", label.tracking_number, usd("9.54"))
    assert parcel.tracking_id.startswith("trk_")
    assert account.sim.books() == {"booking": ("HFULFILMENT1",)}


def test_offers_are_told_apart_by_their_id_for_two_carriers_have_an_express():
    account = Account()
    offer = the_rate(account.quote(a_shipment()), "DHLExpress", "Express")

    booking = account.book(a_shipment(), offer)

    assert (booking.carrier, booking.service, booking.billed) == ("DHLExpress", "Express", usd("33.97"))


def test_without_an_offer_the_cheapest_one_is_bought():
    account = Account()

    booking = account.book(a_shipment())

    assert (booking.carrier, booking.service, booking.billed) == ("USPS", "GroundAdvantage", usd("5.10"))


@pytest.mark.parametrize(
    ("wishes", "bought"),
    [
        ({"carrier_service": "Express"}, ("USPS", "Express")),
        ({"carrier_service": "Express", "carrier_account": "ca_dhl"}, ("DHLExpress", "Express")),
        ({"carrier_account": "ca_ups"}, ("UPS", "Ground")),
    ],
    ids=["service", "both", "account"],
)
def test_without_an_offer_wishes_for_account_and_service_are_kept(wishes, bought):
    booking = Account().book(a_shipment(**wishes))

    assert (booking.carrier, booking.service) == bought


def test_without_any_offer_nothing_is_bought_and_the_carriers_words_are_told():
    account = Account()

    answer = account.book(a_shipment(carrier_account="ca_fedex"))

    assert isinstance(answer, Rejected)
    assert answer.code == "carrier.no_rates"
    assert answer.params == {"detail": "This account carries nothing lighter than 16 oz"}
    assert account.sim.books() == {}


def test_offers_in_two_currencies_are_not_compared():
    answer = a_shipment_answer(a_rate(), a_rate("rate_2", currency="CAD"))
    connector, _ = scripted(in_json(ABSENT, 404), in_json(answer, 201))

    [sent] = connector.send_booking([a_booking(a_shipment())])

    assert isinstance(sent, Rejected)
    assert sent.code == "carrier.two_currencies"


@pytest.mark.parametrize("kind", PASSING)
def test_a_label_is_bought_once_whatever_becomes_of_the_purchase(kind):
    account = Account(Fault(kind, BUY))
    offer = cheapest(account.quote(a_shipment()))

    booking = account.book(a_shipment(), offer)

    assert booking.shipment_id == offer.shipment_id
    assert account.sim.books() == {"booking": ("HFULFILMENT1",)}
    assert [label.tracking_number for label in account.sim.labels()] == [booking.parcels[0].tracking_number]


@pytest.mark.parametrize("where", [ENTER, LOOK, BUY], ids=["enter", "look", "buy"])
@pytest.mark.parametrize("kind", PASSING)
def test_without_an_offer_a_label_is_bought_once_whatever_fails(kind, where):
    account = Account(Fault(kind, where))

    booking = account.book(a_shipment())

    assert account.sim.books() == {"booking": ("HFULFILMENT1",)}
    assert [label.tracking_number for label in account.sim.labels()] == [booking.parcels[0].tracking_number]


@pytest.mark.parametrize("kind", PASSING)
def test_labels_of_several_parcels_are_bought_once_whatever_becomes_of_the_purchase(kind):
    account = Account(Fault(kind, BUY))
    two = a_shipment(parcels=TWO)

    booking = account.book(two, cheapest(account.quote(two)))

    assert account.sim.books() == {"booking": ("HFULFILMENT1",)}
    assert [label.tracking_number for label in account.sim.labels()] == [
        parcel.tracking_number for parcel in booking.parcels
    ]


def test_a_purchase_that_fails_and_whose_look_up_fails_too_is_still_made_once():
    account = Account(Fault(FaultKind.TORN, BUY), Fault(FaultKind.TIMED_OUT, LOOK, times=5, skip=1))

    booking = account.book(a_shipment())

    assert account.sim.books() == {"booking": ("HFULFILMENT1",)}
    assert booking.billed == usd("5.10")


def test_two_bookings_of_one_reference_buy_two_labels():
    account = Account()
    one, two = (Wanted(f"k/{n}", f"HTOKEN{n}", a_booking(a_shipment()).request) for n in "12")

    first, second = account.settle("booking", one), account.settle("booking", two)

    assert first.shipment_id != second.shipment_id
    assert account.sim.books() == {"booking": ("HFULFILMENT1", "HFULFILMENT1")}


@pytest.mark.parametrize(
    "code",
    ["SHIPMENT.POSTAGE.TIMED_OUT", "SHIPMENT.POSTAGE.NO_RESPONSE", "SHIPMENT.PURCHASE.IN_PROGRESS"],
)
def test_a_refusal_that_leaves_the_outcome_open_is_looked_up(code):
    account = Account()
    offer = cheapest(account.quote(a_shipment()))
    account.sim.stall(code)

    booking = account.book(a_shipment(), offer)

    assert booking.billed == usd("5.10")
    assert account.sim.books() == {"booking": ("HFULFILMENT1",)}


class Late(httpx.BaseTransport):
    """Carries out the first purchase only when the second one comes: later than any settling time."""

    def __init__(self, account: Account) -> None:
        self.inner = account.sim.transport(account.clock)
        self.held: httpx.Request | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/buy"):
            if self.held is None:
                self.held = request
                raise httpx.ReadTimeout("timed out", request=request)
            self.inner.handle_request(self.held)
        return self.inner.handle_request(request)


def test_a_purchase_that_is_carried_out_after_the_look_up_is_not_made_twice():
    account = Account()
    offer = cheapest(account.quote(a_shipment()))
    account.connector = connected(Late(account), account.clock, **account.sim.credentials())

    booking = account.book(a_shipment(), offer)

    assert booking.billed == usd("5.10")
    assert account.sim.books() == {"booking": ("HFULFILMENT1",)}


def test_a_label_that_was_bought_at_another_rate_is_told():
    account = Account()
    quote = account.quote(a_shipment())
    account.book(a_shipment(), the_rate(quote, "USPS", "Priority"))

    booking = account.book(a_shipment(), the_rate(quote, "UPS", "Ground"))

    assert (booking.carrier, booking.quoted, booking.billed) == ("USPS", usd("9.54"), usd("8.37"))
    assert booking.warnings == ("carrier.other_rate Priority 8.37 USD",)
    assert account.sim.books() == {"booking": ("HFULFILMENT1",)}


def test_the_declared_guarantee_says_where_to_look():
    assert Easypost.booking_once == Findable(
        by="the shipment, by its id or our reference", settles=timedelta(minutes=2)
    )


def test_nothing_is_found_before_anything_was_bought():
    account = Account()
    offer = cheapest(account.quote(a_shipment()))

    assert account.connector.find_booking(a_booking(a_shipment(), offer)) is None
    assert account.connector.find_booking(a_booking(a_shipment())) is None


def test_an_offer_of_another_account_is_absent_and_then_refused():
    offer = cheapest(Account().quote(a_shipment()))
    account = Account()

    assert account.connector.find_booking(a_booking(a_shipment(), offer)) is None
    assert isinstance(account.book(a_shipment(), offer), Rejected)
    assert account.sim.books() == {}


def test_an_offer_without_ids_buys_nothing():
    account = Account()
    offer = cheapest(account.quote(a_shipment()))

    answer = account.book(a_shipment(), offer.model_copy(update={"id": None}))

    assert isinstance(answer, Rejected)
    assert answer.code == "carrier.rate_without_id"
    assert account.sim.books() == {}


def test_wrong_credentials_buy_nothing_and_end_the_list():
    account = Account(Fault(FaultKind.UNAUTHORISED, times=None))
    wanted = [a_booking(a_shipment()), a_booking(a_shipment())]

    answers = account.connector.send_booking(wanted)

    assert [type(answer) for answer in answers] == [Misconfigured, Misconfigured]
    assert account.sim.books() == {}


def test_one_bad_shipment_of_a_list_fails_alone():
    account = Account()
    bad = a_booking(a_shipment(carrier_account="ca_fedex"))

    refused, bought = account.connector.send_booking([bad, Wanted("k2", "HOTHER", a_booking(a_shipment()).request)])

    assert isinstance(refused, Rejected)
    assert isinstance(bought, Raw)
    assert account.sim.books() == {"booking": ("HFULFILMENT1",)}


def test_a_busy_remote_says_when_to_come_again():
    account = Account(Fault(FaultKind.RATE_LIMITED, BUY, seconds=7))
    offer = cheapest(account.quote(a_shipment()))

    answer = account.send("booking", a_booking(a_shipment(), offer))

    assert isinstance(answer, Retryable)
    assert answer.after == timedelta(seconds=7)
    assert account.sim.books() == {}


def test_an_answer_without_a_label_leaves_the_purchase_in_doubt():
    connector, _ = scripted(in_json(a_shipment_answer()))
    offer = cheapest(Account().quote(a_shipment()))

    [sent] = connector.send_booking([a_booking(a_shipment(), offer)])

    assert isinstance(sent, InDoubt)
    assert sent.code == "carrier.no_label"
    with pytest.raises(Untranslatable, match=r"carrier\.no_label"):
        read(a_shipment_answer())


def test_parcels_of_an_order_get_the_labels_that_were_made_for_them():
    account = Account()
    two = a_shipment(parcels=TWO)

    booking = account.book(two, cheapest(account.quote(two)))

    assert booking.shipment_id.startswith("order_")
    assert [(parcel.parcel_id, parcel.cost) for parcel in booking.parcels] == [
        ("left", usd("5.67")),
        ("right", usd("6.23")),
    ]
    assert booking.billed == usd("11.90")


def test_several_parcels_need_an_offer_for_an_order_is_found_by_its_id_alone():
    account = Account()

    answer = account.book(a_shipment(parcels=TWO))

    assert isinstance(answer, Rejected)
    assert (answer.code, answer.params) == ("carrier.not_offered", {"detail": "2 parcels without a quote"})
    assert account.sim.books() == {}


@pytest.mark.parametrize("body", [b"", b"<h1>Not found</h1>", b"{}"], ids=["nothing", "a page", "no error"])
def test_an_absence_that_easypost_did_not_tell_enters_nothing(body):
    connector, script = scripted(httpx.Response(404, content=body))

    [sent] = connector.send_booking([a_booking(a_shipment())])

    assert isinstance(sent, Retryable)
    assert {asked.method for asked in script.asked} == {"GET"}


def test_the_reference_tells_parcels_apart_not_the_order_in_the_answer():
    swapped = [
        a_bought_answer(id="shp_2", tracking_code="T2", reference="HF_HTOKEN_P2"),
        a_bought_answer(id="shp_1", tracking_code="T1", reference="HF_HTOKEN_P1"),
    ]

    booking = read(an_order_answer(*swapped), a_shipment(parcels=TWO))

    assert [(parcel.parcel_id, parcel.tracking_number) for parcel in booking.parcels] == [
        ("left", "T1"),
        ("right", "T2"),
    ]


@pytest.mark.parametrize(
    "parts",
    [
        [a_bought_answer()],
        [a_bought_answer(reference="HF_P1"), a_bought_answer(reference="HF_P1")],
    ],
    ids=["one is missing", "one stands twice"],
)
def test_labels_that_fit_no_parcel_are_not_guessed_at(parts):
    with pytest.raises(Untranslatable, match=r"carrier\.parcels_differ"):
        read(an_order_answer(*parts), a_shipment(parcels=TWO))


def test_an_order_of_which_only_some_parcels_were_bought_asks_for_a_person():
    account = Account()
    heavy_and_light = a_shipment(parcels=(a_parcel("1", "500"), a_parcel("2", "100")))
    offer = cheapest(account.quote(heavy_and_light)).model_copy(update={"carrier": "FedEx", "service": "FEDEX_GROUND"})
    wanted = a_booking(heavy_and_light, offer)

    sent = account.send("booking", wanted)

    assert isinstance(sent, Rejected)
    assert sent.code == "carrier.partly_booked"
    assert sent.params == {"shipment": offer.shipment_id, "bought": 1, "parcels": 2}
    with pytest.raises(Rejected, match=r"carrier\.partly_booked"):
        account.connector.find_booking(wanted)


def test_insurance_is_bought_with_the_label():
    account = Account()
    insured = a_shipment(options=Options(insurance=usd("249.99")))

    booking = account.book(insured, cheapest(account.quote(insured)))

    assert booking.metadata["insurance"] == "249.99"
    assert [fee["type"] for fee in booking.metadata["fees"]] == ["PostageFee", "InsuranceFee"]
    assert booking.billed == usd("5.10")


@pytest.mark.parametrize(
    ("wanted", "start"),
    [
        (LabelFormat.PDF, b"%PDF"),
        (LabelFormat.PNG, b"\x89PNG"),
        (LabelFormat.ZPL, b"^XA"),
        (LabelFormat.EPL, b"\nN"[1:]),
    ],
)
def test_the_label_comes_with_the_purchase_in_the_format_that_was_asked_for(wanted, start):
    booking = Account().book(a_shipment(label=LabelRequest(format=wanted)))

    label = booking.parcels[0].label
    assert label.format is wanted
    assert label.content.startswith(start)


def test_a_label_that_is_found_later_is_fetched_from_its_url():
    account = Account(Fault(FaultKind.TIMED_OUT_AFTER, BUY))
    found = account.book(a_shipment()).parcels[0].label
    files = Http("https://simulator.test", clock=ManualClock(NOON), transport=account.sim.transport(account.clock))

    fetched = account.connector.fetch_label(found, files)

    assert found.content_base64 is None
    assert found.url.startswith("https://simulator.test/files/postage_label/shp_")
    assert fetched.content == b"%PDF-1.4\n% label of the simulator\n%%EOF\n"
    assert account.connector.fetch_label(fetched, files) is fetched


@pytest.mark.parametrize(
    ("answer", "wanted", "read_as"),
    [
        ({}, LabelFormat.PDF, (LabelFormat.PNG, "https://files.easypost.test/label.png")),
        ({"label_pdf_url": "https://f/x.pdf"}, LabelFormat.PDF, (LabelFormat.PDF, "https://f/x.pdf")),
        ({"label_zpl_url": "https://f/x.zpl"}, LabelFormat.ZPL, (LabelFormat.ZPL, "https://f/x.zpl")),
        (
            {"label_file_type": "application/new"},
            LabelFormat.PDF,
            (LabelFormat.PDF, "https://files.easypost.test/label.png"),
        ),
    ],
    ids=["drawn otherwise", "converted to PDF", "converted to ZPL", "unknown type"],
)
def test_a_label_says_what_it_is_not_what_was_asked_for(answer, wanted, read_as):
    booking = read(a_bought_answer(label=answer), a_shipment(label=LabelRequest(format=wanted)))

    label = booking.parcels[0].label
    assert (label.format, label.url) == read_as
    assert (label.size, label.dpi) == ("4x6", 300)


def test_words_that_are_no_base64_are_no_label():
    booking = read(a_bought_answer(label={"label_file": "not base64!"}))

    assert booking.parcels[0].label.content_base64 is None


def test_customs_papers_come_along():
    forms = [
        {"form_type": "commercial_invoice", "form_url": "https://files.easypost.test/ci.pdf?x=1"},
        {"form_type": "cn22", "form_url": "https://files.easypost.test/cn22.png"},
        {"form_type": "submitted_electronically", "form_url": None},
    ]

    booking = read(a_bought_answer(forms=forms))

    assert booking.parcels[0].documents == (
        Label(format=LabelFormat.PDF, title="commercial_invoice", url="https://files.easypost.test/ci.pdf?x=1"),
        Label(format=LabelFormat.PNG, title="cn22", url="https://files.easypost.test/cn22.png"),
    )


def test_a_label_of_several_hundred_kilobytes_is_read():
    content = base64.b64encode(b"%PDF" + b"\0" * 3_000_000).decode()

    booking = read(a_bought_answer(label={"label_file": content, "label_file_type": "application/pdf"}))

    assert len(booking.parcels[0].label.content) == 3_000_004
