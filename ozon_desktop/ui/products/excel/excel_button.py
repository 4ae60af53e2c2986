"""«Excel» on the products page: the fields of one category written to XLSX, and read back with a preview."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.services.cards.exchange import CardExchange
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.card.session import CardSession
from ozon_desktop.ui.products.excel.import_dialog import CardImportDialog
from ozon_desktop.ui.widgets.tool_dialog import show_one

FILTER = "XLSX (*.xlsx)"


class ExcelButton(QPushButton):
    """About the category of the shown card. `changed`: a file was applied to cards."""

    changed = Signal()
    reported = Signal(str, str)
    """text and kind of a message"""
    failed = Signal(object)

    def __init__(self, context: WindowContext, exchange: CardExchange, card: CardSession, parent: QWidget | None = None) -> None:
        super().__init__("Excel", parent)
        self._context, self._exchange, self._card = context, exchange, card
        self.dialog: CardImportDialog | None = None
        self._file = Path()
        self.setObjectName("excel_button")
        self.setAccessibleName("Excel: поля категории выбранного товара")
        menu = QMenu(self)
        self.export_action = menu.addAction("")
        self.export_action.setObjectName("excel_export")
        self.import_action = menu.addAction("")
        self.import_action.setObjectName("excel_import")
        menu.aboutToShow.connect(self.name_actions)
        self.export_action.triggered.connect(self.choose_export)
        self.import_action.triggered.connect(self.choose_import)
        self.setMenu(menu)
        self.name_actions()

    def _place(self) -> tuple[str, TypeKey, str] | None:
        """The category, the type and the category's name of the shown card."""
        details = self._card.details
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
        place = self._place()
        if place is not None:
            name = f"{place[2]}.xlsx".replace("/", "-")
            path, _ = QFileDialog.getSaveFileName(self, "Выгрузить поля", name, FILTER)
            if path:
                self.export(Path(path))

    def export(self, path: Path) -> None:
        place = self._place()
        if place is not None:
            self._file = path if path.suffix else path.with_suffix(".xlsx")
            work = self._exchange.export(self._context.integration_id, place[0], place[1], self._file)
            self.setEnabled(False)
            self._context.worker.run(work, on_done=self._written, on_failed=self._failed)

    def _written(self, count: int) -> None:
        self.setEnabled(True)
        goods = wording.plural(count, "товара", "товаров", "товаров")
        self.reported.emit(f"Поля {goods} записаны в файл «{self._file.name}».", "good")

    def _failed(self, error: object) -> None:
        self.setEnabled(True)
        self.failed.emit(error)

    # --- reading ----------------------------------------------------------------------------------------------------

    def choose_import(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Загрузить поля", "", FILTER)
        if path:
            self.open_import(Path(path))

    def open_import(self, path: Path) -> None:
        place = self._place()
        if place is None:
            return
        dialog = CardImportDialog(self._context, self._exchange, place[0], place[1], path, self.window())
        dialog.applied.connect(self.changed)
        dialog.finished.connect(self._dialog_gone)
        self.dialog = show_one(dialog)

    def _dialog_gone(self) -> None:
        self.dialog = None
