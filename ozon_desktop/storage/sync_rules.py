"""The rules for prices and stocks of an integration."""

from sqlalchemy import Connection

from ozon_desktop.domain.price_rules import PriceRules
from ozon_desktop.domain.stock_rules import StockRules
from ozon_desktop.storage.sql import of_integration, upsert
from ozon_desktop.storage.sync_rule_tables import sync_rules


class SyncRuleRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def prices(self, integration_id: int) -> PriceRules:
        """The rules for prices; those of a new integration when none were saved."""
        found = self._read(integration_id)
        return PriceRules() if found is None else found[0]

    def stocks(self, integration_id: int) -> StockRules | None:
        """The rules for stocks; None = they were never set."""
        found = self._read(integration_id)
        return None if found is None else found[1]

    def save(self, integration_id: int, prices: PriceRules, stocks: StockRules | None) -> None:
        upsert(self._connection, sync_rules, [{"integration_id": integration_id, "prices": prices, "stocks": stocks}])

    def _read(self, integration_id: int) -> tuple[PriceRules, StockRules | None] | None:
        row = of_integration(self._connection, sync_rules, integration_id).one_or_none()
        return None if row is None else (row.prices, row.stocks)
