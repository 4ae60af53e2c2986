"""The mapping over a real store: parts of a category, fields that carry over, one step of undo, and the XLSX table."""

from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from ozon_desktop.domain.card import SavedFields
from ozon_desktop.domain.mapping import MappingPlace, MappingState
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.progress import silent
from ozon_desktop.errors import BrokenFile, NotFound, WrongInput
from ozon_desktop.services.mapping.exchange import CATEGORY, PART, TYPE
from ozon_desktop.store.sheets import read_sheet
from ozon_desktop.wording.errors import error_text
from tests.services.shop import SHIRT, SHIRTS, Shirt, Shop

JACKET, OLD_SHIRT = TypeKey(103, 1004), TypeKey(101, 1002)
WINTER = MappingPlace("2", "Сезон", "Зима")
SEASONED = (replace(SHIRTS[0], season="зима"), replace(SHIRTS[1], season="Лето"), SHIRTS[2])


async def types_by_offer(shop: Shop) -> dict[str, str]:
    return {row.offer_id: row.type_name for row in (await shop.application.cards.view(shop.integration)).rows}


async def test_part_of_a_category_has_its_own_type(shop: Shop) -> None:
    await shop.stocks_the_store(*SEASONED)
    mapping = shop.application.mapping
    [season] = [choice for choice in await mapping.properties(shop.integration, "1") if choice.name == "Сезон"]
    assert dict(season.values) == {"зима": 1, "Лето": 1}
    view = await mapping.map_places(shop.integration, {WINTER: JACKET})
    assert [(state.part.value, state.products, state.usable) for state in view.parts["2"]] == [("Зима", 1, True)]
    assert await types_by_offer(shop) == {"RU-1": "Куртка", "RU-2": "Рубашка", "RU-3": "Рубашка"}
    preview = await shop.application.previews.preview(shop.integration, silent)
    # Sent or held back, each card is that of its own type: a jacket needs other fields than a shirt.
    reported = {item.offer_id: item.payload.type_key for item in preview.plan.items if item.payload is not None}
    assert reported == {"RU-2": SHIRT, "RU-3": SHIRT}
    assert await mapping.map_places(shop.integration, {}) == view
    again = await mapping.map_places(shop.integration, {MappingPlace("2", "сезон", "зима"): SHIRT})
    assert [(state.part.value, state.part.key) for state in again.parts["2"]] == [("Зима", SHIRT)]


async def test_category_mapped_by_parts_alone_counts_what_they_have(shop: Shop) -> None:
    await shop.stocks_the_store(*SEASONED)
    mapping = shop.application.mapping
    view = await mapping.map_places(shop.integration, {MappingPlace("2"): None, WINTER: JACKET})
    assert view.resolved["2"].state is MappingState.PARTIAL
    assert (view.coverage.mapped_products, view.coverage.products) == (1, 3)
    assert await types_by_offer(shop) == {"RU-1": "Куртка", "RU-2": "", "RU-3": ""}
    assert "2" in await mapping.suggest(shop.integration)


async def test_several_types_at_once_are_one_step_with_a_readable_name(shop: Shop) -> None:
    mapping = shop.application.mapping
    view = await mapping.map_each(shop.integration, {"1": JACKET, "3": SHIRT})
    assert view.undo_label == "Сопоставить: «Одежда» и ещё 1"
    view = await mapping.undo(shop.integration)
    assert set(view.own) == {"2"}
    view = await mapping.redo(shop.integration)
    assert set(view.own) == {"1", "2", "3"}
    view = await mapping.unmap(shop.integration, ["2"])
    assert (view.undo_label, view.resolved["2"].inherited_from) == ("Убрать соответствие: «Рубашки»", "1")
    view = await mapping.undo(shop.integration, 3)
    assert view.own == {}
    history = await mapping.history(shop.integration)
    assert [change.undone for change in history] == [True, True, True]
    assert all(change.at.tzinfo is not None for change in history)


async def test_wrong_change_changes_nothing_at_all(shop: Shop) -> None:
    mapping = shop.application.mapping
    with pytest.raises(WrongInput, match="Старая рубашка"):
        await mapping.map_each(shop.integration, {"1": JACKET, "3": OLD_SHIRT})
    with pytest.raises(NotFound):
        await mapping.map_each(shop.integration, {"1": JACKET, "нет такой": SHIRT})
    assert set((await mapping.view(shop.integration)).own) == {"2"}


async def entered(shop: Shop, product_id: str) -> dict[int, str]:
    saved = (await shop.application.cards.details(shop.integration, product_id)).saved
    return {number: values[0][1] for number, values in saved.values.items()} if saved is not None else {}


