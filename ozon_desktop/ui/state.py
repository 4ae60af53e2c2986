"""What the window remembers between runs: size, page, theme, splitters and columns, in one small file beside the data."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QHeaderView, QMainWindow, QSplitter


class WindowState:
    """Remembered sizes. Only what the window looks like; nothing of the store and no secret."""

    def __init__(self, file: Path) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    def text(self, name: str, default: str = "") -> str:
        value = self._settings.value(name, default)
        return value if isinstance(value, str) else default

    def remember(self, name: str, value: str) -> None:
        self._settings.setValue(name, value)

    def keep_window(self, window: QMainWindow) -> None:
        self._settings.setValue("window/geometry", window.saveGeometry())

    def restore_window(self, window: QMainWindow) -> bool:
        """Puts the window back where it was; False when nothing is remembered."""
        stored = self._bytes("window/geometry")
        return stored is not None and window.restoreGeometry(stored)

    def keep_header(self, name: str, header: QHeaderView) -> None:
        self._settings.setValue(f"columns/{name}", header.saveState())

    def restore_header(self, name: str, header: QHeaderView) -> bool:
        """Restores the columns of a table; False when nothing is remembered, or the table has other columns now."""
        stored = self._bytes(f"columns/{name}")
        return stored is not None and header.restoreState(stored)

    def keep_splitter(self, name: str, splitter: QSplitter) -> None:
        self._settings.setValue(f"splitters/{name}", splitter.saveState())

    def restore_splitter(self, name: str, splitter: QSplitter) -> bool:
        """Restores the parts of a splitter; False when nothing is remembered."""
        stored = self._bytes(f"splitters/{name}")
        return stored is not None and splitter.restoreState(stored)

    def flush(self) -> None:
        self._settings.sync()

    def _bytes(self, name: str) -> QByteArray | None:
        value = self._settings.value(name)
        return value if isinstance(value, QByteArray) else None
