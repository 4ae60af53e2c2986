"""Price lists as shops send them: headings under a letterhead, several sheets, any delimiter and encoding."""

from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from ozon_desktop.domain.import_problems import ImportProblem, ImportProblemKind
from ozon_desktop.domain.price_list import ColumnRole, layout_key
from ozon_desktop.domain.store_catalog import Price, PriceType, Product, Stock, StoreCategory, StoreRecord, StoreWarehouse
from ozon_desktop.errors import BrokenFile, NoHeadings
from ozon_desktop.store.commerceml import Book
from ozon_desktop.store.source import open_source

HEADINGS = ["Артикул", "Наименование", "Группа", "Цена розничная", "Цена опт", "Остаток Витрина", "Остаток", "Штрихкод", "Вес, г", "Фото"]
ROW = [
    "00123",
    "Слипоны «Бриз»",
    "Обувь / Летняя",
    "1 499,50",
    "900",
    "3",
    "5",
    "4600000000017",
    "600",
    "https://a.example/1.jpg, https://a.example/2.jpg",
]


def read(path: Path, book: Book | None = None) -> list[StoreRecord]:
    return list(open_source(path).read(path, book))


def of(kind: type, records: list[StoreRecord]) -> list[StoreRecord]:
    return [record for record in records if isinstance(record, kind)]


def csv_file(folder: Path, rows: list[list[str]], delimiter: str = ";", codec: str = "utf-8") -> Path:
    path = folder / "price.csv"
    quoted = [[f'"{cell}"' if delimiter in cell else cell for cell in row] for row in rows]
    path.write_bytes("\r\n".join(delimiter.join(row) for row in quoted).encode(codec))
    return path


def check(records: list[StoreRecord]) -> None:
    [product] = of(Product, records)
    assert isinstance(product, Product)
    assert (product.id, product.offer_id, product.name) == ("00123", "00123", "Слипоны «Бриз»")
    assert (product.barcodes, product.properties) == (("4600000000017",), (("Вес, г", "600"),))
    assert product.pictures == ("https://a.example/1.jpg", "https://a.example/2.jpg")
    assert [(each.name, each.parent_id) for each in records if isinstance(each, StoreCategory)] == [("Обувь", None), ("Летняя", "обувь")]
    assert product.category_ids == ("обувь/летняя",)
    assert [each.name for each in records if isinstance(each, PriceType)] == ["Цена розничная", "Цена опт"]
    assert [each.value for each in records if isinstance(each, Price)] == [Decimal("1499.50"), Decimal(900)]
    assert [each.name for each in records if isinstance(each, StoreWarehouse)] == ["Витрина", "Основной склад"]
    assert [each.quantity for each in records if isinstance(each, Stock)] == [3, 5]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_csv_of_any_delimiter_and_encoding(tmp_path: Path, delimiter: str, codec: str) -> None:
    check(read(csv_file(tmp_path, [HEADINGS, ROW], delimiter, codec)))


def test_a_letterhead_above_and_groups_between_the_rows(tmp_path: Path) -> None:
    rows = [["ООО «Пуговка»"], ["Прайс-лист от 30.11.2026"], [], ["№", "Артикул", "Наименование", "Цена"]]
    rows += [["", "", "Обувь", ""], ["1", "A-1", "Слипоны", "100"], ["", "", "Шапки", ""], ["2", "A-2", "Кепка", "200"]]
    records = read(csv_file(tmp_path, rows))
    assert [(each.offer_id, each.category_ids) for each in records if isinstance(each, Product)] == [
        ("A-1", ("обувь",)),
        ("A-2", ("шапки",)),
    ]


def workbook(path: Path, sheets: dict[str, list[list[object]]], hidden: str = "") -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write(number, column, cell)
            if name == hidden:
                sheet.hide()
    return path


def test_sheets_are_read_and_hidden_ones_are_not(tmp_path: Path) -> None:
    whole: list[list[object]] = [list(HEADINGS), list(ROW)]
    old: list[list[object]] = [["Артикул", "Наименование"], ["OLD", "Старое"]]
    more: list[list[object]] = [["Код", "Название товара", "Цена"], [5, "Шапка", 99.5]]
    path = workbook(tmp_path / "price.xlsx", {"Обувь": whole, "Старое": old, "Шапки": more, "О нас": [["Телефон", "123"]]}, hidden="Старое")
    records = read(path)
    assert [(each.id, each.name) for each in records if isinstance(each, Product)] == [("00123", "Слипоны «Бриз»"), ("5", "Шапка")]
    assert Price("5", "цена", Decimal("99.5")) in records