async def test_entered_fields_carry_over_and_come_back(shop: Shop) -> None:
    application, mapping = shop.application, shop.application.mapping
    product = (await application.cards.view(shop.integration)).rows[0].product_id
    types = {key: {attribute.id for attribute in (await application.catalog.type_details(key)).attributes} for key in (SHIRT, JACKET)}
    both = types[SHIRT] & types[JACKET]
    shared = next(number for number in (4191, 9048) if number in both)
    only = sorted(types[SHIRT] - types[JACKET])
    values = {shared: ((0, "Своё"),)} | dict.fromkeys(only[:1], ((0, "Только у рубашек"),))
    await application.cards.save_fields(shop.integration, SavedFields(product, SHIRT, values))
    reported = await mapping.carry_over(shop.integration, {MappingPlace("2"): JACKET})
    assert (reported.products, len(reported.kept), len(reported.lost)) == (1, 1, len(only[:1]))
    await mapping.map(shop.integration, ["2"], JACKET)
    assert await entered(shop, product) == {shared: "Своё"}
    await application.cards.save_fields(shop.integration, SavedFields(product, JACKET, {shared: ((0, "Куртка своя"),)}))
    reported = await mapping.carry_over(shop.integration, {MappingPlace("2"): SHIRT})
    assert (reported.restored, reported.lost) == (1, ())
    await mapping.undo(shop.integration)
    assert await entered(shop, product) == {number: text[0][1] for number, text in values.items()}
    await mapping.redo(shop.integration)
    assert await entered(shop, product) == {shared: "Куртка своя"}


def write_rows(path: Path, *rows: tuple[str, ...]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


async def test_table_goes_out_and_comes_back_with_parts(shop: Shop, tmp_path: Path) -> None:
    await shop.stocks_the_store(*SEASONED)
    exchange, mapping = shop.application.mapping_exchange, shop.application.mapping
    await mapping.map_places(shop.integration, {WINTER: JACKET, MappingPlace("1"): JACKET})
    before = await mapping.view(shop.integration)
    path = tmp_path / "карта.xlsx"
    assert await exchange.export(shop.integration, path) == 4
    rows = [row.texts for row in read_sheet(path)]
    assert [(row[CATEGORY], row[PART], row[TYPE]) for row in rows] == [
        ("Одежда", "", "Одежда / Верхняя одежда / Куртка"),
        ("Одежда / Рубашки", "", "Одежда / Рубашки / Рубашка"),
        ("Одежда / Рубашки", "Сезон = Зима", "Одежда / Верхняя одежда / Куртка"),
        ("Подарки", "", ""),
    ]
    same = await exchange.preview(shop.integration, path)
    assert (same.changes, same.problems, same.unchanged) == ((), (), 4)
    await mapping.map_places(shop.integration, {WINTER: None, MappingPlace("1"): None, MappingPlace("3"): SHIRT})
    preview = await exchange.preview(shop.integration, path)
    assert [(change.category_id, change.before, change.key) for change in preview.changes] == [
        ("1", "", JACKET),
        ("2", "", JACKET),
        ("3", "Одежда / Рубашки / Рубашка", None),
    ]
    view = await exchange.apply(shop.integration, preview)
    assert (view.own, view.parts, view.undo_label) == (before.own, before.parts, "Загружено из XLSX: 3")


async def test_rows_that_cannot_be_used_are_reported_by_number_and_the_rest_is_taken(shop: Shop, tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "правки.xlsx",
        (CATEGORY, PART, TYPE),
        ("Одежда", "", "Куртка"),
        ("Шляпы", "", "Куртка"),
        ("Подарки", "", "Нет такого типа"),
        ("Подарки", "", "Старая рубашка"),
        ("Одежда", "", "Рубашка"),
        ("Рубашки", "Сезон", "Куртка"),
        ("Рубашки", "Сезон = Зима", "103:1004"),
    )
    preview = await shop.application.mapping_exchange.preview(shop.integration, path)
    assert [problem.row for problem in preview.problems] == [3, 4, 5, 6, 7]
    assert [(change.row, change.key) for change in preview.changes] == [(2, JACKET), (8, JACKET)]


async def test_a_cell_with_an_error_unmaps_nothing(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "ошибки.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, (CATEGORY, PART, TYPE))
        sheet.write(1, 0, "Рубашки")
        sheet.write_formula(1, 2, "=VLOOKUP(A2,B1:C1,2)", None, "#N/A")
        sheet.write_row(2, 0, ("Рубашки", "", "#Н/Д"))
        sheet.write(3, 0, "Одежда")
        sheet.write_formula(3, 1, "=1/0", None, "#DIV/0!")
    preview = await shop.application.mapping_exchange.preview(shop.integration, path)
    assert preview.changes == ()
    assert [problem.row for problem in preview.problems] == [2, 3, 4]
    assert "#Н/Д" in error_text(preview.problems[0].error).text
    assert "B4" in error_text(preview.problems[2].error).text


async def test_another_table_is_not_taken_for_a_mapping(shop: Shop, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "другое.xlsx", ("Артикул", "Цена"), ("RU-1", "5"))
    with pytest.raises(BrokenFile):
        await shop.application.mapping_exchange.preview(shop.integration, path)
    (tmp_path / "сломано.xlsx").write_bytes(b"PK not a workbook")
    with pytest.raises(BrokenFile):
        await shop.application.mapping_exchange.preview(shop.integration, tmp_path / "сломано.xlsx")


async def test_cards_on_ozon_and_earlier_choices_speak_for_a_type(shop: Shop) -> None:
    application = shop.application
    await application.sync.run(shop.integration, silent)
    await shop.stocks_the_store(*(replace(shirt, category=3) for shirt in SHIRTS), Shirt("RU-9", category=3))
    [best, *_] = (await application.mapping.suggest(shop.integration, ["3"]))["3"]
    assert best.key == SHIRT
    assert best.reason.value == "cards"
