"""All that the stand-in remembers, and the changes of it that touch more than one thing."""

import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from .auth import Users
from .faults import Faults
from .limits import Limits
from .model import AttributeField, CustomerOrder, Good, Named, RecordedRequest, utc_now

NAMESPACE = uuid.UUID("6f1d5c0a-38a4-4c62-9d0b-9a3c1a7c2f10")
LISTS = ("productfolder", "store", "organization", "employee", "saleschannel", "counterparty", "currency", "uom")
STATES = ("Новый", "Подтвержден", "Собран", "Отгружен", "Доставлен", "Возврат", "Отменен")
REQUESTS_KEPT = 20_000


class Memory:
    """goods, orders and lists by id, in the order they were made. stocks: pieces that lie there, by good and store.

    reserves: pieces reserved by orders, by good and store; store "" = the order names none. changed: when the stock of a good changed
    last. picture_links: lasting links to pictures, a matter of the tariff: given, silent (left out) or refuses (403 for asking).
    endless: lists of goods give their first page again and again, and say that there is more.
    lock: whoever reads or changes anything holds it.
    """

    def __init__(self, clock: Callable[[], datetime] = utc_now, limits: Limits | None = None) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.limits = limits or Limits()
        self.users = Users()
        self.faults = Faults()
        self.requests: list[RecordedRequest] = []
        self.picture_links = "given"
        self.endless = False
        self.account_id, self.group_id = self.made_id("account"), self.made_id("group")
        self.goods: dict[str, Good] = {}
        self.lists: dict[str, dict[str, Named]] = {kind: {} for kind in LISTS}
        self.price_types: dict[str, str] = {}
        self.attributes: dict[str, AttributeField] = {}
        self.states = {self.made_id(f"state {name}"): name for name in STATES}
        self.orders: dict[str, CustomerOrder] = {}
        self.stocks: dict[str, dict[str, Decimal]] = {}
        self.reserves: dict[str, dict[str, Decimal]] = {}
        self.changed: dict[str, datetime] = {}
        self._variants: dict[str, int] = {}
        self._last_number = 0

    @staticmethod
    def made_id(text: str) -> str:
        """The same id for the same text."""
        return str(uuid.uuid5(NAMESPACE, text))

    def characteristic_id(self, name: str) -> str:
        return self.made_id(f"characteristic {name}")

    def component_id(self, bundle_id: str, number: int) -> str:
        return self.made_id(f"component {bundle_id} {number}")

    def image_id(self, good_id: str, number: int) -> str:
        return self.made_id(f"image {good_id} {number}")

    def picture_link(self, good_id: str, number: int) -> str:
        """Where anybody can open the picture for good."""
        return f"https://cdn.moysklad.example/{self.account_id}/image/{self.image_id(good_id, number)}"

    def record(self, request: RecordedRequest) -> None:
        self.requests.append(request)
        if len(self.requests) > REQUESTS_KEPT:
            del self.requests[: REQUESTS_KEPT // 2]

    def next_number(self) -> str:
        self._last_number += 1
        return f"{self._last_number:05d}"

    # --- goods ------------------------------------------------------------------------------------------------------

    def add(self, good: Good) -> Good:
        self.goods[good.id] = good
        if good.kind == "variant":
            self._variants[good.product_id] = self._variants.get(good.product_id, 0) + 1
        return good

    def drop(self, good: Good) -> None:
        """For good; its stock reads as nothing from now on."""
        del self.goods[good.id]
        if good.kind == "variant":
            self._variants[good.product_id] -= 1
        self.touch_stock(good.id)

    def count_variants(self, product_id: str) -> int:
        return self._variants.get(product_id, 0)

    def of_kind(self, *kinds: str) -> Iterator[Good]:
        return (good for good in self.goods.values() if good.kind in kinds)

    def folder_path(self, folder_id: str) -> str:
        names: list[str] = []
        while folder_id and len(names) < 100:
            folder = self.lists["productfolder"][folder_id]
            names.insert(0, folder.name)
            folder_id = folder.parent_id
        return "/".join(names)

    # --- stocks -----------------------------------------------------------------------------------------------------

    def touch_stock(self, good_id: str) -> None:
        self.changed[good_id] = self.clock()

    def free(self, good_id: str) -> dict[str, Decimal]:
        """Pieces less reserves by store, zeros included; nothing at all of what is deleted or archived."""
        good = self.goods.get(good_id)
        found = dict(self.stocks.get(good_id, {}))
        for store, reserved in self.reserves.get(good_id, {}).items():
            found[store] = found.get(store, Decimal(0)) - reserved
        return found if good is not None and not good.archived else dict.fromkeys(found, Decimal(0))

    def reserve(self, order: CustomerOrder, sign: int) -> None:
        """Takes (1) or gives back (-1) what the order reserves. A bundle reserves its parts."""
        store = order.references.get("store", "")
        if not order.applicable or order.trashed is not None:
            return
        for line in order.positions:
            for good_id, each in self.parts(line.good_id):
                there = self.reserves.setdefault(good_id, {})
                there[store] = there.get(store, Decimal(0)) + sign * line.reserve * each
                self.touch_stock(good_id)

    def parts(self, good_id: str) -> Iterable[tuple[str, Decimal]]:
        """What lies in the store of a good: itself, or the parts of a bundle."""
        good = self.goods.get(good_id)
        if good is None or good.kind != "bundle":
            return ((good_id, Decimal(1)),)
        return tuple((id_, Decimal(str(quantity))) for id_, quantity in good.components)
