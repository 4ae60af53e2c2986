"""«Создать в магазине»: cards that exist only on Ozon, seen before they become products of the store."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QListWidget, QPushButton, QWidget

from ozon_desktop.domain.new_products import Creation, NewProductsPreview
from ozon_desktop.domain.progress import ProgressUpdate
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.store.creating_session import CreatingSession
from ozon_desktop.ui.widgets import WrappedLabel
from ozon_desktop.ui.widgets.tool_dialog import ToolDialog
from ozon_desktop.wording import progress_text
from ozon_desktop.wording.new_products import (
    FILE_NOTE,
    HINT,
    STOCK_NOTE,
    created_lines,
    created_text,
    file_text,
    preview_lines,
    summary_text,
)

SHOWN_AT_MOST = 1_000
FOLDER, FILE = "window/export_folder", "catalog.xml"
KIND = "Каталог CommerceML (*.xml)"


class CreatingDialog(ToolDialog):
    """choose: asks where the catalogue is to be written, None = nowhere."""

    def __init__(self, context: WindowContext, parent: QWidget, choose: Callable[[], Path | None] | None = None) -> None:
        super().__init__(context, "store_create", "Создать в магазине", parent)
        self._choose = choose or self._ask_file
        self._busy = ""
        self.session = CreatingSession(context, self.integration_id, self)
        self.set_hint(HINT)
        self.summary = WrappedLabel("", role="label")
        self.summary.setObjectName("store_create_summary")
        self.list = QListWidget()
        self.list.setObjectName("store_create_lines")
        self.list.setAccessibleName("Что будет создано")
        self.list.setWordWrap(True)
        self.note = WrappedLabel("", role="secondary")
        self.note.setObjectName("store_create_note")
        for widget, stretch in ((self.summary, 0), (self.list, 1), (self.note, 0)):
            self.body.addWidget(widget, stretch)
        self.file_button = self.add_button("Записать &файл каталога…", "write_store_catalog")
        self.look_button = self.add_button("&Посмотреть снова", "look_at_new_products")
        self.make_button = QPushButton("&Создать")
        self.finish(self.make_button, "make_store_products", 820, 560)
        self._connect()
        self.session.look()

    def _connect(self) -> None:
        session = self.session
        self.file_button.clicked.connect(self._write)
        self.look_button.clicked.connect(self._look)
        self.make_button.clicked.connect(session.make)
        session.busy.connect(self._show_busy)
        session.previewed.connect(self._show_preview)
        session.progressed.connect(self._show_progress)
        session.made.connect(self._show_made)
        session.written.connect(self._show_written)
        session.failed.connect(self._show_failed)

    def show_state(self) -> None:
        """Only what was seen can be made; where it cannot, the file is the way."""
        preview, idle = self.session.preview, not self._busy
        seen = idle and preview is not None and bool(preview.products)
        self.file_button.setEnabled(seen)
        self.make_button.setEnabled(seen)
        self.make_button.setVisible(preview is None or preview.can_make)
        self.look_button.setEnabled(idle)

    def _look(self) -> None:
        self.bar.hide()
        self.session.look()

    def _write(self) -> None:
        path = self._choose()
        if path is not None:
            self.session.write(path)

    def _ask_file(self) -> Path | None:
        folder = Path(self.context.state.text(FOLDER, str(Path.home())))
        name, _ = QFileDialog.getSaveFileName(self, "Файл каталога", str(folder / FILE), KIND)
        return Path(name) if name else None

    def _show_busy(self, text: str) -> None:
        self._busy = text
        self.set_hint(text or HINT)
        self.show_state()

    def _show_progress(self, update: ProgressUpdate) -> None:
        self.set_hint(progress_text(update))

    def _show_preview(self, preview: NewProductsPreview) -> None:
        self.summary.setText(summary_text(preview))
        self.list.clear()
        self.list.addItems(preview_lines(preview, SHOWN_AT_MOST))
        self.note.setText("" if not preview.products else STOCK_NOTE if preview.can_make else FILE_NOTE)
        self.show_state()
        first = self.make_button if preview.can_make else self.file_button
        (first if preview.products else self.close_button).setFocus()

    def _show_made(self, creation: Creation) -> None:
        self.list.clear()
        self.list.addItems(created_lines(creation, SHOWN_AT_MOST))
        self.summary.setText("Не создано:" if creation.refused else "")
        self.bar.show_message(created_text(creation), "good" if creation.complete else "attention")
        self.show_state()
        self.look_button.setFocus()

    def _show_written(self, path: Path, count: int) -> None:
        self.bar.show_message(file_text(str(path), count), "good")
        self.show_state()

    def _show_failed(self, error: object) -> None:
        self.show_state()
        self.show_error(error)
