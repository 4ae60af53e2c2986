"""Sends prices and stocks of cards that exist, and looks whether Ozon shows the stocks it took."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from ozon_desktop.domain.cabinet import STOCK_NOT_SHOWN, ItemError, UpdateAnswer
from ozon_desktop.domain.progress import Progress, Stage
from ozon_desktop.domain.sync_plan import Accepted, ActionKind, PlanItem
from ozon_desktop.ozon.requests import PriceUpdate, StockUpdate
from ozon_desktop.services.sync.outcome import OutcomeState
from ozon_desktop.services.sync.parts.record import Desk, reported
from ozon_desktop.services.sync.parts.splitting import Splitting, item_error
from ozon_desktop.services.sync.parts.stock_confirmation import StockConfirmation
from ozon_desktop.services.sync.preview import PRICES_A_REQUEST, STOCKS_A_REQUEST

Pair = tuple[PlanItem, int, int]
"""A product, an Ozon warehouse, and the pieces it is to show."""


class NumberSender:
    """Prices and stocks of one run."""

    def __init__(self, desk: Desk, check: StockConfirmation) -> None:
        self._desk = desk
        self._check = check

    async def send_prices(self, items: Sequence[PlanItem], progress: Progress) -> None:
        splitting = Splitting(self._exchange_prices, self._refuse_prices)
        for batch in reported(items, PRICES_A_REQUEST, Stage.PRICES, progress):
            await splitting.send(batch)

    async def _exchange_prices(self, batch: tuple[PlanItem, ...]) -> None:
        ask, take = partial(self._ask_prices, batch), partial(self._take_prices, batch)
        await self._desk.ledger.exchange(ActionKind.PRICE, batch, ask, take)

    async def _ask_prices(self, batch: Sequence[PlanItem]) -> list[UpdateAnswer]:
        payloads = (self._desk.ledger.get(item.offer_id).payload for item in batch)
        currency = next((payload.currency for payload in payloads if payload is not None), "RUB")
        updates = [PriceUpdate(item.offer_id, currency=currency, **_amounts(item)) for item in batch if item.price is not None]
        return await self._desk.client.update_prices(updates)

    def _take_prices(self, batch: Sequence[PlanItem], answers: Iterable[UpdateAnswer]) -> list[Accepted]:
        by_offer = {answer.offer_id: answer for answer in answers}
        record, ledger = self._desk.record, self._desk.ledger
        taken = (item for item in batch if record.note_update(item, [by_offer[item.offer_id]] if item.offer_id in by_offer else []))
        return [ledger.learn(ledger.get(item.offer_id), **_amounts(item)) for item in taken]

    def _refuse_prices(self, batch: tuple[PlanItem, ...], error: Exception) -> None:
        for item in batch:
            self._desk.record.note_error(item, error)

    async def send_stocks(self, items: Sequence[PlanItem], progress: Progress) -> None:
        pairs = [(item, warehouse, stock) for item in items for warehouse, stock in item.stocks]
        answers: dict[str, list[UpdateAnswer]] = {}
        splitting = Splitting(partial(self._exchange_stocks, answers), partial(_refuse_stocks, answers))
        try:
            for batch in reported(pairs, STOCKS_A_REQUEST, Stage.STOCKS, progress):
                await splitting.send(batch)
        finally:
            for item in items:
                if item.offer_id in answers:
                    self._desk.record.note_update(item, answers[item.offer_id])
        await self._check_stocks({item.offer_id: item for item in items}, answers)

    async def _exchange_stocks(self, answers: dict[str, list[UpdateAnswer]], batch: tuple[Pair, ...]) -> None:
        of_batch = tuple({item.offer_id: item for item, _, _ in batch}.values())
        ask = partial(self._desk.client.update_stocks, [StockUpdate(item.offer_id, warehouse, stock) for item, warehouse, stock in batch])
        await self._desk.ledger.exchange(ActionKind.STOCK, of_batch, ask, partial(self._take_stocks, batch, of_batch, answers))

    def _take_stocks(
        self,
        batch: Sequence[Pair],
        items: Iterable[PlanItem],
        answers: dict[str, list[UpdateAnswer]],
        fresh: Sequence[UpdateAnswer],
    ) -> list[Accepted]:
        said = {(answer.offer_id, answer.warehouse_id) for answer in fresh}
        unsaid = [(item.offer_id, house) for item, house, _ in batch if (item.offer_id, house) not in said]
        nothing = (ItemError("no_answer", ""),)
        silent = [UpdateAnswer(offer_id, updated=False, warehouse_id=house, errors=nothing) for offer_id, house in unsaid]
        for answer in (*fresh, *silent):
            answers.setdefault(answer.offer_id, []).append(answer)
        taken = {(answer.offer_id, answer.warehouse_id) for answer in fresh if answer.updated}
        learned: list[Accepted] = []
        for item in items:
            accepted = {warehouse: stock for warehouse, stock in item.stocks if (item.offer_id, warehouse) in taken}
            if accepted:
                known = self._desk.ledger.get(item.offer_id)
                learned.append(self._desk.ledger.learn(known, stocks=tuple({**dict(known.stocks), **accepted}.items())))
        return learned

    async def _check_stocks(self, items: Mapping[str, PlanItem], answers: Mapping[str, Sequence[UpdateAnswer]]) -> None:
        """Whether Ozon shows the stocks it accepted; one that it does not show the second time either still waits for it."""
        record = self._desk.record
        taken = {offer_id: {answer.warehouse_id for answer in given if answer.updated} for offer_id, given in answers.items()}
        sent = {offer_id: tuple(pair for pair in item.stocks if pair[0] in taken.get(offer_id, ())) for offer_id, item in items.items()}
        checked = await self._check.after({offer_id: pairs for offer_id, pairs in sent.items() if pairs})
        if checked.problem is not None:
            record.notes.append(checked.problem)
        for offer_id in checked.missing:
            if record.state(items[offer_id]) is OutcomeState.SENT:
                state = OutcomeState.WAITING if offer_id in checked.late else OutcomeState.SENT
                record.note(items[offer_id], state, (ItemError(STOCK_NOT_SHOWN, ""),))


def _refuse_stocks(answers: dict[str, list[UpdateAnswer]], batch: tuple[Pair, ...], error: Exception) -> None:
    for item, warehouse, _ in batch:
        refused = UpdateAnswer(item.offer_id, updated=False, warehouse_id=warehouse, errors=(item_error(error),))
        answers.setdefault(item.offer_id, []).append(refused)


def _amounts(item: PlanItem) -> dict[str, Any]:
    """The prices that are sent; those left as they are on Ozon are not among them."""
    amounts = (("price", item.price), ("old_price", item.old_price), ("min_price", item.min_price))
    return {name: amount for name, amount in amounts if amount is not None}
