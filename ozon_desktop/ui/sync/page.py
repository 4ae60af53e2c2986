"""The page «Синхронизация»: asks for the preview, sends it, and tells what came of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStackedWidget, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.price_hold import release_prices
from ozon_desktop.domain.progress import Progress, ProgressUpdate
from ozon_desktop.domain.sync_plan import SyncPlan
from ozon_desktop.errors import NotPossibleYet
from ozon_desktop.services.sync.preview import Preview
from ozon_desktop.services.sync.sync import SyncRequest, SyncResult
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.page import Page
from ozon_desktop.ui.sync.preview.plan_index import Computed, Names, PlanIndex, type_keys
from ozon_desktop.ui.sync.preview.view import PreviewView
from ozon_desktop.ui.sync.result.view import ResultView, result_message, result_text
from ozon_desktop.ui.sync.tools import SyncTools
from ozon_desktop.ui.sync.tools_bar import ToolsBar
from ozon_desktop.ui.widgets import EmptyState, ProgressStrip
from ozon_desktop.ui.worker import Job

TOPICS_AFTER_RUN = ("sync", "orders", "journal")
NEWS_SHOWN = 5


class SyncPage(Page):
    """Three bodies: the preview, the result of the last run, and a sentence when there is nothing to show."""

    topics = frozenset({"store", "integration", "settings", "mapping", "cards", "sync"})

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "Синхронизация", parent=parent)
        self._computed: Computed | None = None
        self._number = 0
        self._asking: Job | None = None
        self._run: Job | None = None
        self._send_when_ready = False
        self._telling, self._stage = False, ""
        self.recalculate = QPushButton("&Пересчитать")
        self.recalculate.setObjectName("recalculate")
        self.send = QPushButton("Отправить")
        self.send.setObjectName("send_button")
        self.add_action(self.recalculate)
        self.add_action(self.send, primary=True)
        self.preview = PreviewView(context)
        self.tools, self.tools_bar = SyncTools(context, self), ToolsBar()
        self.result = ResultView(context)
        self.empty = EmptyState("", name="sync_empty")
        self.progress = ProgressStrip()
        self.stack = QStackedWidget()
        for widget in (self.preview, self.result, self.empty):
            self.stack.addWidget(widget)
        self.progress.stop.setObjectName("stop_sync")
        self.progress.stop.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.progress.hide()
        self.body.addWidget(self.progress)
        self.body.addWidget(self.tools_bar)
        self.body.addWidget(self.stack, 1)
        self._connect()
        self._update_actions()

    def _connect(self) -> None:
        self.recalculate.clicked.connect(self._recalculate)
        self.send.clicked.connect(self._send)
        self.progress.stopped.connect(self.context.stop_job)
        self.preview.parts_changed.connect(self._parts_changed)
        self.tools_bar.compare_changed.connect(self._parts_changed)
        self.tools_bar.rules_asked.connect(self.tools.open_rules)
        self.tools_bar.check_asked.connect(self.tools.open_check)
        self.preview.product_opened.connect(self._open_product)
        self.result.offer_opened.connect(self._open_product)
        self.result.retry_wanted.connect(self._retry)
        self.empty.acted.connect(self._empty_acted)
        self.context.job_started.connect(self._update_actions)
        self.context.job_ended.connect(self._update_actions)
        self.context.job_stopping.connect(self.progress.show_stopping)

    # --- what the frame asks ----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Computes the preview again, unless a run is under way or its result is being read."""
        if self._run is not None or self._telling:
            return
        if self.stack.currentWidget() is self.result:
            self._computed = None
            return
        self._compute()

    def set_integration(self, integration_id: object) -> None:
        """Another cabinet: neither the preview nor the result of the old one stays."""
        self._computed = None
        self._send_when_ready = False
        self.tools_bar.forget_comparing()
        self.stack.setCurrentWidget(self.preview)
        self.hide_message()
        super().set_integration(integration_id)

    def focus_search(self) -> None:
        """Ctrl+F."""
        self.preview.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.preview.search.selectAll()

    def open_payload(self, payload: object) -> None:
        """«rules»: their window. «run» (F5, the toolbar, the tray): sends at once, after computing the preview when there is none."""
        if payload == "rules":
            self.tools.open_rules()
        if payload != "run" or self._run is not None:
            return
        self._send_when_ready = True
        if self._asking is None:
            if self._computed is None or self._computed.preview.offline is not None:
                self._show_preview()
                self._compute()
            else:
                self._send_prepared()

    def has_unsaved_changes(self) -> bool:
        """Rules that were changed and not saved."""
        return self.tools.unsaved

    def leave(self) -> None:
        """The window of the rules does not outlive the page's."""
        self.tools.close()

    # --- the preview ------------------------------------------------------------------------------------------------

    def _compute(self) -> None:
        if not self.context.integration_id:
            self._show_empty("Сначала подключите кабинет Ozon", "Открыть «Интеграция»", "integration")
            return
        if self._asking is not None:
            self._asking.cancel()
        self._number += 1
        number, integration_id, parts = self._number, self.context.integration_id, self.preview.chosen_parts
        service, catalog = self.context.application.previews, self.context.application.catalog
        compared = self.tools_bar.compares

        async def compute(progress: Progress) -> Computed:
            preview = await service.preview(integration_id, progress, parts, against_ozon=compared)
            keys = await asyncio.to_thread(type_keys, preview.plan.items)
            tree = await catalog.tree() if keys else None
            types = {key: "".join(tree.type_path(TypeKey.parse(key))[-1:]) for key in keys} if tree is not None else {}
            names = Names(preview.attribute_names, preview.warehouses, preview.price_type, types)
            return Computed(number, preview, await asyncio.to_thread(PlanIndex.build, preview.plan.items, names))

        self.hide_message()
        self.set_loading(self._computed is None)
        self._stage = ""
        self._asking = self.context.worker.run(
            compute, on_done=self._preview_done, on_failed=self._preview_failed, on_progress=self._preview_progress
        )
        self._update_actions()

    def _preview_progress(self, update: ProgressUpdate) -> None:
        if self.sender() is self._asking:
            self._stage = wording.progress_text(update) if update.total else ""
            self.set_truth(self._truth(self._why_not()))

    def _preview_done(self, computed: Computed) -> None:
        if computed.number != self._number:
            return
        self._asking = None
        self._computed = computed
        self.set_loading(False)
        self._show_preview()
        self.preview.show_preview(computed.preview, computed.index, asked_to_compare=self.tools_bar.compares)
        if not computed.preview.plan.items:
            compared = "Сравнено с тем, что Ozon показывает сейчас: отличий от магазина нет"
            accepted = "Всё уже отправлено: в Ozon то же, что в магазине"
            self._show_empty(compared if computed.preview.against_ozon else accepted)
        self._tell_news(computed.preview)
        self._update_actions()
        self.tools.preview_made()
        if self._send_when_ready:
            # In a turn of its own: showing a large plan takes the window long enough.
            QTimer.singleShot(1, self, self._send_if_wanted)

    def _tell_news(self, preview: Preview) -> None:
        """Why the cabinet could not be looked into, and what Ozon newly requires."""
        lines = list(preview.news[:NEWS_SHOWN])
        if len(preview.news) > NEWS_SHOWN:
            lines.append(f"И ещё таких полей: {wording.number(len(preview.news) - NEWS_SHOWN)}")
        if preview.offline is not None:
            text = "\n".join((self.context.explain(preview.offline).line, *lines))
            self.show_message(text, "attention", "Повторить", self._recalculate)
        elif preview.guard is not None and preview.guard.stopped:
            text = "\n".join((wording.guard_text(preview.guard), wording.GUARD_ACTION, *lines))
            self.show_message(text, "attention", "Цены проверены, отправить и их", self._confirm_prices)
        elif lines:
            self.show_message("\n".join(lines), "info", "Заполнить карточки", self._open_errors)
        if preview.news:
            self._tell_others(("settings",))

    def _confirm_prices(self) -> None:
        """The manager has looked at the prices that were held back: they join what is sent."""
        computed = self._computed
        if computed is None or self._run is not None or self._asking is not None:
            return
        preview = replace(computed.preview, plan=release_prices(computed.preview.plan), guard=None)

        async def confirmed() -> Computed:
            index = await asyncio.to_thread(PlanIndex.build, preview.plan.items, computed.index.names)
            return Computed(computed.number, preview, index)

        self.hide_message()
        self._asking = self.context.worker.run(confirmed(), on_done=self._preview_done, on_failed=self._preview_failed)
        self._update_actions()

    def _open_errors(self) -> None:
        self.context.go_to.emit("products", "errors")

    def _preview_failed(self, error: object) -> None:
        if self.sender() is not self._asking:
            return
        self._asking = None
        self._computed = None
        wanted, self._send_when_ready = self._send_when_ready, False
        self.set_loading(False)
        shown = self.context.explain(error)
        if isinstance(error, NotPossibleYet):
            only_mapping = set(error.missing) <= {"mapping"}
            button = "Открыть «Категории»" if only_mapping else "Открыть «Интеграция»"
            self._show_empty(shown.text, button, "mapping" if only_mapping else "integration")
        else:
            self._show_empty("Изменения не посчитаны")
            self.show_error(error, "Повторить", self._recalculate)
        self._update_actions()
        why = shown.text or shown.title
        self.set_truth(f"Отправить нельзя: {why[:1].lower() + why[1:]}")
        if wanted:
            self.context.notify.emit("Синхронизация не началась", shown.line)

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
        if self._run is None:
            self._show_preview()
            self._compute()

    def _parts_changed(self) -> None:
        if self._run is None:
            self._show_preview()
            self._compute()

    def _open_product(self, product: str) -> None:
        self.context.go_to.emit("products", product)

    # --- the run ----------------------------------------------------------------------------------------------------

    def _send(self) -> None:
        if not self._why_not():
            self._send_prepared()

    def _send_if_wanted(self) -> None:
        if self._send_when_ready and self._run is None:
            self._send_prepared()

    def _send_prepared(self) -> None:
        self._send_when_ready = False
        computed = self._computed
        if computed is None:
            return
        if computed.preview.offline is not None:
            shown = self.context.explain(computed.preview.offline)
            self.context.notify.emit("Синхронизация не началась", shown.line)
            return
        self._start(computed.preview.plan, None)

    def _retry(self, offers: frozenset[str]) -> None:
        self._start(None, offers)

    def _start(self, plan: SyncPlan | None, offers: frozenset[str] | None) -> None:
        if self._run is not None:
            return
        service, integration_id, parts = self.context.application.sync, self.context.integration_id, self.preview.chosen_parts

        async def work(progress: Progress) -> SyncResult:
            return await service.run(integration_id, progress, SyncRequest(plan, parts, only_offers=offers))

        self._run = self.context.run_job(
            "Синхронизация", work, on_done=self._run_done, on_failed=self._run_failed, on_progress=self._run_progress
        )
        if self._run is None:
            return
        self._run.cancelled.connect(self._run_cancelled)
        self.hide_message()
        self.progress.start("Отправляю изменения")
        self.progress.show()
        self._update_actions()

    def _run_progress(self, update: ProgressUpdate) -> None:
        self.progress.show_update(update)

    def _run_done(self, result: SyncResult) -> None:
        self._run_ended()
        self.result.show_result(result)
        self.stack.setCurrentWidget(self.result)
        self._tell_result(result)
        self._tell_others()

    def _run_failed(self, error: object) -> None:
        self._run_ended()
        self.show_error(error, "Повторить", self._repeat)
        self._tell_others()
        self.set_truth("Отправка прервана. Что успело уйти, записано в журнал")

    def _run_cancelled(self) -> None:
        self._run_ended()
        self._tell_others()
        self.show_message("Остановлено. Что успело уйти, записано в журнал; остальное отправится в следующий раз", "attention")
        self.set_truth("Отправка остановлена")

    def _run_ended(self) -> None:
        self._run = None
        self._computed = None
        self.progress.hide()
        self._update_actions()

    def _repeat(self) -> None:
        self.open_payload("run")

    def _tell_others(self, topics: Sequence[str] = TOPICS_AFTER_RUN) -> None:
        self._telling = True
        try:
            for topic in topics:
                self.context.data_changed.emit(topic)
        finally:
            self._telling = False

    def _tell_result(self, result: SyncResult) -> None:
        moment = result.run.finished_at or self.context.application.clock()
        words = f"Отправлено в {wording.clock_time(moment)}: {result_text(result)}"
        self.set_truth(words)
        self.show_message(*result_message(result))

    # --- what can be done now ---------------------------------------------------------------------------------------

    def _why_not(self) -> str:
        """Why nothing can be sent now; "" = it can."""
        if self._run is not None:
            return "Идёт отправка"
        if self._asking is not None:
            return " ".join(("Считаю, что изменилось…", self._stage)).strip()
        long = self.context.long_job
        if long is not None:
            return f"Идёт другая работа: {long.title}"
        if self._computed is None:
            return "Сначала пересчитайте изменения"
        if self._computed.preview.offline is not None:
            return self.context.explain(self._computed.preview.offline).title
        if not self._computed.preview.plan.changes:
            return "Всё уже отправлено"
        return ""

    def _update_actions(self) -> None:
        why = self._why_not()
        changes = self._computed.preview.plan.changes if self._computed is not None else 0
        words = f"&Отправить {wording.changes_text(changes)}"
        self.send.setText(words if changes else "&Отправить")
        self.send.setEnabled(not why)
        self.send.setToolTip(why)
        self.send.setAccessibleDescription(why)
        self.recalculate.setEnabled(self._run is None and bool(self.context.integration_id))
        self.preview.set_enabled(self._run is None)
        self.tools_bar.compare.setEnabled(self._run is None)
        # While something else has to be done first, its button comes first.
        self.tools_bar.setVisible(self.stack.currentWidget() is not self.empty or not self.empty.property("page"))
        if self.stack.currentWidget() is not self.result or self._run is not None:
            self.set_truth(self._truth(why))

    def _truth(self, why: str) -> str:
        if self._computed is not None and not why:
            return "Предварительный просмотр: ничего ещё не отправлено"
        if self._computed is not None and not self._computed.preview.plan.changes and not self._asking and not self._run:
            skipped = len(self._computed.preview.plan.items)
            if self._computed.preview.offline is None and skipped:
                products = wording.plural(skipped, "товар", "товара", "товаров")
                return f"{why}; пропущено {products}, причины ниже"
        return why
