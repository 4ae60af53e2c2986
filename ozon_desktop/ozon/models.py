"""What all answers of Ozon share, and the answers about the cabinet as such: roles, company, limits, warehouses.

Answers are msgspec structs that turn themselves into domain objects (`to_domain`).

Unknown fields are ignored. Any field may be null or missing, except the one that carries the data: an answer without that is not an
empty answer, and must not look like one. Decoding is lax, because Ozon writes some int64 numbers as strings.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Generic, TypeVar

import msgspec
from msgspec import Meta, Struct

from ozon_desktop.domain.cabinet import Company, KeyRoles, OzonWarehouse
from ozon_desktop.domain.integration import LimitUsage
from ozon_desktop.ozon.rows import BadField

Answer = TypeVar("Answer")
Row = TypeVar("Row")
Int = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
"""A number as Ozon's schema has it, and as a database takes it: 64 bits."""

Money = str | int | float | None
"""Ozon writes one and the same money as "1100.00", "" or 1597."""

LONGEST_AMOUNT, LARGEST_AMOUNT = 40, Decimal(10**15)
"""Characters and size of an amount of money that can still be one."""

CLOSED_WAREHOUSES = frozenset({"new", "disabled", "blocked", "disabled_due_to_limit", "error"})


def decoder(answer: type[Answer]) -> Callable[[bytes], Answer]:
    """Decodes a body. The function raises msgspec.MsgspecError when the body is not JSON or not of this shape."""
    return msgspec.json.Decoder(answer, strict=False).decode


def decimal(value: Money, field: str = "") -> Decimal | None:
    """None when absent or empty. Raises BadField when it is no number, or none that can be money."""
    if value is None or value == "":
        return None
    text = str(value).strip()
    try:
        number = Decimal(text) if len(text) <= LONGEST_AMOUNT else Decimal("NaN")
    except InvalidOperation as error:
        raise BadField(field, "not a number") from error
    # An exponent makes a short text a number of a million digits.
    if not number.is_finite() or abs(number) > LARGEST_AMOUNT or number.adjusted() < -LONGEST_AMOUNT:
        raise BadField(field, "not a number")
    return number


def word(text: str | None) -> str:
    """A status or a kind, to be compared: Ozon writes some in capitals here and there. What is not known is kept."""
    return (text or "").strip().casefold()


def moment(text: str | None) -> datetime | None:
    """UTC. None for empty, unreadable and Go's zero time; Ozon's year 9999 with nanoseconds is bounded, not an error."""
    if not text:
        return None
    whole, point, rest = text.strip().partition(".")
    digits = len(rest) - len(rest.lstrip("0123456789"))
    try:
        value = datetime.fromisoformat(f"{whole}.{rest[:digits][:6]:0<6}{rest[digits:]}" if point else whole)
    except ValueError:
        return None
    if value.year == 1:
        return None
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


class RoleRow(Struct):
    name: str | None = None
    methods: list[str] | None = None


class RolesAnswer(Struct):
    """/v1/roles."""

    roles: list[RoleRow] | None
    expires_at: str | None = None

    def to_domain(self) -> KeyRoles:
        rows = self.roles or []
        methods = frozenset(path for row in rows for path in row.methods or [])
        return KeyRoles(tuple(row.name or "" for row in rows), methods, moment(self.expires_at))


class CompanyRow(Struct):
    """`company` of /v1/seller/info."""

    name: str | None = None
    legal_name: str | None = None
    currency: str | None = None
    inn: str | None = None


class SellerAnswer(Struct):
    """/v1/seller/info."""

    company: CompanyRow

    def to_domain(self) -> Company:
        row = self.company
        return Company(row.name or row.legal_name or "", row.currency or "", row.inn or "")


class LimitRow(Struct):
    """-1 = unlimited."""

    limit: Int | None = None
    usage: Int | None = None
    reset_at: str | None = None


class OperationRow(Struct):
    """limit_type: RATE_LIMIT_PER_MINUTE, or UNSPECIFIED when there is no such limit."""

    limit: Int | None = None
    limit_type: str | None = None


class LimitsAnswer(Struct):
    """/v4/product/info/limit."""

    total: LimitRow | None = None
    daily_create: LimitRow | None = None
    daily_update: LimitRow | None = None
    operation_limits: OperationRow | None = None

    def to_domain(self) -> tuple[LimitUsage, ...]:
        rows = (("total", self.total), ("daily_create", self.daily_create), ("daily_update", self.daily_update))
        found = [
            LimitUsage(name, -1 if row.limit is None else row.limit, row.usage or 0, moment(row.reset_at))
            for name, row in rows
            if row is not None
        ]
        minute = self.operation_limits
        if minute is not None and minute.limit and "minute" in (minute.limit_type or "").casefold():
            found.append(LimitUsage("per_minute", minute.limit, 0))
        return tuple(found)


class WarehouseRow(Struct):
    warehouse_id: Int
    name: str | None = None
    is_rfbs: bool | None = None
    status: str | None = None
    pause_at: str | None = None

    def to_domain(self) -> OzonWarehouse:
        closed = word(self.status) in CLOSED_WAREHOUSES or moment(self.pause_at) is not None
        return OzonWarehouse(self.warehouse_id, self.name or "", bool(self.is_rfbs), not closed)


class WarehousesAnswer(Struct, Generic[Row]):
    """/v2/warehouse/list."""

    warehouses: list[Row] | None
    cursor: str | None = None
    has_next: bool | None = None

    def rows(self) -> list[Row]:
        return self.warehouses or []
