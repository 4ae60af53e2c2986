"""The base of dialogs that stand beside the window: search, body with skeleton and empty state, message bar, buttons."""

from collections.abc import Callable, Coroutine
from enum import Enum, auto
from typing import Any, TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHBoxLayout, QPushButton, QTableView, QVBoxLayout, QWidget

from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import Theme, set_role
from ozon_desktop.ui.widgets import EmptyState, MessageBar, SearchField, Skeleton, WrappedLabel
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions
from ozon_desktop.ui.worker import Job

Dialog = TypeVar("Dialog", bound=QDialog)


class Body(Enum):
    LOADING = auto()
    EMPTY = auto()
    CONTENT = auto()
    NOTHING = auto()


class ToolDialog(QDialog):
    """Blocks nothing, closes with Esc, and without asking when another cabinet is chosen; a closed one is deleted.

    From above: `bar`, `heading`, `hint`, `body`, `buttons` (added ones at the left, `close_button` and the primary one at the right).
    name: object name, also the beginning of the names of its parts. heading: None = the title, "" = there is none.
    of_cabinet: whether it shows one cabinet only.
    A job the user waits for goes through `run`, the reading of what is shown through `start_reading`.
    """

    def __init__(
        self,
        context: WindowContext,
        name: str,
        title: str,
        parent: QWidget | None = None,
        *,
        heading: str | None = None,
        of_cabinet: bool = True,
    ) -> None:
        super().__init__(parent)
        self.context = context
        self.integration_id = context.integration_id
        self._job: Job | None = None
        self._reading: Job | None = None
        self._shown = Body.CONTENT
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.bar = MessageBar()
        self.heading = WrappedLabel(title if heading is None else heading, role="heading")
        self.heading.setObjectName(f"{name}_title")
        self.hint = WrappedLabel("", role="hint")
        self.hint.setObjectName(f"{name}_hint")
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addStretch(1)
        self.close_button = make_button("&Закрыть", f"{name}_close")
        self.close_button.clicked.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.setSpacing(12)
        for widget in (self.bar, self.heading, self.hint):
            layout.addWidget(widget)
        layout.addLayout(self.body, 1)
        layout.addLayout(self.buttons)
        self.heading.setHidden(heading == "")
        self.hint.hide()
        if of_cabinet:
            context.integration_changed.connect(self.leave)

    # --- parts ------------------------------------------------------------------------------------------------------

    def set_hint(self, text: str) -> None:
        self.hint.setText(text)
        self.hint.setVisible(bool(text))

    def add_button(self, text: str, name: str, tip: str = "") -> QPushButton:
        """Another button at the left, after those that were added before; comes before `finish`."""
        button = make_button(text, name, tip)
        self.buttons.insertWidget(self.buttons.count() - 1, button)
        return button

    def finish(self, primary: QPushButton | None, name: str, width: int, height: int = 0) -> None:
        """Puts «Закрыть» and the primary button in, after everything else for the sake of Tab, and takes a size as `open_at` does."""
        self.buttons.addWidget(self.close_button)
        if primary is not None:
            primary.setObjectName(name)
            primary.setAutoDefault(False)
            set_role(primary, "primary")
            self.buttons.addWidget(primary)
        open_at(self, self.context.theme, width, height)

    def add_search(self, placeholder: str, table: QTableView) -> SearchField:
        """A search field for `table`, to be put into the body: Ctrl+F goes there, Enter and ↓ go to the rows."""
        self.search = SearchField(placeholder, name=f"{self.objectName()}_search")
        self._searched_table = table
        KeyActions(self.search).on(ENTER | {Qt.Key.Key_Down}, self._to_rows)
        QShortcut(QKeySequence.StandardKey.Find, self, self._to_search)
        return self.search

    def add_content(self, content: QWidget, *, stretch: int = 1, empty: str = "") -> None:
        """Puts the content into the body, with its skeleton and empty state; `show_body` says which of them is shown."""
        self.content, self.skeleton = content, Skeleton()
        self.empty = EmptyState(empty, name=f"{self.objectName()}_empty")
        for widget in (self.skeleton, self.empty, content):
            self.body.addWidget(widget, stretch)
        if isinstance(content, QAbstractItemView):
            self.context.theme.changed.connect(content.viewport().update)
        self.show_body(Body.LOADING)

    def show_body(self, shown: Body) -> None:
        self._shown = shown
        self.skeleton.setVisible(shown is Body.LOADING)
        self.empty.setVisible(shown is Body.EMPTY)
        self.content.setVisible(shown is Body.CONTENT)

    def _to_rows(self) -> None:
        self.search.returnPressed.emit()
        if self._searched_table.model().rowCount():
            if not self._searched_table.selectionModel().hasSelection():
                self._searched_table.selectRow(0)
            self._searched_table.setFocus()

    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    # --- work -------------------------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether a job started by `run` is under way."""
        return self._job is not None

    def run(
        self, work: Coroutine[Any, Any, Any], on_done: Callable[[Any], object], on_failed: Callable[[object], object] | None = None
    ) -> None:
        """Starts a job; on_done and on_failed call `ended` first."""
        self._job = self.context.worker.run(work, on_done=on_done, on_failed=on_failed or self.job_failed, on_cancelled=self.ended)
        self.show_state()

    def ended(self) -> None:
        self._job = None
        self.show_state()

    def job_failed(self, error: object) -> None:
        """Shows what failed; what was entered stays."""
        self.ended()
        self.show_error(error)

    def refresh(self) -> None:
        """Reads what is shown: subclasses that do call `start_reading`."""
        raise NotImplementedError

    def start_reading(self, work: Coroutine[Any, Any, Any]) -> None:
        """Reads beside a job; a reading that is under way is given up. Its result goes to `show_read`."""
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self.context.worker.run(work, on_done=self._read_done, on_failed=self._reading_failed)

    def show_read(self, result: Any) -> None:
        """Shows what `start_reading` brought."""
        raise NotImplementedError

    def _read_done(self, result: object) -> None:
        self._reading = None
        self.show_read(result)

    def _reading_failed(self, error: object) -> None:
        self._reading = None
        if self._shown is Body.LOADING:
            self.show_body(Body.NOTHING)
        self.show_error(error, "Повторить", self._read_again)

    def _read_again(self) -> None:
        self.bar.hide()
        if self._shown is Body.NOTHING:
            self.show_body(Body.LOADING)
        self.refresh()

    def show_error(self, error: object, action: str = "", again: Callable[[], object] | None = None) -> None:
        """An exception in the bar, with a button that calls `again`."""
        shown = self.context.explain(error)
        self.bar.show_message(shown.line, "error", action or None, again, details=shown.details)

    def show_state(self) -> None:
        """Which buttons can be pressed. Subclasses override it."""

    # --- closing ----------------------------------------------------------------------------------------------------

    def may_close(self) -> bool:
        """Whether Esc, «Закрыть» and the cross close it now; a subclass that says no has asked a question in the dialog."""
        return True

    def reject(self) -> None:
        """Qt: every way to close comes through here."""
        if self.may_close():
            super().reject()

    @property
    def unsaved(self) -> bool:
        """Whether closing would lose something. Subclasses with something to save override it."""
        return False

    def save(self) -> None:
        """Stores what is unsaved. Subclasses with something to save override it."""

    def leave(self) -> None:
        """Closes without asking, as when another cabinet is chosen: whatever was to be asked has been asked by then."""
        self.done(QDialog.DialogCode.Rejected)


