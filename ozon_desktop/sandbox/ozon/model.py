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
    """How long things take in the cabinet; may be changed while the sandbox answers.

    moderation: from the end of an import until the card is on sale; task_memory: how long the answer of an import is kept;
    archive_delay: from the answer of /v1/product/archive until it is done; auto_archive: how long a card on sale lies without
    stock until Ozon archives it by itself, None = it never does.
    assembling: a played seller ships each posting this long after it was ordered; None = only a ship call does. ship_delay: from
    an accepted ship call until the posting waits to be handed over. shipment_after: from the order to its `shipment_date`.
    cancel_unshipped: from that date until the cancellation of what was not shipped; None = never. label_delay: for a file of labels.
    label_ready: from the assembling of a posting until it has a label. mark_check: until marks that were set are checked. list_lag: how
    much later than a single posting the lists show a change of its state. needs_carriage: an assembled FBS posting leaves with an approved
    carriage only, not by itself. act_delay: from the approval of a carriage until its documents are there.
    """

    import_delay: timedelta
    moderation: timedelta
    stock_interval: timedelta
    task_memory: timedelta = timedelta(hours=24)
    archive_delay: timedelta = timedelta(seconds=0.1)
    auto_archive: timedelta | None = None
    assembling: timedelta | None = None
    ship_delay: timedelta = timedelta(seconds=1)
    shipment_after: timedelta = timedelta(hours=20)
    cancel_unshipped: timedelta | None = timedelta(days=4)
    label_delay: timedelta = timedelta(seconds=1)
    label_ready: timedelta = timedelta(0)
    mark_check: timedelta = timedelta(seconds=1)
    list_lag: timedelta = timedelta(0)
    needs_carriage: bool = False
    act_delay: timedelta = timedelta(seconds=1)


@dataclass
class SandboxProduct:
    """One card. `item` is the item of /v3/product/import as it was last taken over.

    `status`: new (it did not pass validation), imported (moderation goes on, or `declined` it), price_sent (on sale).
    `moderating`: its newest values are looked at; `update_failed`: they were refused, and the card goes on with the old ones.
    `autoarchived`: by Ozon itself, together with `archived`. `stocks` holds what the seller set minus what orders took, `reserved`
    what orders hold; both by warehouse_id.
    `sku` is 0 until the card has passed moderation, as in a real cabinet. `auto_actions`: promotions apply to it by themselves.
    `heeds_minimum`: adding to promotions heeds the lowest price, until `minimum_ends_at`. `in_ozon_actions`: Ozon adds it by itself.
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
    autoarchived: bool = False
    moderating: bool = False
    declined: bool = False
    update_failed: bool = False
    stocks: dict[int, int] = field(default_factory=dict)
    reserved: dict[int, int] = field(default_factory=dict)
    errors: list[Json] = field(default_factory=list)
    price_changes: list[datetime] = field(default_factory=list)
    auto_actions: bool = False
    heeds_minimum: bool = False
    minimum_ends_at: datetime | None = None
    in_ozon_actions: bool = False
    more_barcodes: list[str] = field(default_factory=list)

    @property
    def barcodes(self) -> list[str]:
        """All of the card: that of its import, then those that were added."""
        return [*([self.item.barcode] if self.item.barcode else []), *self.more_barcodes]

    @property
    def name(self) -> str:
        return self.item.name

    @property
    def is_created(self) -> bool:
        """True once prices were sent: only then stocks are accepted."""
        return self.status == "price_sent"

    def minimum_binds(self, now: datetime) -> bool:
        """Whether Ozon may not go below the lowest price when it adds the product to a promotion."""
        return self.heeds_minimum and self.minimum_ends_at is not None and self.minimum_ends_at > now

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
class Moderation:
    """The look at one card: when it ends, whether it refuses the card, and what it finds."""

    ends_at: datetime
    rejects: bool
    complaints: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelTask:
    """One file that /v3/posting/fbs/package-label/create was asked for. refused: posting numbers without a label, each with the reason."""

    printed: tuple[str, ...]
    refused: dict[str, str]
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
class Exemplar:
    """One piece of a posting as Ozon numbers it. marks: (mark, its kind); set_at: when the last data were sent, None = never."""

    number: int
    marks: tuple[tuple[str, str], ...] = ()
    gtd: str = ""
    is_gtd_absent: bool = False
    rnpt: str = ""
    is_rnpt_absent: bool = False
    weight: float = 0.0
    set_at: datetime | None = None
    overdue: bool = False


Pieces = dict[str, int]
"""How many of each product, by offer_id."""


@dataclass
class Posting:
    """A posting: `body` is what the API shows, the rest is what the sandbox needs to move it on.

    pieces: what is in it; packages: the pieces of each parcel, by its number, of the accepted ship call that is under way since
    `ship_asked_at`; the first keeps the number of the posting. history: its statuses so far, with the moments they began. needs: what Ozon
    asks for before the assembling, by SKU. exemplars: its pieces once they were asked for, by SKU. shown_before: the body before the last
    change of the state. carriage: the number of the carriage it leaves with, 0 = none.
    """

    body: Json
    scheme: str
    pieces: Pieces
    warehouse_id: int
    created_at: datetime
    changed_at: datetime
    will_be_cancelled: bool = False
    packages: dict[str, Pieces] = field(default_factory=dict)
    ship_asked_at: datetime | None = None
    history: list[tuple[datetime, str]] = field(default_factory=list)
    needs: dict[int, frozenset[str]] = field(default_factory=dict)
    exemplars: dict[int, list[Exemplar]] = field(default_factory=dict)
    shown_before: Json | None = None
    carriage: int = 0

    @property
    def number(self) -> str:
        return str(self.body["posting_number"])

    @property
    def status(self) -> str:
        return str(self.body["status"])

    @property
    def quantity(self) -> int:
        return sum(self.pieces.values())

    @property
    def offers(self) -> dict[int, str]:
        """The articles of its products by SKU."""
        return {line["sku"]: line["offer_id"] for line in self.body["products"]}

    def ask_to_ship(self, packages: dict[str, Pieces], moment: datetime) -> None:
        """The ship call is accepted; it is carried out later. packages: the pieces in each parcel, by its number."""
        self.packages, self.ship_asked_at = packages, moment


@dataclass
class Carriage:
    """A hand-over of postings of one delivery method. approved_at: when the seller closed its list, None = not yet."""

    number: int
    warehouse_id: int
    created_at: datetime
    postings: list[str]
    approved_at: datetime | None = None
    cancelled: bool = False


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
    """Limits of the cabinet; change them to test with large catalogues. All are numbers of products.

    Recorded: the first three in a working cabinet (September 2025). Official: `daily_restore`, of products Ozon archived by itself.
    """

    total: int = 249_500
    daily_create: int = 1_500
    daily_update: int = 5_000
    daily_restore: int = 100
