"""Stocks and exceptions in the window of the rules: warehouses, shares, reserves, and what single products and categories do."""

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ozon_desktop.domain.cabinet import OzonWarehouse
from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.sold_pieces import WriteOff
from ozon_desktop.domain.stock_rules import Selling, Spread, StockException, StockRules, WarehouseRule
from ozon_desktop.domain.store_catalog import StoreWarehouse
from tests.ui.rules.conftest import FOREST, MAIN, PICKUP, SHOES, FakeRules, make_view
from tests.ui.rules.entering import Open, Settled, enter, store

# --- Stocks ---------------------------------------------------------------------------------------------------------


def test_stocks_by_names_become_rules_and_go_back(opened: Open, service: FakeRules, settled: Settled) -> None:
    with opened() as window:
        stocks = window.stocks
        assert "сопоставляются по названию" in stocks.state_text.text()
        assert not stocks.content.isVisibleTo(stocks)
        assert stocks.write_off_field.isVisibleTo(stocks)
        stocks.switch.click()
        assert stocks.content.isVisibleTo(stocks)
        assert [stocks.model.text(row, 2) for row in stocks.model.rows] == ["По названию складов"] * 3
        window.save_button.click()
        settled()
        assert service.saved[-1][1] == StockRules()
        stocks.switch.click()
        window.save_button.click()
        settled()
        assert service.saved[-1][1] is None


def test_when_the_store_writes_off_is_chosen_without_rules(opened: Open, service: FakeRules, settled: Settled) -> None:
    with opened() as window:
        stocks = window.stocks
        stocks.write_off.setCurrentIndex(stocks.write_off.findData(WriteOff.AT_ORDER))
        assert window.unsaved
        window.save_button.click()
        settled()
        assert service.saved[-1][1] == StockRules(write_off=WriteOff.AT_ORDER)
        assert not stocks.by_rules
        stocks.switch.click()
        stocks.switch.click()
        assert stocks.write_off.currentData() == WriteOff.AT_ORDER, "rules are given up, the choice beside them is not"
        stocks.write_off.setCurrentIndex(stocks.write_off.findData(WriteOff.AT_SHIPMENT))
        window.save_button.click()
        settled()
        assert service.saved[-1][1] is None


def test_a_stored_write_off_alone_is_not_shown_as_rules(opened: Open, service: FakeRules, settled: Settled) -> None:
    store(service, StockRules(write_off=WriteOff.IGNORED))
    with opened() as window:
        stocks = window.stocks
        assert not stocks.by_rules
        assert stocks.write_off.currentData() == WriteOff.IGNORED
        assert "второй раз" in stocks.write_off_field.editor.accessibleDescription()
        assert "сначала задайте" in window.exceptions.note.text()
        assert not window.unsaved
        enter(window.guard.single, "12")
        window.save_button.click()
        settled()
        assert service.saved[-1][0].guard.single == Decimal(12)
        assert service.saved[-1][1] == StockRules(write_off=WriteOff.IGNORED)


def test_a_warehouse_takes_turns_in_the_order_that_is_chosen(opened: Open, service: FakeRules, settled: Settled) -> None:
    with opened() as window:
        window.stocks.switch.click()
        window.tabs.setCurrentIndex(2)
        stocks, editor = window.stocks, window.stocks.editor
        editor.spread.choose(Spread.PRIORITY)
        assert stocks.model.text(stocks.model.rows[0], 2) == "Не выбраны склады магазина"
        assert editor.fault_label.text() == "Отметьте хотя бы один склад."
        editor.list.item(0).setCheckState(Qt.CheckState.Checked)
        editor.list.item(1).setCheckState(Qt.CheckState.Checked)
        editor.list.setCurrentRow(1)
        editor.up.click()
        assert stocks.model.text(stocks.model.rows[0], 2) == "Первый по порядку склад, где есть товар: «Дальний», «Основной»"
        assert stocks.model.text(stocks.model.rows[1], 2) == "Правила нет: отправляется ноль"
        enter(stocks.reserve, "2")
        enter(stocks.limit, "3")
        assert "не передаст остатки новее" in stocks.write_off_field.editor.accessibleDescription()
        stocks.write_off.setCurrentIndex(stocks.write_off.findData(WriteOff.IGNORED))
        assert "второй раз" in stocks.write_off_field.editor.accessibleDescription()
        window.save_button.click()
        settled()
        assert service.saved[-1][1] == StockRules((WarehouseRule(MAIN, Spread.PRIORITY, ("w2", "w1")),), 2, 3, WriteOff.IGNORED)


