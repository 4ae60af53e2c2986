"""Opens the command palette for what is selected on the page, and does what is chosen in it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.services.mapping.view import Suggestion
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.palette.command import PageCommand
from ozon_desktop.ui.mapping.palette.model import PaletteRow, PaletteSource
from ozon_desktop.ui.mapping.palette.palette import Palette
from ozon_desktop.ui.mapping.selection import Selection
from ozon_desktop.ui.worker import Job

ASKED_FOR = 20
"""Suggestions are asked for so many of the selected categories; they go to one type anyway."""
SUGGESTED = 5


class TypeFinder(QObject):
    """The palette lies over `area`, where Ctrl+K opens it. commands: those of the page as they stand now."""

    def __init__(self, context: WindowContext, selection: Selection, commands: Callable[[], list[PageCommand]], area: QWidget) -> None:
        super().__init__(area)
        self._context = context
        self._session, self._store, self._ozon = selection.session, selection.store, selection.ozon
        self._commands = commands
        self._targets: list[str] = []
        self._source: PaletteSource | None = None
        self._asking: Job | None = None
        self.palette = Palette(context.theme, area)
        self.palette.chosen.connect(self._chosen)
        self.palette.closed.connect(self._closed)
        shortcut = QShortcut(QKeySequence("Ctrl+K"), area)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.toggle)

    def toggle(self) -> None:
        """Ctrl+K: opens the palette, or closes it."""
        if self.palette.isVisible():
            self.palette.dismiss()
        elif self._session.view is not None:
            self._open()

    def _open(self) -> None:
        self._targets = self._store.selected_ids() if self._session.can_map else []
        self._source = PaletteSource(self._ozon.model, self._commands(), self._session.recent.keys())
        self._source.suggestions = _merged([self._store.model.choices(category) for category in self._targets])
        does = "Enter — сопоставить" if self._targets else "Enter — показать тип в дереве Ozon"
        self.palette.open(self._source, self._title(), does + " или выполнить команду · Tab — к следующей группе · Esc — закрыть")
        if self._targets and not self._source.suggestions:
            service = self._context.application.mapping
            asked = service.suggest(self._context.integration_id, self._targets[:ASKED_FOR])
            self._asking = self._context.worker.run(asked, on_done=self._suggested, on_failed=self._not_suggested)

    def _title(self) -> str:
        targets = self._targets
        if not self._session.can_map:
            return "Сопоставлять пока нельзя: причина написана вверху страницы"
        if not targets:
            return "Категория магазина не выбрана"
        first = self._store.model.name(targets[0])
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
        # The search works without them, and «Подобрать автоматически» says what is wrong.
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
            self._session.map_to(self._targets, row.key)
        elif row.key is not None:
            self._ozon.select(row.key)
            self._ozon.tree.setFocus()


def _merged(found: Sequence[Sequence[Suggestion]]) -> list[Suggestion]:
    """The surest suggestions for several categories at once, each type once."""
    best: dict[TypeKey, Suggestion] = {}
    for suggestion in (suggestion for one in found for suggestion in one):
        known = best.get(suggestion.key)
        if known is None or suggestion.confidence > known.confidence:
            best[suggestion.key] = suggestion
    return sorted(best.values(), key=lambda one: -one.confidence)[:SUGGESTED]
