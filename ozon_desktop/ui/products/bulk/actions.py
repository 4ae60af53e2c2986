"""What the products page does with several selected products: one field for all of them, and another type's lists."""

from PySide6.QtCore import QObject, Signal

from ozon_desktop import wording
from ozon_desktop.domain.carry_over import CarryOver
from ozon_desktop.services.cards.bulk import CardBulk
from ozon_desktop.services.cards.cards import CardDetails
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.bulk.dialog import BulkDialog
from ozon_desktop.ui.products.card.list_switch import ListSwitch
from ozon_desktop.ui.products.table.product_table import ProductTable
from ozon_desktop.ui.widgets.tool_dialog import show_one


class BulkActions(QObject):
    """Works on the rows selected in `table`. `changed`: cards were stored."""

    changed = Signal()
    reported = Signal(str, str)
    """text and kind of a message"""
    failed = Signal(object)

    def __init__(
        self, context: WindowContext, bulk: CardBulk, table: ProductTable, switch: ListSwitch, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._bulk, self._table, self._switch = context, bulk, table, switch
        self.dialog: BulkDialog | None = None
        table.chosen_changed.connect(self._selection_changed)
        switch.switched.connect(self._switched)
        switch.failed.connect(self.failed)

    def edit(self) -> None:
        """«Изменить поле…»: starts with the card of the first selected row."""
        selected = self._table.selected_ids()
        if selected:
            work = self._context.application.cards.details(self._context.integration_id, selected[0])
            self._context.worker.run(work, on_done=self._show_dialog, on_failed=self._failed)

    def _failed(self, error: object) -> None:
        self.failed.emit(error)

    def _show_dialog(self, details: CardDetails) -> None:
        if details.card.type is None or not details.card.fields:
            text = f"У товара {details.card.offer_id} ещё нет дополнительных полей: выделите первым другой."
            self.reported.emit(text, "attention")
            return
        dialog = BulkDialog(self._context, self._bulk, details, self._table.selected_ids(), self._table.window())
        dialog.applied.connect(self.changed)
        dialog.finished.connect(self._dialog_gone)
        self.dialog = show_one(dialog)

    def _selection_changed(self) -> None:
        if self.dialog is not None:
            self.dialog.set_products(self._table.selected_ids())

    def _dialog_gone(self) -> None:
        self.dialog = None

    def switch(self) -> None:
        """«Перейти на список категории» for the selected cards that need it; what carries over is shown first."""
        ids = self._table.products.other_lists(set(self._table.selected_ids()))
        if ids:
            cards = wording.plural(len(ids), "карточки", "карточек", "карточек")
            self._switch.ask(ids, f"У {cards} заполнен список полей другого типа.", "Перейти на список категории")

    def _switched(self, summary: CarryOver) -> None:
        cards = wording.plural(summary.products, "карточка переведена", "карточки переведены", "карточек переведено")
        self.reported.emit(f"{cards} на список категории.", "good")
        self.changed.emit()
