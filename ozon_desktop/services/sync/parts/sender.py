"""Sends a plan to Ozon in batches, each as an exchange of the ledger, so that nothing is lost in a crash."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from ozon_desktop.domain.cabinet import (
    ARCHIVE_NOT_DONE,
    CARD_NOT_CREATED,
    CARD_NOT_UPDATED,
    CREATED_STATUS,
    QUOTA_USED_UP,
    STOCK_NOT_SHOWN,
    CabinetProduct,
    ImportedItem,
    ItemError,
    UpdateAnswer,
)
from ozon_desktop.domain.journal import RunProblem
from ozon_desktop.domain.ozon_problems import field_of
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.sync_intent import Intent
from ozon_desktop.domain.sync_plan import Accepted, ActionKind, PlanItem, SyncPlan
from ozon_desktop.errors import ItemLimitReached, RequestRefused
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.requests import PriceUpdate, StockUpdate
from ozon_desktop.services.shared import Clock
from ozon_desktop.services.sync.outcome import ItemOutcome, OutcomeState, Patience, Sleep, Waiting
from ozon_desktop.services.sync.parts.barcodes import add_barcodes
from ozon_desktop.services.sync.parts.ledger import Ledger
from ozon_desktop.services.sync.parts.moderation import ModerationWatch
from ozon_desktop.services.sync.parts.stock_confirmation import StockConfirmation
from ozon_desktop.services.sync.preview import CARDS_A_REQUEST, PRICES_A_REQUEST, STOCKS_A_REQUEST
from ozon_desktop.storage.database import Database
from ozon_desktop.wording.cards import item_error_text

NUMBERS = {ActionKind.PRICE: "price", ActionKind.STOCK: "stock"}
"""Where a complaint about a price or a stock stands that names no field: Ozon's answers to these have none."""

RESTORE_LIMITS = ("autoarchive_restore_failed", "restore limit exceeded")

T = TypeVar("T")


