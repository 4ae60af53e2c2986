"""«Файлы»: the folder exports are taken from."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.domain.watched_folder import WatchedState
from ozon_desktop.errors import WrongInput
from ozon_desktop.services.store.overview import StoreOverview
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.store.form import ConnectionForm
from ozon_desktop.ui.widgets import Field
from ozon_desktop.wording.watching import WATCHED_HINT, file_troubles_text, folder_fault_text

REFUSED = "Эта папка недоступна, выберите другую."


class FilesForm(ConnectionForm):
    """A folder is kept as soon as it is chosen. folder_chosen(Path | None)."""

    folder_chosen = Signal(object)
    kind = ConnectionKind.FILES

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.folder = QLineEdit()
        self.folder.setObjectName("watched_folder")
        self.folder.setReadOnly(True)
        self.folder.setPlaceholderText("Не выбрана: выгрузки загружаются вручную")
        self.watched = Field("Папка с выгрузками магазина", self.folder)
        self.choose = QPushButton("В&ыбрать…")
        self.choose.setObjectName("choose_watched")
        self.choose.setAccessibleName("Выбрать папку с выгрузками")
        self.clear = QPushButton("Не с&ледить")
        self.clear.setObjectName("clear_watched")
        self.clear.setAccessibleName("Не следить за папкой")
        self.watched.add_beside(self.choose)
        self.watched.add_beside(self.clear)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.watched)
        self.choose.clicked.connect(self._choose)
        self.clear.clicked.connect(self._clear)
        self.show_folder(None)

    def show_overview(self, overview: StoreOverview) -> None:
        """Files have nothing to connect."""

    def show_folder(self, watched: WatchedState | None) -> None:
        """watched None = this program watches no folders."""
        state = watched or WatchedState()
        # A disabled button would take the focus of the keyboard with it.
        if self.clear.hasFocus() and state.folder is None:
            self.choose.setFocus()
        self.folder.setText(str(state.folder) if state.folder is not None else "")
        self.folder.setCursorPosition(0)
        self.folder.setToolTip(self.folder.text())
        self.clear.setEnabled(state.folder is not None)
        self.watched.setEnabled(watched is not None)
        unreachable = folder_fault_text(state.fault) if state.fault is not None else file_troubles_text(state.troubles)
        self.watched.set_hint(WATCHED_HINT)
        self.watched.set_error(unreachable or None)

    def show_refused(self, error: object) -> None:
        """A folder that cannot be watched; the one of before is."""
        self.watched.set_error(REFUSED if isinstance(error, WrongInput) else self._context.explain(error).line)

    @property
    def has_edits(self) -> bool:
        return False

    def typed(self) -> StoreConnection | None:
        return StoreConnection()

    def forget_edits(self) -> None:
        self.watched.set_error(None)

    def _choose(self) -> None:
        start = self.folder.text() or self._context.state.text("window/export_folder", str(Path.home()))
        chosen = QFileDialog.getExistingDirectory(self, "Папка с выгрузками магазина", start)
        if chosen:
            self.folder_chosen.emit(Path(chosen))

    def _clear(self) -> None:
        self.folder_chosen.emit(None)
