"""A small list beside a field for what the store data lacks: add, rename, delete entries in place."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import WrappedLabel
from ozon_desktop.ui.widgets.placing import open_beside

ID_ROLE = Qt.ItemDataRole.UserRole


class ReferencePopup(QFrame):
    """Signals carry what was asked: added(name), renamed(id, name), removed(id). The caller does it and shows the new list."""

    added = Signal(str)
    renamed = Signal(str, str)
    removed = Signal(str)

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("reference_popup")
        set_role(self, "card")
        self.setAccessibleName(title)
        self._chosen: object = None
        self._filling = False
        self.list = QListWidget()
        self.list.setObjectName("reference_list")
        self.list.setAccessibleName(title)
        set_role(self.list, "boxed")
        self.list.setMinimumSize(300, 150)
        self.name = QLineEdit()
        self.name.setObjectName("reference_name")
        self.name.setPlaceholderText("Новое название")
        self.name.setAccessibleName("Новое название")
        self.add = QPushButton("Добавить")
        self.add.setObjectName("reference_add")
        self.rename = QPushButton("Переименовать")
        self.rename.setObjectName("reference_rename")
        self.remove = QPushButton("Удалить")
        self.remove.setObjectName("reference_remove")
        set_role(self.remove, "danger")
        self.note = WrappedLabel("", role="hint")
        self._lay_out(title)
        self.add.clicked.connect(self._add)
        self.name.returnPressed.connect(self._add)
        self.name.textChanged.connect(self._update_buttons)
        self.rename.clicked.connect(self._rename)
        self.remove.clicked.connect(self._remove)
        self.list.currentItemChanged.connect(self._update_buttons)
        self.list.itemChanged.connect(self._edited)
        self._update_buttons()

    def _lay_out(self, title: str) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(WrappedLabel(title, role="heading"))
        layout.addWidget(self.list)
        change = QHBoxLayout()
        change.addWidget(self.rename)
        change.addWidget(self.remove)
        change.addStretch(1)
        layout.addLayout(change)
        new = QHBoxLayout()
        new.addWidget(self.name, 1)
        new.addWidget(self.add)
        layout.addLayout(new)
        layout.addWidget(self.note)

    def show_entries(self, entries: tuple[tuple[str, str], ...], chosen: object) -> None:
        """Shows (id, name) pairs; the one chosen in the form cannot be deleted."""
        self._chosen = chosen
        current = self._current_id()
        self._filling = True
        self.list.clear()
        for entry_id, name in entries:
            item = QListWidgetItem(name)
            item.setData(ID_ROLE, entry_id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.list.addItem(item)
            if entry_id == current:
                self.list.setCurrentItem(item)
        self._filling = False
        self._update_buttons()

    def open_at(self, widget: QWidget) -> None:
        open_beside(self, widget)

    def showEvent(self, event: QShowEvent) -> None:
        """Typing goes into the new name at once."""
        super().showEvent(event)
        self.name.setFocus()

    def _current_id(self) -> str | None:
        item = self.list.currentItem()
        return str(item.data(ID_ROLE)) if item is not None else None

    def _update_buttons(self) -> None:
        current = self._current_id()
        self.add.setEnabled(bool(self.name.text().strip()))
        self.rename.setEnabled(current is not None)
        self.remove.setEnabled(current is not None and current != self._chosen)
        used = current is not None and current == self._chosen
        self.note.setText("Выбранное на странице удалить нельзя: сначала выберите другое." if used else "")
        self.note.setVisible(used)

    def _add(self) -> None:
        name = self.name.text().strip()
        if name:
            self.name.clear()
            self.added.emit(name)

    def _rename(self) -> None:
        self.list.editItem(self.list.currentItem())

    def _edited(self, item: QListWidgetItem) -> None:
        if not self._filling and item.text().strip():
            self.renamed.emit(str(item.data(ID_ROLE)), item.text().strip())

    def _remove(self) -> None:
        current = self._current_id()
        if current is not None and current != self._chosen:
            self.removed.emit(current)
