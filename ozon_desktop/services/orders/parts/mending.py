"""Actions that were asked for and never answered: what Ozon shows decides what became of them, nothing is asked twice unread."""

from datetime import timedelta

from ozon_desktop.domain.fbs import ActionEnd, FbsAction, FbsIntent
from ozon_desktop.domain.fbs_todo import GONE, PAST_ASSEMBLING, SHIP_FAILED, SPLIT, pieces_of
from ozon_desktop.domain.orders import Posting
from ozon_desktop.errors import PostingUnknown
from ozon_desktop.ozon.fbs_models import NEW_CARRIAGE
from ozon_desktop.services.orders.parts.ladder import Ladder

ABSOLUTE = frozenset({FbsAction.MARKS, FbsAction.COUNTRY, FbsAction.TRACKING, FbsAction.CARRIAGE_POSTINGS, FbsAction.MOVE})
"""Asked for again they do no harm: they set, or Ozon refuses the second time."""

MAY_BE_REPEATED = "unanswered"


async def mend(ladder: Ladder) -> list[FbsIntent]:
    """Answers what earlier runs left open; gives what is still open: assemblings Ozon is at."""
    still: list[FbsIntent] = []
    for intent in await ladder.storage.run(lambda unit: unit.fbs.open(ladder.integration_id)):
        try:
            ended = await _mended(ladder, intent)
        except PostingUnknown:
            ended = await ladder.end(intent, ActionEnd.NOT_DONE, "unknown")
        if ended is None:
            still.append(intent)
    return still


async def _mended(ladder: Ladder, intent: FbsIntent) -> FbsIntent | None:
    if intent.action in ABSOLUTE:
        return await ladder.end(intent, ActionEnd.NOT_DONE, MAY_BE_REPEATED)
    if intent.action is FbsAction.CARRIAGE:
        return await _carriage(ladder, intent)
    if intent.action in (FbsAction.APPROVE, FbsAction.CANCEL_CARRIAGE):
        return await _carriage_state(ladder, intent)
    posting, related = await ladder.read(intent.subject)
    end = verdict(intent, posting)
    if end is None:
        lost = ladder.clock() - intent.asked_at > timedelta(seconds=ladder.patience.lost_s)
        return await ladder.end(intent, ActionEnd.NOT_DONE, MAY_BE_REPEATED, seen=[posting]) if lost else None
    if end is not ActionEnd.DONE:
        return await ladder.end(intent, end, posting.substatus, seen=[posting])
    parcels = await ladder.read_all([number for number in related if number not in intent.asked.numbers])
    numbers = [posting.posting_number, *(one.posting_number for one in parcels)]
    return await ladder.end(intent, ActionEnd.DONE, result=numbers, seen=[posting, *parcels])


def verdict(intent: FbsIntent, posting: Posting) -> ActionEnd | None:
    """What the posting says of an action; None = Ozon may still be at it. The posting was read itself, not in a list."""
    if intent.action is FbsAction.SHIP:
        if posting.status in PAST_ASSEMBLING:
            return ActionEnd.DONE
        # An earlier failure may still stand there while Ozon is at the new asking.
        failed = posting.substatus == SHIP_FAILED and intent.asked.message != SHIP_FAILED
        return ActionEnd.NOT_DONE if posting.status in GONE or failed else None
    if intent.action is FbsAction.SPLIT:
        return ActionEnd.DONE if posting.status == SPLIT else ActionEnd.NOT_DONE
    if intent.action is FbsAction.CANCEL:
        return ActionEnd.DONE if posting.status == "cancelled" else ActionEnd.NOT_DONE
    before, now = dict(intent.asked.before), pieces_of(posting)
    if intent.action is FbsAction.SHIP_PART and before == dict(intent.asked.parts[0] if intent.asked.parts else ()):
        # All of it was the part.
        return ActionEnd.DONE if posting.status in PAST_ASSEMBLING else None
    return ActionEnd.NOT_DONE if now == before else ActionEnd.DONE


async def _carriage(ladder: Ladder, intent: FbsIntent) -> FbsIntent:
    methods = await ladder.fbs.carriage_methods()
    made = next((one.carriage_id for one in methods if str(one.method_id) == intent.subject and one.carriage_id), 0)
    if not made:
        return await ladder.end(intent, ActionEnd.NOT_DONE, MAY_BE_REPEATED)
    return await ladder.end(intent, ActionEnd.DONE, result=[str(made)])


async def _carriage_state(ladder: Ladder, intent: FbsIntent) -> FbsIntent:
    carriage = await ladder.fbs.carriage(int(intent.subject))
    wanted = (
        carriage.status == "cancelled"
        if intent.action is FbsAction.CANCEL_CARRIAGE
        else carriage.status not in NEW_CARRIAGE | {"cancelled"}
    )
    return await ladder.end(intent, ActionEnd.DONE if wanted else ActionEnd.NOT_DONE)
