"""Sends a plan to Ozon: the intent is written before each batch, each answer after it, so that nothing is lost in a crash."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from ozon_desktop.domain.cabinet import QUOTA_USED_UP, STOCK_NOT_SHOWN, CabinetProduct, ImportedItem, ItemError, UpdateAnswer
from ozon_desktop.domain.journal import RunProblem
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.sync_intent import Intent
from ozon_desktop.domain.sync_plan import UNSURE_STOCK, Accepted, ActionKind, PlanItem, SyncPlan
from ozon_desktop.errors import ItemLimitReached, RequestRefused
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.requests import PriceUpdate, StockUpdate
from ozon_desktop.services.shared import Clock
from ozon_desktop.services.sync.outcome import ItemOutcome, OutcomeState, Patience
from ozon_desktop.services.sync.parts.stock_check import StockCheck
from ozon_desktop.services.sync.preview import CARDS_A_REQUEST, PRICES_A_REQUEST, STOCKS_A_REQUEST
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

ACCEPTS_STOCK = "price_sent"
Sleep = Callable[[float], Awaitable[None]]
T = TypeVar("T")


@dataclass(slots=True)
class Sender:
    """Sends one plan for one integration. `outcomes` fill as answers arrive and stay valid when it is stopped.

    notes: problems of the run that concern no single item.
    """

    storage: Database
    client: OzonClient
    clock: Clock
    integration_id: int
    run_id: int
    problem_text: Callable[[ItemError], str]
    patience: Patience = field(default_factory=Patience)
    sleep: Sleep = asyncio.sleep
    outcomes: dict[tuple[str, ActionKind], ItemOutcome] = field(default_factory=dict)
    notes: list[RunProblem] = field(default_factory=list)
    _accepted: dict[str, Accepted] = field(default_factory=dict)
    _check: StockCheck = field(init=False)

    def __post_init__(self) -> None:
        self._check = StockCheck(self.storage, self.client, self.integration_id, self.patience, self.sleep)

    async def reconcile(self) -> None:
        """Finishes what an earlier, interrupted run left open: import tasks are asked about, the rest is planned anew."""
        intents = await self.storage.run(lambda unit: unit.sync.open_intents(self.integration_id))
        await self._load()
        for intent in intents:
            if intent.task_id is not None and await self._follow_again(intent.id, intent.task_id, intent.payload):
                continue
            await self._forget(intent)
        unsure = await self._check.before(self._accepted)
        if unsure:
            self._accepted.update({known.offer_id: known for known in unsure})
            await self.storage.run(partial(_save_accepted, self.integration_id, unsure))

    async def _follow_again(self, intent_id: int, task_id: int, batch: tuple[PlanItem, ...]) -> bool:
        """Whether Ozon still knows the import task of an earlier run; how long it remembers one is not documented."""
        try:
            await self._follow(intent_id, task_id, batch)
        except RequestRefused:
            return False
        return True

    async def _forget(self, intent: Intent) -> None:
        """Killed between asking and the answer: Ozon may hold the old values or the new ones, so they are planned anew."""
        learned = [known for item in intent.payload if (known := self._accepted.get(item.offer_id)) is not None]
        if intent.kind is ActionKind.PRICE:
            learned = [replace(known, price=None, old_price=None, min_price=None) for known in learned]
        elif intent.kind is ActionKind.STOCK:
            unsure = {item.offer_id: dict.fromkeys(dict(item.stocks), UNSURE_STOCK) for item in intent.payload}
            learned = [replace(known, stocks=tuple((dict(known.stocks) | unsure[known.offer_id]).items())) for known in learned]
        elif intent.kind is ActionKind.ARCHIVE:
            # Its stock may have been taken away already: should the product be back in the store, it is set again.
            learned = [replace(known, stocks=tuple((warehouse, UNSURE_STOCK) for warehouse, _ in known.stocks)) for known in learned]
        else:
            learned = [replace(known, payload=None, price=None, old_price=None) for known in learned]
        self._accepted.update({known.offer_id: known for known in learned})

        def work(unit: UnitOfWork) -> None:
            unit.sync.save_accepted(self.integration_id, learned)
            unit.sync.close_intent(intent.id)

        if intent.kind in {ActionKind.CREATE, ActionKind.UPDATE}:
            # What exists by now was created, what does not is planned again.
            await self._remember_infos(await self.client.product_infos([item.offer_id for item in intent.payload]))
            learned = [self._accepted[known.offer_id] for known in learned]
        await self.storage.run(work)

    async def send(self, plan: SyncPlan, progress: Progress) -> None:
        """Products, then prices, then stocks, then archivings."""
        await self._load()
        await self._send_cards([*plan.of(ActionKind.CREATE), *plan.of(ActionKind.UPDATE)], progress)
        await self._send_prices(plan.of(ActionKind.PRICE), progress)
        await self._send_stocks(plan.of(ActionKind.STOCK), progress)
        await self._archive(plan.of(ActionKind.ARCHIVE))

    async def _load(self) -> None:
        self._accepted = await self.storage.run(lambda unit: unit.sync.accepted(self.integration_id))

    # --- products -----------------------------------------------------------------------------------------------

    async def _send_cards(self, items: Sequence[PlanItem], progress: Progress) -> None:
        await self._return_from_archive(items)
        tasks: list[tuple[int, int, tuple[PlanItem, ...]]] = []
        done = 0
        for batch in batches(items, CARDS_A_REQUEST):
            progress(ProgressUpdate(Stage.PRODUCTS, done, len(items)))
            intent_id = await self._intend(batch[0].kind, batch)
            try:
                old_prices = {item.offer_id: item.old_price for item in batch if item.old_price}
                task_id = await self.client.import_products([item.payload for item in batch if item.payload is not None], old_prices)
            except ItemLimitReached as error:
                # Refused as a whole. Prices and stocks have limits of their own and are still sent.
                await self._answered(intent_id, [])
                for item in items[done:]:
                    self._note(item, OutcomeState.WAITING, (ItemError(QUOTA_USED_UP, str(round(error.retry_after))),))
                break
            await self.storage.run(partial(_set_task, intent_id, task_id))
            tasks.append((intent_id, task_id, batch))
            done += len(batch)
        for number, (intent_id, task_id, batch) in enumerate(tasks):
            progress(ProgressUpdate(Stage.WAITING_FOR_OZON, number * CARDS_A_REQUEST, len(items)))
            await self._follow(intent_id, task_id, batch)
        sent = [item.offer_id for item in items if self._state(item) is OutcomeState.SENT]
        if sent:
            await self._remember_infos(await self.client.product_infos(sent), items)

    async def _return_from_archive(self, items: Sequence[PlanItem]) -> None:
        """A product that is in the store again leaves Ozon's archive before its card is sent."""
        archived = [known for item in items if (known := self._accepted.get(item.offer_id)) is not None and known.archived]
        for batch in batches(archived, CARDS_A_REQUEST):
            await self.client.unarchive([known.product_id for known in batch])
            learned = [replace(known, archived=False) for known in batch]
            self._accepted.update({known.offer_id: known for known in learned})
            await self.storage.run(partial(_save_accepted, self.integration_id, learned))

    async def _follow(self, intent_id: int, task_id: int, batch: tuple[PlanItem, ...]) -> None:
        """Asks about an import task until Ozon is done with it or patience ends; then the intent stays open for the next run."""
        waited, pause = 0.0, self.patience.first_pause_s
        while True:
            answers = {answer.offer_id: answer for answer in await self.client.import_info(task_id)}
            if answers and all(answer.finished for answer in answers.values()):
                break
            if waited >= (self.patience.import_s if answers else self.patience.empty_import_s):
                break
            await self.sleep(pause)
            waited += pause
            pause = min(pause * 1.6, self.patience.longest_pause_s)
        finished = all(item.offer_id in answers and answers[item.offer_id].finished for item in batch)
        learned = [self._take_import(item, answers.get(item.offer_id)) for item in batch]
        changed = [accepted for accepted in learned if accepted is not None]

        def work(unit: UnitOfWork) -> None:
            unit.sync.save_accepted(self.integration_id, changed)
            if finished or not answers:
                unit.sync.close_intent(intent_id)

        await self.storage.run(work)

    def _take_import(self, item: PlanItem, answer: ImportedItem | None) -> Accepted | None:
        if answer is None:
            error = ItemError("no_answer", "")
            self._note(item, OutcomeState.FAILED, (error,))
            # Ozon drops what it cannot even file (a wrong category or VAT): the same card would be dropped again.
            dropped = replace(self._accepted.get(item.offer_id, Accepted(item.offer_id)), refused=item.payload, updated_at=self.clock())
            self._accepted[item.offer_id] = dropped
            return dropped
        if not answer.finished:
            self._note(item, OutcomeState.WAITING)
            return None
        known = self._accepted.get(item.offer_id, Accepted(item.offer_id))
        product_id = answer.product_id or known.product_id
        if answer.accepted and item.payload is not None:
            taken = replace(
                known,
                product_id=product_id,
                payload=item.payload,
                price=item.payload.price,
                old_price=item.old_price,
                refused=None,
                errors=answer.errors,
            )
            self._note(item, OutcomeState.SENT)
        else:
            taken = replace(known, product_id=product_id, refused=item.payload, errors=answer.errors)
            self._note(item, OutcomeState.FAILED, answer.errors)
        taken = replace(taken, updated_at=self.clock())
        self._accepted[item.offer_id] = taken
        return taken

    async def _remember_infos(self, infos: Iterable[CabinetProduct], items: Sequence[PlanItem] = ()) -> None:
        """Takes over states from the cabinet; a blocking error there turns a sent card into a failed one."""
        by_offer = {item.offer_id: item for item in items}
        learned: list[Accepted] = []
        for info in infos:
            known = self._accepted.get(info.offer_id, Accepted(info.offer_id))
            taken = replace(
                known,
                product_id=info.product_id,
                status=info.status,
                status_name=info.status_name,
                errors=info.errors,
                updated_at=self.clock(),
                archived=info.archived,
                type_key=info.type_key or known.type_key,
            )
            self._accepted[info.offer_id] = taken
            learned.append(taken)
            blocking = tuple(error for error in info.errors if error.blocking)
            if blocking and info.offer_id in by_offer:
                self._note(by_offer[info.offer_id], OutcomeState.FAILED, blocking)
        await self.storage.run(lambda unit: unit.sync.save_accepted(self.integration_id, learned))

    # --- prices and stocks ----------------------------------------------------------------------------------------

    async def _send_prices(self, items: Sequence[PlanItem], progress: Progress) -> None:
        items, done = [item for item in items if self._accepts_later(item)], 0
        for batch in batches(items, PRICES_A_REQUEST):
            progress(ProgressUpdate(Stage.PRICES, done, len(items)))
            intent_id = await self._intend(ActionKind.PRICE, batch)
            currency = self._currency(batch)
            updates = [PriceUpdate(item.offer_id, currency=currency, **_amounts(item)) for item in batch if item.price is not None]
            answers = {answer.offer_id: answer for answer in await self.client.update_prices(updates)}
            learned: list[Accepted] = []
            for item in batch:
                if self._take_update(item, [answers[item.offer_id]] if item.offer_id in answers else []):
                    learned.append(self._learn(item, **_amounts(item)))
            await self._answered(intent_id, learned)
            done += len(batch)

    async def _send_stocks(self, items: Sequence[PlanItem], progress: Progress) -> None:
        ready = await self._ready_for_stock(items, progress)
        pairs = [(item, warehouse, stock) for item in ready for warehouse, stock in item.stocks]
        done = 0
        answers: dict[str, list[UpdateAnswer]] = {}
        for batch in batches(pairs, STOCKS_A_REQUEST):
            progress(ProgressUpdate(Stage.STOCKS, done, len(pairs)))
            of_batch = tuple({item.offer_id: item for item, _, _ in batch}.values())
            intent_id = await self._intend(ActionKind.STOCK, of_batch)
            updates = [StockUpdate(item.offer_id, warehouse, stock) for item, warehouse, stock in batch]
            fresh = await self.client.update_stocks(updates)
            for answer in fresh:
                answers.setdefault(answer.offer_id, []).append(answer)
            taken = {(answer.offer_id, answer.warehouse_id) for answer in fresh if answer.updated}
            learned = []
            for item in of_batch:
                accepted_pairs = tuple(pair for pair in item.stocks if (item.offer_id, pair[0]) in taken)
                if accepted_pairs:
                    learned.append(self._learn(item, stocks=accepted_pairs))
            await self._answered(intent_id, learned)
            done += len(batch)
        for item in ready:
            self._take_update(item, answers.get(item.offer_id, []))
        await self._check_stocks({item.offer_id: item for item in ready}, answers)

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

    async def _ready_for_stock(self, items: Sequence[PlanItem], progress: Progress) -> list[PlanItem]:
        """Items whose product takes stock; a card just sent is waited for, a refused one gets none."""
        waiting = [item for item in items if self._accepts_later(item)]
        waited, pause = 0.0, self.patience.first_pause_s
        while True:
            pending = [item for item in waiting if self._status(item) != ACCEPTS_STOCK]
            if not pending or waited > self.patience.stock_ready_s:
                break
            progress(ProgressUpdate(Stage.WAITING_FOR_OZON, len(waiting) - len(pending), len(waiting)))
            await self._remember_infos(await self.client.product_infos([item.offer_id for item in pending]))
            if all(self._status(item) == ACCEPTS_STOCK for item in pending):
                break
            await self.sleep(pause)
            waited += pause
            pause = min(pause * 1.6, self.patience.longest_pause_s)
        for item in pending:
            if self._status(item) != ACCEPTS_STOCK:
                self._note(item, OutcomeState.WAITING)
        return [item for item in waiting if self._status(item) == ACCEPTS_STOCK]

    def _accepts_later(self, item: PlanItem) -> bool:
        known = self._accepted.get(item.offer_id)
        if known is None or not known.product_id:
            # Its card was not accepted in this run: price and stock wait for the next one.
            self._note(item, OutcomeState.NOT_SENT)
            return False
        return True

    async def _archive(self, items: Sequence[PlanItem]) -> None:
        for batch in batches(items, CARDS_A_REQUEST):
            intent_id = await self._intend(ActionKind.ARCHIVE, batch)
            known = [self._accepted[item.offer_id] for item in batch if item.offer_id in self._accepted]
            await self._zero_stocks(known)
            done = await self.client.archive([accepted.product_id for accepted in known])
            for item in batch:
                self._note(item, OutcomeState.SENT if done else OutcomeState.FAILED)
            learned = [replace(accepted, archived=True, stocks=()) for accepted in known] if done else []
            self._accepted.update({accepted.offer_id: accepted for accepted in learned})
            await self._answered(intent_id, learned)

    async def _zero_stocks(self, known: Sequence[Accepted]) -> None:
        """Ozon archives only what has no stock."""
        updates = [StockUpdate(accepted.offer_id, warehouse, 0) for accepted in known for warehouse, stock in accepted.stocks if stock]
        for batch in batches(updates, STOCKS_A_REQUEST):
            await self.client.update_stocks(batch)

    # --- small things ----------------------------------------------------------------------------------------------

    async def _intend(self, kind: ActionKind, batch: tuple[PlanItem, ...]) -> int:
        intent = Intent(0, self.integration_id, self.run_id, kind, batch, None, self.clock())
        return await self.storage.run(lambda unit: unit.sync.add_intent(intent))

    async def _answered(self, intent_id: int, learned: list[Accepted]) -> None:
        def work(unit: UnitOfWork) -> None:
            unit.sync.save_accepted(self.integration_id, learned)
            unit.sync.close_intent(intent_id)

        await self.storage.run(work)

    def _learn(self, item: PlanItem, **changes: object) -> Accepted:
        known = self._accepted.get(item.offer_id, Accepted(item.offer_id))
        if "stocks" in changes:
            changes["stocks"] = tuple({**dict(known.stocks), **dict(changes["stocks"])}.items())  # type: ignore[call-overload]
        taken = replace(known, updated_at=self.clock(), **changes)  # type: ignore[arg-type]
        self._accepted[item.offer_id] = taken
        return taken

    def _take_update(self, item: PlanItem, answers: Sequence[UpdateAnswer]) -> bool:
        errors = tuple(error for answer in answers for error in answer.errors)
        good = bool(answers) and all(answer.updated for answer in answers)
        if not good and errors and all(error.passes_by_itself for error in errors):
            # Not accepted, so it stays in the plan: the next run sends it.
            self._note(item, OutcomeState.WAITING)
            return False
        self._note(item, OutcomeState.SENT if good else OutcomeState.FAILED, errors if errors or good else (ItemError("no_answer", ""),))
        return good

    def _note(self, item: PlanItem, state: OutcomeState, errors: tuple[ItemError, ...] = ()) -> None:
        problems = tuple(
            RunProblem(item.offer_id, error.attribute_name or error.field, error.code, self.problem_text(error))
            for error in errors
            if error.blocking
        )
        self.outcomes[item.offer_id, item.kind] = ItemOutcome(item.offer_id, item.name, item.kind, state, problems)

    def _state(self, item: PlanItem) -> OutcomeState | None:
        outcome = self.outcomes.get((item.offer_id, item.kind))
        return outcome.state if outcome is not None else None

    def _status(self, item: PlanItem) -> str:
        known = self._accepted.get(item.offer_id)
        return known.status if known is not None else ""

    def _currency(self, batch: Sequence[PlanItem]) -> str:
        known = (self._accepted.get(item.offer_id) for item in batch)
        return next((item.payload.currency for item in known if item is not None and item.payload is not None), "RUB")


def batches(items: Sequence[T], size: int) -> Iterable[tuple[T, ...]]:
    """The items in order, `size` at a time."""
    source = iter(items)
    while batch := tuple(islice(source, size)):
        yield batch


def _amounts(item: PlanItem) -> dict[str, Any]:
    """The prices that are sent; those left as they are on Ozon are not among them."""
    amounts = (("price", item.price), ("old_price", item.old_price), ("min_price", item.min_price))
    return {name: amount for name, amount in amounts if amount is not None}


def _set_task(intent_id: int, task_id: int, unit: UnitOfWork) -> None:
    unit.sync.set_task(intent_id, task_id)


def _save_accepted(integration_id: int, learned: list[Accepted], unit: UnitOfWork) -> None:
    unit.sync.save_accepted(integration_id, learned)