def test_a_share_is_checked_and_the_wrong_warehouse_is_shown(opened: Open, service: FakeRules, settled: Settled) -> None:
    store(service, StockRules((WarehouseRule(FOREST, Spread.SHARE, ("w1",), Decimal(40)),)))
    with opened() as window:
        stocks, editor = window.stocks, window.stocks.editor
        assert [row.ozon_id for row in stocks.model.rows] == [FOREST, MAIN, PICKUP], "rules keep their order"
        assert editor.share.text() == "40"
        window.tabs.setCurrentIndex(2)
        enter(editor.share, "0")
        assert editor.share_field.error
        stocks.table.selectRow(1)
        window.save_button.click()
        settled()
        assert service.saved == []
        assert stocks.table.currentIndex().row() == 0
        assert editor.share.hasFocus()
        enter(editor.share, "12,5")
        window.save_button.click()
        settled()
        assert service.saved[-1][1] == StockRules((WarehouseRule(FOREST, Spread.SHARE, ("w1",), Decimal("12.5")),))


def test_the_order_of_ozon_warehouses_can_be_changed(opened: Open, service: FakeRules, settled: Settled) -> None:
    both = (WarehouseRule(MAIN, Spread.SUM, ("w1",)), WarehouseRule(FOREST, Spread.LEAVE))
    store(service, StockRules(both))
    with opened() as window:
        window.stocks.down.click()
        assert window.stocks.table.currentIndex().row() == 1
        window.save_button.click()
        settled()
        assert service.saved[-1][1] == StockRules((both[1], both[0]))


def test_warehouses_that_are_gone_or_do_not_fit_are_reported(opened: Open, service: FakeRules) -> None:
    service.answer = replace(
        make_view(stocks=StockRules((WarehouseRule(77, Spread.SUM, ("gone",)),))),
        ozon_warehouses=(OzonWarehouse(MAIN, "Основной", active=False), OzonWarehouse(PICKUP, "Самовывоз", is_rfbs=True)),
    )
    with opened() as window:
        stocks = window.stocks
        assert [stocks.model.text(row, 1) for row in stocks.model.rows] == ["нет в кабинете", "FBS, выключен", "rFBS, не используется"]
        assert stocks.editor.list.item(0).text() == "Склад, которого больше нет в магазине"


@pytest.mark.parametrize(
    ("scheme", "reported"), [(Scheme.FBO, "но не отправляет"), (Scheme.FBS, "только читаются и показываются"), (None, "только читаются")]
)
def test_fbo_is_reported_in_words(opened: Open, service: FakeRules, scheme: Scheme | None, reported: str) -> None:
    service.answer = make_view(scheme=scheme)
    with opened() as window:
        assert reported in window.stocks.scheme_note.text()


@pytest.mark.parametrize("text", ["", "-1", "2,5", "много", "1000000"])
def test_a_reserve_is_a_whole_number(opened: Open, service: FakeRules, settled: Settled, text: str) -> None:
    with opened() as window:
        window.stocks.switch.click()
        enter(window.stocks.reserve, text)
        assert window.stocks.reserve_field.error
        window.save_button.click()
        settled()
        assert service.saved == []
        assert window.stocks.reserve.hasFocus()


def test_hundreds_of_warehouses_are_shown_in_little_time(opened: Open, service: FakeRules, settled: Settled) -> None:
    houses = tuple(OzonWarehouse(MAIN + number, f"Склад {number}") for number in range(300))
    own = tuple(StoreWarehouse(f"s{number}", f"Магазин {number}") for number in range(300))
    service.answer = make_view(ozon_warehouses=houses, store_warehouses=own, stocks=StockRules())
    with opened() as window:
        window.stocks.switch.click()
        window.stocks.table.selectRow(299)
        window.stocks.editor.spread.choose(Spread.SUM)
        window.stocks.editor.list.item(299).setCheckState(Qt.CheckState.Checked)
        window.save_button.click()
        settled()
        assert service.saved[-1][1] == StockRules((WarehouseRule(MAIN + 299, Spread.SUM, ("s299",)),))


