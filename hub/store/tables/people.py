"""Companies, and personal data: sealed parties and files, each under a data key that can be dropped."""

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from hub.store.tables.row import Owned, belongs
from hub.store.types import Code, Count, Currency, Instant, Ref, Sealed, Words


class CompanyRow(Owned):
    """A legal entity that sells, ships and posts."""

    __tablename__ = "companies"

    code: Mapped[Code]
    name: Mapped[Words]
    currency: Mapped[Currency]
    country: Mapped[Code]
    zone: Mapped[Code]

    __table_args__ = (UniqueConstraint("tenant_id", "code"),)


class DataKeyRow(Owned):
    """The key of one person or subject, wrapped by the keyring. Forgetting is emptying `wrapped`."""

    __tablename__ = "data_keys"

    wrapped: Mapped[Sealed | None]
    made_at: Mapped[Instant]
    dropped_at: Mapped[Instant | None]


class BlobRow(Owned):
    """A file or raw body, compressed and sealed; `digest` is keyed, so it says nothing about the content."""

    __tablename__ = "blobs"

    key_id: Mapped[Ref]
    digest: Mapped[Code]
    media: Mapped[Code]
    size: Mapped[Count]
    body: Mapped[Sealed]
    made_at: Mapped[Instant]

    __table_args__ = (
        belongs("key_id", "data_keys"),
        Index(None, "tenant_id", "digest"),
    )


class PartyRow(Owned):
    """The people of one order, sealed; the blind indexes answer look-ups without showing anybody."""

    __tablename__ = "parties"

    key_id: Mapped[Ref]
    sealed: Mapped[Sealed]
    email_index: Mapped[Code | None]
    phone_index: Mapped[Code | None]
    made_at: Mapped[Instant]

    __table_args__ = (
        belongs("key_id", "data_keys"),
        Index(None, "tenant_id", "email_index"),
        Index(None, "tenant_id", "phone_index"),
    )
