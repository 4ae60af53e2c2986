"""The head of a page: title with the actions beside it, or below when there is no room; and under both the line that tells the truth."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ozon_desktop.ui.widgets.flow_layout import FlowLayout
from ozon_desktop.ui.widgets.labels import WrappedLabel

BETWEEN = 16
AROUND_LINE = 12
"""What the line under the title is higher than its text, so that a message of one line fits in its place. In px."""


class PageHead(QWidget):
    """`title` and `status_line` wrap; `add` puts a widget at the right; `line` is the place of the status line, and of messages."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = WrappedLabel(title, role="title")
        self.title.setObjectName("page_title")
        self.status_line = WrappedLabel("", role="status-line")
        self.status_line.setObjectName("page_status_line")
        self._actions = QWidget(self)
        self._flow = FlowLayout(self._actions, spacing=12)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._actions.setSizePolicy(policy)
        self.line = QWidget(self)
        words = QVBoxLayout(self.line)
        words.setContentsMargins(0, 0, 0, 0)
        words.addWidget(self.status_line)
        words.addStretch(1)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(BETWEEN)
        self._top.addWidget(self.title, 1)
        self._top.addWidget(self._actions)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self._top)
        layout.addWidget(self.line)
        self._actions.hide()

    def add(self, widget: QWidget) -> None:
        """The last added stands at the right end. Tab comes to it before what is put into the page later."""
        self._flow.addWidget(widget)
        self._actions.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside or below depends on the width."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """A button has another text or another size of text."""
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._arrange()
        return done

    def _arrange(self) -> None:
        height = self.status_line.fontMetrics().height() + AROUND_LINE
        if self.line.minimumHeight() != height:
            self.line.setMinimumHeight(height)
        width = self._flow.line_width()
        beside = width + BETWEEN + self.title.fontMetrics().horizontalAdvance(self.title.text()) <= self.width()
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._top.direction() is not direction:
            self._top.setDirection(direction)
            self._top.setSpacing(BETWEEN if beside else 8)
        least = width if beside else 0
        if self._actions.minimumWidth() != least:
            self._actions.setMinimumWidth(least)