# --- Exceptions -----------------------------------------------------------------------------------------------------


def test_exceptions_need_rules(opened: Open) -> None:
    with opened() as window:
        assert "сначала задайте" in window.exceptions.note.text()
        assert not window.exceptions.form.isVisibleTo(window.exceptions)
        window.stocks.switch.click()
        assert window.exceptions.form.isVisibleTo(window.exceptions)


def test_exceptions_are_added_replaced_and_removed(opened: Open, service: FakeRules, settled: Settled) -> None:
    with opened() as window:
        window.stocks.switch.click()
        window.tabs.setCurrentIndex(3)
        part = window.exceptions
        part.selling.choose(Selling.ZERO)
        part.article.setText(SHOES.offer_id)
        QTest.keyClick(part.article, Qt.Key.Key_Return)
        settled()
        assert part.model.text(part.model.rows[0], 0) == "KR-1042  Кроссовки Atlas"
        assert part.model.text(part.model.rows[0], 1) == "На Ozon отправляется ноль"
        part.kind.choose("category")
        part.category.choose("c2")
        part.selling.choose(None)
        enter(part.reserve, "3")
        part.add.click()
        enter(part.limit, "2")
        part.add.click()
        assert len(part.model.rows) == 2, "the same category again takes the place of the first"
        window.save_button.click()
        settled()
        stocks = service.saved[-1][1]
        assert stocks is not None
        assert stocks.exceptions == (
            StockException(product_id="p1", selling=Selling.ZERO),
            StockException(category_id="c2", reserve=3, lower_limit=2),
        )
        part.table.selectRow(0)
        part.remove.click()
        part.remove.click()
        assert part.article.isVisibleTo(part) or part.category.isVisibleTo(part)
        window.save_button.click()
        settled()
        assert service.saved[-1][1] == StockRules()


def test_a_chosen_exception_comes_into_the_form_and_is_changed(opened: Open, service: FakeRules, settled: Settled) -> None:
    stocks = StockRules(exceptions=(StockException(product_id="p1", reserve=4), StockException(category_id="c2", lower_limit=2)))
    service.answer = make_view(stocks=stocks, products=(SHOES,))
    with opened() as window:
        window.tabs.setCurrentIndex(3)
        part = window.exceptions
        part.table.selectRow(1)
        part.edit.click()
        assert (part.kind.chosen, part.category.chosen, part.reserve.text(), part.limit.text()) == ("category", "c2", "", "2")
        part.table.selectRow(0)
        part.edit.click()
        assert (part.kind.chosen, part.article.text(), part.reserve.text()) == ("product", "KR-1042", "4")
        enter(part.reserve, "5")
        part.add.click()
        settled()
        window.save_button.click()
        settled()
        saved = service.saved[-1][1]
        assert saved is not None
        assert set(saved.exceptions) == {StockException(product_id="p1", reserve=5), StockException(category_id="c2", lower_limit=2)}


def test_an_exception_that_says_nothing_or_of_an_unknown_product_is_refused(opened: Open, service: FakeRules, settled: Settled) -> None:
    with opened() as window:
        window.stocks.switch.click()
        window.tabs.setCurrentIndex(3)
        part = window.exceptions
        before = part.state()
        part.add.click()
        assert part.article_field.error == "Введите артикул товара"
        assert part.selling_field.error
        part.selling.choose(Selling.LEAVE)
        part.article.setText("нет такого")
        part.add.click()
        settled()
        assert part.article_field.error == "В магазине нет такого артикула"
        assert part.article.hasFocus()
        enter(part.reserve, "-3")
        part.add.click()
        assert part.reserve_field.error == "Целое число, не меньше нуля"
        part.kind.choose("category")
        enter(part.reserve, "")
        part.add.click()
        assert part.category_field.error == "Выберите категорию"
        assert part.model.rows == ()
        assert part.state() == before
