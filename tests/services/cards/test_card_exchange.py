"""Many cards in one step, and the table of a category's fields, over a real store and the sandbox."""

from pathlib import Path

import pytest

from ozon_desktop.domain.card import Dimensions, SavedFields
from ozon_desktop.domain.ozon_catalog import Attribute, TypeKey
from ozon_desktop.errors import BrokenFile, NotFound
from ozon_desktop.services.cards.bulk import CardBulk
from ozon_desktop.services.cards.exchange import CardExchange
from ozon_desktop.services.spreadsheets import read_table, write_table
from tests.services.shop import SHIRT, Shop

BRAND, MODEL, COLOUR = 85, 9048, 10096
SHIRTS_CATEGORY = "2"


@pytest.fixture
def bulk(shop: Shop) -> CardBulk:
    return CardBulk(shop.application.storage, shop.application.cards)


@pytest.fixture
def exchange(shop: Shop) -> CardExchange:
    application = shop.application
    return CardExchange(application.storage, application.cards, application.catalog)


async def attribute(shop: Shop, attribute_id: int) -> Attribute:
    details = await shop.application.catalog.type_details(SHIRT)
    return next(item for item in details.attributes if item.id == attribute_id)


async def values(shop: Shop, offer_id: str, attribute_id: int) -> list[str]:
    card = (await shop.application.cards.details(shop.integration, f"id-{offer_id}")).card
    return next([text for _, text in item.values] for item in card.fields if item.attribute.id == attribute_id)


async def written(shop: Shop, exchange: CardExchange) -> tuple[Path, list[str], list[list[str]]]:
    """The exported table as headings and rows."""
    path = shop.folder / "fields.xlsx"
    assert await exchange.export(shop.integration, SHIRTS_CATEGORY, SHIRT, path) == 3
    rows = await read_table(path)
    headings = list(rows[0][1])
    return path, headings, [[texts[heading] for heading in headings] for _, texts in rows]


async def test_one_field_of_many_products_is_one_step(shop: Shop, bulk: CardBulk) -> None:
    model = await attribute(shop, MODEL)
    before = await shop.application.cards.view(shop.integration)
    result = await bulk.set_values(shop.integration, ["id-RU-1", "id-RU-3", "unknown"], model, SHIRT, ((0, "Клетка"),))
    assert (result.products, result.passed) == (("id-RU-1", "id-RU-3"), 1)
    assert [await values(shop, offer, MODEL) for offer in ("RU-1", "RU-2", "RU-3")] == [["Клетка"], ["Рубашка RU-2"], ["Клетка"]]
    assert await shop.application.cards.view(shop.integration) is not before, "the table is read anew"


async def test_other_entered_fields_and_sizes_stay(shop: Shop, bulk: CardBulk) -> None:
    await shop.application.cards.save_fields(
        shop.integration, SavedFields("id-RU-1", SHIRT, {BRAND: ((0, "Своя"),)}, Dimensions(height=50))
    )
    await bulk.set_values(shop.integration, ["id-RU-1"], await attribute(shop, MODEL), SHIRT, ((0, "Клетка"),))
    saved = (await shop.application.cards.details(shop.integration, "id-RU-1")).saved
    assert saved == SavedFields("id-RU-1", SHIRT, {BRAND: ((0, "Своя"),), MODEL: ((0, "Клетка"),)}, Dimensions(height=50))


async def test_a_card_with_another_types_list_is_passed_over(shop: Shop, bulk: CardBulk) -> None:
    await shop.application.cards.save_fields(shop.integration, SavedFields("id-RU-1", TypeKey(103, 1004), {BRAND: ((0, "Своя"),)}))
    result = await bulk.set_values(shop.integration, ["id-RU-1"], await attribute(shop, MODEL), SHIRT, ((0, "Клетка"),))
    assert (result.products, result.passed) == ((), 1)


async def test_what_is_written_reads_back_as_unchanged(shop: Shop, exchange: CardExchange) -> None:
    path, headings, rows = await written(shop, exchange)
    assert headings[:6] == ["Артикул", "Наименование", "Длина, мм", "Ширина, мм", "Высота, мм", "Вес, г"]
    assert rows[0][:6] == ["RU-1", "Рубашка RU-1", "300", "200", "40", "350"]
    preview = await exchange.preview(shop.integration, SHIRTS_CATEGORY, SHIRT, path)
    assert (preview.changes, preview.problems, preview.unchanged) == ((), (), 3)
    assert await exchange.apply(shop.integration, preview) == 0


async def test_changes_are_previewed_and_bad_rows_are_reported_each(shop: Shop, exchange: CardExchange) -> None:
    path, headings, rows = await written(shop, exchange)
    name = (await attribute(shop, MODEL)).name
    model, brand, height = headings.index(name), headings.index("Бренд"), headings.index("Высота, мм")
    rows[0][model], rows[0][height] = "Клетка", "55"
    rows[1][brand], rows[1][model] = "Неведомая марка", "Полоска"
    rows[2][height] = "высокая"
    rows.append(["RU-9", *[""] * (len(headings) - 1)])
    rows.append(list(rows[0]))
    await write_table(path, "Поля", headings, rows)
    preview = await exchange.preview(shop.integration, SHIRTS_CATEGORY, SHIRT, path)
    assert [(change.row, change.offer_id, change.field, change.after) for change in preview.changes] == [
        (2, "RU-1", name, "Клетка"),
        (2, "RU-1", "Высота, мм", "55"),
    ]
    assert [(problem.row, problem.field) for problem in preview.problems] == [(3, "Бренд"), (4, "Высота, мм"), (5, ""), (6, "")]
    assert await values(shop, "RU-1", MODEL) == ["Рубашка RU-1"], "a preview changes nothing"
    assert await exchange.apply(shop.integration, preview) == 1
    assert await values(shop, "RU-1", MODEL) == ["Клетка"]
    assert await values(shop, "RU-2", MODEL) == ["Рубашка RU-2"], "half of a row is not taken"


async def test_dictionary_values_are_found_in_any_case_and_the_brand_keeps_its_id(shop: Shop, exchange: CardExchange) -> None:
    path, headings, rows = await written(shop, exchange)
    rows[0][headings.index("Бренд")] = "пуговкин"
    await write_table(path, "Поля", headings, rows)
    preview = await exchange.preview(shop.integration, SHIRTS_CATEGORY, SHIRT, path)
    assert [change.after for change in preview.changes] == ["Пуговкин"]
    assert preview.fields[0].values[BRAND][0][0] != 0


async def test_a_table_of_something_else_and_an_unknown_category_are_refused(shop: Shop, exchange: CardExchange, tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    await write_table(path, "Цены", ["Товар", "Цена"], [["Рубашка", "100"]])
    with pytest.raises(BrokenFile):
        await exchange.preview(shop.integration, SHIRTS_CATEGORY, SHIRT, path)
    with pytest.raises(NotFound):
        await exchange.export(shop.integration, "нет", SHIRT, path)
