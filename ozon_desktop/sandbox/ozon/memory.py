"""What the stand-in cabinet holds: the methods and the passing of time read and change it, and nothing else."""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from .auth import Keys
from .catalog import Catalog
from .faults import Faults
from .limits import DayCount, Limits
from .model import (
    Carriage,
    Contract,
    GoodsSize,
    ImportTask,
    Json,
    LabelTask,
    Moderation,
    Posting,
    Quotas,
    RecordedRequest,
    SandboxProduct,
    Timing,
    Warehouse,
)
from .refusals import Refusals

FIRST_PRODUCT_ID = 2_100_000_001
FIRST_SKU = 1_600_000_001
FIRST_TASK_ID = 1_720_000_001
FIRST_EXEMPLAR = 1_019_562_967_545_956
KEPT_REQUESTS = 50_000
TOTAL_REMOVED = datetime(2026, 11, 23, tzinfo=UTC)
"""Official: from this day lists of products have no `total`, only `total_items`."""

_log = logging.getLogger(__name__)
WAREHOUSES = (
    Warehouse(1020005000000101, "Основной склад"),
    Warehouse(1020005000000102, "Склад на Лесной"),
    Warehouse(1020005000000103, "Самовывоз rFBS", is_rfbs=True),
    Warehouse(1020005000000104, "Старый склад", status="disabled"),
)
MORE_WAREHOUSES = (
    Warehouse(1020005000000105, "Новый склад", status="new"),
    Warehouse(1020005000000106, "Склад на паузе", status="disabled_due_to_limit"),
    Warehouse(1020005000000107, "Склад КГТ", goods=GoodsSize.LARGE),
    Warehouse(1020005000000108, "Склад без КГТ", goods=GoodsSize.COMMON),
    Warehouse(1020005000000109, "rFBS на паузе", is_rfbs=True, paused=True),
    Warehouse(1020005000000110, "Заблокированный склад", status="blocked"),
)
"""Those that do not take every stock; a cabinet has them on request."""


class Memory:
    """The state of one cabinet. Whoever reads or changes it outside of a request holds `lock`.

    `shelf` has the cards by offer_id, `by_id` the same by product_id in ascending order; `moderation` what is being looked at,
    by offer_id; `active` the postings that still move; `archiving` when a product goes into the archive, by product_id; `stock_changes`
    when the stock of a (product_id, warehouse_id) was last set. `total_removed`: see TOTAL_REMOVED. `unknown_fields`: how often
    (path, field) was sent that the method does not have; `items[].price` is the name of a field within a list.

    Trouble on demand: `ship_failures`: how many of the next accepted ship calls end in `ship_failed`; `mark_timeouts`: of the next pieces
    with marks whose check Ozon does not get done; `missing_labels`: of the next postings that are left out of a file of labels without a
    word, `never_labelled`: those that always are; `not_in_circulation`: marks the state does not know as sold. `needs`: what Ozon asks for
    with each product before the assembling, by offer_id.
    """

    def __init__(self, catalog: Catalog, keys: Keys, faults: Faults, timing: Timing, clock: Callable[[], datetime]) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.started_at = clock()
        self.catalog = catalog
        self.keys = keys
        self.faults = faults
        self.timing = timing
        self.latency_ms = 0
        self.limits = Limits()
        self.quotas = Quotas()
        self.contract = Contract()
        self.refusals = Refusals()
        self.created_today = DayCount()
        self.updated_today = DayCount()
        self.restored_today = DayCount()
        self.total_removed = TOTAL_REMOVED
        self.unknown_fields: Counter[tuple[str, str]] = Counter()
        self.warehouses = {warehouse.warehouse_id: warehouse for warehouse in WAREHOUSES}
        self.requests: list[RecordedRequest] = []
        self.shelf: dict[str, SandboxProduct] = {}
        self.by_id: dict[int, SandboxProduct] = {}
        self._barcodes: dict[str, str] = {}
        self.tasks: dict[int, ImportTask] = {}
        self.waiting_tasks: list[ImportTask] = []
        self.moderation: dict[str, Moderation] = {}
        self.archiving: dict[int, datetime] = {}
        self.stock_changes: dict[tuple[int, int], datetime] = {}
        self.postings: dict[str, Posting] = {}
        self.active: dict[str, Posting] = {}
        self.returns: list[Json] = []
        self.label_tasks: dict[int, LabelTask] = {}
        self._tasks = 0
        self.ship_failures = 0
        self.mark_timeouts = 0
        self.missing_labels = 0
        self.never_labelled: set[str] = set()
        self.carriages: dict[int, Carriage] = {}
        self.needs: dict[str, frozenset[str]] = {}
        self.not_in_circulation: set[str] = set()
        self._exemplars = 0
        self._skus = 0
        self._deleted = 0

    def find_product(self, offer_id: str, product_id: int) -> SandboxProduct | None:
        """By offer_id, which wins, or by product_id."""
        return self.shelf.get(offer_id) if offer_id else self.by_id.get(product_id)

    def add_product(self, product: SandboxProduct) -> None:
        self.shelf[product.offer_id] = self.by_id[product.product_id] = product
        self.note_barcode(product)

    def delete_product(self, product: SandboxProduct) -> None:
        """As if it had never been; its number is not given again."""
        self._deleted += 1
        del self.shelf[product.offer_id], self.by_id[product.product_id]
        self.moderation.pop(product.offer_id, None)
        self.archiving.pop(product.product_id, None)

    def note_barcode(self, product: SandboxProduct) -> None:
        """Remember whose the barcodes of a card are, after the card changed."""
        self._barcodes.update(dict.fromkeys(product.barcodes, product.offer_id))

    def barcode_owner(self, barcode: str) -> SandboxProduct | None:
        """The card that has a barcode."""
        product = self.shelf.get(self._barcodes.get(barcode, ""))
        return product if product is not None and barcode in product.barcodes else None

    def next_product_id(self) -> int:
        return FIRST_PRODUCT_ID + len(self.by_id) + self._deleted

    def next_task_id(self) -> int:
        self._tasks += 1
        return FIRST_TASK_ID + self._tasks - 1

    def next_exemplar(self) -> int:
        self._exemplars += 1
        return FIRST_EXEMPLAR + 7 * self._exemplars

    def next_sku(self) -> int:
        self._skus += 1
        return FIRST_SKU + self._skus - 1

    def note_unknown(self, path: str, field: str) -> None:
        """A field that is ignored, as Ozon does: the log has it once, the summary counts it."""
        if not self.unknown_fields[path, field]:
            _log.warning("%s: the field %s is unknown and ignored", path, field)
        self.unknown_fields[path, field] += 1

    def totals(self, count: int) -> Json:
        """How many elements a list of products has, under the names that it has at this time."""
        return {"total_items": count} if self.clock() >= self.total_removed else {"total": count, "total_items": count}

    def record(self, request: RecordedRequest) -> None:
        """Remember a request; the oldest are dropped so that a sandbox may run for days."""
        self.requests.append(request)
        if len(self.requests) > 2 * KEPT_REQUESTS:
            del self.requests[:-KEPT_REQUESTS]
