"""Sends cards: out of the archive where they are in it, as import tasks within the quotas, and then their answers."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from ozon_desktop.domain.cabinet import QUOTA_USED_UP, UNEXPECTED_ERROR, CabinetProduct, ImportedItem, ItemError
from ozon_desktop.domain.journal import RunProblem
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.sync_intent import Intent
from ozon_desktop.domain.sync_plan import Accepted, ActionKind, PlanItem
from ozon_desktop.errors import ItemLimitReached, OzonError, RequestRefused
from ozon_desktop.services.sync.outcome import OutcomeState
from ozon_desktop.services.sync.parts.barcodes import add_barcodes
from ozon_desktop.services.sync.parts.card_states import CardStates
from ozon_desktop.services.sync.parts.quota_keeper import QuotaKeeper
from ozon_desktop.services.sync.parts.record import Desk, batches, reported
from ozon_desktop.services.sync.parts.splitting import Splitting, item_error
from ozon_desktop.services.sync.preview import CARDS_A_REQUEST
from ozon_desktop.wording.cards import item_error_text

log = logging.getLogger(__name__)


class CardSender:
    """Creates and updates cards in one run. in_archive: why products could not leave the archive, by article."""

    def __init__(self, desk: Desk, states: CardStates, quotas: QuotaKeeper) -> None:
        self._desk = desk
        self._states = states
        self._quotas = quotas
        self._tasks: list[Intent] = []
        self.in_archive: dict[str, ItemError] = {}

    async def send(self, items: Sequence[PlanItem], progress: Progress) -> None:
        """Those the quotas of today leave room for, in the order in which they are served; the others are noted as waiting."""
        today = await self._quotas.today(items)
        failure: OzonError | None = None
        try:
            await self._start(await self._return_from_archive(today), progress)
        except OzonError as error:
            # What was started is followed whatever became of the rest.
            failure = error
        for number, task in enumerate(self._tasks):
            progress(ProgressUpdate(Stage.WAITING_FOR_OZON, number * CARDS_A_REQUEST, len(today)))
            await self.follow(task.id, task.task_id or 0, task.payload)
        sent = [item.offer_id for item in today if self._desk.record.state(item) is OutcomeState.SENT]
        if sent:
            infos = await self._states.ask(sent, today)
            await self._states.save()
            await self._send_barcodes({item.offer_id: item for item in today if item.offer_id in set(sent)}, infos)
        if failure is not None:
            raise failure

    async def _start(self, items: Sequence[PlanItem], progress: Progress) -> None:
        splitting = Splitting(self._begin, self._refuse)
        for batch in reported(items, self._quotas.batch(CARDS_A_REQUEST), Stage.PRODUCTS, progress):
            await self._quotas.minute(len(batch))
            try:
                await splitting.send(batch)
            except ItemLimitReached as error:
                # Prices and stocks have limits of their own and are still sent.
                why = ItemError(QUOTA_USED_UP, "", retry_after_s=round(error.retry_after))
                started = {item.offer_id for task in self._tasks for item in task.payload}
                for item in items:
                    if item.offer_id not in started and self._desk.record.state(item) is None:
                        self._desk.record.note(item, OutcomeState.WAITING, (why,))
                return

    async def _begin(self, batch: tuple[PlanItem, ...]) -> None:
        self._tasks.append(await self._desk.ledger.begin_task(batch[0].kind, batch, partial(self._ask, batch)))

    async def _ask(self, batch: tuple[PlanItem, ...]) -> int:
        old_prices = {item.offer_id: item.old_price for item in batch if item.old_price}
        return await self._desk.client.import_products([item.payload for item in batch if item.payload is not None], old_prices)

    async def _send_barcodes(self, items: Mapping[str, PlanItem], infos: Iterable[CabinetProduct]) -> None:
        """The barcodes that the imports could not carry. What waits, or fails as a whole, stays in the plan of the next run."""
        wanted = {offer_id: item.payload.more_barcodes for offer_id, item in items.items() if item.payload and item.payload.more_barcodes}
        if not wanted:
            return
        added = await add_barcodes(self._desk.client, wanted, {info.offer_id: info for info in infos})
        learned: list[Accepted] = []
        for offer_id, became in added.items():
            known, sent = self._desk.ledger.get(offer_id), items[offer_id].payload
            if known.payload is None or sent is None:
                continue
            # A refused barcode is not sent again before the store's change.
            done = became.on_ozon if became.waiting or became.asked_in_vain else sent.more_barcodes
            learned.append(self._desk.ledger.learn(known, payload=replace(known.payload, more_barcodes=done)))
            if became.errors:
                self._desk.record.add_problems(items[offer_id], _barcode_problems(offer_id, became.errors))
        await self._desk.ledger.keep(learned, cards=True)

    def _refuse(self, batch: tuple[PlanItem, ...], error: Exception) -> None:
        for item in batch:
            self._desk.record.note_error(item, error)

    # --- out of the archive -----------------------------------------------------------------------------------------

    async def _return_from_archive(self, items: Sequence[PlanItem]) -> list[PlanItem]:
        """A product that is in the store again leaves Ozon's archive before its card is sent; those that may not are left out."""
        ledger = self._desk.ledger
        archived = [item for item in items if ledger.get(item.offer_id).archived]
        splitting = Splitting(self._unarchive, self._stay)
        for batch in batches(archived, CARDS_A_REQUEST):
            await splitting.send(batch)
        return [item for item in items if self.left_archive(item)]

    async def _unarchive(self, batch: tuple[PlanItem, ...]) -> None:
        """Cut short, it leaves an intent: the next run asks where the cards are, also when the store has deleted them meanwhile."""
        ledger = self._desk.ledger
        ask = partial(self._desk.client.unarchive, [ledger.get(item.offer_id).product_id for item in batch])

        def learn(_: object) -> list[Accepted]:
            return [ledger.learn(ledger.get(item.offer_id), archived=False) for item in batch]

        await ledger.exchange(ActionKind.UPDATE, batch, ask, learn)

    def _stay(self, batch: tuple[PlanItem, ...], error: Exception) -> None:
        self.in_archive |= {item.offer_id: item_error(error) for item in batch}

    def left_archive(self, item: PlanItem) -> bool:
        """Whether nothing keeps the product in the archive; else why is noted. A limit of the day is waiting, all else a refusal."""
        why = self.in_archive.get(item.offer_id)
        if why is not None:
            self._desk.record.hold_back(item, OutcomeState.WAITING if why.passes_by_itself else OutcomeState.FAILED, (why,))
        return why is None

    # --- answers ------------------------------------------------------------------------------------------------------

    async def follow_again(self, intent: Intent) -> bool:
        """Whether Ozon still knows the import task of an earlier run; how long it remembers one is not documented."""
        if intent.task_id is None:
            return False
        try:
            await self.follow(intent.id, intent.task_id, intent.payload)
        except RequestRefused:
            return False
        return True

    async def follow(self, intent_id: int, task_id: int, batch: tuple[PlanItem, ...]) -> None:
        """Asks about an import task until Ozon is done with it or patience ends; then the intent stays open for the next run."""
        waiting, patience = self._desk.waiting(), self._desk.patience
        while True:
            answers = {answer.offer_id: answer for answer in await self._desk.client.import_info(task_id)}
            if answers and all(answer.finished for answer in answers.values()):
                break
            if not await waiting.goes_on(patience.import_s if answers else patience.empty_import_s):
                break
        learned = [self._take(item, answers.get(item.offer_id), dropped=not answers) for item in batch]
        # One that is not in the answer at all is planned again.
        closed = all(answer.finished for answer in answers.values())
        await self._desk.ledger.answered(intent_id, [known for known in learned if known is not None], closed=closed, cards=True)

    def _take(self, item: PlanItem, answer: ImportedItem | None, *, dropped: bool) -> Accepted | None:
        """What an answer teaches about one product; nothing about one whose answer the program stumbles over, or that has none yet.

        dropped: there is no answer about any product of the request.
        """
        try:
            return self._taken(item, answer, dropped=dropped)
        except Exception as error:
            log.exception("an unexpected error about the import of one product")
            self._desk.record.note(item, OutcomeState.FAILED, (ItemError(UNEXPECTED_ERROR, type(error).__name__),))
            return None

    def _taken(self, item: PlanItem, answer: ImportedItem | None, *, dropped: bool) -> Accepted | None:
        known, record = self._desk.ledger.get(item.offer_id), self._desk.record
        if answer is None:
            record.note(item, OutcomeState.FAILED, (ItemError("no_answer", ""),))
            # Ozon drops what it cannot even file (a wrong category or VAT): the same card would be dropped again.
            return self._desk.ledger.learn(known, refused=item.payload) if dropped else None
        if not answer.finished:
            record.note(item, OutcomeState.WAITING)
            return None
        if item.kind is ActionKind.CREATE:
            known = replace(known, adopted=False)
        product_id = answer.product_id or known.product_id
        if not answer.accepted or item.payload is None:
            blocking = [error for error in answer.errors if error.blocking]
            passes = bool(blocking) and all(error.passes_by_itself for error in blocking)
            record.note(item, OutcomeState.WAITING if passes else OutcomeState.FAILED, answer.errors)
            # Only what is wrong with the card itself is the same until it changes.
            kept = not blocking or any(error.about_content for error in blocking)
            refused = item.payload if kept else known.refused
            return self._desk.ledger.learn(known, product_id=product_id, refused=refused, errors=answer.errors)
        record.note(item, OutcomeState.SENT)
        return self._desk.ledger.learn(
            known,
            product_id=product_id,
            # Barcodes beside the first come after the import, see `_send_barcodes`.
            payload=replace(item.payload, more_barcodes=()),
            price=item.payload.price,
            old_price=item.old_price,
            refused=None,
            errors=answer.errors,
        )


def _barcode_problems(offer_id: str, errors: Iterable[tuple[str, ItemError]]) -> tuple[RunProblem, ...]:
    return tuple(RunProblem(offer_id, "barcode", error.code, f"{code}: {item_error_text(error)}") for code, error in errors)
