"""«Сомнительные значения» on the products page: how many there are, and the dialog that asks about them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.value_matching import DoubtfulValue
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.card.session import CardSession
from ozon_desktop.ui.products.doubtful.dialog import DoubtfulDialog
from ozon_desktop.ui.widgets.tool_dialog import show_one
from ozon_desktop.ui.worker import Job


class DoubtfulButton(QPushButton):
    """Hidden until there are such values. `decided` comes after every answer."""

    decided = Signal()

    def __init__(self, context: WindowContext, card: CardSession, parent: QWidget | None = None) -> None:
        super().__init__("Сомнительные значения", parent)
        self._context, self._card = context, card
        self._counting: Job | None = None
        self.dialog: DoubtfulDialog | None = None
        self.setObjectName("doubtful_button")
        self.setToolTip("Значения магазина, которых точно нет в справочниках Ozon: решите один раз")
        self.hide()
        self.clicked.connect(self.open_dialog)

    def count(self) -> None:
        if not self._context.integration_id:
            return
        if self._counting is not None:
            self._counting.cancel()
        work = self._context.application.cards.field_rules.doubtful_values(self._context.integration_id)
        self._counting = self._context.worker.run(work, on_done=self._counted, on_failed=self._not_counted)

    def _counted(self, values: list[DoubtfulValue]) -> None:
        self._counting = None
        # Once shown it stays: the answers given are looked at and taken back in the same place.
        self.setVisible(bool(values) or not self.isHidden())
        self.setText(f"Сомнительные значения: {wording.number(len(values))}")

    def _not_counted(self, _error: object) -> None:
        # The table reports the same failure, with a way to try again.
        self._counting = None

    def open_dialog(self) -> None:
        dialog = DoubtfulDialog(self._context, self._card.type_key, self.window())
        dialog.decided.connect(self.decided)
        dialog.finished.connect(self._dialog_gone)
        self.dialog = show_one(dialog)

    def _dialog_gone(self) -> None:
        self.dialog = None
