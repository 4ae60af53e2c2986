"""Asks what to do with unsaved changes, in the card and not in a dialog."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import WrappedLabel


class UnsavedBar(QFrame):
    """«Сохранить» / «Не сохранять» for the card that is left."""

    save = Signal()
    discard = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unsaved_bar")
        set_role(self, "message-attention")
        self.text = WrappedLabel("")
        self.save_button = QPushButton("Сохранить")
        self.save_button.setObjectName("unsaved_save")
        self.discard_button = QPushButton("Не сохранять")
        self.discard_button.setObjectName("unsaved_discard")
        self.save_button.clicked.connect(self.save)
        self.discard_button.clicked.connect(self.discard)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.addWidget(self.text)
        row = QHBoxLayout()
        row.addWidget(self.save_button)
        row.addWidget(self.discard_button)
        row.addStretch(1)
        layout.addLayout(row)
        self.hide()

    def ask(self, offer_id: str) -> None:
        """Show the question about one card."""
        self.text.setText(f"Изменения карточки {offer_id} не сохранены.")
        self.show()
