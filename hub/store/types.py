"""The stored types: exact on SQLite and PostgreSQL alike.

Money is BIGINT minor units beside CHAR(3); quantities, unit prices and rates are BIGINT millionths;
times are UTC. No NUMERIC and no float: SQLite would make three times 0.1 something else than 0.3.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, cast

from sqlalchemy import BigInteger, Boolean, Dialect, Integer, LargeBinary, String, Text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

Long = BigInteger().with_variant(Integer(), "sqlite")


class Utc(TypeDecorator[datetime]):
    """An instant in UTC to the microsecond: timestamptz, on SQLite text of fixed width that sorts."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Timestamptz on PostgreSQL, text elsewhere."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401  the driver's type
        """Refuse a time without zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"a stored time needs a zone: {value!r}"
            raise ValueError(msg)
        return value if dialect.name == "postgresql" else utc_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401  the driver's type
        """An aware time in UTC."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            return cast("datetime", value).astimezone(UTC)
        return datetime.fromisoformat(value)


def utc_text(value: datetime) -> str:
    """`2026-11-22T03:45:00.000000+00:00`: always 32 characters, so text order is time order."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


Key = Annotated[int, mapped_column(Long, primary_key=True, autoincrement=False, sort_order=-1)]
Ref = Annotated[int, mapped_column(Long)]
TenantKey = Annotated[int, mapped_column(Long, primary_key=True, autoincrement=False, sort_order=-1)]
Count = Annotated[int, mapped_column(Integer)]
Minor = Annotated[int, mapped_column(Long)]
Micro = Annotated[int, mapped_column(Long)]
Currency = Annotated[str, mapped_column(String(3))]
Instant = Annotated[datetime, mapped_column(Utc)]
Code = Annotated[str, mapped_column(String(64))]
Words = Annotated[str, mapped_column(Text)]
Doc = Annotated[str, mapped_column(Text)]
Sealed = Annotated[bytes, mapped_column(LargeBinary)]
Flag = Annotated[bool, mapped_column(Boolean)]
