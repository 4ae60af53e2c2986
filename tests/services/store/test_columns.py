"""A price list whose headings nobody could guess is read once somebody has said what they mean."""

from pathlib import Path

import pytest

from ozon_desktop.application import Application
from ozon_desktop.domain.price_list import ColumnRole
from ozon_desktop.domain.progress import silent
from ozon_desktop.errors import NoHeadings, WrongInput
from ozon_desktop.wording.errors import error_text

ROLES = {"nm": ColumnRole.NAME, "num": ColumnRole.ARTICLE, "prc": ColumnRole.PRICE}


@pytest.fixture
def odd_list(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text("Магазин «Грядка»;;\nnm;num;prc\nЛейка;A-1;350\nГрабли;A-2;900\n", encoding="utf-8")
    return path


async def test_columns_nobody_recognised_are_named_by_hand(application: Application, odd_list: Path) -> None:
    with pytest.raises(NoHeadings) as refused:
        await application.store_import.import_files([odd_list], silent)
    assert error_text(refused.value).title == "Нет названий столбцов"
    [sheet] = await application.price_list_columns.choose(odd_list, ROLES)
    assert {column.heading: column.role for column in sheet.columns} == ROLES
    await application.store_import.import_files([odd_list], silent)
    assert [(product.offer_id, product.name) for product in await application.store_listing.products()] == [
        ("A-2", "Грабли"),
        ("A-1", "Лейка"),
    ]


async def test_a_choice_that_names_no_product_is_not_kept(application: Application, odd_list: Path) -> None:
    with pytest.raises(NoHeadings):
        await application.price_list_columns.choose(odd_list, {"prc": ColumnRole.PRICE})
    with pytest.raises(NoHeadings):
        await application.price_list_columns.preview(odd_list)
    with pytest.raises((NoHeadings, WrongInput)):
        await application.price_list_columns.choose(odd_list, {"нет такого": ColumnRole.ARTICLE})
