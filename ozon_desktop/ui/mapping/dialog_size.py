"""The first size of the page's dialogs: it grows with the text, and never beyond the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from ozon_desktop.ui.look.theme import Theme


def open_at(dialog: QDialog, theme: Theme, width: int, height: int) -> None:
    """Gives a dialog its size. width and height: in pixels, for text of 10 pt."""
    wanted = QSize(round(width * theme.scale), round(height * theme.scale))
    dialog.resize(wanted.boundedTo(dialog.screen().availableSize()))
