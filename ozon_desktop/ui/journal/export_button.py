"""«Выгрузить в Excel»: the runs the table shows, and their problems, as XLSX."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QPushButton

from ozon_desktop import wording
from ozon_desktop.services.runs.journal_export import Written, export_journal

if TYPE_CHECKING:
    from ozon_desktop.ui.journal.page import JournalPage

FOLDER = "journal/export_folder"


class ExportButton(QPushButton):
    """Part of the journal page; says in its bar how it went."""

    def __init__(self, page: JournalPage) -> None:
        super().__init__(page)
        self._page, self._context = page, page.context
        self._file = Path()
        self._writing = False
        self.setText("Выгрузить в &Excel…")
        self.setObjectName("journal_export")
        self.setToolTip("Показанные запуски и их ошибки")
        self.clicked.connect(self._choose)

    def setEnabled(self, enabled: bool) -> None:
        """Never while a file is being written."""
        super().setEnabled(enabled and not self._writing)

    def choose_file(self) -> str:
        """Asks for the place of the file; "" = the manager thought better of it."""
        today = f"{self._context.application.clock().astimezone():%Y-%m-%d}"
        name = f"Журнал {today}.xlsx"
        start = str(Path(self._context.state.text(FOLDER, QDir.homePath())) / name)
        return QFileDialog.getSaveFileName(self._page, "Выгрузить журнал", start, "XLSX (*.xlsx)")[0]

    def write(self, file: Path) -> None:
        """Writes what the table shows."""
        self._file = file if file.suffix else file.with_suffix(".xlsx")
        self._context.state.remember(FOLDER, str(self._file.parent))
        self._writing = True
        self.setEnabled(False)
        work = export_journal(self._file, self._page.model.shown)
        self._context.worker.run(work, on_done=self._written, on_failed=self._failed)

    def _choose(self) -> None:
        file = self.choose_file()
        if file:
            self.write(Path(file))

    def _written(self, written: Written) -> None:
        self._ended()
        runs = wording.plural(written.runs, "запуск", "запуска", "запусков")
        problems = wording.plural(written.problems, "ошибка", "ошибки", "ошибок")
        place = QDir.toNativeSeparators(str(self._file))
        text = f"Выгружено: {runs}, {problems}. Файл: {place}"
        if written.left_out:
            rows = wording.plural(written.left_out, "строка", "строки", "строк")
            more = f"Не поместилось в лист: {rows} самых давних запусков — сузьте период."
            text = f"{text}. {more}"
        self._page.show_message(text, "attention" if written.left_out else "good", "Открыть папку", self._open_folder)

    def _failed(self, error: object) -> None:
        self._ended()
        self._page.show_error(error, "Выбрать другое место", self._choose)

    def _ended(self) -> None:
        self._writing = False
        self.setEnabled(self._page.model.rowCount() > 0)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file.parent)))
