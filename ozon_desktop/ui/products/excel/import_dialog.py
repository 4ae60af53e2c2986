"""«Загрузить поля из XLSX»: what the chosen file would change on the cards of one category."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QTableView, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.services.cards.exchange import CardExchange, CardsPreview
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.excel.import_model import ROW, CardChangeModel, CardProblemModel
from ozon_desktop.ui.widgets import ColumnFitter
from ozon_desktop.ui.widgets.import_dialog import ImportPreviewDialog
from ozon_desktop.ui.widgets.number_delegate import NumberDelegate
from ozon_desktop.ui.widgets.tables import make_table


class CardImportDialog(ImportPreviewDialog[CardsPreview]):
    """`applied` carries how many cards were changed."""

    def __init__(
        self, context: WindowContext, exchange: CardExchange, category_id: str, key: TypeKey, path: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "card_import", "Загрузить поля из XLSX", path, parent)
        self._exchange, self._category_id, self._key = exchange, category_id, key
        self.changes, self.problems = CardChangeModel(self), CardProblemModel(self)
        table = self._table("card_import_table", "Что изменится", self.changes)
        problem_table = self._table("card_import_problems", "Строки с ошибками", self.problems)
        self.again_button = self.add_button("Прочитать &ещё раз", "card_import_again")
        self.again_button.clicked.connect(self.read)
        self.lay_out(table, problem_table, (940, 620))
        self.read()

    def _table(self, name: str, title: str, model: CardChangeModel | CardProblemModel) -> QTableView:
        table = make_table(name, title)
        table.setModel(model)
        table.setItemDelegateForColumn(ROW, NumberDelegate(table))
        ColumnFitter(table, model.widths, self.context.state, name)
        return table

    def preview_work(self) -> Coroutine[Any, Any, CardsPreview]:
        return self._exchange.preview(self.integration_id, self._category_id, self._key, self.path)

    def apply_work(self, preview: CardsPreview) -> Coroutine[Any, Any, int]:
        return self._exchange.apply(self.integration_id, preview)

    def show_rows(self, preview: CardsPreview) -> None:
        self.changes.show_rows(preview.changes)
        self.problems.show_rows(preview.problems)
        self.problem_title.setText(f"Ошибки: {wording.number(len(preview.problems))}")

    def found_text(self, preview: CardsPreview) -> str:
        if preview.products:
            verb = wording.plural_form(preview.products, "Изменится", "Изменятся", "Изменится")
            text = f"{verb} {wording.plural(preview.products, 'карточка', 'карточки', 'карточек')}"
        else:
            text = "Ничего не изменится"
        if preview.problems:
            text += f", {wording.plural(len(preview.problems), 'ошибка', 'ошибки', 'ошибок')}"
        return f"{text}, {wording.number(preview.unchanged)} без изменений"

    def nothing_text(self, preview: CardsPreview) -> str:
        if preview.problems:
            return "Применять нечего: изменений без ошибок в файле нет."
        return "Менять нечего: в файле то же, что и на карточках."

    def applied_texts(self, preview: CardsPreview, result: int) -> tuple[str, str]:
        verb = wording.plural_form(result, "Изменена", "Изменены", "Изменено")
        heading = f"{verb} {wording.plural(result, 'карточка', 'карточки', 'карточек')}"
        return heading, "Применено: поля записаны на карточки."

    def show_unread(self, error: object) -> None:
        # The button below reads again.
        self.show_error(error)

    def show_state(self) -> None:
        super().show_state()
        count = self._preview.products if self._preview is not None else 0
        goods = wording.plural(count, "карточке", "карточкам", "карточкам")
        self.apply_button.setText(f"&Применить к {goods}" if count else "&Применить")
        self.again_button.setEnabled(not self.busy)
