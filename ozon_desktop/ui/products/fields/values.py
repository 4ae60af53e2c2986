"""Looks dictionary values up for the editors of the card that is shown."""

from collections.abc import Callable

from PySide6.QtGui import QIcon

from ozon_desktop.domain.ozon_catalog import Attribute, TypeKey
from ozon_desktop.paths import resource
from ozon_desktop.services.catalog.view import ValueSearch
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.worker import Job


class CardValues:
    """The `ValueSource` of one card panel; `key` follows the card."""

    def __init__(self, context: WindowContext) -> None:
        self._context = context
        self.key: TypeKey | None = None
        self.arrow = QIcon()
        self.show_theme()

    def show_theme(self) -> None:
        """Take the arrow that fits the theme in force."""
        self.arrow = QIcon(str(resource("icons", f"chevron-down-{self._context.theme.tokens().name}.svg")))

    def search(
        self, attribute: Attribute, text: str, on_done: Callable[[ValueSearch], object], on_failed: Callable[[object], object]
    ) -> Job | None:
        """Start a search; None while no type is known."""
        if self.key is None:
            return None
        found = self._context.application.catalog.search_values(self._context.integration_id, self.key, attribute, text)
        return self._context.worker.run(found, on_done=on_done, on_failed=on_failed)
