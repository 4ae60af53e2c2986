"""The page «Журнал»: runs, what each left behind, and repeating only what failed."""

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHBoxLayout, QLabel, QSplitter, QStackedWidget, QTableView, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.journal import Run, RunKind, RunResult
from ozon_desktop.services.progress import Progress
from ozon_desktop.services.sync import SyncResult
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.journal.run_panel import RunPanel
from ozon_desktop.ui.journal.run_table_model import (
    CAUSE,
    COUNTS,
    DURATION,
    REQUESTS,
    RESULT,
    WHAT,
    WHEN,
    RunTableModel,
    result_text,
)
from ozon_desktop.ui.page import Page
from ozon_desktop.ui.sync.result_view import result_text as outcome_text
from ozon_desktop.ui.theme import set_role
from ozon_desktop.ui.widgets import Card, Column, ColumnFitter, EmptyState, RowDelegate, WrappedLabel, row_height

COLUMNS = {column: Column() for column in (WHEN, WHAT, CAUSE, RESULT)} | {
    COUNTS: Column(share=1, least=16),
    DURATION: Column(spare=True),
    REQUESTS: Column(spare=True),
}
REPEAT = {
    RunKind.SYNC: ("sync", "run"),
    RunKind.ORDERS: ("orders", "fetch"),
    RunKind.CATEGORIES: ("integration", None),
    RunKind.SETTINGS: ("integration", None),
    RunKind.STORE_IMPORT: ("integration", "load_export"),
}
"""Where a run without articles is repeated: page and payload."""


