"""Tells whoever listens (the window, the tray, the command line) that something ended."""

from collections.abc import Callable

Listener = Callable[[str, str], None]


class Notifications:
    """Passes (title, text) on to its listeners."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Adds a listener; it is called on the thread that tells."""
        self._listeners.append(listener)

    def tell(self, title: str, text: str) -> None:
        """Tells all listeners."""
        for listener in self._listeners:
            listener(title, text)
