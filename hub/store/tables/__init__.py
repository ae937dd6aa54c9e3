"""All tables of the hub, one file per area; importing this package fills `Row.metadata`."""

from hub.store.tables.connections import (
    ChoreRow,
    CircuitRow,
    ConnectionRow,
    CursorRow,
    FetchRow,
    InboxRow,
    ListingRow,
)
from hub.store.tables.effects import EffectRow, FeedRow
from hub.store.tables.finance import ReceivableRow
from hub.store.tables.house import AlarmRow, BatchRow, CounterRow, HubRow, StepRow, TenantRow
from hub.store.tables.orders import HoldRow, OrderLineRow, OrderRow
from hub.store.tables.people import BlobRow, CompanyRow, DataKeyRow, PartyRow
from hub.store.tables.row import Row
from hub.store.tables.shipping import (
    FulfilmentLineRow,
    FulfilmentRow,
    ParcelRow,
    ShipmentRow,
    TrackingEventRow,
)
from hub.store.tables.stock import (
    ChannelLocationRow,
    ItemRow,
    LocationRow,
    MovementRow,
    PositionRow,
    ReservationRow,
)
from hub.store.tables.trail import BlockRow, EventRow, ExternalIdRow

__all__ = [
    "AlarmRow",
    "BatchRow",
    "BlobRow",
    "BlockRow",
    "ChannelLocationRow",
    "ChoreRow",
    "CircuitRow",
    "CompanyRow",
    "ConnectionRow",
    "CounterRow",
    "CursorRow",
    "DataKeyRow",
    "EffectRow",
    "EventRow",
    "ExternalIdRow",
    "FeedRow",
    "FetchRow",
    "FulfilmentLineRow",
    "FulfilmentRow",
    "HoldRow",
    "HubRow",
    "InboxRow",
    "ItemRow",
    "ListingRow",
    "LocationRow",
    "MovementRow",
    "OrderLineRow",
    "OrderRow",
    "ParcelRow",
    "PartyRow",
    "PositionRow",
    "ReceivableRow",
    "ReservationRow",
    "Row",
    "ShipmentRow",
    "StepRow",
    "TenantRow",
    "TrackingEventRow",
]
