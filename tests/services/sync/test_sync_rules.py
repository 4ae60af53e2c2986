"""Rules for prices and stocks from the store to the sandbox: what arrives, what is held back, and what only a full export takes away."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from ozon_desktop.domain.holds import OF_PRICES, confirmed
from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.price_rules import GuardLimits, PriceRule, PriceRules
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.stock_rules import Selling, Spread, StockException, StockRules, WarehouseRule
from ozon_desktop.domain.sync_plan import ActionKind, Hold, Part, Reason
from ozon_desktop.errors import NotFound, WrongInput
from ozon_desktop.services.sync.sync import SyncRequest
from tests.services.shop import FOREST_WAREHOUSE, MAIN_WAREHOUSE, SHIRTS, Shirt, Shop, wanted, write_export

PRICES_PATH, STOCKS_PATH, IMPORT_PATH = "/v1/product/import/prices", "/v2/products/stocks", "/v3/product/import"
CAREFUL = GuardLimits(Decimal(30), Decimal(50), at_least=1)
DISCOUNTED = PriceRules(PriceRule(None, Decimal(20), Decimal(10), True), PriceRule(None, Decimal(-20)))


async def set_prices(shop: Shop, rules: PriceRules) -> None:
    view = await shop.application.sync_rules.view(shop.integration)
    await shop.application.sync_rules.save(shop.integration, rules, view.stocks)


async def set_stocks(shop: Shop, rules: StockRules) -> None:
    view = await shop.application.sync_rules.view(shop.integration)
    await shop.application.sync_rules.save(shop.integration, view.prices, rules)


async def run(shop: Shop, *parts: Part) -> RunResult:
    shop.line.mend()
    chosen = frozenset(parts) or frozenset(Part)
    return (await shop.application.sync.run(shop.integration, silent, SyncRequest(parts=chosen))).run.result


def amounts(shop: Shop, offer_id: str = "RU-1") -> tuple[Decimal, Decimal, Decimal]:
    product = shop.sandbox.products[offer_id]
    return product.price, product.old_price, product.min_price


def offered(shop: Shop, offer_id: str) -> dict[int, int]:
    return dict(shop.sandbox.products[offer_id].stocks)


# --- Prices ---------------------------------------------------------------------------------------------------------


async def test_old_and_lowest_price_arrive_with_the_first_run(shop: Shop) -> None:
    await set_prices(shop, DISCOUNTED)
    assert await run(shop) is RunResult.DONE
    assert amounts(shop) == (Decimal(1990), Decimal(2389), Decimal(1592))
    assert await run(shop) is RunResult.DONE
    assert not {PRICES_PATH, STOCKS_PATH, IMPORT_PATH} & set(shop.line.paths), "nothing changed"


async def test_old_price_of_a_price_type_goes_when_the_store_has_none_any_more(shop: Shop) -> None:
    path = write_export(shop.folder / "shop.xml", *SHIRTS)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("<price>1990</price>", "<price>1990</price><oldprice>2490</oldprice>"), encoding="utf-8")
    await shop.application.store_import.import_files([path], silent)
    (old,) = [kind for kind in (await shop.application.sync_rules.view(shop.integration)).price_types if kind.id != "price"]
    await set_prices(shop, PriceRules(PriceRule(old.id)))
    await run(shop)
    assert amounts(shop)[:2] == (Decimal(1990), Decimal(2490))
    assert amounts(shop, "RU-2")[1] == 0
    path.write_text(text, encoding="utf-8")
    await shop.application.store_import.import_files([path], silent)
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert [(change.field, change.old, change.new) for change in preview.plan.of(ActionKind.PRICE)[0].changes] == [
        ("old_price", "2490", "")
    ]
    await run(shop)
    assert amounts(shop)[:2] == (Decimal(1990), Decimal(0))


async def test_changed_card_keeps_its_old_price(shop: Shop) -> None:
    await set_prices(shop, DISCOUNTED)
    await run(shop)
    await shop.stocks_the_store(replace(SHIRTS[0], name="Рубашка новая"), *SHIRTS[1:])
    assert await run(shop) is RunResult.DONE
    assert amounts(shop) == (Decimal(1990), Decimal(2389), Decimal(1592))
    assert PRICES_PATH not in shop.line.paths


async def test_all_three_prices_go_in_one_request(shop: Shop) -> None:
    await set_prices(shop, DISCOUNTED)
    await run(shop)
    await shop.stocks_the_store(*(replace(shirt, price=str(Decimal(shirt.price) + 100)) for shirt in SHIRTS))
    assert await run(shop) is RunResult.DONE
    assert amounts(shop) == (Decimal(2090), Decimal(2509), Decimal(1672))
    assert shop.line.paths.count(PRICES_PATH) == 1


async def test_discount_that_is_too_small_is_told_and_not_sent(shop: Shop) -> None:
    await run(shop)
    await set_prices(shop, PriceRules(PriceRule(None, Decimal(3))))
    shop.line.mend()
    result = await shop.application.sync.run(shop.integration, silent)
    assert PRICES_PATH not in shop.line.paths
    problems = {problem.offer_id: problem for problem in result.run.problems}
    assert problems["RU-1"].code == "discount_for_average_price_is_too_small"
    assert "нужно не меньше 5 %" in problems["RU-1"].text
    assert "2 049,70" in problems["RU-1"].text.replace("\u00a0", " ")


async def test_prices_are_left_alone_without_rules(shop: Shop) -> None:
    await run(shop)
    shop.sandbox.products["RU-1"].old_price = Decimal(3000)
    await shop.stocks_the_store(replace(SHIRTS[0], price="2090"), *SHIRTS[1:])
    await run(shop)
    assert amounts(shop) == (Decimal(2090), Decimal(3000), Decimal(0))


async def test_sudden_prices_wait_and_all_else_goes_on(shop: Shop) -> None:
    await set_prices(shop, PriceRules(guard=CAREFUL))
    await run(shop)
    cheap = replace(SHIRTS[0], price="199", stock=4, name="Рубашка другая")
    await shop.stocks_the_store(cheap, replace(SHIRTS[1], price="2590"), SHIRTS[2])
    shop.line.mend()
    preview = await shop.application.previews.preview(shop.integration, silent)
    guard = preview.guard
    assert guard is not None
    assert (guard.stopped, guard.large, guard.prices) == (True, 1, 3)
    assert [(example.offer_id, example.old, example.new) for example in guard.examples] == [("RU-1", Decimal(1990), Decimal(199))]
    result = await shop.application.sync.run(shop.integration, silent)
    assert shop.sandbox.products["RU-1"].price == Decimal(1990)
    assert shop.sandbox.products["RU-2"].price == Decimal(2490)
    assert shop.sandbox.products["RU-1"].name == "Рубашка другая"
    assert offered(shop, "RU-1")[MAIN_WAREHOUSE] == 4
    held = [problem.offer_id for problem in result.run.problems if problem.code == Hold.MANY_PRICES]
    assert sorted(held) == ["RU-1", "RU-2"]


async def test_confirmed_prices_are_sent(shop: Shop) -> None:
    await set_prices(shop, replace(DISCOUNTED, guard=CAREFUL))
    await run(shop)
    after = (replace(SHIRTS[0], price="199", name="Рубашка другая"), *SHIRTS[1:])
    await shop.stocks_the_store(*after)
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert preview.guard is not None
    assert preview.guard.stopped
    held = [item for item in preview.plan.items if item.hold is Hold.MANY_PRICES]
    assert [(item.offer_id, item.price, item.min_price) for item in held] == [("RU-1", Decimal(199), Decimal("159.2"))]
    await shop.application.sync.run(shop.integration, silent, SyncRequest(plan=confirmed(preview.plan, OF_PRICES)))
    assert amounts(shop) == (Decimal(199), Decimal(239), Decimal("159.2"))
    assert shop.on_ozon() == wanted(*after)


async def test_a_few_large_changes_are_not_many(shop: Shop) -> None:
    """Each of them is held by itself unless the limit for one price lets it pass; the others go."""
    await set_prices(shop, PriceRules(guard=GuardLimits(single=Decimal(95))))
    await run(shop)
    await shop.stocks_the_store(replace(SHIRTS[0], price="199"), *SHIRTS[1:])
    assert await run(shop) is RunResult.DONE
    assert shop.sandbox.products["RU-1"].price == Decimal(199)


# --- Stocks ---------------------------------------------------------------------------------------------------------


async def test_warehouses_are_fed_by_their_rules(shop: Shop) -> None:
    view = await shop.application.sync_rules.view(shop.integration)
    main, forest = (warehouse.id for warehouse in sorted(view.store_warehouses, key=lambda house: house.name != "Основной склад"))
    await set_stocks(shop, StockRules((WarehouseRule(FOREST_WAREHOUSE, Spread.SUM, (main, forest)),), reserve=1))
    await run(shop)
    assert offered(shop, "RU-2") == {FOREST_WAREHOUSE: 4, MAIN_WAREHOUSE: 0}
    assert offered(shop, "RU-3") == {FOREST_WAREHOUSE: 0, MAIN_WAREHOUSE: 0}


async def test_product_that_is_switched_off_is_zeroed_or_left_alone(shop: Shop) -> None:
    await run(shop)
    first, second = [(await shop.application.sync_rules.product(shop.integration, offer)).id for offer in ("RU-1", "RU-2")]
    off = (StockException(product_id=first, selling=Selling.ZERO), StockException(product_id=second, selling=Selling.LEAVE))
    await set_stocks(shop, StockRules(exceptions=off))
    await shop.stocks_the_store(replace(SHIRTS[0], stock=9), replace(SHIRTS[1], stock=9), SHIRTS[2])
    await run(shop)
    assert offered(shop, "RU-1") == {MAIN_WAREHOUSE: 0, FOREST_WAREHOUSE: 0}
    assert offered(shop, "RU-2") == {MAIN_WAREHOUSE: 3, FOREST_WAREHOUSE: 2}


async def test_category_that_is_switched_off_takes_those_below_with_it(shop: Shop) -> None:
    await set_stocks(shop, StockRules(exceptions=(StockException(category_id="1", selling=Selling.ZERO),)))
    await run(shop)
    assert offered(shop, "RU-2") == {MAIN_WAREHOUSE: 0, FOREST_WAREHOUSE: 0}


async def test_what_buyers_ordered_is_not_offered_twice(shop: Shop) -> None:
    await run(shop)
    shop.sandbox.place_order("RU-1", 2)
    assert await run(shop) is RunResult.DONE
    assert offered(shop, "RU-1")[MAIN_WAREHOUSE] == 3
    await shop.stocks_the_store(replace(SHIRTS[0], stock=4), *SHIRTS[1:])
    await run(shop)
    assert offered(shop, "RU-1")[MAIN_WAREHOUSE] == 2
    await run(shop)
    assert STOCKS_PATH not in shop.line.paths, "worked out to the same"
    assert offered(shop, "RU-1")[MAIN_WAREHOUSE] == 2


async def test_what_is_sold_from_a_warehouse_of_another_program_takes_nothing_off(shop: Shop) -> None:
    main = next(
        house.id for house in (await shop.application.sync_rules.view(shop.integration)).store_warehouses if "Основной" in house.name
    )
    rules = StockRules((WarehouseRule(MAIN_WAREHOUSE, Spread.SUM, (main,)), WarehouseRule(FOREST_WAREHOUSE, Spread.LEAVE)))
    await set_stocks(shop, rules)
    await run(shop)
    stocks = shop.sandbox.products["RU-1"].stocks
    shop.sandbox.place_order("RU-1", 1)
    stocks.update({MAIN_WAREHOUSE: 0, FOREST_WAREHOUSE: 3})
    shop.sandbox.place_order("RU-1", 3)
    await shop.stocks_the_store(replace(SHIRTS[0], stock=9), *SHIRTS[1:])
    await run(shop)
    assert offered(shop, "RU-1")[MAIN_WAREHOUSE] == 8


async def test_stocks_are_compared_with_what_ozon_shows(shop: Shop) -> None:
    await run(shop)
    good = await shop.application.sync_rules.verify(shop.integration, silent)
    assert (good.checked, good.different) == (3, ())
    shop.sandbox.products["RU-2"].stocks[MAIN_WAREHOUSE] = 50
    bad = await shop.application.sync_rules.verify(shop.integration, silent)
    told = [(seen.offer_id, seen.warehouse, seen.sent, seen.free) for seen in bad.different]
    assert told == [("RU-2", "Основной склад", 3, 50)]
    shop.sandbox.products["RU-2"].stocks.update({MAIN_WAREHOUSE: 2, FOREST_WAREHOUSE: 3})
    moved = await shop.application.sync_rules.verify(shop.integration, silent)
    assert {(seen.warehouse_id, seen.sent, seen.free) for seen in moved.different} == {(MAIN_WAREHOUSE, 3, 2), (FOREST_WAREHOUSE, 2, 3)}
    assert moved.checked == 3
    shop.sandbox.products["RU-2"].stocks.update({MAIN_WAREHOUSE: 3, FOREST_WAREHOUSE: 2})
    shop.sandbox.place_order("RU-1", 2)
    assert (await shop.application.sync_rules.verify(shop.integration, silent)).different == (), "an order explains it"


async def test_stocks_of_fbo_are_shown_and_never_sent(shop: Shop) -> None:
    await run(shop)
    page = await shop.application.integrations.page(shop.integration)
    await shop.application.integrations.save(shop.integration, replace(page.integration.settings, scheme=Scheme.FBO), None)
    await shop.stocks_the_store(*(replace(shirt, stock=77) for shirt in SHIRTS))
    await run(shop)
    assert STOCKS_PATH not in shop.line.paths
    check = await shop.application.sync_rules.verify(shop.integration, silent)
    assert check.checked == 0
    assert {seen.offer_id for seen in check.seen} == {"RU-1", "RU-2", "RU-3"}


@pytest.mark.parametrize("parts", [(), (Part.PRICES, Part.STOCKS)])
async def test_product_gone_from_a_full_export_is_not_offered_any_more(shop: Shop, parts: tuple[Part, ...]) -> None:
    await run(shop)
    await shop.stocks_the_store(SHIRTS[0], SHIRTS[2])
    assert await run(shop, *parts) is RunResult.DONE
    assert set(offered(shop, "RU-2").values()) == {0}
    assert shop.sandbox.products["RU-2"].archived == (parts == ())
    await run(shop, *parts)
    assert STOCKS_PATH not in shop.line.paths


def commerceml(path: Path, changes_only: bool, **stocks: int) -> Path:
    """An offers package of CommerceML with these stocks on one warehouse."""
    offers = "".join(f"<Предложение><Ид>{id_}</Ид><Количество>{stock}</Количество></Предложение>" for id_, stock in stocks.items())
    path.write_text(
        f"""<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.05"><ПакетПредложений СодержитТолькоИзменения="{str(changes_only).lower()}">
