"""Takes products out of sale that the store has no more: their stock first, then the card into the archive."""

from collections.abc import Sequence
from functools import partial

from ozon_desktop.domain.cabinet import ARCHIVE_NOT_DONE, CARD_GONE, ItemError, UpdateAnswer
from ozon_desktop.domain.sync_plan import Accepted, ActionKind, PlanItem
from ozon_desktop.errors import RequestRefused
from ozon_desktop.ozon.requests import StockUpdate
from ozon_desktop.services.sync.outcome import OutcomeState
from ozon_desktop.services.sync.parts.record import Desk, batches
from ozon_desktop.services.sync.parts.splitting import Splitting, item_error
from ozon_desktop.services.sync.preview import CARDS_A_REQUEST, STOCKS_A_REQUEST

Zero = tuple[PlanItem, int]
"""A product, and an Ozon warehouse whose stock of it is taken away."""


class ArchiveSender:
    """Archivings of one run."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._not_zeroed: dict[str, ItemError] = {}
        self._refused: dict[str, tuple[PlanItem, Exception]] = {}

    async def send(self, items: Sequence[PlanItem]) -> None:
        known = [item for item in items if self._desk.ledger.get(item.offer_id).product_id]
        zeroing, archiving = Splitting(self._zero, self._keep_stock), Splitting(self._archive, self._refuse)
        for batch in batches(known, CARDS_A_REQUEST):
            # Ozon archives only what has no stock.
            stocks = [(item, house) for item in batch for house, stock in self._desk.ledger.get(item.offer_id).stocks if stock]
            for zeros in batches(stocks, STOCKS_A_REQUEST):
                await zeroing.send(zeros)
            await archiving.send(batch)
        await self._look_at_refused()

    async def _zero(self, batch: tuple[Zero, ...]) -> None:
        of_batch = tuple({item.offer_id: item for item, _ in batch}.values())
        ask = partial(self._desk.client.update_stocks, [StockUpdate(item.offer_id, house, 0) for item, house in batch])
        await self._desk.ledger.exchange(ActionKind.ARCHIVE, of_batch, ask, self._take_zeros)

    def _take_zeros(self, answers: Sequence[UpdateAnswer]) -> list[Accepted]:
        learned: dict[str, Accepted] = {}
        for answer in answers:
            if answer.updated:
                known = self._desk.ledger.get(answer.offer_id)
                stocks = tuple({**dict(known.stocks), answer.warehouse_id: 0}.items())
                learned[answer.offer_id] = self._desk.ledger.learn(known, stocks=stocks)
            else:
                self._not_zeroed[answer.offer_id] = next(iter(answer.errors), ItemError("no_answer", ""))
        return list(learned.values())

    def _keep_stock(self, batch: tuple[Zero, ...], error: Exception) -> None:
        self._not_zeroed |= {item.offer_id: item_error(error) for item, _ in batch}

    async def _archive(self, batch: tuple[PlanItem, ...]) -> None:
        await self._desk.ledger.exchange(ActionKind.ARCHIVE, batch, partial(self._ask, batch), partial(self._take, batch))

    async def _ask(self, batch: Sequence[PlanItem]) -> frozenset[str]:
        """The articles that Ozon shows in its archive afterwards: its answer is about the request alone."""
        if not await self._desk.client.archive([self._desk.ledger.get(item.offer_id).product_id for item in batch]):
            return frozenset()
        waiting = self._desk.waiting()
        while True:
            infos = await self._desk.client.product_infos([item.offer_id for item in batch])
            archived = frozenset(info.offer_id for info in infos if info.archived)
            if len(archived) == len(batch) or not await waiting.goes_on(self._desk.patience.stock_shown_s):
                return archived

    def _take(self, batch: Sequence[PlanItem], archived: frozenset[str]) -> list[Accepted]:
        for item in batch:
            if item.offer_id in archived:
                self._desk.record.note(item, OutcomeState.SENT)
            else:
                # Its stock is why, when it could not be taken away.
                why = self._not_zeroed.get(item.offer_id, ItemError(ARCHIVE_NOT_DONE, ""))
                self._desk.record.note(item, OutcomeState.WAITING, (why,))
        ledger = self._desk.ledger
        return [ledger.learn(ledger.get(offer_id), archived=True, stocks=()) for offer_id in sorted(archived)]

    def _refuse(self, batch: tuple[PlanItem, ...], error: Exception) -> None:
        self._refused |= {item.offer_id: (item, error) for item in batch}

    async def _look_at_refused(self) -> None:
        """What Ozon will not archive may be in its archive already, or not in the cabinet at all: then nothing is left to be done."""
        refused = [offer_id for offer_id, (_, error) in self._refused.items() if isinstance(error, RequestRefused)]
        infos = {info.offer_id: info for info in await self._desk.client.product_infos(refused)} if refused else {}
        learned: list[Accepted] = []
        for offer_id, (item, error) in self._refused.items():
            known, info = self._desk.ledger.get(offer_id), infos.get(offer_id)
            if info is not None and info.archived:
                self._desk.record.note(item, OutcomeState.SENT)
                learned.append(self._desk.ledger.learn(known, archived=True, stocks=()))
            elif info is None and offer_id in refused and offer_id not in self._desk.client.unread:
                self._desk.record.note(item, OutcomeState.NOT_SENT, (ItemError(CARD_GONE, ""),))
                # Should the store have it again, its card is created anew.
                learned.append(self._desk.ledger.learn(Accepted(offer_id)))
            else:
                self._desk.record.note_error(item, error)
        if learned:
            await self._desk.ledger.keep(learned)
