"""A kiosk that sells one thing, and its simulator: the smallest remote there can be."""

from decimal import Decimal

import httpx

from hub.core.failures import Rejected
from hub.core.shipping import Voided, VoidRequest
from hub.sdk.capabilities import Raw, VoidsShipments, Wanted, WebhookRequest
from hub.sdk.connector import Connector, ConnectorConfig, Kind, Manifest
from hub.sdk.guarantees import Idempotent
from hub.sdk.sim import Asked, Simulator, json_response, route
from hub.sdk.writes import one_by_one


class KioskSim(Simulator):
    """Sells mugs and keeps a list of the references under which it sold them."""

    root = "/v1"

    def admit(self, asked: Asked) -> httpx.Response | None:
        if asked.headers.get("authorization") == "Bearer s3cret":
            return None
        return json_response({"message": "who are you?"}, 401)

    @route("POST", "/v1/sales")
    def sell(self, asked: Asked) -> httpx.Response:
        reference = str(asked.fields()["reference"])
        self.commit("sale", reference)
        self.notify(WebhookRequest({"x-topic": "sold"}, reference.encode()))
        return json_response({"number": self.number(), "price": Decimal("2.50")}, 201)

    @route("GET", "/v1/sales/{reference}")
    @route("GET", "/v1/receipts/{reference}/")
    def show(self, asked: Asked) -> httpx.Response:
        found = asked.parts["reference"] in self.books().get("sale", ())
        return json_response({"reference": asked.parts["reference"], "paid": found}, 200 if found else 404)

    @route("POST", "/v1/token")
    def token(self, asked: Asked) -> httpx.Response:
        return json_response({"user": asked.form()["user"], "page": asked.query.get("page")})


class KioskSettings(ConnectorConfig):
    base_url: str = "https://kiosk.example/v1"


class Kiosk(Connector[KioskSettings], VoidsShipments):
    """Voids one label at a time."""

    manifest = Manifest(id="kiosk", kind=Kind.LOGISTICS, title="Kiosk", api="v1", simulator="tests.sdk.kiosk:KioskSim")
    config_model = KioskSettings
    void_once = Idempotent()

    @one_by_one
    def send_void(self, wanted: Wanted[VoidRequest]) -> Raw:
        return Raw(self.http.write("POST", ("voids", wanted.token)).body)

    def find_void(self, wanted: Wanted[VoidRequest]) -> Raw | None:
        return None

    def read_void(self, request: VoidRequest, raw: Raw) -> Voided:
        raise Rejected("kiosk.never_read")
