"""«Загрузить выгрузку магазина…»: choosing the files, loading them as a long job, saying what came."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from ozon_desktop.domain.store_catalog import ImportCounts
from ozon_desktop.services.store.importing import lacks_much
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.wording.holds import lacks_text
from ozon_desktop.wording.store_import import import_problem_text, import_remarks, import_text

SHOWN_PROBLEMS = 3
TABLES = frozenset({".xlsx", ".xls", ".ods", ".csv", ".tsv"})


class StoreLoading(QObject):
    """Loads store exports; pages ask for it by `context.load_export`."""

    def __init__(self, context: WindowContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._files: list[Path] = []
        context.load_files.connect(self.load)

    def ask(self, window: QWidget) -> None:
        folder = self._context.state.text("window/export_folder", str(Path.home()))
        kinds = "Выгрузка магазина (*.xml *.yml *.xlsx *.xls *.ods *.csv *.gz *.zip);;Все файлы (*)"
        chosen, _ = QFileDialog.getOpenFileNames(window, "Загрузить выгрузку магазина", folder, kinds)
        if chosen:
            self._context.state.remember("window/export_folder", str(Path(chosen[0]).parent))
            self.load([Path(name) for name in chosen])

    def load(self, files: list[Path]) -> None:
        service = self._context.application.store_import
        job = self._context.run_job(
            "Загрузка из магазина",
            lambda progress: service.import_files(files, progress),
            on_done=self._loaded,
            on_failed=self._context.failure.emit,
        )
        if job is not None:
            self._files = files

    def _loaded(self, counts: ImportCounts) -> None:
        self._context.data_changed.emit("store")
        much = lacks_much(counts)
        shown = [import_text(counts), *import_remarks(counts)]
        shown += [import_problem_text(problem) for problem in counts.lines[:SHOWN_PROBLEMS]]
        if len(counts.lines) > SHOWN_PROBLEMS:
            shown.append("Остальное — в журнале")
        if much:
            shown.append(lacks_text(counts))
        table = next((path for path in self._files if path.suffix.lower() in TABLES), None)
        if table is not None:
            shown.append("Столбцы — на странице «Интеграция»")
            self._context.last_table = table
            self._context.table_loaded.emit(table)
        doubtful = counts.problems or counts.missing or much
        self._context.message.emit(" ".join(f"{line}." for line in shown), "attention" if doubtful else "good")