class JournalPage(Page):
    """Runs of the chosen integration, newest first."""

    topics = frozenset({"journal", "sync", "store", "tree", "settings", "orders", "integration"})

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, context.tr("Журнал"), parent=parent)
        self._loaded = False
        self._opened = 0
        self.model = RunTableModel(context.theme, context.application.clock, self)
        self.table = self._make_table()
        kinds = [(wording.run_kind_text(kind), kind.value) for kind in RunKind]
        results = [(wording.capital(wording.run_result_text(result)), result.value) for result in RunResult]
        self.kind = self._box("run_kind", self.tr("Что"), self.tr("Любые запуски"), kinds)
        self.result = self._box("run_result", self.tr("Итог"), self.tr("Любой итог"), results)
        self.none_found = WrappedLabel(self.tr("Таких запусков нет"), role="hint")
        self.none_found.hide()
        self.panel = RunPanel(context)
        self.panel.hide()
        self.empty = EmptyState(
            self.tr("Здесь появится каждый запуск: начатый вами, по расписанию или пропущенный, и почему"),
            self.tr("Перейти к синхронизации"),
            name="journal_empty",
        )
        self._compose()
        self.kind.currentIndexChanged.connect(self._filter)
        self.result.currentIndexChanged.connect(self._filter)
        self.table.selectionModel().selectionChanged.connect(self._selected)
        self.panel.retry_wanted.connect(self._retry)
        self.empty.acted.connect(self._go_to_sync)
        context.job_started.connect(self._update_actions)
        context.job_ended.connect(self._update_actions)

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("run_table")
        table.setAccessibleName(self.tr("Запуски"))
        table.setModel(self.model)
        table.setItemDelegate(RowDelegate(table))
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(row_height(table))
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        ColumnFitter(table, COLUMNS, self.context.state, "journal")
        return table

    def _box(self, name: str, accessible: str, everything: str, items: list[tuple[str, str]]) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(accessible)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.addItem(everything, None)
        for text, value in items:
            box.addItem(text, value)
        return box

    def _compose(self) -> None:
        filters = QHBoxLayout()
        filters.setSpacing(12)
        caption = QLabel(self.tr("Показать:"))
        set_role(caption, "secondary")
        filters.addWidget(caption)
        filters.addWidget(self.kind)
        filters.addWidget(self.result)
        filters.addStretch(1)
        card = Card()
        card.body.addLayout(filters)
        card.body.addWidget(self.none_found)
        card.body.addWidget(self.table, 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setHandleWidth(16)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(card)
        self.splitter.addWidget(self.panel)
        self.splitter.setSizes([340, 300])
        self.context.state.restore_splitter("journal", self.splitter)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.splitter)
        self.stack.addWidget(self.empty)
        self.body.addWidget(self.stack, 1)

    # --- what the frame asks ----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Reads the journal again."""
        self.set_loading(not self._loaded)
        service, chosen = self.context.application.journal, self.context.integration_id or None
        self.context.worker.run(lambda _: service.runs(chosen), on_done=self._arrived, on_failed=self._failed)

    def set_integration(self, integration_id: object) -> None:
        """Another cabinet has another journal."""
        self._loaded = False
        self._opened = 0
        self.panel.hide()
        self.hide_message()
        super().set_integration(integration_id)

    def focus_search(self) -> None:
        """Ctrl+F: the journal is narrowed by its boxes."""
        self.kind.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_payload(self, payload: object) -> None:
        """A run's id selects it."""
        if isinstance(payload, int) and payload:
            self._opened = payload
            self._select_opened()

    def hideEvent(self, event: QHideEvent) -> None:
        """Remembers the splitter."""
        if not self.panel.isHidden():
            self.context.state.keep_splitter("journal", self.splitter)
        super().hideEvent(event)

    # --- the table --------------------------------------------------------------------------------------------------

    def _arrived(self, runs: list[Run]) -> None:
        self._loaded = True
        self.set_loading(False)
        scroll = self.table.verticalScrollBar().value()
        self.model.show_runs(runs)
        self.stack.setCurrentWidget(self.splitter if runs else self.empty)
        if not runs:
            self.set_truth(self.tr("Запусков ещё не было"))
            return
        if self.model.row_of(self._opened) < 0:
            self._opened = runs[0].id
        self._filter()
        self.table.verticalScrollBar().setValue(scroll)
        last = runs[0]
        when = wording.when(last.started_at, self.context.application.clock())
        words = self.tr("Последний запуск — {what}, {when}: {result}")
        self.set_truth(words.format(what=wording.run_kind_text(last.kind).lower(), when=when, result=result_text(last)))

    def _failed(self, error: object) -> None:
        self.set_loading(False)
        self.show_error(error, self.tr("Повторить"), self.refresh)

    def _filter(self) -> None:
        kind, result = self.kind.currentData(), self.result.currentData()
        self.model.show_filter(RunKind(kind) if kind else None, RunResult(result) if result else None)
        nothing = bool(self.model.runs) and not self.model.rowCount()
        self.none_found.setVisible(nothing)
        self._select_opened()

    def _select_opened(self) -> None:
        row = self.model.row_of(self._opened) if self._opened else -1
        if row < 0:
            self.panel.hide()
            return
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.table.selectionModel().setCurrentIndex(self.model.index(row, 0), flags)

    def _selected(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        if not rows:
            return
        run = self.model.run(rows[0].row())
        self._opened = run.id
        self.panel.show_run(run)
        self.panel.show()
        self._update_actions()

    def _go_to_sync(self) -> None:
        self.context.go_to.emit("sync", None)

    # --- repeating --------------------------------------------------------------------------------------------------

    def _update_actions(self) -> None:
        long = self.context.long_job
        self.panel.set_busy(self.tr("Идёт другая работа: {title}").format(title=long.title) if long is not None else "")

    def _retry(self, offers: frozenset[str]) -> None:
        row = self.model.row_of(self._opened)
        if row < 0:
            return
        run = self.model.run(row)
        integration_id = run.integration_id
        if run.kind is not RunKind.SYNC or not offers or integration_id is None:
            self.context.go_to.emit(*REPEAT[run.kind])
            return
        service = self.context.application.sync

        async def work(progress: Progress) -> SyncResult:
            return await service.run(integration_id, progress, only_offers=offers)

        if self.context.run_job(self.tr("Повтор ошибок"), work, on_done=self._retried, on_failed=self._retry_failed) is not None:
            count = wording.plural(len(offers), "товара", "товаров", "товаров")
            self.show_message(self.tr("Повторяю отправку {count}…").format(count=count), "info")

    def _retried(self, result: SyncResult) -> None:
        good = result.run.result is RunResult.DONE
        words = self.tr("Повтор закончен: {what}").format(what=outcome_text(result))
        self.show_message(words, "good" if good else "attention")
        self._opened = result.run.id
        self._tell_others()

    def _retry_failed(self, error: object) -> None:
        self.show_error(error)
        self._tell_others()

    def _tell_others(self) -> None:
        for topic in ("sync", "journal"):
            self.context.data_changed.emit(topic)
