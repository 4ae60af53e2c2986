"""What the stand-in holds: goods, lists, stocks, orders; ids are UUIDs, money is in kopecks, times are UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

Json = dict[str, Any]

MOSCOW = timezone(timedelta(hours=3))
"""All times of the API are written so."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def moment_text(moment: datetime, *, minutes: bool = False) -> str:
    """As the API writes times. minutes: seconds and their parts are nothing, as of the moments of documents."""
    there = moment.astimezone(MOSCOW)
    return there.strftime("%Y-%m-%d %H:%M:00.000") if minutes else there.strftime("%Y-%m-%d %H:%M:%S.") + f"{there.microsecond // 1000:03d}"


@dataclass(slots=True)
class Named:
    """A row of a list of which the program needs little. extra: its other fields, as they are answered."""

    id: str
    name: str
    updated: datetime
    archived: bool = False
    parent_id: str = ""
    external_code: str = ""
    sync_id: str = ""
    extra: Json = field(default_factory=dict)


@dataclass(slots=True)
class Good:
    """A product, variant, bundle or service. prices: kopecks by price type; attributes: values by the id of the field.

    product_id: of a variant; characteristics: (name, value) of it; components: (id, quantity) of a bundle.
    """

    id: str
    kind: str
    name: str
    updated: datetime
    code: str = ""
    article: str = ""
    external_code: str = ""
    sync_id: str = ""
    description: str = ""
    folder_id: str = ""
    archived: bool = False
    vat: int | None = 22
    prices: dict[str, float] = field(default_factory=dict)
    min_price: float = 0.0
    currency_id: str = ""
    barcodes: list[dict[str, str]] = field(default_factory=list)
    uom_id: str = ""
    weight: float = 0.0
    volume: float = 0.0
    attributes: dict[str, object] = field(default_factory=dict)
    images: int = 0
    product_id: str = ""
    characteristics: tuple[tuple[str, str], ...] = ()
    components: tuple[tuple[str, float], ...] = ()
    broken: Json | None = None
    """Fields answered in place of what they should be, for rows nobody can read."""


@dataclass(slots=True)
class Position:
    """A line of an order. price in kopecks; shipped: pieces that shipments have taken."""

    id: str
    good_id: str
    quantity: Decimal
    price: float = 0.0
    vat: int = 0
    vat_enabled: bool = False
    discount: float = 0.0
    reserve: Decimal = Decimal(0)
    shipped: Decimal = Decimal(0)


@dataclass(slots=True)
class CustomerOrder:
    """references: by field (organization, agent, store, state, salesChannel, owner), ids. trashed: when it went to the bin."""

    id: str
    name: str
    created: datetime
    updated: datetime
    moment: datetime
    references: dict[str, str] = field(default_factory=dict)
    delivery: datetime | None = None
    description: str = ""
    external_code: str = ""
    sync_id: str = ""
    applicable: bool = True
    currency_id: str = ""
    positions: list[Position] = field(default_factory=list)
    demands: list[str] = field(default_factory=list)
    trashed: datetime | None = None

    @property
    def sum(self) -> float:
        return float(sum(Decimal(str(line.price)) * line.quantity for line in self.positions))

    @property
    def shipped_sum(self) -> float:
        return float(sum(Decimal(str(line.price)) * line.shipped for line in self.positions))

    @property
    def reserved_sum(self) -> float:
        return float(sum(Decimal(str(line.price)) * line.reserve for line in self.positions))


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    method: str
    path: str
    query: str
    status: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AttributeField:
    """A field of the shop's own. type: string, text, long, double, boolean, time, link, customentity, file."""

    id: str
    name: str
    type: str = "string"


ALL_RIGHTS: Mapping[str, frozenset[str]] = {
    name: frozenset({"view", "create", "update", "delete"})
    for name in (
        "currency", "uom", "productfolder", "product", "bundle", "service", "variant", "assortment", "store", "counterparty",
        "organization", "employee", "customerorder", "demand",
    )
} | {"stock": frozenset({"view"})}  # fmt: skip
