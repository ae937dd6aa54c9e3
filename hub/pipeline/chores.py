"""Work that comes round: pulling, comparing, tracking, listening for silence, sweeping up, sealing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from hub.core.failures import Failure, Retryable
from hub.core.states import EffectState
from hub.pipeline import pulls
from hub.pipeline.backoff import backoff
from hub.pipeline.contained import contained
from hub.pipeline.hub import Hub
from hub.pipeline.retries import retry_parked
from hub.pipeline.silence import listen
from hub.sdk.connector import Kind
from hub.store import alarms, chores, connections, effects, trail
from hub.store.chores import Chore
from hub.store.connections import Connection
from hub.store.effects import Settled
from hub.store.work import Work

LEASE = timedelta(minutes=10)
SEALED_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Remote:
    """A chore of a connection of this kind; `every` of `None` is the connector's own pace."""

    kind: Kind
    every: timedelta | None
    work: Callable[[Hub, int, Connection], int]


@dataclass(frozen=True, slots=True)
class House:
    """A chore of the house."""

    every: timedelta
    work: Callable[[Hub, int], int]


def sweep(hub: Hub, tenant: int) -> int:
    """What a dead worker left in flight is in doubt from here on."""
    with hub.store.work(tenant, "chore:sweep") as work:
        dead = effects.expired(work)
        effects.settle(
            work,
            [Settled(e.id, EffectState.IN_DOUBT, due_at=work.now, code="effect.lease_ended") for e in dead],
        )
        for connection in {effect.connection_id for effect in dead}:
            work.wake("deliver", str(connection))
    hub.poke(tenant, work.wakes)
    return len(dead)


def seal(hub: Hub, tenant: int) -> int:
    """Seal committed events."""
    with hub.store.work(tenant, "chore:seal") as work:
        return trail.seal(work, SEALED_AT_ONCE)


REMOTE: Mapping[str, Remote] = {
    "pull": Remote(Kind.SHOP, None, pulls.pull),
    "reconcile": Remote(Kind.SHOP, timedelta(hours=1), pulls.reconcile),
    "track": Remote(Kind.LOGISTICS, None, pulls.track),
}
HOUSE: Mapping[str, House] = {
    "sweep": House(timedelta(seconds=30), sweep),
    "seal": House(timedelta(seconds=60), seal),
    "retry-parked": House(timedelta(minutes=5), retry_parked),
    "listen": House(timedelta(minutes=15), listen),
}


def found_house(work: Work) -> None:
    """Make the chores of the house."""
    for name, house in HOUSE.items():
        chores.add(work, name, house.every)


def found_connection(work: Work, number: int, kind: Kind, pace: timedelta) -> None:
    """Make the chores of a new connection."""
    for name, remote in REMOTE.items():
        if remote.kind is kind:
            chores.add(work, name, remote.every or pace, connection=number)


def chore(hub: Hub, tenant: int, number: int) -> int:
    """Do one chore, if it is still due; answers how much it found to do. Raises HouseDown."""
    with hub.store.work(tenant, "chore") as work:
        taken = chores.take(work, number, LEASE)
        if taken is None:
            return 0
        connection = None if taken.connection_id is None else connections.connection(work, taken.connection_id)
    if connection is None:
        found = HOUSE[taken.name].work(hub, tenant)
        _done(hub, tenant, taken, again=taken.name == "seal" and found == SEALED_AT_ONCE)
        return found
    if connection.paused_at is not None:
        _done(hub, tenant, taken)
        return 0
    try:
        with contained(connection.name, writes=False):
            found = REMOTE[taken.name].work(hub, tenant, connection)
    except Failure as failure:
        _failed(hub, tenant, taken, connection, failure)
        return 0
    _done(hub, tenant, taken, read=connection.name)
    return found


def _done(hub: Hub, tenant: int, taken: Chore, *, again: bool = False, read: str | None = None) -> None:
    with hub.store.work(tenant, "chore") as work:
        wait = timedelta(0) if again else timedelta(seconds=taken.every_seconds)
        chores.done(work, taken, work.now + wait)
        if read is not None:
            alarms.close_alarm(work, "connection.unread", read)


def _failed(hub: Hub, tenant: int, taken: Chore, connection: Connection, failure: Failure) -> None:
    """A read that failed comes round again later; one that keeps failing raises one alarm."""
    with hub.store.work(tenant, "chore") as work:
        asked = failure.after if isinstance(failure, Retryable) else None
        chores.done(work, taken, backoff(work, taken.attempt + 1, asked), failure.code)
        pulls.told(work, connection, failure)
        if taken.attempt + 1 >= connections.OPENS_AFTER:
            params = {"connection": connection.name, "code": failure.code}
            alarms.open_alarm(work, "connection.unread", connection.name, params)
