"""Ctrl+Z in text fields: the field's own while it has something to undo, the page's otherwise."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

STEPS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
TEXT_FIELDS = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox)


class TextUndo(QObject):
    """Qt: text fields claim Ctrl+Z whenever they have the focus, also with nothing to undo; then the page would never get it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        # Only fields that had the focus are watched: a filter of the application would see every event in Python. And not by
        # QApplication.focusChanged, which hands over the widget that lost the focus while it may be on its way out.
        application.focusObjectChanged.connect(self._focus_moved)

    def _focus_moved(self, now: QObject | None) -> None:
        if isinstance(now, TEXT_FIELDS) and now.window() is self._window:
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only before keys become key presses."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
            return False
        step = next((step for step in STEPS if event.matches(step)), None)
        if step is None or has_own_step(watched, step):
            return False
        event.ignore()
        return True


def has_own_step(widget: QWidget, step: QKeySequence.StandardKey) -> bool:
    """Whether a text field has something of its own to undo or to repeat. Other widgets have not."""
    undo = step == QKeySequence.StandardKey.Undo
    if isinstance(widget, QAbstractSpinBox | QComboBox):
        line = widget.findChild(QLineEdit)
        return line is not None and has_own_step(line, step)
    if isinstance(widget, QLineEdit):
        return not widget.isReadOnly() and (widget.isUndoAvailable() if undo else widget.isRedoAvailable())
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        document = widget.document()
        return not widget.isReadOnly() and (document.isUndoAvailable() if undo else document.isRedoAvailable())
    return False


def forget_text_steps(area: QWidget) -> None:
    """What was typed in the fields of `area` is stored: from now on undoing is about the page."""
    for line in area.findChildren(QLineEdit):
        if line.isUndoAvailable() or line.isRedoAvailable():
            place, marked = line.cursorPosition(), line.isModified()
            line.setText(line.text())
            line.setCursorPosition(place)
            line.setModified(marked)
    for plain in area.findChildren(QPlainTextEdit):
        plain.document().clearUndoRedoStacks()
    for rich in area.findChildren(QTextEdit):
        rich.document().clearUndoRedoStacks()
