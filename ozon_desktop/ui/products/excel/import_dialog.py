"""«Загрузить поля из XLSX»: what the chosen file would change, its rows with errors, and «Применить»."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QTableView, QWidget

from ozon_desktop import wording
from ozon_desktop.ui.products.excel.import_model import ROW, CardChangeModel, CardProblemModel
from ozon_desktop.ui.widgets import ColumnFitter, ElidedLabel, EmptyState, Skeleton, WrappedLabel
from ozon_desktop.ui.widgets.number_delegate import NumberDelegate
from ozon_desktop.ui.widgets.tool_dialog import ToolDialog, make_table

if TYPE_CHECKING:
    from pathlib import Path

    from ozon_desktop.domain.ozon_catalog import TypeKey
    from ozon_desktop.services.cards.exchange import CardExchange, CardsPreview
    from ozon_desktop.ui.context import WindowContext


class CardImportDialog(ToolDialog):
    """`applied` carries how many cards were changed."""

    applied = Signal(int)

    def __init__(
        self, context: WindowContext, exchange: CardExchange, category_id: str, key: TypeKey, path: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "card_import", "Загрузить поля из XLSX", parent)
        self._exchange, self._category_id, self._key, self._path = exchange, category_id, key, path
        self._preview: CardsPreview | None = None
        self._applied = False
        self.file = ElidedLabel(path.name, role="secondary")
        self.changes, self.problems = CardChangeModel(self), CardProblemModel(self)
        self.skeleton = Skeleton()
        self.empty = EmptyState("", name="card_import_empty")
        self.table = self._table("card_import_table", "Что изменится", self.changes)
        self.problem_title = WrappedLabel("", role="heading")
        self.problem_table = self._table("card_import_problems", "Строки с ошибками", self.problems)
        self.problem_hint = WrappedLabel(
            "Эти строки останутся как есть. Исправьте их в файле и загрузите его ещё раз: остальное можно применить сейчас.",
            role="hint",
        )
        self.body.addWidget(self.file)
        for widget in (self.skeleton, self.empty, self.table):
            self.body.addWidget(widget, 3)
        for below in (self.problem_title, self.problem_table, self.problem_hint):
            self.body.addWidget(below)
        self.again_button = QPushButton("Прочитать &ещё раз")
        self.again_button.setObjectName("card_import_again")
        self.again_button.setAutoDefault(False)
        self.buttons.insertWidget(0, self.again_button)
        self.apply_button = QPushButton("&Применить")
        self.finish(self.apply_button, "card_import_apply", 940, 620)
        self.apply_button.clicked.connect(self.apply)
        self.again_button.clicked.connect(self.read)
        self.read()

    def _table(self, name: str, title: str, model: CardChangeModel | CardProblemModel) -> QTableView:
        table = make_table(name, title)
        table.setModel(model)
        table.setItemDelegateForColumn(ROW, NumberDelegate(table))
        ColumnFitter(table, model.widths, self.context.state, name)
        return table

    # --- reading ----------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Read the file; again after it was corrected."""
        if self.busy:
            return
        self.bar.hide()
        self._preview, self._applied = None, False
        self.heading.setText("Читаю файл…")
        self.run(self._exchange.preview(self.integration_id, self._category_id, self._key, self._path), self._show, self._not_read)

    def _show(self, preview: CardsPreview) -> None:
        self._preview = preview
        self.ended()
        self.changes.show_rows(preview.changes)
        self.problems.show_rows(preview.problems)
        self.heading.setText(self._counts(preview))
        self.problem_title.setText(f"Ошибки: {wording.number(len(preview.problems))}")
        nothing = "Менять нечего: в файле то же, что и на карточках."
        self.empty.set_state("Применять нечего: изменений без ошибок в файле нет." if preview.problems else nothing)
        self.show_state()
        if preview.changes:
            self.table.selectRow(0)
            self.table.setFocus()

    def _counts(self, preview: CardsPreview) -> str:
        if preview.products:
            verb = wording.plural_form(preview.products, "Изменится", "Изменятся", "Изменится")
            text = f"{verb} {wording.plural(preview.products, 'карточка', 'карточки', 'карточек')}"
        else:
            text = "Ничего не изменится"
        if preview.problems:
            text += f", {wording.plural(len(preview.problems), 'ошибка', 'ошибки', 'ошибок')}"
        return f"{text}, {wording.number(preview.unchanged)} без изменений"

    def _not_read(self, error: object) -> None:
        self.ended()
        self.heading.setText("Файл не прочитан")
        self.tell_error(error)

    # --- applying ---------------------------------------------------------------------------------------------------

    def apply(self) -> None:
        """Save the changes, once."""
        if self._preview is not None and self.apply_button.isEnabled():
            self.run(self._exchange.apply(self.integration_id, self._preview), self._done)

    def _done(self, count: int) -> None:
        self._applied = True
        self.ended()
        verb = wording.plural_form(count, "Изменена", "Изменены", "Изменено")
        self.heading.setText(f"{verb} {wording.plural(count, 'карточка', 'карточки', 'карточек')}")
        self.bar.show_message("Применено: поля записаны на карточки.", "good")
        self.close_button.setFocus()
        self.applied.emit(count)

    def show_state(self) -> None:
        """What is shown, and which buttons can be pressed."""
        preview = self._preview
        changes, problems = preview is not None and bool(preview.changes), preview is not None and bool(preview.problems)
        self.skeleton.setVisible(preview is None and self.busy)
        self.table.setVisible(changes)
        self.empty.setVisible(preview is not None and not changes)
        for widget in (self.problem_title, self.problem_table, self.problem_hint):
            widget.setVisible(problems)
        self.apply_button.setEnabled(changes and not self._applied and not self.busy)
        self.again_button.setEnabled(not self.busy)
