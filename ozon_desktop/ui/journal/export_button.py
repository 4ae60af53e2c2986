"""«Выгрузить в Excel»: the runs the table shows, and their problems, as XLSX."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QDir, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QPushButton

from ozon_desktop import wording
from ozon_desktop.domain.journal import Run
from ozon_desktop.services.runs.journal_export import Written, export_journal
from ozon_desktop.ui.context import WindowContext

FOLDER = "journal/export_folder"


class ExportButton(QPushButton):
    """runs: those to be written.

    reported(text, kind, action text, what it does) and failed(error, action text, what it does): how it went.
    """

    reported = Signal(str, str, str, object)
    failed = Signal(object, str, object)

    def __init__(self, context: WindowContext, runs: Callable[[], Sequence[Run]]) -> None:
        super().__init__("Выгрузить в &Excel…")
        self._context, self._runs = context, runs
        self._file = Path()
        self._writing = False
        self._allowed = True
        self.setObjectName("journal_export")
        self.setToolTip("Показанные запуски и их ошибки")
        self.clicked.connect(self._choose)

    def setEnabled(self, enabled: bool) -> None:
        """Never while a file is being written."""
        self._allowed = enabled
        super().setEnabled(enabled and not self._writing)

    def choose_file(self) -> str:
        """Asks for the place of the file; "" = none was chosen."""
        today = f"{self._context.application.clock().astimezone():%Y-%m-%d}"
        start = str(Path(self._context.state.text(FOLDER, QDir.homePath())) / f"Журнал {today}.xlsx")
        return QFileDialog.getSaveFileName(self.window(), "Выгрузить журнал", start, "XLSX (*.xlsx)")[0]

    def write(self, file: Path) -> None:
        self._file = file if file.suffix else file.with_suffix(".xlsx")
        self._context.state.remember(FOLDER, str(self._file.parent))
        self._set_writing(True)
        work = export_journal(self._file, self._runs())
        self._context.worker.run(work, on_done=self._written, on_failed=self._not_written)

    def _choose(self) -> None:
        file = self.choose_file()
        if file:
            self.write(Path(file))

    def _written(self, written: Written) -> None:
        self._set_writing(False)
        runs = wording.plural(written.runs, "запуск", "запуска", "запусков")
        problems = wording.plural(written.problems, "ошибка", "ошибки", "ошибок")
        place = QDir.toNativeSeparators(str(self._file))
        text = f"Выгружено: {runs}, {problems}. Файл: {place}"
        if written.left_out:
            rows = wording.plural(written.left_out, "строка", "строки", "строк")
            more = f"Не поместилось в лист: {rows} самых давних запусков — сузьте период."
            text = f"{text}. {more}"
        self.reported.emit(text, "attention" if written.left_out else "good", "Открыть папку", self._open_folder)

    def _not_written(self, error: object) -> None:
        self._set_writing(False)
        self.failed.emit(error, "Выбрать другое место", self._choose)

    def _set_writing(self, writing: bool) -> None:
        self._writing = writing
        self.setEnabled(self._allowed)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file.parent)))
