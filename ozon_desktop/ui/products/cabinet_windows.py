"""The products page's windows about the cabinet's own cards: what is on Ozon already, and where it differs from the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ozon_desktop.ui.products.adoption.panel import AdoptionPanel
from ozon_desktop.ui.products.differences.panel import DifferencesPanel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from ozon_desktop.ui.products.page import ProductsPage


class CabinetWindows(QObject):
    """Part of the products page. The windows block nothing."""

    def __init__(self, page: ProductsPage) -> None:
        super().__init__(page)
        self._page = page
        self.opened: QDialog | None = None

    def show_adoption(self) -> None:
        """The report of the last reading, and «Загрузить карточки с Ozon»."""
        panel = AdoptionPanel(self._page.context, self._page.window())
        panel.differences_wanted.connect(self.show_differences)
        self._open(panel)

    def show_differences(self, product_ids: object = None) -> None:
        """Store and Ozon field by field, of some products (a list of ids) or of all."""
        ids = [str(product_id) for product_id in product_ids] if isinstance(product_ids, (list, tuple)) else None
        self._open(DifferencesPanel(self._page.context, ids, self._page.window()))

    def _open(self, dialog: QDialog) -> None:
        self.opened = dialog
        dialog.show()
