"""The page's tools behind «Ещё»: the history, types for parts of a category, and the mapping as an XLSX table."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDir, QObject
from PySide6.QtWidgets import QDialog, QFileDialog, QMenu, QPushButton

from ozon_desktop import wording
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.excel.import_dialog import ImportDialog
from ozon_desktop.ui.mapping.history.panel import HistoryPanel
from ozon_desktop.ui.mapping.parts.panel import PartsPanel
from ozon_desktop.ui.mapping.selection import Selection
from ozon_desktop.ui.widgets import MessageBar
from ozon_desktop.ui.widgets.tool_dialog import show_one

FOLDER = "mapping/folder"
FILE_NAME = "Соответствие категорий.xlsx"
TYPES_FOUND = 100


class MappingTools(QObject):
    """Their windows block nothing; what they change the page shows at once. bar: where they say how it went."""

    def __init__(self, context: WindowContext, selection: Selection, bar: MessageBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._selection, self._bar = context, selection, bar
        self.button = QPushButton("Ещё")
        self.button.setObjectName("more_button")
        self.button.setAccessibleName("Ещё: история, части категории, таблица XLSX")
        self.menu = QMenu(self.button)
        for text, action in self.actions():
            self.menu.addAction(text).triggered.connect(action)
        self.button.setMenu(self.menu)
        self.opened: QDialog | None = None

    def actions(self) -> list[tuple[str, Callable[[], object]]]:
        """What the tools do, by the texts of the menu and of the palette."""
        return [
            ("История изменений…", self.show_history),
            ("Разные типы для части товаров…", self.show_parts),
            ("Записать таблицу XLSX…", self.write_table),
            ("Загрузить таблицу XLSX…", self.read_table),
        ]

    def show_history(self) -> None:
        """Who changed what and when; any moment can be gone back to."""
        if self._selection.session.view is not None:
            self._open(HistoryPanel(self._context, self._selection.session.view, self.button.window()))

    def show_parts(self) -> None:
        """Types by a property's value for the products of the selected category."""
        session, selected = self._selection.session, self._selection.store.selected_ids()
        if session.view is None or not session.can_map:
            return
        if len(selected) != 1:
            self._bar.show_message("Выберите слева одну категорию магазина: её товары можно разделить по значению свойства.")
            return
        self._open(PartsPanel(self._context, session.view, selected[0], self.find_types, self.button.window()))

    def find_types(self, text: str) -> list[tuple[TypeKey, tuple[str, ...]]]:
        """Ozon types by words of their names and paths, best first."""
        model = self._selection.ozon.model
        return [(type_.key, model.tree.type_path(type_.key)) for type_ in model.find_types(text, TYPES_FOUND)[0]]

    def write_table(self) -> None:
        """Ask where, and write every category with its type."""
        path = self.choose_file(write=True)
        if path is not None:
            work = self._write(self._context.integration_id, path)
            self._context.worker.run(work, on_done=self._written, on_failed=self._not_written)

    def read_table(self) -> None:
        """Ask which, and show what it would change."""
        path = self.choose_file(write=False)
        if path is not None:
            self._open(ImportDialog(self._context, path, self.button.window()))

    def choose_file(self, *, write: bool) -> Path | None:
        """Asks for the file; None = none was chosen."""
        state, window = self._context.state, self.button.window()
        folder, kinds = state.text(FOLDER, QDir.homePath()), "Таблицы Excel (*.xlsx)"
        if write:
            chosen, _ = QFileDialog.getSaveFileName(window, "Записать соответствие категорий", str(Path(folder) / FILE_NAME), kinds)
        else:
            chosen, _ = QFileDialog.getOpenFileName(window, "Загрузить соответствие категорий", folder, kinds)
        if not chosen:
            return None
        path = Path(chosen)
        state.remember(FOLDER, str(path.parent))
        return path if path.suffix else path.with_suffix(".xlsx")

    async def _write(self, integration_id: int, path: Path) -> str:
        rows = await self._context.application.mapping_exchange.export(integration_id, path)
        return f"{path.name}, {wording.plural(rows, 'строка', 'строки', 'строк')}"

    def _written(self, what: str) -> None:
        self._bar.show_message(f"Записано: {what}. Измените типы в таблице и загрузите её обратно.", "good")

    def _not_written(self, error: object) -> None:
        shown = self._context.explain(error)
        self._bar.show_message(shown.line, "error", details=shown.details)

    def _open(self, dialog: HistoryPanel | PartsPanel | ImportDialog) -> None:
        dialog.changed.connect(self._selection.session.show_changed)
        self.opened = show_one(dialog)
