"""A combo box for forms: the wheel scrolls the page, long texts do not widen it, the list can say more than the box."""

from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionComboBox, QStyleOptionViewItem, QStylePainter, QWidget

FULL_TEXT = Qt.ItemDataRole.UserRole + 1


class ComboBox(QComboBox):
    """Choices are (value, text) or (value, text, longer text for the open list); `chosen` is the value, None = nothing chosen."""

    opened_empty = Signal()
    """Somebody wants to choose, and there is nothing: Qt itself does nothing then."""

    def __init__(self, name: str, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Kept here and not as item data: Qt would give an enum of texts back as a bare text.
        self._values: list[object] = []
        self.setObjectName(name)
        self.setPlaceholderText(placeholder)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(14)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setItemDelegate(_FullTextDelegate(self))

    @property
    def chosen(self) -> object:
        return self._values[self.currentIndex()] if self.currentIndex() >= 0 else None

    def set_choices(self, choices: Iterable[tuple[object, str] | tuple[object, str, str]], chosen: object) -> None:
        """Fills the list without notifying listeners; a `chosen` that is not among the choices leaves the box empty."""
        blocked = self.blockSignals(True)
        self.clear()
        self._values = []
        for choice in choices:
            self._values.append(choice[0])
            self.addItem(choice[1])
            if len(choice) == 3:
                self.setItemData(self.count() - 1, choice[2], FULL_TEXT)
        self.setCurrentIndex(self._row_of(chosen))
        self.blockSignals(blocked)
        self._widen_list()

    def choose(self, value: object) -> None:
        """Chooses a value; listeners hear of it when it is another one."""
        self.setCurrentIndex(self._row_of(value))

    def showPopup(self) -> None:
        """Qt: by mouse or key."""
        super().showPopup()
        if not self.count():
            self.opened_empty.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling over a form must not change it."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A text that does not fit ends in an ellipsis, and is whole in the tooltip."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        if self.currentIndex() < 0:
            option.palette.setColor(QPalette.ColorRole.ButtonText, option.palette.color(QPalette.ColorRole.PlaceholderText))
            option.currentText = self.placeholderText()
        area = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self)
        shown = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, area.width() - 2)
        self.setToolTip(option.currentText if shown != option.currentText else "")
        option.currentText = shown
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def _row_of(self, value: object) -> int:
        return self._values.index(value) if value in self._values else -1

    def _widen_list(self) -> None:
        metrics = self.fontMetrics()
        texts = (str(self.itemData(row, FULL_TEXT) or self.itemText(row)) for row in range(self.count()))
        width = max((metrics.horizontalAdvance(text) for text in texts), default=0)
        self.view().setMinimumWidth(width + 48)


class _FullTextDelegate(QStyledItemDelegate):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """The open list shows the longer text."""
        super().initStyleOption(option, index)
        text = index.data(FULL_TEXT)
        if text:
            option.text = str(text)
