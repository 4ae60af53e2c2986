"""The state of the stand-in cabinet, and what tests and the command line do with it."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from starlette.applications import Starlette

from . import imports, stocks
from .app import ROLE_METHODS, build_app, known_paths
from .auth import Keys
from .catalog import Catalog
from .faults import Faults
from .limits import Limits
from .model import ImportTask, Json, Posting, Quotas, RecordedRequest, SandboxProduct, utc_now
from .orders import Orders

FIRST_PRODUCT_ID = 2_100_000_001
FIRST_SKU = 1_600_000_001
KEPT_REQUESTS = 50_000


class Sandbox:
    """A cabinet of one seller in memory.

    Time comes from `clock` only: import tasks, moderation, limits and orders are brought up to date lazily, at each request
    and at each look at the state. `data_dir` holds tree.json, attributes.json, dictionaries.json and brands.txt; `tree_file`
    replaces the first with a recorded answer of /v1/description-category/tree (UnreadableTree when it is none). `scale` and
    `brands`: see `catalog.Catalog`. `faults`: see the module `faults`; ValueError, naming the part, when it cannot be read.
    """

    def __init__(
        self,
        *,
        data_dir: Path | None = None,
        tree_file: Path | None = None,
        clock: Callable[[], datetime] = utc_now,
        latency_ms: int = 0,
        scale: int = 1,
        brands: int | None = None,
        faults: str = "",
        import_delay_s: float = 0.5,
        order_interval_s: float = 20.0,
        stock_interval_s: float = 30.0,
        seed: int = 1,
        price_settle_s: float = 1.0,
    ) -> None:
        self.clock = clock
        self.started_at = clock()
        self.latency_ms = latency_ms
        self.stock_interval_s = stock_interval_s
        self.lock = threading.RLock()
        self.catalog = Catalog(data_dir or _default_data_dir(), tree_file, scale, brands)
        self.keys = Keys(ROLE_METHODS)
        self.limits = Limits()
        self.quotas = Quotas()
        self.usage = imports.DailyUsage()
        self.faults = Faults(faults, seed)
        if unknown := self.faults.paths - known_paths():
            raise ValueError(f"unknown method in the faults: {', '.join(sorted(unknown))}")
        self.warehouses = {warehouse.warehouse_id: warehouse for warehouse in stocks.WAREHOUSES}
        self.requests: list[RecordedRequest] = []
        self.shelf: dict[str, SandboxProduct] = {}
        self.by_id: dict[int, SandboxProduct] = {}
        self.tasks: dict[int, ImportTask] = {}
        self.waiting_tasks: list[ImportTask] = []
        self.settling: dict[str, datetime] = {}
        self.stock_changes: dict[tuple[int, int], datetime] = {}
        self.orders = Orders(self, order_interval_s, seed)
        self._import_delay = timedelta(seconds=import_delay_s)
        self._price_settle = timedelta(seconds=price_settle_s)
        self._skus = 0
        self._app = build_app(self)

    @property
    def app(self) -> Starlette:
        """The ASGI application."""
        return self._app

    @property
    def products(self) -> Mapping[str, SandboxProduct]:
        """Cards by offer_id, as of now on the clock."""
        self.advance()
        return MappingProxyType(self.shelf)

    @property
    def postings(self) -> list[Json]:
        """Bodies of FBS and rFBS postings as /v4/posting/fbs/list gives them, oldest first."""
        self.advance()
        return [posting.body for posting in self.orders.postings.values() if posting.scheme != "fbo"]

    @property
    def fbo_postings(self) -> list[Json]:
        """Bodies of FBO postings as /v3/posting/fbo/list gives them, oldest first."""
        self.advance()
        return [posting.body for posting in self.orders.postings.values() if posting.scheme == "fbo"]

    def advance(self) -> None:
        """Let everything happen that is due by the clock."""
        with self.lock:
            now = self.clock()
            while self.waiting_tasks and self.waiting_tasks[0].created_at + self._import_delay <= now:
                task = self.waiting_tasks.pop(0)
                imports.finish(self, task, task.created_at + self._import_delay)
            for offer_id in [offer_id for offer_id, due in self.settling.items() if due <= now]:
                self._send_prices(self.shelf[offer_id], self.settling.pop(offer_id))
            self.orders.advance(now)

    def settle_later(self, product: SandboxProduct, moment: datetime) -> None:
        """Called once an import has made a card: its prices are sent after price_settle_s."""
        self.settling[product.offer_id] = moment + self._price_settle

    def find_product(self, item: Json) -> SandboxProduct | None:
        """By offer_id, which wins, or by product_id."""
        if item.get("offer_id"):
            return self.shelf.get(str(item["offer_id"]))
        return self.by_id.get(int(item.get("product_id") or 0))

    def next_product_id(self) -> int:
        return FIRST_PRODUCT_ID + len(self.by_id)

    def record(self, request: RecordedRequest) -> None:
        """Remember a request; the oldest are dropped so that a sandbox may run for days."""
        self.requests.append(request)
        if len(self.requests) > 2 * KEPT_REQUESTS:
            del self.requests[:-KEPT_REQUESTS]

    def reset_requests(self) -> None:
        """Forget the requests so far."""
        self.requests.clear()

    def revoke_key(self, key: str) -> None:
        """The key answers 403 from now on; ValueError for a key the sandbox does not know."""
        self.keys.revoke(key)

    def place_order(self, offer_id: str, quantity: int = 1, *, scheme: str = "fbs") -> str:
        """A buyer orders (scheme fbs, rfbs or fbo); returns the posting number.

        ValueError when the product is unknown, not on sale yet, or no warehouse of the scheme has enough. An order placed this
        way is never cancelled by itself.
        """
        with self.lock:
            self.advance()
            product = self.shelf.get(offer_id)
            if product is None or not product.is_created or product.archived:
                raise ValueError(f"product {offer_id!r} is not on sale")
            return self.orders.place(product, quantity, scheme, self.clock()).number

    def set_posting_status(self, posting_number: str, status: str) -> None:
        """Move a posting to awaiting_deliver, delivering, delivered or cancelled. ValueError when it is unknown or final."""
        with self.lock:
            self.advance()
            self.orders.set_status(self._posting(posting_number), status, self.clock())

    def summary(self) -> dict[str, object]:
        """Counts to show to people: cards, postings, requests."""
        with self.lock:
            self.advance()
            cards = self.shelf.values()
            statuses = [posting.status for posting in self.orders.postings.values()]
            return {
                "products": len(cards),
                "products_with_price": sum(product.is_created for product in cards),
                "products_with_stock": sum(product.free > 0 for product in cards),
                "products_archived": sum(product.archived for product in cards),
                "postings": len(statuses),
                "postings_new": statuses.count("awaiting_packaging"),
                "postings_cancelled": statuses.count("cancelled"),
                "requests": len(self.requests),
                "types": self.catalog.type_count,
            }

    def _posting(self, number: str) -> Posting:
        posting = self.orders.postings.get(number)
        if posting is None:
            raise ValueError(f"unknown posting {number!r}")
        return posting

    def _send_prices(self, product: SandboxProduct, moment: datetime) -> None:
        if product.status != "imported":
            return
        product.status = "price_sent"
        product.updated_at = moment
        product.sku = FIRST_SKU + self._skus
        self._skus += 1


def _default_data_dir() -> Path:
    """Imported late so that the sandbox with data of its own needs nothing else of the package."""
    from ...paths import resource

    return resource("sandbox")
