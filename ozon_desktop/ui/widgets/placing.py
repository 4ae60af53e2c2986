"""Where small windows stand beside what they belong to."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

GAP = 4


def place(size: QRect, beside: QRect, free: QRect) -> QPoint:
    """Top left of a window of that size under `beside`, else above it, else as near as `free`, the screen's room, allows. All in px."""
    x = max(free.left(), min(beside.left(), free.right() + 1 - size.width()))
    below, above = beside.bottom() + 1 + GAP, beside.top() - GAP - size.height()
    if below + size.height() <= free.bottom() + 1:
        return QPoint(x, below)
    if above >= free.top():
        return QPoint(x, above)
    return QPoint(x, max(free.top(), free.bottom() + 1 - size.height()))


def open_beside(popup: QWidget, widget: QWidget) -> None:
    """Shows a small window beside a control, all of it on the screen."""
    popup.adjustSize()
    free = widget.screen().availableGeometry()
    popup.resize(popup.size().boundedTo(free.size()))
    control = QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())
    popup.move(place(popup.rect(), control, free))
    popup.show()
