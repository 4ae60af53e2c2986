"""The ladder every action goes: written down, asked for, read again, answered. Killed between two steps, the next action reads on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ozon_desktop.domain.fbs import ActionAsked, ActionEnd, FbsAction, FbsIntent
from ozon_desktop.domain.orders import Order, Posting, followed
from ozon_desktop.errors import (
    AppError,
    NetworkError,
    OzonError,
    OzonUnavailable,
    PostingUnknown,
    ReadOnlyCabinet,
    RequestRefused,
    UnexpectedAnswer,
)
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.fbs import FbsClient
from ozon_desktop.services.orders.desk_view import DeskPatience, Sleep
from ozon_desktop.services.orders.parts.keeping import keep_postings
from ozon_desktop.services.shared import Clock
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

AROUND = timedelta(days=2)


def answer_lost(error: Exception) -> bool:
    """Whether Ozon may have done what was asked for."""
    if isinstance(error, NetworkError):
        return error.sent
    return isinstance(error, OzonUnavailable | UnexpectedAnswer)


def concerns_posting(error: Exception) -> bool:
    """Whether it is about this one posting; anything else (the key, its role, the network) is about all of them."""
    return isinstance(error, RequestRefused | OzonUnavailable | UnexpectedAnswer)


@dataclass(slots=True)
class Ladder:
    """One run's steps over one integration."""

    storage: Database
    clock: Clock
    client: OzonClient
    integration_id: int
    run_id: int
    who: str
    patience: DeskPatience
    sleep: Sleep

    async def just_done(self, action: FbsAction, subject: str, asked: ActionAsked | None = None) -> FbsIntent | None:
        """The same action of a run that was cut short, if it was done: whoever asks again was not told, and means that one."""
        wanted = asked or ActionAsked()

        def work(unit: UnitOfWork) -> FbsIntent | None:
            done = unit.fbs.untold(self.integration_id, action, subject, self.run_id)
            found = next((one for one in done if (one.asked.parts, one.asked.reason) == (wanted.parts, wanted.reason)), None)
            if found is not None:
                unit.fbs.tell(found)
            return found

        return await self.storage.run(work)

    @property
    def fbs(self) -> FbsClient:
        return FbsClient(self.client)

    async def begin(self, action: FbsAction, subject: str, asked: ActionAsked | None = None) -> FbsIntent:
        """Written before Ozon is asked."""
        intent = FbsIntent(0, self.integration_id, self.run_id, action, subject, asked or ActionAsked(), self.who, self.clock())
        [begun] = await self.storage.run(lambda unit: unit.fbs.begin([intent]))
        return begun

    async def end(
        self, intent: FbsIntent, end: ActionEnd, detail: str = "", result: Sequence[str] = (), seen: Sequence[Posting] = ()
    ) -> FbsIntent:
        """What became of it, with the postings that show it, in one transaction."""
        now = self.clock()
        ended = replace(intent, answered_at=now, end=end, detail=detail, result=tuple(result))

        def work(unit: UnitOfWork) -> None:
            unit.fbs.end(ended)
            keep_postings(unit, self.integration_id, seen, now)

        await self.storage.run(work)
        return ended

    async def failed(self, intent: FbsIntent, error: AppError) -> None:
        """The asking failed. Where Ozon may have done it nevertheless, the intent stays open: the posting will say."""
        if not answer_lost(error):
            end = ActionEnd.REFUSED if isinstance(error, OzonError) else ActionEnd.NOT_DONE
            await self.end(intent, end, type(error).__name__ if isinstance(error, ReadOnlyCabinet) else error.detail)

    async def keep(self, seen: Sequence[Posting]) -> None:
        now = self.clock()
        await self.storage.run(lambda unit: keep_postings(unit, self.integration_id, seen, now))

    # --- reading ----------------------------------------------------------------------------------------------------

    async def read(self, number: str) -> tuple[Posting, tuple[str, ...]]:
        """The truth about one posting, and the numbers of its order's others."""
        return await self.fbs.posting(number)

    async def read_all(self, numbers: Sequence[str]) -> list[Posting]:
        """These one by one; those Ozon does not know are left out."""
        found: list[Posting] = []
        for number in dict.fromkeys(numbers):
            try:
                found.append((await self.read(number))[0])
            except PostingUnknown:
                continue
        return found

    async def look(self, orders: Sequence[Order]) -> dict[str, Posting]:
        """These orders' postings as the list has them, a hundred orders a request. The list may be some seconds behind."""
        wanted = {order.posting.posting_number for order in orders}
        found: dict[str, Posting] = {}
        for group in followed(orders):
            order_numbers = list(dict.fromkeys(order.posting.order_number for order in group if order.posting.order_number))
            if not order_numbers:
                continue
            since, to = _period(group)
            async for page in self.client.fbs_postings(since, to, order_numbers):
                found |= {one.posting_number: one for one in page}
        return {number: one for number, one in found.items() if number in wanted or one.order_number}

    async def known(self, numbers: Sequence[str]) -> list[Order]:
        return await self.storage.run(lambda unit: unit.orders.some(self.integration_id, numbers))


def _period(group: Sequence[Order]) -> tuple[datetime, datetime]:
    moments = [order.posting.created_at or order.received_at for order in group]
    return min(moments) - AROUND, max(moments) + AROUND
