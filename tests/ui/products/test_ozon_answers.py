"""Ozon's own answers in the card and in the table: at their field, in the summary with a way there, and never as a success."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.cabinet import ItemError
from ozon_desktop.domain.card import CardPayload
from ozon_desktop.domain.sync_plan import Accepted
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.fields.ozon_note import OzonNote
from ozon_desktop.ui.products.page import ProductsPage
from ozon_desktop.ui.products.table.product_table_model import ProductColumn
from tests.ui.finding import child
from tests.ui.products.fakes import BRAND, KEY, MODEL, MOMENT, FakeCards

Opened = Callable[[], ProductsPage]
# The offscreen platform says so for every window with a smallest size.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

NOT_FILLED = ItemError("error_attribute_values_empty", "attribute is empty", attribute_id=BRAND.id)
ABOUT_SIZES = ItemError("incorrect_density", "density", field="weight")
ABOUT_PICTURES = ItemError("all_image_failed", "images", field="images", level="warning")
ABOUT_NAME = ItemError("name_too_long", "too long", field="name")
ABOUT_PRICE = ItemError("price_out_of_range", "price")
ABOUT_CODE = ItemError("?", "штрихкод занят", field="barcode")
ABOUT_TYPE = ItemError("description_category_is_legacy", "legacy")
ABOUT_ALL = ItemError("seller_no_contract_failed", "contract")
ALL = (NOT_FILLED, ABOUT_SIZES, ABOUT_PICTURES, ABOUT_NAME, ABOUT_PRICE, ABOUT_CODE, ABOUT_TYPE, ABOUT_ALL)


def answered(*errors: ItemError, **more: Any) -> Accepted:
    return Accepted("SP-2201", 7, errors=errors, updated_at=MOMENT, **more)


def note(page: ProductsPage, name: str) -> str:
    found = child(page, OzonNote, f"ozon_{name}")
    assert found is not None, name
    assert found.isHidden() is not bool(found.text)
    return found.text


def reread(page: ProductsPage, qtbot: QtBot) -> None:
    page.refresh()
    qtbot.waitUntil(lambda: page.context.worker.pending == 0)


def test_each_answer_stands_at_its_field(opened: Opened, cards: FakeCards) -> None:
    cards.ozon["p1"] = answered(*ALL)
    page = opened()
    assert note(page, str(BRAND.id)) == "Ozon: Не заполнена характеристика «Бренд»: заполните её в карточке товара"
    assert note(page, str(MODEL.id)) == ""
    assert note(page, "package") == "Ozon: Вес не подходит к размерам упаковки: проверьте длину, ширину, высоту и вес"
    assert note(page, "images").startswith("Замечание: Ozon не смог загрузить ни одной фотографии")
    assert note(page, "name") == "Ozon: Название слишком длинное: сократите до 255 символов"
    assert note(page, "price") == "Ozon: Цена вне допустимых границ: исправьте её в магазине"
    assert note(page, "barcode") == "Ozon: Штрихкод занят"
    roles = {name: child(page, QFrame, f"ozon_{name}").property("role") for name in ("package", "images")}
    assert roles == {"package": "message-error", "images": "message-attention"}
    box = page.panel.form.boxes[BRAND.id]
    assert box.error == "Не заполнено обязательное поле «Бренд»", "what the program says stays apart"
    assert box.editor.accessibleDescription() == f"{box.error}\n{note(page, str(BRAND.id))}"


@pytest.mark.styled
def test_the_summary_leads_to_each_field(opened: Opened, cards: FakeCards, qtbot: QtBot) -> None:
    cards.ozon["p1"] = answered(*ALL)
    page = opened()
    page.activateWindow()
    head = page.panel.card_head
    places = {"package": ("weight", "dim_weight"), "brand": (str(BRAND.id), f"field_{BRAND.id}"), "price": ("price", "store_price")}
    for link, name in (*places.values(), ("name", "store_name"), ("barcode", "store_barcode")):
        assert f'<a href="{link}">' in head.problems.text()
        head.problems.linkActivated.emit(link)
        line = child(page, QLineEdit, name)
        assert page.focusWidget() is line
        shown = line.mapTo(page.panel._area.viewport(), line.rect().center())
        assert page.panel._area.viewport().rect().contains(shown), "scrolled to"
    assert "<br>Ozon: Нет действующего договора с Ozon" in head.problems.text(), "about the whole card: told, nowhere to go"
    with qtbot.waitSignal(page.context.go_to) as reported:
        head.problems.linkActivated.emit("category")
    assert reported.args == ["mapping", "boots"]
    assert "Ответ Ozon получен" in head.problems.text()


def test_an_imported_card_with_a_blocking_error_is_not_ready(opened: Opened, cards: FakeCards, qtbot: QtBot) -> None:
    cards.ozon["p2"] = answered(ABOUT_NAME)
    page = opened()
    page.table.select_ids(["p2"])
    qtbot.waitUntil(lambda: page.card.product_id == "p2" and page.context.worker.pending == 0)
    badge = page.panel.card_head.badge
    # The fake's card has errors of its own as well.
    assert (badge.text(), badge.property("role")) == ("2 ошибки и отказ Ozon", "badge-error")
    row = page.model.row_of("p2")
    assert page.model.index(row, ProductColumn.READY).data() == "отклонён"
    assert "Ozon: Название" in page.model.index(row, ProductColumn.READY).data(Qt.ItemDataRole.ToolTipRole)


def ready(cards: FakeCards) -> None:
    """The first card without problems of its own."""
    cards.attributes = (MODEL,)
    cards.sizes = replace(cards.sizes, height=100)


def test_a_ready_card_says_what_ozon_did_with_it(opened: Opened, cards: FakeCards, qtbot: QtBot) -> None:
    ready(cards)
    page = opened()
    badge = page.panel.card_head.badge
    assert badge.text() == "готов"
    cards.ozon["p1"] = answered(ABOUT_PICTURES)
    reread(page, qtbot)
    assert badge.text() == "готов", "a remark holds nothing back"
    cards.ozon["p1"] = answered(ABOUT_ALL)
    reread(page, qtbot)
    assert (badge.text(), badge.property("role")) == ("Ozon отклонил", "badge-error")
    price = page.card.draft.details.card.price if page.card.draft is not None else None
    assert price is not None
    cards.ozon["p1"] = answered(refused=CardPayload("SP-2201", "Сапоги", KEY, price, "0.2", "RUB", 1, 1, 1, 1))
    reread(page, qtbot)
    assert badge.text() == "Ozon отклонил"
    assert "причина не названа" in page.panel.card_head.problems.text()
    cards.ozon["p1"] = answered()
    reread(page, qtbot)
    assert badge.text() == "готов"
    assert not page.panel.card_head.problems.isVisible()
    assert note(page, "name") == ""


def test_a_changed_field_says_that_ozon_has_not_seen_it(opened: Opened, cards: FakeCards) -> None:
    cards.ozon["p1"] = answered(replace(NOT_FILLED, attribute_id=MODEL.id))
    page = opened()
    line = child(page, QLineEdit, f"field_{MODEL.id}")
    line.setText("Зимние")
    line.textEdited.emit("Зимние")
    assert note(page, str(MODEL.id)).endswith("\nЭто ответ на прежнее значение.")


def test_refused_cards_have_a_chip_while_there_are_any(opened: Opened, context: WindowContext, cards: FakeCards, qtbot: QtBot) -> None:
    cards.ozon["p2"] = answered(ABOUT_NAME)
    page = opened()
    chip = child(page, QPushButton, "chip_refused")
    assert (chip.text(), chip.isVisible()) == ("Ozon отклонил 1", True)
    assert page.status_line.text() == "1 готов к отправке, 2 с ошибками, Ozon отклонил 1"
    page.open_payload("refused")
    assert [page.model.row(number).offer_id for number in range(page.model.rowCount())] == ["KR-1042"]
    assert chip.isChecked()
    cards.ozon.clear()
    reread(page, qtbot)
    assert not chip.isVisible()
    assert page.model.rowCount() == 3, "the filter goes with its chip"
    assert child(page, QPushButton, "chip_all").isChecked()


def test_enter_on_a_refused_row_opens_the_field_ozon_named(opened: Opened, cards: FakeCards, qtbot: QtBot) -> None:
    ready(cards)
    cards.ozon["p3"] = answered(replace(NOT_FILLED, attribute_id=MODEL.id))
    page = opened()
    page.activateWindow()
    page.table.select_ids(["p3"])
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.card.product_id == "p3" and page.focusWidget() is child(page, QLineEdit, f"field_{MODEL.id}"))


def test_what_comes_from_the_store_is_shown_with_what_is_wrong(opened: Opened, cards: FakeCards) -> None:
    page = opened()
    lines = {name: line.text() for name, line in page.panel.form.store.lines.items()}
    assert lines == {
        "name": "Сапоги зимние женские",
        "offer_id": "SP-2201",
        "barcode": "",
        "price": "7\u00a0450,00\u00a0₽",
        "vat": "20\u00a0%",
    }
    assert all(line.isReadOnly() and line.accessibleName() for line in page.panel.form.store.lines.values())
