"""«Загрузить карточки с Ozon»: reading the cabinet, the report of whose each card is, and the decisions only the manager can make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.products.adoption.assign import AssignForm
from ozon_desktop.ui.products.adoption.chips import KindChips
from ozon_desktop.ui.products.adoption.decisions import Decisions
from ozon_desktop.ui.products.adoption.export import ExportForm, Exporting
from ozon_desktop.ui.products.adoption.loading import Loading
from ozon_desktop.ui.products.adoption.model import (
    HIDDEN,
    PROPOSED,
    AdoptionModel,
    Kind,
    counts_of,
    kind_words,
    rows_of,
)
from ozon_desktop.ui.widgets import EmptyState, MessageBar, ProgressStrip, SearchField, Skeleton, WrappedLabel
from ozon_desktop.ui.widgets.keys import DELETE, ENTER, KeyActions
from ozon_desktop.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from ozon_desktop.domain.progress import ProgressUpdate
    from ozon_desktop.services.cabinet.cards import AdoptionReport, CabinetCardsService
    from ozon_desktop.ui.context import LongJob, WindowContext
    from ozon_desktop.ui.worker import Job

TOPICS = frozenset({"store", "cards", "sync"})


class AdoptionPanel(QDialog):
    """Does not block the window; a reading goes on when it is closed. differences_wanted: ids of the products to compare with Ozon."""

    differences_wanted = Signal(object)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.integration_id = context.integration_id
        self.report: AdoptionReport | None = None
        self._reading: Job | None = None
        self._title = "Загрузить карточки с Ozon"
        self.setObjectName("adoption")
        self.setWindowTitle(self._title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.model = AdoptionModel(context.theme, self)
        self._decisions = Decisions(context, self)
        self.bar = MessageBar()
        self.loaded = WrappedLabel("", role="truth")
        self.loaded.setObjectName("adoption_loaded")
        self.incomplete = WrappedLabel("", role="attention")
        self.load_button = self._button("adoption_load", "&Загрузить карточки с Ozon")
        self.strip = ProgressStrip()
        self.chips = KindChips()
        self.hint = WrappedLabel("", role="hint")
        self.search = SearchField("Найти по артикулу или названию", name="adoption_search")
        self.skeleton = Skeleton()
        self.empty = EmptyState("", name="adoption_empty")
        self.table = RowTable(self.model, name="adoption_table", label=self._title, state=context.state)
        self.form = ExportForm(context.state)
        self.assign_form = AssignForm(context)
        self.confirm_button = self._button("adoption_confirm", "&Подтвердить")
        set_role(self.confirm_button, "primary")
        self.confirm_button.setToolTip("Это один товар: карточка будет обновляться (Enter)")
        self.reject_button = self._button("adoption_reject", "&Разные товары")
        self.reject_button.setToolTip("Эта карточка — не этот товар, больше не предлагать (Delete)")
        self.take_back_button = self._button("adoption_take_back", "&Снять отказ")
        self.take_back_button.setToolTip("Пара снова будет предложена (Delete)")
        self.assign_button = self._button("adoption_assign", "&Указать товар…")
        self.assign_button.setToolTip("Выбрать товар магазина, которому принадлежит карточка (Enter)")
        self.undo_button = self._button("adoption_undo", "&Отменить решение")
        self.undo_button.setToolTip("Вернуть всё, как было до последнего решения (Ctrl+Z)")
        self.compare_button = self._button("adoption_compare", "&Сравнить с Ozon…")
        self.compare_button.setToolTip("Чем карточки выделенных товаров на Ozon отличаются от магазина")
        self.export_button = self._button("adoption_export", "Выгр&узить в магазин…")
        self.close_button = self._button("adoption_close", "Закр&ыть")
        self._lay_out()
        self._exporting = Exporting(self)
        self._loading = Loading(self)
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
        layout.addWidget(self.assign_form)
        buttons = QHBoxLayout()
        of_rows = (self.confirm_button, self.reject_button, self.take_back_button, self.assign_button)
        for button in (*of_rows, self.compare_button, self.export_button, self.undo_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        layout.addLayout(buttons)
        self.strip.hide()
        strip = self.strip.layout()
        if strip is not None:
            # «Остановить» as wide as the whole window would look like the main thing here.
            strip.setAlignment(self.strip.stop, Qt.AlignmentFlag.AlignLeft)
        size = QSize(1040, 660) * self.context.theme.scale
        self.resize(size.boundedTo(self.screen().availableSize()))

    def _connect(self) -> None:
        context = self.context
        self.load_button.clicked.connect(self.load)
        self.empty.acted.connect(self.load)
        self.strip.stopped.connect(context.stop_job)
        self.chips.chosen.connect(self._kind_chosen)
        self.search.searched.connect(self._searched)
        KeyActions(self.search).on(ENTER | {Qt.Key.Key_Down}, self._to_table)
        self.table.selectionModel().selectionChanged.connect(self.update_buttons)
        keys = KeyActions(self.table)
        keys.on(ENTER, self.confirm_pairs)
        keys.on(DELETE, self.reject_pairs)
        self.take_back_button.clicked.connect(self.reject_pairs)
        self.assign_button.clicked.connect(self.open_assign)
        self.assign_form.assigned.connect(self._assign)
        self.assign_form.dismissed.connect(self._assign_dismissed)
        self.undo_button.clicked.connect(self.undo)
        QShortcut(QKeySequence.StandardKey.Undo, self, self.undo)
        self.confirm_button.clicked.connect(self.confirm_pairs)
        self.reject_button.clicked.connect(self.reject_pairs)
        self._decisions.told.connect(self._decided)
        self._decisions.failed.connect(self.show_error)
        self._decisions.busy_changed.connect(self.update_buttons)
        self.compare_button.clicked.connect(self._compare)
        self.export_button.clicked.connect(self._exporting.open_form)
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
    def service(self) -> CabinetCardsService:
        return self.context.application.cabinet_cards

    # --- loading ----------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Read the whole cabinet, as a long job."""
        self._loading.start()

    def _own_job(self) -> bool:
        long = self.context.long_job
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
        report = self.service.report(self.integration_id)
        self._reading = self.context.worker.run(report, on_done=self.show_report, on_failed=self._reading_failed)

    def _data_changed(self, topic: str) -> None:
        if topic in TOPICS:
            self.refresh()

    def _reading_failed(self, error: object) -> None:
        self._reading = None
        self.skeleton.hide()
        self.show_error(error, "Повторить", self._again)

    def _again(self) -> None:
        self.bar.hide()
        self._show_parts()
        self.refresh()

    def show_report(self, report: AdoptionReport) -> None:
        """Show another report; what is selected stays so."""
        self._reading = None
        first = self.report is None or self.report.loaded_at is None
        self.report = report
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
            self.loaded.setText("Карточки с Ozon ещё не загружались")
            return
        told = wording.when(moment, self.context.application.clock())
        self.loaded.setText(f"Карточки загружены {told}. Отчёт виден и без связи с Ozon.")
        self.loaded.setToolTip(wording.exact(moment))
        text = "Загрузка не дошла до конца: показано то, что успело прийти. Загрузите карточки ещё раз, чтобы увидеть все."
        self.incomplete.setText(text)

    def hide_forms(self) -> None:
        """Nothing is asked in place any more."""
        self.form.hide()
        self.assign_form.hide()

    def _kind_chosen(self) -> None:
        self.hide_forms()
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self._fill()
        if self.model.rowCount():
            self.table.select_numbers([0])
            self.table.scrollToTop()
        self._show_parts()

    def _fill(self) -> None:
        if self.report is None:
            return
        kind = self.chips.kind
        for column in range(self.model.columnCount()):
            self.table.setColumnHidden(column, column in HIDDEN.get(kind, ()))
        self.model.show_kind(kind, rows_of(self.report, kind))
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
        report, own = self.report, self._own_job()
        known = report is not None and (report.loaded_at is not None or own)
        rows = known and bool(self.model.rowCount())
        self.strip.setVisible(own)
        self.loaded.setVisible(report is not None)
        self.incomplete.setVisible(report is not None and report.loaded_at is not None and not report.complete and not own)
        self.skeleton.setVisible(report is None)
        self.table.setVisible(rows)
        self.empty.setVisible(report is not None and not rows)
        self.chips.setVisible(known)
        self.load_button.setVisible(known and not own)
        if report is not None:
            self._tell_empty(known)
        self.update_buttons()

    def _tell_empty(self, known: bool) -> None:
        if not known:
            text = "Программа прочитает карточки кабинета и найдёт их товары в магазине, чтобы не создать карточки второй раз."
            self.empty.set_state(text, self._title)
        elif self.model.total:
            self.empty.set_state("По этому запросу ничего нет")
        else:
            self.empty.set_state("Загружаю…" if self._own_job() else kind_words(self.chips.kind)[2])

    def update_buttons(self) -> None:
        kind = self.chips.kind
        rows, free = not self.table.isHidden(), not self._decisions.busy
        selected = self.table.selectionModel().hasSelection()
        asked = not self.form.isHidden() or not self.assign_form.isHidden()
        # Two searches below each other would be mistaken for one another, and there is little room.
        for widget in (self.hint, self.search):
            widget.setVisible(not self.chips.isHidden() and self.assign_form.isHidden())
        self.confirm_button.setVisible(rows and kind in PROPOSED)
        self.reject_button.setVisible(rows and (kind in PROPOSED or kind is Kind.MATCHED))
        self.take_back_button.setVisible(rows and kind is Kind.REJECTED)
        self.compare_button.setVisible(rows and kind is Kind.MATCHED)
        self.assign_button.setVisible(rows and kind is Kind.ONLY_OZON and not asked)
        self.export_button.setVisible(rows and kind is Kind.ONLY_OZON and not asked)
        self.undo_button.setVisible(self.report is not None and bool(self.report.undoable))
        self.undo_button.setEnabled(free)
        for button in (self.confirm_button, self.reject_button, self.take_back_button):
            button.setEnabled(selected and free)
        self.assign_button.setEnabled(len(self.table.selected_numbers()) == 1 and free)
        self.compare_button.setEnabled(selected)
        self.load_button.setEnabled(self.context.long_job is None)

    # --- work on rows -----------------------------------------------------------------------------------------------

    def confirm_pairs(self) -> None:
        """Enter: each selected card is the product beside it; of a card without one, which product it is."""
        if self.model.kind in PROPOSED:
            self._decisions.confirm(self.table.selected_rows())
            self.table.take_focus(self)
        elif self.model.kind is Kind.ONLY_OZON:
            self.open_assign()

    def reject_pairs(self) -> None:
        """Delete: no selected card is the product beside it; of pairs rejected before, that is taken back."""
        if self.model.kind in PROPOSED | {Kind.MATCHED}:
            self._decisions.reject(self.table.selected_rows())
            self.table.take_focus(self)
        elif self.model.kind is Kind.REJECTED:
            self._decisions.take_back(self.table.selected_rows())
            self.table.take_focus(self)

    def undo(self) -> None:
        """Ctrl+Z, «Отменить»: as it was before the last decision."""
        if self.report is not None and self.report.undoable:
            self._decisions.undo()
            self.table.take_focus(self)

    def _decided(self, text: str, left: str, undoable: bool) -> None:
        words, kind = f"{text} {left}".strip(), "attention" if left else "good"
        self.bar.show_message(words, kind, "Отменить" if undoable else None, self._decisions.undo if undoable else None)

    def open_assign(self) -> None:
        """Enter, «Указать товар…»: which product of the store the selected card is."""
        rows = self.table.selected_rows()
        if len(rows) == 1 and self.report is not None and not self._decisions.busy:
            self.form.hide()
            self.assign_form.open_for(rows[0], self.report)
            self.update_buttons()

    def _assign(self, product_id: str, card_offer: str) -> None:
        self._decisions.assign(product_id, card_offer)
        self.table.take_focus(self)

    def _assign_dismissed(self) -> None:
        self.update_buttons()
        self.table.take_focus(self)

    def _compare(self) -> None:
        self.differences_wanted.emit([row.product_id for row in self.table.selected_rows()])

    def show_error(self, error: object, action: str = "", again: object = None) -> None:
        shown = self.context.explain(error)
        self.bar.show_message(shown.line, "error", action or None, again if callable(again) else None, details=shown.details)
