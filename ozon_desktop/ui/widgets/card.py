"""A card: a framed part of a page with an optional heading."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets.labels import WrappedLabel

INSIDE = 20


class Card(QFrame):
    """Content goes into `body`; widgets beside the heading into `head`."""

    def __init__(self, heading: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(INSIDE, 16, INSIDE, 18)
        layout.setSpacing(12)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.heading = WrappedLabel(heading, role="heading")
        self.head.addWidget(self.heading, 1)
        layout.addLayout(self.head)
        self.heading.setVisible(bool(heading))
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        layout.addLayout(self.body, 1)
        if heading:
            self.setAccessibleName(heading)

    def set_compact(self) -> None:
        """Less air, for a card above the main thing of a page."""
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(16, 10, 16, 10)
            layout.setSpacing(8)

    def set_heading(self, text: str) -> None:
        self.heading.setText(text)
        self.heading.setVisible(bool(text))
        self.setAccessibleName(text)
