"""The page's tools behind «Ещё»: the history, types for parts of a category, and the mapping as an XLSX table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QObject
from PySide6.QtWidgets import QDialog, QFileDialog, QMenu, QPushButton

from ozon_desktop import wording
from ozon_desktop.ui.mapping.excel.import_dialog import ImportDialog
from ozon_desktop.ui.mapping.history.panel import HistoryPanel
from ozon_desktop.ui.mapping.parts.panel import PartsPanel

if TYPE_CHECKING:
    from ozon_desktop.domain.ozon_catalog import TypeKey
    from ozon_desktop.ui.mapping.page import MappingPage

FOLDER = "mapping/folder"
FILE_NAME = "Соответствие категорий.xlsx"
TYPES_FOUND = 100


class MappingTools(QObject):
    """Part of the categories page. Its windows block nothing; what they change the page shows at once."""

    def __init__(self, page: MappingPage) -> None:
        super().__init__(page)
        self._page = page
        self.button = QPushButton("Ещё")
        self.button.setObjectName("more_button")
        self.button.setAccessibleName("Ещё: история, части категории, таблица XLSX")
        self.menu = QMenu(self.button)
        for text, action in self.actions():
            self.menu.addAction(text).triggered.connect(_plain(action))
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
        if self._page.view is not None:
            panel = HistoryPanel(self._page.context, self._page.view, self._page)
            panel.changed.connect(self._page.show_changed)
            self._open(panel)

    def show_parts(self) -> None:
        """Types by a property's value for the products of the selected category."""
        page, selected = self._page, self._page.store.selected_ids()
        if page.view is None or page.view.can_map:
            return
        if len(selected) != 1:
            page.show_message("Выберите слева одну категорию магазина: её товары можно разделить по значению свойства.", "info")
            return
        panel = PartsPanel(page.context, page.view, selected[0], self.find_types, page)
        panel.changed.connect(page.show_changed)
        self._open(panel)

    def find_types(self, text: str) -> list[tuple[TypeKey, tuple[str, ...]]]:
        """Ozon types by words of their names and paths, best first."""
        model = self._page.ozon.model
        return [(type_.key, model.tree.type_path(type_.key)) for type_ in model.find_types(text, TYPES_FOUND)[0]]

    def write_table(self) -> None:
        """Ask where, and write every category with its type."""
        path = self.choose_file(write=True)
        if path is None:
            return
        page = self._page
        work = page.context.application.mapping_exchange.export(page.context.integration_id, path)
        page.context.worker.run(work, on_done=lambda rows: self._written(path, rows), on_failed=page.show_error)

    def read_table(self) -> None:
        """Ask which, and show what it would change."""
        path = self.choose_file(write=False)
        if path is not None:
            dialog = ImportDialog(self._page.context, path, self._page)
            dialog.changed.connect(self._page.show_changed)
            self._open(dialog)

    def choose_file(self, *, write: bool) -> Path | None:
        """Asks for the file; None = the manager thought better of it."""
        state = self._page.context.state
        folder, kinds = state.text(FOLDER, QDir.homePath()), "Таблицы Excel (*.xlsx)"
        if write:
            start = str(Path(folder) / FILE_NAME)
            chosen, _ = QFileDialog.getSaveFileName(self._page, "Записать соответствие категорий", start, kinds)
        else:
            chosen, _ = QFileDialog.getOpenFileName(self._page, "Загрузить соответствие категорий", folder, kinds)
        if not chosen:
            return None
        path = Path(chosen)
        state.remember(FOLDER, str(path.parent))
        return path if path.suffix else path.with_suffix(".xlsx")

    def _written(self, path: Path, rows: int) -> None:
        text = "Записано: {0}, {1}. Измените типы в таблице и загрузите её обратно."
        self._page.show_message(text.format(path.name, wording.plural(rows, "строка", "строки", "строк")), "good")

    def _open(self, dialog: QDialog) -> None:
        self.opened = dialog
        dialog.show()


def _plain(action: Callable[[], object]) -> Callable[[], object]:
    """The call without the `checked` that `triggered` hands over."""
    return lambda: action()
