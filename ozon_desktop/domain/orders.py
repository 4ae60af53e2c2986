"""Postings brought from Ozon, the store orders made of them, what came back, and how orders reach the store."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from ozon_desktop.domain.fbs import ProductNeeds, TariffStep
from ozon_desktop.domain.integration import IntegrationSettings

CANCELLED = frozenset({"cancelled", "cancelled_from_split_pending", "not_accepted"})
RETURNED, PARTLY_RETURNED = "returned", "partly_returned"
UNASSEMBLED = frozenset({"awaiting_registration", "awaiting_approve", "awaiting_verification", "awaiting_packaging"})
"""Statuses before the seller's assembling."""

ENDED = frozenset({"delivered", "cancelled", RETURNED, PARTLY_RETURNED})
"""States Ozon does not change any more by itself; what comes back after them is in the list of returns."""

CANCELLATION = "Cancellation"
"""The kind of a return that only brings the goods of a cancelled posting back."""
LONGEST_PERIOD = timedelta(days=360)
"""Ozon lists postings of at most a year at once."""
NUMBERS_A_REQUEST = 100


@dataclass(frozen=True, slots=True)
class PostingProduct:
    """One line of a posting. price per piece."""

    offer_id: str
    name: str
    sku: int
    quantity: int
    price: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Posting:
    """Ozon's order parcel. scheme: fbs | fbo | rfbs. Times are UTC. delivering_at: when Ozon took the goods, None = it has not.

    late_at: from when on handing over is late; actions: what Ozon lets the seller do now, an open list of words; method: the delivery
    method; parent: the posting it was split from; affects_rating: its cancellation costs the seller rating.
    """

    posting_number: str
    order_number: str
    order_id: int
    scheme: str
    status: str
    substatus: str
    created_at: datetime | None
    shipment_date: datetime | None
    products: tuple[PostingProduct, ...]
    warehouse_id: int = 0
    warehouse_name: str = ""
    cancel_reason: str = ""
    delivering_at: datetime | None = None
    late_at: datetime | None = None
    actions: tuple[str, ...] = ()
    needs: tuple[ProductNeeds, ...] = ()
    tariffs: tuple[TariffStep, ...] = ()
    method_id: int = 0
    method_name: str = ""
    parent: str = ""
    express: bool = False
    affects_rating: bool = False
    tracking_number: str = ""

    @property
    def total(self) -> Decimal:
        return sum((line.price * line.quantity for line in self.products), Decimal(0))


@dataclass(frozen=True, slots=True)
class OrderReturn:
    """Goods of a posting on their way back. kind: Cancellation | FullReturn | PartialReturn | ClientReturn; status: in Ozon's words.

    place: where they are, target: where they go (Ozon keeps what came back without a complaint for itself). paid_from: when lying there
    begins to cost, storage: what it has cost so far; barcode: shown to get them.
    """

    id: int
    posting_number: str
    offer_id: str
    quantity: int
    kind: str
    reason: str
    status: str
    changed_at: datetime | None
    place: str = ""
    target: str = ""
    paid_from: datetime | None = None
    storage: Decimal = Decimal(0)
    barcode: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What the store gets: a posting with the organization, direction and responsible employee set on the page."""

    integration_id: int
    posting: Posting
    organization_id: str | None
    direction_id: str | None
    responsible_id: str | None
    received_at: datetime
    exported_at: datetime | None = None
    returns: tuple[OrderReturn, ...] = ()

    @property
    def state(self) -> str:
        """The posting's status, or `returned` and `partly_returned` once the buyer's goods come back."""
        back = sum(entry.quantity for entry in self.returns if entry.kind != CANCELLATION)
        if not back:
            return self.posting.status
        return RETURNED if back >= sum(line.quantity for line in self.posting.products) else PARTLY_RETURNED


class ExportEncoding(StrEnum):
    """Encodings back offices read CommerceML in."""

    UTF_8 = "utf-8"
    WINDOWS_1251 = "windows-1251"


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """Where orders are written for the store. folder "": they are not. again: also when the state of a written one changes."""

    folder: str = ""
    encoding: ExportEncoding = ExportEncoding.UTF_8
    again: bool = False


@dataclass(frozen=True, slots=True)
class OrderBatch:
    """Orders written into one pair of files. number: counted from 1 in each integration, so the files' names are known beforehand.

    installation: the program's installation that began it, whose name the files bear; "" = one of a release without.
    """

    integration_id: int
    number: int
    posting_numbers: tuple[str, ...]
    created_at: datetime
    installation: str = ""


@dataclass(frozen=True, slots=True)
class LabelTask:
    """Labels Ozon prints. unprinted: posting numbers with Ozon's reasons; url: of the PDF once it is ready; error: Ozon's own text.

    printed: how many are in the PDF, None = Ozon does not say.
    """

    ready: bool
    url: str = ""
    error: str = ""
    unprinted: tuple[tuple[str, str], ...] = ()
    printed: int | None = None


def order_of(posting: Posting, integration_id: int, settings: IntegrationSettings, now: datetime) -> Order:
    """The store order of a posting seen for the first time."""
    return Order(
        integration_id,
        posting,
        settings.organization_id,
        settings.order_direction_id,
        settings.responsible_employee_id,
        now,
    )


def periods(since: datetime, to: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The time between, in pieces Ozon takes."""
    while to - since > LONGEST_PERIOD:
        yield since, since + LONGEST_PERIOD
        since += LONGEST_PERIOD
    yield since, to


def followed(orders: Sequence[Order]) -> Iterator[list[Order]]:
    """Orders in lists one request can ask for: at most 100 of at most a year, oldest first."""
    group: list[Order] = []
    for order in sorted(orders, key=placed_at):
        if group and (len(group) == NUMBERS_A_REQUEST or placed_at(order) - placed_at(group[0]) > LONGEST_PERIOD - timedelta(days=2)):
            yield group
            group = []
        group.append(order)
    if group:
        yield group


def placed_at(order: Order) -> datetime:
    """When it was ordered; when the program saw it, if Ozon does not say."""
    return order.posting.created_at or order.received_at
