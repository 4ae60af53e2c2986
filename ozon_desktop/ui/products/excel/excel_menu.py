"""«Excel» on the products page: the fields of one category written to XLSX, and read back with a preview."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QWidget

from ozon_desktop import wording
from ozon_desktop.ui.products.excel.import_dialog import CardImportDialog

if TYPE_CHECKING:
    from ozon_desktop.domain.ozon_catalog import TypeKey
    from ozon_desktop.services.cards.cards import CardDetails
    from ozon_desktop.services.cards.exchange import CardExchange
    from ozon_desktop.ui.context import WindowContext
    from ozon_desktop.ui.products.page import ProductsPage

FILTER = "XLSX (*.xlsx)"


class ExcelMenu(QObject):
    """Part of the products page. exchange: gives the service; shown: the card whose category is meant, None = there is none."""

    changed = Signal()

    def __init__(self, page: ProductsPage, exchange: Callable[[], CardExchange], shown: Callable[[], CardDetails | None]) -> None:
        super().__init__(page)
        self._page, self._exchange, self._shown = page, exchange, shown
        self._context: WindowContext = page.context
        self.dialog: CardImportDialog | None = None
        self._file = Path()
        self.button = QPushButton("Excel")
        self.button.setObjectName("excel_button")
        self.button.setAccessibleName("Excel: поля категории выбранного товара")
        self.menu = QMenu(self.button)
        self.export_action = self.menu.addAction("")
        self.export_action.setObjectName("excel_export")
        self.import_action = self.menu.addAction("")
        self.import_action.setObjectName("excel_import")
        self.menu.aboutToShow.connect(self.name_actions)
        self.export_action.triggered.connect(self.choose_export)
        self.import_action.triggered.connect(self.choose_import)
        self.button.setMenu(self.menu)
        self.name_actions()

    def _place(self) -> tuple[str, TypeKey, str] | None:
        """The category, the type and the category's name of the shown card."""
        details = self._shown()
        if details is None or details.category_id is None or details.card.type is None:
            return None
        return details.category_id, details.card.type.key, details.category_path[-1]

    def name_actions(self) -> None:
        """The actions say which category they are about."""
        place = self._place()
        name = place[2].replace("&", "&&") if place is not None else ""
        self.export_action.setText(f"Выгрузить поля категории «{name}»…" if place else "Выгрузить поля…")
        self.import_action.setText(f"Загрузить поля категории «{name}»…" if place else "Загрузить поля…")
        for action in (self.export_action, self.import_action):
            action.setEnabled(place is not None)

    # --- writing ----------------------------------------------------------------------------------------------------

    def choose_export(self) -> None:
        """Ask for the place of the file."""
        place = self._place()
        if place is not None:
            name = f"{place[2]}.xlsx".replace("/", "-")
            path, _ = QFileDialog.getSaveFileName(self._page, "Выгрузить поля", name, FILTER)
            if path:
                self.export(Path(path))

    def export(self, path: Path) -> None:
        """Write the table."""
        place = self._place()
        if place is not None:
            self._file = path if path.suffix else path.with_suffix(".xlsx")
            work = self._exchange().export(self._context.integration_id, place[0], place[1], self._file)
            self.button.setEnabled(False)
            self._context.worker.run(work, on_done=self._written, on_failed=self._failed)

    def _written(self, count: int) -> None:
        self.button.setEnabled(True)
        goods = wording.plural(count, "товара", "товаров", "товаров")
        self._page.show_message(f"Поля {goods} записаны в файл «{self._file.name}».", "good")

    def _failed(self, error: object) -> None:
        self.button.setEnabled(True)
        self._page.show_error(error)

    # --- reading ----------------------------------------------------------------------------------------------------

    def choose_import(self) -> None:
        """Ask for the file."""
        path, _ = QFileDialog.getOpenFileName(self._page, "Загрузить поля", "", FILTER)
        if path:
            self.open_import(Path(path))

    def open_import(self, path: Path) -> None:
        """Show what a file would change."""
        place = self._place()
        if place is None:
            return
        if self.dialog is not None:
            self.dialog.close()
        parent: QWidget = self._page.window()
        self.dialog = CardImportDialog(self._context, self._exchange(), place[0], place[1], path, parent)
        self.dialog.applied.connect(self.changed)
        self.dialog.destroyed.connect(self._gone)
        self.dialog.show()

    def _gone(self) -> None:
        self.dialog = None
