"""«Загрузить соответствие из XLSX»: what the chosen file would change; applying it is one step of undo."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from ozon_desktop import wording
from ozon_desktop.services.mapping.exchange import ImportPreview
from ozon_desktop.services.mapping.view import MappingView
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.mapping.excel.import_model import AFTER, BEFORE, CATEGORY, ROW, ImportChangeModel, ImportProblemModel
from ozon_desktop.ui.widgets import ColumnFitter, LeftElideDelegate
from ozon_desktop.ui.widgets.import_dialog import ImportPreviewDialog
from ozon_desktop.ui.widgets.number_delegate import NumberDelegate
from ozon_desktop.ui.widgets.tables import make_table


class ImportDialog(ImportPreviewDialog[ImportPreview]):
    """`changed` carries the new MappingView after «Применить»."""

    changed = Signal(object)

    def __init__(self, context: WindowContext, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(context, "mapping_import", "Загрузить соответствие из XLSX", path, parent)
        self.changes = ImportChangeModel(context.theme, self)
        self.problems = ImportProblemModel(self)
        table = make_table("mapping_import_table", "Что изменится")
        table.setModel(self.changes)
        table.setItemDelegateForColumn(ROW, NumberDelegate(table))
        paths = LeftElideDelegate(table)
        for column in (CATEGORY, BEFORE, AFTER):
            table.setItemDelegateForColumn(column, paths)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        ColumnFitter(table, self.changes.widths, context.state, "mapping_import")
        self.problem_list = self._make_problem_list()
        self.lay_out(table, self.problem_list, (940, 620))
        # Enter in the table applies; on «Закрыть» it would too, were that button not one that Enter presses.
        self.close_button.setAutoDefault(True)
        self.apply_button.setDefault(True)
        self.applied.connect(self.changed)
        self.read()

    def _make_problem_list(self) -> QListView:
        view = QListView()
        view.setObjectName("mapping_import_problems")
        view.setAccessibleName("Строки с ошибками")
        set_role(view, "boxed")
        view.setModel(self.problems)
        view.setWordWrap(True)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        return view

    def preview_work(self) -> Coroutine[Any, Any, ImportPreview]:
        return self.context.application.mapping_exchange.preview(self.integration_id, self.path)

    def apply_work(self, preview: ImportPreview) -> Coroutine[Any, Any, MappingView]:
        return self.context.application.mapping_exchange.apply(self.integration_id, preview)

    def show_rows(self, preview: ImportPreview) -> None:
        self.changes.show_rows(preview.changes)
        self.problems.show_rows(preview.problems)
        self.problem_title.setText(f"Строки с ошибками: {wording.number(len(preview.problems))}")

    def found_text(self, preview: ImportPreview) -> str:
        changes, problems = len(preview.changes), len(preview.problems)
        if changes:
            verb = wording.plural_form(changes, "Изменится", "Изменятся", "Изменится")
            text = f"{verb} {wording.plural(changes, 'соответствие', 'соответствия', 'соответствий')}"
        else:
            text = "Ничего не изменится"
        if problems:
            text += f", {wording.plural(problems, 'строка с ошибкой', 'строки с ошибками', 'строк с ошибками')}"
        return f"{text}, {wording.number(preview.unchanged)} без изменений"

    def nothing_text(self, preview: ImportPreview) -> str:
        if preview.problems:
            return "Применять нечего: изменений без ошибок в файле нет"
        return "Менять нечего: в файле те же соответствия, что и в программе"

    def applied_texts(self, preview: ImportPreview, result: MappingView) -> tuple[str, str]:
        count = len(preview.changes)
        verb = wording.plural_form(count, "Изменено", "Изменены", "Изменено")
        heading = f"{verb} {wording.plural(count, 'соответствие', 'соответствия', 'соответствий')}"
        return heading, "Применено. «Отменить» на странице вернёт всё как было."
