"""A combo box that the wheel scrolls past."""

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox


class QuietBox(QComboBox):
    """Turning the wheel over a form must not change values unseen."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Qt: leave it to the scroll area."""
        event.ignore()
