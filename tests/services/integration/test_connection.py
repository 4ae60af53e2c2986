"""What a check of the connection finds, with keys that may do everything, only orders, and nothing any more."""

import pytest

from ozon_desktop.domain.integration import ConnectionReport
from ozon_desktop.errors import InvalidKey, NoConnection
from ozon_desktop.ozon.endpoints import NEEDED_METHODS, Function
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, POSTING_KEY
from ozon_desktop.services.integration.connection import missing_functions
from tests.services.shop import Line, Shop


async def check_with(shop: Shop, key: str) -> ConnectionReport:
    page = await shop.application.integrations.page(shop.integration)
    await shop.application.integrations.save(shop.integration, page.integration.settings, key)
    return await shop.application.connection.check(shop.integration)


async def test_administrators_key_lacks_nothing(shop: Shop) -> None:
    report = await check_with(shop, ADMIN_KEY)
    assert report.company
    assert report.currency == "RUB"
    assert report.roles == ("Admin",)
    assert report.expires_at is not None
    assert {limit.name for limit in report.limits} == {"total", "daily_create", "daily_update", "per_minute"}
    assert missing_functions(report) == {}


async def test_key_for_orders_lacks_every_other_function_of_the_program(shop: Shop) -> None:
    report = await check_with(shop, POSTING_KEY)
    lacking = missing_functions(report)
    assert {Function.CATALOG, Function.PRODUCTS, Function.PRICES, Function.STOCKS} <= lacking.keys()
    assert "/v1/product/import/prices" in lacking[Function.PRICES]
    assert "/v4/posting/fbs/list" not in lacking.get(Function.ORDERS, ())
    assert sorted(path for paths in lacking.values() for path in paths) == sorted(report.missing_methods)
    assert set(report.missing_methods) <= set(NEEDED_METHODS)


@pytest.mark.parametrize(("trouble", "error"), [("key", InvalidKey), ("network", NoConnection)])
async def test_last_good_report_stays_when_the_check_fails(shop: Shop, line: Line, trouble: str, error: type[Exception]) -> None:
    good = await check_with(shop, ADMIN_KEY)
    line.break_at("/v1/roles", trouble)
    with pytest.raises(error):
        await shop.application.connection.check(shop.integration)
    assert (await shop.application.integrations.page(shop.integration)).integration.connection == good
