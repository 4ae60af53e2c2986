"""However orders, exports, hand-overs, cancellations and shipments fall, never more is offered than lies in the store unsold."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ozon_desktop.domain.cabinet import OzonWarehouse
from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.orders import Posting, PostingProduct
from ozon_desktop.domain.sold_pieces import (
    SoldFrom,
    SoldPosting,
    StockCount,
    StoreMoment,
    WriteOff,
    is_unwritten,
    left_the_store,
    summed,
)
from ozon_desktop.domain.stock_rules import StockRules, StockSplitter
from ozon_desktop.domain.store_catalog import StoreWarehouse

START = datetime(2026, 11, 30, tzinfo=UTC)
HOUSES = [OzonWarehouse(1, "Основной"), OzonWarehouse(2, "Дальний")]
STORES = [StoreWarehouse("a", "Основной"), StoreWarehouse("b", "Дальний")]
SPLITTER = StockSplitter(StockRules(), STORES, HOUSES, Scheme.FBS)
ACTIONS = ("order", "order", "look", "hand over", "export", "import", "cancel", "ship", "run", "run")


@dataclass
class Sale:
    """An order as it really is, and (`seen`) as the program last read it."""

    posting: Posting
    seen: SoldPosting | None = None
    written: bool = False

    @property
    def pieces(self) -> int:
        return self.posting.products[0].quantity


@dataclass
class World:
    """A store with one product on two warehouses, Ozon, and what the program knows of both.

    own: what the store believes to have, by warehouse; there: what really lies in it.
    """

    write_off: WriteOff
    own: dict[str, int] = field(default_factory=lambda: {"a": 6, "b": 4})
    there: int = 10
    free: dict[int, int] = field(default_factory=dict)
    sales: list[Sale] = field(default_factory=list)
    exported: tuple[dict[str, int], datetime] = field(default_factory=lambda: ({"a": 6, "b": 4}, START))
    imports: int = 1
    imported: tuple[dict[str, int], datetime] = field(default_factory=lambda: ({"a": 6, "b": 4}, START))
    now: datetime = START

    def act(self, action: str, which: int, pieces: int) -> None:
        self.now += timedelta(minutes=1)
        open_ = [sale for sale in self.sales if sale.posting.status == "awaiting_packaging"]
        match action:
            case "order":
                self._order(1 + which % 2, pieces)
            case "look":
                self._look()
            case "hand over":
                self._hand_over()
            case "export":
                self._export()
            case "import":
                self.imports, self.imported = self.imports + 1, self.exported
            case "cancel" if open_:
                sale = open_[which % len(open_)]
                self.free[sale.posting.warehouse_id] += sale.pieces
                sale.posting = replace(sale.posting, status="cancelled")
            case "ship" if open_:
                self._ship(open_[which % len(open_)])
            case "run":
                self._run()

    def _order(self, house: int, pieces: int) -> None:
        if self.free.get(house, 0) >= pieces:
            self.free[house] -= pieces
            line = PostingProduct("P", "", 1, pieces, Decimal(1), "RUB")
            number = str(len(self.sales))
            self.sales.append(Sale(Posting(number, "", 1, "fbs", "awaiting_packaging", "", self.now, None, (line,), house)))

    def _look(self) -> None:
        for sale in self.sales:
            known = sale.seen or SoldPosting(1, sale.posting)
            left = known.shipped is None and left_the_store(sale.posting)
            shipped = StoreMoment(self.imports, self.now) if left else known.shipped
            sale.seen = replace(known, posting=sale.posting, shipped=shipped)

    def _hand_over(self) -> None:
        for sale in self.sales:
            if sale.seen is not None and sale.seen.handed is None:
                sale.seen = replace(sale.seen, handed=StoreMoment(self.imports, self.now))

    def _export(self) -> None:
        """A store that writes off at the order has read what was handed over before it exports."""
        for sale in self.sales:
            if self.write_off is WriteOff.AT_ORDER and sale.seen is not None and sale.seen.handed is not None:
                self._write_off(sale)
        self.exported = dict(self.own), self.now

    def _ship(self, sale: Sale) -> None:
        sale.posting = replace(sale.posting, status="delivering", delivering_at=self.now)
        self.there -= sale.pieces
        if self.write_off is WriteOff.AT_SHIPMENT:
            self._write_off(sale)

    def _write_off(self, sale: Sale) -> None:
        left = 0 if sale.written else sale.pieces
        sale.written = True
        for store in ("a", "b") if sale.posting.warehouse_id == 1 else ("b", "a"):
            taken = min(self.own[store], left)
            self.own[store] -= taken
            left -= taken

    def _run(self) -> None:
        """Orders first, then the stocks; Ozon takes them as they are."""
        self._look()
        stocks, made_at = self.imported
        counts = [StockCount(self.imports, made_at, quantity <= 0) for quantity in stocks.values()]
        pieces: list[SoldFrom] = [
            (SPLITTER.stores_of(sale.posting.warehouse_id) or (), sale.pieces)
            for sale in self.sales
            if sale.seen is not None and is_unwritten(sale.seen, self.write_off, counts)
        ]
        held = tuple((store, Decimal(quantity)) for store, quantity in stocks.items())
        self.free = dict(SPLITTER.split(held, None, summed(pieces)))
        assert sum(self.free.values()) + self.promised <= self.there, f"{self.free} offered, {self.promised} promised, {self.there} there"

    @property
    def promised(self) -> int:
        """Sold and still in the store."""
        return sum(sale.pieces for sale in self.sales if sale.posting.status == "awaiting_packaging")


steps = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 9), st.integers(1, 3)), min_size=30, max_size=60)


@settings(max_examples=300)
@given(st.sampled_from([WriteOff.AT_ORDER, WriteOff.AT_SHIPMENT]), steps)
def test_never_more_is_offered_than_lies_in_the_store_unsold(write_off: WriteOff, steps: list[tuple[str, int, int]]) -> None:
    world = World(write_off)
    world.act("run", 0, 1)
    for action, which, pieces in steps:
        world.act(action, which, pieces)
    world.act("run", 0, 1)


def test_what_is_not_subtracted_is_sold_twice() -> None:
    """The world can tell: a program that ignores sales offers more than there is."""
    world = World(WriteOff.AT_SHIPMENT)
    world.act("run", 0, 1)
    world.act("order", 0, 3)
    world.write_off = WriteOff.IGNORED
    with pytest.raises(AssertionError, match="3 promised"):
        world.act("run", 0, 1)


def test_all_is_offered_again_once_everything_is_written_off() -> None:
    for write_off, before in ((WriteOff.AT_ORDER, ("hand over",)), (WriteOff.AT_SHIPMENT, ("hand over", "ship", "look"))):
        world = World(write_off)
        for action in ("run", "order", "look", *before, "export", "import", "run"):
            world.act(action, 0, 3)
        assert sum(world.free.values()) == 7 == sum(world.own.values())
