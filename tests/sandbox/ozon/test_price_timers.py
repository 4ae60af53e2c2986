"""The lowest price is heeded for 30 days from its setting, unless it is prolonged."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.sandbox.ozon.conftest import Api, Clock

STATUS, UPDATE = "/v1/product/action/timer/status", "/v1/product/action/timer/update"


async def _set(api: Api, **price: Any) -> None:
    row = {"offer_id": "RU-1", "price": "2000", "old_price": "0", **price}
    assert (await api.call("/v1/product/import/prices", {"prices": [row]}))["result"][0]["updated"]


async def _status(api: Api, sandbox: Sandbox) -> dict[str, Any]:
    (status,) = (await api.call(STATUS, {"product_ids": [str(sandbox.products["RU-1"].product_id)]}))["statuses"]
    return dict(status)


async def test_it_lives_thirty_days_and_can_be_prolonged(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    await api.import_on_sale("RU-1")
    await _set(api, min_price="1500", min_price_for_auto_actions_enabled=True, auto_add_to_ozon_actions_list_enabled="ENABLED")
    set_at = clock.now
    status = await _status(api, sandbox)
    assert status["min_price_for_auto_actions_enabled"] is True
    assert status["expired_at"].startswith(f"{set_at + timedelta(days=30):%Y-%m-%d}")
    clock.move(29 * 86_400)
    assert sandbox.add_to_promotion(Decimal("0.7")) == {}
    assert await api.call(UPDATE, {"product_ids": [sandbox.products["RU-1"].product_id]}) == {}
    clock.move(29 * 86_400)
    assert sandbox.add_to_promotion(Decimal("0.7")) == {}
    clock.move(2 * 86_400)
    assert sandbox.add_to_promotion(Decimal("0.7")) == {"RU-1": Decimal(1400)}
    status = await _status(api, sandbox)
    assert status["min_price_for_auto_actions_enabled"] is False
    assert "expired_at" not in status


async def test_without_the_flag_a_lowest_price_is_not_heeded(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1")
    await _set(api, min_price="1500", auto_add_to_ozon_actions_list_enabled="ENABLED")
    assert sandbox.add_to_promotion(Decimal("0.7")) == {"RU-1": Decimal(1400)}
    await api.call(UPDATE, {"product_ids": [sandbox.products["RU-1"].product_id]})
    assert sandbox.add_to_promotion(Decimal("0.7")) == {"RU-1": Decimal(1400)}, "nothing to prolong"


async def test_a_price_without_the_flag_changes_nothing_of_it(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    await api.import_on_sale("RU-1")
    await _set(api, min_price="1500", min_price_for_auto_actions_enabled=True)
    first = await _status(api, sandbox)
    clock.move(3_600)
    await _set(api, price="2100")
    assert await _status(api, sandbox) == first
    await _set(api, min_price_for_auto_actions_enabled=False)
    assert (await _status(api, sandbox))["min_price_for_auto_actions_enabled"] is False


async def test_unknown_products(api: Api) -> None:
    assert await api.call(STATUS, {"product_ids": [5]}) == {"statuses": []}
    assert (await api.refused(UPDATE, {"product_ids": [5]}))[0] == 404
    assert (await api.refused(UPDATE, {"product_ids": []}))[0] == 400
    assert (await api.refused(STATUS, {"product_ids": list(range(1001))}))[0] == 400
