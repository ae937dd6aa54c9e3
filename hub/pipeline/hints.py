"""What a message may say, "there is work here", and what whoever hears it does.

A hint holds names and numbers only, never what the work is about: that stands in rows. A hint may be lost,
doubled or late without harm, for whatever is due is found again by looking.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import Lock
from typing import NamedTuple

from hub.core.failures import HouseDown, HubError
from hub.pipeline.batches import travel
from hub.pipeline.chores import chore
from hub.pipeline.crank import ready
from hub.pipeline.effects import deliver
from hub.pipeline.feeds import push_stock
from hub.pipeline.hub import Hub, Wake
from hub.pipeline.journey import STEPS, steps_for
from hub.pipeline.pulls import fetch
from hub.store import chores, effects, feeds, founding, inbox

log = logging.getLogger(__name__)

ROUNDS = 50
"""So often a hint is followed in one go; whoever has still more to do lets others go first."""

LANES: Mapping[str, int] = {"intake": 1, "steps": 2, "deliveries": 8, "showing": 4, "asking": 4, "chores": 4}
"""Kinds of work that never wait for each other, and how many threads of a worker each has."""


class Hint(NamedTuple):
    """Work of one task; `about` names a step, or the number of a connection or chore."""

    task: str
    tenant: int
    about: str

    @property
    def said(self) -> str:
        return f"{self.task} {self.about}"

    @property
    def lane(self) -> str:
        if self.task != "turn":
            return TASKS[self.task].lane
        return "intake" if self.about == "intake" else "steps"


class Task(NamedTuple):
    """What is done for a hint; answers how much was done."""

    lane: str
    work: Callable[[Hub, int, str], int]


TASKS: Mapping[str, Task] = {
    "turn": Task("steps", lambda hub, tenant, step: travel(hub, tenant, STEPS[step])),
    "deliver": Task("deliveries", lambda hub, tenant, connection: deliver(hub, tenant, int(connection))),
    "show": Task("showing", lambda hub, tenant, connection: push_stock(hub, tenant, int(connection))),
    "fetch": Task("asking", lambda hub, tenant, connection: fetch(hub, tenant, int(connection))),
    "chore": Task("chores", lambda hub, tenant, number: chore(hub, tenant, int(number))),
}

_OF_CONNECTIONS = {"deliver": "deliver", "feeds": "show", "fetch": "fetch"}


def hints(tenant: int, wakes: Iterable[Wake]) -> set[Hint]:
    """What to say after a commit. Feeds of no connection in particular are left to whoever looks regularly."""
    return {hint for wake in wakes for hint in _of(tenant, *wake)}


def _of(tenant: int, kind: str, name: str) -> Iterator[Hint]:
    if kind in _OF_CONNECTIONS:
        if name:
            yield Hint(_OF_CONNECTIONS[kind], tenant, name)
        return
    for step in steps_for(kind, name):
        yield Hint("turn", tenant, step)


def due(hub: Hub) -> set[Hint]:
    """All that could be done now. Raises HouseDown."""
    with hub.store.view(0) as view:
        tenants = founding.tenants(view)
    return {hint for tenant in tenants for hint in _due(hub, tenant)}


def _due(hub: Hub, tenant: int) -> Iterator[Hint]:
    with hub.store.view(tenant) as view:
        found = {
            "deliver": effects.waiting(view),
            "show": feeds.waiting(view),
            "fetch": inbox.fetching(view),
            "chore": [chore.id for chore in chores.due(view)],
        }
    yield from (Hint("turn", tenant, step) for step in ready(hub, tenant))
    yield from (Hint(task, tenant, str(about)) for task, numbers in found.items() for about in numbers)


class Follower:
    """Follows hints, each by one thread at a time: a repeat that comes meanwhile is remembered, once."""

    def __init__(self, hub: Hub, again: Callable[[Iterable[Hint]], None]) -> None:
        self._hub = hub
        self._again = again
        self._lock = Lock()
        self._running: dict[Hint, bool] = {}

    def follow(self, hint: Hint) -> int:
        """Do what there is to do; answers how much was done. What is still to do is hinted at `again`."""
        if not self._begins(hint):
            return 0
        done, more = 0, False
        try:
            for _ in range(ROUNDS):
                turned = TASKS[hint.task].work(self._hub, hint.tenant, hint.about)
                done += turned
                more = bool(turned) or self._asked_again(hint)
                if not more:
                    break
        except HouseDown as down:
            more = False
            log.warning("hint.put_off", extra={"tenant": hint.tenant, "subject": hint.said, "code": down.code})
        except HubError as refusal:
            more = False
            log.warning("hint.failed", extra={"tenant": hint.tenant, "subject": hint.said, "code": refusal.code})
        finally:
            with self._lock:
                more = self._running.pop(hint) or more
        if more:
            self._again([hint])
        return done

    def nudge(self, hint: Hint) -> bool:
        """Whether somebody here is at it already, and now looks once more."""
        with self._lock:
            if hint in self._running:
                self._running[hint] = True
            return hint in self._running

    def _begins(self, hint: Hint) -> bool:
        with self._lock:
            running = hint in self._running
            self._running[hint] = running
            return not running

    def _asked_again(self, hint: Hint) -> bool:
        with self._lock:
            asked, self._running[hint] = self._running[hint], False
            return asked
