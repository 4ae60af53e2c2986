"""What the manager decides about cards and products, the same or not the same: sent to the service in one step, and taken back in one."""

from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from ozon_desktop import wording
from ozon_desktop.domain.adoption import Decision
from ozon_desktop.services.cabinet.cards import CabinetCardsService
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.adoption.model import AdoptionRow
from ozon_desktop.ui.worker import Job


class Decisions(QObject):
    """reported(what was done, why some rows were left out or "", whether it can be undone); failed(error); busy_changed."""

    reported = Signal(str, str, bool)
    failed = Signal(object)
    busy_changed = Signal()

    def __init__(self, context: WindowContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._integration_id = context.integration_id
        self._job: Job | None = None
        self._left = ""
        self._count = 0

    @property
    def busy(self) -> bool:
        return self._job is not None

    @property
    def _service(self) -> CabinetCardsService:
        return self._context.application.cabinet_cards

    def confirm(self, rows: Sequence[AdoptionRow]) -> None:
        """Each card is the product beside it. A card or a product that stands in two of the rows is left to be decided."""
        cards, products = Counter(row.ozon_id for row in rows), Counter(row.product_id for row in rows)
        single = [row for row in rows if cards[row.ozon_id] == 1 and products[row.product_id] == 1]
        left = len(rows) - len(single)
        text = f"Не подтверждено строк: {wording.number(left)} — выделите по одной строке на карточку и на товар."
        self._decide(single, same=True, left=text if left else "")

    def reject(self, rows: Sequence[AdoptionRow]) -> None:
        """No card is the product beside it. Equal articles are one card for Ozon, so they cannot be kept apart."""
        other = [row for row in rows if row.card_offer.strip() != row.offer_id.strip()]
        left = len(rows) - len(other)
        text = "С одинаковым артикулом: {0} — для Ozon это одна карточка. Чтобы их разделить, измените артикул в магазине."
        self._decide(other, same=False, left=text.format(wording.number(left)) if left else "")

    def take_back(self, rows: Sequence[AdoptionRow]) -> None:
        """Forgets that these pairs were rejected."""
        if rows and not self.busy:
            self._send(self._service.take_back(self._integration_id, _pairs(rows, same=False)), self._taken_back, len(rows))

    def assign(self, product_id: str, card_offer: str) -> None:
        """A card that exists only on Ozon is this product's, though nothing connects them."""
        if not self.busy:
            self._send(self._service.assign(self._integration_id, product_id, card_offer), self._confirmed, 1)

    def undo(self) -> None:
        """Takes the last step back, all of its pairs."""
        if not self.busy:
            self._send(self._service.undo(self._integration_id), self._undone, 0)

    def _decide(self, rows: Sequence[AdoptionRow], *, same: bool, left: str) -> None:
        if self.busy:
            return
        if not rows:
            if left:
                self.reported.emit("", left, False)
            return
        work = self._service.decide(self._integration_id, _pairs(rows, same=same))
        self._send(work, self._confirmed if same else self._rejected, len(rows), left)

    def _send(self, work: Coroutine[Any, Any, Any], done: Callable[[Any], object], count: int, left: str = "") -> None:
        self._count, self._left = count, left
        self._job = self._context.worker.run(work, on_done=done, on_failed=self._not_decided, on_cancelled=self._ended)
        self.busy_changed.emit()

    def _confirmed(self, _: object) -> None:
        cards = wording.plural(self._count, "карточка", "карточки", "карточек")
        self.reported.emit(f"Подтверждено: {cards}.", self._left, True)
        self._ended()

    def _rejected(self, _: object) -> None:
        self.reported.emit(f"Отклонено: {_counted(self._count)}.", self._left, True)
        self._ended()

    def _taken_back(self, _: object) -> None:
        self.reported.emit(f"Отказ снят: {_counted(self._count)}.", "", True)
        self._ended()

    def _undone(self, count: int) -> None:
        text = f"Решение отменено: {_counted(count)}." if count else "Отменять нечего."
        self.reported.emit(text, "", False)
        self._ended()

    def _not_decided(self, error: object) -> None:
        self.failed.emit(error)
        self._ended()

    def _ended(self) -> None:
        self._job = None
        self.busy_changed.emit()
        self._context.data_changed.emit("cards")


def _counted(pairs: int) -> str:
    return wording.plural(pairs, "пара", "пары", "пар")


def _pairs(rows: Sequence[AdoptionRow], *, same: bool) -> list[Decision]:
    return [Decision(row.product_id, row.card_offer, same) for row in rows]
