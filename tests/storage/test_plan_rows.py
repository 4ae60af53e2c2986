"""Outlines, prints and rules in both databases."""

from dataclasses import replace
from decimal import Decimal
from functools import partial

from ozon_desktop.domain.price_rules import GuardLimits, PriceRule, PriceRules
from ozon_desktop.domain.stock_rules import Selling, Spread, StockException, StockRules, WarehouseRule
from ozon_desktop.services.sync.parts.plan_maker import plan_of
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.services.large_shop import ALL, NOW, accept, fill, imports, product

PRICES = PriceRules(PriceRule("old", Decimal("12.5"), Decimal(10), True), None, GuardLimits(Decimal("7.5"), Decimal(40), 3, active=False))
STOCKS = StockRules(
    (WarehouseRule(1020005000000101, Spread.SHARE, ("a", "b"), Decimal("33.3")),),
    reserve=2,
    lower_limit=3,
    exceptions=(StockException("p", selling=Selling.LEAVE), StockException(category_id="c", reserve=4)),
)


def save_rules(integration: int, prices: PriceRules, stocks: StockRules | None, unit: UnitOfWork) -> None:
    unit.sync_rules.save(integration, prices, stocks)


def test_rules_come_back_as_they_were_saved(database: Database) -> None:
    integration = database.run_sync(lambda unit: unit.integrations.add("Кабинет")).id
    assert database.run_sync(lambda unit: (unit.sync_rules.prices(integration), unit.sync_rules.stocks(integration))) == (
        PriceRules(),
        None,
    )
    for prices, stocks in ((PRICES, STOCKS), (PRICES, None), (PriceRules(), STOCKS)):
        database.run_sync(partial(save_rules, integration, prices, stocks))
        assert database.run_sync(lambda unit: (unit.sync_rules.prices(integration), unit.sync_rules.stocks(integration))) == (
            prices,
            stocks,
        )
    database.run_sync(lambda unit: unit.integrations.delete(integration))
    assert database.run_sync(lambda unit: unit.sync_rules.stocks(integration)) is None


def test_prints_say_what_changed(database: Database) -> None:
    integration = fill(database, 4)

    def work(unit: UnitOfWork) -> None:
        accept(unit, integration, plan_of(unit, integration, ALL).plan)
        assert plan_of(unit, integration, ALL).built == 0, "accepted as planned"
        imports(unit, [replace(product(2), name="Другая")])
        assert plan_of(unit, integration, ALL).built == 1

    database.run_sync(work)


def test_what_was_accepted_is_read_without_the_cards(database: Database) -> None:
    integration = fill(database, 2)

    def work(unit: UnitOfWork) -> None:
        accept(unit, integration, plan_of(unit, integration, ALL).plan)
        whole = unit.plan.accepted_whole(integration, ["A-000001"])["A-000001"]
        unit.sync.save_accepted(integration, [replace(whole, old_price=Decimal("990.50"), min_price=Decimal(0), updated_at=NOW)])
        outline = unit.plan.accepted(integration)["A-000001"]
        assert (outline.product_id, outline.price, outline.old_price, outline.min_price) == (2, Decimal(501), Decimal("990.50"), Decimal(0))
        assert (outline.stocks, outline.archived, outline.fingerprint) == (whole.stocks, False, None)
        unit.plan.save_fingerprints(integration, [("A-000001", "abc")])
        assert unit.plan.accepted(integration)["A-000001"].fingerprint == "abc"
        unit.sync.save_accepted(integration, [whole])
        assert unit.plan.accepted(integration)["A-000001"].fingerprint is None, "what is known changed"

    database.run_sync(work)