def test_a_bad_value_and_a_row_without_a_name_of_its_own_are_said(tmp_path: Path) -> None:
    rows = [["Артикул", "Наименование", "Цена", "Остаток"], ["A", "Слипоны", "по запросу", ">10"], ["", "Без артикула", "100", "1"]]
    records = read(csv_file(tmp_path, rows))
    problems = [(each.kind, each.line, each.product, each.element) for each in records if isinstance(each, ImportProblem)]
    assert problems == [(ImportProblemKind.WRONG_NUMBER, 2, "Слипоны", "Цена"), (ImportProblemKind.NO_ID, 3, "Без артикула", "")]
    assert [each.quantity for each in records if isinstance(each, Stock)] == [10]


def test_a_choice_of_columns_holds_for_files_with_these_headings(tmp_path: Path) -> None:
    rows = [["Артикул", "Наименование", "РРЦ"], ["A", "Слипоны", "1 200"]]
    path = csv_file(tmp_path, rows)
    assert of(Price, read(path)) == []
    chosen = {layout_key(rows[0]): {"Артикул": ColumnRole.ARTICLE, "Наименование": ColumnRole.NAME, "РРЦ": ColumnRole.PRICE}}
    assert of(Price, read(path, Book(columns=chosen))) == [Price("A", "ррц", Decimal(1200))]


@pytest.mark.parametrize("rows", [[["a", "b"], ["1", "2"]], [["Наименование", "Цена"], ["Слипоны", "100"]], []])
def test_a_table_without_headings_is_no_price_list(tmp_path: Path, rows: list[list[str]]) -> None:
    with pytest.raises(NoHeadings):
        read(csv_file(tmp_path, rows))


