"""What the manager says of cards and products, the same or not the same: sent to the service pair by pair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ozon_desktop import wording

if TYPE_CHECKING:
    from ozon_desktop.services.cabinet_cards import CabinetCardsService
    from ozon_desktop.ui.context import WindowContext
    from ozon_desktop.ui.products.adoption_model import AdoptionRow
    from ozon_desktop.ui.worker import Job


class Decisions(QObject):
    """told(what was done, why some rows were left out or ""); failed(error); busy_changed: work began or ended."""

    told = Signal(str, str)
    failed = Signal(object)
    busy_changed = Signal()

    def __init__(self, context: WindowContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._integration_id = context.integration_id
        self._job: Job | None = None
        self._left = ""

    @property
    def busy(self) -> bool:
        """Whether decisions are being written."""
        return self._job is not None

    def confirm(self, rows: Sequence[AdoptionRow]) -> None:
        """Each card is the product beside it. A card or a product that stands in two of the rows is left to be decided."""
        cards, products = Counter(row.ozon_id for row in rows), Counter(row.product_id for row in rows)
        single = [row for row in rows if cards[row.ozon_id] == 1 and products[row.product_id] == 1]
        left = len(rows) - len(single)
        text = self.tr("Не подтверждено строк: {0} — выделите по одной строке на карточку и на товар.").format(wording.number(left))
        self._send(single, same=True, left=text if left else "")

    def reject(self, rows: Sequence[AdoptionRow]) -> None:
        """No card is the product beside it. Equal articles are one card for Ozon, so they cannot be told apart."""
        other = [row for row in rows if row.card_offer.strip() != row.offer_id.strip()]
        left = len(rows) - len(other)
        text = self.tr("С одинаковым артикулом: {0} — для Ozon это одна карточка. Чтобы их разделить, измените артикул в магазине.")
        self._send(other, same=False, left=text.format(wording.number(left)) if left else "")

    def _send(self, rows: Sequence[AdoptionRow], *, same: bool, left: str) -> None:
        if self._job is not None:
            return
        if not rows:
            if left:
                self.told.emit("", left)
            return
        self._left = left
        work = _decide(self._context.application.cabinet_cards, self._integration_id, rows, same)
        done = self._confirmed if same else self._rejected
        self._job = self._context.worker.run(work, on_done=done, on_failed=self._not_decided, on_cancelled=self._ended)
        self.busy_changed.emit()

    def _confirmed(self, count: int) -> None:
        self.told.emit(self.tr("Подтверждено: {0}.").format(wording.plural(count, "карточка", "карточки", "карточек")), self._left)
        self._ended()

    def _rejected(self, count: int) -> None:
        self.told.emit(self.tr("Отклонено: {0}.").format(wording.plural(count, "пара", "пары", "пар")), self._left)
        self._ended()

    def _not_decided(self, error: object) -> None:
        self.failed.emit(error)
        self._ended()

    def _ended(self) -> None:
        self._job = None
        self.busy_changed.emit()
        # Also after a failure: the pairs before it are decided.
        self._context.data_changed.emit("cards")


async def _decide(service: CabinetCardsService, integration_id: int, rows: Sequence[AdoptionRow], same: bool) -> int:
    decide = service.confirm if same else service.reject
    for row in rows:
        await decide(integration_id, row.product_id, row.card_offer)
    return len(rows)
