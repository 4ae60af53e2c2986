"""The cards that are only on Ozon on their way into the store: export files, read back and imported, and the table."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import python_calamine

from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_catalog import ExportScope, Price, Product, Stock, StoreCategory, StoreRecord
from ozon_desktop.errors import WrongInput
from ozon_desktop.services.cabinet.cards import CabinetCardsService
from ozon_desktop.store.commerceml import Book, read_commerceml
from ozon_desktop.store.source import open_source
from ozon_desktop.store.xml_stream import HeadedStream
from tests.services.cabinet.cards_on_ozon import place, values
from tests.services.shop import Shop


def records(path: Path, book: Book) -> Iterator[StoreRecord]:
    """What the program's own reader makes of a file that may need one read before it."""
    with path.open("rb") as stream:
        yield from read_commerceml(HeadedStream(stream, path.name, lambda: path.open("rb")), path.name, book)


async def only_on_ozon(shop: Shop) -> None:
    brand, colours = values(85, (5, "Ромашка & Ко")), values(10096, (1, "белый"), (2, "чёрный"))
    note = values(4191, (0, "Лён <и> хлопок\nвторая строка — ♥"))
    place(shop.sandbox, "DRESS", "Платье «Лён» ♥", price="1990.50", barcode="460", stock=7, vat="0.1", attributes=(brand, colours, note))
    place(shop.sandbox, "PLAIN", "Платок", description_category_id=1, type_id=2)
    place(shop.sandbox, "OLD", "Старое", archived=True)
    place(shop.sandbox, "RU-1")


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251"])
async def test_what_is_only_on_ozon_is_read_back_as_it_was(shop: Shop, service: CabinetCardsService, tmp_path: Path, encoding: str) -> None:
    await only_on_ozon(shop)
    await service.load(shop.integration, silent)
    files = await service.export_only_on_ozon(shop.integration, tmp_path / "out", encoding=encoding)
    assert (files.cards, files.archived) == (2, 1)
    assert files.import_file.read_bytes().splitlines()[0].decode("ascii").casefold().count(encoding) == 1
    assert b"ns0:" not in files.import_file.read_bytes() + files.offers_file.read_bytes()
    book = Book()
    cards = list(records(files.import_file, book))
    dress_id, plain_id = (f"ozon-{shop.sandbox.products[offer].product_id}" for offer in ("DRESS", "PLAIN"))
    paths = {record.id: record.name for record in cards if isinstance(record, StoreCategory)}
    products = {record.id: record for record in cards if isinstance(record, Product)}
    dress = products[dress_id]
    assert set(products) == {dress_id, plain_id}
    sizes = (("Длина упаковки, мм", "300"), ("Ширина упаковки, мм", "200"), ("Высота упаковки, мм", "40"), ("Вес в упаковке, г", "350"))
    assert replace(dress, unsaid=frozenset()) == Product(
        dress_id,
        "DRESS",
        "Платье «Лён» ♥",
        "ozon-cabinet",
        None,
        dress.category_ids,
        "Лён <и> хлопок\nвторая строка — ♥",
        ("460",),
        ("https://shop.example/DRESS.jpg",),
        "10",
        "Ромашка & Ко",
        "шт",
        (*sizes, ("Бренд", "Ромашка & Ко"), ("Цвет товара", "белый; чёрный")),
    )
    assert [paths[category] for category in dress.category_ids] == ["Рубашка"]
    assert [paths[category] for category in products[plain_id].category_ids] == ["Без категории"]
    assert ExportScope("catalog", False, "ozon-cabinet") in cards, "a whole catalogue would delete the store's other products"
    offers = list(records(files.offers_file, book))
    assert ExportScope("offers", False, "ozon-cabinet") in offers
    assert {record.product_id: (record.value, record.currency) for record in offers if isinstance(record, Price)} == {
        dress_id: (Decimal("1990.50"), "RUB"),
        plain_id: (Decimal(1990), "RUB"),
    }
    assert [(record.product_id, record.quantity) for record in offers if isinstance(record, Stock)] == [(dress_id, Decimal(7))]


async def test_exported_cards_come_into_the_store_beside_the_others(shop: Shop, service: CabinetCardsService, tmp_path: Path) -> None:
    await only_on_ozon(shop)
    await service.load(shop.integration, silent)
    files = await service.export_only_on_ozon(shop.integration, tmp_path / "out", with_archived=True)
    assert [type(open_source(path)).__name__ for path in (files.import_file, files.offers_file)] == ["XmlSource"] * 2
    await shop.application.store_import.import_files([files.import_file, files.offers_file], silent)
    goods = await shop.application.storage.run(lambda unit: unit.store.products(None))
    assert {product.offer_id for product in goods} == {"RU-1", "RU-2", "RU-3", "DRESS", "PLAIN", "OLD"}
    # The shop's own catalogue is the chosen one: another structure is another list of products.
    await shop.application.integrations.save(
        shop.integration,
        replace((await shop.application.integrations.page(shop.integration)).integration.settings, catalog_structure_id="ozon-cabinet"),
        None,
    )
    report = await service.report(shop.integration)
    assert {"DRESS", "PLAIN", "OLD"} <= {card.offer_id for card in report.matched}
    assert [card.offer_id for card in report.only_ozon] == ["RU-1"]


async def test_the_table_holds_every_value(shop: Shop, service: CabinetCardsService, tmp_path: Path) -> None:
    await only_on_ozon(shop)
    await service.load(shop.integration, silent)
    files = await service.export_only_on_ozon(shop.integration, tmp_path / "out")
    book = python_calamine.CalamineWorkbook.from_path(str(files.table))
    headings, *rows = book.get_sheet_by_index(0).to_python()
    cells = {row[0]: dict(zip(headings, row, strict=True)) for row in rows}
    assert set(cells) == {"DRESS", "PLAIN"}
    dress = cells["DRESS"]
    assert (dress["Цена"], dress["НДС, %"], dress["Остаток"], dress["Бренд"], dress["Вес в упаковке, г"]) == (
        "1990.5",
        "10",
        "7",
        "Ромашка & Ко",
        "350",
    )
    assert (dress["Цвет товара"], dress["Описание"]) == ("белый; чёрный", "Лён <и> хлопок\nвторая строка — ♥")
    assert str(dress["Категория Ozon"]).endswith("Рубашка")


async def test_a_folder_that_cannot_be_written_is_named(shop: Shop, service: CabinetCardsService, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongInput):
        await service.export_only_on_ozon(shop.integration, tmp_path / "file" / "out")
    with pytest.raises(WrongInput):
        await service.export_only_on_ozon(shop.integration, tmp_path / "out", encoding="koi8-r")