def test_a_damaged_workbook_is_broken(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "price.xlsx", {"Лист": [list(HEADINGS), list(ROW)]}).read_bytes()
    for data in (whole[: len(whole) // 2], whole[:200] + b"\0" * 200 + whole[400:]):
        (tmp_path / "price.xlsx").write_bytes(data)
        with pytest.raises(BrokenFile):
            read(tmp_path / "price.xlsx")


@pytest.mark.parametrize(
    "levels",
    [["Корневая", "Подкатегория 1", "Подкатегория 2"], ["Категория 1", "Категория 2", "Категория 3"], ["Group", "Уровень 2", "Уровень 3"]],
)
def test_levels_of_the_tree_may_have_a_column_each(tmp_path: Path, levels: list[str]) -> None:
    rows = [[*levels, "Название товара", "Артикул"], ["Сад", "Полив", "", "Лейка", "A-1"], ["Сад", "Полив", "Шланги", "Шланг", "A-2"]]
    records = read(csv_file(tmp_path, rows))
    products = [record for record in records if isinstance(record, Product)]
    assert [product.category_ids for product in products] == [("сад/полив",), ("сад/полив/шланги",)]
    assert [product.properties for product in products] == [(), ()]
    parents = {record.id: record.parent_id for record in records if isinstance(record, StoreCategory)}
    assert parents == {"сад": None, "сад/полив": "сад", "сад/полив/шланги": "сад/полив"}


def test_a_second_column_of_categories_that_is_no_level_is_a_property(tmp_path: Path) -> None:
    rows = [["Категория", "Категория на Ozon", "Название", "Артикул"], ["Сад", "Лейки", "Лейка", "A-1"]]
    [product] = of(Product, read(csv_file(tmp_path, rows)))
    assert isinstance(product, Product)
    assert (product.category_ids, product.properties) == (("сад",), (("Категория на Ozon", "Лейки"),))


def test_headings_of_an_english_web_shop_are_known(tmp_path: Path) -> None:
    rows = [["ID", "SKU", "Name", "Date sale price starts", "Stock", "Sale price", "Regular price", "Categories", "Images"]]
    rows.append(["17", "A-1", "Can", "2026-01-02", "4", "90", "120.50", "Garden > Water", "https://a.example/1.jpg"])
    records = read(csv_file(tmp_path, rows))
    [product] = of(Product, records)
    assert isinstance(product, Product)
    assert (product.id, product.offer_id, product.category_ids) == ("17", "A-1", ("garden/water",))
    assert product.properties == (("Date sale price starts", "2026-01-02"),)
    assert [(each.price_type_id, each.value) for each in records if isinstance(each, Price)] == [
        ("sale price", Decimal(90)),
        ("regular price", Decimal("120.50")),
    ]
    assert [each.quantity for each in records if isinstance(each, Stock)] == [4]


def test_rows_of_one_article_are_its_sizes_and_colours(tmp_path: Path) -> None:
    rows = [["Артикул", "Наименование", "Цвет", "Рост", "Материал", "Цена", "Остаток"]]
    rows += [["Д-1", "Дверь", "белый", "2000", "дуб", "100", "1"], ["Д-1", "Дверь", "белый", "2100", "дуб", "120", "2"]]
    rows += [["Д-1", "Дверь", "серый", "2000", "дуб", "110", "3"], ["Д-2", "Дверь глухая", "белый", "2000", "дуб", "90", "4"]]
    records = read(csv_file(tmp_path, rows))
    products = {record.id: record for record in records if isinstance(record, Product)}
    parent, *variants, other = products.values()
    assert (parent.id, parent.parent_id, parent.properties) == ("Д-1", None, (("Материал", "дуб"),))
    assert [(variant.parent_id, variant.offer_id, dict(variant.properties)) for variant in variants] == [
        ("Д-1", "Д-1", {"Цвет": "белый", "Рост": "2000"}),
        ("Д-1", "Д-1", {"Цвет": "белый", "Рост": "2100"}),
        ("Д-1", "Д-1", {"Цвет": "серый", "Рост": "2000"}),
    ]
    assert (other.id, other.parent_id, len(other.properties)) == ("Д-2", None, 3)
    ids = [variant.id for variant in variants]
    assert [(each.product_id, each.value) for each in records if isinstance(each, Price)] == [
        *zip(ids, [Decimal(100), Decimal(120), Decimal(110)], strict=True),
        ("Д-2", Decimal(90)),
    ]
    assert [each.product_id for each in records if isinstance(each, Stock)] == [*ids, "Д-2"]


def test_the_order_of_rows_and_a_new_row_leave_the_ids_of_the_others(tmp_path: Path) -> None:
    head, *lines = [["Артикул", "Наименование", "Цвет"], ["A", "Лак", "красный"], ["A", "Лак", "синий"], ["A", "Лак", "белый"]]

    def ids(rows: list[list[str]]) -> set[str]:
        return {record.id for record in read(csv_file(tmp_path, rows)) if isinstance(record, Product)}

    two = ids([head, *lines[:2]])
    assert len(two) == 3
    assert ids([head, lines[1], lines[0]]) == two
    assert ids([head, *reversed(lines)]) > two


def test_rows_that_differ_in_their_names_only_are_told_apart_by_them(tmp_path: Path) -> None:
    rows = [["Код", "Наименование", "Цена"], ["7", "Лак красный", "5"], ["7", "Лак синий", "6"]]
    records = read(csv_file(tmp_path, rows))
    assert [record.name for record in records if isinstance(record, Product) and record.parent_id] == ["Лак красный", "Лак синий"]
    assert len({each.product_id for each in records if isinstance(each, Price)}) == 2


def test_the_same_row_twice_is_said_and_taken_once(tmp_path: Path) -> None:
    rows = [["Артикул", "Наименование", "Цена"], ["A", "Лейка", "5"], ["A", "Лейка", "6"]]
    records = read(csv_file(tmp_path, rows))
    assert [(record.id, record.parent_id) for record in records if isinstance(record, Product)] == [("A", None)]
    assert [each.value for each in records if isinstance(each, Price)] == [Decimal(6)]
    [problem] = [record for record in records if isinstance(record, ImportProblem)]
    assert (problem.kind, problem.line) == (ImportProblemKind.REPEATED_ROW, 3)


def test_words_of_availability_are_no_stock(tmp_path: Path) -> None:
    rows = [
        ["Артикул", "Наименование", "Наличие", "Количество на складе"],
        ["A", "Лейка", "Есть", "5"],
        ["B", "Грабли", "Отсутствует", "0"],
    ]
    records = read(csv_file(tmp_path, rows))
    stocks = [(each.product_id, each.quantity) for each in records if isinstance(each, Stock)]
    assert stocks == [("A", Decimal(5)), ("B", Decimal(0))]
    assert [dict(record.properties) for record in records if isinstance(record, Product)] == [
        {"Наличие": "Есть"},
        {"Наличие": "Отсутствует"},
    ]
    assert not [record for record in records if isinstance(record, ImportProblem)]


def test_a_sheet_with_the_names_of_categories_holds_no_goods(tmp_path: Path) -> None:
    book: dict[str, list[list[object]]] = {
        "Товары": [["id", "Название товара", "Категория", "Цена"], ["1", "Лейка", "Полив", "350"]],
        "Категории": [["Название категории", "id", "parentId"], ["Сад", "10", ""], ["Полив", "11", "10"]],
    }
    records = read(workbook(tmp_path / "price.xlsx", book))
    assert [(record.id, record.category_ids) for record in records if isinstance(record, Product)] == [("1", ("полив",))]
