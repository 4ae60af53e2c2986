"""The head of a page: title, status line, and the actions, beside them or below when there is no room."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ozon_desktop.ui.widgets.flow_layout import FlowLayout
from ozon_desktop.ui.widgets.labels import WrappedLabel

BETWEEN = 16
LEAST_WORDS = 30
"""So many characters of the status line stand beside the actions; with less room the actions go below."""


class PageHead(QWidget):
    """`title` and `status_line` wrap; `add` puts a widget at the right."""

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
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.status_line)
        words.addStretch(1)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(BETWEEN)
        self._layout.addLayout(words, 1)
        self._layout.addWidget(self._actions)
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
        width = self._flow.line_width()
        words = max(
            self.title.fontMetrics().horizontalAdvance(self.title.text()), self.status_line.fontMetrics().averageCharWidth() * LEAST_WORDS
        )
        beside = width + BETWEEN + words <= self.width()
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._layout.direction() is not direction:
            self._layout.setDirection(direction)
            self._layout.setSpacing(BETWEEN if beside else 8)
        least = width if beside else 0
        if self._actions.minimumWidth() != least:
            self._actions.setMinimumWidth(least)
