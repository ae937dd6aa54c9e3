"""Where remotes deliver: raw bytes, verified, stored, answered; the commit is shared by all who wait for one."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from hub.core.failures import BadInput, HouseDown, HubError
from hub.pipeline import webhooks
from hub.pipeline.hub import Hub
from hub.pipeline.webhooks import Taken
from hub.sdk.capabilities import WebhookRequest
from hub.sdk.webhooks import LIMIT, Forged

RETRY_SECONDS = 10


def after_a_while() -> dict[str, str]:
    """The header that asks a caller to come again."""
    return {"retry-after": str(RETRY_SECONDS)}


class Receiver:
    """Answers deliveries: 202 stored, 401 not proved, 404 nobody here, 413 too long, 503 come again."""

    def __init__(self, hub: Hub, tenant: int) -> None:
        self._hub = hub
        self._tenant = tenant
        self._commits = Commits(hub, tenant)

    async def receive(self, request: Request) -> Response:
        """One delivery. Why it was refused is nobody's business outside."""
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        name = request.path_params["connection"]
        headers = {key.lower(): value for key, value in request.headers.items()}
        try:
            taken = await asyncio.to_thread(
                webhooks.verified, self._hub, self._tenant, name, WebhookRequest(headers, body)
            )
            await self._commits.share(taken)
        except HubError as error:
            return _refusal(error)
        return Response(status_code=202)


def _refusal(error: HubError) -> Response:
    match error:
        case Forged():
            return Response(status_code=401)
        case BadInput(code="connection.unknown"):
            return Response(status_code=404)
        case BadInput():
            return Response(status_code=400)
        case HouseDown() | _:
            return Response(status_code=503, headers=after_a_while())


async def _body(request: Request) -> bytes | None:
    """The raw body; `None` for one over the limit, which is not read to its end."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LIMIT:
            return None
        parts.append(part)
    return b"".join(parts)


class Commits:
    """Deliveries that came while a commit ran share the next one; nobody waits for a timer."""

    def __init__(self, hub: Hub, tenant: int) -> None:
        self._hub = hub
        self._tenant = tenant
        self._waiting: list[Taken] = []
        self._running: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def share(self, taken: Taken) -> None:
        """Return when it is stored. Raises what the commit raised, to all who shared it."""
        self._waiting.append(taken)
        if self._next is None:
            self._next = asyncio.create_task(self._commit(self._running))
        await asyncio.shield(self._next)

    async def _commit(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        together, self._waiting = self._waiting, []
        self._running, self._next = self._next, None
        await asyncio.to_thread(webhooks.store, self._hub, self._tenant, together)
