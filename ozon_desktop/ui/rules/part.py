"""The base of the tabs of the rules window."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QScrollArea, QVBoxLayout, QWidget

from ozon_desktop.ui.widgets import Field


class RulesPart(QWidget):
    """One tab. `changed` comes when something was changed by the user."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scrolled")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 12, 8, 0)
        self.column.setSpacing(12)

    def state(self) -> object:
        """What is entered, to compare with what was shown."""
        raise NotImplementedError

    def fault(self) -> QWidget | None:
        """Says at its field what is wrong, and gives the first field to correct; None = everything can be saved."""
        raise NotImplementedError


def scrolled(part: QWidget) -> QScrollArea:
    """The part in an area that scrolls when the window is low."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(part)
    return area


def first_wrong(*fields: Field) -> QWidget | None:
    """The editor of the first field that shows an error."""
    return next((field.editor for field in fields if field.error), None)


class Room(QWidget):
    """The place of a list: it asks for no more than the list's least height, and takes what room is left."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)

    def sizeHint(self) -> QSize:
        """The least: lists themselves ask for 192 pixels."""
        return self.minimumSizeHint()
