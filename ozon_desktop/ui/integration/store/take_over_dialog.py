"""«Перенос магазина»: what of the store is what in its new source, shown before it is done; and the way back."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QListWidget, QPushButton, QWidget

from ozon_desktop.domain.take_over import TakenOver
from ozon_desktop.domain.take_over_preview import TakeOverPreview
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.store.take_over_session import TakeOverSession
from ozon_desktop.ui.widgets.confirm_bar import ConfirmBar
from ozon_desktop.ui.widgets.tool_dialog import ToolDialog
from ozon_desktop.wording.take_over import HINT, preview_lines, taken_over_text, undo_question, undone_text

SHOWN_AT_MOST = 1_000
KINDS = "Выгрузка магазина (*.xml *.yml *.xlsx *.xls *.ods *.csv *.gz *.zip);;Все файлы (*)"


class TakeOverDialog(ToolDialog):
    """choose: asks for the exports of another program, [] = none were chosen."""

    def __init__(self, context: WindowContext, parent: QWidget, choose: Callable[[], list[Path]] | None = None) -> None:
        super().__init__(context, "take_over", "Перенос магазина", parent, of_cabinet=False)
        self._choose = choose or self._ask_files
        self._last: TakenOver | None = None
        self._busy = ""
        self.session = TakeOverSession(context, self)
        self.set_hint(HINT)
        self.list = QListWidget()
        self.list.setObjectName("take_over_lines")
        self.list.setAccessibleName("Что с чем совпадёт")
        self.list.setWordWrap(True)
        self.question = ConfirmBar("take_over_question")
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.question)
        self.connection_button = self.add_button("Посмотреть &подключение", "look_at_connection")
        self.files_button = self.add_button("Выгрузки другой программы…", "look_at_files")
        self.undo_button = self.add_button("&Отменить перенос…", "undo_take_over")
        self.take_button = QPushButton("П&еренести")
        self.finish(self.take_button, "apply_take_over", 820, 560)
        self._connect()
        self.show_state()
        self.session.read_last()

    def _connect(self) -> None:
        session = self.session
        self.connection_button.clicked.connect(self._look_at_connection)
        self.files_button.clicked.connect(self._look_at_files)
        self.undo_button.clicked.connect(self._ask_undo)
        self.take_button.clicked.connect(session.take_over)
        session.busy.connect(self._show_busy)
        session.known.connect(self._show_last)
        session.previewed.connect(self._show_preview)
        session.taken.connect(self._show_taken)
        session.undone.connect(self._show_undone)
        session.failed.connect(self.show_error)

    def look_at_connection(self) -> None:
        """Reads the connection that waits, as when the dialog is opened for it."""
        self._look_at_connection()

    def show_state(self) -> None:
        """One thing at a time; nothing is taken over unseen."""
        idle = not self._busy
        for button in (self.connection_button, self.files_button):
            button.setEnabled(idle)
        self.take_button.setEnabled(idle and self.session.preview is not None)
        self.undo_button.setVisible(self._last is not None and self._last.can_be_undone)
        self.undo_button.setEnabled(idle)

    def _look_at_connection(self) -> None:
        self.bar.hide()
        self.list.clear()
        self.session.look()

    def _look_at_files(self) -> None:
        files = self._choose()
        if files:
            self.bar.hide()
            self.list.clear()
            self.session.look(files)

    def _ask_files(self) -> list[Path]:
        folder = self.context.state.text("window/export_folder", str(Path.home()))
        chosen, _ = QFileDialog.getOpenFileNames(self, "Выгрузки другой программы", folder, KINDS)
        return [Path(name) for name in chosen]

    def _ask_undo(self) -> None:
        if self._last is not None:
            self.question.ask_anyway(undo_question(self._last), self.session.undo, "Вернуть прежний источник", "Не надо")

    def _show_busy(self, text: str) -> None:
        self._busy = text
        self.set_hint(text or HINT)
        self.show_state()

    def _show_last(self, last: TakenOver | None) -> None:
        self._last = last
        self.show_state()

    def _show_preview(self, preview: TakeOverPreview) -> None:
        self.list.addItem(f"{preview.came_from} → {preview.goes_on_with}")
        self.list.addItems(preview_lines(preview, SHOWN_AT_MOST))
        self.show_state()
        self.take_button.setFocus()

    def _show_taken(self, preview: TakeOverPreview) -> None:
        self.show_state()
        self.bar.show_message(taken_over_text(preview.came_from, preview.goes_on_with), "good")

    def _show_undone(self, taken: TakenOver) -> None:
        self.list.clear()
        self.show_state()
        self.bar.show_message(undone_text(taken), "good")
