"""What all tables share: constraint names that a migration can say, and the tenant in front."""

from sqlalchemy import ForeignKeyConstraint, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped

from hub.store.types import Key, TenantKey

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(DeclarativeBase):
    """A stored row."""

    metadata = MetaData(naming_convention=NAMES)


class Owned(Row):
    """A row of one tenant; the tenant leads its key and everything that refers to it."""

    __abstract__ = True

    tenant_id: Mapped[TenantKey]
    id: Mapped[Key]


def belongs(column: str, table: str) -> ForeignKeyConstraint:
    """A reference inside one tenant: a row can never point into another tenant's."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"])
