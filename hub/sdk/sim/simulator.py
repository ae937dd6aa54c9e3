"""A simulated remote: stateful, speaking the real wire format, and failing by script."""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from threading import RLock
from typing import TYPE_CHECKING, ClassVar

import httpx

from hub.core.clock import Chance, Clock, seeded_chance
from hub.core.json import JSON
from hub.sdk.capabilities import WebhookRequest
from hub.sdk.sim.asked import Asked, Route, json_response, routes_of
from hub.sdk.sim.faults import COMMITTED, Fault, Script, refusal, spoiled

if TYPE_CHECKING:
    from starlette.types import ASGIApp

ORIGIN = "https://simulator.test"


class Simulator:
    """A remote in memory. Authors decorate methods with `@route`, and keep the books with `commit`.

    Its books say what it has done, per capability and by the reference the hub gave: the oracle of
    every test that something happened exactly once.
    """

    root: ClassVar[str] = ""
    _routes: ClassVar[tuple[Route, ...]] = ()

    def __init__(self, chance: Chance | None = None) -> None:
        self.script = Script(chance or seeded_chance(0))
        self._lock = RLock()
        self._books: dict[str, list[str]] = defaultdict(list)
        self._outbox: list[WebhookRequest] = []
        self._last = 0

    def __init_subclass__(cls) -> None:
        cls._routes = routes_of(cls)

    def settings(self, origin: str = ORIGIN) -> dict[str, JSON]:
        """The settings of a connection to this simulator, in process or on a port of this machine."""
        settings: dict[str, JSON] = {"base_url": f"{origin}{self.root}", **self.credentials()}
        return settings if origin == ORIGIN else {**settings, "allow_private": True}

    def credentials(self) -> dict[str, JSON]:
        """Settings beside the address: what the connection logs in with."""
        return {}

    def admit(self, asked: Asked) -> httpx.Response | None:
        """The refusal of a request without valid credentials."""
        del asked
        return None

    def absent(self, asked: Asked) -> httpx.Response:
        """The answer to a path that the remote does not have."""
        return json_response({"message": f"no such path: {asked.request.url.path}"}, 404)

    def respond(self, request: httpx.Request, now: datetime) -> httpx.Response:
        """Answer one request, or raise the httpx error that its caller would see."""
        with self._lock:
            request.read()
            fault = self.script.next(request)
            if fault is not None and fault.kind not in COMMITTED:
                return refusal(fault, request)
            answer = self._answer(Asked(request, now))
            return answer if fault is None else spoiled(fault, request, answer)

    def fail(self, *faults: Fault) -> None:
        """Let these faults strike from now on."""
        with self._lock:
            for fault in faults:
                self.script.add(fault)

    def heal(self) -> None:
        """No more faults."""
        with self._lock:
            self.script.clear()

    def commit(self, capability: str, reference: str) -> None:
        """Write into the books what this remote has just done, under the reference that the hub gave."""
        self._books[capability].append(reference)

    def books(self) -> Mapping[str, tuple[str, ...]]:
        """What this remote has done, per capability in order; a reference that stands twice was doubled."""
        with self._lock:
            return {capability: tuple(done) for capability, done in self._books.items()}

    def notify(self, delivery: WebhookRequest) -> None:
        """Put a webhook into the outbox."""
        self._outbox.append(delivery)

    def deliveries(self) -> list[WebhookRequest]:
        """Take all webhooks out of the outbox; whoever runs the simulator delivers them."""
        with self._lock:
            sent, self._outbox = self._outbox, []
            return sent

    def number(self) -> int:
        """The next number of this remote's own counting."""
        self._last += 1
        return self._last

    def locked(self) -> AbstractContextManager[bool]:
        """Keeps requests out while books or orders are looked at or changed from outside."""
        return self._lock

    def transport(self, clock: Clock) -> httpx.MockTransport:
        """This remote in process."""

        def answer(request: httpx.Request) -> httpx.Response:
            response = self.respond(request, clock.now())
            if late := response.extensions.get("late"):
                clock.sleep(late)
            return response

        return httpx.MockTransport(answer)

    def asgi(self, clock: Clock) -> "ASGIApp":
        """This remote on a port."""
        from hub.sdk.sim.asgi import skin

        return skin(self.respond, clock)

    def _answer(self, asked: Asked) -> httpx.Response:
        if (refused := self.admit(asked)) is not None:
            return refused
        path = asked.request.url.path.rstrip("/")
        for route in self._routes:
            if route.method == asked.request.method and (found := route.pattern.fullmatch(path)):
                return route.play(self, Asked(asked.request, asked.now, found.groupdict()))
        return self.absent(asked)
