"""A simulator on a port: a thin skin for any ASGI server."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import httpx

from hub.core.clock import Clock

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

SILENCE_SECONDS = 60.0
"""How long a caller waits for an answer that does not come; its own deadline is shorter."""


def skin(respond: Callable[[httpx.Request, datetime], httpx.Response], clock: Clock) -> "ASGIApp":
    """An application that hands each request to the simulator; faults of the network cut the connection."""

    async def app(scope: "Scope", receive: "Receive", send: "Send") -> None:
        if scope["type"] != "http":
            return
        request = _request(scope, await _body(receive))
        try:
            response = await asyncio.to_thread(respond, request, clock.now())
        except httpx.TimeoutException:
            await asyncio.to_thread(clock.sleep, SILENCE_SECONDS)
            await _cut(send)
        except httpx.TransportError:
            await _cut(send)
        else:
            await _answer(send, response, clock)

    return app


async def _answer(send: "Send", response: httpx.Response, clock: Clock) -> None:
    if late := response.extensions.get("late"):
        await asyncio.to_thread(clock.sleep, late)
    headers = [(name.lower(), value) for name, value in response.headers.raw]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})


async def _cut(send: "Send") -> None:
    """Promise more than is sent: the server has no other way than to close the connection."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})


async def _body(receive: "Receive") -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _request(scope: "Scope", body: bytes) -> httpx.Request:
    headers = [(name, value) for name, value in scope["headers"] if name != b"transfer-encoding"]
    host = next((value.decode() for name, value in headers if name == b"host"), "127.0.0.1")
    query = scope["query_string"].decode()
    path = scope.get("raw_path") or scope["path"].encode()
    url = httpx.URL(f"http://{host}").copy_with(raw_path=path + (f"?{query}".encode() if query else b""))
    return httpx.Request(scope["method"], url, headers=headers, content=body)
