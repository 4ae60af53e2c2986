"""Many cards in one step, and the table of a category's fields, over a real store and the sandbox."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ozon_desktop.domain.card import Dimensions, SavedFields
from ozon_desktop.domain.ozon_catalog import Attribute, TypeKey
from ozon_desktop.domain.spreadsheet import CELL_LIMIT
from ozon_desktop.errors import BrokenFile, NotFound
from ozon_desktop.services.cards.bulk import CardBulk
from ozon_desktop.services.cards.exchange import CardExchange
from ozon_desktop.services.spreadsheets import read_table, write_table
from ozon_desktop.wording.errors import error_text
from ozon_desktop.wording.spreadsheets import is_long_text_mark
from tests.odd_texts import ODD
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
    headings = list(rows[0].texts)
    return path, headings, [[row.texts[heading] for heading in headings] for row in rows]


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


def cells_of(path: Path, headings: list[str], fill: Callable[[xlsxwriter.Workbook, Any], object]) -> Path:
    """A table as a spreadsheet program leaves it, with cells that are no texts."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Поля")
        sheet.write_row(0, 0, headings)
        fill(book, sheet)
    return path


async def test_errors_dates_and_percents_are_problems_of_their_rows_and_empty_nothing(shop: Shop, exchange: CardExchange) -> None:
    path, headings, rows = await written(shop, exchange)
    model, brand = headings.index((await attribute(shop, MODEL)).name), headings.index("Бренд")

    def fill(book: xlsxwriter.Workbook, sheet: Any) -> None:
        for number, row in enumerate(rows, start=2):
            sheet.write_row(number, 0, row)
        sheet.write_formula(2, brand, "=VLOOKUP(1,A1:B2,2)", None, "#N/A")
        sheet.write_number(3, model, 46024, book.add_format({"num_format": "dd.mm.yyyy"}))
        sheet.write_number(4, model, 0.95, book.add_format({"num_format": "0%"}))
        sheet.write_formula(5, 0, "=1/0", None, "#DIV/0!")

    preview = await exchange.preview(shop.integration, SHIRTS_CATEGORY, SHIRT, cells_of(path, headings, fill))
    assert (preview.changes, preview.fields) == ((), ())
    assert [problem.row for problem in preview.problems] == [3, 4, 5, 6], "as the sheet counts, over the empty row"
    texts = [error_text(problem.error).text for problem in preview.problems]
    for text, wanted in zip(texts, ("#Н/Д", "дату 02.01.2026", "процент 95 %", "#ДЕЛ/0!"), strict=True):
        assert wanted in text
    assert "A6" in texts[3]
    assert await exchange.apply(shop.integration, preview) == 0


async def test_an_error_pasted_as_a_text_is_no_value(shop: Shop, exchange: CardExchange) -> None:
    path, headings, rows = await written(shop, exchange)
    rows[0][headings.index((await attribute(shop, MODEL)).name)] = "#Н/Д"
    await write_table(path, "Поля", headings, rows)
    preview = await exchange.preview(shop.integration, SHIRTS_CATEGORY, SHIRT, path)
    assert ([problem.row for problem in preview.problems], preview.changes) == ([2], ())


async def test_case_and_yo_of_a_free_text_are_corrections(shop: Shop, exchange: CardExchange) -> None:
    path, headings, rows = await written(shop, exchange)
    rows[0][headings.index((await attribute(shop, MODEL)).name)] = "РУБАШКА ru-1"
    await write_table(path, "Поля", headings, rows)
    preview = await exchange.preview(shop.integration, SHIRTS_CATEGORY, SHIRT, path)
    assert [change.after for change in preview.changes] == ["РУБАШКА ru-1"]


async def test_a_text_longer_than_a_cell_is_marked_and_never_read_back(shop: Shop, exchange: CardExchange) -> None:
    long = ("Длинное описание. " * 4000).strip()
    assert len(long) > CELL_LIMIT
    entered = SavedFields("id-RU-1", SHIRT, {MODEL: ((0, long),)})
    await shop.application.cards.save_fields(shop.integration, entered)
    path, headings, rows = await written(shop, exchange)
    name = (await attribute(shop, MODEL)).name
    place = headings.index(name)
    assert is_long_text_mark(rows[0][place])
    same = await exchange.preview(shop.integration, SHIRTS_CATEGORY, SHIRT, path)
    assert (same.changes, same.problems, same.unchanged) == ((), (), 3)
    rows[1][place] = rows[0][place]
    rows[0][headings.index("Высота, мм")] = "55"
    await write_table(path, "Поля", headings, rows)
    preview = await exchange.preview(shop.integration, SHIRTS_CATEGORY, SHIRT, path)
    assert [(problem.row, problem.field) for problem in preview.problems] == [(3, name)], "a mark pulled down to another row"
    assert await exchange.apply(shop.integration, preview) == 1
    saved = (await shop.application.cards.details(shop.integration, "id-RU-1")).saved
    assert saved is not None
    assert (saved.values[MODEL], saved.dimensions.height) == (((0, long),), 55)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(ODD, min_size=3, max_size=3))
async def test_an_untouched_table_changes_nothing(shop: Shop, exchange: CardExchange, texts: list[str]) -> None:
    texts = [text.replace("\0", " ") for text in texts]
    for number, text in enumerate(texts, start=1):
        fields = SavedFields(f"id-RU-{number}", SHIRT, {MODEL: ((0, text),), BRAND: ((0, text),), COLOUR: ((0, text), (0, "синий"))})
        await shop.application.cards.save_fields(shop.integration, fields)
    path = shop.folder / "fields.xlsx"
    assert await exchange.export(shop.integration, SHIRTS_CATEGORY, SHIRT, path) == 3
    preview = await exchange.preview(shop.integration, SHIRTS_CATEGORY, SHIRT, path)
    assert (preview.changes, preview.problems, preview.unchanged) == ((), (), 3)


async def test_a_table_of_something_else_and_an_unknown_category_are_refused(shop: Shop, exchange: CardExchange, tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    await write_table(path, "Цены", ["Товар", "Цена"], [["Рубашка", "100"]])
    with pytest.raises(BrokenFile):
        await exchange.preview(shop.integration, SHIRTS_CATEGORY, SHIRT, path)
    with pytest.raises(NotFound):
        await exchange.export(shop.integration, "нет", SHIRT, path)
