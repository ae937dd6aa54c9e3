"""Receivables: what a buyer owes, one document per handed-over fulfilment of an order."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from hub.store.tables.row import Owned, belongs
from hub.store.types import Code, Count, Currency, Doc, Instant, Minor, Ref, Words


class ReceivableRow(Owned):
    """An invoice or credit note. The document is frozen when the row is written."""

    __tablename__ = "receivables"

    company_id: Mapped[Ref]
    order_id: Mapped[Ref]
    fulfilment_id: Mapped[Ref | None]
    kind: Mapped[Code]
    sequence: Mapped[Count]
    state: Mapped[Code]
    currency: Mapped[Currency]
    total: Mapped[Minor]
    due: Mapped[Minor]
    rounding: Mapped[Minor]
    number: Mapped[Words | None]
    schema: Mapped[Count]
    document: Mapped[Doc]
    made_at: Mapped[Instant]

    __table_args__ = (
        UniqueConstraint("tenant_id", "order_id", "kind", "sequence"),
        belongs("company_id", "companies"),
        belongs("order_id", "orders"),
        belongs("fulfilment_id", "fulfilments"),
        CheckConstraint("state IN ('open', 'posted', 'settled', 'refused')", name="state"),
        CheckConstraint("kind IN ('invoice', 'credit_note')", name="kind"),
        Index(None, "tenant_id", "fulfilment_id"),
    )
