"""Assembling postings, one or a thousand. A request for each, and a list for each hundred before and after: nothing else is needed."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

from ozon_desktop.domain.fbs import ActionAsked, ActionEnd, FbsAction, FbsIntent, KeptMark, MarkState, Need, ShipState
from ozon_desktop.domain.fbs_todo import GONE, PAST_ASSEMBLING, TO_ASSEMBLE, adds_up, pieces_of, wanted_pieces
from ozon_desktop.domain.orders import Order, Posting
from ozon_desktop.errors import AppError, NetworkError, OzonError, PostingCancelled, PostingShipped, PostingUnknown
from ozon_desktop.services.orders.desk_view import ShipOutcome
from ozon_desktop.services.orders.parts.ladder import Ladder, answer_lost, concerns_posting
from ozon_desktop.services.orders.parts.mending import MAY_BE_REPEATED, verdict
from ozon_desktop.wording.errors import error_line

Packages = Sequence[Mapping[int, int]]
AT_ONCE = 8
"""Ship calls under way together: below Ozon's pace, and a stop loses sight of no more."""

READ_SINGLY = 20
"""So few are read one by one rather than in the list, which is behind."""


class Assembling:
    """One run's assembling. `outcomes` fill as postings are done, and stay valid when the run is stopped."""

    def __init__(self, ladder: Ladder) -> None:
        self._ladder = ladder
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._fatal: AppError | None = None
        self.outcomes: dict[str, ShipOutcome] = {}

    async def ship(self, orders: Sequence[Order], packages: Mapping[str, Packages], still: Sequence[FbsIntent]) -> None:
        """packages: by posting number, where it is not one parcel. still: assemblings Ozon is at already.

        What no posting is the reason of (the key, its role, the network) is raised once the others are told; they stay NOT_ASKED.
        """
        numbers = [order.posting.posting_number for order in orders]
        fresh = await self._ladder.look(orders)
        # What the list says of an assembled one may be over by now, and nobody will ask Ozon about it again.
        missing = [number for number in numbers if number not in fresh or fresh[number].status in PAST_ASSEMBLING]
        fresh = {number: one for number, one in fresh.items() if number not in missing}
        fresh |= {one.posting_number: one for one in await self._ladder.read_all(missing)}
        marks = await self._marks(numbers)
        open_ = {intent.subject: intent for intent in still if intent.action is FbsAction.SHIP}
        waiting: dict[str, FbsIntent] = {}
        to_ask: list[tuple[Posting, Packages]] = []
        for number in numbers:
            posting = fresh.get(number)
            if posting is None:
                self._note(number, ShipState.REFUSED, "Ozon не знает такого отправления")
            elif number in open_ and posting.status == TO_ASSEMBLE and not await self._may_ask_again(open_[number]):
                waiting[number] = open_[number]
            elif (outcome := self._not_to_ask(posting, packages.get(number), marks.get(number, []))) is not None:
                self.outcomes[number] = outcome
            else:
                to_ask.append((posting, packages.get(number) or [pieces_of(posting)]))
        await self._ladder.keep(list(fresh.values()))
        for intent in await asyncio.gather(*(self._ask(posting, parcels) for posting, parcels in to_ask)):
            if intent is not None:
                waiting[intent.subject] = intent
        await self._wait(waiting)
        if self._fatal is not None:
            raise self._fatal

    async def _may_ask_again(self, intent: FbsIntent) -> bool:
        """Whether nothing came of an earlier asking, which may never have left. The posting was read itself a moment ago."""
        if self._ladder.clock() - intent.asked_at < timedelta(seconds=self._ladder.patience.settle_s):
            return False
        await self._ladder.end(intent, ActionEnd.NOT_DONE, MAY_BE_REPEATED)
        return True

    async def _marks(self, numbers: Sequence[str]) -> dict[str, list[KeptMark]]:
        found: dict[str, list[KeptMark]] = {}
        for mark in await self._ladder.storage.run(lambda unit: unit.fbs.marks(self._ladder.integration_id, numbers)):
            found.setdefault(mark.posting_number, []).append(mark)
        return found

    @staticmethod
    def _not_to_ask(posting: Posting, packages: Packages | None, marks: Sequence[KeptMark]) -> ShipOutcome | None:
        number = posting.posting_number
        if posting.status in PAST_ASSEMBLING:
            return ShipOutcome(number, ShipState.ALREADY, (number,))
        if posting.status in GONE:
            return ShipOutcome(number, ShipState.CANCELLED, detail=posting.cancel_reason)
        if posting.status != TO_ASSEMBLE:
            return ShipOutcome(number, ShipState.REFUSED, detail=posting.status)
        if missing := missing_needs(posting, marks):
            return ShipOutcome(number, ShipState.NEEDS, needs=missing)
        if packages is not None and not adds_up(posting, [dict(package) for package in packages]):
            return ShipOutcome(number, ShipState.WRONG_PIECES)
        return None

    async def _ask(self, posting: Posting, packages: Packages) -> FbsIntent | None:
        """The intent that waits for the posting to change; None = it is told already."""
        number = posting.posting_number
        async with self._gate:
            if self._fatal is not None:
                self._note(number, ShipState.NOT_ASKED)
                return None
            parts = tuple(tuple(package.items()) for package in packages)
            asked = ActionAsked(tuple(pieces_of(posting).items()), parts, message=posting.substatus)
            intent = await self._ladder.begin(FbsAction.SHIP, number, asked)
            try:
                await self._ladder.fbs.ship(number, packages)
            except (PostingShipped, PostingCancelled):
                # What the posting says when it is read is what counts.
                return intent
            except (OzonError, NetworkError) as error:
                return await self._ask_failed(intent, error)
            return intent

    async def _ask_failed(self, intent: FbsIntent, error: AppError) -> FbsIntent | None:
        await self._ladder.failed(intent, error)
        if not concerns_posting(error):
            self._fatal = error
        if answer_lost(error):
            return intent
        state = ShipState.REFUSED if concerns_posting(error) else ShipState.NOT_ASKED
        self._note(intent.subject, state, error_line(error))
        return None

    # --- a 200 is not «assembled» -----------------------------------------------------------------------------------

    async def _wait(self, waiting: dict[str, FbsIntent]) -> None:
        """Reads until every posting has changed, or the patience is over."""
        for number in waiting:
            self._note(number, ShipState.WAITING)
        for pause in self._ladder.patience.pauses(self._ladder.patience.ship_s):
            await self._look(waiting)
            if not waiting:
                return
            await self._ladder.sleep(pause)
        await self._look(waiting, singly=True)

    async def _look(self, waiting: dict[str, FbsIntent], *, singly: bool = False) -> None:
        """Takes out those that are done. The list is believed where it says that something has happened, never that nothing has."""
        if len(waiting) > READ_SINGLY and not singly:
            seen = await self._ladder.look(await self._ladder.known(list(waiting)))
            for number, posting in seen.items():
                # The parcels of a split one may not be in the list yet.
                if number in waiting and posting.status in PAST_ASSEMBLING and len(waiting[number].asked.parts) == 1:
                    await self._done(waiting.pop(number), posting, list(seen.values()))
            return
        for number in list(waiting):
            try:
                posting, related = await self._ladder.read(number)
            except PostingUnknown:
                await self._ladder.end(waiting.pop(number), ActionEnd.NOT_DONE, "unknown")
                self._note(number, ShipState.REFUSED, "Ozon не знает такого отправления")
                continue
            end = verdict(waiting[number], posting)
            if end is ActionEnd.DONE:
                split = len(waiting[number].asked.parts) > 1
                parcels = await self._ladder.read_all(related) if split else []
                await self._done(waiting.pop(number), posting, [posting, *parcels])
            elif end is not None:
                await self._ladder.end(waiting.pop(number), end, posting.substatus, seen=[posting])
                state = ShipState.CANCELLED if posting.status in GONE else ShipState.FAILED
                self._note(number, state, posting.cancel_reason)

    async def _done(self, intent: FbsIntent, posting: Posting, seen: Sequence[Posting]) -> None:
        number = intent.subject
        of_order = [one for one in seen if one.posting_number == number or one.parent == number]
        parcels = tuple(one.posting_number for one in of_order) or (number,)
        await self._ladder.end(intent, ActionEnd.DONE, result=parcels, seen=[posting, *(one for one in of_order if one is not posting)])
        self.outcomes[number] = ShipOutcome(number, ShipState.ASSEMBLED, parcels)

    def _note(self, number: str, state: ShipState, detail: str = "") -> None:
        self.outcomes[number] = ShipOutcome(number, state, detail=detail)


def missing_needs(posting: Posting, marks: Sequence[KeptMark]) -> tuple[Need, ...]:
    """What Ozon asks for and has not accepted yet, as far as the program knows."""
    missing: dict[Need, None] = {}
    counts = pieces_of(posting)
    good = {(mark.sku, mark.piece, mark.kind) for mark in marks if mark.state is MarkState.PASSED}
    for sku, needs in wanted_pieces(posting).items():
        for need in needs:
            if any((sku, piece, need) not in good for piece in range(counts.get(sku, 0))):
                missing[need] = None
    if any(Need.COUNTRY in product.needs for product in posting.needs):
        missing[Need.COUNTRY] = None
    return tuple(missing)
