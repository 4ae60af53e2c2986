"""«Все кабинеты»: the cabinets side by side with what each is doing, beside the window; it blocks nothing."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.frame.cabinets.all_cabinets import Cabinet
from ozon_desktop.ui.frame.cabinets.cabinets_model import CabinetRow, CabinetsModel, cabinet_rows
from ozon_desktop.ui.frame.frame_data import FrameData
from ozon_desktop.ui.frame.run_watch import RunReading
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import ColumnFitter
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions
from ozon_desktop.ui.widgets.tables import make_table
from ozon_desktop.ui.widgets.tool_dialog import ToolDialog, bring_up, make_button
from ozon_desktop.wording import plural


class CabinetsDialog(ToolDialog):
    """Rows follow the runs. opened(id): this cabinet shall be shown; run_asked([Cabinet, …]): these shall be synchronized."""

    opened = Signal(object)
    run_asked = Signal(object)

    def __init__(self, context: WindowContext, parent: QWidget) -> None:
        super().__init__(context, "cabinets", "Все кабинеты", parent, of_cabinet=False)
        self.model = CabinetsModel(context.theme, self)
        self.table = make_table("cabinet_table", "Кабинеты", rows=5)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setModel(self.model)
        ColumnFitter(self.table, self.model.widths, context.state, "cabinets")
        self.body.addWidget(self.table, 1)
        self.open_button = self.add_button("&Открыть", "cabinet_open")
        self.some_button = make_button("Синхронизировать &выбранные", "cabinets_run_some")
        self.all_button = make_button("&Синхронизировать все", "cabinets_run_all")
        set_role(self.all_button, "primary")
        self.finish(None, "", 980, 380)
        for button in (self.some_button, self.all_button):
            self.buttons.addWidget(button)
        self._connect()

    def _connect(self) -> None:
        self.open_button.clicked.connect(self._open)
        self.some_button.clicked.connect(self._run_some)
        self.all_button.clicked.connect(self._run_all)
        self.table.doubleClicked.connect(self._open)
        KeyActions(self.table).on(ENTER, self._open)
        self.table.selectionModel().selectionChanged.connect(self.show_state)
        self.context.job_started.connect(self.show_state)
        self.context.job_ended.connect(self.show_state)
        self.context.theme.changed.connect(self.table.viewport().update)

    # --- contents ---------------------------------------------------------------------------------------------------

    def show_rows(self, rows: tuple[CabinetRow, ...]) -> None:
        """The cabinets as they are now; what is selected stays."""
        self.model.update_rows(rows)
        if not self.table.selectionModel().hasSelection() and self.model.rows:
            self.table.selectRow(max(self.model.row_of(self.context.integration_id), 0))
        on, every = sum(row.cabinet.enabled for row in self.model.rows), len(self.model.rows)
        text = "{0}, включено {1}. Синхронизация идёт по очереди: сначала один кабинет, потом следующий."
        self.set_hint(text.format(plural(every, "кабинет", "кабинета", "кабинетов"), on))
        self.show_state()

    def _selected(self) -> list[Cabinet]:
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.row(number).cabinet for number in rows]

    def show_state(self, *_: object) -> None:
        """One cabinet is opened; enabled ones are synchronized, while no other job is under way."""
        selected = self._selected()
        free = self.context.long_job is None
        why = "" if free else "Сейчас идёт другая работа: дождитесь её конца или остановите её."
        self.open_button.setEnabled(len(selected) == 1)
        self.some_button.setEnabled(free and any(cabinet.enabled for cabinet in selected))
        self.all_button.setEnabled(free and any(row.cabinet.enabled for row in self.model.rows))
        for button in (self.some_button, self.all_button):
            button.setToolTip(why)

    # --- what was asked ---------------------------------------------------------------------------------------------

    def _open(self) -> None:
        selected = self._selected()
        if len(selected) == 1:
            self.opened.emit(selected[0].id)

    def _run_some(self) -> None:
        self.run_asked.emit(self._selected())

    def _run_all(self) -> None:
        self.run_asked.emit([row.cabinet for row in self.model.rows])


class SideBySide(QObject):
    """Knows the newest states of all cabinets, and shows them when asked. The signals are the dialog's."""

    opened = Signal(object)
    run_asked = Signal(object)

    def __init__(self, context: WindowContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._dialog: CabinetsDialog | None = None
        self._frame: FrameData | None = None
        self._reading: RunReading | None = None

    def bring_up(self, window: QWidget) -> None:
        """Shows the dialog over `window`; the one that is open already comes to the front."""
        if self._dialog is None:
            self._dialog = CabinetsDialog(self._context, window)
            self._dialog.opened.connect(self.opened)
            self._dialog.run_asked.connect(self.run_asked)
            self._dialog.destroyed.connect(self._gone)
            self._show()
        bring_up(self._dialog)

    def ask_for_all(self) -> None:
        """All shall be synchronized, without showing the dialog."""
        if self._frame is not None:
            self.run_asked.emit([row.cabinet for row in cabinet_rows(self._frame, self._reading)])

    def show_frame(self, frame: FrameData) -> None:
        self._frame = frame
        self._show()

    def show_reading(self, reading: RunReading) -> None:
        self._reading = reading
        self._show()

    def _show(self) -> None:
        if self._dialog is not None and self._frame is not None:
            self._dialog.show_rows(cabinet_rows(self._frame, self._reading))

    def _gone(self) -> None:
        self._dialog = None
