"""Products that stand in no category of the store can be mapped and sold like the others."""

from pathlib import Path

import pytest

from ozon_desktop.application import Application
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_catalog import HOME_NAME, home_id
from ozon_desktop.domain.sync_plan import ActionKind
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.store_import import import_remarks
from tests.services.shop import SHIRT, Shirt, Shop, write_export

HOME = home_id("yml")


async def names(application: Application) -> dict[str, str]:
    """Names of all categories by id."""

    def read(unit: UnitOfWork) -> dict[str, str]:
        return {category.id: category.name for category in unit.store.categories(None)}

    return await application.storage.run(read)


async def test_a_product_whose_group_no_file_names_is_mapped_and_planned(shop: Shop) -> None:
    counts = await shop.application.store_import.import_files(
        [write_export(shop.folder / "shop.xml", Shirt("RU-1"), Shirt("RU-9", category=77))], silent
    )
    assert counts.without_category == 1
    assert "В магазине без категории: 1" in import_remarks(counts)
    assert (await names(shop.application))[HOME] == HOME_NAME
    await shop.application.mapping.map(shop.integration, [HOME], SHIRT)
    plan = (await shop.application.previews.preview(shop.integration, silent)).plan
    assert {item.offer_id for item in plan.of(ActionKind.CREATE)} == {"RU-1", "RU-9"}


async def test_a_group_that_comes_later_takes_its_products_home(application: Application, tmp_path: Path) -> None:
    stray = write_export(tmp_path / "shop.xml", Shirt("RU-9", category=77))
    await application.store_import.import_files([stray], silent)
    [listed] = await application.store_listing.products()
    assert listed.categories == ()
    named = stray.read_text(encoding="utf-8").replace('<category id="3">Подарки', '<category id="77">Подарки')
    stray.write_text(named, encoding="utf-8")
    counts = await application.store_import.import_files([stray], silent)
    assert counts.without_category == 0
    assert HOME not in await names(application)
    [listed] = await application.store_listing.products()
    assert listed.categories == ("Подарки",)


@pytest.mark.parametrize("heading", ["Наименование;Артикул;Цена;Остаток", "Название;Штрихкод;Цена, руб.;Кол-во"])
async def test_a_price_list_without_groups_has_one_place_to_map(application: Application, tmp_path: Path, heading: str) -> None:
    path = tmp_path / "прайс.csv"
    path.write_text(f"{heading}\nЛейка;4601234567893;350;4\nГрабли;4601234567909;900;1\n", encoding="utf-8")
    counts = await application.store_import.import_files([path], silent)
    assert (counts.products, counts.without_category) == (2, 2)
    assert await names(application) == {home_id("price-list"): HOME_NAME}


async def test_an_unchanged_export_changes_no_row(application: Application, tmp_path: Path) -> None:
    stray = write_export(tmp_path / "shop.xml", Shirt("RU-9", category=77), Shirt("RU-1"))
    await application.store_import.import_files([stray], silent)

    def rows(unit: UnitOfWork) -> list[object]:
        return [*unit.store.products(None), *unit.store.categories(None)]

    first = await application.storage.run(rows)
    await application.store_import.import_files([stray], silent)
    assert await application.storage.run(rows) == first
