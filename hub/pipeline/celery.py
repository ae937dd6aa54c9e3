"""Celery and its brokers: one adapter over the crank, and the only file that knows them.

Each lane is a queue with a worker and threads of its own, so a slow carrier keeps no order waiting. A message
is a hint: losing one costs the second until the next beat, doubling one costs a look at an empty table.
Waiting is `due_at` in a row, never a message that the broker holds back.
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Condition, Event, Thread
from typing import Any

from celery import Celery
from celery.concurrency.thread import TaskPool
from celery.worker import WorkController, state
from kombu import Exchange, Queue
from kombu.exceptions import OperationalError
from kombu.utils.url import maybe_sanitize_url

from hub.core.failures import HouseDown
from hub.pipeline import hints
from hub.pipeline.hints import LANES, TASKS, Follower, Hint
from hub.pipeline.hub import Hub, Wake

log = logging.getLogger(__name__)

MEMORY = "memory://localhost/"
"""The broker of a hub in one process."""

PREFIX = "hub"
WINDOW_SECONDS = 0.02
"""A burst of commits rings once in this time."""

BEAT_SECONDS = 1.0
PATIENCE_SECONDS = 4
FORGOTTEN_SECONDS = 300
"""After so long Redis gives a dead worker's messages to another; tasks are a good deal shorter."""

_SETTINGS: Mapping[str, object] = {
    "accept_content": ["json"],
    "broker_connection_max_retries": None,
    "broker_connection_retry_on_startup": True,
    "broker_connection_timeout": PATIENCE_SECONDS,
    "broker_heartbeat": 0,
    "enable_utc": True,
    "result_backend": None,
    "result_serializer": "json",
    "task_acks_late": True,
    "task_create_missing_queues": False,
    "task_default_delivery_mode": "transient",
    "task_ignore_result": True,
    "task_publish_retry": False,
    "task_reject_on_worker_lost": True,
    "task_serializer": "json",
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "worker_enable_remote_control": False,
    "worker_hijack_root_logger": False,
    "worker_prefetch_multiplier": 16,
    "worker_redirect_stdouts": False,
}
"""Broker heartbeats are off, since nobody sends them for a worker of threads: TCP finds the dead."""


def _where(url: str) -> str:
    return str(maybe_sanitize_url(url))


def _app(url: str, prefix: str, lane: str) -> Celery:
    """One application per lane: workers of one process share no consumer, connection or pool."""
    app = Celery(f"{prefix}.{lane}", broker=url, set_as_current=False, fixups=[])
    exchange = Exchange(prefix, type="direct")
    names = [f"{prefix}.{each}" for each in LANES]
    app.conf.update(
        _SETTINGS,
        broker_transport_options=_transport_options(url, prefix),
        task_default_queue=f"{prefix}.steps",
        task_queues=[Queue(name, exchange, routing_key=name) for name in names],
    )
    return app


def _transport_options(url: str, prefix: str) -> dict[str, object]:
    match url.partition(":")[0]:
        case "memory":
            return {"polling_interval": 0.01}
        case "redis" | "rediss":
            return {"visibility_timeout": FORGOTTEN_SECONDS, "global_keyprefix": f"{prefix}:"}
        case _:
            return {"confirm_publish": True}


