"""What orders give: the list, what a fetch brought, what was handed over, labels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from ozon_desktop.domain.journal import RunProblem
from ozon_desktop.domain.orders import ExportSettings, Order
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.domain.store_connection import OrdersHeld, PlacedOrder, StoreConnection
from ozon_desktop.errors import AppError
from ozon_desktop.services.runs.journalled import Counts
from ozon_desktop.wording.orders import not_exported_text


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """An order with what a list of tens of thousands asks of each at every key.

    search: the folded text it is found by; is_new: the store has not got it yet.
    """

    order: Order
    number: str
    search: str
    state: str
    scheme: str
    currency: str
    total: Decimal
    is_new: bool


def order_entry(order: Order, is_new: bool) -> OrderEntry:
    """Found by the numbers of posting and order, and by articles and names of its products."""
    posting = order.posting
    goods = " ".join(f"{line.offer_id} {line.name}" for line in posting.products)
    currency = posting.products[0].currency if posting.products else "RUB"
    search = fold(f"{posting.posting_number} {posting.order_number} {goods}")
    return OrderEntry(order, posting.posting_number, search, order.state, posting.scheme, currency, posting.total, is_new)


@dataclass(frozen=True, slots=True)
class OrdersView:
    """Orders newest first, and names by id.

    entries: the same orders as a list shows them; connection: how the store gets them; placed: how they stand in a store that takes
    them over its connection, by posting number.
    """

    orders: tuple[Order, ...]
    organizations: dict[str, str]
    directions: dict[str, str]
    employees: dict[str, str]
    export: ExportSettings = field(default_factory=ExportSettings)
    entries: tuple[OrderEntry, ...] = ()
    connection: StoreConnection = field(default_factory=StoreConnection)
    placed: Mapping[str, PlacedOrder] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrdersFetched:
    """How many orders were new, known ones read again, and how many goods came back of.

    exported: handed over to the store after it; not_exported: why that failed; unwritten: how many orders wait for the next time;
    changed: how many of the known ones are in another state; store_problems: of orders the store did not take whole.
    """

    new: int
    updated: int
    requests: int = 0
    returns: int = 0
    exported: int = 0
    not_exported: AppError | None = None
    unwritten: int = 0
    changed: int = 0
    store_problems: tuple[RunProblem, ...] = ()

    @property
    def is_news(self) -> bool:
        """Whether it brought anything the journal should tell of."""
        return bool(self.new or self.changed or self.returns or self.exported or self.problems)

    @property
    def failed_counts(self) -> Counts:
        """What the journal counts of orders that could not be written; () when all were."""
        return (("not_exported", self.unwritten),) if self.not_exported is not None else ()

    @property
    def problems(self) -> tuple[RunProblem, ...]:
        """What the journal says of orders that could not be written."""
        error = self.not_exported
        failed = (RunProblem("", "", type(error).__name__, not_exported_text(error)),) if error is not None else ()
        return (*failed, *self.store_problems)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What the store was given: how many orders, and the CommerceML files (the XLSX of the same name stands beside each).

    Over a connection there are no files. waiting: orders that a store fetches by itself, or that are held, and why; problems: of orders
    it did not take whole.
    """

    orders: int = 0
    files: tuple[Path, ...] = ()
    waiting: int = 0
    problems: tuple[RunProblem, ...] = ()
    held: OrdersHeld | None = None


@dataclass(frozen=True, slots=True)
class LabelsPrinted:
    """files: one PDF for each 100 postings; printed: postings with a label; refused: posting numbers with the reason in words.

    A reason "" means an FBO posting: Ozon labels those itself.
    """

    files: tuple[Path, ...]
    printed: int
    refused: tuple[tuple[str, str], ...]
