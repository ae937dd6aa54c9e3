"""The store: one database of the hub, and the transactions on it."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager

from sqlalchemy import Connection, select

from hub.core.clock import Chance, Clock
from hub.core.failures import HouseDown
from hub.store.databases import Doors, database
from hub.store.keyring import Keyring
from hub.store.migrate import State, standing
from hub.store.outages import house_error, told_by
from hub.store.tables import HubRow
from hub.store.work import View, Work

__all__ = ["Observer", "Store", "house_error"]

Observer = Callable[[str, str], None]
"""Told ("commit", "before") and ("commit", "after") around each commit of a Work."""


class Store:
    """The rows of one hub. Connects when first used, and anew in a forked child."""

    def __init__(
        self,
        url: str,
        *,
        keyring: Keyring,
        clock: Clock,
        chance: Chance,
        observer: Observer | None = None,
    ) -> None:
        self.keyring = keyring
        self.clock = clock
        self.chance = chance
        self.house = ""
        self._observer = observer or _nobody
        self._database = database(url)
        self.dialect = self._database.url.get_backend_name()
        self.bulk = self._database.bulk()
        self._doors: Doors | None = None
        self._owner = os.getpid()
        self._opening = threading.Lock()
        self._inherited: list[Doors] = []

    @contextmanager
    def work(self, tenant: int, actor: str) -> Iterator[Work]:
        """One writing transaction: kept when the block ends well, undone when it raises.

        Raises HouseDown for an error of the house, wherever in the block the database told of it.
        """
        with self._told(), self._database.turn(), self._open().writing.connect() as connection:
            with connection.begin():
                self._database.begin(connection, writes=True)
                yield Work(self, connection, tenant, self.clock.now(), actor)
                self._observer("commit", "before")
            self._observer("commit", "after")

    @contextmanager
    def view(self, tenant: int) -> Iterator[View]:
        """One reading transaction: a still picture, which waits for no writer. Raises HouseDown as `work`."""
        with self._told(), self._open().reading.connect() as connection, connection.begin():
            self._database.begin(connection, writes=False)
            yield View(self, connection, tenant, self.clock.now())

    def sole_runner(self) -> AbstractContextManager[None]:
        """Held by a process that turns the crank. Raises Refused for a second one on a SQLite file."""
        return self._database.sole_runner()

    def numbers(self, connection: Connection, table: str, count: int) -> Sequence[int]:
        """The next ids of a table."""
        return self._database.numbers(connection, table, count)

    def check(self) -> None:
        """Look at the database and the key as the first transaction does.

        Raises HouseDown: unreachable, empty, older or newer than this release, wrapped by another key.
        """
        with self._told():
            self._open()

    def _open(self) -> Doors:
        """The connections of this process. Those of a parent process are its own: nobody closes them here."""
        with self._opening:
            if self._doors is not None and self._owner != os.getpid():
                self._inherited.append(self._doors)
                self._doors = None
            if self._doors is None:
                self._doors, self._owner = self._proven(self._database.doors()), os.getpid()
            return self._doors

    def _proven(self, doors: Doors) -> Doors:
        with ExitStack() as undo:
            undo.callback(doors.close)
            self._prove(doors)
            undo.pop_all()
        return doors

    def _prove(self, doors: Doors) -> None:
        stands = standing(self._database, doors.reading)
        if stands is not State.CURRENT:
            raise HouseDown(f"database.{stands}", where=self._database.where())
        with doors.reading.connect() as connection:
            check = connection.execute(select(HubRow.key_check)).scalar()
        if check not in {None, self.keyring.check}:
            raise HouseDown("key.wrong", where=self._database.where())

    def analyze(self) -> None:
        """Let PostgreSQL count its rows; until then it plans as if tables that were just filled were empty."""
        if self.dialect == "postgresql":
            with self._told(), self._open().writing.connect() as connection, connection.begin():
                connection.exec_driver_sql("ANALYZE")

    def dispose(self) -> None:
        """Close all connections; the next transaction opens new ones."""
        doors, self._doors = self._doors, None
        if doors is not None and self._owner == os.getpid():
            doors.close()

    def _told(self) -> AbstractContextManager[None]:
        return told_by(self._database.where())


def _nobody(_point: str, _when: str) -> None:
    """Nobody watches."""
