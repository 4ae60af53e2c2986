"""Plain data the sandbox keeps in memory: products, tasks, warehouses, postings and the log of requests."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from .import_item import CURRENCY, ImportItem

Json = dict[str, Any]


def utc_now() -> datetime:
    """The default clock of the sandbox; tests inject their own."""
    return datetime.now(UTC)


def stamp(moment: datetime, *, fraction: bool = False) -> str:
    """RFC 3339 in UTC as Ozon writes it: whole seconds in postings, microseconds in products."""
    text = moment.astimezone(UTC).isoformat(timespec="microseconds" if fraction else "seconds")
    return text.replace("+00:00", "Z")


def money(amount: Decimal) -> str:
    """Two decimals, as product answers write prices."""
    return f"{amount:.2f}"


@dataclass
class Timing:
    """How long things take in the cabinet; may be changed while the sandbox answers."""

    import_delay: timedelta
    price_settle: timedelta
    stock_interval: timedelta


@dataclass
class SandboxProduct:
    """One card. `item` is the item of /v3/product/import as it was sent.

    `stocks` holds what the seller set minus what orders took, `reserved` what orders hold; both by warehouse_id.
    `sku` is 0 until the card has passed moderation, as in a real cabinet. `auto_actions`: promotions apply to it by themselves.
    """

    product_id: int
    offer_id: str
    item: ImportItem
    price: Decimal
    old_price: Decimal
    vat: str
    created_at: datetime
    updated_at: datetime
    sku: int = 0
    status: str = "imported"
    min_price: Decimal = Decimal(0)
    net_price: Decimal = Decimal(0)
    archived: bool = False
    stocks: dict[int, int] = field(default_factory=dict)
    reserved: dict[int, int] = field(default_factory=dict)
    errors: list[Json] = field(default_factory=list)
    price_changes: list[datetime] = field(default_factory=list)
    auto_actions: bool = False

    @property
    def name(self) -> str:
        return self.item.name

    @property
    def is_created(self) -> bool:
        """True once prices were sent: only then stocks are accepted."""
        return self.status == "price_sent"

    @property
    def free(self) -> int:
        """Units that may still be sold, in all warehouses."""
        return sum(self.stocks.values())


@dataclass
class ImportTask:
    """One call of /v3/product/import; `results` are the items of /v1/product/import/info once it is done."""

    task_id: int
    created_at: datetime
    items: list[ImportItem]
    results: list[Json] | None = None


@dataclass(frozen=True, slots=True)
class LabelTask:
    """One file that /v3/posting/fbs/package-label/create was asked for."""

    posting_numbers: tuple[str, ...]
    created_at: datetime


class GoodsSize(StrEnum):
    """Which goods a warehouse takes."""

    ANY = "any"
    COMMON = "common"
    LARGE = "large"


@dataclass(frozen=True)
class Warehouse:
    """A warehouse of the seller; with rFBS the seller delivers himself. paused: by the seller, rFBS only."""

    warehouse_id: int
    name: str
    is_rfbs: bool = False
    status: str = "created"
    goods: GoodsSize = GoodsSize.ANY
    paused: bool = False

    @property
    def is_active(self) -> bool:
        """Whether it takes stock."""
        return self.status == "created" and not self.paused

    @property
    def scheme(self) -> str:
        return "rfbs" if self.is_rfbs else "fbs"


@dataclass
class Posting:
    """A posting: `body` is what the API shows, the rest is what the sandbox needs to move it on."""

    body: Json
    scheme: str
    offer_id: str
    quantity: int
    warehouse_id: int
    created_at: datetime
    changed_at: datetime
    will_be_cancelled: bool = False

    @property
    def number(self) -> str:
        return str(self.body["posting_number"])

    @property
    def status(self) -> str:
        return str(self.body["status"])


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One answered request: path, HTTP status, how many items its main list had, and when it was counted by the limits."""

    path: str
    status: int
    items: int
    at: datetime


@dataclass
class Contract:
    """What the seller and Ozon agreed upon; may be changed while the sandbox answers.

    certified_brands: names, folded, of the brands whose goods are taken with a certificate only, which the seller does not have.
    """

    currency: str = CURRENCY
    certified_brands: frozenset[str] = frozenset()


@dataclass
class Quotas:
    """Limits of the cabinet; change them to test with large catalogues. All are numbers of products."""

    total: int = 20_000
    daily_create: int = 1_500
    daily_update: int = 5_000
