"""What Ozon is known to hold of an integration's products, and what it is being asked to take.

Here the promise «nothing lost» is kept, see `Ledger.exchange`.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ozon_desktop.domain.sync_intent import Intent
from ozon_desktop.domain.sync_plan import UNSURE_STOCK, Accepted, ActionKind, PlanItem, Reason
from ozon_desktop.errors import NetworkError, OzonError, OzonUnavailable, UnexpectedAnswer
from ozon_desktop.services.shared import Clock
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

Answer = TypeVar("Answer")


@dataclass(slots=True)
class Ledger:
    """One run's book about one integration. accepted: what Ozon is known to hold, by article."""

    storage: Database
    clock: Clock
    integration_id: int
    run_id: int
    accepted: dict[str, Accepted] = field(default_factory=dict)

    async def load(self) -> None:
        """Reads anew what Ozon is known to hold."""
        self.accepted = await self.storage.run(lambda unit: unit.sync.accepted(self.integration_id))

    def get(self, offer_id: str) -> Accepted:
        """What Ozon is known to hold of a product; an empty record when nothing is."""
        return self.accepted.get(offer_id) or Accepted(offer_id)

    def learn(self, known: Accepted, **changes: object) -> Accepted:
        """Takes over what an answer of this moment says; it is written down by `answered` or `keep`."""
        taken = replace(known, updated_at=self.clock(), **changes)  # type: ignore[arg-type]
        self.accepted[taken.offer_id] = taken
        return taken

    async def keep(self, learned: Iterable[Accepted], *, cards: bool = False) -> None:
        """Writes down what was learned outside of an exchange. cards: about cards that were imported."""
        known = list(learned)
        self.accepted.update({item.offer_id: item for item in known})

        def work(unit: UnitOfWork) -> None:
            unit.sync.save_accepted(self.integration_id, known)
            if cards:
                unit.cabinet.note_sent(self.integration_id, known, cards=True)

        await self.storage.run(work)

    # --- nothing lost -----------------------------------------------------------------------------------------------

    async def exchange(
        self,
        kind: ActionKind,
        batch: tuple[PlanItem, ...],
        ask: Callable[[], Awaitable[Answer]],
        learn: Callable[[Answer], Sequence[Accepted]],
    ) -> None:
        """Writes the intent, asks Ozon, and writes what its answer taught together with the end of the intent.

        Cut short anywhere, it leaves an open intent: the next run knows what Ozon may hold, see `forget`. After a failure that says
        whether Ozon took the request, or that is met by asking for fewer items, there is none.
        """
        intent = await self._intend(kind, batch)
        try:
            learned = learn(await ask())
        except Exception as error:
            await self._failed(intent, error)
            raise
        await self.answered(intent.id, learned)

    async def begin_task(self, kind: ActionKind, batch: tuple[PlanItem, ...], ask: Callable[[], Awaitable[int]]) -> Intent:
        """The first half of an exchange whose answer comes later: `ask` gives the number of Ozon's task, `answered` is the second half.

        A failure leaves the same behind as in `exchange`.
        """
        intent = await self._intend(kind, batch)
        try:
            task_id = await ask()
        except Exception as error:
            await self._failed(intent, error)
            raise
        await self.storage.run(lambda unit: unit.sync.set_task(intent.id, task_id))
        return replace(intent, task_id=task_id)

    async def answered(self, intent_id: int, learned: Sequence[Accepted], *, closed: bool = True, cards: bool = False) -> None:
        """Ozon has answered; closed False: not of all products yet, so that the intent stays open for the next run.

        cards: the answer is about an import.
        """

        def work(unit: UnitOfWork) -> None:
            unit.sync.save_accepted(self.integration_id, list(learned))
            unit.cabinet.note_sent(self.integration_id, learned, cards=cards)
            if closed:
                unit.sync.close_intent(intent_id)

        await self.storage.run(work)

    async def open_intents(self) -> list[Intent]:
        """What earlier runs left without an answer."""
        return await self.storage.run(lambda unit: unit.sync.open_intents(self.integration_id))

    def forget(self, intent: Intent) -> list[Accepted]:
        """Killed between asking and the answer: Ozon may hold the old values or the new ones, so they are planned anew."""
        learned = [known for item in intent.payload if (known := self.accepted.get(item.offer_id)) is not None]
        if intent.kind is ActionKind.TIMER:
            # What became of it is read, not remembered.
            return []
        if intent.kind is ActionKind.PRICE:
            learned = [replace(known, price=None, old_price=None, min_price=None) for known in learned]
        elif intent.kind is ActionKind.STOCK:
            unsure = {item.offer_id: dict.fromkeys(dict(item.stocks), UNSURE_STOCK) for item in intent.payload}
            learned = [replace(known, stocks=tuple((dict(known.stocks) | unsure[known.offer_id]).items())) for known in learned]
        elif intent.kind is ActionKind.ARCHIVE:
            # Its stock may have been taken away already: should the product be back in the store, it is set again.
            learned = [replace(known, stocks=tuple((warehouse, UNSURE_STOCK) for warehouse, _ in known.stocks)) for known in learned]
        elif intent.kind is ActionKind.CREATE:
            # Should such a card be there, now or later, it is one the program created: that it was asked for is remembered.
            asked = (self.get(item.offer_id) for item in intent.payload)
            learned = [replace(known, payload=None, price=None, old_price=None, refused=None, adopted=False) for known in asked]
        else:
            learned = [replace(known, payload=None, price=None, old_price=None) for known in learned]
            # Whatever may have left the archive has to be taken off sale again should the store delete it: it counts as out of it.
            returned = {item.offer_id for item in intent.payload if item.reason is Reason.RETURNED}
            learned = [replace(known, archived=known.archived and known.offer_id not in returned) for known in learned]
        self.accepted.update({known.offer_id: known for known in learned})
        return learned

    async def _intend(self, kind: ActionKind, batch: tuple[PlanItem, ...]) -> Intent:
        intent = Intent(0, self.integration_id, self.run_id, kind, batch, None, self.clock())
        return replace(intent, id=await self.storage.run(lambda unit: unit.sync.add_intent(intent)))

    async def _failed(self, intent: Intent, error: Exception) -> None:
        if isinstance(error, NetworkError):
            # Ozon may have it, and will say so when it is reached again.
            return
        refused = isinstance(error, OzonError) and not isinstance(error, OzonUnavailable | UnexpectedAnswer)
        await self.answered(intent.id, [] if refused else self.forget(intent))
