"""Every number that an object of ours has with somebody outside, and finding it again."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from hub.store.tables import ExternalIdRow
from hub.store.work import View, Work


class Name(NamedTuple):
    """A number under which a connection's remote knows one of our objects."""

    connection_id: int
    subject: str
    subject_id: int
    kind: str
    value: str


NAME = tuple(getattr(ExternalIdRow, field) for field in Name._fields)
UNIQUE = ("tenant_id", "subject", "subject_id", "connection_id", "kind", "value")


def name(work: Work, given: Sequence[Name]) -> None:
    """Remember numbers; one that is known already stays."""
    unique = list(dict.fromkeys(given))
    rows = [
        {"id": number, **found._asdict()}
        for number, found in zip(work.ids(ExternalIdRow, len(unique)) if unique else (), unique, strict=True)
    ]
    work.insert_new(ExternalIdRow, rows, conflict=UNIQUE)


def named(view: View, value: str) -> list[Name]:
    """Who is known by this number."""
    rows = view.all(
        select(*NAME)
        .where(ExternalIdRow.tenant_id == view.tenant, ExternalIdRow.value == value)
        .order_by(ExternalIdRow.id)
    )
    return [Name(*row) for row in rows]


def names(view: View, subject: str, subject_id: int) -> list[Name]:
    """All numbers of one object."""
    rows = view.all(
        select(*NAME)
        .where(
            ExternalIdRow.tenant_id == view.tenant,
            ExternalIdRow.subject == subject,
            ExternalIdRow.subject_id == subject_id,
        )
        .order_by(ExternalIdRow.id)
    )
    return [Name(*row) for row in rows]
