"""Opens the command palette for what is selected on the page, and does what is chosen in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.ui.mapping.commands import page_commands
from ozon_desktop.ui.mapping.palette.model import PaletteRow, PaletteSource
from ozon_desktop.ui.mapping.palette.palette import Palette

if TYPE_CHECKING:
    from ozon_desktop.services.mapping.view import Suggestion
    from ozon_desktop.ui.mapping.page import MappingPage
    from ozon_desktop.ui.worker import Job

RECENT = 8
ASKED_FOR = 20
"""Suggestions are asked for so many of the selected categories; they go to one type anyway."""
SUGGESTED = 5


class TypeFinder(QObject):
    """Part of the categories page."""

    def __init__(self, page: MappingPage) -> None:
        super().__init__(page)
        self._page = page
        self._targets: list[str] = []
        self._source: PaletteSource | None = None
        self._asking: Job | None = None
        self.palette = Palette(page.context.theme, page)
        self.palette.chosen.connect(self._chosen)
        self.palette.closed.connect(self._closed)
        shortcut = QShortcut(QKeySequence("Ctrl+K"), page)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.toggle)

    def toggle(self) -> None:
        """Ctrl+K: opens the palette, or closes it."""
        if self.palette.isVisible():
            self.palette.dismiss()
        elif self._page.view is not None:
            self._open()

    def remember(self, key: TypeKey) -> None:
        """A type was chosen by hand: it stands first among the recent ones."""
        keys = [key, *(known for known in self.recent() if known != key)][:RECENT]
        self._page.context.state.remember(self._recent_name(), " ".join(map(str, keys)))

    def recent(self) -> list[TypeKey]:
        """Types chosen by hand lately, the last one first."""
        parts = (part.partition(":") for part in self._page.context.state.text(self._recent_name()).split())
        return [TypeKey(int(category), int(type_)) for category, _, type_ in parts if category.isdecimal() and type_.isdecimal()]

    def _open(self) -> None:
        page = self._page
        assert page.view is not None
        self._targets = page.store.selected_ids() if not page.view.can_map else []
        self._source = PaletteSource(page.ozon.model, page_commands(page), self.recent())
        self._source.suggestions = _merged([page.store.model.choices(category) for category in self._targets])
        does = "Enter — сопоставить" if self._targets else "Enter — показать тип в дереве Ozon"
        self.palette.open(self._source, self._title(), does + " или выполнить команду · Tab — к следующей группе · Esc — закрыть")
        if self._targets and not self._source.suggestions:
            service = page.context.application.mapping
            asked = service.suggest(page.context.integration_id, self._targets[:ASKED_FOR])
            self._asking = page.context.worker.run(asked, on_done=self._suggested, on_failed=self._not_suggested)

    def _title(self) -> str:
        view, targets = self._page.view, self._targets
        if view is not None and view.can_map:
            return "Сопоставлять пока нельзя: причина написана вверху страницы"
        if not targets:
            return "Категория магазина не выбрана"
        first = self._page.store.model.name(targets[0])
        if len(targets) == 1:
            return f"Сопоставить: «{first}»"
        return f"Сопоставить: «{first}» и ещё {len(targets) - 1}"

    def _suggested(self, found: dict[str, tuple[Suggestion, ...]]) -> None:
        self._asking = None
        if self._source is not None:
            self._source.suggestions = _merged([found.get(category, ()) for category in self._targets])
            # Rows that change under the fingers are worse than no suggestions.
            if not self.palette.line.text():
                self.palette.refresh()

    def _not_suggested(self, _error: object) -> None:
        # The search works without them, and «Подобрать автоматически» tells what is wrong.
        self._asking = None

    def _closed(self) -> None:
        self._source = None
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _chosen(self, row: PaletteRow) -> None:
        if row.command is not None:
            row.command.run()
        elif row.key is not None and self._targets:
            self._page.map_to(self._targets, row.key)
        elif row.key is not None:
            self._page.ozon.select(row.key)
            self._page.ozon.tree.setFocus()

    def _recent_name(self) -> str:
        return f"mapping/recent/{self._page.context.integration_id}"


def _merged(found: Sequence[Sequence[Suggestion]]) -> list[Suggestion]:
    """The surest suggestions for several categories together, each type once."""
    best: dict[TypeKey, Suggestion] = {}
    for suggestion in (suggestion for one in found for suggestion in one):
        known = best.get(suggestion.key)
        if known is None or suggestion.confidence > known.confidence:
            best[suggestion.key] = suggestion
    return sorted(best.values(), key=lambda one: -one.confidence)[:SUGGESTED]
