"""Sends a plan to Ozon: cards, then numbers, then archivings. What fails in one of them does not keep the others from being sent."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime

from ozon_desktop.domain.cabinet import CARD_NOT_CREATED, ItemError
from ozon_desktop.domain.integration import LimitUsage
from ozon_desktop.domain.journal import RunProblem
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.sync_intent import Intent
from ozon_desktop.domain.sync_plan import ActionKind, PlanItem, SyncPlan
from ozon_desktop.errors import (
    AppError,
    HeadersMissing,
    InvalidClientId,
    InvalidKey,
    KeyDeactivated,
    KeyRestrictedToIp,
    OfferNotSigned,
    OzonError,
)
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.services.shared import Clock
from ozon_desktop.services.sync.outcome import ItemOutcome, OutcomeState, Patience, Sleep
from ozon_desktop.services.sync.parts.archive_sender import ArchiveSender
from ozon_desktop.services.sync.parts.card_sender import CardSender
from ozon_desktop.services.sync.parts.card_states import CardStates
from ozon_desktop.services.sync.parts.ledger import Ledger
from ozon_desktop.services.sync.parts.moderation import ModerationWatch
from ozon_desktop.services.sync.parts.number_sender import NumberSender
from ozon_desktop.services.sync.parts.price_timers import TimerReader, TimerSender
from ozon_desktop.services.sync.parts.quota_keeper import QuotaKeeper
from ozon_desktop.services.sync.parts.record import Desk, Record
from ozon_desktop.services.sync.parts.stock_confirmation import StockConfirmation
from ozon_desktop.storage.database import Database

OF_THE_CABINET = (HeadersMissing, InvalidClientId, InvalidKey, KeyDeactivated, KeyRestrictedToIp, OfferNotSigned)
"""What no other request of this key would fare better with."""

log = logging.getLogger(__name__)


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
        self.run_id = run_id
        self._ledger = Ledger(storage, clock, integration_id, run_id)
        self._record = Record(clock, limit_ends)
        self._desk = Desk(client, self._ledger, self._record, patience, sleep)
        self._check = StockConfirmation(storage, client, integration_id, patience, sleep)
        self._states = CardStates(self._desk, ModerationWatch(storage, client, integration_id))
        self._numbers = NumberSender(self._desk, self._check)
        self._archive = ArchiveSender(self._desk)
        self._timers = TimerSender(self._desk, TimerReader(storage, client, clock, integration_id))
        self._failures: list[Exception] = []

    @property
    def outcomes(self) -> dict[tuple[str, ActionKind], ItemOutcome]:
        return self._record.outcomes

    @property
    def notes(self) -> list[RunProblem]:
        return self._record.notes

    async def reconcile(self) -> None:
        """Finishes what an earlier, interrupted run left open: import tasks are asked about, the rest is planned anew.

        What Ozon does not answer stays open for the next run, and is raised by `send` once all else was tried.
        """
        await self._ledger.load()
        cards = self._cards(None, ())
        for intent in await self._ledger.open_intents():
            await self._guarded(self._reconcile_one(cards, intent))
        await self._guarded(self._states.learn_decisions())
        await self._guarded(self._look_at_stocks())

    async def _look_at_stocks(self) -> None:
        unsure = await self._check.before(self._ledger.accepted)
        if unsure:
            await self._ledger.keep(unsure)

    async def _reconcile_one(self, cards: CardSender, intent: Intent) -> None:
        try:
            if await cards.follow_again(intent):
                return
        except AppError:
            raise
        except Exception:
            # It would be stumbled over in every run to come: what the batch was to bring is planned anew.
            log.exception("an unexpected error about what an earlier run left open")
        learned = self._ledger.forget(intent)
        if intent.kind in {ActionKind.CREATE, ActionKind.UPDATE, ActionKind.ARCHIVE}:
            # What exists by now was created, what does not is planned again; and which cards are in the archive.
            await self._states.ask([item.offer_id for item in intent.payload])
            learned = [self._ledger.get(known.offer_id) for known in learned]
        await self._ledger.answered(intent.id, learned)

    async def send(self, plan: SyncPlan, progress: Progress, limits: tuple[LimitUsage, ...] | None = None) -> None:
        """Products, then prices and stocks, first of the cards that Ozon has created, then archivings.

        limits: what Ozon said of them a moment ago; None = it is asked. An error that is not about single items is raised once all
        else was tried, unless all else would meet it too.
        """
        await self._ledger.load()
        cards = self._cards(limits, self._with_stock(plan))
        early = self._early_prices(plan)
        await self._guarded(self._numbers.send_prices(early, progress))
        await self._guarded(cards.send([*plan.of(ActionKind.CREATE), *plan.of(ActionKind.UPDATE)], progress))
        gone = {item.offer_id for item in early}
        left = [item for item in plan.of(ActionKind.PRICE) if item.offer_id not in gone]
        prices, stocks = ([item for item in items if self._exists(cards, item)] for items in (left, plan.of(ActionKind.STOCK)))
        waiting = [item for item in (*prices, *stocks) if not self._states.is_created(item)]
        await self._send_numbers(prices, stocks, waiting, progress)
        await self._guarded(self._send_late(waiting, progress))
        await self._guarded(self._timers.look([*early, *prices]))
        await self._guarded(self._timers.send(plan.of(ActionKind.TIMER)))
        await self._guarded(self._archive.send(plan.of(ActionKind.ARCHIVE)))
        if self._failures:
            raise self._failures[0]

    def _cards(self, limits: tuple[LimitUsage, ...] | None, stocked: Collection[str]) -> CardSender:
        return CardSender(self._desk, self._states, QuotaKeeper(self._desk, limits, stocked))

    def _with_stock(self, plan: SyncPlan) -> frozenset[str]:
        """Articles of products that have something to sell, as far as anybody knows."""
        planned = {item.offer_id for item in plan.of(ActionKind.STOCK) if any(stock for _, stock in item.stocks)}
        return frozenset(planned | {known.offer_id for known in self._ledger.accepted.values() if any(stock for _, stock in known.stocks)})

    def _early_prices(self, plan: SyncPlan) -> list[PlanItem]:
        """Lowest prices that go before their cards: these carry the same new price, which need not suit the lowest one Ozon has as yet."""
        carried = {item.offer_id: item.payload.price for item in plan.of(ActionKind.UPDATE) if item.payload is not None}
        lowest = (item for item in plan.of(ActionKind.PRICE) if item.min_price is not None and carried.get(item.offer_id) == item.price)
        return [item for item in lowest if self._states.is_created(item) and not self._ledger.get(item.offer_id).archived]

    async def _guarded(self, step: Awaitable[None]) -> None:
        """Does one step of the run; a failure of it alone is raised at the end."""
        try:
            await step
        except OzonError as error:
            if isinstance(error, OF_THE_CABINET):
                raise
            self._failures.append(error)
        except AppError:
            # No network, or no database: nothing else would get through.
            raise
        except Exception as error:
            log.exception("an unexpected error in a synchronization")
            self._failures.append(error)

    async def _send_numbers(
        self, prices: Sequence[PlanItem], stocks: Sequence[PlanItem], waiting: Sequence[PlanItem], progress: Progress
    ) -> None:
        """The prices and stocks among these items whose cards are not waited for."""
        late = {item.offer_id for item in waiting}
        ready = [item for item in prices if item.kind is ActionKind.PRICE and item.offer_id not in late]
        await self._guarded(self._numbers.send_prices(ready, progress))
        ready = [item for item in stocks if item.kind is ActionKind.STOCK and item.offer_id not in late]
        await self._guarded(self._numbers.send_stocks(ready, progress))

    async def _send_late(self, waiting: Sequence[PlanItem], progress: Progress) -> None:
        if waiting:
            created = await self._wait_for_creation(waiting, progress)
            await self._send_numbers(created, created, (), progress)
        await self._states.save()

    async def _wait_for_creation(self, items: Sequence[PlanItem], progress: Progress) -> list[PlanItem]:
        """Those of the items whose card Ozon creates while there is patience; why the others are not sent is noted."""
        states, waiting = self._states, self._desk.waiting()
        while pending := {item.offer_id: item for item in items if not states.is_created(item) and item.offer_id not in states.declined}:
            progress(ProgressUpdate(Stage.WAITING_FOR_OZON, len(items) - len(pending), len(items)))
            await states.ask(list(pending))
            if all(map(states.is_created, pending.values())) or not await waiting.goes_on(self._desk.patience.stock_ready_s):
                break
        for item in items:
            if item.offer_id in states.declined:
                self._record.hold_back(item, OutcomeState.FAILED, states.declined[item.offer_id])
            elif not states.is_created(item):
                why = ItemError(CARD_NOT_CREATED, self._ledger.get(item.offer_id).status_name)
                self._record.hold_back(item, OutcomeState.WAITING, (why,))
        return [item for item in items if states.is_created(item)]

    def _exists(self, cards: CardSender, item: PlanItem) -> bool:
        if not cards.left_archive(item):
            return False
        if not self._ledger.get(item.offer_id).product_id:
            # Its card was not accepted in this run: price and stock wait for the next one.
            self._record.note(item, OutcomeState.NOT_SENT)
            return False
        return True
