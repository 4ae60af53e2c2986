"""Table of the rules for prices and stocks, one row for an integration."""

from sqlalchemy import Column, Table

from ozon_desktop.domain.price_rules import PriceRules
from ozon_desktop.domain.stock_rules import StockRules
from ozon_desktop.storage.columns import Json
from ozon_desktop.storage.table_base import metadata, of_integration

sync_rules = Table(
    "sync_rules",
    metadata,
    of_integration(primary_key=True),
    Column("prices", Json(PriceRules), nullable=False),
    Column("stocks", Json(StockRules)),
)
