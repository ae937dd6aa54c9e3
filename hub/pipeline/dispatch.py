"""Telling a channel what left and what arrived, with the numbers its customer looks for."""

from collections.abc import Mapping, Sequence

from hub.core.document import Document, Native
from hub.core.order_fulfilment import Package
from hub.core.shipping import PushedState, PushLine, StatusPush, StatusPushed
from hub.core.states import EffectState
from hub.pipeline.facts import Recorded, Withdraw
from hub.pipeline.hub import Hub
from hub.pipeline.units import in_listing
from hub.sdk.capabilities import Capability
from hub.store import effects, names, orders, shipping, stock
from hub.store.connections import Connection, Flow, Switch, connections
from hub.store.effects import Effect, Plan
from hub.store.founding import reference
from hub.store.shipping import Fulfilment, Leaving
from hub.store.work import Work

Parts = Sequence[tuple[Fulfilment, int]]
"""Fulfilments with the orders that they serve."""


def report_shipped(work: Work, parts: Parts) -> None:
    """Plan what the channels are told when goods left; keyed per order and fulfilment."""
    channels = connections(work, sorted({fulfilment.connection_id for fulfilment, _ in parts}))
    effects.plan(
        work,
        [_plan(work, f, order, "shipped", channels[f.connection_id]) for f, order in _told(parts, channels)],
    )


def report_arrived(work: Work, parts: Parts) -> None:
    """Plan what the channels are told when goods arrived, after they were told that goods left."""
    channels = connections(work, sorted({fulfilment.connection_id for fulfilment, _ in parts}))
    told = _told(parts, channels)
    former = {
        (effect.subject_id, effect.part_id): effect.id
        for effect in effects.about(work, "fulfilment", [f.id for f, _ in told], Capability.DISPATCH)
    }
    effects.plan(
        work,
        [
            _plan(work, f, order, "arrived", channels[f.connection_id], after=former[f.id, order])
            for f, order in told
            if (f.id, order) in former
        ],
    )


def _told(parts: Parts, channels: Mapping[int, Connection]) -> list[tuple[Fulfilment, int]]:
    return [
        (fulfilment, order)
        for fulfilment, order in parts
        if channels[fulfilment.connection_id].switch(Flow.STATUS_OUT) is not Switch.OFF
    ]


def _plan(
    work: Work, fulfilment: Fulfilment, order: int, what: str, channel: Connection, after: int | None = None
) -> Plan:
    return Plan(
        channel.id,
        Capability.DISPATCH,
        f"order/{order}/fulfilment/{fulfilment.id}/{what}",
        "fulfilment",
        fulfilment.id,
        fulfilment.key_id,
        work.now if channel.switch(Flow.STATUS_OUT) is Switch.ON else None,
        part_id=order,
        after_id=after,
        lane=fulfilment.lane,
    )


def facts(hub: Hub, work: Work, planned: Sequence[Effect]) -> Mapping[int, Document | Withdraw]:
    """What the channel is told, by the facts of now."""
    numbers = sorted({effect.subject_id for effect in planned})
    lines = shipping.leaving(work, numbers)
    bought = shipping.shipments(work, numbers)
    parcels = shipping.parcels(work, [shipment.id for found in bought.values() for shipment in found])
    known = orders.summaries(work, sorted({effect.part_id or 0 for effect in planned}))
    left = orders.lines_of(work, sorted(known))
    former = _former(work, planned)
    found: dict[int, Document | Withdraw] = {}
    for effect in planned:
        order = known[effect.part_id or 0]
        shipments = bought[effect.subject_id]
        packages = [
            Package(
                tracking_number=parcel.tracking_number,
                tracking_url=parcel.tracking_url,
                carrier_hub=shipment.carrier,
                service=shipment.service,
            )
            for shipment in shipments
            for parcel in parcels[shipment.id]
        ]
        arrived = effect.key.rsplit("/", 3)[1] == "arrived"
        at = [shipment.delivered_at if arrived else shipment.handed_over_at for shipment in shipments]
        found[effect.id] = StatusPush(
            external_id=order.external_id,
            number=order.number,
            shipment=reference(work, "fulfilment", effect.subject_id),
            state=PushedState.DELIVERED if arrived else PushedState.SHIPPED,
            at=max((moment for moment in at if moment is not None), default=work.now),
            lines=tuple(_line(line) for line in lines[effect.subject_id] if line.order_id == order.id),
            packages=tuple(packages),
            complete=all(
                line.handed_over + line.cancelled == line.ordered for line in left[order.id] if line.carries_stock
            ),
            former=former.get(effect.id, ()),
        )
    return found


def _line(line: Leaving) -> PushLine:
    """Back from our units into the channel's."""
    return PushLine(line_id=line.line_external_id, quantity=in_listing(line.quantity, line.factor))


def _former(work: Work, planned: Sequence[Effect]) -> dict[int, tuple[Native, ...]]:
    after = {effect.id: effect.after_id for effect in planned if effect.after_id is not None}
    told = {effect.id: effect for effect in effects.effects(work, sorted(set(after.values())))}
    return {
        number: (Native(id=told[earlier].reference or ""),)
        for number, earlier in after.items()
        if told[earlier].state == EffectState.CONFIRMED and told[earlier].reference
    }


def record(hub: Hub, work: Work, told: Sequence[Recorded]) -> list[str | None]:
    """Remember under which name the channel knows the shipment."""
    references: list[str | None] = []
    told_names: list[names.Name] = []
    for effect, _, result in told:
        shipments = result.shipments if isinstance(result, StatusPushed) else ()
        references.append(shipments[0].id if shipments else None)
        told_names += [
            names.Name(effect.connection_id, "fulfilment", effect.subject_id, "shipment", n.id) for n in shipments
        ]
    names.name(work, told_names)
    gone = shipping.leaving(work, sorted({effect.subject_id for effect, _, _ in told}))
    stock.touch_feeds(work, {line.item_id for found in gone.values() for line in found})
    return references


def refused(hub: Hub, work: Work, effect: Effect) -> None:
    """A channel that refuses a tracking number is looked at by a person; the parcel goes on."""
    effects.ask(work, effect)
