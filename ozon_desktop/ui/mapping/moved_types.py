"""Types that Ozon has moved to another category: the page offers their new places, and takes them when it is told to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ozon_desktop import wording

if TYPE_CHECKING:
    from ozon_desktop.ui.mapping.page import MappingPage


class MovedTypes(QObject):
    """Part of the categories page."""

    def __init__(self, page: MappingPage) -> None:
        super().__init__(page)
        self._page = page
        self._text = ""

    def tell(self) -> None:
        """Offers the new places at the top of the page; once, so that a closed bar stays closed."""
        page, count = self._page, len(self._page.store.model.moved())
        text = f"Ozon перенёс типы в другие категории. Соответствий с ними: {wording.number(count)}." if count else ""
        if text and text != self._text:
            page.show_message(text, "attention", "Принять новые места", self.accept)
        elif not text and self._text and page.message_bar.message == self._text:
            page.hide_message()
        self._text = text

    def accept(self) -> None:
        """Maps every category whose type has moved to the type's new place."""
        self._page.map_each(self._page.store.model.moved())

    def accept_selected(self) -> None:
        """The same for the selected categories."""
        selected = self._page.store.selected_ids()
        self._page.map_each({category: key for category, key in self._page.store.model.moved().items() if category in selected})
