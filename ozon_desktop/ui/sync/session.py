"""The preview of the chosen cabinet, and the run that sends it."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from ozon_desktop import wording
from ozon_desktop.domain.holds import OF_PRICES, confirmed
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.progress import Progress, ProgressUpdate
from ozon_desktop.domain.sync_plan import Part, SyncPlan
from ozon_desktop.services.sync.sync import SyncRequest, SyncResult
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.sync.preview.plan_index import Computed, Names, PlanIndex, type_keys
from ozon_desktop.ui.worker import Job

TOPICS_AFTER_RUN = ("sync", "orders", "journal")


class SyncSession(QObject):
    """changed: what can be done now is another thing. Other pages hear of an end after the listeners here.

    previewed(Computed), not_previewed(error): how computing ended. started; progressed(ProgressUpdate);
    finished(SyncResult), failed(error), stopped: how a run ended.
    """

    changed = Signal()
    previewed = Signal(object)
    not_previewed = Signal(object)
    started = Signal()
    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    stopped = Signal()

    def __init__(self, context: WindowContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.computed: Computed | None = None
        self.parts: frozenset[Part] = frozenset()
        self.compares = False
        self.announcing = False
        self._number = 0
        self._asking: Job | None = None
        self._run: Job | None = None
        self._send_when_ready = False
        self._stage = ""

    # --- what is so now ---------------------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        return self._run is not None

    @property
    def computing(self) -> bool:
        return self._asking is not None

    def why_not(self) -> str:
        """Why nothing can be sent now; "" = it can."""
        if self._run is not None:
            return "Идёт отправка"
        if self._asking is not None:
            return " ".join(("Считаю, что изменилось…", self._stage)).strip()
        long = self._context.long_job
        if long is not None:
            return f"Идёт другая работа: {long.title}"
        if self.computed is None:
            return "Сначала пересчитайте изменения"
        if self.computed.preview.offline is not None:
            return self._context.explain(self.computed.preview.offline).title
        if not self.computed.preview.plan.changes:
            return "Всё уже отправлено"
        return ""

    def forget(self) -> None:
        """The preview is out of date, or of another cabinet; nothing is sent by itself any more."""
        self.computed = None
        self._send_when_ready = False

    # --- the preview ------------------------------------------------------------------------------------------------

    def compute(self) -> None:
        """Computes the preview of `parts`; one that is under way is given up."""
        if self._asking is not None:
            self._asking.cancel()
        self._number += 1
        self._stage = ""
        self._ask(self._preview(self._number, self._context.integration_id))

    def _preview(self, number: int, integration_id: int) -> Callable[[Progress], Coroutine[Any, Any, Computed]]:
        service, catalog = self._context.application.previews, self._context.application.catalog
        parts, compares = self.parts, self.compares

        async def compute(progress: Progress) -> Computed:
            preview = await service.preview(integration_id, progress, parts, against_ozon=compares)
            keys = await asyncio.to_thread(type_keys, preview.plan.items)
            tree = await catalog.tree() if keys else None
            types = {key: "".join(tree.type_path(TypeKey.parse(key))[-1:]) for key in keys} if tree is not None else {}
            names = Names(preview.attribute_names, preview.warehouses, preview.price_type, types)
            return Computed(number, preview, await asyncio.to_thread(PlanIndex.build, preview.plan.items, names))

        return compute

    def confirm_prices(self) -> None:
        """The prices that were held back have been looked at: they join what is sent."""
        computed = self.computed
        if computed is None or self._run is not None or self._asking is not None:
            return
        plan = confirmed(computed.preview.plan, OF_PRICES)
        preview = replace(computed.preview, plan=plan, guard=None)

        async def confirm(_: Progress) -> Computed:
            index = await asyncio.to_thread(PlanIndex.build, preview.plan.items, computed.index.names)
            return Computed(computed.number, preview, index)

        self._ask(confirm)

    def _ask(self, work: Callable[[Progress], Coroutine[Any, Any, Computed]]) -> None:
        self._asking = self._context.worker.run(
            work, on_done=self._computed, on_failed=self._not_computed, on_progress=self._computing_progressed
        )
        self.changed.emit()

    def _computing_progressed(self, update: ProgressUpdate) -> None:
        if self.sender() is self._asking:
            self._stage = wording.progress_text(update) if update.total else ""
            self.changed.emit()

    def _computed(self, computed: Computed) -> None:
        if computed.number != self._number:
            return
        self._asking = None
        self.computed = computed
        self.previewed.emit(computed)
        if computed.preview.news:
            self._announce(("settings",))
        self.changed.emit()
        if self._send_when_ready:
            # In a turn of its own: showing a large plan takes the window long enough.
            QTimer.singleShot(1, self, self._send_if_wanted)

    def _not_computed(self, error: object) -> None:
        if self.sender() is not self._asking:
            return
        self._asking = None
        wanted = self._send_when_ready
        self.forget()
        self.changed.emit()
        self.not_previewed.emit(error)
        if wanted:
            self._refuse(error)

    # --- the run ----------------------------------------------------------------------------------------------------

    def send_when_ready(self) -> bool:
        """Sends without another word, as soon as there is a preview; False = one has to be computed first."""
        self._send_when_ready = True
        if self._asking is None:
            if self.computed is None or self.computed.preview.first or self.computed.preview.offline is not None:
                return False
            self.send()
        return True

    def _send_if_wanted(self) -> None:
        if self._send_when_ready and self._run is None:
            if self.computed is not None and self.computed.preview.first:
                # Nobody has seen it yet: the button is pressed after that.
                self._send_when_ready = False
                return
            self.send()

    def send(self) -> None:
        self._send_when_ready = False
        if self.computed is None:
            return
        if self.computed.preview.offline is not None:
            self._refuse(self.computed.preview.offline)
        else:
            preview = self.computed.preview
            # The button stands beside the preview: who presses it has seen what goes.
            self.start(preview.plan, confirm=preview.plan_id)

    def start(self, plan: SyncPlan | None, offers: frozenset[str] | None = None, confirm: str | None = None) -> None:
        """Sends a plan, None = it is made anew; offers: only these articles, None = all; confirm: the id of the plan that was seen."""
        if self._run is not None:
            return
        service, integration_id, parts = self._context.application.sync, self._context.integration_id, self.parts

        async def work(progress: Progress) -> SyncResult:
            return await service.run(integration_id, progress, SyncRequest(plan, parts, only_offers=offers, confirm=confirm))

        self._run = self._context.run_job("Синхронизация", work, on_done=self._done, on_failed=self._failed, on_progress=self.progressed)
        if self._run is not None:
            self._run.cancelled.connect(self._cancelled)
            self.started.emit()
            self.changed.emit()

    def _done(self, result: SyncResult) -> None:
        self._end()
        self.finished.emit(result)
        self._announce(TOPICS_AFTER_RUN)

    def _failed(self, error: object) -> None:
        self._end()
        self.failed.emit(error)
        self._announce(TOPICS_AFTER_RUN)

    def _cancelled(self) -> None:
        self._end()
        self.stopped.emit()
        self._announce(TOPICS_AFTER_RUN)

    def _end(self) -> None:
        self._run = None
        self.computed = None
        self.changed.emit()

    def _refuse(self, error: object) -> None:
        self._context.notify.emit("Синхронизация не началась", self._context.explain(error).line)

    def _announce(self, topics: Sequence[str]) -> None:
        self.announcing = True
        try:
            for topic in topics:
                self._context.data_changed.emit(topic)
        finally:
            self.announcing = False
