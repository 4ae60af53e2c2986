"""The product table: words, filters, sorting, and that selection follows products."""

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.cabinet import ItemError
from ozon_desktop.domain.card import CardProblem, ProblemCode
from ozon_desktop.domain.ozon_problems import ozon_problems
from ozon_desktop.services.cards.view import CardRow
from ozon_desktop.ui.look.theme import Theme, ThemeMode
from ozon_desktop.ui.look.tokens import LIGHT
from ozon_desktop.ui.products.table.product_table_model import ProductColumn, ProductFilter, ProductTableModel, Readiness

NO_BRAND = CardProblem(ProblemCode.REQUIRED_EMPTY, "Бренд", 85)
NO_SIZE = CardProblem(ProblemCode.DIMENSION_MISSING, "height")
NO_PICTURE = CardProblem(ProblemCode.PICTURE_MISSING, "images")
ERROR = ItemError("x", "Плохая фотография")


def row(number: int, name: str = "Сапоги", *problems: CardProblem, price: str | None = "7450", status: str = "", **more: Any) -> CardRow:
    ready = not any(problem.blocking for problem in problems)
    money = Decimal(price) if price is not None else None
    errors: tuple[ItemError, ...] = more.get("errors", ())
    reported = ozon_problems(errors, ())
    return CardRow(
        f"p{number}", f"SP-{number}", name, "Обувь", "Сапоги", money, "RUB", Decimal(number), ready, problems, status, errors, reported
    )


ROWS = (
    row(1, "Сапоги зимние", NO_BRAND, NO_SIZE),
    row(2, "Кроссовки Ёлка", NO_PICTURE, status="продаётся"),
    row(3, "Мультиварка", NO_SIZE, price=None, errors=(ERROR,), status="ошибка"),
    row(10, "Телевизор", CardProblem(ProblemCode.TYPE_DISABLED, "type"), NO_SIZE, price="990"),
)


@pytest.fixture
def model(qapp: Any) -> ProductTableModel:
    table = ProductTableModel(Theme(ThemeMode.LIGHT))
    table.show_rows(ROWS)
    return table


def column(model: ProductTableModel, which: ProductColumn, role: int = Qt.ItemDataRole.DisplayRole) -> list[Any]:
    return [model.index(number, which).data(role) for number in range(model.rowCount())]


def test_table_follows_the_rules_of_item_models(qapp: Any) -> None:
    table = ProductTableModel(Theme(ThemeMode.LIGHT))
    tester = QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Warning)
    table.show_rows(ROWS)
    table.show_filter(ProductFilter("сапоги"))
    table.sort(ProductColumn.NAME)
    table.show_rows(ROWS[1:])
    assert table.rowCount() == 0
    assert tester is not None


def test_cells_say_price_stock_readiness_and_ozon_status(model: ProductTableModel) -> None:
    assert column(model, ProductColumn.PRICE) == ["7\u00a0450,00\u00a0₽", "7\u00a0450,00\u00a0₽", "нет цены", "990,00\u00a0₽"]
    assert column(model, ProductColumn.STOCK) == ["1", "2", "3", "10"]
    assert column(model, ProductColumn.READY) == ["2 ошибки", "готов", "1 ошибка", "тип отключён"]
    assert column(model, ProductColumn.OZON) == ["не создан", "продаётся", "ошибка", "не создан"]


def test_tooltips_give_the_reasons(model: ProductTableModel) -> None:
    tips = column(model, ProductColumn.READY, Qt.ItemDataRole.ToolTipRole)
    assert tips[0] == "Не заполнено обязательное поле «Бренд»\nНе указан размер упаковки: высота"
    assert column(model, ProductColumn.OZON, Qt.ItemDataRole.ToolTipRole)[2] == "ошибка\nOzon: Плохая фотография"


def test_numbers_stand_right(model: ProductTableModel) -> None:
    alignments = [model.index(0, which).data(Qt.ItemDataRole.TextAlignmentRole) for which in ProductColumn]
    right = [bool(alignment & Qt.AlignmentFlag.AlignRight) for alignment in alignments]
    assert right == [False, False, True, True, False, False]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (ProductFilter("sp-1"), ["SP-1", "SP-10"]),
        (ProductFilter("ЕЛКА кросс"), ["SP-2"]),
        (ProductFilter(readiness=Readiness.READY), ["SP-2"]),
        (ProductFilter(readiness=Readiness.ERRORS), ["SP-1", "SP-3", "SP-10"]),
        (ProductFilter(reasons=frozenset({(ProblemCode.REQUIRED_EMPTY, "Бренд")})), ["SP-1"]),
        (ProductFilter("сапоги", Readiness.READY), []),
        (ProductFilter(readiness=Readiness.REFUSED), ["SP-3"]),
    ],
)
def test_filter_narrows_by_words_readiness_and_reason(model: ProductTableModel, wanted: ProductFilter, found: list[str]) -> None:
    model.show_filter(wanted)
    assert column(model, ProductColumn.OFFER) == found