class Sender:
    """Sends one plan for one integration. `outcomes` fill as answers arrive and stay valid when it is stopped.

    notes: problems of the run that concern no item of the plan; limit_ends: called when a limit of Ozon is used up, with its end.
    """

    def __init__(
        self,
        storage: Database,
        client: OzonClient,
        clock: Clock,
        integration_id: int,
        run_id: int,
        limit_ends: Callable[[datetime], None],
        patience: Patience,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.client = client
        self._clock = clock
        self._limit_ends = limit_ends
        self._patience = patience
        self._sleep = sleep
        self._ledger = Ledger(storage, clock, integration_id, run_id)
        self._check = StockConfirmation(storage, client, integration_id, patience, sleep)
        self._moderation = ModerationWatch(storage, client, integration_id)
        self._declined: dict[str, tuple[ItemError, ...]] = {}
        self._in_archive: dict[str, ItemError] = {}
        self.outcomes: dict[tuple[str, ActionKind], ItemOutcome] = {}
        self.notes: list[RunProblem] = []

    async def reconcile(self) -> None:
        """Finishes what an earlier, interrupted run left open: import tasks are asked about, the rest is planned anew."""
        await self._ledger.load()
        for intent in await self._ledger.open_intents():
            if intent.task_id is not None and await self._follow_again(intent.id, intent.task_id, intent.payload):
                continue
            learned = self._ledger.forget(intent)
            if intent.kind in {ActionKind.CREATE, ActionKind.UPDATE}:
                # What exists by now was created, what does not is planned again.
                await self._remember_infos(await self.client.product_infos([item.offer_id for item in intent.payload]))
                learned = [self._ledger.get(known.offer_id) for known in learned]
            await self._ledger.answered(intent.id, learned)
        await self._learn_decisions()
        unsure = await self._check.before(self._ledger.accepted)
        if unsure:
            await self._ledger.keep(unsure)

    async def _learn_decisions(self) -> None:
        """What Ozon has decided since about cards that earlier runs sent; what it refused is not sent again unchanged."""
        infos = await self._moderation.ask()
        await self._remember_infos(infos)
        decided: list[Accepted] = []
        for info in (info for info in infos if info.decided):
            known = self._ledger.get(info.offer_id)
            self._moderation.forget(info.offer_id)
            if info.failed and (known.refused is None or known.refused != known.payload):
                self.notes += _problems(info.offer_id, _refusal(info))
                decided.append(self._ledger.learn(known, refused=known.payload))
            elif not info.failed and known.refused is not None and known.refused == known.payload:
                decided.append(self._ledger.learn(known, refused=None))
        if decided:
            await self._ledger.keep(decided)
        await self._moderation.save()

    async def _follow_again(self, intent_id: int, task_id: int, batch: tuple[PlanItem, ...]) -> bool:
        """Whether Ozon still knows the import task of an earlier run; how long it remembers one is not documented."""
        try:
            await self._follow(intent_id, task_id, batch)
        except RequestRefused:
            return False
        return True

    async def send(self, plan: SyncPlan, progress: Progress) -> None:
        """Products, then prices and stocks, first of the cards that Ozon has created, then archivings."""
        await self._ledger.load()
        await self._send_cards([*plan.of(ActionKind.CREATE), *plan.of(ActionKind.UPDATE)], progress)
        prices, stocks = ([item for item in plan.of(kind) if self._exists(item)] for kind in (ActionKind.PRICE, ActionKind.STOCK))
        waiting = [item for item in (*prices, *stocks) if not self._is_created(item)]
        await self._send_numbers(prices, stocks, waiting, progress)
        if waiting:
            created = await self._wait_for_creation(waiting, progress)
            await self._send_numbers(created, created, (), progress)
        await self._moderation.save()
        await self._archive(plan.of(ActionKind.ARCHIVE))

    async def _send_numbers(
        self, prices: Sequence[PlanItem], stocks: Sequence[PlanItem], waiting: Sequence[PlanItem], progress: Progress
    ) -> None:
        """The prices and stocks among these items whose cards are not waited for."""
        late = {item.offer_id for item in waiting}
        await self._send_prices([item for item in prices if item.kind is ActionKind.PRICE and item.offer_id not in late], progress)
        await self._send_stocks([item for item in stocks if item.kind is ActionKind.STOCK and item.offer_id not in late], progress)

    # --- products -----------------------------------------------------------------------------------------------

    async def _send_cards(self, items: Sequence[PlanItem], progress: Progress) -> None:
        items = await self._return_from_archive(items)
        tasks: list[Intent] = []
        for batch in reported(items, CARDS_A_REQUEST, Stage.PRODUCTS, progress):
            try:
                tasks.append(await self._ledger.begin_task(batch[0].kind, batch, partial(self._ask_cards, batch)))
            except ItemLimitReached as error:
                # Prices and stocks have limits of their own and are still sent.
                wait_s = round(error.retry_after)
                self._limit_ends(self._clock() + timedelta(seconds=wait_s))
                for item in items[len(tasks) * CARDS_A_REQUEST :]:
                    self._note(item, OutcomeState.WAITING, (ItemError(QUOTA_USED_UP, "", retry_after_s=wait_s),))
                break
        for number, task in enumerate(tasks):
            progress(ProgressUpdate(Stage.WAITING_FOR_OZON, number * CARDS_A_REQUEST, len(items)))
            await self._follow(task.id, task.task_id or 0, task.payload)
        sent = [item.offer_id for item in items if self._state(item) is OutcomeState.SENT]
        if sent:
            infos = await self.client.product_infos(sent)
            await self._remember_infos(infos, items)
            await self._moderation.save()
            await self._send_barcodes({item.offer_id: item for item in items if item.offer_id in set(sent)}, infos)

    async def _ask_cards(self, batch: tuple[PlanItem, ...]) -> int:
        old_prices = {item.offer_id: item.old_price for item in batch if item.old_price}
        return await self.client.import_products([item.payload for item in batch if item.payload is not None], old_prices)

    async def _send_barcodes(self, items: Mapping[str, PlanItem], infos: Iterable[CabinetProduct]) -> None:
        """The barcodes that the imports could not carry. What waits, or fails as a whole, stays in the plan of the next run."""
        wanted = {offer_id: item.payload.more_barcodes for offer_id, item in items.items() if item.payload and item.payload.more_barcodes}
        if not wanted:
            return
        added = await add_barcodes(self.client, wanted, {info.offer_id: info for info in infos})
        learned: list[Accepted] = []
        for offer_id, became in added.items():
            known, sent = self._ledger.get(offer_id), items[offer_id].payload
            if known.payload is None or sent is None:
                continue
            # A refused barcode is not sent again before the store's change.
            done = became.on_ozon if became.waiting or became.asked_in_vain else sent.more_barcodes
            learned.append(self._ledger.learn(known, payload=replace(known.payload, more_barcodes=done)))
            if became.errors:
                self._note_barcodes(items[offer_id], became.errors)
        await self._ledger.keep(learned, cards=True)

    def _note_barcodes(self, item: PlanItem, errors: Iterable[tuple[str, ItemError]]) -> None:
        """The card itself was sent; which of its barcodes was not taken is told of each."""
        said = tuple(RunProblem(item.offer_id, "barcode", error.code, f"{code}: {item_error_text(error)}") for code, error in errors)
        before = self.outcomes.get((item.offer_id, item.kind))
        known = before.problems if before is not None else ()
        self.outcomes[item.offer_id, item.kind] = ItemOutcome(item.offer_id, item.name, item.kind, OutcomeState.FAILED, (*known, *said))

    async def _return_from_archive(self, items: Sequence[PlanItem]) -> list[PlanItem]:
        """A product that is in the store again leaves Ozon's archive before its card is sent; those that may not are left out."""
        archived = [known for item in items if (known := self._ledger.get(item.offer_id)).archived]
        for batch in batches(archived, CARDS_A_REQUEST):
            self._in_archive |= await self._unarchive(batch)
            await self._ledger.keep(replace(known, archived=False) for known in batch if known.offer_id not in self._in_archive)
        return [item for item in items if self._left_archive(item)]

    async def _unarchive(self, batch: Sequence[Accepted]) -> dict[str, ItemError]:
        """Why products stay in the archive. Ozon refuses a request as a whole, so what is refused is asked for one by one."""
        try:
            await self.client.unarchive([known.product_id for known in batch])
        except RequestRefused as error:
            if len(batch) == 1:
                code, _, _ = (error.detail or str(error.code)).partition(":")
                return {batch[0].offer_id: ItemError(code, error.detail)}
            return {offer_id: why for known in batch for offer_id, why in (await self._unarchive([known])).items()}
        return {}

    def _left_archive(self, item: PlanItem) -> bool:
        """Whether nothing keeps the product in the archive; else why is noted. A limit of the day is waiting, all else a refusal."""
        why = self._in_archive.get(item.offer_id)
        if why is not None:
            limited = any(words in why.code.casefold() for words in RESTORE_LIMITS)
            self._hold_back(item, OutcomeState.WAITING if limited else OutcomeState.FAILED, (why,))
        return why is None

    def _hold_back(self, item: PlanItem, state: OutcomeState, errors: tuple[ItemError, ...]) -> None:
        """The card is the reason: price and stock do not repeat what this run has said of the product already."""
        others = (self.outcomes.get((item.offer_id, kind)) for kind in ActionKind if kind is not item.kind)
        said = any(outcome is not None and outcome.problems for outcome in others)
        if said:
            state, errors = (state if state is OutcomeState.WAITING else OutcomeState.NOT_SENT), ()
        self._note(item, state, errors)

    async def _follow(self, intent_id: int, task_id: int, batch: tuple[PlanItem, ...]) -> None:
        """Asks about an import task until Ozon is done with it or patience ends; then the intent stays open for the next run."""
        waiting = Waiting(self._patience, self._sleep)
        while True:
            answers = {answer.offer_id: answer for answer in await self.client.import_info(task_id)}
            if answers and all(answer.finished for answer in answers.values()):
                break
            if not await waiting.goes_on(self._patience.import_s if answers else self._patience.empty_import_s):
                break
        finished = all(item.offer_id in answers and answers[item.offer_id].finished for item in batch)
        learned = [self._take_import(item, answers.get(item.offer_id)) for item in batch]
        await self._ledger.answered(
            intent_id, [known for known in learned if known is not None], closed=finished or not answers, cards=True
        )

    def _take_import(self, item: PlanItem, answer: ImportedItem | None) -> Accepted | None:
        known = self._ledger.get(item.offer_id)
        if answer is None:
            self._note(item, OutcomeState.FAILED, (ItemError("no_answer", ""),))
            # Ozon drops what it cannot even file (a wrong category or VAT): the same card would be dropped again.
            return self._ledger.learn(known, refused=item.payload)
        if not answer.finished:
            self._note(item, OutcomeState.WAITING)
            return None
        if item.kind is ActionKind.CREATE:
            known = replace(known, adopted=False)
        product_id = answer.product_id or known.product_id
        if not answer.accepted or item.payload is None:
            self._note(item, OutcomeState.FAILED, answer.errors)
            return self._ledger.learn(known, product_id=product_id, refused=item.payload, errors=answer.errors)
        self._note(item, OutcomeState.SENT)
        return self._ledger.learn(
            known,
            product_id=product_id,
            # Barcodes beside the first come after the import, see `_send_barcodes`.
            payload=replace(item.payload, more_barcodes=()),
            price=item.payload.price,
            old_price=item.old_price,
            refused=None,
            errors=answer.errors,
        )

    async def _remember_infos(self, infos: Iterable[CabinetProduct], items: Sequence[PlanItem] = ()) -> None:
        """Takes over states from the cabinet; a blocking error there turns a sent card into a failed one."""
        by_offer = {item.offer_id: item for item in items}
        learned: list[Accepted] = []
        infos = list(infos)
        self._moderation.note(infos)
        for info in infos:
            known = self._ledger.get(info.offer_id)
            learned.append(
                self._ledger.learn(
                    known,
                    product_id=info.product_id,
                    status=info.plain_status,
                    status_name=info.status_text,
                    errors=info.errors,
                    archived=info.archived,
                    type_key=info.type_key or known.type_key,
                )
            )
            blocking = tuple(error for error in info.errors if error.blocking)
            if blocking and info.offer_id in by_offer:
                self._note(by_offer[info.offer_id], OutcomeState.FAILED, blocking)
            self._declined.pop(info.offer_id, None)
            if info.declined and not info.created:
                self._declined[info.offer_id] = _refusal(info)
        await self._ledger.keep(learned)

    # --- prices and stocks ----------------------------------------------------------------------------------------

    async def _send_prices(self, items: Sequence[PlanItem], progress: Progress) -> None:
        for batch in reported(items, PRICES_A_REQUEST, Stage.PRICES, progress):
            await self._ledger.exchange(ActionKind.PRICE, batch, partial(self._ask_prices, batch), partial(self._take_prices, batch))

    async def _ask_prices(self, batch: Sequence[PlanItem]) -> list[UpdateAnswer]:
        payloads = (self._ledger.get(item.offer_id).payload for item in batch)
        currency = next((payload.currency for payload in payloads if payload is not None), "RUB")
        updates = [PriceUpdate(item.offer_id, currency=currency, **_amounts(item)) for item in batch if item.price is not None]
        return await self.client.update_prices(updates)

    def _take_prices(self, batch: Sequence[PlanItem], answers: Iterable[UpdateAnswer]) -> list[Accepted]:
        by_offer = {answer.offer_id: answer for answer in answers}
        taken = (item for item in batch if self._take_update(item, [by_offer[item.offer_id]] if item.offer_id in by_offer else []))
        return [self._ledger.learn(self._ledger.get(item.offer_id), **_amounts(item)) for item in taken]

    async def _send_stocks(self, items: Sequence[PlanItem], progress: Progress) -> None:
        pairs = [(item, warehouse, stock) for item in items for warehouse, stock in item.stocks]
        answers: dict[str, list[UpdateAnswer]] = {}
        for batch in reported(pairs, STOCKS_A_REQUEST, Stage.STOCKS, progress):
            of_batch = tuple({item.offer_id: item for item, _, _ in batch}.values())
            ask = partial(self.client.update_stocks, [StockUpdate(item.offer_id, warehouse, stock) for item, warehouse, stock in batch])
            await self._ledger.exchange(ActionKind.STOCK, of_batch, ask, partial(self._take_stocks, of_batch, answers))
        for item in items:
            self._take_update(item, answers.get(item.offer_id, []))
        await self._check_stocks({item.offer_id: item for item in items}, answers)

    def _take_stocks(
        self, items: Iterable[PlanItem], answers: dict[str, list[UpdateAnswer]], fresh: Sequence[UpdateAnswer]
    ) -> list[Accepted]:
        for answer in fresh:
            answers.setdefault(answer.offer_id, []).append(answer)
        taken = {(answer.offer_id, answer.warehouse_id) for answer in fresh if answer.updated}
        learned: list[Accepted] = []
        for item in items:
            accepted = {warehouse: stock for warehouse, stock in item.stocks if (item.offer_id, warehouse) in taken}
            if accepted:
                known = self._ledger.get(item.offer_id)
                learned.append(self._ledger.learn(known, stocks=tuple({**dict(known.stocks), **accepted}.items())))
        return learned

    async def _check_stocks(self, items: Mapping[str, PlanItem], answers: Mapping[str, Sequence[UpdateAnswer]]) -> None:
        """Whether Ozon shows the stocks it accepted; one that it does not show the second time either still waits for it."""
        taken = {offer_id: {answer.warehouse_id for answer in given if answer.updated} for offer_id, given in answers.items()}
        sent = {offer_id: tuple(pair for pair in item.stocks if pair[0] in taken.get(offer_id, ())) for offer_id, item in items.items()}
        checked = await self._check.after({offer_id: pairs for offer_id, pairs in sent.items() if pairs})
        if checked.problem is not None:
            self.notes.append(checked.problem)
        for offer_id in checked.missing:
            if self._state(items[offer_id]) is OutcomeState.SENT:
                state = OutcomeState.WAITING if offer_id in checked.late else OutcomeState.SENT
                self._note(items[offer_id], state, (ItemError(STOCK_NOT_SHOWN, ""),))

    async def _wait_for_creation(self, items: Sequence[PlanItem], progress: Progress) -> list[PlanItem]:
        """Those of the items whose card Ozon creates while there is patience; why the others are not sent is noted."""
        waiting = Waiting(self._patience, self._sleep)
        while pending := {item.offer_id: item for item in items if not self._is_created(item) and item.offer_id not in self._declined}:
            progress(ProgressUpdate(Stage.WAITING_FOR_OZON, len(items) - len(pending), len(items)))
            await self._remember_infos(await self.client.product_infos(list(pending)))
            if all(map(self._is_created, pending.values())) or not await waiting.goes_on(self._patience.stock_ready_s):
                break
        for item in items:
            if item.offer_id in self._declined:
                self._hold_back(item, OutcomeState.FAILED, self._declined[item.offer_id])
            elif not self._is_created(item):
                self._hold_back(item, OutcomeState.WAITING, (ItemError(CARD_NOT_CREATED, self._ledger.get(item.offer_id).status_name),))
        return [item for item in items if self._is_created(item)]

    def _exists(self, item: PlanItem) -> bool:
        if not self._left_archive(item):
            return False
        if not self._ledger.get(item.offer_id).product_id:
            # Its card was not accepted in this run: price and stock wait for the next one.
            self._note(item, OutcomeState.NOT_SENT)
            return False
        return True

    def _is_created(self, item: PlanItem) -> bool:
        return self._ledger.get(item.offer_id).status == CREATED_STATUS

    # --- archivings -----------------------------------------------------------------------------------------------

    async def _archive(self, items: Sequence[PlanItem]) -> None:
        for batch in batches(items, CARDS_A_REQUEST):
            known = [self._ledger.accepted[item.offer_id] for item in batch if item.offer_id in self._ledger.accepted]
            ask, learn = partial(self._ask_archive, known), partial(self._take_archive, batch, known)
            await self._ledger.exchange(ActionKind.ARCHIVE, batch, ask, learn)

    async def _ask_archive(self, known: Sequence[Accepted]) -> frozenset[str]:
        """The articles that Ozon shows in its archive afterwards: its answer is about the request alone."""
        # Ozon archives only what has no stock.
        updates = [StockUpdate(accepted.offer_id, warehouse, 0) for accepted in known for warehouse, stock in accepted.stocks if stock]
        for batch in batches(updates, STOCKS_A_REQUEST):
            await self.client.update_stocks(batch)
        if not await self.client.archive([accepted.product_id for accepted in known]):
            return frozenset()
        waiting = Waiting(self._patience, self._sleep)
        while True:
            infos = await self.client.product_infos([accepted.offer_id for accepted in known])
            archived = frozenset(info.offer_id for info in infos if info.archived)
            if len(archived) == len(known) or not await waiting.goes_on(self._patience.stock_shown_s):
                return archived

    def _take_archive(self, batch: Iterable[PlanItem], known: Sequence[Accepted], archived: frozenset[str]) -> list[Accepted]:
        for item in batch:
            if item.offer_id in archived:
                self._note(item, OutcomeState.SENT)
            else:
                self._note(item, OutcomeState.WAITING, (ItemError(ARCHIVE_NOT_DONE, ""),))
        return [self._ledger.learn(accepted, archived=True, stocks=()) for accepted in known if accepted.offer_id in archived]

    # --- outcomes -------------------------------------------------------------------------------------------------

    def _take_update(self, item: PlanItem, answers: Sequence[UpdateAnswer]) -> bool:
        errors = tuple(error for answer in answers for error in answer.errors)
        good = bool(answers) and all(answer.updated for answer in answers)
        if not good and errors and all(error.passes_by_itself for error in errors):
            # Not accepted, so it stays in the plan: the next run sends it.
            self._note(item, OutcomeState.WAITING, errors)
            return False
        self._note(item, OutcomeState.SENT if good else OutcomeState.FAILED, errors if errors or good else (ItemError("no_answer", ""),))
        return good

    def _note(self, item: PlanItem, state: OutcomeState, errors: tuple[ItemError, ...] = ()) -> None:
        problems = _problems(item.offer_id, errors, NUMBERS.get(item.kind, ""))
        self.outcomes[item.offer_id, item.kind] = ItemOutcome(item.offer_id, item.name, item.kind, state, problems)

    def _state(self, item: PlanItem) -> OutcomeState | None:
        outcome = self.outcomes.get((item.offer_id, item.kind))
        return outcome.state if outcome is not None else None


def _problems(offer_id: str, errors: Iterable[ItemError], field: str = "") -> tuple[RunProblem, ...]:
    """field: where a complaint stands that names none. Two warehouses may refuse a stock for one reason: it is told once."""
    blocking = (error for error in errors if error.blocking)
    problems = (RunProblem(offer_id, field_of(error, field), error.code, item_error_text(error)) for error in blocking)
    return tuple(dict.fromkeys(problems))


def _refusal(info: CabinetProduct) -> tuple[ItemError, ...]:
    """Why Ozon refused the newest values of a card."""
    blocking = tuple(error for error in info.errors if error.blocking)
    return blocking or (ItemError(CARD_NOT_UPDATED, info.status_text),)


def batches(items: Sequence[T], size: int) -> Iterable[tuple[T, ...]]:
    """The items in order, `size` at a time."""
    source = iter(items)
    while batch := tuple(islice(source, size)):
        yield batch


def reported(items: Sequence[T], size: int, stage: Stage, progress: Progress) -> Iterator[tuple[T, ...]]:
    """`batches`, with a report of how many items are done before each."""
    done = 0
    for batch in batches(items, size):
        progress(ProgressUpdate(stage, done, len(items)))
        yield batch
        done += len(batch)


def _amounts(item: PlanItem) -> dict[str, Any]:
    """The prices that are sent; those left as they are on Ozon are not among them."""
    amounts = (("price", item.price), ("old_price", item.old_price), ("min_price", item.min_price))
    return {name: amount for name, amount in amounts if amount is not None}
