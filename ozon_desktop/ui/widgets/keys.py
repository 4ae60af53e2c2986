"""Keys that act on one widget only (Enter, Delete), so that two trees of a page can have the same ones."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
DELETE = frozenset({Qt.Key.Key_Delete})
ESCAPE = frozenset({Qt.Key.Key_Escape})


class KeyActions(QObject):
    """Calls actions for keys pressed in a widget, before the widget's own handling."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._actions: dict[int, Callable[[], object]] = {}
        widget.installEventFilter(self)

    def on(self, keys: frozenset[Qt.Key], action: Callable[[], object]) -> None:
        """Call `action` when one of `keys` is pressed without Ctrl or Alt."""
        self._actions.update(dict.fromkeys((int(key) for key in keys), action))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            action = self._actions.get(event.key())
            held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if action is not None and held == Qt.KeyboardModifier.NoModifier:
                action()
                return True
        return super().eventFilter(watched, event)
