"""The tree of the preview: groups, fields in words, reasons, filtering."""

from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.sync_plan import ActionKind, FieldChange, Hold, PlanItem, Reason
from ozon_desktop.ui.look.theme import Theme, ThemeMode
from ozon_desktop.ui.look.tokens import LIGHT
from ozon_desktop.ui.sync.preview.model import APPROVE, KEEP_OZONS, OPEN, REJECT, SHOW, SyncPlanModel, shown_buckets
from ozon_desktop.ui.sync.preview.plan_index import LINES_LIMIT, Bucket, Names, PlanIndex, type_keys
from ozon_desktop.ui.widgets.grouped_model import OFFER_ID, PRODUCT_ID
from ozon_desktop.ui.widgets.pieces import PIECES, Piece

WAREHOUSE = 1020000000000001
NAMES = Names({85: "Бренд"}, {WAREHOUSE: "Основной"}, "Розничная", {"17:970": "Чайник"})


def price_item(number: int) -> PlanItem:
    """A product whose price changes."""
    change = FieldChange("price", "4990", "4490")
    return PlanItem(ActionKind.PRICE, f"A-{number}", f"Товар {number}", Reason.PRICE_CHANGED, (change,), product_id=f"p{number}")


def new_item(number: int, fields: int) -> PlanItem:
    """A product to create with this many fields."""
    changes = tuple(FieldChange(f"attribute:{place}", "", "x") for place in range(fields))
    return PlanItem(ActionKind.CREATE, f"N-{number}", "Новый", Reason.NEW_PRODUCT, changes)


@pytest.fixture
def model(qtbot: QtBot, plan_items: tuple[PlanItem, ...]) -> SyncPlanModel:
    """The model over one item of most kinds."""
    model = SyncPlanModel(Theme(ThemeMode.LIGHT))
    model.show_plan(PlanIndex.build(plan_items, NAMES))
    return model


def texts(model: SyncPlanModel, group: int) -> list[list[str]]:
    """What the lines of a group show."""
    header = model.index(group, 0)
    return [[cell(model, row, column, header) for column in range(model.columnCount())] for row in range(model.rowCount(header))]


