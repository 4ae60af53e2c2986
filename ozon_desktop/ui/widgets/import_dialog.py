"""The base of the dialogs that read an XLSX: what the chosen file would change, its rows with errors, and «Применить»."""

from abc import abstractmethod
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QTableView, QWidget

from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.widgets import ElidedLabel, WrappedLabel
from ozon_desktop.ui.widgets.tool_dialog import Body, ToolDialog


class FileChanges(Protocol):
    """What reading a file gave; `unchanged` = rows that say what is so already."""

    @property
    def changes(self) -> Sequence[Any]: ...
    @property
    def problems(self) -> Sequence[Any]: ...
    @property
    def unchanged(self) -> int: ...


Preview = TypeVar("Preview", bound=FileChanges)


class ImportPreviewDialog(ToolDialog, Generic[Preview]):
    """Reads when it is opened. `applied` carries what applying gave; it is done once per reading.

    Subclasses build the views of changes and problems, call `lay_out` and `read`, and say which work and words are theirs.
    """

    applied = Signal(object)

    def __init__(self, context: WindowContext, name: str, title: str, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(context, name, title, parent, heading="Читаю файл…")
        self.path = path
        self._preview: Preview | None = None
        self._applied = False

    def lay_out(self, table: QTableView, problem_view: QAbstractItemView, size: tuple[int, int]) -> None:
        """Puts the views in. size: width and height in pixels for text of 10 pt."""
        self.table = table
        self.problem_view = problem_view
        self.problem_title = WrappedLabel("", role="heading")
        self.problem_hint = WrappedLabel(
            "Эти строки останутся как есть. Исправьте их в файле и загрузите его ещё раз: остальное можно применить сейчас.",
            role="hint",
        )
        self.body.addWidget(ElidedLabel(self.path.name, elide=Qt.TextElideMode.ElideMiddle, role="secondary"))
        self.add_content(table, stretch=3)
        self.body.addWidget(self.problem_title)
        self.body.addWidget(problem_view, 1)
        self.body.addWidget(self.problem_hint)
        self.apply_button = QPushButton("&Применить")
        self.finish(self.apply_button, f"{self.objectName()}_apply", *size)
        self.apply_button.clicked.connect(self.apply)

    # --- what subclasses say ----------------------------------------------------------------------------------------

    @abstractmethod
    def preview_work(self) -> Coroutine[Any, Any, Preview]:
        """Reads the file and compares it."""

    @abstractmethod
    def apply_work(self, preview: Preview) -> Coroutine[Any, Any, Any]:
        """Makes the changes."""

    @abstractmethod
    def show_rows(self, preview: Preview) -> None:
        """Fills the models and the title of the problems."""

    @abstractmethod
    def found_text(self, preview: Preview) -> str:
        """The heading: how much would change."""

    @abstractmethod
    def nothing_text(self, preview: Preview) -> str:
        """Why there is nothing to apply."""

    @abstractmethod
    def applied_texts(self, preview: Preview, result: Any) -> tuple[str, str]:
        """The heading and the message after applying."""

    def show_unread(self, error: object) -> None:
        """The file cannot be read: it can be read again once it is corrected."""
        self.show_error(error, "Прочитать ещё раз", self.read)

    # --- reading ----------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Reads the file; again after it was corrected."""
        if self.busy:
            return
        self.bar.hide()
        self._preview, self._applied = None, False
        self.heading.setText("Читаю файл…")
        self.run(self.preview_work(), self._show, self._not_read)

    def _show(self, preview: Preview) -> None:
        self._preview = preview
        self.show_rows(preview)
        self.heading.setText(self.found_text(preview))
        self.empty.set_state(self.nothing_text(preview))
        self.ended()
        if preview.changes:
            self.table.selectRow(0)
            if self.isVisible():
                self.table.setFocus()

    def _not_read(self, error: object) -> None:
        self.ended()
        self.heading.setText("Файл не прочитан")
        self.show_unread(error)

    # --- applying ---------------------------------------------------------------------------------------------------

    def apply(self) -> None:
        """Makes the changes, once."""
        if self._preview is not None and self.apply_button.isEnabled():
            self.run(self.apply_work(self._preview), self._done)

    def _done(self, result: object) -> None:
        self._applied = True
        self.ended()
        if self._preview is not None:
            heading, message = self.applied_texts(self._preview, result)
            self.heading.setText(heading)
            self.bar.show_message(message, "good")
        self.close_button.setFocus()
        self.applied.emit(result)

    def show_state(self) -> None:
        preview = self._preview
        changes = preview is not None and bool(preview.changes)
        if preview is None:
            self.show_body(Body.LOADING if self.busy else Body.NOTHING)
        else:
            self.show_body(Body.CONTENT if changes else Body.EMPTY)
        for widget in (self.problem_title, self.problem_view, self.problem_hint):
            widget.setVisible(preview is not None and bool(preview.problems))
        self.apply_button.setEnabled(changes and not self._applied and not self.busy)
