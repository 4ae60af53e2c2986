"""A plan compared with what Ozon shows now: someone's changes in the cabinet are found, and what is as it should be is left alone."""

from dataclasses import replace
from decimal import Decimal

from ozon_desktop.domain.price_rules import PriceRule, PriceRules
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind, Reason
from ozon_desktop.services.sync.preview import Preview
from ozon_desktop.services.sync.sync import SyncRequest
from tests.services.shop import FOREST_WAREHOUSE, MAIN_WAREHOUSE, SHIRTS, Shop, wanted


async def compared(shop: Shop) -> Preview:
    return await shop.application.previews.preview(shop.integration, silent, against_ozon=True)


async def test_nothing_is_planned_when_ozon_shows_what_was_sent(shop: Shop) -> None:
    await shop.application.sync_rules.save(shop.integration, PriceRules(PriceRule(None, Decimal(20)), PriceRule(None, Decimal(-20))), None)
    await shop.application.sync.run(shop.integration, silent)
    preview = await compared(shop)
    assert preview.against_ozon
    assert preview.plan.items == ()


async def test_changes_made_in_the_cabinet_are_found_and_undone(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    cabinet = shop.sandbox.products
    cabinet["RU-1"].price = Decimal(1500)
    cabinet["RU-2"].stocks[MAIN_WAREHOUSE] = 90
    cabinet["RU-3"].item["name"] = "Переименована в кабинете"
    cabinet["RU-3"].item["weight"] = 900
    assert (await shop.application.previews.preview(shop.integration, silent)).plan.items == (), "what was accepted did not change"
    preview = await compared(shop)
    found = {(item.kind, item.offer_id): [(change.field, change.old, change.new) for change in item.changes] for item in preview.plan.items}
    assert found == {
        (ActionKind.UPDATE, "RU-3"): [("name", "Переименована в кабинете", "Рубашка RU-3"), ("weight", "900", "350")],
        (ActionKind.PRICE, "RU-1"): [("price", "1500", "1990")],
        (ActionKind.STOCK, "RU-2"): [(f"stock:{MAIN_WAREHOUSE}", "90", "3")],
    }
    assert {item.reason for item in preview.plan.items} == {Reason.OZON_DIFFERS}
    await shop.application.sync.run(shop.integration, silent, SyncRequest(plan=preview.plan))
    assert shop.on_ozon() == wanted(*SHIRTS)


async def test_goods_on_the_wrong_warehouse_are_a_difference_though_the_sum_is_right(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    shop.sandbox.products["RU-2"].stocks.update({MAIN_WAREHOUSE: 2, FOREST_WAREHOUSE: 3})
    plan = (await compared(shop)).plan
    assert [(item.offer_id, dict(item.stocks)) for item in plan.items] == [("RU-2", {MAIN_WAREHOUSE: 3, FOREST_WAREHOUSE: 2})]
    await shop.application.sync.run(shop.integration, silent, SyncRequest(plan=plan))
    assert shop.on_ozon() == wanted(*SHIRTS)


async def test_an_order_is_no_difference_to_be_undone(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    shop.sandbox.place_order("RU-1", 2)
    assert [(item.offer_id, item.kind) for item in (await compared(shop)).plan.items] == []


async def test_what_changed_in_the_store_is_told_against_ozon_as_well(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    await shop.stocks_the_store(replace(SHIRTS[0], price="2090"), *SHIRTS[1:])
    preview = await compared(shop)
    assert [(item.kind, item.reason) for item in preview.plan.items] == [(ActionKind.PRICE, Reason.PRICE_CHANGED)]


async def test_cabinet_that_cannot_be_read_leaves_the_usual_plan(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    shop.line.break_at("/v5/product/info/prices", "network")
    preview = await compared(shop)
    assert not preview.against_ozon
    assert preview.offline is not None


async def test_plan_tells_what_it_will_use_of_the_limits(shop: Shop) -> None:
    preview = await shop.application.previews.preview(shop.integration, silent)
    uses = {use.limit.name: (use.wanted, use.fits) for use in preview.limit_uses}
    assert uses == {"total": (3, True), "daily_create": (3, True), "daily_update": (0, True)}
    shop.sandbox.quotas.daily_create = 2
    assert {use.limit.name for use in (await shop.application.previews.preview(shop.integration, silent)).limit_uses if not use.fits} == {
        "daily_create"
    }
