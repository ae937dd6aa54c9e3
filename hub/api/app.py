"""The hub over HTTP: deliveries come in, and somebody may ask whether the hub is well."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hub.api.webhooks import Receiver, after_a_while
from hub.core.failures import HouseDown
from hub.pipeline.hub import Hub


def application(hub: Hub, tenant: int) -> Starlette:
    """The faces of one tenant's hub."""

    def health(_: Request) -> Response:
        try:
            with hub.store.view(tenant):
                return JSONResponse({"ok": True})
        except HouseDown as down:
            return JSONResponse({"ok": False, "code": down.code}, 503, after_a_while())

    receiver = Receiver(hub, tenant)
    return Starlette(
        routes=[
            Route("/hooks/{connection}", receiver.receive, methods=["POST"]),
            Route("/health", health, methods=["GET"]),
        ]
    )
