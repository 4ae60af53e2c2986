"""The page «Синхронизация»: shows the preview, sends it, and shows what came of it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStackedWidget, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.sync_plan import Hold
from ozon_desktop.errors import NotConfirmed, NotPossibleYet, PlanChanged
from ozon_desktop.services.cabinet.existing_cards import ExistingCards
from ozon_desktop.services.sync.first_five import FiveSent
from ozon_desktop.services.sync.preview import Preview
from ozon_desktop.services.sync.sync import SyncResult
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.page import Page
from ozon_desktop.ui.sync.existing.question import ExistingQuestion
from ozon_desktop.ui.sync.five.view import FiveView
from ozon_desktop.ui.sync.preview.plan_index import Computed, Names
from ozon_desktop.ui.sync.preview.view import PreviewView
from ozon_desktop.ui.sync.result.view import ResultView
from ozon_desktop.ui.sync.session import SyncSession, is_choosable
from ozon_desktop.ui.sync.tools import RulesFactory, SyncTools
from ozon_desktop.ui.sync.tools_bar import ToolsBar
from ozon_desktop.ui.sync_result_text import result_message, result_text
from ozon_desktop.ui.widgets import EmptyState, ProgressStrip

NEWS_SHOWN = 5
SEND_KEYS = ("Ctrl+Enter", "Ctrl+Return")
"""Of the number pad, and of the letters; on the keyboard both are called Enter."""
LOOK_FIRST = "Первая отправка уходит только после вашего просмотра: проверьте изменения ниже и нажмите «Отправить»"


class SyncPage(Page):
    """Three bodies: the preview, the result of the last run, and a sentence when there is nothing to show."""

    topics = frozenset({"store", "integration", "settings", "mapping", "cards", "sync"})

    def __init__(self, context: WindowContext, make_rules: RulesFactory, parent: QWidget | None = None) -> None:
        super().__init__(context, "Синхронизация", parent=parent)
        self.session = SyncSession(context, self)
        self.recalculate = QPushButton("&Пересчитать")
        self.recalculate.setObjectName("recalculate")
        self.send = QPushButton("Отправить")
        self.send.setObjectName("send_button")
        for keys in SEND_KEYS:
            QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut).activated.connect(self.send.click)
        self.five = QPushButton("Сначала &пять")
        self.five.setObjectName("send_five")
        self.five.setToolTip("Отправить пять товаров, прочитать их с Ozon и сравнить; остальное — после этого")
        self.add_action(self.recalculate)
        self.add_action(self.five)
        self.add_action(self.send, primary=True)
        self.question = ExistingQuestion()
        self.preview = PreviewView(context)
        self.preview.model.choosable = is_choosable
        self._names = Names()
        self.session.parts = self.preview.chosen_parts
        self.tools, self.tools_bar = SyncTools(context, make_rules, self), ToolsBar()
        self.result, self.five_view = ResultView(context), FiveView(context)
        self.empty = EmptyState("", name="sync_empty")
        self.progress = ProgressStrip()
        self.stack = QStackedWidget()
        for widget in (self.preview, self.result, self.five_view, self.empty):
            self.stack.addWidget(widget)
        self.progress.stop.setObjectName("stop_sync")
        self.progress.stop.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.progress.hide()
        self.body.addWidget(self.progress)
        self.body.setSpacing(10)
        self.body.addWidget(self.question)
        self.body.addWidget(self.stack, 1)
        self.body.addWidget(self.tools_bar)
        self._connect()
        self._update_actions()

    def _connect(self) -> None:
        session = self.session
        session.changed.connect(self._update_actions)
        session.previewed.connect(self._show_previewed)
        session.not_previewed.connect(self._show_not_previewed)
        session.started.connect(self._run_started)
        session.progressed.connect(self.progress.show_update)
        session.finished.connect(self._run_finished)
        session.failed.connect(self._run_failed)
        session.stopped.connect(self._run_stopped)
        self.recalculate.clicked.connect(self._recalculate)
        self.send.clicked.connect(self._send)
        self.five.clicked.connect(session.send_five)
        self.five_view.rest_wanted.connect(self._recalculate)
        session.five_sent.connect(self._five_sent)
        self.progress.stopped.connect(self.context.stop_job)
        self.preview.parts_changed.connect(self._choices_changed)
        self.tools_bar.compare_changed.connect(self._choices_changed)
        self.tools_bar.rules_asked.connect(self._open_rules)
        self.tools_bar.check_asked.connect(self._open_check)
        self.preview.product_opened.connect(self._open_product)
        self.preview.decided.connect(session.decide)
        self.preview.kept.connect(session.keep_ozons)
        self.question.answered.connect(session.answer_existing)
        self.question.fields_asked.connect(self._open_fields)
        session.existing.connect(self._show_existing)
        session.refused.connect(self._show_refused)
        self.result.offer_opened.connect(self._open_product)
        self.result.retry_wanted.connect(self._retry)
        self.empty.acted.connect(self._empty_acted)
        self.context.job_started.connect(self._update_actions)
        self.context.job_ended.connect(self._update_actions)
        self.context.job_stopping.connect(self.progress.show_stopping)

    # --- what the frame asks ----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Computes the preview again, unless a run is under way or its result is being read."""
        if self.session.running or self.session.announcing:
            return
        if self.stack.currentWidget() in {self.result, self.five_view}:
            self.session.computed = None
            return
        self._compute()

    def set_integration(self, integration_id: object) -> None:
        """Another cabinet: neither the preview nor the result of the old one stays."""
        self.session.forget()
        self.tools_bar.forget_comparing()
        self.session.compares = False
        self.stack.setCurrentWidget(self.preview)
        self.hide_message()
        super().set_integration(integration_id)

    def focus_search(self) -> None:
        self.preview.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.preview.search.selectAll()

    def open_payload(self, payload: object) -> None:
        """«rules»: their window; a run's number: what would take it back.

        «run» (F5, the toolbar, the tray): sends at once, after computing the preview when there is none.
        """
        if payload == "rules":
            self._open_rules()
        if isinstance(payload, int) and payload and not self.session.running:
            self.hide_message()
            self._show_preview()
            self.session.take_back(payload)
        if payload == "run" and not self.session.running and not self.session.send_when_ready():
            self._show_preview()
            self._compute()

    def save(self) -> None:
        """Stores the rules, where they are open and changed."""
        self.tools.save()

    def has_unsaved_changes(self) -> bool:
        return self.tools.unsaved

    def leave(self) -> None:
        """The window of the rules does not outlive the page's."""
        self.tools.close()

    # --- the preview ------------------------------------------------------------------------------------------------

    def _compute(self) -> None:
        if not self.context.integration_id:
            self._show_empty("Сначала подключите кабинет Ozon", "Открыть «Интеграция»", "integration")
            return
        self.hide_message()
        self.set_loading(self.session.computed is None)
        self.session.compute()

    def _show_previewed(self, computed: Computed) -> None:
        self._names = computed.index.names
        self.set_loading(False)
        self._show_preview()
        self.preview.show_preview(computed.preview, computed.index, asked_to_compare=self.session.compares)
        if not computed.preview.plan.items:
            compared = "Сравнено с тем, что Ozon показывает сейчас: отличий от магазина нет"
            accepted = "Всё уже отправлено: в Ozon то же, что в магазине"
            self._show_empty(compared if computed.preview.against_ozon else accepted)
        self._show_news(computed.preview)
        self.tools.preview_made()
        # Only now: the preview has found which cards were on Ozon before.
        self.session.ask_existing()

    def _show_existing(self, view: ExistingCards | None) -> None:
        self.question.show_view(view, settled=not self.session.first)

    def _show_refused(self, error: object) -> None:
        if isinstance(error, NotConfirmed):
            self.show_message(LOOK_FIRST, "attention")
        else:
            self.show_error(error, "Пересчитать", self._recalculate)

    def _open_fields(self) -> None:
        self.context.go_to.emit("products", "adopt")

    def undo(self) -> None:
        """Takes the last decision about held changes back."""
        self.session.undo()

    def _show_news(self, preview: Preview) -> None:
        """Why the cabinet could not be looked into, and what Ozon newly requires."""
        lines = list(preview.news[:NEWS_SHOWN])
        if len(preview.news) > NEWS_SHOWN:
            lines.append(f"И ещё таких полей: {wording.number(len(preview.news) - NEWS_SHOWN)}")
        if preview.offline is not None:
            text = "\n".join((self.context.explain(preview.offline).line, *lines))
            self.show_message(text, "attention", "Повторить", self._recalculate)
        elif preview.guard is not None and any(item.hold is Hold.MANY_PRICES for item in preview.plan.undecided):
            text = "\n".join((wording.guard_text(preview.guard), wording.GUARD_ACTION, *lines))
            self.show_message(text, "attention", "Цены проверены, отправить и их", self._confirm_prices)
        elif lines and self.session.taking_back:
            # What cannot be put back; no card needs anything.
            self.show_message("\n".join(lines), "info")
        elif lines:
            self.show_message("\n".join(lines), "info", "Заполнить карточки", self._open_errors)

    def _confirm_prices(self) -> None:
        self.hide_message()
        self.session.confirm_prices()

    def _open_errors(self) -> None:
        self.context.go_to.emit("products", "errors")

    def _show_not_previewed(self, error: object) -> None:
        self.set_loading(False)
        self.session.ask_existing()
        shown = self.context.explain(error)
        if isinstance(error, NotPossibleYet):
            only_mapping = set(error.missing) <= {"mapping"}
            button = "Открыть «Категории»" if only_mapping else "Открыть «Интеграция»"
            self._show_empty(shown.text, button, "mapping" if only_mapping else "integration")
        else:
            self._show_empty("Изменения не посчитаны")
            self.show_error(error, "Повторить", self._recalculate)
        why = shown.text or shown.title
        self.set_status_line(f"Отправить нельзя: {why[:1].lower() + why[1:]}")

    def _show_preview(self) -> None:
        self.stack.setCurrentWidget(self.preview)

    def _show_empty(self, text: str, button: str = "", page: str = "") -> None:
        self.empty.set_state(text, button)
        self.empty.setProperty("page", page)
        self.stack.setCurrentWidget(self.empty)
        self.set_loading(False)
        self._update_actions()

    def _empty_acted(self) -> None:
        self.context.go_to.emit(self.empty.property("page"), None)

    def _recalculate(self) -> None:
        if not self.session.running:
            self._show_preview()
            self._compute()

    def _choices_changed(self) -> None:
        self.session.parts, self.session.compares = self.preview.chosen_parts, self.tools_bar.compares
        self._recalculate()

    def _open_product(self, product: str) -> None:
        self.context.go_to.emit("products", product)

    def _open_rules(self) -> None:
        self.tools.open_rules(self.window())

    def _open_check(self) -> None:
        self.tools.open_check(self.window())

    # --- the run ----------------------------------------------------------------------------------------------------

    def _send(self) -> None:
        if not self.session.why_not():
            self.session.send()

    def _retry(self, offers: frozenset[str]) -> None:
        self.session.start(None, offers)

    def _run_started(self) -> None:
        self.hide_message()
        self.progress.start("Отправляю изменения")
        self.progress.show()

    def _five_sent(self, sent: FiveSent) -> None:
        self.progress.hide()
        self.five_view.show_sent(sent, self._names)
        self.stack.setCurrentWidget(self.five_view)
        self.set_status_line("Первые товары отправлены и прочитаны с Ozon, остальное ещё не ушло")
        if sent.result.run.result is RunResult.DONE:
            self.hide_message()
        else:
            self.show_message(*result_message(sent.result))
        self._update_actions()

    def _run_finished(self, result: SyncResult) -> None:
        self.progress.hide()
        self.result.show_result(result)
        self.stack.setCurrentWidget(self.result)
        moment = result.run.finished_at or self.context.application.clock()
        self.set_status_line(f"Итог запуска в {wording.clock_time(moment)}: {result_text(result)}")
        self.show_message(*result_message(result))

    def _run_failed(self, error: object) -> None:
        self.progress.hide()
        if isinstance(error, PlanChanged):
            self._recalculate()
            self.show_error(error)
            return
        self.show_error(error, "Повторить", self._repeat)
        self.set_status_line("Отправка прервана. Что успело уйти, записано в журнал")

    def _run_stopped(self) -> None:
        self.progress.hide()
        self.show_message("Остановлено. Что успело уйти, записано в журнал; остальное отправится в следующий раз", "attention")
        self.set_status_line("Отправка остановлена")

    def _repeat(self) -> None:
        self.open_payload("run")

    # --- what can be done now ---------------------------------------------------------------------------------------

    def _update_actions(self) -> None:
        session = self.session
        why = session.why_not()
        changes = session.computed.preview.plan.changes if session.computed is not None else 0
        verb = "&Вернуть" if session.taking_back else "&Отправить"
        words = f"{verb} {wording.changes_text(changes)}" if changes else verb
        self.send.setText(f"{words}   {SEND_KEYS[0]}")
        self.send.setEnabled(not why)
        self.send.setToolTip(why)
        self.send.setAccessibleDescription(why)
        # Who takes a run back, or has sent before, needs no trial.
        self.five.setVisible(session.first and not session.taking_back)
        self.five.setEnabled(not why)
        self.recalculate.setEnabled(not session.running and bool(self.context.integration_id))
        self.preview.set_enabled(not session.running)
        self.tools_bar.compare.setEnabled(not session.running)
        self.preview.cost.setVisible(self.stack.currentWidget() is self.preview and session.computed is not None)
        # While something else has to be done first, its button comes first.
        self.tools_bar.setVisible(self.stack.currentWidget() is not self.empty or not self.empty.property("page"))
        if self.stack.currentWidget() not in {self.result, self.five_view} or session.running:
            self.set_status_line(self._status_text(why))

    def _looked_at(self, preview: Preview) -> str:
        """When the preview was made, and what has gone to Ozon so far."""
        computed = self.session.computed
        at = f" от {wording.clock_time(computed.at)}" if computed is not None and computed.at is not None else ""
        if self.session.taking_back:
            return "Прежние значения: так было на Ozon до выбранного запуска. Ничего ещё не отправлено"
        if preview.first:
            return f"Первая отправка: просмотр{at}, на Ozon ещё ничего не ушло"
        return "Предварительный просмотр: ничего ещё не отправлено"

    def _status_text(self, why: str) -> str:
        preview = self.session.computed.preview if self.session.computed is not None else None
        if preview is None or not why:
            return why if preview is None else self._looked_at(preview)
        skipped = len(preview.plan.items)
        idle = not self.session.computing and not self.session.running
        if idle and not preview.plan.changes and preview.offline is None and skipped:
            products = wording.plural(skipped, "товар", "товара", "товаров")
            return f"{why}; пропущено {products}, причины ниже"
        return why
