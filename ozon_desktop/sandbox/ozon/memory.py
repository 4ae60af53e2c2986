"""What the stand-in cabinet holds: the methods and the passing of time read and change it, and nothing else."""

import threading
from collections.abc import Callable
from datetime import datetime

from .auth import Keys
from .catalog import Catalog
from .faults import Faults
from .limits import DayCount, Limits
from .model import ImportTask, Json, LabelTask, Posting, Quotas, RecordedRequest, SandboxProduct, Timing, Warehouse

FIRST_PRODUCT_ID = 2_100_000_001
FIRST_SKU = 1_600_000_001
KEPT_REQUESTS = 50_000
WAREHOUSES = (
    Warehouse(1020005000000101, "Основной склад"),
    Warehouse(1020005000000102, "Склад на Лесной"),
    Warehouse(1020005000000103, "Самовывоз rFBS", is_rfbs=True),
    Warehouse(1020005000000104, "Старый склад", status="disabled"),
)


class Memory:
    """The state of one cabinet. Whoever reads or changes it outside of a request holds `lock`.

    `shelf` has the cards by offer_id, `by_id` the same by product_id in ascending order; `settling` when the prices of a new
    card are sent, by offer_id; `stock_changes` when the stock of a (product_id, warehouse_id) was last set;
    `ship_failures` how many of the next accepted ship calls end in `ship_failed`.
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
        self.created_today = DayCount()
        self.updated_today = DayCount()
        self.warehouses = {warehouse.warehouse_id: warehouse for warehouse in WAREHOUSES}
        self.requests: list[RecordedRequest] = []
        self.shelf: dict[str, SandboxProduct] = {}
        self.by_id: dict[int, SandboxProduct] = {}
        self.tasks: dict[int, ImportTask] = {}
        self.waiting_tasks: list[ImportTask] = []
        self.settling: dict[str, datetime] = {}
        self.stock_changes: dict[tuple[int, int], datetime] = {}
        self.postings: dict[str, Posting] = {}
        self.returns: list[Json] = []
        self.label_tasks: dict[int, LabelTask] = {}
        self.ship_failures = 0
        self._skus = 0

    def find_product(self, offer_id: str, product_id: int) -> SandboxProduct | None:
        """By offer_id, which wins, or by product_id."""
        return self.shelf.get(offer_id) if offer_id else self.by_id.get(product_id)

    def add_product(self, product: SandboxProduct) -> None:
        self.shelf[product.offer_id] = self.by_id[product.product_id] = product

    def next_product_id(self) -> int:
        return FIRST_PRODUCT_ID + len(self.by_id)

    def next_sku(self) -> int:
        self._skus += 1
        return FIRST_SKU + self._skus - 1

    def record(self, request: RecordedRequest) -> None:
        """Remember a request; the oldest are dropped so that a sandbox may run for days."""
        self.requests.append(request)
        if len(self.requests) > 2 * KEPT_REQUESTS:
            del self.requests[:-KEPT_REQUESTS]
