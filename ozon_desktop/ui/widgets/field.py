"""A field of a form: label, editor, and below it a hint or what is wrong."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ozon_desktop.ui.look.theme import repolish, set_role
from ozon_desktop.ui.widgets.labels import WrappedLabel
from ozon_desktop.wording import NBSP


class Field(QWidget):
    """Label over editor over hint. The label is the editor's buddy and its accessible name; required ones get a *."""

    def __init__(self, label: str, editor: QWidget, *, required: bool = False, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self._hint = hint
        self._error: str | None = None
        self.label = QLabel(f"{label}{NBSP}*" if required else label)
        self.label.setWordWrap(True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
        set_role(self.label, "label")
        self.label.setBuddy(editor)
        editor.setAccessibleName(label)
        self.head = QHBoxLayout()
        self.head.setSpacing(4)
        self.head.addWidget(self.label, 1)
        self.below = WrappedLabel(hint, role="hint")
        self.row = QHBoxLayout()
        self.row.setSpacing(6)
        self.row.addWidget(editor, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addLayout(self.head)
        self._column.addLayout(self.row)
        self._column.addWidget(self.below)
        self.below.setVisible(bool(hint))
        self._column.addStretch(1)

    def head_height(self) -> int:
        """What the label needs at its width, and what stands beside it. QLabel's own answer would include its minimum."""
        room = QRect(0, 0, max(1, self.label.width()), 10_000)
        text = self.label.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, self.label.text())
        items = (self.head.itemAt(place) for place in range(1, self.head.count()))
        beside = (item.sizeHint().height() for item in items if item is not None)
        return max(text.height(), *beside, 0)

    def add_beside(self, button: QWidget) -> None:
        """Puts a small button beside the editor. Aligned, or its height would become the greatest one of the row."""
        self.row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def add_below(self, widget: QWidget, alignment: Qt.AlignmentFlag | None = None) -> None:
        """Puts a widget below the hint, after those that stand there; None = as wide as the field."""
        # Before the stretch at the end.
        self._column.insertWidget(self._column.count() - 1, widget)
        if alignment is not None:
            self._column.setAlignment(widget, alignment)

    @property
    def error(self) -> str | None:
        """What is wrong now; None when nothing is."""
        return self._error

    def set_error(self, text: str | None) -> None:
        """Says below the editor what is wrong, instead of the hint; None takes it away."""
        self._error = text or None
        state = "error" if self._error else ""
        if self.editor.property("state") != state:
            self.editor.setProperty("state", state)
            repolish(self.editor)
        self._show_below()

    def set_hint(self, text: str) -> None:
        """The text below the editor while nothing is wrong."""
        self._hint = text
        self._show_below()

    def _show_below(self) -> None:
        text = self._error or self._hint
        set_role(self.below, "error" if self._error else "hint")
        self.below.setText(text)
        self.below.setVisible(bool(text))
        self.editor.setAccessibleDescription(text)


class FieldRow(QObject):
    """Keeps the editors of fields beside each other on one line, also when the label of only one of them wraps."""

    def __init__(self, fields: Iterable[Field], parent: QObject) -> None:
        super().__init__(parent)
        self._fields = tuple(fields)
        for field in self._fields:
            field.label.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A label has another width or another size of text."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.FontChange}:
            highest = max(field.head_height() for field in self._fields)
            for field in self._fields:
                if field.label.minimumHeight() != highest:
                    field.label.setMinimumHeight(highest)
        return False
