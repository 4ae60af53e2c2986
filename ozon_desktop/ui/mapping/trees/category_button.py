"""Below the Ozon tree while a category is chosen: collects the settings of all types inside it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.ozon_catalog import OzonCategory


class CategoryButton(QPushButton):
    """`settings_wanted` carries the id of the category whose types shall be collected. One line: the tree needs the height."""

    settings_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._category_id = 0
        self.setObjectName("fetch_category_settings")
        self.clicked.connect(self._want_settings)
        self.hide()

    def show_category(self, category: OzonCategory, types: int, collected: int) -> None:
        """types: how many can be used below the category; collected: for how many of them the settings are there."""
        self._category_id = category.id
        self.setText(f"Получить настройки {wording.plural(types, 'типа', 'типов', 'типов')} внутри")
        self.setToolTip(f"{category.name}: настройки получены для {wording.number(collected)} из {wording.number(types)}")
        self.setVisible(types > 0)

    def _want_settings(self) -> None:
        self.settings_wanted.emit(self._category_id)
