"""Irreversible steps with one posting: a part assembled alone, a split, cancellations, the country; and the seller's own delivery.

Each is asked for once: what came of it is read, and after a lost answer the posting says whether it was done.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from ozon_desktop.domain.fbs import OTHER_REASON, ActionAsked, ActionEnd, CancelReason, FbsAction, FbsIntent, OwnDelivery, PartOfPosting
from ozon_desktop.domain.fbs_todo import SHIP_FAILED, TO_ASSEMBLE, adds_up, pieces_of
from ozon_desktop.domain.orders import Posting
from ozon_desktop.errors import AppError, NetworkError, OzonError, WrongInput
from ozon_desktop.ozon import endpoints
from ozon_desktop.ozon.fbs import STEPS
from ozon_desktop.services.orders.desk_view import Done
from ozon_desktop.services.orders.parts.ladder import Ladder, answer_lost, concerns_posting
from ozon_desktop.services.orders.parts.mending import verdict
from ozon_desktop.wording.errors import error_line
from ozon_desktop.wording.fbs import no_reason_text, reasons_text

Pieces = Mapping[int, int]


class Deciding:
    def __init__(self, ladder: Ladder) -> None:
        self._ladder = ladder

    async def ship_part(self, number: str, part: Pieces) -> Done:
        """Assembles these pieces (by SKU) alone; the rest keeps waiting. WrongInput when there are not so many."""
        if (found := await self._ladder.just_done(FbsAction.SHIP_PART, number, ActionAsked(parts=(tuple(part.items()),)))) is not None:
            return Done(True, "", found.result)
        posting, related = await self._ladder.read(number)
        counts = pieces_of(posting)
        if not part or any(not 1 <= count <= counts.get(sku, 0) for sku, count in part.items()):
            raise WrongInput(number, detail="столько товара в отправлении нет")
        asked = ActionAsked(tuple(counts.items()), (tuple(part.items()),), numbers=related)
        parts = [PartOfPosting(sku, count) for sku, count in part.items()]
        intent = await self._ladder.begin(FbsAction.SHIP_PART, number, asked)
        return await self._asked(intent, lambda: self._ladder.fbs.ship_part(number, parts))

    async def split(self, number: str, parts: Sequence[Pieces]) -> Done:
        """Makes postings of these pieces without assembling them. WrongInput when they are not the posting."""
        wanted = ActionAsked(parts=tuple(tuple(part.items()) for part in parts))
        if (found := await self._ladder.just_done(FbsAction.SPLIT, number, wanted)) is not None:
            return Done(True, "", found.result)
        posting, related = await self._ladder.read(number)
        if len(parts) < 2 or not adds_up(posting, [dict(part) for part in parts]):
            raise WrongInput(number, detail="части вместе не составляют отправление")
        asked = ActionAsked(tuple(pieces_of(posting).items()), tuple(tuple(part.items()) for part in parts), numbers=related)
        intent = await self._ladder.begin(FbsAction.SPLIT, number, asked)
        return await self._asked(intent, lambda: self._ladder.fbs.split(number, parts))

    # --- cancelling -------------------------------------------------------------------------------------------------

    async def reasons(self, number: str) -> tuple[CancelReason, ...]:
        """Those the seller may give now; () = it cannot be cancelled."""
        found = await self._ladder.fbs.cancel_reasons([number])
        return tuple(one for one in found.get(number, ()) if one.by_seller)

    async def cancel(self, number: str, reason_id: int, message: str, items: Pieces | None = None) -> Done:
        """Cancels all of it, or these pieces by SKU, for good. WrongInput for a reason Ozon does not take, or one that lacks words."""
        action = FbsAction.CANCEL if items is None else FbsAction.CANCEL_PRODUCTS
        wanted = ActionAsked(parts=() if items is None else (tuple(items.items()),), reason=reason_id)
        if (found := await self._ladder.just_done(action, number, wanted)) is not None:
            return Done(True, "", found.result)
        posting, related = await self._ladder.read(number)
        if items is None and posting.status == "cancelled":
            await self._ladder.keep([posting])
            return Done(True, "уже отменено", (number,))
        known = await self.reasons(number)
        if reason_id not in {one.id for one in known}:
            raise WrongInput(number, detail=reasons_text(known) if known else no_reason_text())
        if not message.strip() and (items is not None or reason_id == OTHER_REASON):
            raise WrongInput(number, detail="для этой отмены Ozon ждёт пояснение словами")
        counts = pieces_of(posting)
        if items is None:
            asked = ActionAsked(tuple(counts.items()), (), reason_id, message, related)
            intent = await self._ladder.begin(FbsAction.CANCEL, number, asked)
            return await self._asked(intent, lambda: self._ladder.fbs.cancel(number, reason_id, message))
        if not items or any(not 1 <= count <= counts.get(sku, 0) for sku, count in items.items()):
            raise WrongInput(number, detail="столько товара в отправлении нет")
        asked = ActionAsked(tuple(counts.items()), (tuple(items.items()),), reason_id, message, related)
        intent = await self._ladder.begin(FbsAction.CANCEL_PRODUCTS, number, asked)
        return await self._asked(intent, lambda: self._ladder.fbs.cancel_products(number, reason_id, message, items))

    # --- country and own delivery -----------------------------------------------------------------------------------

    async def set_country(self, number: str, sku: int, code: str) -> bool:
        """Gives whether a customs declaration is asked for now."""
        intent = await self._ladder.begin(FbsAction.COUNTRY, number, ActionAsked(message=code))
        try:
            declaration = await self._ladder.fbs.set_country(number, sku, code)
            posting, _ = await self._ladder.read(number)
        except AppError as error:
            await self._ladder.failed(intent, error)
            raise
        await self._ladder.end(intent, ActionEnd.DONE, seen=[posting])
        return declaration

    async def move(self, step: OwnDelivery, numbers: Sequence[str]) -> dict[str, Done]:
        """Moves rFBS postings on; an answer for each."""
        done: dict[str, Done] = {}
        size = STEPS[step].item_limit
        for start in range(0, len(numbers), size):
            chunk = list(numbers[start : start + size])
            intents = [await self._ladder.begin(FbsAction.MOVE, number, ActionAsked(message=step.value)) for number in chunk]
            done |= await self._answered(intents, lambda chunk=chunk: self._moved(step, chunk))  # type: ignore[misc]
        return done

    async def track(self, tracking: Mapping[str, str]) -> dict[str, Done]:
        """Gives rFBS postings their tracking numbers; an answer for each."""
        done: dict[str, Done] = {}
        numbers, size = list(tracking), endpoints.SET_TRACKING.item_limit
        for start in range(0, len(numbers), size):
            chunk = {number: tracking[number] for number in numbers[start : start + size]}
            intents = [await self._ladder.begin(FbsAction.TRACKING, number, ActionAsked(message=text)) for number, text in chunk.items()]
            done |= await self._answered(intents, lambda chunk=chunk: self._tracked(chunk))  # type: ignore[misc]
        return done

    async def _moved(self, step: OwnDelivery, numbers: list[str]) -> dict[str, str]:
        return {one.posting_number: one.error for one in await self._ladder.fbs.move(step, numbers)}

    async def _tracked(self, tracking: Mapping[str, str]) -> dict[str, str]:
        return {one.posting_number: one.error for one in await self._ladder.fbs.set_tracking(tracking)}

    async def _answered(self, intents: Sequence[FbsIntent], ask: Callable[[], Awaitable[dict[str, str]]]) -> dict[str, Done]:
        try:
            answers = await ask()
        except AppError as error:
            for intent in intents:
                await self._ladder.failed(intent, error)
            raise
        seen = {one.posting_number: one for one in await self._ladder.read_all([intent.subject for intent in intents])}
        done: dict[str, Done] = {}
        for intent in intents:
            number = intent.subject
            words = answers.get(number, "нет ответа об этом отправлении")
            end = ActionEnd.REFUSED if words else ActionEnd.DONE
            await self._ladder.end(intent, end, words, seen=[seen[number]] if number in seen else [])
            done[number] = Done(not words, words)
        return done

    # --- what came of it --------------------------------------------------------------------------------------------

    async def _asked(self, intent: FbsIntent, ask: Callable[[], Awaitable[object]]) -> Done:
        """Asks, and reads what came of it. A refusal that concerns this posting is told; anything else is raised."""
        words = ""
        try:
            await ask()
        except (OzonError, NetworkError) as error:
            if not answer_lost(error):
                await self._ladder.failed(intent, error)
                if not concerns_posting(error):
                    raise
                await self._ladder.keep(await self._ladder.read_all([intent.subject]))
                return Done(False, error_line(error))
            words = error_line(error)
        return await self._read(intent, words)

    async def _read(self, intent: FbsIntent, words: str) -> Done:
        ladder, number = self._ladder, intent.subject
        posting, related = await ladder.read(number)
        end = verdict(intent, posting)
        for pause in ladder.patience.pauses(ladder.patience.ship_s):
            # Ozon works a request off in its own time: what was answered with 200 may show only later.
            if end is ActionEnd.DONE or words:
                break
            await ladder.sleep(pause)
            posting, related = await ladder.read(number)
            end = verdict(intent, posting)
        if end is None:
            return Done(False, words or "Ozon ещё не закончил: состояние прочитается позже", ())
        if end is not ActionEnd.DONE:
            await ladder.end(intent, end, posting.substatus, seen=[posting])
            return Done(False, words or "Ozon этого не сделал")
        parcels = await ladder.read_all([other for other in related if other not in intent.asked.numbers])
        if intent.action is FbsAction.SHIP_PART:
            parcels = await self._until_assembled(parcels)
        numbers = [one.posting_number for one in (posting, *parcels)]
        await ladder.end(intent, ActionEnd.DONE, result=numbers, seen=[posting, *parcels])
        failed = [one.posting_number for one in parcels if one.substatus == SHIP_FAILED]
        return Done(True, f"Ozon не собрал {', '.join(failed)}: соберите ещё раз" if failed else "", tuple(numbers))

    async def _until_assembled(self, parcels: list[Posting]) -> list[Posting]:
        """The part that was to leave, once Ozon shows it assembled, or as it is when the patience is over."""
        for pause in self._ladder.patience.pauses(self._ladder.patience.ship_s):
            if all(one.status != TO_ASSEMBLE or one.substatus == SHIP_FAILED for one in parcels):
                break
            await self._ladder.sleep(pause)
            parcels = await self._ladder.read_all([one.posting_number for one in parcels])
        return parcels
