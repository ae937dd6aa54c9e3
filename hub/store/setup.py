"""Writing down companies, locations, items, connections and listings."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update

from hub.core.document import write
from hub.core.failures import BadInput
from hub.core.people import Address
from hub.core.text import nearest, sku
from hub.store.connections import MICRO, Flow, Switch
from hub.store.tables import (
    ChannelLocationRow,
    CircuitRow,
    CompanyRow,
    ConnectionRow,
    ItemRow,
    ListingRow,
    LocationRow,
)
from hub.store.work import View, Work


def add_company(work: Work, code: str, *, name: str, currency: str, country: str, zone: str) -> int:
    """A legal entity."""
    [number] = work.ids(CompanyRow, 1)
    values = {"code": code, "name": name, "currency": currency, "country": country, "zone": zone}
    work.insert(CompanyRow, [{"id": number, **values}])
    return number


def companies(view: View) -> dict[str, int]:
    """All companies by code."""
    rows = view.all(
        select(CompanyRow.code, CompanyRow.id).where(CompanyRow.tenant_id == view.tenant).order_by(CompanyRow.id)
    )
    return {row.code: row.id for row in rows}


def company_named(view: View, code: str) -> int:
    """By code; BadInput with the nearest codes for one that does not exist."""
    known = companies(view)
    if code not in known:
        raise BadInput("company.unknown", field="company", value=code, nearest=nearest(code, known))
    return known[code]


def add_location(
    work: Work,
    code: str,
    *,
    name: str,
    company: int,
    address: Address,
    rank: int = 1,
    hands_over: str = "label",
    carrier: int | None = None,
) -> int:
    """A place that ships. Raises BadInput for a code that is taken."""
    taken = select(LocationRow.id).where(LocationRow.tenant_id == work.tenant, LocationRow.code == code)
    if work.first(taken) is not None:
        raise BadInput("location.taken", field="code", value=code)
    [number] = work.ids(LocationRow, 1)
    work.insert(
        LocationRow,
        [
            {
                "id": number,
                "uid": work.uid(),
                "code": code,
                "name": name,
                "company_id": company,
                "country": address.country or "",
                "rank": rank,
                "hands_over": hands_over,
                "carrier_id": carrier,
                "is_open": True,
                "document": write(address).decode(),
                "made_at": work.now,
            }
        ],
    )
    return number


def location_named(view: View, code: str) -> int:
    """By code; BadInput with the nearest codes for one that does not exist."""
    rows = view.all(select(LocationRow.code, LocationRow.id).where(LocationRow.tenant_id == view.tenant))
    known = {row.code: row.id for row in rows}
    if code not in known:
        raise BadInput("location.unknown", field="location", value=code, nearest=nearest(code, known))
    found: int = known[code]
    return found


def set_carrier(work: Work, location: int, carrier: int) -> None:
    """Which carrier connection a location ships with."""
    work.update(LocationRow, [{"id": location, "carrier_id": carrier}])


def add_items(work: Work, items: Sequence[Mapping[str, object]]) -> dict[str, int]:
    """Items by SKU; what exists stays. Fields: sku, title, unit, precision, weight_grams."""
    plain = [{**item, "sku": sku(str(item["sku"]))} for item in items]
    numbers = work.ids(ItemRow, len(plain)) if plain else ()
    rows = [
        {
            "id": number,
            "uid": work.uid(),
            "title": "",
            "unit": "piece",
            "precision": 0,
            "weight_grams": None,
            "document": "{}",
            "made_at": work.now,
            **item,
        }
        for number, item in zip(numbers, plain, strict=True)
    ]
    work.insert_new(ItemRow, rows, conflict=("tenant_id", "sku"))
    found = work.all(
        select(ItemRow.sku, ItemRow.id).where(
            ItemRow.tenant_id == work.tenant, work.by_ids(ItemRow.sku, [str(item["sku"]) for item in plain])
        )
    )
    return {row.sku: row.id for row in found}


def item_named(view: View, wanted: str) -> int:
    """By SKU; BadInput with the nearest SKUs for one that does not exist."""
    found = view.scalar(select(ItemRow.id).where(ItemRow.tenant_id == view.tenant, ItemRow.sku == sku(wanted)))
    if found is None:
        known = view.scalars(select(ItemRow.sku).where(ItemRow.tenant_id == view.tenant).limit(5000))
        raise BadInput("item.unknown", field="sku", value=wanted, nearest=nearest(wanted, known))
    return found


def refuse_taken(view: View, name: str) -> None:
    """Raises BadInput for the name of a connection that exists."""
    taken = select(ConnectionRow.id).where(ConnectionRow.tenant_id == view.tenant, ConnectionRow.name == name)
    if view.first(taken) is not None:
        raise BadInput("connection.taken", field="name", value=name)


def add_connection(
    work: Work,
    name: str,
    *,
    connector: str,
    kind: str,
    company: int,
    settings: bytes,
    is_test: bool,
    burst: int,
    cut_over_at: datetime,
) -> int:
    """A connection; all of its flows only watch at first. Raises BadInput for a name that is taken."""
    refuse_taken(work, name)
    [number] = work.ids(ConnectionRow, 1)
    uid = work.uid()
    work.insert(
        ConnectionRow,
        [
            {
                "id": number,
                "uid": uid,
                "name": name,
                "connector": connector,
                "kind": kind,
                "company_id": company,
                "settings": work.store.keyring.seal_secret(settings, about=uid),
                "is_test": is_test,
                **{flow.value: Switch.WATCH.value for flow in Flow},
                "cut_over_at": cut_over_at,
                "made_at": work.now,
            }
        ],
    )
    circuit = {"id": number, "tokens": burst * MICRO, "refilled_at": work.now, "failures": 0}
    work.insert(CircuitRow, [circuit])
    return number


def set_settings(work: Work, number: int, uid: str, settings: bytes) -> None:
    """New settings; a pause for wrong ones ends."""
    sealed = work.store.keyring.seal_secret(settings, about=uid)
    work.update(ConnectionRow, [{"id": number, "settings": sealed, "paused_at": None, "paused_code": None}])


def resume(work: Work, number: int) -> None:
    """End a pause."""
    work.update(ConnectionRow, [{"id": number, "paused_at": None, "paused_code": None}])


def set_cut_over(work: Work, number: int, at: datetime) -> None:
    """What was placed before is history: kept and searchable, never worked on."""
    work.update(ConnectionRow, [{"id": number, "cut_over_at": at}])


def serve(work: Work, connection: int, locations: Mapping[int, int]) -> None:
    """Which locations serve a channel: {location: rank}."""
    rows = [
        {"id": number, "connection_id": connection, "location_id": location, "rank": rank}
        for number, (location, rank) in zip(
            work.ids(ChannelLocationRow, len(locations)), locations.items(), strict=True
        )
    ]
    work.insert_new(ChannelLocationRow, rows, conflict=("tenant_id", "connection_id", "location_id"))


def map_listing(work: Work, connection: int, external_id: str, item: int, factor: int) -> int:
    """Say which item a channel's article is; answers the listing."""
    known = work.scalar(
        select(ListingRow.id).where(
            ListingRow.tenant_id == work.tenant,
            ListingRow.connection_id == connection,
            ListingRow.external_id == external_id,
        )
    )
    if known is not None:
        work.run(
            update(ListingRow)
            .where(ListingRow.tenant_id == work.tenant, ListingRow.id == known)
            .values(item_id=item, factor=factor)
        )
        return known
    [number] = work.ids(ListingRow, 1)
    row = {"connection_id": connection, "external_id": external_id, "sku": "", "title": "", "item_id": item}
    work.insert(ListingRow, [{"id": number, **row, "factor": factor, "made_at": work.now}])
    return number