def bring_up(dialog: QDialog) -> None:
    """Shows a dialog, or brings one that is shown to the front."""
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()


def bring_up_one(kind: type[Dialog], parent: QWidget, make: Callable[[], Dialog]) -> Dialog:
    """The dialog of this kind over `parent` comes to the front; `make` builds it when there is none."""
    dialog = parent.findChild(kind) or make()
    bring_up(dialog)
    return dialog


def show_one(dialog: Dialog) -> Dialog:
    """Shows a new dialog in place of one of its kind that is open over the same window; gives the one that is shown now.

    The open one stays, and comes to the front, when it does not close: it has asked what is to become of its changes.
    """
    parent = dialog.parentWidget()
    for other in parent.findChildren(type(dialog)) if parent is not None else ():
        if other is dialog or type(other) is not type(dialog) or not other.isVisible():
            continue
        other.close()
        if other.isVisible():
            dialog.deleteLater()
            bring_up(other)
            return other
    bring_up(dialog)
    return dialog


def open_at(dialog: QDialog, theme: Theme, width: int, height: int) -> None:
    """The first size: it grows with the text and never beyond the screen.

    width and height: pixels for text of 10 pt; height 0 = what the contents need.
    """
    tall = round(height * theme.scale) or dialog.sizeHint().height()
    dialog.resize(QSize(round(width * theme.scale), tall).boundedTo(dialog.screen().availableSize()))


def make_button(text: str, name: str, tip: str = "") -> QPushButton:
    """A button that Enter presses only when it has the focus: in a dialog Enter belongs to fields and rows."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.setToolTip(tip)
    return button
