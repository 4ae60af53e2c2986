"""The stand-in cabinet as tests and the command line use it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from starlette.applications import Starlette

from ...paths import resource
from .app import build_app
from .auth import Keys
from .catalog import Catalog
from .faults import Faults
from .import_item import CURRENCY
from .lifecycle import advance_cards, auto_archive
from .memory import MORE_WAREHOUSES, Memory
from .methods import METHODS, ROLE_METHODS, ROLES_PATH
from .model import Contract, Json, RecordedRequest, SandboxProduct, Timing, utc_now
from .orders import Orders
from .refusals import Refusals


class Sandbox:
    """A cabinet of one seller; all it holds is in `memory`.

    Time comes from `clock` only: import tasks, moderation, limits and orders are brought up to date lazily, at each request
    and at each look at the state. `data_dir` holds tree.json, attributes.json, dictionaries.json and brands.txt; `tree_file`
    replaces the first with a recorded answer of /v1/description-category/tree (UnreadableTree when it is none). `scale` and
    `brands`: see `catalog.Catalog`. How long things take may be changed in `memory.timing` later; `timing`: the fields of `model.Timing`
    that have no argument of their own.
    `assemble_s`: a played seller ships each posting so many seconds after it was ordered, None = postings wait for a ship call.
    `faults` and `refuse`: see the modules `faults` and `refusals`; ValueError, naming the part,
    when one cannot be read. `currency`: that of the cabinet. `certified_brands`: those sold with a certificate only.
    `all_warehouses`: also those that take no stock or not every product.
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
        moderation_s: float = 1.0,
        assemble_s: float | None = None,
        timing: Mapping[str, timedelta | None] = MappingProxyType({}),
        currency: str = CURRENCY,
        refuse: Iterable[str] = (),
        certified_brands: Iterable[str] = (),
        all_warehouses: bool = False,
    ) -> None:
        self.memory = Memory(
            Catalog(data_dir or resource("sandbox"), tree_file, scale, brands),
            Keys(ROLE_METHODS),
            Faults(faults, seed),
            Timing(timedelta(seconds=import_delay_s), timedelta(seconds=moderation_s), timedelta(seconds=stock_interval_s)),
            clock,
        )
        self.memory.latency_ms = latency_ms
        self.memory.timing.assembling = None if assemble_s is None else timedelta(seconds=assemble_s)
        for name, length in timing.items():
            setattr(self.memory.timing, name, length)
        self.memory.contract = Contract(currency, frozenset(name.strip().casefold() for name in certified_brands))
        self.memory.refusals = Refusals(refuse)
        if all_warehouses:
            self.memory.warehouses.update({warehouse.warehouse_id: warehouse for warehouse in MORE_WAREHOUSES})
        if unknown := self.memory.faults.paths - {ROLES_PATH, *METHODS}:
            raise ValueError(f"unknown method in the faults: {', '.join(sorted(unknown))}")
        self.orders = Orders(self.memory, order_interval_s, seed)
        self._app = build_app(self.memory, self.advance)

    @property
    def app(self) -> Starlette:
        """The ASGI application."""
        return self._app

    @property
    def dates_answers(self) -> bool:
        """Ozon's time is nobody's matter."""
        return False

    @property
    def products(self) -> Mapping[str, SandboxProduct]:
        """Cards by offer_id, as of now on the clock."""
        self.advance()
        return MappingProxyType(self.memory.shelf)

    @property
    def postings(self) -> list[Json]:
        """Bodies of FBS and rFBS postings as /v4/posting/fbs/list gives them, oldest first."""
        self.advance()
        return [posting.body for posting in self.memory.postings.values() if posting.scheme != "fbo"]

    @property
    def fbo_postings(self) -> list[Json]:
        """Bodies of FBO postings as /v3/posting/fbo/list gives them, oldest first."""
        self.advance()
        return [posting.body for posting in self.memory.postings.values() if posting.scheme == "fbo"]

    @property
    def requests(self) -> list[RecordedRequest]:
        """The newest requests, oldest first."""
        return self.memory.requests

    def reset_requests(self) -> None:
        """Forget the requests so far."""
        self.memory.requests.clear()

    def advance(self) -> None:
        """Let everything happen that is due by the clock."""
        with self.memory.lock:
            now = self.memory.clock()
            advance_cards(self.memory, now)
            self.orders.advance(now)

    def auto_archive(self, offer_id: str) -> None:
        """Ozon puts a product into the archive by itself; ValueError when it is unknown, or has stock or orders."""
        with self.memory.lock:
            self.advance()
            product = self.memory.shelf.get(offer_id)
            if product is None or not auto_archive(product, self.memory.clock()):
                raise ValueError(f"product {offer_id!r} cannot be archived")

    def add_to_promotion(self, price_share: Decimal) -> dict[str, Decimal]:
        """Ozon adds products to a promotion of its own: the promotion's prices, a share of the selling price, by article.

        Those it may add by itself, and not below a lowest price that it heeds at this moment.
        """
        with self.memory.lock:
            self.advance()
            now = self.memory.clock()
            offers = {one.offer_id: round(one.price * price_share, 2) for one in self.memory.shelf.values() if one.in_ozon_actions}
            shelf = self.memory.shelf
            return {
                offer_id: price
                for offer_id, price in offers.items()
                if price >= shelf[offer_id].min_price or not shelf[offer_id].minimum_binds(now)
            }

    def delete_product(self, offer_id: str) -> None:
        """Somebody deletes the card in the cabinet, by hand; ValueError when it is unknown."""
        with self.memory.lock:
            self.advance()
            product = self.memory.shelf.get(offer_id)
            if product is None:
                raise ValueError(f"unknown product {offer_id!r}")
            self.memory.delete_product(product)

    def revoke_key(self, key: str) -> None:
        """The key answers 403 from now on; ValueError for a key the sandbox does not know."""
        self.memory.keys.revoke(key)

    def place_order(self, offer_id: str, quantity: int = 1, *, scheme: str = "fbs") -> str:
        """A buyer orders (scheme fbs, rfbs or fbo); returns the posting number.

        ValueError when the product is unknown, not on sale yet, or no warehouse of the scheme has enough. An order placed this
        way is never cancelled by itself.
        """
        with self.memory.lock:
            self.advance()
            product = self.memory.shelf.get(offer_id)
            if product is None or not product.is_created or product.archived:
                raise ValueError(f"product {offer_id!r} is not on sale")
            return self.orders.place(product, quantity, scheme, self.memory.clock()).number

    def place_parcel(self, goods: Mapping[str, int], *, scheme: str = "fbs") -> str:
        """One posting of several products; as `place_order`."""
        with self.memory.lock:
            self.advance()
            shelf = self.memory.shelf
            if missing := [offer for offer in goods if offer not in shelf or not shelf[offer].is_created or shelf[offer].archived]:
                raise ValueError(f"not on sale: {', '.join(missing)}")
            chosen = [(shelf[offer], count) for offer, count in goods.items()]
            return self.orders.place_all(chosen, scheme, self.memory.clock()).number

    def require(self, offer_id: str, *needs: str) -> None:
        """What Ozon asks for with a product before postings placed from now on are assembled.

        needs: names of `needs.FIELDS`, or `possible_mark`.
        """
        with self.memory.lock:
            self.memory.needs[offer_id] = frozenset(needs)

    def set_posting_status(self, posting_number: str, status: str) -> None:
        """Move a posting to awaiting_deliver, delivering, delivered or cancelled. ValueError when it is unknown or final."""
        with self.memory.lock:
            self.advance()
            posting = self.memory.postings.get(posting_number)
            if posting is None:
                raise ValueError(f"unknown posting {posting_number!r}")
            self.orders.set_status(posting, status, self.memory.clock())

    def summary(self) -> dict[str, object]:
        """Counts to show to people: cards, postings, requests, and fields in them that no method has."""
        with self.memory.lock:
            self.advance()
            cards = self.memory.shelf.values()
            statuses = [posting.status for posting in self.memory.postings.values()]
            return {
                "products": len(cards),
                "products_moderated": len(self.memory.moderation),
                "products_rejected": sum(product.declined or product.update_failed for product in cards),
                "products_with_price": sum(product.is_created for product in cards),
                "products_with_stock": sum(product.free > 0 for product in cards),
                "products_archived": sum(product.archived for product in cards),
                "postings": len(statuses),
                "postings_new": statuses.count("awaiting_packaging"),
                "postings_cancelled": statuses.count("cancelled"),
                "requests": len(self.memory.requests),
                "unknown_fields": self.memory.unknown_fields.total(),
                "types": self.memory.catalog.type_count,
            }
