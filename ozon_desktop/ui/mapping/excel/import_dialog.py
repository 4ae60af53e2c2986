"""«Загрузить соответствие из XLSX»: what the chosen file would change, its rows with errors, and «Применить»."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHBoxLayout, QListView, QPushButton, QTableView, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.mapping.dialog_size import open_at
from ozon_desktop.ui.mapping.excel.import_model import AFTER, BEFORE, CATEGORY, ROW, ImportChangeModel, ImportProblemModel
from ozon_desktop.ui.widgets import (
    ColumnFitter,
    ElidedLabel,
    EmptyState,
    LeftElideDelegate,
    MessageBar,
    RowDelegate,
    Skeleton,
    WrappedLabel,
    make_sortable,
    row_height,
)
from ozon_desktop.ui.widgets.number_delegate import NumberDelegate

if TYPE_CHECKING:
    from pathlib import Path

    from ozon_desktop.services.mapping.exchange import ImportPreview
    from ozon_desktop.services.mapping.mapping import MappingView
    from ozon_desktop.ui.context import WindowContext
    from ozon_desktop.ui.worker import Job


class ImportDialog(QDialog):
    """Does not block the window. `changed` carries the new MappingView after «Применить», which is one step of undo."""

    changed = Signal(object)

    def __init__(self, context: WindowContext, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._integration_id = context.integration_id
        self._path = path
        self._preview: ImportPreview | None = None
        self._applied = False
        self._job: Job | None = None
        self.setObjectName("mapping_import")
        self.setWindowTitle("Загрузить соответствие из XLSX")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.changes = ImportChangeModel(context.theme, self)
        self.problems = ImportProblemModel(self)
        self.bar = MessageBar()
        self.title = WrappedLabel("Читаю файл…", role="heading")
        self.title.setObjectName("import_title")
        self.file = ElidedLabel(path.name, elide=Qt.TextElideMode.ElideMiddle, role="secondary")
        self.skeleton = Skeleton()
        self.empty = EmptyState("", name="import_empty")
        self.table = self._make_table()
        self.problem_title = WrappedLabel("", role="heading")
        self.problem_list = self._make_problems()
        self.problem_hint = WrappedLabel(
            "Эти строки останутся как есть. Исправьте их в файле и загрузите его ещё раз: остальное можно применить сейчас.",
            role="hint",
        )
        self.close_button = QPushButton("&Закрыть")
        self.close_button.setObjectName("import_close")
        self.apply_button = QPushButton("&Применить")
        self.apply_button.setObjectName("import_apply")
        self.apply_button.setDefault(True)
        set_role(self.apply_button, "primary")
        self._lay_out()
        self.close_button.clicked.connect(self.close)
        self.apply_button.clicked.connect(self.apply)
        context.theme.changed.connect(self.table.viewport().update)
        context.integration_changed.connect(self.close)
        self.read()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("import_table")
        table.setAccessibleName("Что изменится")
        set_role(table, "boxed")
        table.setModel(self.changes)
        table.setItemDelegate(RowDelegate(table))
        table.setItemDelegateForColumn(ROW, NumberDelegate(table))
        paths = LeftElideDelegate(table)
        for column in (CATEGORY, BEFORE, AFTER):
            table.setItemDelegateForColumn(column, paths)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setHighlightSections(False)
        make_sortable(table)
        table.setMinimumHeight(row_height(table) * 4)
        ColumnFitter(table, self.changes.widths, self._context.state, "mapping_import")
        return table

    def _make_problems(self) -> QListView:
        view = QListView()
        view.setObjectName("import_problems")
        view.setAccessibleName("Строки с ошибками")
        set_role(view, "boxed")
        view.setModel(self.problems)
        view.setWordWrap(True)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        return view

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.setSpacing(12)
        layout.addWidget(self.bar)
        layout.addWidget(self.title)
        layout.addWidget(self.file)
        for widget in (self.skeleton, self.empty, self.table):
            layout.addWidget(widget, 3)
        layout.addWidget(self.problem_title)
        layout.addWidget(self.problem_list, 1)
        layout.addWidget(self.problem_hint)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.apply_button)
        layout.addLayout(buttons)
        open_at(self, self._context.theme, 940, 620)

    # --- reading ----------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Read the file; again after it was corrected."""
        self.bar.hide()
        self.title.setText("Читаю файл…")
        self._show_parts(loading=True)
        service = self._context.application.mapping_exchange
        self._run(self._context.worker.run(service.preview(self._integration_id, self._path), on_done=self._show, on_failed=self._failed))

    def _show(self, preview: ImportPreview) -> None:
        self._job = None
        self._preview = preview
        self.changes.show_rows(preview.changes)
        self.problems.show_rows(preview.problems)
        self.title.setText(self._counts(preview))
        self.problem_title.setText(f"Строки с ошибками: {wording.number(len(preview.problems))}")
        self.empty.set_state("Менять нечего: в файле те же соответствия, что и в программе")
        if preview.problems:
            self.empty.set_state("Применять нечего: изменений без ошибок в файле нет")
        self._show_parts(loading=False)
        if preview.changes:
            self.table.selectRow(0)
            if self.isVisible():
                self.table.setFocus()

    def _counts(self, preview: ImportPreview) -> str:
        changes, problems = len(preview.changes), len(preview.problems)
        if changes:
            verb = wording.plural_form(changes, "Изменится", "Изменятся", "Изменится")
            text = f"{verb} {wording.plural(changes, 'соответствие', 'соответствия', 'соответствий')}"
        else:
            text = "Ничего не изменится"
        if problems:
            text += f", {wording.plural(problems, 'строка с ошибкой', 'строки с ошибками', 'строк с ошибками')}"
        return f"{text}, {wording.number(preview.unchanged)} без изменений"

    def _failed(self, error: object) -> None:
        self._job = None
        self.title.setText("Файл не прочитан")
        self._show_parts(loading=False)
        self.empty.hide()
        self._show_error(error, again=True)

    def _show_parts(self, *, loading: bool) -> None:
        changes = self._preview is not None and bool(self._preview.changes)
        problems = not loading and self._preview is not None and bool(self._preview.problems)
        self.skeleton.setVisible(loading)
        self.table.setVisible(not loading and changes)
        self.empty.setVisible(not loading and not changes)
        for widget in (self.problem_title, self.problem_list, self.problem_hint):
            widget.setVisible(problems)
        self._update()

    # --- applying ---------------------------------------------------------------------------------------------------

    def apply(self) -> None:
        """Make the changes, as one that «Отменить» takes back; once."""
        if self._preview is None or not self._can_apply():
            return
        service = self._context.application.mapping_exchange
        work = service.apply(self._integration_id, self._preview)
        self._run(self._context.worker.run(work, on_done=self._done, on_failed=self._not_applied, on_cancelled=self._ended))

    def _done(self, view: MappingView) -> None:
        self._applied = True
        count = len(self._preview.changes) if self._preview is not None else 0
        self._ended()
        verb = wording.plural_form(count, "Изменено", "Изменены", "Изменено")
        self.title.setText(f"{verb} {wording.plural(count, 'соответствие', 'соответствия', 'соответствий')}")
        self.bar.show_message("Применено. «Отменить» на странице вернёт всё как было.", "good")
        self.close_button.setFocus()
        self.changed.emit(view)

    def _not_applied(self, error: object) -> None:
        self._ended()
        self._show_error(error)

    def _run(self, job: Job) -> None:
        self._job = job
        self._update()

    def _ended(self) -> None:
        self._job = None
        self._update()

    def _show_error(self, error: object, *, again: bool = False) -> None:
        shown = self._context.explain(error)
        action = "Прочитать ещё раз" if again else None
        self.bar.show_message(shown.line, "error", action, self.read if again else None, details=shown.details)

    def _can_apply(self) -> bool:
        return self._job is None and not self._applied and self._preview is not None and bool(self._preview.changes)

    def _update(self) -> None:
        self.apply_button.setEnabled(self._can_apply())
