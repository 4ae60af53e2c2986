"""How often Ozon takes changes of one product: known before sending, so that nothing is sent only to be refused."""

from collections import deque
from dataclasses import dataclass, field

from ozon_desktop.domain.cabinet import TOO_OFTEN, ItemError, UpdateAnswer
from ozon_desktop.ozon.requests import PriceUpdate, StockUpdate

STOCK_EVERY_S = 30.0
"""The stock of one product in one warehouse may be set not more often than this."""

PRICES_AN_HOUR = 10
HOUR_S = 3_600.0


@dataclass(slots=True)
class ItemLimits:
    """Remembers what was sent to each cabinet, as long as the program runs; other programs' changes are not known here.

    What may not be sent yet gets the answer Ozon would give. Times are those of the transport's clock, in seconds.
    """

    stock_every_s: float = STOCK_EVERY_S
    prices_an_hour: int = PRICES_AN_HOUR
    _stocks: dict[tuple[int, str, int], float] = field(default_factory=dict)
    _prices: dict[tuple[int, str], deque[float]] = field(default_factory=dict)

    def stock_refusal(self, client_id: int, stock: StockUpdate, now: float) -> UpdateAnswer | None:
        """What Ozon would answer to a stock that is sent too early; None = it may be sent."""
        sent = self._stocks.get((client_id, stock.offer_id, stock.warehouse_id))
        if sent is None or now - sent >= self.stock_every_s:
            return None
        why = ItemError(TOO_OFTEN, "", retry_after_s=sent + self.stock_every_s - now)
        return UpdateAnswer(stock.offer_id, updated=False, warehouse_id=stock.warehouse_id, errors=(why,))

    def price_refusal(self, client_id: int, price: PriceUpdate, now: float) -> UpdateAnswer | None:
        """What Ozon would answer to one price too many in an hour; None = it may be sent."""
        sent = self._prices.get((client_id, price.offer_id))
        if sent is None or len(sent) < self.prices_an_hour or now - sent[0] >= HOUR_S:
            return None
        return UpdateAnswer(price.offer_id, updated=False, errors=(ItemError(TOO_OFTEN, "", retry_after_s=sent[0] + HOUR_S - now),))

    def stocks_answered(self, client_id: int, answers: list[UpdateAnswer], now: float) -> None:
        """What Ozon took counts from now."""
        for answer in answers:
            if answer.updated:
                self._stocks[client_id, answer.offer_id, answer.warehouse_id] = now

    def prices_answered(self, client_id: int, answers: list[UpdateAnswer], now: float) -> None:
        """What Ozon took counts from now."""
        for answer in answers:
            if answer.updated:
                self._prices.setdefault((client_id, answer.offer_id), deque(maxlen=self.prices_an_hour)).append(now)
