"""Column types that SQLite and PostgreSQL keep alike: UTC moments, exact decimals, and nested objects as JSON."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

Serial = BigInteger().with_variant(Integer(), "sqlite")
"""A key the database numbers itself; SQLite does so only for INTEGER."""

Folded = Text().with_variant(Text(collation="C"), "postgresql")
"""Text compared by code points, so that an index serves both equality and prefixes."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, given back in UTC. ValueError for a naive one: its zone would be a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; SQLite has no zones, so there it is stored without one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive moment {value.isoformat()}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal as text: SQLite would round a number to a float."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Plain notation, never an exponent."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """The same digits that were stored."""
        return None if value is None else Decimal(value)


class Json(TypeDecorator[Any]):
    """A nested object of the domain as JSON text. shape: its type, as msgspec understands it."""

    impl = Text
    cache_ok = True

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.shape = shape
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(shape)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """JSON, decimals as texts."""
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The object; msgspec.ValidationError when the text is not of this shape."""
        return None if value is None else self._decoder.decode(value)
