"""The base of the six pages: title, actions, status line with messages in its place, body."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QScrollBar, QVBoxLayout, QWidget

from ozon_desktop.ui.context import TOPICS, WindowContext
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets.low_area import LowArea
from ozon_desktop.ui.widgets.message_bar import MessageBar
from ozon_desktop.ui.widgets.message_place import MessagePlace
from ozon_desktop.ui.widgets.page_head import PageHead
from ozon_desktop.ui.widgets.placeholders import Skeleton

MARGIN = 28
SCROLL_BAR = 12
"""Its width, as the style sheet has it."""


class Page(QWidget):
    """One page of the window.

    Subclasses put their content into `body` and override `refresh`. `topics`: which `data_changed` topics make the page
    ask the services again (at once when it is shown, else when it is shown next).
    """

    topics: frozenset[str] = TOPICS

    def __init__(self, context: WindowContext, title: str, *, scrolled: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._stale = True
        self.head = PageHead(title, self)
        self.title, self.status_line = self.head.title, self.head.status_line
        self.message_bar = MessageBar(self, slim=True)
        self.message_bar.close_with_escape(self)
        MessagePlace(self.message_bar, self, self.head.line)
        self.skeleton = Skeleton(self)
        self.skeleton.hide()
        self._content = QWidget(self)
        self._content.setObjectName("scrolled")
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(16)
        self._area = self._scroll_area() if scrolled else LowArea(self._content, self)
        self._lay_out(scrolled)
        self.setAccessibleName(title)
        # Lets the window put the focus on the page as a whole, without a control looking chosen.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        context.data_changed.connect(self._data_changed)
        context.integration_changed.connect(self.set_integration)

    def _lay_out(self, scrolled: bool) -> None:
        head = QHBoxLayout()
        head.addWidget(self.head)
        # A scrolled page has its bar at the window's edge, so its own margin on the right is narrower.
        right = 0 if scrolled else MARGIN
        head.setContentsMargins(0, 0, MARGIN - right, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, 14, right, 0 if scrolled else 16)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.skeleton, 1)
        layout.addWidget(self._area, 1)

    def _scroll_area(self) -> QScrollArea:
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._content)
        bar = area.verticalScrollBar()
        bar.installEventFilter(self)
        self._leave_room(bar.isVisible())
        return area

    def _leave_room(self, bar_shown: bool) -> None:
        """The content ends at the same place whether or not it scrolls."""
        self.body.setContentsMargins(0, 0, MARGIN - (SCROLL_BAR if bar_shown else 0), 20)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: the bar of a page that scrolls comes or goes."""
        if isinstance(watched, QScrollBar) and event.type() in {QEvent.Type.Show, QEvent.Type.Hide}:
            self._leave_room(event.type() is QEvent.Type.Show)
        return super().eventFilter(watched, event)

    def set_status_line(self, text: str) -> None:
        self.status_line.setText(text)

    def add_action(self, button: QPushButton, primary: bool = False) -> None:
        """Puts a button at the right of the title; the primary one comes last."""
        if primary:
            set_role(button, "primary")
        self.head.add(button)

    def add_action_widget(self, widget: QWidget) -> None:
        """Puts another widget (a text, a box) into the row of actions."""
        self.head.add(widget)

    def show_message(
        self, text: str, kind: str = "info", action_text: str | None = None, on_action: Callable[[], object] | None = None
    ) -> None:
        """Says something about the page in place of its status line. kind: info | good | attention | error."""
        self.message_bar.show_message(text, kind, action_text, on_action)

    def show_error(self, error: object, action_text: str | None = None, on_action: Callable[[], object] | None = None) -> None:
        """Says in the bar what failed; an unexpected failure gets «Подробности» that can be copied."""
        shown = self.context.explain(error)
        self.message_bar.show_message(shown.line, "error", action_text, on_action, details=shown.details)

    def hide_message(self) -> None:
        self.message_bar.hide()

    def set_loading(self, loading: bool) -> None:
        """Shows the skeleton instead of the body."""
        self.skeleton.setVisible(loading)
        self._area.setVisible(not loading)

    def set_integration(self, integration_id: object) -> None:
        """Another cabinet was chosen; `context.integration_id` is already the new one."""
        self._ask_again()

    def refresh(self) -> None:
        """Asks the services again. Subclasses override it."""

    def focus_search(self) -> None:
        """Ctrl+F. Pages with a search field override it."""

    def save(self) -> None:
        """Ctrl+S. Pages with something to save override it."""

    def undo(self) -> None:
        """Ctrl+Z. Pages that can undo override it."""

    def redo(self) -> None:
        """Ctrl+Shift+Z. Pages that can redo override it."""

    @property
    def undo_label(self) -> str | None:
        """What Ctrl+Z would take back, for the menu; None = nothing. Pages that can undo override it."""
        return None

    @property
    def redo_label(self) -> str | None:
        """What Ctrl+Shift+Z would do again; None = nothing."""
        return None

    def leave(self) -> None:
        """The window closes: pages keep their columns and splitters in `context.state` here."""

    def open_payload(self, payload: object) -> None:
        """`context.go_to(page, payload)` names this page. Pages that understand payloads override it."""

    def has_unsaved_changes(self) -> bool:
        """Whether closing the window would lose something."""
        return False

    def showEvent(self, event: QShowEvent) -> None:
        """A page that is shown asks once what it missed."""
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self.refresh()

    def _data_changed(self, topic: str) -> None:
        if topic in self.topics:
            self._ask_again()

    def _ask_again(self) -> None:
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True
