"""Quotes, labels and voids: what is asked of carriers and what follows from their answers."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from hub.core.document import Document, read
from hub.core.people import Address
from hub.core.shipping import (
    Booking,
    BookingRequest,
    Parcel,
    ParcelItem,
    RateOffer,
    RateQuote,
    ShipmentRequest,
    Voided,
    VoidRequest,
    VoidState,
)
from hub.core.states import FulfilmentState as F
from hub.core.units import from_micro
from hub.pipeline.facts import Recorded, Withdraw
from hub.pipeline.hub import Hub
from hub.pipeline.shipping import planned
from hub.pipeline.steps import Move, advance
from hub.sdk.capabilities import Capability, QuotesRates, Raw
from hub.store import bookings, effects, orders, people, shipping, travellers
from hub.store.bookings import Bought
from hub.store.connections import connections
from hub.store.effects import Effect
from hub.store.founding import reference
from hub.store.orders import Hold
from hub.store.shipping import Fulfilment, Leaving
from hub.store.work import Work

LIGHTEST = Decimal(100)
"""Grams of a parcel whose items nobody has weighed: no carrier takes nothing."""

NOT_WANTED = Withdraw("fulfilment.not_wanted")


def quote_facts(hub: Hub, work: Work, mine: Sequence[Effect]) -> Mapping[int, Document | Withdraw]:
    """What should be carried, by the facts of now."""
    wanted = _requests(work, mine)
    return {effect.id: wanted.get(effect.subject_id, NOT_WANTED) for effect in mine}


def booking_facts(hub: Hub, work: Work, mine: Sequence[Effect]) -> Mapping[int, Document | Withdraw]:
    """The label to buy, at the best offer of the quote before it."""
    wanted = _requests(work, mine)
    offers = _offers(hub, work, mine)
    return {
        effect.id: BookingRequest(shipment=wanted[effect.subject_id], rate=offers.get(effect.id))
        if effect.subject_id in wanted
        else NOT_WANTED
        for effect in mine
    }


def _requests(work: Work, mine: Sequence[Effect]) -> dict[int, ShipmentRequest]:
    """Shipment requests of those fulfilments that still wait for a label."""
    numbers = sorted({effect.subject_id for effect in mine})
    lines = shipping.leaving(work, numbers)
    doomed = orders.cancelling(work, sorted({line.order_id for found in lines.values() for line in found}))
    waiting = {
        number: fulfilment
        for number, fulfilment in shipping.fulfilments(work, numbers).items()
        if fulfilment.state == F.RELEASED and not any(line.order_id in doomed for line in lines[number])
    }
    parties = people.read_parties(work, [fulfilment.party_id for fulfilment in waiting.values()])
    places = shipping.places(work, [fulfilment.location_id for fulfilment in waiting.values()])
    return {
        number: _request(
            work,
            fulfilment,
            lines[number],
            places[fulfilment.location_id],
            parties[fulfilment.party_id].shipping_address or Address(),
        )
        for number, fulfilment in waiting.items()
    }


def _request(
    work: Work, fulfilment: Fulfilment, lines: Sequence[Leaving], place: shipping.Place, recipient: Address
) -> ShipmentRequest:
    weight = sum((Decimal(line.weight_grams or 0) * from_micro(line.quantity) for line in lines), Decimal(0))
    items = tuple(
        ParcelItem(
            order_id=str(line.order_id),
            line_id=line.line_external_id,
            sku=line.sku,
            quantity=from_micro(line.quantity),
        )
        for line in lines
    )
    return ShipmentRequest(
        reference=reference(work, "fulfilment", fulfilment.id, fulfilment.generation),
        order_ids=tuple(str(order) for order in sorted({line.order_id for line in lines})),
        location=place.code,
        sender=place.address,
        recipient=recipient,
        parcels=(Parcel(id="1", weight_g=max(weight, LIGHTEST), items=items),),
    )


def _offers(hub: Hub, work: Work, mine: Iterable[Effect]) -> dict[int, RateOffer]:
    """The cheapest offer of each effect's quote; a quicker one where two cost the same."""
    after = {effect.id: effect.after_id for effect in mine if effect.after_id is not None}
    quotes = effects.effects(work, sorted(set(after.values())))
    words = people.read_blobs(work, [blob for q in quotes for blob in (q.request_id, q.answer_id) if blob is not None])
    known = connections(work, sorted({quote.connection_id for quote in quotes}))
    best: dict[int, RateOffer] = {}
    for quote in quotes:
        connector = hub.connector(known[quote.connection_id])
        if isinstance(connector, QuotesRates) and quote.request_id is not None and quote.answer_id is not None:
            asked = read(ShipmentRequest, 1, words[quote.request_id])
            answer = connector.read_quote(asked, Raw(words[quote.answer_id]))
            if isinstance(answer, RateQuote) and answer.rates:
                best[quote.id] = min(answer.rates, key=_cost)
    return {effect: best[quote] for effect, quote in after.items() if quote in best}


def _cost(offer: RateOffer) -> tuple[int, int, str]:
    return offer.total.minor, offer.delivery_days if offer.delivery_days is not None else 99, offer.id or ""