def cell(model: SyncPlanModel, row: int, column: int, parent: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
    """One cell, with plain blanks."""
    value = model.index(row, column, parent).data(role)
    return value.replace("\u00a0", " ") if isinstance(value, str) else value


def test_the_tree_behaves_like_a_model(model: SyncPlanModel) -> None:
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_filter("кроссовки", None)
    model.show_plan(PlanIndex.build(()))
    assert tester.model() is model
    assert model.rowCount() == 0


def test_groups_count_products_and_lines_name_fields(model: SyncPlanModel) -> None:
    titles = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert titles == ["Создать — 1", "Изменить цену — 1", "Изменить остаток — 1", "Пропустить — 1"]
    assert texts(model, 0) == [
        ["KT-1  Чайник Ёлка", "Название", "", "Чайник Ёлка", "Новый товар, в Ozon его ещё нет"],
        ["KT-1", "Бренд", "", "Русь", ""],
        ["KT-1", "Цена", "", "1 234,5", ""],
    ]
    assert texts(model, 1) == [["KR-1042  Кроссовки Atlas", "Цена", "4 990", "4 490", "Тип цены «Розничная»"]]
    assert texts(model, 2)[0][1:4] == ["Склад «Основной»", "5", "3"]


def test_a_skipped_product_says_every_reason(model: SyncPlanModel) -> None:
    assert [line[1:] for line in texts(model, 3)] == [
        ["Бренд", "", "", "Не заполнено обязательное поле «Бренд»"],
        ["Вес", "", "", "Не указан вес с упаковкой"],
    ]
    color = cell(model, 0, 4, model.index(3, 0), Qt.ItemDataRole.ForegroundRole)
    assert color.name().upper() == LIGHT.attention


def test_numbers_stand_right_and_texts_left(model: SyncPlanModel) -> None:
    def aligned_right(group: int, row: int, column: int) -> bool:
        alignment = cell(model, row, column, model.index(group, 0), Qt.ItemDataRole.TextAlignmentRole)
        return bool(alignment & Qt.AlignmentFlag.AlignRight)

    assert aligned_right(1, 0, 3)
    assert aligned_right(2, 0, 2)
    assert not aligned_right(0, 0, 3)


def test_lines_carry_the_product(model: SyncPlanModel) -> None:
    line = model.index(1, 0, model.index(0, 0))
    assert (line.data(OFFER_ID), line.data(PRODUCT_ID)) == ("KT-1", "p1")


def test_the_type_is_named_and_pictures_keep_their_addresses_in_the_tooltip(qtbot: QtBot) -> None:
    changes = (FieldChange("type_key", "17:1", "17:970"), FieldChange("images", "", "https://a.example/1.jpg"))
    item = PlanItem(ActionKind.UPDATE, "A", "Чайник", Reason.CARD_CHANGED, changes)
    model = SyncPlanModel(Theme(ThemeMode.LIGHT))
    model.show_plan(PlanIndex.build((item,), NAMES))
    header = model.index(0, 0)
    assert cell(model, 0, 2, header) == "категория 17, тип 1"
    assert cell(model, 0, 3, header) == "Чайник"
    assert cell(model, 1, 3, header, Qt.ItemDataRole.ToolTipRole) == "https://a.example/1.jpg"
    assert type_keys((item,)) == {"17:1", "17:970"}


def test_search_ignores_case_and_yo_and_a_tile_narrows_to_its_kind(model: SyncPlanModel) -> None:
    model.show_filter("ЕЛКА", None)
    assert [group.key for group in model.groups] == ["create"]
    model.show_filter("kr-10", None)
    assert [group.key for group in model.groups] == ["price", "stock"]
    model.show_filter("kr-10", Bucket.STOCK)
    assert [group.key for group in model.groups] == ["stock"]
    assert model.shown == 1


def test_too_many_lines_are_folded_into_one_per_product(qtbot: QtBot) -> None:
    fields = 20
    items = tuple(new_item(number, fields) for number in range(LINES_LIMIT // fields + 1))
    model = SyncPlanModel(Theme(ThemeMode.LIGHT))
    model.show_plan(PlanIndex.build(items, NAMES))
    header = model.index(0, 0)
    assert model.rowCount(header) == len(items)
    assert cell(model, 0, 1, header) == "20 полей"
    assert "Характеристика 0: x" in cell(model, 0, 1, header, Qt.ItemDataRole.ToolTipRole)
    model.show_filter("N-7", None)
    assert model.lines == model.shown * fields


def test_one_product_is_found_among_many(qtbot: QtBot) -> None:
    index = PlanIndex.build(tuple(price_item(number) for number in range(10_000)), NAMES)
    model = SyncPlanModel(Theme(ThemeMode.LIGHT))
    model.show_plan(index)
    assert model.lines == 10_000
    model.show_filter("a-999", None)
    assert model.shown == 11
    assert cell(model, 10, 0, model.index(0, 0)) == "A-9999  Товар 9999"


def held(number: int, hold: Hold, kind: ActionKind = ActionKind.PRICE, change: FieldChange | None = None) -> PlanItem:
    """An item that waits for a person."""
    changes = (change or FieldChange("price", "1990", "100"),)
    return PlanItem(kind, f"H-{number}", f"Плед {number}", Reason.PRICE_CHANGED, changes, product_id=f"h{number}", hold=hold)


def pieces(model: SyncPlanModel, group: int, row: int, column: int) -> list[Piece]:
    """What a cell is painted of."""
    return list(model.index(row, column, model.index(group, 0)).data(PIECES) or ())


def links(model: SyncPlanModel, group: int, row: int) -> list[str]:
    """What can be decided on a line."""
    return [piece.link for piece in pieces(model, group, row, 4)]


def shown_plan(*items: PlanItem) -> SyncPlanModel:
    """The model over these items."""
    model = SyncPlanModel(Theme(ThemeMode.LIGHT))
    model.show_plan(PlanIndex.build(items, NAMES))
    return model


def test_held_items_come_first_and_are_in_no_other_group(qtbot: QtBot) -> None:
    stock = FieldChange(f"stock:{WAREHOUSE}", "12", "4000")
    model = shown_plan(price_item(1), held(1, Hold.PRICE_JUMP), held(2, Hold.STOCK_JUMP, ActionKind.STOCK, stock))
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["Придержано — 2", "Изменить цену — 1"]
    assert links(model, 0, 0) == links(model, 0, 1) == [APPROVE, REJECT]
    assert [piece.text.replace("\u00a0", " ") for piece in pieces(model, 0, 0, 3)] == ["100", "−95 %"]
    assert [piece.text.replace("\u00a0", " ") for piece in pieces(model, 0, 1, 3)] == ["4 000", "в 333 раза"]
    assert links(model, 1, 0) == []


def test_products_that_vanished_are_one_row_with_one_decision(qtbot: QtBot) -> None:
    gone = [held(number, Hold.VANISHED, ActionKind.ARCHIVE) for number in range(12)]
    model = shown_plan(held(99, Hold.PRICE_JUMP), *gone)
    rows = [line[0] for line in texts(model, 0)]
    assert rows == ["H-99  Плед 99", "Исчезли 12 товаров"]
    assert links(model, 0, 1) == [SHOW, APPROVE, REJECT]
    line = model.index(1, 0, model.index(0, 0))
    assert {item.offer_id for item in model.items_at(line)} == {item.offer_id for item in gone}
    assert model.index(0, 0).data() == "Придержано — 13"
    model.show_apart(Hold.VANISHED)
    assert len(texts(model, 0)) == 13
    assert links(model, 0, 1) == [APPROVE, REJECT]


def test_cards_nobody_answered_for_have_no_decision_of_their_own(qtbot: QtBot) -> None:
    model = shown_plan(*(held(number, Hold.UNANSWERED, ActionKind.UPDATE) for number in range(3)))
    assert [line[0] for line in texts(model, 0)] == ["Карточки были на Ozon раньше: 3"]
    assert links(model, 0, 0) == [SHOW]
    model.show_filter("плед 2", None)
    assert [line[0] for line in texts(model, 0)] == ["H-2  Плед 2"]
    assert links(model, 0, 0) == []


def test_a_held_value_that_goes_is_called_empty_and_has_no_percents(qtbot: QtBot) -> None:
    changes = (FieldChange("price", "2155", "100"), FieldChange("old_price", "2990", ""))
    model = shown_plan(PlanItem(ActionKind.PRICE, "A-5", "Рубашка", Reason.PRICE_CHANGED, changes, hold=Hold.PRICE_JUMP))
    assert [line[3] for line in texts(model, 0)] == ["100", "пусто"]
    assert [piece.text for piece in pieces(model, 0, 0, 3)] == ["100", "−95\u00a0%"]
    assert [(piece.text, piece.tone) for piece in pieces(model, 0, 1, 3)] == [("пусто", "error")]


def test_what_will_be_lost_has_a_group_of_its_own_and_is_part_of_the_updates(qtbot: QtBot) -> None:
    codes = FieldChange("barcodes", "4607036591234, 4607036591241", "4607036591234", ("4607036591241",))
    weight = FieldChange("attribute:85", "Русь", "", ("Русь",))
    item = PlanItem(ActionKind.UPDATE, "TS-0915", "Термос", Reason.ADOPTED, (FieldChange("name", "А", "Б"), codes, weight), product_id="t")
    model = shown_plan(item)
    model.choosable = lambda field: field == "attribute:85"
    titles = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert titles == ["Будет потеряно — 2", "Обновить — 1"]
    assert [(piece.text, piece.struck, piece.whole) for piece in pieces(model, 0, 0, 2)] == [
        ("4607036591234,", False, False),
        ("4607036591241", True, True),
    ]
    assert texts(model, 0)[1][3] == "пусто"
    assert links(model, 0, 0) == [OPEN]
    assert links(model, 0, 1) == [KEEP_OZONS, OPEN]
    assert len(texts(model, 1)) == 3


def test_counts_of_the_tiles_add_up(qtbot: QtBot) -> None:
    lost = PlanItem(ActionKind.UPDATE, "U", "У", Reason.ADOPTED, (FieldChange("name", "А", "", ("А",)),))
    counts = PlanIndex.build((price_item(1), price_item(2), held(1, Hold.PRICE_JUMP), lost), NAMES).counts()
    assert (counts[Bucket.HELD], counts[Bucket.LOST], counts[Bucket.UPDATE], counts[Bucket.PRICE]) == (1, 1, 1, 2)


def test_the_archive_tile_is_there_only_when_needed() -> None:
    assert Bucket.ARCHIVE not in shown_buckets({Bucket.ARCHIVE: 0})
    assert Bucket.ARCHIVE in shown_buckets({Bucket.ARCHIVE: 2})