class CeleryCrank:
    """Says what became due, soon after the commit and never in its way.

    A broker that does not answer loses the hint: it is said once, and the next beat finds the work.
    """

    def __init__(self, url: str, prefix: str = PREFIX) -> None:
        self.url = url
        self.prefix = prefix
        self.sent = 0
        self.nudge: Callable[[Hint], bool] = lambda _: False
        self._app = _app(url, prefix, "crank")
        self._waiting: set[Hint] = set()
        self._changed = Condition()
        self._closing = Event()
        self._ringer: Thread | None = None
        self._down = False

    def poke(self, tenant: int, wakes: Iterable[Wake]) -> None:
        """Ring for what a commit made due."""
        self.ring(hints.hints(tenant, wakes))

    def ring(self, found: Iterable[Hint]) -> None:
        """Send hints from a thread of its own; the same hint waits once, and none is sent that this process follows."""
        unheard = [hint for hint in found if not self.nudge(hint)]
        if not unheard:
            return
        with self._changed:
            self._waiting.update(unheard)
            if self._ringer is None:
                self._ringer = Thread(target=self._ringing, name="ringer", daemon=True)
                self._ringer.start()
            self._changed.notify()

    def close(self) -> None:
        """Send what waits, and end."""
        self._closing.set()
        with self._changed:
            self._changed.notify()
        if self._ringer is not None:
            self._ringer.join(2 * PATIENCE_SECONDS)
        self._app.close()

    def _ringing(self) -> None:
        while found := self._taken():
            self._send(found)
            self._closing.wait(WINDOW_SECONDS)

    def _taken(self) -> set[Hint]:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing.is_set())
            found, self._waiting = self._waiting, set()
            return found

    def _send(self, found: Iterable[Hint]) -> None:
        try:
            for hint in sorted(found):
                self._publish(hint)
        except (OperationalError, OSError) as error:
            if not self._down:
                log.warning("broker.unreachable", extra={"where": _where(self.url), "detail": type(error).__name__})
            self._down = True
        else:
            self._down = False

    def _publish(self, hint: Hint) -> None:
        """A connection that rested may have been cut off: a second try makes a new one."""
        queue = f"{self.prefix}.{hint.lane}"
        args = [hint.tenant, hint.about]
        retries = {"max_retries": 1, "interval_start": 0, "interval_max": 0}
        self._app.send_task(f"hub.{hint.task}", args, queue=queue, retry=True, retry_policy=retries, ignore_result=True)
        self.sent += 1


class Threads(TaskPool):
    """A pool whose threads know the application of their lane; Celery looks tasks up in the thread's own."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401  what Celery passes on
        super().__init__(*given, **named)
        self.executor = ThreadPoolExecutor(self.limit, "task", initializer=self.app.set_current)


class Lane:
    """The worker of one lane, in a thread."""

    def __init__(self, crank: CeleryCrank, follower: Follower, name: str) -> None:
        self._app = _app(crank.url, crank.prefix, name)
        for task in TASKS:
            self._app.task(name=f"hub.{task}", shared=False, typing=False)(_following(follower, task))
        self._app.finalize()
        self._worker = self._made(f"{crank.prefix}.{name}", LANES[name])
        self._thread = Thread(target=self._run, name=f"lane-{name}", daemon=True)

    def _made(self, queue: str, threads: int) -> WorkController:
        made: WorkController = self._app.WorkController(
            hostname=f"{queue}@{os.getpid()}",
            pool=Threads,
            concurrency=threads,
            queues=[queue],
            use_eventloop=False,
            without_gossip=True,
            without_heartbeat=True,
            without_mingle=True,
        )
        return made

    def start(self) -> None:
        self._thread.start()

    def join(self) -> None:
        """Wait until the tasks at hand are done."""
        self._thread.join()
        self._app.close()

    def _run(self) -> None:
        self._worker.start()
        self._worker.stop()


def _following(follower: Follower, task: str) -> Callable[[int, str], None]:
    def run(tenant: int, about: str) -> None:
        follower.follow(Hint(task, tenant, about))

    return run


class Beat:
    """Looks regularly for whatever is due, and rings for it; two of them do no harm."""

    def __init__(self, hub: Hub, ring: Callable[[Iterable[Hint]], None], every: float) -> None:
        self._hub = hub
        self._ring = ring
        self._every = every
        self._stopped = Event()
        self._thread = Thread(target=self._beating, name="beat", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _beating(self) -> None:
        down = False
        while True:
            try:
                self._ring(hints.due(self._hub))
                down = False
            except HouseDown as error:
                if not down:
                    log.warning("beat.house_down", extra={"code": error.code, **error.params})
                down = True
            if self._stopped.wait(self._every):
                return


@contextmanager
def working(
    hub: Hub, crank: CeleryCrank, lanes: Iterable[str] = tuple(LANES), every: float = BEAT_SECONDS
) -> Iterator[None]:
    """Workers of these lanes and a beat, until the block ends; one set of them per process."""
    follower = Follower(hub, crank.ring)
    crank.nudge = follower.nudge
    state.should_stop = None
    running = [Lane(crank, follower, name) for name in lanes]
    beating = Beat(hub, crank.ring, every)
    with ExitStack() as undo:
        for lane in running:
            lane.start()
            undo.callback(lane.join)
        undo.callback(setattr, state, "should_stop", os.EX_OK)
        beating.start()
        undo.callback(beating.stop)
        yield
