"""Editors of additional fields without a dictionary, and the choice of the editor that an attribute needs."""

from PySide6.QtCore import QRegularExpression, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.field_values import BOOLEANS, Values
from ozon_desktop.domain.ozon_catalog import Attribute
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.ui.look.theme import repolish
from ozon_desktop.ui.products.fields.limits import is_address, length_limit
from ozon_desktop.ui.widgets import WrappedLabel
from ozon_desktop.ui.widgets.quiet_box import QuietBox

MULTILINE_ROWS = 4
YES, NO = "true", "false"


class FieldEditor(QWidget):
    """Edits the values of one attribute. `changed` comes when the manager changed them, never for `set_values`."""

    changed = Signal()
    wide = False
    """Whether it needs the width of both columns."""

    def __init__(self, attribute: Attribute, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.attribute = attribute
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)

    def values(self) -> Values:
        raise NotImplementedError

    def set_values(self, values: Values) -> None:
        raise NotImplementedError

    def control(self) -> QWidget:
        """The widget that takes the keyboard."""
        return self._control

    def add_control(self, control: QWidget) -> None:
        """Put the main control in, named and reachable."""
        self._control = control
        control.setObjectName(f"field_{self.attribute.id}")
        control.setAccessibleName(self.attribute.name)
        self.column.addWidget(control)
        self.setFocusProxy(control)

    def finish(self) -> None:
        """Takes what is typed and not taken yet: somebody is about to read the value."""

    def problem(self) -> str | None:
        """What Ozon would surely refuse in the value as it stands now, in words; None = nothing."""
        return None

    def set_wrong(self, wrong: bool) -> None:
        """Mark the control as holding something Ozon refuses."""
        control = self.control()
        state = "error" if wrong else ""
        if (control.property("state") or "") != state:
            control.setProperty("state", state)
            repolish(control)


class LineEditor(FieldEditor):
    """One line of text; for integer and decimal only what can be a number may be typed."""

    def __init__(self, attribute: Attribute, parent: QWidget | None = None) -> None:
        super().__init__(attribute, parent)
        self._line = QLineEdit()
        pattern = {"integer": r"-?\d{0,18}", "decimal": r"-?\d{0,15}([.,]\d{0,6})?"}.get(attribute.kind)
        if pattern is not None:
            self._line.setValidator(QRegularExpressionValidator(QRegularExpression(pattern), self._line))
        self._limit = length_limit(attribute)
        if attribute.kind == "url":
            self._line.setPlaceholderText("https://")
        if self._limit:
            self._line.setMaxLength(self._limit)
        self.add_control(self._line)
        self._line.textEdited.connect(self._edited)

    def values(self) -> Values:
        """The text; a decimal comma becomes a point, as Ozon wants it."""
        text = self._line.text().strip()
        if self.attribute.kind == "decimal":
            text = text.replace(",", ".")
        return ((0, text),) if text else ()

    def set_values(self, values: Values) -> None:
        text = values[0][1] if values else ""
        if self._limit:
            # A longer text that a rule gives is shown whole: only typing is held back.
            self._line.setMaxLength(max(self._limit, len(text)))
        if text != self._line.text():
            self._line.setText(text)
            self._line.setCursorPosition(0)

    def problem(self) -> str | None:
        text = self._line.text().strip()
        if self.attribute.kind == "url" and text and not is_address(text):
            return "Нужен полный адрес, например https://example.ru/page"
        return too_long(len(text), self._limit)

    def _edited(self, _text: str) -> None:
        self.changed.emit()


class MultilineEditor(FieldEditor):
    wide = True

    def __init__(self, attribute: Attribute, parent: QWidget | None = None) -> None:
        super().__init__(attribute, parent)
        self._text = QPlainTextEdit()
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(self._text.fontMetrics().lineSpacing() * MULTILINE_ROWS + 24)
        self._showing = False
        self._limit = length_limit(attribute)
        self.counter = WrappedLabel("", role="hint")
        self.add_control(self._text)
        self.column.addWidget(self.counter)
        # Only now: a widget without a parent would be shown as a window of its own.
        self.counter.setVisible(bool(self._limit))
        self._count()
        self._text.textChanged.connect(self._edited)

    def values(self) -> Values:
        text = self._text.toPlainText().strip()
        return ((0, text),) if text else ()

    def set_values(self, values: Values) -> None:
        text = values[0][1] if values else ""
        if text == self._text.toPlainText():
            return
        self._showing = True
        self._text.setPlainText(text)
        self._showing = False

    def problem(self) -> str | None:
        return too_long(len(self._text.toPlainText().strip()), self._limit)

    def _count(self) -> None:
        if self._limit:
            length = len(self._text.toPlainText().strip())
            self.counter.setText(f"{wording.number(length)} из {wording.number(self._limit)} символов")

    def _edited(self) -> None:
        self._count()
        if not self._showing:
            self.changed.emit()


def too_long(length: int, limit: int) -> str | None:
    """The complaint about a text of more characters than Ozon takes; None when it fits or no limit (0) is known."""
    if not limit or length <= limit:
        return None
    text = "Длиннее {0}: сейчас {1}"
    return text.format(wording.plural(limit, "символа", "символов", "символов"), wording.number(length))


class YesNoEditor(FieldEditor):
    """Yes, no, or not given."""

    def __init__(self, attribute: Attribute, parent: QWidget | None = None) -> None:
        super().__init__(attribute, parent)
        self._box = QuietBox()
        for text, value in (("не указано", ""), ("Да", YES), ("Нет", NO)):
            self._box.addItem(text, value)
        self.add_control(self._box)
        self._box.activated.connect(self._chosen)

    def values(self) -> Values:
        value = self._box.currentData()
        return ((0, str(value)),) if value else ()

    def set_values(self, values: Values) -> None:
        """Show the first value; what is neither yes nor no is shown as not given."""
        text = BOOLEANS.get(fold(values[0][1])) if values else None
        self._box.setCurrentIndex({YES: 1, NO: 2}.get(text or "", 0))

    def _chosen(self, _row: int) -> None:
        self.changed.emit()


class FixedEditor(FieldEditor):
    """A value that the mapping gives and nobody edits: the type."""

    def __init__(self, attribute: Attribute, parent: QWidget | None = None) -> None:
        super().__init__(attribute, parent)
        self._values: Values = ()
        self._line = QLineEdit()
        self._line.setReadOnly(True)
        self.add_control(self._line)

    def values(self) -> Values:
        return self._values

    def set_values(self, values: Values) -> None:
        self._values = values
        self._line.setText(", ".join(text for _, text in values))