def test_price_sorts_as_number_and_missing_price_comes_first(model: ProductTableModel) -> None:
    model.sort(ProductColumn.PRICE)
    assert column(model, ProductColumn.OFFER) == ["SP-3", "SP-10", "SP-1", "SP-2"]
    model.sort(ProductColumn.STOCK, Qt.SortOrder.DescendingOrder)
    assert column(model, ProductColumn.STOCK) == ["10", "3", "2", "1"]
    model.sort(-1)
    assert column(model, ProductColumn.OFFER) == ["SP-1", "SP-2", "SP-3", "SP-10"]


def test_chosen_product_stays_chosen_over_sorting_and_filtering(model: ProductTableModel) -> None:
    chosen = QPersistentModelIndex(model.index(2, 0))
    model.sort(ProductColumn.NAME, Qt.SortOrder.DescendingOrder)
    assert chosen.data() == "SP-3"
    model.show_filter(ProductFilter("мульти"))
    assert (chosen.row(), chosen.data()) == (0, "SP-3")
    model.show_filter(ProductFilter("сапоги"))
    assert not chosen.isValid()


def test_same_products_with_new_contents_do_not_reset_the_view(model: ProductTableModel, qtbot: QtBot) -> None:
    fresh = (row(1, "Сапоги зимние"), *ROWS[1:])
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        assert model.update_rows(fresh) is False
    assert column(model, ProductColumn.READY)[0] == "готов"


def test_product_is_found_by_id_and_by_article(model: ProductTableModel) -> None:
    assert model.find("p3") == "p3"
    assert model.find("SP-10") == "p10"
    assert model.find("нет такого") is None
    assert model.count(frozenset({(ProblemCode.DIMENSION_MISSING, "height"), (ProblemCode.REQUIRED_EMPTY, "Бренд")})) == 3


def test_many_products_are_filtered_and_sorted(model: ProductTableModel) -> None:
    many = [row(number, f"Товар {number % 1000}") for number in range(10_000)]
    random.Random(1).shuffle(many)
    model.show_rows(many)
    model.show_filter(ProductFilter("товар 777"))
    model.show_filter(ProductFilter("товар 77"))
    model.sort(ProductColumn.NAME)
    assert model.rowCount() == sum("77" in f"{number} {number % 1000}" for number in range(10_000))


def test_categories_are_counted_with_those_above_and_filter_with_those_below(qapp: Any) -> None:
    paths = ("Обувь / Сапоги", "Обувь / Сапоги", "Обувь", "Обувь для дома", "")
    table = ProductTableModel(Theme(ThemeMode.LIGHT))
    table.show_rows([replace(row(number), category=path) for number, path in enumerate(paths)])
    assert table.categories() == [("Обувь", 3), ("Обувь / Сапоги", 2), ("Обувь для дома", 1)]
    found = {}
    for path, _ in table.categories():
        table.show_filter(ProductFilter(category=path))
        found[path] = [table.row(number).product_id for number in range(table.rowCount())]
    assert found == {"Обувь": ["p0", "p1", "p2"], "Обувь / Сапоги": ["p0", "p1"], "Обувь для дома": ["p3"]}


def test_another_types_list_is_reported_in_words(qapp: Any) -> None:
    table = ProductTableModel(Theme(ThemeMode.LIGHT))
    table.show_rows([row(1, "Сапоги", CardProblem(ProblemCode.OTHER_LIST, "category", detail="Ботинки"), NO_SIZE), row(2)])
    assert column(table, ProductColumn.READY) == ["другой список", "готов"]
    assert "Ботинки" in column(table, ProductColumn.READY, Qt.ItemDataRole.ToolTipRole)[0]
    assert table.other_lists({"p1", "p2"}) == ["p1"]


def test_a_card_ozon_refused_is_no_success(qapp: Any) -> None:
    warned = ItemError("y", "Мелкое фото", level="warning")
    table = ProductTableModel(Theme(ThemeMode.LIGHT))
    table.show_rows([row(1, errors=(ERROR,), status="Готов к продаже"), row(2, errors=(warned,)), row(3)])
    assert column(table, ProductColumn.READY) == ["отклонён", "готов", "готов"]
    colours = [colour.name().upper() for colour in column(table, ProductColumn.READY, Qt.ItemDataRole.ForegroundRole)]
    assert colours == [LIGHT.error, LIGHT.good, LIGHT.good]
    assert column(table, ProductColumn.READY, Qt.ItemDataRole.ToolTipRole) == ["Ozon: Плохая фотография", None, None]
    tips = column(table, ProductColumn.OZON, Qt.ItemDataRole.ToolTipRole)
    assert tips == ["Готов к продаже\nOzon: Плохая фотография", "Замечание Ozon: Мелкое фото", None]
    table.sort(ProductColumn.READY, Qt.SortOrder.DescendingOrder)
    assert column(table, ProductColumn.OFFER)[0] == "SP-1"
