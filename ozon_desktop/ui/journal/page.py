"""The page «Журнал»: runs by day and in a table, what each left behind, repeating only what failed, and the export."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QSplitter, QStackedWidget, QTableView, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult, failed_offers
from ozon_desktop.services.sync.sync import SyncResult
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.journal.chart.chart import RunChart
from ozon_desktop.ui.journal.chart.days import run_days
from ozon_desktop.ui.journal.export_button import ExportButton
from ozon_desktop.ui.journal.filter_bar import FilterBar
from ozon_desktop.ui.journal.run_panel import RunPanel
from ozon_desktop.ui.journal.run_table_model import RunTableModel
from ozon_desktop.ui.journal.session import JournalSession
from ozon_desktop.ui.page import Page
from ozon_desktop.ui.sync_result_text import result_text as outcome_text
from ozon_desktop.ui.widgets import Card, ColumnFitter, EmptyState, WrappedLabel
from ozon_desktop.ui.widgets.tables import set_up_table
from ozon_desktop.wording.runs import result_text

ROOM_LINES = 43
"""A page of fewer lines of text has no room for the chart beside the table and the problems."""
CHART = "journal/chart"
REPEAT = {
    RunKind.SYNC: ("sync", "run"),
    RunKind.ORDERS: ("orders", "fetch"),
    RunKind.CATEGORIES: ("integration", None),
    RunKind.SETTINGS: ("integration", None),
    RunKind.STORE_IMPORT: ("integration", "load_export"),
    RunKind.CABINET: ("products", "adopt"),
    RunKind.STORE_ORDERS: ("integration", "store"),
    RunKind.FBS: ("orders", None),
    RunKind.STORE_CREATE: ("integration", "store"),
}
"""Where a run without articles is repeated: page and payload."""


class JournalPage(Page):
    """Runs of the chosen integration, newest first."""

    topics = frozenset({"journal", "sync", "store", "tree", "settings", "cards", "orders", "integration"})

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "Журнал", parent=parent)
        self.session = JournalSession(context, self)
        self._opened = 0
        self.model = RunTableModel(context.theme, context.application.clock, self)
        self.table = self._make_table()
        self.filters = FilterBar()
        self.chart = RunChart(context.theme)
        self.chart_card = Card()
        self.chart_card.body.addWidget(self.chart)
        # Low, so that the table and the problems below keep their rows.
        self.chart_card.setContentsMargins(0, -10, 0, -8)
        self.chart_button = self._chart_button()
        self._chart_wanted = False if context.state.text(CHART) == "hidden" else None
        self.none_found = WrappedLabel("Таких запусков нет", role="hint")
        self.show_all = QPushButton("Показать все запуски")
        self.show_all.setObjectName("show_all_runs")
        self.show_all.hide()
        self.none_found.hide()
        self.panel = RunPanel(context)
        self.export = ExportButton(context, self._shown_runs)
        self.panel.hide()
        self.empty = EmptyState(
            "Здесь появится каждый запуск: начатый вами, по расписанию или пропущенный, и почему",
            "Перейти к синхронизации",
            name="journal_empty",
        )
        self._compose()
        self.session.read.connect(self._arrived)
        self.session.unread.connect(self._failed)
        self.session.repeated.connect(self._repeated)
        self.session.not_repeated.connect(self.show_error)
        self.export.reported.connect(self.show_message)
        self.export.failed.connect(self.show_error)
        self.filters.changed.connect(self._filter)
        self.show_all.clicked.connect(self.filters.clear)
        self.chart.day_chosen.connect(self._choose_day)
        self.chart_button.clicked.connect(self._chart_clicked)
        self.table.selectionModel().selectionChanged.connect(self._selected)
        self.panel.retry_wanted.connect(self._repeat)
        self.panel.back_wanted.connect(self._take_back)
        self.empty.acted.connect(self._go_to_sync)
        context.job_started.connect(self._update_actions)
        context.job_ended.connect(self._update_actions)

    def _make_table(self) -> QTableView:
        table = QTableView()
        set_up_table(table, "run_table", "Запуски")
        table.setModel(self.model)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        ColumnFitter(table, self.model.widths, self.context.state, "journal_runs")
        return table

    def _chart_button(self) -> QPushButton:
        button = QPushButton("&График")
        button.setObjectName("chart_button")
        button.setCheckable(True)
        button.setAccessibleName("График запусков и ошибок по дням")
        return button

    def _compose(self) -> None:
        self.add_action(self.chart_button)
        self.add_action(self.export)
        card = Card()
        card.body.addWidget(self.filters)
        card.body.addWidget(self.none_found)
        card.body.addWidget(self.show_all, 0, Qt.AlignmentFlag.AlignLeft)
        card.body.addWidget(self.table, 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setHandleWidth(16)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(card)
        self.splitter.addWidget(self.panel)
        self.splitter.setSizes([300, 260])
        self.context.state.restore_splitter("journal", self.splitter)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.splitter)
        self.stack.addWidget(self.empty)
        self.body.addWidget(self.chart_card)
        self.body.addWidget(self.stack, 1)
        self._fit_chart()

    # --- what the frame asks ----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self.set_loading(not self.session.loaded)
        self.session.refresh()

    def set_integration(self, integration_id: object) -> None:
        """Another cabinet has another journal."""
        self.session.forget()
        self._opened = 0
        self.panel.hide()
        self.hide_message()
        super().set_integration(integration_id)

    def focus_search(self) -> None:
        self.filters.focus_search()

    def open_payload(self, payload: object) -> None:
        """A run's id selects it."""
        if isinstance(payload, int) and payload:
            self._opened = payload
            if self.session.loaded and self.model.row_of(payload) < 0:
                self.filters.clear()
            self._select_opened()

    def hideEvent(self, event: QHideEvent) -> None:
        if not self.panel.isHidden():
            self.context.state.keep_splitter("journal", self.splitter)
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Less room: the chart gives way."""
        super().resizeEvent(event)
        self._fit_chart()

    # --- the chart --------------------------------------------------------------------------------------------------

    @property
    def _roomy(self) -> bool:
        return self.height() >= ROOM_LINES * self.fontMetrics().height()

    def _fit_chart(self) -> None:
        shown = self._roomy if self._chart_wanted is None else self._chart_wanted
        self.chart_card.setVisible(shown and bool(self.model.rows))
        self.chart_button.setChecked(shown)
        self._fit_panel()

    def _fit_panel(self) -> None:
        """The problems of the selected run, unless the chart the manager asked for has taken their room."""
        selected = self._opened > 0 and self.model.row_of(self._opened) >= 0
        self.panel.setVisible(selected and (self._roomy or self.chart_card.isHidden()))

    def _chart_clicked(self, shown: bool) -> None:
        self._chart_wanted = shown if shown != self._roomy else None
        self.context.state.remember(CHART, "" if shown else "hidden")
        self._fit_chart()

    def _choose_day(self, day: date | None) -> None:
        self.filters.choose_day(day)
        if day is not None and self.model.row_of(self._opened) < 0 and self.model.rowCount():
            self._opened = self.model.row(0).id
            self._select_opened()

    def _show_days(self) -> None:
        today = self.context.application.clock().astimezone().date()
        self.chart.show_days(run_days(self.model.of_any_day(), today))
        self.chart.show_chosen(self.filters.day)

    # --- the table --------------------------------------------------------------------------------------------------

    def _shown_runs(self) -> Sequence[Run]:
        return self.model.shown

    def _arrived(self, runs: list[Run], search_texts: dict[int, str]) -> None:
        self.set_loading(False)
        scroll = self.table.verticalScrollBar().value()
        self.model.show_runs(runs, search_texts)
        self.stack.setCurrentWidget(self.splitter if runs else self.empty)
        for widget in (self.chart_button, self.export):
            widget.setVisible(bool(runs))
        if not runs:
            self._fit_chart()
            self.set_status_line("Запусков ещё не было")
            return
        if self.model.row_of(self._opened) < 0:
            self._opened = runs[0].id
        self._filter()
        self.table.verticalScrollBar().setValue(scroll)
        last = runs[0]
        when = wording.when(last.started_at, self.context.application.clock())
        words = "Последний запуск — {what}, {when}: {result}"
        self.set_status_line(words.format(what=wording.run_kind_text(last.kind).lower(), when=when, result=result_text(last)))

    def _failed(self, error: object) -> None:
        self.set_loading(False)
        self.show_error(error, "Повторить", self.refresh)

    def _filter(self) -> None:
        self.model.show_filter(self.filters.wanted(self.context.application.clock()))
        self._show_days()
        nothing = bool(self.model.rows) and not self.model.rowCount()
        self.none_found.setVisible(nothing)
        self.show_all.setVisible(nothing)
        self.export.setEnabled(self.model.rowCount() > 0)
        self._select_opened()
        self._fit_chart()

    def _select_opened(self) -> None:
        row = self.model.row_of(self._opened) if self._opened else -1
        if row < 0:
            self._fit_panel()
            return
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.table.selectionModel().setCurrentIndex(self.model.index(row, 0), flags)

    def _selected(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        if not rows:
            return
        run = self.model.row(rows[0].row())
        self._opened = run.id
        self.panel.show_run(run)
        self._fit_panel()
        self._update_actions()

    def _go_to_sync(self) -> None:
        self.context.go_to.emit("sync", None)

    # --- repeating --------------------------------------------------------------------------------------------------

    def _update_actions(self) -> None:
        long = self.context.long_job
        self.panel.set_busy(f"Идёт другая работа: {long.title}" if long is not None else "")

    def _repeat(self) -> None:
        row = self.model.row_of(self._opened)
        if row < 0:
            return
        run = self.model.row(row)
        offers = failed_offers(run)
        if run.kind is not RunKind.SYNC or not offers or run.integration_id is None:
            of_connection = run.kind is RunKind.STORE_IMPORT and run.cause is RunCause.CONNECTION
            self.context.go_to.emit(*(("integration", "store") if of_connection else REPEAT[run.kind]))
        elif self.session.repeat(run):
            count = wording.plural(len(offers), "товара", "товаров", "товаров")
            self.show_message(f"Повторяю отправку {count}…", "info")

    def _take_back(self) -> None:
        """The page of the synchronization shows the old values before anything is sent."""
        self.context.go_to.emit("sync", self._opened)

    def _repeated(self, result: SyncResult) -> None:
        good = result.run.result is RunResult.DONE
        self.show_message(f"Повтор закончен: {outcome_text(result)}", "good" if good else "attention")
        self._opened = result.run.id
