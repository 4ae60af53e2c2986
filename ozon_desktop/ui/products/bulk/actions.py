"""What the products page does with several selected products, and with the values that are asked about once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ozon_desktop import wording
from ozon_desktop.services.cards.bulk import CardBulk
from ozon_desktop.services.cards.exchange import CardExchange
from ozon_desktop.ui.products.bulk.dialog import BulkDialog
from ozon_desktop.ui.products.doubtful.dialog import DoubtfulDialog

if TYPE_CHECKING:
    from ozon_desktop.domain.carry_over import CarryOver
    from ozon_desktop.domain.value_matching import DoubtfulValue
    from ozon_desktop.services.cards.cards import CardDetails
    from ozon_desktop.ui.context import WindowContext
    from ozon_desktop.ui.products.page import ProductsPage
    from ozon_desktop.ui.worker import Job


class TableServices:
    """Steps over many cards, and their tables, made of the application's parts when they are asked for."""

    def __init__(self, context: WindowContext) -> None:
        self._context = context

    def bulk(self) -> CardBulk:
        """One step over many cards."""
        return self._context.application.card_bulk

    def exchange(self) -> CardExchange:
        """Tables of one category's fields."""
        return self._context.application.card_exchange


class BulkActions(QObject):
    """Part of the products page."""

    def __init__(self, page: ProductsPage) -> None:
        super().__init__(page)
        self._page = page
        self._counting: Job | None = None
        self._attribute: int | None = None
        self.dialog: BulkDialog | None = None
        self.doubtful: DoubtfulDialog | None = None
        page.selection.edit_wanted.connect(self.edit)
        page.selection.switch_wanted.connect(self.switch)
        page.switch.switched.connect(self._switched)
        page.switch.failed.connect(page.show_error)

    # --- doubtful values --------------------------------------------------------------------------------------------

    def count_doubtful(self) -> None:
        """Ask how many values are doubtful; the button says it."""
        context = self._page.context
        if not context.integration_id:
            return
        if self._counting is not None:
            self._counting.cancel()
        work = context.application.cards.field_rules.doubtful_values(context.integration_id)
        self._counting = context.worker.run(work, on_done=self._counted, on_failed=self._not_counted)

    def _counted(self, values: list[DoubtfulValue]) -> None:
        self._counting = None
        button = self._page.doubtful_button
        # Once shown it stays: the answers given are looked at and taken back in the same place.
        button.setVisible(bool(values) or not button.isHidden())
        button.setText(f"Сомнительные значения: {wording.number(len(values))}")

    def _not_counted(self, _error: object) -> None:
        # The table tells the same failure, with a way to try again.
        self._counting = None

    def open_doubtful(self) -> None:
        """«Сомнительные значения»."""
        if self.doubtful is not None:
            self.doubtful.close()
        details = self._page.panel.details
        key = details.card.type.key if details is not None and details.card.type is not None else None
        self.doubtful = DoubtfulDialog(self._page.context, key, self._page.window())
        self.doubtful.decided.connect(self._changed)
        self.doubtful.destroyed.connect(self._doubtful_gone)
        self.doubtful.show()

    def _doubtful_gone(self) -> None:
        self.doubtful = None

    # --- selected products ------------------------------------------------------------------------------------------

    def edit(self) -> None:
        """«Изменить поле…»: starts with the card of the first selected row."""
        self._open(None)

    def fill_down(self) -> None:
        """Ctrl+D: from an editor of the card at once to the others, from the table through the dialog."""
        if self._page.panel.form.focused_field() is not None:
            self._page.panel.fill_down()
        elif len(self._page.selected_ids()) > 1:
            self._open(None)

    def _open(self, attribute_id: int | None) -> None:
        selected = self._page.selected_ids()
        if selected:
            self._attribute = attribute_id
            context = self._page.context
            work = context.application.cards.details(context.integration_id, selected[0])
            context.worker.run(work, on_done=self._show_dialog, on_failed=self._page.show_error)

    def _show_dialog(self, details: CardDetails) -> None:
        if details.card.type is None or not details.card.fields:
            text = "У товара {0} ещё нет дополнительных полей: выделите первым другой."
            self._page.show_message(text.format(details.card.offer_id), "attention")
            return
        if self.dialog is not None:
            self.dialog.close()
        page = self._page
        dialog = BulkDialog(page.context, page.services.bulk(), details, page.selected_ids(), self._attribute, page.window())
        dialog.applied.connect(self._changed)
        dialog.destroyed.connect(self._dialog_gone)
        self.dialog = dialog
        dialog.show()

    def _dialog_gone(self) -> None:
        self.dialog = None

    def switch(self) -> None:
        """«Перейти на список категории» for the selected cards that need it; what carries over is told first."""
        page = self._page
        ids = page.model.other_lists(set(page.selected_ids()))
        if ids:
            cards = wording.plural(len(ids), "карточки", "карточек", "карточек")
            lead = f"У {cards} заполнен список полей другого типа."
            page.switch.ask(ids, lead, "Перейти на список категории")

    def _switched(self, summary: CarryOver) -> None:
        cards = wording.plural(summary.products, "карточка переведена", "карточки переведены", "карточек переведено")
        self._page.show_message(f"{cards} на список категории.", "good")
        self._changed()

    def _changed(self, *_: object) -> None:
        self._page.context.data_changed.emit("cards")
