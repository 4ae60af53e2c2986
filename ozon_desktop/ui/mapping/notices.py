"""What the categories page says by itself at its top: why mapping is not possible yet, moved types, that nothing was found."""

from collections.abc import Callable

from ozon_desktop import wording
from ozon_desktop.services.mapping.view import MappingView
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.obstacles import obstacles_text
from ozon_desktop.ui.mapping.session import MappingSession
from ozon_desktop.ui.widgets import MessageBar


class Notice:
    """One matter in a message bar. The same text is shown once, so that a closed bar stays closed."""

    def __init__(self, bar: MessageBar, kind: str) -> None:
        self._bar, self._kind = bar, kind
        self._text = ""

    @property
    def standing(self) -> bool:
        """Whether the bar shows it now."""
        return bool(self._text) and self._bar.message == self._text

    def show(self, text: str, action_text: str | None = None, on_action: Callable[[], object] | None = None) -> None:
        """Say another text; an empty one takes the bar away unless it says something else by now."""
        if text and text != self._text:
            self._bar.show_message(text, self._kind, action_text, on_action)
        elif not text and self.standing:
            self._bar.hide()
        self._text = text


def hindered_text(view: MappingView) -> str:
    """Why nothing can be mapped though both trees are there; "" = it can be, or the trees say themselves what is missing."""
    hindered = view.can_map and view.categories and view.tree.categories
    return f"Сопоставлять пока нельзя. {obstacles_text(view)}." if hindered else ""


class Notices:
    """Shows each of the page's notices when it becomes true, and takes it away when it no longer is."""

    def __init__(self, context: WindowContext, session: MappingSession, bar: MessageBar) -> None:
        self._context, self._session, self._bar = context, session, bar
        self._obstacles = Notice(bar, "attention")
        self._moved = Notice(bar, "attention")

    def show_view(self, view: MappingView) -> None:
        """The mapping was read or changed. Empty trees say themselves what is missing."""
        hindered = hindered_text(view)
        self._obstacles.show(hindered, "Открыть «Интеграция»", self._open_integration)
        if not hindered:
            count = len(self._session.moved)
            text = f"Ozon перенёс типы в другие категории. Соответствий с ними: {wording.number(count)}." if count else ""
            self._moved.show(text, "Принять новые места", self._session.accept_moved)

    def announce_suggestions(self, asked: int) -> None:
        """A search for suggestions has ended. asked: for how many categories; what was found stands in its groups."""
        if not asked:
            self._bar.show_message("Подходящих типов не нашлось: всё сопоставлено, или типы Ozon ещё не получены.")

    def _open_integration(self) -> None:
        self._context.go_to.emit("integration", None)
