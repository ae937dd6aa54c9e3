"""A transaction: `View` reads, `Work` writes. Whoever opened it ends it; nobody in between commits."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple, cast

import orjson
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Executable,
    Select,
    Table,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy import Row as Found
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.selectable import TypedReturnsRows

from hub.core.ids import uuid7
from hub.store.bulk import Fields
from hub.store.tables.row import Row

if TYPE_CHECKING:
    from hub.store.engine import Store

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class View:
    """One reading transaction of one tenant: a still picture. `now` was read when it opened."""

    def __init__(self, store: "Store", connection: Connection, tenant: int, now: datetime) -> None:
        self.store = store
        self.connection = connection
        self.tenant = tenant
        self.now = now
        self.data_keys: dict[int, bytes] = {}

    def all(self, statement: TypedReturnsRows[*Ts]) -> list[Found[*Ts]]:
        return list(self.connection.execute(statement).all())

    def first(self, statement: TypedReturnsRows[*Ts]) -> Found[*Ts] | None:
        return self.connection.execute(statement).first()

    def one(self, statement: TypedReturnsRows[*Ts]) -> Found[*Ts]:
        """Raises NoResultFound, or MultipleResultsFound."""
        return self.connection.execute(statement).one()

    def scalar(self, statement: TypedReturnsRows[T]) -> T | None:
        """The one value of the first row."""
        return self.connection.execute(statement).scalar()

    def scalars(self, statement: TypedReturnsRows[T]) -> list[T]:
        """The one value of each row."""
        return list(self.connection.execute(statement).scalars())

    def by_ids(
        self, column: InstrumentedAttribute[Any] | ColumnElement[Any], ids: Iterable[int | str]
    ) -> ColumnElement[bool]:
        """`column` is one of `ids`, however many: one bound parameter, so the statement stays prepared."""
        wanted = list(ids)
        if self.store.dialect == "postgresql":
            return column == any_(bindparam(None, wanted, ARRAY(column.type)))
        unfolded = func.json_each(orjson.dumps(wanted).decode()).table_valued("value")
        return column.in_(select(unfolded.c.value))


class Work(View):
    """One writing transaction, opened for a tenant in the name of an actor."""

    def __init__(self, store: "Store", connection: Connection, tenant: int, now: datetime, actor: str) -> None:
        super().__init__(store, connection, tenant, now)
        self.actor = actor
        self.chance = store.chance
        self.wakes: set[tuple[str, str]] = set()
        self._awake: dict[tuple[str, str], list[int]] = {}

    def wake(self, kind: str, name: str, rows: Iterable[int] = ()) -> None:
        """Something became due: after the commit the crank is poked with it, once. `rows` are locked by this work."""
        self.wakes.add((kind, name))
        self._awake.setdefault((kind, name), []).extend(rows)

    def awake(self, kind: str, names: Iterable[str]) -> list[int]:
        """The rows that this work made due in these states; whoever asks takes them on."""
        asked = [(kind, name) for name in names]
        return sorted({row for each in asked for row in self._awake.pop(each, ())})

    def uid(self) -> str:
        """A public id."""
        return str(uuid7(self.now, self.chance))

    def ids(self, table: type[Row], count: int) -> Sequence[int]:
        """Numbers for `count` new rows, rising; numbers of a transaction that fails are not seen again."""
        return self.store.numbers(self.connection, _table(table).name, count)

    def insert(self, table: type[Row], rows: Sequence[Fields]) -> None:
        """Write new rows. All have the same fields; the tenant is filled in where they do not name it."""
        if rows:
            target = _table(table)
            self.store.bulk.insert(self.connection, target, rows, self._fixed(target, rows))

    def insert_new(self, table: type[Row], rows: Sequence[Fields], *, conflict: Sequence[str]) -> set[int]:
        """Write what is not there yet by the unique key `conflict`; the ids of the rows really written."""
        if not rows:
            return set()
        target = _table(table)
        fixed = self._fixed(target, rows)
        return self.store.bulk.insert_new(self.connection, target, rows, fixed, tuple(conflict))

    def update(
        self,
        table: type[Row],
        rows: Sequence[Fields],
        *,
        match: Sequence[str] = ("id",),
        add: Collection[str] = (),
    ) -> int:
        """Change rows found by `match` within the tenant; fields in `add` are added to what stands there.

        Answers how many rows there were. Raises ValueError when two rows mean the same stored row.
        """
        if not rows:
            return 0
        target = _table(table)
        fixed = self._fixed(target, rows)
        keys = tuple(dict.fromkeys((*fixed, *match)))
        if len({tuple(row[name] for name in match) for row in rows}) < len(rows):
            raise ValueError(f"two changes of one row of {target.name} in one statement")
        return self.store.bulk.update(self.connection, target, rows, fixed, keys, tuple(add))

    def run(self, statement: Executable) -> int:
        """Execute a change; how many rows it met."""
        return self.connection.execute(statement).rowcount

    def lock(
        self,
        statement: Select[*Ts],
        *,
        skip_locked: bool = False,
        of: type[Row] | None = None,
    ) -> list[Found[*Ts]]:
        """Read rows that nobody else may change until the end; on SQLite the whole transaction is the lock.

        `skip_locked` leaves out what others hold; `of` names the table to lock where several are joined.
        """
        return self.all(statement.with_for_update(key_share=True, skip_locked=skip_locked, of=of))

    def _fixed(self, table: Table, rows: Sequence[Fields]) -> Fields:
        named = "tenant_id" not in table.c or "tenant_id" in rows[0]
        return {} if named else {"tenant_id": self.tenant}


def _table(row: type[Row]) -> Table:
    return cast("Table", row.__table__)
