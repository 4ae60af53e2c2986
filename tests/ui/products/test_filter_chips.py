"""Chips above the table: every reason has short words, rarer ones and remarks are in a menu."""

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.card import ProblemCode
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.table.filter_chips import FilterChips, reason_label
from ozon_desktop.ui.products.table.product_table_model import Readiness


def test_rarer_reasons_are_in_a_menu_with_their_counts(qtbot: QtBot, context: WindowContext) -> None:
    chips = FilterChips()
    qtbot.addWidget(chips)
    codes = (ProblemCode.DENSITY, ProblemCode.WEIGHT_MISSING, ProblemCode.NAME_EMPTY, ProblemCode.CURRENCY, ProblemCode.VAT_NOT_ACCEPTED)
    reasons = [(code, "x", 9 - number) for number, code in enumerate((*codes, ProblemCode.OTHER_LIST))]
    chips.show_counts(20, 5, 15, reasons, lambda _: 0)
    chips.show()
    assert chips.more.text() == "Другие причины: 2 ▾"
    assert [action.text() for action in chips.menu.actions()] == ["ставка НДС — 5", "список другого типа — 4"]
    with qtbot.waitSignal(chips.chosen) as reported:
        chips.menu.actions()[1].trigger()
    assert reported.args == [Readiness.ALL, frozenset({(ProblemCode.OTHER_LIST, "x")})]
    assert chips.more.text() == "список другого типа — 4 ▾"
    assert chips.more.isChecked()
    chips.choose(Readiness.ALL)
    assert chips.more.text() == "Другие причины: 2 ▾"
    chips.show_counts(20, 5, 15, reasons[:2], lambda _: 0)
    assert not chips.more.isVisible()


def test_reasons_have_short_names() -> None:
    assert reason_label(ProblemCode.REQUIRED_EMPTY, "Бренд") == "нет бренда"
    assert reason_label(ProblemCode.REQUIRED_EMPTY, "Цвет товара") == "не заполнено: Цвет товара"


@pytest.mark.parametrize("code", ProblemCode)
def test_every_reason_has_words_that_fit_on_a_chip(code: ProblemCode) -> None:
    assert 0 < len(reason_label(code, "Поле")) <= 30


def test_remarks_are_below_the_reasons_in_the_menu(qtbot: QtBot) -> None:
    chips = FilterChips()
    qtbot.addWidget(chips)
    warnings = [(ProblemCode.BARCODE_FORM, "barcode", 7), (ProblemCode.PICTURE_MISSING, "images", 9)]
    chips.show_counts(20, 5, 15, [(ProblemCode.DENSITY, "weight", 3)], lambda _: 0, warnings=warnings)
    chips.show()
    assert chips.more.text() == "Замечания: 2 ▾"
    assert [action.text() for action in chips.menu.actions()] == ["нет фотографии — 9", "штрихкод не EAN — 7"]
    with qtbot.waitSignal(chips.chosen) as reported:
        chips.menu.actions()[1].trigger()
    assert reported.args == [Readiness.ALL, frozenset({(ProblemCode.BARCODE_FORM, "barcode")})]
    assert chips.more.text() == "штрихкод не EAN — 7 ▾"


def test_remarks_take_no_chip_from_what_holds_cards_back(qtbot: QtBot) -> None:
    chips = FilterChips()
    qtbot.addWidget(chips)
    codes = (ProblemCode.DENSITY, ProblemCode.WEIGHT_MISSING, ProblemCode.NAME_EMPTY, ProblemCode.CURRENCY, ProblemCode.VAT_NOT_ACCEPTED)
    reasons = [(code, "x", 9 - number) for number, code in enumerate(codes)]
    chips.show_counts(20, 5, 15, reasons, lambda _: 0, warnings=[(ProblemCode.PICTURE_MISSING, "images", 19)])
    assert [chip.text() for chip in chips.findChildren(QPushButton) if chip.objectName().startswith("chip_reason")] == [
        "вес не подходит к размерам — 9",
        "нет веса — 8",
        "нет названия — 7",
        "не та валюта — 6",
    ]
    assert chips.more.text() == "Другие причины: 1 ▾"
    assert [action.text() for action in chips.menu.actions() if not action.isSeparator()] == ["ставка НДС — 5", "нет фотографии — 19"]