<Ид>p#</Ид><Наименование>Пакет</Наименование><ИдКаталога>c</ИдКаталога><ИдКлассификатора>s</ИдКлассификатора>
<Предложения>{offers}</Предложения></ПакетПредложений></КоммерческаяИнформация>""",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("changes_only", [True, False])
async def test_partial_commerceml_leaves_alone_what_a_full_one_takes_away(shop: Shop, changes_only: bool) -> None:
    """The shirts come from YML; their stocks then from offers packages that name only one of them."""
    await run(shop)
    structure = await shop.application.storage.run(lambda unit: unit.store.structures()[0].id)
    path = commerceml(shop.folder / "offers.xml", changes_only, **{"id-RU-1": 8})
    path.write_text(path.read_text(encoding="utf-8").replace(">s<", f">{structure}<"), encoding="utf-8")
    await shop.application.store_import.import_files([path], silent)
    assert await run(shop) is RunResult.DONE
    assert sum(offered(shop, "RU-2").values()) == (5 if changes_only else 0)
    # A quantity without a warehouse is all there is of the product.
    assert sum(offered(shop, "RU-1").values()) == 8


def commerceml_goods(path: Path, structure: str, changes_only: bool, *ids: str) -> Path:
    """A catalogue of CommerceML that names these products only."""
    goods = "".join(
        f"<Товар><Ид>{id_}</Ид><Артикул>{id_.removeprefix('id-')}</Артикул><Наименование>Рубашка</Наименование></Товар>" for id_ in ids
    )
    path.write_text(
        f"""<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.05"><Каталог СодержитТолькоИзменения="{str(changes_only).lower()}">
