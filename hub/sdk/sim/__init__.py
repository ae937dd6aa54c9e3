"""Simulators: remotes in memory that speak the real wire format, keep books and fail by script."""

from hub.sdk.sim.asked import Asked, json_response, route
from hub.sdk.sim.faults import Fault, FaultKind
from hub.sdk.sim.kinds import (
    Basket,
    BasketLine,
    Buyer,
    CarrierSim,
    LedgerSim,
    PlacedOrder,
    PostedDocument,
    ShipTo,
    ShopSim,
    ShownShipment,
    SoldLabel,
)
from hub.sdk.sim.simulator import Simulator

__all__ = [
    "Asked",
    "Basket",
    "BasketLine",
    "Buyer",
    "CarrierSim",
    "Fault",
    "FaultKind",
    "LedgerSim",
    "PlacedOrder",
    "PostedDocument",
    "ShipTo",
    "ShopSim",
    "ShownShipment",
    "Simulator",
    "SoldLabel",
    "json_response",
    "route",
]
