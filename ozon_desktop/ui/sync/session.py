"""The preview of the chosen cabinet, and the run that sends it."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from ozon_desktop import wording
from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.existing_cards import Content, chosen_name
from ozon_desktop.domain.holds import OF_PRICES, HeldKey, key_of, plan_id, with_verdicts
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.progress import Progress, ProgressUpdate
from ozon_desktop.domain.sync_plan import Part, PlanItem, SyncPlan, Verdict
from ozon_desktop.errors import NotConfirmed
from ozon_desktop.services.cabinet.cards import NEVER_CHOSEN
from ozon_desktop.services.cabinet.existing_cards import ExistingCards
from ozon_desktop.services.sync.first_five import FiveSent
from ozon_desktop.services.sync.sync import SyncRequest, SyncResult
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.sync.preview.plan_index import Computed, Names, PlanIndex, type_keys
from ozon_desktop.ui.worker import Job

TOPICS_AFTER_RUN = ("sync", "orders", "journal")


class SyncSession(QObject):
    """changed: what can be done now is another thing. Other pages hear of an end after the listeners here.

    previewed(Computed), not_previewed(error): how computing ended. started; progressed(ProgressUpdate);
    finished(SyncResult), failed(error), stopped: how a run ended. existing(ExistingCards): the question about cards that were on Ozon
    before, None = there is no cabinet. refused(error): a decision could not be kept. five_sent(FiveSent): how the first products went.
    """

    changed = Signal()
    previewed = Signal(object)
    not_previewed = Signal(object)
    started = Signal()
    progressed = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    stopped = Signal()
    existing = Signal(object)
    refused = Signal(object)
    five_sent = Signal(object)

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
        self._decisions: list[dict[HeldKey, Verdict | None]] = []
        self.taking_back = 0

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
        if self.computed.preview.read_only:
            return "Кабинет только для чтения: на Ozon ничего не отправляется"
        if not self.computed.preview.plan.changes:
            return "Отправлять пока нечего: всё ждёт вашего решения" if self.computed.preview.plan.undecided else "Всё уже отправлено"
        return ""

    @property
    def first(self) -> bool:
        """Whether nothing was ever sent to the cabinet, so that only a person may send."""
        return self.computed is not None and self.computed.preview.first

    def forget(self) -> None:
        """The preview is out of date, or of another cabinet; nothing is sent by itself any more."""
        self.computed = None
        self._send_when_ready = False
        self.taking_back = 0
        self._decisions.clear()

    # --- the preview ------------------------------------------------------------------------------------------------

    def compute(self) -> None:
        """Computes the preview of `parts`; one that is under way is given up."""
        if self._asking is not None:
            self._asking.cancel()
        self._number += 1
        self._stage = ""
        self.taking_back = 0
        self._ask(self._preview(self._number, self._context.integration_id))

    def take_back(self, run_id: int) -> None:
        """Computes what would put back what Ozon held before a run; it is sent like any other preview."""
        if self._asking is not None:
            self._asking.cancel()
        self._number += 1
        self._stage, self.taking_back = "", run_id
        self._ask(self._old_values(self._number, self._context.integration_id, run_id))

    def _old_values(self, number: int, integration_id: int, run_id: int) -> Callable[[Progress], Coroutine[Any, Any, Computed]]:
        application = self._context.application

        async def compute(_: Progress) -> Computed:
            back = await application.take_back.preview(integration_id, run_id)
            news = tuple(f"{offer}: {wording.lasting_text(why)}" for offer, why in back.lasting)
            preview = replace(await application.previews.of_plan(integration_id, back.plan), plan_id=back.plan_id, news=news)
            names = Names(preview.attribute_names, preview.warehouses)
            index = await asyncio.to_thread(PlanIndex.build, preview.plan.items, names)
            return Computed(number, preview, index, application.clock())

        return compute

    def _preview(self, number: int, integration_id: int) -> Callable[[Progress], Coroutine[Any, Any, Computed]]:
        service, catalog = self._context.application.previews, self._context.application.catalog
        parts, compares, clock = self.parts, self.compares, self._context.application.clock

        async def compute(progress: Progress) -> Computed:
            preview = await service.preview(integration_id, progress, parts, against_ozon=compares)
            keys = await asyncio.to_thread(type_keys, preview.plan.items)
            tree = await catalog.tree() if keys else None
            types = {key: "".join(tree.type_path(TypeKey.parse(key))[-1:]) for key in keys} if tree is not None else {}
            names = Names(preview.attribute_names, preview.warehouses, preview.price_type, types)
            index = await asyncio.to_thread(PlanIndex.build, preview.plan.items, names)
            return Computed(number, preview, index, clock())

        return compute

    # --- decisions --------------------------------------------------------------------------------------------------

    def confirm_prices(self) -> None:
        """The prices that are held have been looked at: they join what is sent."""
        if self.computed is not None:
            self.decide([item for item in self.computed.preview.plan.undecided if item.hold in OF_PRICES], Verdict.SEND)

    def decide(self, items: Sequence[PlanItem], verdict: Verdict | None) -> None:
        """Keeps the manager's answer about held items, None = takes it back; the preview shows at once what it changes."""
        before = {key: item.verdict for item in items if (key := key_of(item)) is not None}
        if before and self._settle(dict.fromkeys(before, verdict)):
            self._decisions.append(before)

    def undo(self) -> bool:
        """Takes the last decision back; False = there is none."""
        if not self._decisions or not self._settle(self._decisions[-1]):
            return False
        self._decisions.pop()
        return True

    def _settle(self, wanted: Mapping[HeldKey, Verdict | None]) -> bool:
        computed, service, integration_id = self.computed, self._context.application.held_items, self._context.integration_id
        if computed is None or self._run is not None or self._asking is not None:
            return False
        before = {key: item.verdict for item in computed.preview.plan.items if (key := key_of(item)) is not None}
        plan = with_verdicts(computed.preview.plan, before | dict(wanted))
        preview = replace(computed.preview, plan=plan, plan_id=plan_id(plan, integration_id))

        async def settle(_: Progress) -> Computed:
            for verdict in dict.fromkeys(wanted.values()):
                keys = [key for key, one in wanted.items() if one is verdict]
                await (service.take_back(integration_id, keys) if verdict is None else service.decide(integration_id, keys, verdict))
            index = await asyncio.to_thread(PlanIndex.build, plan.items, computed.index.names)
            return Computed(computed.number, preview, index, computed.at)

        self._ask(settle, self._settled)
        return True

    def _settled(self, computed: Computed) -> None:
        self._computed(computed)
        # Counters elsewhere in the window tell how much is held.
        self._announce(("sync",))

    def answer_existing(self, content: Content, prices: Side, stocks: Side) -> None:
        """Keeps the answer about the cards that were on Ozon before, and computes the preview again."""
        service, integration_id = self._context.application.existing_cards, self._context.integration_id

        async def answer(_: Progress) -> None:
            await service.answer(integration_id, content=content, prices=prices, stocks=stocks)

        self._context.worker.run(answer, on_done=self._answered, on_failed=self.refused)

    def keep_ozons(self, item: PlanItem, field: str) -> None:
        """One value stays as Ozon has it, now and later."""
        service, integration_id = self._context.application.cabinet_cards, self._context.integration_id

        async def keep(_: Progress) -> int:
            return await service.choose(integration_id, Side.OZON, product_ids=[item.product_id], field=chosen_name(field))

        self._context.worker.run(keep, on_done=self._answered, on_failed=self.refused)

    def _answered(self, _: object) -> None:
        self.ask_existing()
        self.compute()

    def ask_existing(self) -> None:
        """Asks for the question about cards that were on Ozon before: its losses take a plan each, the preview does not wait for it."""
        integration_id = self._context.integration_id
        if not integration_id:
            self.existing.emit(None)
            return
        service = self._context.application.existing_cards

        async def ask(_: Progress) -> ExistingCards:
            return await service.view(integration_id)

        self._context.worker.run(ask, on_done=self.existing, on_failed=self.refused)

    def _ask(self, work: Callable[[Progress], Coroutine[Any, Any, Computed]], done: Callable[[Computed], object] | None = None) -> None:
        self._asking = self._context.worker.run(
            work, on_done=done or self._computed, on_failed=self._not_computed, on_progress=self._computing_progressed
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
                self.refused.emit(NotConfirmed(""))
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
            if self.taking_back:
                self._start_taking_back(self.taking_back, preview.plan_id)
                return
            # The button stands beside the preview: who presses it has seen what goes.
            self.start(preview.plan, confirm=preview.plan_id)

    def start(self, plan: SyncPlan | None, offers: frozenset[str] | None = None, confirm: str | None = None) -> None:
        """Sends a plan, None = it is made anew; offers: only these articles, None = all; confirm: the id of the plan that was seen."""
        if self._run is not None:
            return
        service, integration_id, parts = self._context.application.sync, self._context.integration_id, self.parts

        async def work(progress: Progress) -> SyncResult:
            return await service.run(integration_id, progress, SyncRequest(plan, parts, only_offers=offers, confirm=confirm))

        self._start("Синхронизация", work, self._done)

    def _start(self, title: str, work: Callable[[Progress], Coroutine[Any, Any, Any]], done: Callable[[Any], object]) -> None:
        self._run = self._context.run_job(title, work, on_done=done, on_failed=self._failed, on_progress=self.progressed)
        if self._run is not None:
            self._run.cancelled.connect(self._cancelled)
            self.started.emit()
            self.changed.emit()

    def send_five(self) -> None:
        """Sends five typical products of a first preview and reads them back."""
        if self.why_not() or self.computed is None:
            return
        service, integration_id, preview = self._context.application.first_five, self._context.integration_id, self.computed.preview

        async def work(progress: Progress) -> FiveSent:
            return await service.send(integration_id, progress, preview, preview.plan_id)

        self._start("Первые пять товаров", work, self._five_done)

    def _start_taking_back(self, run_id: int, confirm: str) -> None:
        service, integration_id = self._context.application.take_back, self._context.integration_id

        async def work(progress: Progress) -> SyncResult:
            return await service.send(integration_id, run_id, progress, confirm)

        self._start("Возврат прежних значений", work, self._done)

    def _five_done(self, sent: FiveSent) -> None:
        self._end()
        self.five_sent.emit(sent)
        self._announce(TOPICS_AFTER_RUN)

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
        self.taking_back = 0
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


def is_choosable(field: str) -> bool:
    """Whether Ozon's value of a field of the plan can be kept by a choice."""
    return chosen_name(field) not in NEVER_CHOSEN