def keep_quotes(hub: Hub, work: Work, told: Sequence[Recorded]) -> list[str | None]:
    """Buy at the best offer; a quote without offers holds the orders with what the carriers said."""
    mine = shipping.fulfilments(work, [effect.subject_id for effect, _, _ in told])
    good = [effect for effect, _, result in told if isinstance(result, RateQuote) and result.rates]
    effects.plan(work, [planned(work, mine[e.subject_id], Capability.BOOKING, after=e.id) for e in good])
    for effect, _, result in told:
        if isinstance(result, RateQuote) and not result.rates:
            said = "; ".join(failure.message for failure in result.failures[:3])
            hold_orders(work, [effect.subject_id], "carrier.no_rates", {"detail": said})
    return [result.shipment_id if isinstance(result, RateQuote) else None for _, _, result in told]


def keep_bookings(hub: Hub, work: Work, told: Sequence[Recorded]) -> list[str | None]:
    """The label is bought: shipment and parcels are written, the fulfilment is labelled."""
    keys = people.data_keys(work, [effect.key_id for effect, _, _ in told])
    sales = [
        Bought(effect.subject_id, effect.connection_id, effect.id, keys[effect.key_id], result)
        for effect, _, result in told
        if isinstance(result, Booking)
    ]
    bookings.add(work, sales)
    known = travellers.heads(work, travellers.FULFILMENT, [sale.fulfilment_id for sale in sales])
    moves = [
        Move(
            sale.fulfilment_id,
            "fulfilment.labelled",
            F.LABELLED,
            {"carrier": sale.booking.carrier, "tracking": sale.booking.parcels[0].tracking_number},
            due=work.now,
        )
        for sale in sales
        if known[sale.fulfilment_id].state == F.RELEASED
    ]
    advance(work, travellers.FULFILMENT, moves, known)
    late = [sale for sale in sales if known[sale.fulfilment_id].state == F.CANCELLED]
    mine = shipping.fulfilments(work, [sale.fulfilment_id for sale in late])
    effects.plan(work, [planned(work, mine[s.fulfilment_id], Capability.VOID, after=s.effect_id) for s in late])
    wake_cancels(work, [sale.fulfilment_id for sale in sales])
    return [sale.booking.shipment_id for sale in sales]


def refuse_label(hub: Hub, work: Work, effect: Effect) -> None:
    """The carrier will not carry it as it is: a person looks at the order, with the carrier's words."""
    said = effects.params(effect)
    hold_orders(
        work,
        [effect.subject_id],
        "carrier.refused",
        {"code": effect.code or "", "said": str(said.get("detail", ""))},
    )


def hold_orders(work: Work, fulfilments: Sequence[int], code: str, params: Mapping[str, str]) -> None:
    """Hold the orders that a fulfilment serves; a cancel that waited for the carrier goes on."""
    served = travellers.orders_of(work, fulfilments)
    orders.open_holds(work, [Hold(order, code, params) for order in served])
    known = travellers.heads(work, travellers.ORDER, served)
    advance(work, travellers.ORDER, [Move(order, "order.held", params={"code": code}) for order in served], known)
    orders.awake_cancels(work, served)


def wake_cancels(work: Work, fulfilments: Sequence[int]) -> None:
    """A cancel that waited for the carrier's answer goes on."""
    orders.awake_cancels(work, travellers.orders_of(work, fulfilments))


def void_facts(hub: Hub, work: Work, mine: Sequence[Effect]) -> Mapping[int, Document | Withdraw]:
    """Which label to take back: the one of the booking before."""
    bought = bookings.by_effect(work, [effect.after_id for effect in mine if effect.after_id is not None])
    found: dict[int, Document | Withdraw] = {}
    for effect in mine:
        booking = bought.get(effect.after_id or 0)
        if booking is None:
            found[effect.id] = Withdraw("fulfilment.no_label")
            continue
        found[effect.id] = VoidRequest(
            reference=reference(work, "fulfilment", effect.subject_id),
            carrier=booking.carrier,
            account=booking.account,
            shipment_id=booking.shipment_id,
            label_id=booking.label_id,
            transaction_id=booking.transaction_id,
            tracking_numbers=tuple(parcel.tracking_number for parcel in booking.parcels),
        )
    return found


VOID_STATES = {
    VoidState.VOIDED: "voided",
    VoidState.REQUESTED: "void_requested",
    VoidState.REJECTED: "void_refused",
}


def keep_voids(hub: Hub, work: Work, told: Sequence[Recorded]) -> list[str | None]:
    """What became of a void; a refused one costs the label and is told to a person."""
    for effect, _, result in told:
        if isinstance(result, Voided) and effect.after_id is not None:
            bookings.set_state(work, effect.after_id, VOID_STATES[result.state])
            if result.state is VoidState.REJECTED:
                effects.ask(work, effect)
    return [None] * len(told)


def refuse_void(hub: Hub, work: Work, effect: Effect) -> None:
    """The label stays bought and paid for; a person may claim it."""
    if effect.after_id is not None:
        bookings.set_state(work, effect.after_id, "void_refused")
    effects.ask(work, effect)
