"""«Загрузить карточки с Ozon»: reading the cabinet, the report of whose each card is, and the decisions only the manager can make."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QDir, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.progress import ProgressUpdate
from ozon_desktop.services.cabinet.cards import ExportedFiles
from ozon_desktop.services.cabinet.report import AdoptionReport
from ozon_desktop.ui.context import LongJob, WindowContext
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.products.adoption.assign import AssignForm
from ozon_desktop.ui.products.adoption.chips import KindChips
from ozon_desktop.ui.products.adoption.decisions import Decisions
from ozon_desktop.ui.products.adoption.export import ExportForm
from ozon_desktop.ui.products.adoption.model import HIDDEN, PROPOSED, AdoptionModel, Kind, counts_of, kind_words, rows_of
from ozon_desktop.ui.products.adoption.session import TITLE, AdoptionSession
from ozon_desktop.ui.widgets import ProgressStrip, WrappedLabel
from ozon_desktop.ui.widgets.keys import DELETE, ENTER, KeyActions
from ozon_desktop.ui.widgets.row_table import RowTable
from ozon_desktop.ui.widgets.tool_dialog import Body, ToolDialog, make_button
from ozon_desktop.wording.adoption import exported_text

TOPICS = frozenset({"store", "cards", "sync"})


class AdoptionPanel(ToolDialog):
    """A reading goes on when it is closed. differences_wanted: ids of the products to compare with Ozon."""

    differences_wanted = Signal(object)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "adoption", TITLE, parent, heading="")
        self.report: AdoptionReport | None = None
        self.model = AdoptionModel(context.theme, self)
        self._session = AdoptionSession(context, self)
        self._decisions = Decisions(context, self)
        self.loaded = WrappedLabel("", role="status-line")
        self.loaded.setObjectName("adoption_loaded")
        self.incomplete = WrappedLabel("", role="attention")
        self.load_button = make_button("&Загрузить карточки с Ozon", "adoption_load")
        self.strip = ProgressStrip()
        self.chips = KindChips()
        self.kind_hint = WrappedLabel("", role="hint")
        self.table = RowTable(self.model, name="adoption_table", label=TITLE, state=context.state)
        self.form = ExportForm(context.state)
        self.assign_form = AssignForm(context)
        self._lay_out()
        self._add_buttons()
        self._connect()
        self._show_parts()
        self._follow(context.long_job)
        self.refresh()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.loaded, 1)
        head.addWidget(self.load_button)
        self.body.addLayout(head)
        search = self.add_search("Найти по артикулу или названию", self.table)
        for widget in (self.incomplete, self.strip, self.chips, self.kind_hint, search):
            self.body.addWidget(widget)
        self.add_content(self.table)
        self.body.addWidget(self.form)
        self.body.addWidget(self.assign_form)
        self.strip.hide()
        strip = self.strip.layout()
        if strip is not None:
            # «Остановить» as wide as the whole window would look like the main thing here.
            strip.setAlignment(self.strip.stop, Qt.AlignmentFlag.AlignLeft)

    def _add_buttons(self) -> None:
        add = self.add_button
        self.confirm_button = add("&Подтвердить", "adoption_confirm", "Это один товар: карточка будет обновляться (Enter)")
        set_role(self.confirm_button, "primary")
        tip = "Эта карточка — не этот товар, больше не предлагать (Delete)"
        self.reject_button = add("&Разные товары", "adoption_reject", tip)
        self.take_back_button = add("&Снять отказ", "adoption_take_back", "Пара снова будет предложена (Delete)")
        tip = "Выбрать товар магазина, которому принадлежит карточка (Enter)"
        self.assign_button = add("&Указать товар…", "adoption_assign", tip)
        tip = "Чем карточки выделенных товаров на Ozon отличаются от магазина"
        self.compare_button = add("&Сравнить с Ozon…", "adoption_compare", tip)
        self.export_button = add("Выгр&узить в магазин…", "adoption_export")
        tip = "Вернуть всё, как было до последнего решения (Ctrl+Z)"
        self.undo_button = add("&Отменить решение", "adoption_undo", tip)
        self.close_button.setText("Закр&ыть")
        self.finish(None, "", 1040, 660)

    def _connect(self) -> None:
        context = self.context
        self.load_button.clicked.connect(self.load)
        self.empty.acted.connect(self.load)
        self.strip.stopped.connect(context.stop_job)
        self.chips.chosen.connect(self._kind_chosen)
        self.search.searched.connect(self._searched)
        self.table.selectionModel().selectionChanged.connect(self.show_state)
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
        self._decisions.reported.connect(self._show_decided)
        self._decisions.failed.connect(self.show_error)
        self._decisions.busy_changed.connect(self.show_state)
        self.compare_button.clicked.connect(self._compare)
        self.export_button.clicked.connect(self.open_export)
        self.form.asked.connect(self._export)
        self.form.dismissed.connect(self.export_button.setFocus)
        self._session.loaded.connect(self._show_loaded)
        self._session.load_failed.connect(self._load_failed)
        self._session.exported.connect(self._show_exported)
        self._session.export_failed.connect(self._export_failed)
        context.job_started.connect(self._follow)
        context.job_progressed.connect(self._progressed)
        context.job_stopping.connect(self.strip.show_stopping)
        context.job_ended.connect(self._job_ended)
        context.data_changed.connect(self._data_changed)

    # --- loading ----------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Read the whole cabinet, as a long job."""
        self.bar.hide()
        self.form.hide()
        self.assign_form.hide()
        if self._session.load():
            self.strip.stop.setFocus()
        elif (long := self.context.long_job) is not None:
            self.bar.show_message(f"Сначала дождитесь окончания: «{long.title}».", "attention")

    def _show_loaded(self, report: AdoptionReport) -> None:
        self.show_read(report)
        counts = counts_of(report)
        asked = counts[Kind.DOUBTFUL] + counts[Kind.SEVERAL]
        words = f"Карточки загружены, сопоставлено: {wording.number(counts[Kind.MATCHED])}."
        if asked:
            words += f" Ждут вашего решения: {wording.number(asked)}."
        self.bar.show_message(words, "attention" if asked else "good")

    def _load_failed(self, error: object) -> None:
        self.show_error(error, "Повторить", self.load)

    def _follow(self, long: LongJob | None) -> None:
        if long is not None and self._session.loading:
            self.strip.start(TITLE)
            if long.last is not None:
                self.strip.show_update(long.last)
        self._show_parts()

    def _progressed(self, update: ProgressUpdate) -> None:
        if self._session.loading:
            self.strip.show_update(update)

    def _job_ended(self) -> None:
        if self.strip.stop.hasFocus():
            self.table.take_focus(self)
        self._show_parts()

    # --- the report -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask for the report again; works offline."""
        self.start_reading(self.context.application.cabinet_cards.report(self.integration_id))

    def _data_changed(self, topic: str) -> None:
        if topic in TOPICS:
            self.refresh()

    def show_read(self, result: AdoptionReport) -> None:
        """Show another report; what is selected stays so."""
        first = self.report is None or self.report.loaded_at is None
        self.report = result
        counts = counts_of(result)
        self.chips.show_counts(counts)
        if first:
            self.chips.choose(next((kind for kind in (Kind.DOUBTFUL, Kind.SEVERAL) if counts[kind]), Kind.MATCHED))
        self._show_moment(result)
        self.table.keeping_place(self._fill)
        self._show_parts()
        if first:
            self.table.take_focus(self)

    def _show_moment(self, report: AdoptionReport) -> None:
        moment = report.loaded_at
        if moment is None:
            self.loaded.setText("Карточки с Ozon ещё не загружались")
            return
        when = wording.when(moment, self.context.application.clock())
        self.loaded.setText(f"Карточки загружены {when}. Отчёт виден и без связи с Ozon.")
        self.loaded.setToolTip(wording.exact(moment))
        text = "Загрузка не дошла до конца: показано то, что успело прийти. Загрузите карточки ещё раз, чтобы увидеть все."
        self.incomplete.setText(text)

    def _kind_chosen(self) -> None:
        self.form.hide()
        self.assign_form.hide()
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
        self.kind_hint.setText(kind_words(kind)[1])

    def _searched(self, text: str) -> None:
        self.model.search(text)
        self._show_parts()

    def _show_parts(self) -> None:
        report, own = self.report, self._session.loading
        known = report is not None and (report.loaded_at is not None or own)
        rows = known and bool(self.model.rowCount())
        self.strip.setVisible(own)
        self.loaded.setVisible(report is not None)
        self.incomplete.setVisible(report is not None and report.loaded_at is not None and not report.complete and not own)
        self.show_body(Body.LOADING if report is None else Body.CONTENT if rows else Body.EMPTY)
        self.chips.setVisible(known)
        self.load_button.setVisible(known and not own)
        if report is not None:
            self._show_why_empty(known)
        self.show_state()

    def _show_why_empty(self, known: bool) -> None:
        if not known:
            text = "Программа прочитает карточки кабинета и найдёт их товары в магазине, чтобы не создать карточки второй раз."
            self.empty.set_state(text, TITLE)
        elif self.model.total:
            self.empty.set_state("По этому запросу ничего нет")
        else:
            self.empty.set_state("Загружаю…" if self._session.loading else kind_words(self.chips.kind)[2])

    def show_state(self, *_: object) -> None:
        """Which fields and buttons there are, and which of them can be used."""
        kind = self.chips.kind
        rows, free = not self.table.isHidden(), not self._decisions.busy
        selected = self.table.selectionModel().hasSelection()
        asked = not self.form.isHidden() or not self.assign_form.isHidden()
        # Two searches below each other would be mistaken for one another, and there is little room.
        for widget in (self.kind_hint, self.search):
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

    def _show_decided(self, text: str, left: str, undoable: bool) -> None:
        words, kind = f"{text} {left}".strip(), "attention" if left else "good"
        self.bar.show_message(words, kind, "Отменить" if undoable else None, self._decisions.undo if undoable else None)

    def open_assign(self) -> None:
        """Enter, «Указать товар…»: which product of the store the selected card is."""
        rows = self.table.selected_rows()
        if len(rows) == 1 and self.report is not None and not self._decisions.busy:
            self.form.hide()
            self.assign_form.open_for(rows[0], self.report)
            self.show_state()

    def _assign(self, product_id: str, card_offer: str) -> None:
        self._decisions.assign(product_id, card_offer)
        self.table.take_focus(self)

    def _assign_dismissed(self) -> None:
        self.show_state()
        self.table.take_focus(self)

    def _compare(self) -> None:
        self.differences_wanted.emit([row.product_id for row in self.table.selected_rows()])

    # --- files ------------------------------------------------------------------------------------------------------

    def open_export(self) -> None:
        if self.report is not None:
            cards = self.report.only_ozon
            self.form.open_for(len(cards), sum(card.archived for card in cards))
            self.show_state()

    def _export(self, folder: Path, encoding: str, with_archived: bool) -> None:
        self.form.set_busy(True)
        self._session.export(folder, encoding, with_archived)

    def _show_exported(self, files: ExportedFiles) -> None:
        folder = files.import_file.parent
        self.form.set_busy(False)
        self.form.hide()
        self.show_state()
        text = f"{exported_text(files.cards, files.archived)}. Папка: {QDir.toNativeSeparators(str(folder))}"
        self.bar.show_message(text, "good", "Открыть папку", partial(_open, folder))

    def _export_failed(self, error: object) -> None:
        self.form.set_busy(False)
        self.show_error(error)


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
