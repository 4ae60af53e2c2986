"""«Загрузить карточки с Ozon»: reading the cabinet, the report of whose each card is, and the decisions only the manager can make."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.ui.mapping.keys import DELETE, ENTER, KeyActions
from ozon_desktop.ui.products.adoption_chips import KindChips
from ozon_desktop.ui.products.adoption_decisions import Decisions
from ozon_desktop.ui.products.adoption_export import ExportForm
from ozon_desktop.ui.products.adoption_model import (
    CARD_NAME,
    CARD_OFFER,
    HIDDEN,
    NAME,
    NOTE,
    OFFER,
    PROPOSED,
    AdoptionModel,
    Kind,
    counts_of,
    kind_words,
    rows_of,
)
from ozon_desktop.ui.products.row_table import RowTable
from ozon_desktop.ui.theme import set_role
from ozon_desktop.ui.widgets import Column, EmptyState, MessageBar, ProgressStrip, SearchField, Skeleton, WrappedLabel
from ozon_desktop.wording.adoption import exported_text

if TYPE_CHECKING:
    from pathlib import Path

    from ozon_desktop.services.cabinet_cards import AdoptionReport, CabinetCardsService, ExportedFiles
    from ozon_desktop.services.progress import Progress, ProgressUpdate
    from ozon_desktop.ui.context import LongJob, WindowContext
    from ozon_desktop.ui.worker import Job

TOPICS = frozenset({"store", "cards", "sync"})
COLUMNS = {
    CARD_OFFER: Column(share=1, least=10),
    CARD_NAME: Column(share=4, least=14),
    OFFER: Column(share=1, least=10),
    NAME: Column(share=4, least=14),
    NOTE: Column(),
}


class AdoptionPanel(QDialog):
    """Does not block the window; a reading goes on when it is closed. differences_wanted: ids of the products to compare with Ozon."""

    differences_wanted = Signal(object)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._integration_id = context.integration_id
        self._report: AdoptionReport | None = None
        self._reading: Job | None = None
        self._title = self.tr("Загрузить карточки с Ozon")
        self.setObjectName("adoption")
        self.setWindowTitle(self._title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.model = AdoptionModel(context.theme, self)
        self._decisions = Decisions(context, self)
        self.bar = MessageBar()
        self.loaded = WrappedLabel("", role="truth")
        self.loaded.setObjectName("adoption_loaded")
        self.incomplete = WrappedLabel("", role="attention")
        self.load_button = self._button("adoption_load", self.tr("&Загрузить карточки с Ozon"))
        self.strip = ProgressStrip()
        self.chips = KindChips()
        self.hint = WrappedLabel("", role="hint")
        self.search = SearchField(self.tr("Найти по артикулу или названию"), name="adoption_search")
        self.skeleton = Skeleton()
        self.empty = EmptyState("", name="adoption_empty")
        self.table = RowTable(self.model, COLUMNS, name="adoption_table", label=self._title, state=context.state)
        self.form = ExportForm(context.state)
        self.confirm_button = self._button("adoption_confirm", self.tr("&Подтвердить"))
        set_role(self.confirm_button, "primary")
        self.confirm_button.setToolTip(self.tr("Это один товар: карточка будет обновляться (Enter)"))
        self.reject_button = self._button("adoption_reject", self.tr("&Разные товары"))
        self.reject_button.setToolTip(self.tr("Эта карточка — не этот товар, больше не предлагать (Delete)"))
        self.compare_button = self._button("adoption_compare", self.tr("&Сравнить с Ozon…"))
        self.compare_button.setToolTip(self.tr("Чем карточки выделенных товаров на Ozon отличаются от магазина"))
        self.export_button = self._button("adoption_export", self.tr("Выгр&узить в магазин…"))
        self.close_button = self._button("adoption_close", self.tr("Закр&ыть"))
        self._lay_out()
        self._connect()
        self._show_parts()
        self._follow(context.long_job)
        self.refresh()

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        # Enter belongs to the table: it must not press a button when another control has the focus.
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(self.loaded, 1)
        head.addWidget(self.load_button)
        layout.addWidget(self.bar)
        layout.addLayout(head)
        for widget in (self.incomplete, self.strip, self.chips, self.hint, self.search):
            layout.addWidget(widget)
        for contents in (self.skeleton, self.empty, self.table):
            layout.addWidget(contents, 1)
        layout.addWidget(self.form)
        buttons = QHBoxLayout()
        for button in (self.confirm_button, self.reject_button, self.compare_button, self.export_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        layout.addLayout(buttons)
        self.strip.hide()
        strip = self.strip.layout()
        if strip is not None:
            # «Остановить» as wide as the whole window would look like the main thing here.
            strip.setAlignment(self.strip.stop, Qt.AlignmentFlag.AlignLeft)
        size = QSize(1040, 660) * self._context.theme.scale
        self.resize(size.boundedTo(self.screen().availableSize()))

    def _connect(self) -> None:
        context = self._context
        self.load_button.clicked.connect(self.load)
        self.empty.acted.connect(self.load)
        self.strip.stopped.connect(context.stop_job)
        self.chips.chosen.connect(self._kind_chosen)
        self.search.searched.connect(self._searched)
        KeyActions(self.search).on(ENTER | {Qt.Key.Key_Down}, self._to_table)
        self.table.selectionModel().selectionChanged.connect(self._update)
        keys = KeyActions(self.table)
        keys.on(ENTER, self.confirm_pairs)
        keys.on(DELETE, self.reject_pairs)
        self.confirm_button.clicked.connect(self.confirm_pairs)
        self.reject_button.clicked.connect(self.reject_pairs)
        self._decisions.told.connect(self._decided)
        self._decisions.failed.connect(self._show_error)
        self._decisions.busy_changed.connect(self._update)
        self.compare_button.clicked.connect(self._compare)
        self.export_button.clicked.connect(self._open_form)
        self.form.asked.connect(self._export)
        self.form.dismissed.connect(self.export_button.setFocus)
        self.close_button.clicked.connect(self.close)
        QShortcut(QKeySequence.StandardKey.Find, self, self._to_search)
        context.job_started.connect(self._follow)
        context.job_progressed.connect(self._progressed)
        context.job_stopping.connect(self.strip.show_stopping)
        context.job_ended.connect(self._job_ended)
        context.data_changed.connect(self._data_changed)
        context.theme.changed.connect(self.table.viewport().update)
        context.integration_changed.connect(self.close)

    @property
    def _service(self) -> CabinetCardsService:
        return self._context.application.cabinet_cards

    # --- loading ----------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Read the whole cabinet, as a long job."""
        context, service, integration_id = self._context, self._service, self._integration_id

        async def work(progress: Progress) -> AdoptionReport:
            return await service.load(integration_id, progress)

        self.bar.hide()
        self.form.hide()
        job = context.run_job(self._title, work, on_done=self._loaded, on_failed=self._load_failed)
        if job is None:
            if (long := context.long_job) is not None:
                self.bar.show_message(self.tr("Сначала дождитесь окончания: «{0}».").format(long.title), "attention")
            return
        self.strip.stop.setFocus()
        # Not bound to this window: the pages must hear of the new cards also when it has been closed.
        for signal in (job.done, job.failed, job.cancelled):
            signal.connect(partial(_tell_pages, context))

    def _loaded(self, report: AdoptionReport) -> None:
        self._show(report)
        counts = counts_of(report)
        asked = counts[Kind.DOUBTFUL] + counts[Kind.SEVERAL]
        words = self.tr("Карточки загружены, сопоставлено: {0}.").format(wording.number(counts[Kind.MATCHED]))
        if asked:
            words += " " + self.tr("Ждут вашего решения: {0}.").format(wording.number(asked))
        self.bar.show_message(words, "attention" if asked else "good")

    def _load_failed(self, error: object) -> None:
        self._show_error(error, self.tr("Повторить"), self.load)

    def _own_job(self) -> bool:
        long = self._context.long_job
        return long is not None and long.title == self._title

    def _follow(self, long: LongJob | None) -> None:
        if long is not None and self._own_job():
            self.strip.start(self._title)
            if long.last is not None:
                self.strip.show_update(long.last)
        self._show_parts()

    def _progressed(self, update: ProgressUpdate) -> None:
        if self._own_job():
            self.strip.show_update(update)

    def _job_ended(self) -> None:
        if self.strip.stop.hasFocus():
            self.table.take_focus(self)
        self._show_parts()

    # --- the report -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask for the report again; works offline."""
        if self._reading is not None:
            self._reading.cancel()
        report = self._service.report(self._integration_id)
        self._reading = self._context.worker.run(report, on_done=self._show, on_failed=self._reading_failed)

    def _data_changed(self, topic: str) -> None:
        if topic in TOPICS:
            self.refresh()

    def _reading_failed(self, error: object) -> None:
        self._reading = None
        self.skeleton.hide()
        self._show_error(error, self.tr("Повторить"), self._again)

    def _again(self) -> None:
        self.bar.hide()
        self._show_parts()
        self.refresh()

    def _show(self, report: AdoptionReport) -> None:
        self._reading = None
        first = self._report is None or self._report.loaded_at is None
        self._report = report
        self.chips.show_counts(counts_of(report))
        if first:
            self.chips.choose(next((kind for kind in (Kind.DOUBTFUL, Kind.SEVERAL) if counts_of(report)[kind]), Kind.MATCHED))
        self._tell_loaded(report)
        self.table.keeping_place(self._fill)
        self._show_parts()
        if first:
            self.table.take_focus(self)

    def _tell_loaded(self, report: AdoptionReport) -> None:
        moment = report.loaded_at
        if moment is None:
            self.loaded.setText(self.tr("Карточки с Ozon ещё не загружались"))
            return
        told = wording.when(moment, self._context.application.clock())
        self.loaded.setText(self.tr("Карточки загружены {0}. Отчёт виден и без связи с Ozon.").format(told))
        self.loaded.setToolTip(wording.exact(moment))
        text = self.tr("Загрузка не дошла до конца: показано то, что успело прийти. Загрузите карточки ещё раз, чтобы увидеть все.")
        self.incomplete.setText(text)

    def _kind_chosen(self) -> None:
        self.form.hide()
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self._fill()
        if self.model.rowCount():
            self.table.select_numbers([0])
            self.table.scrollToTop()
        self._show_parts()

    def _fill(self) -> None:
        if self._report is None:
            return
        kind = self.chips.kind
        for column in range(self.model.columnCount()):
            self.table.setColumnHidden(column, column in HIDDEN.get(kind, ()))
        self.model.show_kind(kind, rows_of(self._report, kind))
        self.table.fitter.measure()
        self.hint.setText(kind_words(kind)[1])

    def _searched(self, text: str) -> None:
        self.model.search(text)
        self._show_parts()

    def _to_table(self) -> None:
        self.search.returnPressed.emit()
        if self.model.rowCount():
            if not self.table.selectionModel().hasSelection():
                self.table.select_numbers([0])
            self.table.setFocus()

    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _show_parts(self) -> None:
        report, own = self._report, self._own_job()
        known = report is not None and (report.loaded_at is not None or own)
        rows = known and bool(self.model.rowCount())
        self.strip.setVisible(own)
        self.loaded.setVisible(report is not None)
        self.incomplete.setVisible(report is not None and report.loaded_at is not None and not report.complete and not own)
        self.skeleton.setVisible(report is None)
        self.table.setVisible(rows)
        self.empty.setVisible(report is not None and not rows)
        for widget in (self.chips, self.hint, self.search):
            widget.setVisible(known)
        self.load_button.setVisible(known and not own)
        if report is not None:
            self._tell_empty(known)
        self._update()

    def _tell_empty(self, known: bool) -> None:
        if not known:
            text = self.tr("Программа прочитает карточки кабинета и найдёт их товары в магазине, чтобы не создать карточки второй раз.")
            self.empty.set_state(text, self._title)
        elif self.model.total:
            self.empty.set_state(self.tr("По этому запросу ничего нет"))
        else:
            self.empty.set_state(self.tr("Загружаю…") if self._own_job() else kind_words(self.chips.kind)[2])

    def _update(self) -> None:
        kind = self.chips.kind
        rows, free = not self.table.isHidden(), not self._decisions.busy
        selected = self.table.selectionModel().hasSelection()
        self.confirm_button.setVisible(rows and kind in PROPOSED)
        self.reject_button.setVisible(rows and (kind in PROPOSED or kind is Kind.MATCHED))
        self.compare_button.setVisible(rows and kind is Kind.MATCHED)
        self.export_button.setVisible(rows and kind is Kind.ONLY_OZON and self.form.isHidden())
        for button in (self.confirm_button, self.reject_button):
            button.setEnabled(selected and free)
        self.compare_button.setEnabled(selected)
        self.load_button.setEnabled(self._context.long_job is None)

    # --- work on rows -----------------------------------------------------------------------------------------------

    def confirm_pairs(self) -> None:
        """Enter: each selected card is the product beside it."""
        if self.model.kind in PROPOSED:
            self._decisions.confirm(self.table.selected_rows())
            self.table.take_focus(self)

    def reject_pairs(self) -> None:
        """Delete: no selected card is the product beside it."""
        if self.model.kind in PROPOSED | {Kind.MATCHED}:
            self._decisions.reject(self.table.selected_rows())
            self.table.take_focus(self)

    def _decided(self, text: str, left: str) -> None:
        self.bar.show_message(f"{text} {left}".strip(), "attention" if left else "good")

    def _compare(self) -> None:
        self.differences_wanted.emit([row.product_id for row in self.table.selected_rows()])

    # --- into the store ---------------------------------------------------------------------------------------------

    def _open_form(self) -> None:
        if self._report is not None:
            cards = self._report.only_ozon
            self.form.open_for(len(cards), sum(card.archived for card in cards))
            self._update()

    def _export(self, folder: Path, encoding: str, with_archived: bool) -> None:
        self.form.set_busy(True)
        work = self._service.export_only_on_ozon(self._integration_id, folder, encoding=encoding, with_archived=with_archived)
        self._context.worker.run(work, on_done=self._exported, on_failed=self._not_exported)

    def _exported(self, files: ExportedFiles) -> None:
        folder = files.import_file.parent
        self.form.set_busy(False)
        self.form.hide()
        self._update()
        place = self.tr("Папка: {0}").format(QDir.toNativeSeparators(str(folder)))
        text = f"{exported_text(files.cards, files.archived)}. {place}"
        self.bar.show_message(text, "good", self.tr("Открыть папку"), partial(_open, folder))

    def _not_exported(self, error: object) -> None:
        self.form.set_busy(False)
        self._show_error(error)

    def _show_error(self, error: object, action: str = "", again: object = None) -> None:
        shown = self._context.explain(error)
        self.bar.show_message(shown.line, "error", action or None, again if callable(again) else None, details=shown.details)


def _tell_pages(context: WindowContext, *_: object) -> None:
    # A moment later: a job that ends because the program does must not make the pages read again.
    QTimer.singleShot(0, context, partial(context.data_changed.emit, "cards"))


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
