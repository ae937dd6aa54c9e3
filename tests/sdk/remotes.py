"""Remotes for tests of the client: scripted ones in process, and a rude one on the loop-back address."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import httpx

from hub.core.clock import ManualClock
from hub.sdk.http import Http

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
Turn = httpx.Response | httpx.TransportError
Play = Callable[[socket.socket], object]


class Script(httpx.BaseTransport):
    """Answers in order, the last one for ever; keeps what it was asked."""

    def __init__(self, *turns: Turn) -> None:
        self.turns = list(turns)
        self.asked: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        turn = self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]
        if isinstance(turn, httpx.TransportError):
            raise turn
        return turn


def a_clock(now: datetime = NOON) -> ManualClock:
    return ManualClock(now)


def a_client(*turns: Turn, **options) -> tuple[Http, Script]:
    """A client of `https://shop.example/api` and the script it talks to."""
    script = Script(*turns)
    options.setdefault("clock", a_clock())
    return Http("https://shop.example/api", transport=script, **options), script


def in_json(body: object, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=body, headers=headers)


def ok() -> httpx.Response:
    return in_json({"ok": True})


@contextmanager
def a_rude_server(play: Play, *, heard: list[bytes] | None = None) -> Iterator[int]:
    """A port whose every connection is handed to `play`, after the request has come; `heard` keeps those."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        done = threading.Event()
        thread = threading.Thread(
            target=_serve, args=(listening, play, done, [] if heard is None else heard), daemon=True
        )
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            done.set()
            thread.join(10)


def _serve(listening: socket.socket, play: Play, done: threading.Event, heard: list[bytes]) -> None:
    while not done.is_set():
        try:
            connection, _ = listening.accept()
        except TimeoutError:
            continue
        with connection:
            connection.settimeout(5)
            with suppress(OSError):
                heard.append(connection.recv(65_536))
                play(connection)


def dribbling(head: bytes, drops: Sequence[bytes], pause: float) -> Play:
    """Sends the head at once and then drop by drop."""

    def play(connection: socket.socket) -> None:
        waiting = threading.Event()
        connection.sendall(head)
        for drop in drops:
            waiting.wait(pause)
            connection.sendall(drop)

    return play


def a_local_client(port: int, *, seconds: float = 5, **options) -> Http:
    """A client that may reach the loop-back address, on a clock that moves by itself."""
    options.setdefault("clock", a_clock())
    return Http(f"http://127.0.0.1:{port}", deadline=timedelta(seconds=seconds), allow_private=True, **options)
