"""«Загрузить выгрузку магазина…»: choosing the files, loading them as a long job, saying what came."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from ozon_desktop.domain.store_catalog import ImportCounts
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.import_result_text import import_message

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
        more = []
        table = next((path for path in self._files if path.suffix.lower() in TABLES), None)
        if table is not None:
            more.append("Столбцы — на странице «Интеграция», вкладка «Магазин»")
            self._context.last_table = table
            self._context.table_loaded.emit(table)
        self._context.message.emit(*import_message(counts, *more))
