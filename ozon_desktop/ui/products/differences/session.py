"""The comparison of the store's cards with the cabinet's, and the sides chosen in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from ozon_desktop.domain.card_differences import CardDifference, Side
from ozon_desktop.services.cabinet.cards import CabinetCardsService
from ozon_desktop.ui.context import WindowContext

Call = tuple[tuple[str, ...], str]
"""Products (none = all) and field ("" = all) of one choice, as the service takes them."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """names: of products by id; loaded_at: when the cards of the cabinet were read, None = never."""

    rows: list[CardDifference]
    names: dict[str, str]
    loaded_at: datetime | None


class DifferencesSession(QObject):
    """Choices are written one beside another; when the last of them is stored, the pages are asked to read again.

    products: only these, None = all. A side of None takes a choice back.
    """

    applied = Signal(int)
    """number of products that a choice for whole products, or a rule, changed"""
    failed = Signal(object)

    def __init__(self, context: WindowContext, products: Sequence[str] | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._integration_id = context.integration_id
        self._writing = 0
        self._taken_back: set[tuple[str, str]] = set()
        self.products = None if products is None else tuple(products)

    @property
    def writing(self) -> bool:
        return self._writing > 0

    @property
    def _service(self) -> CabinetCardsService:
        return self._context.application.cabinet_cards

    async def compare(self) -> Comparison:
        """Works offline."""
        rows = await self._service.differences(self._integration_id, self.products)
        report = await self._service.report(self._integration_id)
        names = {card.product.product_id: card.product.name for card in report.matched if card.product is not None}
        return Comparison(rows, names, report.loaded_at)

    def choose(self, rows: Sequence[CardDifference], side: Side | None) -> None:
        """For these fields of their products; all of them have sides to choose."""
        calls: dict[str, list[str]] = {}
        for row in rows:
            calls.setdefault(row.field, []).append(row.product_id)
        if side is None:
            self._taken_back = {(row.product_id, row.field) for row in rows}
        self._write(side, [(tuple(products), field) for field, products in calls.items()], self._written)

    def choose_products(self, product_ids: Sequence[str], side: Side | None) -> None:
        """For all fields of these products."""
        self._write(side, [(tuple(product_ids), "")] if product_ids else [], self._applied if side is not None else self._written)

    def make_rule(self, field: str, side: Side | None) -> None:
        """For a field of all products, now and later."""
        self._write(side, [((), field)], self._applied if side is not None else self._written)

    def still_chosen(self, rows: Sequence[CardDifference]) -> int:
        """How many of the choices that were taken back last hold by a wider one; each is counted once."""
        kept = sum(row.side is not None and (row.product_id, row.field) in self._taken_back for row in rows)
        self._taken_back = set()
        return kept

    def _write(self, side: Side | None, calls: list[Call], done: Callable[[int], object]) -> None:
        if calls:
            self._writing += 1
            work = self._stored(side, calls)
            self._context.worker.run(work, on_done=done, on_failed=self._not_written, on_cancelled=self._written)

    async def _stored(self, side: Side | None, calls: Sequence[Call]) -> int:
        """In the worker: gives the number of changes, a product counted for each of its fields."""
        choose, integration_id = self._service.choose, self._integration_id
        return sum([await choose(integration_id, side, product_ids=products, field=field) for products, field in calls])

    def _written(self, *_: object) -> None:
        self._writing -= 1
        if not self._writing:
            self._context.data_changed.emit("cards")

    def _applied(self, products: int) -> None:
        self.applied.emit(products)
        self._written()

    def _not_written(self, error: object) -> None:
        self._taken_back.clear()
        self.failed.emit(error)
        self._written()
