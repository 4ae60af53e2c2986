"""Goods as they come from МойСклад: whole, changed, and while people change them."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from ozon_desktop.backoffice.moysklad.cursor import read_cursor, written
from ozon_desktop.backoffice.moysklad.goods import LOWEST_PRICE, STRUCTURE
from ozon_desktop.domain.import_problems import ImportProblem, ImportProblemKind
from ozon_desktop.domain.store_catalog import (
    CatalogStructure,
    Employee,
    ExportScope,
    OrderDirection,
    Organization,
    Price,
    PriceType,
    Product,
    PropertyDefinition,
    Stock,
    StoreCategory,
    StoreWarehouse,
)
from ozon_desktop.errors import BackOfficeFailed, BackOfficeRightMissing
from ozon_desktop.sandbox.moysklad.shop import fill
from tests.backoffice.moysklad.shop import NOW, Shop, of_type, opened, records, stocks


async def test_a_product_comes_with_all_that_is_known_of_it(shop: Shop) -> None:
    there = shop.there
    crockery = there.add_folder("Посуда")
    mugs = there.add_folder("Кружки", crockery)
    material, fragile = there.add_attribute("Материал"), there.add_attribute("Хрупкое", "boolean")
    brand, length = there.add_attribute("Бренд", "customentity"), there.add_attribute("Длина, мм", "long")
    made, drawing = there.add_attribute("Выпущен", "time"), there.add_attribute("Чертёж", "file")
    units = {row.name: row.id for row in there.memory.lists["uom"].values()}
    mug = there.add_product(
        "Кружка  «Лес»",
        price=590.5,
        stock=7,
        article=" MUG-1 ",
        code="00042",
        folder_id=mugs.id,
        description="Керамика\n",
        vat=10,
        min_price=45000.0,
        barcodes=[{"ean13": "2000000000015"}, {"code128": "ABC"}, {"ean13": "2000000000015"}, {"gtin": "02000000000015"}],
        weight=0.35,
        volume=0.0012,
        uom_id=units["шт"],
        attributes={material: "керамика", fragile: True, brand: "Лес и Ко", length: 120, made: "2026-11-30 00:00:00.000", drawing: "a.pdf"},
    )
    found = records(await shop.whole())
    assert of_type(found, Product) == [
        Product(
            mug.id,
            "MUG-1",
            "Кружка «Лес»",
            STRUCTURE,
            category_ids=(mugs.id,),
            description="Керамика",
            barcodes=("2000000000015", "ABC", "02000000000015"),
            vat="10",
            vendor="Лес и Ко",
            unit="шт",
            properties=(
                ("Материал", "керамика"),
                ("Хрупкое", "да"),
                ("Бренд", "Лес и Ко"),
                ("Длина, мм", "120"),
                ("Выпущен", "2026-11-30"),
                ("Вес, кг", "0.35"),
                ("Объём, м³", "0.0012"),
            ),
            code="00042",
        )
    ]
    assert of_type(found, StoreCategory) == [
        StoreCategory(crockery.id, STRUCTURE, None, "Посуда", 0),
        StoreCategory(mugs.id, STRUCTURE, crockery.id, "Кружки", 1),
    ]
    assert of_type(found, Price) == [
        Price(mug.id, there.price_type, Decimal("590.50")),
        Price(mug.id, LOWEST_PRICE.id, Decimal("450.00")),
    ]
    assert of_type(found, Stock) == [Stock(mug.id, there.store.id, Decimal(7))]
    assert {definition.name: definition.value_type for definition in of_type(found, PropertyDefinition)}["Бренд"] == "Справочник"


async def test_an_export_begins_with_what_it_speaks_of_and_names_the_lists(shop: Shop) -> None:
    there = shop.there
    there.add_to("saleschannel", "Ozon", type="MARKETPLACE")
    there.add_product("Кружка", price=5)
    found = records(await shop.whole())
    assert found[:2] == [ExportScope("catalog", True, STRUCTURE), ExportScope("offers", True, STRUCTURE)]
    assert of_type(found, CatalogStructure) == [CatalogStructure(STRUCTURE, "МойСклад", "ООО «Ромашка»")]
    assert [row.name for row in of_type(found, StoreWarehouse)] == ["Основной склад"]
    assert [row.name for row in of_type(found, Organization)] == ["ООО «Ромашка»"]
    assert [row.name for row in of_type(found, Employee)] == ["Администратор"]
    assert [row.name for row in of_type(found, OrderDirection)] == ["Ozon"]
    assert of_type(found, PriceType)[0] == PriceType(there.price_type, "Цена продажи")


async def test_money_is_in_kopecks_and_in_its_own_currency(shop: Shop) -> None:
    tenge = shop.there.add_to("currency", "тенге", isoCode="KZT", default=False)
    shop.there.add_product("Кружка", price=0.1, currency_id=tenge.id)
    free = shop.there.add_product("Подарок")
    free.prices[shop.there.price_type] = 0.0
    wrong = shop.there.add_product("Ошибка")
    wrong.prices[shop.there.price_type] = -100.0
    found = records(await shop.whole())
    assert [(price.value, price.currency) for price in of_type(found, Price)] == [(Decimal("0.10"), "KZT")]
    assert [(line.kind, line.product) for line in of_type(found, ImportProblem)] == [(ImportProblemKind.NEGATIVE_PRICE, "Ошибка")]


async def test_a_variant_stands_under_its_product(shop: Shop) -> None:
    shirt = shop.there.add_product("Футболка", price=900, article="TEE")
    red = shop.there.add_variant(shirt, characteristics=(("Цвет", "красный"), ("Размер", "M")), stock=3, article="TEE-R", code="7")
    found = records(await shop.whole())
    variant = next(product for product in of_type(found, Product) if product.id == red.id)
    assert (variant.parent_id, variant.offer_id, variant.has_card) == (shirt.id, "TEE-R", True)
    assert variant.properties == (("Цвет", "красный"), ("Размер", "M"))
    assert variant.vat is None
    assert of_type(found, Stock) == [Stock(red.id, shop.there.store.id, Decimal(3))]


async def test_stock_on_a_product_with_variants_is_told_and_not_promised(shop: Shop) -> None:
    shirt = shop.there.add_product("Футболка", stock=12)
    red = shop.there.add_variant(shirt, characteristics=(("Цвет", "красный"),))
    pulled = await shop.whole()
    assert stocks(pulled) == {(red.id, shop.there.store.id): Decimal(0)}
    problem = next(iter(of_type(records(pulled), ImportProblem)))
    assert (problem.kind, problem.product_id, problem.product, problem.written) == (
        ImportProblemKind.STOCK_ON_PRODUCT,
        shirt.id,
        "Футболка",
        "12",
    )


async def test_a_bundle_is_as_many_as_its_scarcest_part_store_by_store(shop: Shop) -> None:
    there = shop.there
    second = there.add_to("store", "Второй")
    cup, saucer = there.add_product("Чашка", stock=7), there.add_product("Блюдце", stock=20)
    there.set_stock(cup, 3, second)
    packing = there._add(type(cup)("00000000-0000-4000-8000-0000000000ff", "service", "Упаковка", NOW), 0, None)
    pair = there.add_bundle("Пара", {cup.id: 2.0, saucer.id: 1.0, packing.id: 1.0})
    found = stocks(await shop.whole())
    assert {store: amount for (good, store), amount in found.items() if good == pair.id} == {there.store.id: 3, second.id: 0}


async def test_what_is_reserved_is_not_free_and_orders_without_a_store_count(shop: Shop) -> None:
    there = shop.there
    second = there.add_to("store", "Второй")
    mug = there.add_product("Кружка", stock=7)
    there.set_stock(mug, 4, second)
    there.memory.reserves[mug.id] = {there.store.id: Decimal(1), "": Decimal(5)}
    found = stocks(await shop.whole())
    assert found == {(mug.id, there.store.id): Decimal(1), (mug.id, second.id): Decimal(4)}
    assert sum(found.values()) == there.free(mug)


async def test_what_never_lay_anywhere_has_none_rather_than_nothing_said(shop: Shop) -> None:
    mug = shop.there.add_product("Кружка")
    assert stocks(await shop.whole()) == {(mug.id, shop.there.store.id): Decimal(0)}


async def test_archived_goods_and_folders_are_gone(shop: Shop) -> None:
    old = shop.there.add_to("productfolder", "Старое", archived=True)
    mug = shop.there.add_product("Кружка", stock=3, archived=True)
    found = records(await shop.whole())
    assert [(product.id, product.deleted) for product in of_type(found, Product)] == [(mug.id, True)]
    assert [(category.id, category.deleted) for category in of_type(found, StoreCategory)] == [(old.id, True)]
    assert {stock.quantity for stock in of_type(found, Stock)} == {Decimal(0)}


async def test_a_row_nobody_can_read_costs_itself_only_and_is_not_gone(shop: Shop) -> None:
    bad = shop.there.add_product("Плохая", stock=2, broken={"salePrices": "даром"})
    good = shop.there.add_product("Хорошая")
    found = records(await shop.whole())
    assert {product.id: product.has_card for product in of_type(found, Product)} == {bad.id: False, good.id: True}
    problem = next(iter(of_type(found, ImportProblem)))
    assert (problem.kind, problem.product_id, problem.product) == (ImportProblemKind.UNREADABLE_ROW, bad.id, "Плохая")
    assert "даром" not in problem.written


async def test_pictures_come_by_their_lasting_links(shop: Shop) -> None:
    mug = shop.there.add_product("Кружка", images=2)
    shirt = shop.there.add_product("Футболка")
    red = shop.there.add_variant(shirt, characteristics=(("Цвет", "красный"),), images=1)
    pair = shop.there.add_bundle("Пара", {mug.id: 2.0}, images=1)
    found = {product.id: product.pictures for product in of_type(records(await shop.whole()), Product)}
    assert found == {good.id: tuple(shop.there.picture_links(good)) for good in (mug, shirt, red, pair)}
    assert [len(pictures) for pictures in found.values()] == [2, 0, 1, 1]


@pytest.mark.parametrize("tariff", ["silent", "refuses"])
async def test_a_tariff_without_lasting_links_gives_goods_without_pictures(shop: Shop, tariff: str) -> None:
    shop.there.memory.picture_links = tariff
    mugs = [shop.there.add_product(f"Кружка {number}", images=1) for number in range(250)]
    pulled = await shop.first_pull()
    assert {product.pictures for product in of_type(records(pulled), Product)} == {()}
    assert len([request for request in shop.there.requests if "expand" in request.query]) < 6
    shop.there.change(mugs[0], name="Другая")
    changed = of_type(records(await shop.pull(pulled.cursor)), Product)
    assert [product.unsaid for product in changed] == [frozenset({"pictures"})]


# --- changes ------------------------------------------------------------------------------------------------------------


async def test_a_hundred_changes_take_six_requests_at_most(shop: Shop) -> None:
    fill(shop.there, 1500, variants=0.1, bundles=0.02)
    first = await shop.first_pull()
    goods = list(shop.there.memory.goods.values())
    for number in range(60):
        shop.there.set_stock(goods[number], 100 + number)
    for good in goods[-40:]:
        shop.there.set_price(good, 77)
    shop.there.add_folder("Новая")
    pulled = await shop.pull(first.cursor)
    assert not pulled.full
    assert pulled.requests <= 6
    found = records(pulled)
    assert found[:2] == [ExportScope("catalog", False, STRUCTURE), ExportScope("offers", False, STRUCTURE)]
    assert {good.id for good in goods[-40:]} == {product.id for product in of_type(found, Product)}
    assert [category.name for category in of_type(found, StoreCategory)] == ["Новая"]
    amounts = stocks(pulled)
    assert all(amounts[goods[number].id, shop.there.store.id] == 100 + number for number in range(60))


async def test_nothing_changed_brings_nothing(shop: Shop) -> None:
    shop.there.add_product("Кружка", stock=1)
    first = await shop.first_pull()
    pulled = await shop.pull(first.cursor)
    assert pulled.is_empty
    assert read_cursor(pulled.cursor) != read_cursor(first.cursor)


async def test_a_part_that_is_sold_moves_the_bundle_and_all_of_its_stores(shop: Shop) -> None:
    there = shop.there
    second = there.add_to("store", "Второй")
    cup = there.add_product("Чашка", stock=6)
    there.set_stock(cup, 10, second)
    pair = there.add_bundle("Пара", {cup.id: 2.0})
    first = await shop.first_pull()
    there.set_stock(cup, 1)
    found = stocks(await shop.pull(first.cursor))
    assert found == {
        (cup.id, there.store.id): 1,
        (cup.id, second.id): 10,
        (pair.id, there.store.id): 0,
        (pair.id, second.id): 5,
    }


async def test_a_bundle_that_is_new_or_composed_anew_is_counted(shop: Shop) -> None:
    cup, saucer = shop.there.add_product("Чашка", stock=6), shop.there.add_product("Блюдце", stock=2)
    pair = shop.there.add_bundle("Пара", {cup.id: 1.0})
    for number in range(200):
        shop.there.add_product(f"Товар {number}")
    first = await shop.first_pull()
    shop.there.change(pair, components=((cup.id, 1.0), (saucer.id, 1.0)))
    six = shop.there.add_bundle("Шесть", {cup.id: 6.0})
    second = await shop.pull(first.cursor)
    found = stocks(second)
    assert [found[good.id, shop.there.store.id] for good in (pair, six)] == [2, 1]
    shop.time.move(minutes=5)
    shop.there.set_stock(cup, 5)
    found = stocks(await shop.pull(second.cursor))
    assert [found[good.id, shop.there.store.id] for good in (pair, six)] == [2, 0]


async def test_changes_reach_back_behind_the_last_pull(shop: Shop) -> None:
    mug = shop.there.add_product("Кружка", stock=1)
    first = await shop.first_pull()
    # Written with a delay, and dated before the last pull began.
    cursor = read_cursor(first.cursor)
    assert cursor is not None
    mug.name, mug.updated = "Чашка", cursor.at - timedelta(minutes=2)
    assert [product.name for product in of_type(records(await shop.pull(first.cursor)), Product)] == ["Чашка"]


async def test_what_lies_in_a_new_store_comes_with_its_name(shop: Shop) -> None:
    mug = shop.there.add_product("Кружка", stock=1)
    first = await shop.first_pull()
    new = shop.there.add_to("store", "Третий")
    shop.there.set_stock(mug, 4, new)
    second = await shop.pull(first.cursor)
    assert of_type(records(second), StoreWarehouse) == [StoreWarehouse(new.id, "Третий")]
    shop.time.move(minutes=5)
    shop.there.set_stock(mug, 5, new)
    assert of_type(records(await shop.pull(second.cursor)), StoreWarehouse) == []


async def test_a_deleted_good_has_no_stock_until_the_full_pull_says_it_is_gone(shop: Shop) -> None:
    goods = [shop.there.add_product(f"Кружка {number}", stock=1) for number in range(200)]
    first = await shop.first_pull()
    shop.there.delete(goods[0])
    pulled = await shop.pull(first.cursor)
    assert not pulled.full
    assert stocks(pulled) == {(goods[0].id, shop.there.store.id): Decimal(0)}


async def test_more_gone_than_a_hundredth_asks_for_everything(shop: Shop) -> None:
    goods = [shop.there.add_product(f"Кружка {number}", stock=1) for number in range(100)]
    first = await shop.first_pull()
    for good in goods[:2]:
        shop.there.delete(good)
    pulled = await shop.pull(first.cursor)
    assert pulled.full
    assert len(of_type(records(pulled), Product)) == 98


@pytest.mark.parametrize(("hours", "full"), [(-24, True), (-100, True), (1, True), (-23, False)])
async def test_a_cursor_too_old_or_of_the_future_is_a_full_pull(shop: Shop, hours: int, full: bool) -> None:
    shop.there.add_product("Кружка", stock=1)
    cursor = read_cursor((await shop.whole()).cursor)
    assert cursor is not None
    cursor.at += timedelta(hours=hours)
    assert (await shop.pull(written(cursor))).full == full


@pytest.mark.parametrize("cursor", ["", "nonsense", "{}", '{"at":"2026-12-01T06:00:00Z","version":99}', '{"at":"2026-12-01T06:00:00"}'])
async def test_a_cursor_nobody_understands_is_a_full_pull(shop: Shop, cursor: str) -> None:
    shop.there.add_product("Кружка")
    assert (await shop.pull(cursor)).full


async def test_the_service_tells_the_time_not_this_computer(shop: Shop) -> None:
    shop.there.add_product("Кружка", stock=1)
    pulled = await shop.whole()
    cursor = read_cursor(pulled.cursor)
    assert cursor is not None
    assert shop.time() - timedelta(seconds=10) <= cursor.at <= shop.time()
    assert pulled.made_at is not None
    assert pulled.made_at <= shop.time() - timedelta(minutes=1)


# --- trouble ------------------------------------------------------------------------------------------------------------


async def test_a_broken_full_pull_gives_nothing(shop: Shop) -> None:
    fill(shop.there, 2500)
    shop.there.memory.faults.add("500", "entity/product", times=100, after=1)
    with pytest.raises(BackOfficeFailed):
        await shop.whole()


async def test_a_stumble_is_got_over(shop: Shop) -> None:
    fill(shop.there, 2500)
    for kind in ("500", "429", "1073", "cut", "lost"):
        shop.there.memory.faults.add(kind, "entity/product", after=1)
    pulled = await shop.whole()
    assert len(of_type(records(pulled), Product)) == 2500


async def test_without_the_right_to_stocks_nothing_is_taken(shop: Shop) -> None:
    shop.there.add_product("Кружка", stock=1)
    shop.there.take_right("stock")
    with pytest.raises(BackOfficeRightMissing):
        await shop.whole()


async def test_lists_that_may_not_be_seen_are_done_without(shop: Shop) -> None:
    shop.there.add_product("Кружка", price=5)
    for entity in ("employee", "organization", "currency", "uom"):
        shop.there.take_right(entity)
    found = records(await shop.whole())
    assert of_type(found, Employee) == []
    assert [price.currency for price in of_type(found, Price)] == ["RUB"]


async def test_goods_deleted_while_pages_are_read_hide_no_others(tmp_path: Path) -> None:
    async with opened(tmp_path) as shop:
        fill(shop.there, 3500)
        goods = list(shop.there.memory.goods.values())
        seen = 0

        def delete_some() -> None:
            nonlocal seen
            seen += 1
            for good in goods[seen * 30 : seen * 30 + 25]:
                shop.there.delete(good)

        shop.there.after_answer = lambda path: delete_some() if path == "entity/product" and seen < 3 else None
        found = {product.id for product in of_type(records(await shop.whole()), Product)}
        assert found >= {good.id for good in shop.there.memory.goods.values()}


async def test_goods_that_come_or_move_while_pages_are_read_are_not_missed(tmp_path: Path) -> None:
    async with opened(tmp_path) as shop:
        fill(shop.there, 3500)
        goods = list(shop.there.memory.goods.values())
        done = False

        def change() -> None:
            nonlocal done
            done = True
            memory = shop.there.memory
            # The last row moves to the front, and a new one comes there too.
            moved = goods[-1]
            shop.there.change(moved, name="Первая")
            rest = {id_: good for id_, good in memory.goods.items() if id_ != moved.id}
            memory.goods = {moved.id: moved}
            shop.there.add_product("Новая")
            memory.goods |= rest

        shop.there.after_answer = lambda path: change() if path == "entity/product" and not done else None
        found = {product.id for product in of_type(records(await shop.whole()), Product)}
        assert found == set(shop.there.memory.goods)