<Ид>c</Ид><ИдКлассификатора>{structure}</ИдКлассификатора><Наименование>Каталог</Наименование>
<Товары>{goods}</Товары></Каталог></КоммерческаяИнформация>""",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("changes_only", [True, False])
async def test_product_is_archived_when_a_full_catalogue_lacks_it_and_left_alone_when_a_partial_one_does(
    shop: Shop, changes_only: bool
) -> None:
    await run(shop)
    structure = await shop.application.storage.run(lambda unit: unit.store.structures()[0].id)
    path = commerceml_goods(shop.folder / "import.xml", structure, changes_only, "id-RU-1")
    await shop.application.store_import.import_files([path], silent)
    plan = (await shop.application.previews.preview(shop.integration, silent)).plan
    wanted = [] if changes_only else [("RU-2", Reason.DELETED_IN_STORE), ("RU-3", Reason.DELETED_IN_STORE)]
    assert [(item.offer_id, item.reason) for item in plan.of(ActionKind.ARCHIVE)] == wanted
    await run(shop)
    assert ("/v1/product/archive" in shop.line.paths) == (not changes_only)
    assert {offer for offer, product in shop.sandbox.products.items() if product.archived} == {offer for offer, _ in wanted}
    assert sum(offered(shop, "RU-2").values()) == (5 if changes_only else 0)


# --- The rules themselves ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prices", "stocks", "told"),
    [
        (PriceRules(PriceRule("nowhere")), None, "такого типа цен в магазине нет"),
        (PriceRules(minimum=PriceRule(None, Decimal(-100))), None, "наценка"),
        (PriceRules(guard=GuardLimits(share=Decimal(101))), None, "доля"),
        (PriceRules(), StockRules(reserve=-1), "меньше нуля"),
        (PriceRules(), StockRules((WarehouseRule(1, Spread.SUM),)), "с каких складов"),
        (PriceRules(), StockRules((WarehouseRule(1, Spread.SUM, ("nowhere",)),)), "nowhere"),
        (PriceRules(), StockRules((WarehouseRule(1, Spread.LEAVE), WarehouseRule(1, Spread.LEAVE))), "одно правило"),
        (PriceRules(), StockRules(exceptions=(StockException(),)), "либо товар, либо категория"),
    ],
)
async def test_rules_that_can_never_work_are_refused(shop: Shop, prices: PriceRules, stocks: StockRules | None, told: str) -> None:
    with pytest.raises(WrongInput, match=told):
        await shop.application.sync_rules.save(shop.integration, prices, stocks)
    view = await shop.application.sync_rules.view(shop.integration)
    assert (view.prices, view.stocks) == (PriceRules(), None)


async def test_new_shirt_whose_card_is_refused_gets_no_price(shop: Shop) -> None:
    await set_prices(shop, DISCOUNTED)
    shop.sandbox.memory.quotas.daily_create = 0
    await run(shop)
    assert PRICES_PATH not in shop.line.paths
    shop.sandbox.memory.quotas.daily_create = 1_000
    await shop.stocks_the_store(*(Shirt(f"NEU-{number}") for number in range(2)))
    await run(shop)
    assert amounts(shop, "NEU-1") == (Decimal(1990), Decimal(2389), Decimal(1592))


# --- What the window asks -------------------------------------------------------------------------------------------


async def test_an_example_is_a_product_that_has_a_price(shop: Shop) -> None:
    service = shop.application.sync_rules
    example = await service.example(shop.integration)
    assert example is not None
    assert example.currency == "RUB"
    assert example.price == next(Decimal(shirt.price) for shirt in SHIRTS if shirt.offer_id == example.product.offer_id)
    other = await service.example(shop.integration, "RU-2")
    assert other is not None
    assert other.product.offer_id == "RU-2"
    with pytest.raises(NotFound):
        await service.example(shop.integration, "нет такого")


async def test_products_of_exceptions_are_named(shop: Shop) -> None:
    service = shop.application.sync_rules
    product = await service.product(shop.integration, "RU-2")
    assert product.offer_id == "RU-2"
    with pytest.raises(NotFound):
        await service.product(shop.integration, "нет такого")
    await set_stocks(shop, StockRules(exceptions=(StockException(product_id=product.id, selling=Selling.ZERO),)))
    assert (await service.view(shop.integration)).products == (product,)
