"""The window of the rules: entering, what is wrong at its field, saving, taking back, closing with something unsaved."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from ozon_desktop.domain.cabinet import OzonWarehouse
from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.price_rules import GuardLimits, PriceRule, PriceRules
from ozon_desktop.domain.stock_rules import Selling, Spread, StockException, StockRules, WarehouseRule
from ozon_desktop.domain.store_catalog import StoreWarehouse
from ozon_desktop.errors import StorageError, WrongInput
from ozon_desktop.services.sync_rules import NamedProduct
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.rules.numbers import decimal_of, whole_of
from ozon_desktop.ui.rules.window import RulesWindow
from ozon_desktop.ui.theme import Theme, ThemeMode, window_font
from ozon_desktop.ui.widgets import ElidedLabel

from .conftest import FOREST, MAIN, PICKUP, SHOES, FakeRules, make_view

Open = Callable[[], AbstractContextManager[RulesWindow]]
Settled = Callable[[], None]
Key = Qt.Key


def enter(line: QWidget, text: str) -> None:
    """Replaces what a line holds, as typing does."""
    line.setText(text)  # type: ignore[attr-defined]
    line.textEdited.emit(text)  # type: ignore[attr-defined]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def store(service: FakeRules, stocks: StockRules | None = None, prices: PriceRules | None = None) -> None:
    service.answer = make_view(stocks=stocks, prices=prices or PriceRules())


# --- Numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"), [("1 990,50", "1990.50"), ("20 %", "20"), ("−15", "-15"), ("", None), ("x", None), ("NaN", None), ("1e20", None)]
)
def test_numbers_are_read_as_they_are_typed(text: str, value: str | None) -> None:
    assert decimal_of(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(("text", "value"), [("3", 3), ("0", 0), ("2,5", None), ("-1", None), ("", None)])
def test_pieces_are_whole(text: str, value: int | None) -> None:
    assert whole_of(text) == value


# --- Prices ---------------------------------------------------------------------------------------------------------


def test_prices_are_shown_on_a_product_as_they_are_entered_and_saved(opened: Open, service: FakeRules, settled: Settled) -> None:
    with opened() as window:
        prices = window.prices
        assert not window.save_button.isEnabled()
        assert "цена 2 990 ₽." in plain(prices.example.text())
        prices.old.source.choose("selling")
        enter(prices.old.markup, "20")
        enter(prices.old.step, "100")
        prices.old.nine.click()
        prices.minimum.source.choose("type:old")
        enter(prices.minimum.markup, "−20")
        assert "цена 2 990 ₽, до скидки 3 599 ₽, минимальная 2 800 ₽" in plain(prices.example.text())
        assert prices.problems.isHidden()
        window.save_button.click()
        settled()
        (saved,) = service.saved
        assert saved == (
            PriceRules(PriceRule(None, Decimal(20), Decimal(100), True), PriceRule("old", Decimal(-20)), GuardLimits()),
            None,
        )
        assert not window.save_button.isEnabled()
        assert not window.unsaved
        assert "сохранены" in window.bar.message


def test_prices_ozon_would_refuse_are_told_on_the_example(opened: Open) -> None:
    with opened() as window:
        window.prices.old.source.choose("selling")
        enter(window.prices.old.markup, "2")
        window.prices.minimum.source.choose("selling")
        enter(window.prices.minimum.markup, "-60")
        told = plain(window.prices.problems.text())
        assert "нужно не меньше 5 %" in told
        assert "меньше половины цены" in told


@pytest.mark.parametrize(
    ("markup", "step", "nine", "field", "text"),
    [
        ("x", "0", False, "markup_field", "Введите число"),
        ("-100", "0", False, "markup_field", "больше −100 %"),
        ("", "0", False, "markup_field", "Введите число"),
        ("5", "-1", False, "step_field", "не меньше нуля"),
        ("5", "0,001", False, "step_field", "не мельче копейки"),
        ("5", "7", True, "step_field", "целым числом десятков"),
    ],
)
def test_a_wrong_rule_is_told_at_its_field_and_not_saved(
    opened: Open, service: FakeRules, settled: Settled, markup: str, step: str, nine: bool, field: str, text: str
) -> None:
    with opened() as window:
        box = window.prices.old
        box.source.choose("selling")
        enter(box.markup, markup)
        enter(box.step, step)
        box.nine.setChecked(nine)
        wrong = getattr(box, field)
        assert text in wrong.error
        window.tabs.setCurrentIndex(2)
        window.save_button.click()
        settled()
        assert service.saved == []
        assert window.tabs.currentIndex() == 0
        assert wrong.editor.hasFocus()
        assert "Исправьте" in window.prices.example.text()
        box.source.choose("off")
        assert wrong.error is None


def test_a_price_type_that_is_gone_is_told(opened: Open, service: FakeRules) -> None:
    store(service, prices=PriceRules(PriceRule("gone", Decimal(10))))
    with opened() as window:
        assert window.prices.old.source.currentText() == "Тип цен, которого больше нет в магазине"
        assert window.prices.old.source_field.error == "Такого типа цен в магазине нет"
        assert not window.unsaved


def test_the_example_can_be_another_product(opened: Open, service: FakeRules, settled: Settled) -> None:
    service.products["SP-1"] = NamedProduct("p2", "SP-1", "Сапоги")
    with opened() as window:
        window.prices.article.setText("SP-1")
        QTest.keyClick(window.prices.article, Key.Key_Return)
        settled()
        assert "«Сапоги»" in window.prices.example.text()
        window.prices.article.setText("нет")
        QTest.keyClick(window.prices.article, Key.Key_Return)
        settled()
        assert window.prices.article_field.error == "В магазине нет такого артикула"


def test_a_store_without_prices_has_no_example(opened: Open, service: FakeRules) -> None:
    service.example_answer = None
    service.answer = make_view(price_types=(), store_warehouses=(), ozon_warehouses=(), categories=())
    with opened() as window:
        assert "Пример появится" in window.prices.example.text()
        window.stocks.switch.click()
        assert window.stocks.none.isVisibleTo(window.stocks)
        assert not window.stocks.editor.isVisibleTo(window.stocks)
        assert window.save_button.isEnabled()


# --- The guard ------------------------------------------------------------------------------------------------------


def test_the_guard_is_saved_and_its_numbers_are_checked(opened: Open, service: FakeRules, settled: Settled) -> None:
    with opened() as window:
        guard = window.guard
        enter(guard.share, "140")
        enter(guard.least, "0")
        assert "от 0 до 100 %" in guard.told.text()
        assert "не меньше одного" in guard.told.text()
        window.save_button.click()
        assert window.tabs.currentIndex() == 1
        assert guard.share.hasFocus()
        enter(guard.share, "12,5")
        enter(guard.change, "40")
        enter(guard.least, "7")
        assert guard.told.isHidden()
        window.save_button.click()
        settled()
        assert service.saved[0][0].guard == GuardLimits(Decimal("12.5"), Decimal(40), 7)


def test_a_guard_that_is_off_needs_no_numbers(opened: Open, service: FakeRules, settled: Settled) -> None:
    with opened() as window:
        enter(window.guard.share, "много")
        window.guard.active.click()
        assert not window.guard.share.isEnabled()
        window.save_button.click()
        settled()
        assert service.saved[0][0].guard == GuardLimits(active=False)


# --- Stocks ---------------------------------------------------------------------------------------------------------


def test_stocks_by_names_become_rules_and_go_back(opened: Open, service: FakeRules, settled: Settled) -> None:
    with opened() as window:
        stocks = window.stocks
        assert "сопоставляются по названию" in stocks.state_text.text()
        assert not stocks.content.isVisibleTo(stocks)
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


def test_a_warehouse_takes_turns_in_the_order_that_is_chosen(opened: Open, service: FakeRules, settled: Settled) -> None:
    store(service, StockRules())
    with opened() as window:
        window.tabs.setCurrentIndex(2)
        stocks, editor = window.stocks, window.stocks.editor
        editor.spread.choose(Spread.PRIORITY)
        assert stocks.model.text(stocks.model.rows[0], 2) == "Не выбраны склады магазина"
        assert editor.told.text() == "Отметьте хотя бы один склад."
        editor.list.item(0).setCheckState(Qt.CheckState.Checked)
        editor.list.item(1).setCheckState(Qt.CheckState.Checked)
        editor.list.setCurrentRow(1)
        editor.up.click()
        assert stocks.model.text(stocks.model.rows[0], 2) == "Первый по порядку склад, где есть товар: «Дальний», «Основной»"
        assert stocks.model.text(stocks.model.rows[1], 2) == "Правила нет: отправляется ноль"
        enter(stocks.reserve, "2")
        enter(stocks.limit, "3")
        stocks.minus_reserved.click()
        window.save_button.click()
        settled()
        assert service.saved[-1][1] == StockRules((WarehouseRule(MAIN, Spread.PRIORITY, ("w2", "w1")),), 2, 3, False)


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


def test_warehouses_that_are_gone_or_do_not_fit_are_told(opened: Open, service: FakeRules) -> None:
    service.answer = replace(
        make_view(stocks=StockRules((WarehouseRule(77, Spread.SUM, ("gone",)),))),
        ozon_warehouses=(OzonWarehouse(MAIN, "Основной", active=False), OzonWarehouse(PICKUP, "Самовывоз", is_rfbs=True)),
    )
    with opened() as window:
        stocks = window.stocks
        assert [stocks.model.text(row, 1) for row in stocks.model.rows] == ["нет в кабинете", "FBS, выключен", "rFBS, не используется"]
        assert stocks.editor.list.item(0).text() == "Склад, которого больше нет в магазине"


@pytest.mark.parametrize(
    ("scheme", "told"), [(Scheme.FBO, "но не отправляет"), (Scheme.FBS, "только читаются и показываются"), (None, "только читаются")]
)
def test_fbo_is_told_in_words(opened: Open, service: FakeRules, scheme: Scheme | None, told: str) -> None:
    service.answer = make_view(scheme=scheme)
    with opened() as window:
        assert told in window.stocks.scheme_note.text()


@pytest.mark.parametrize("text", ["", "-1", "2,5", "много", "1000000"])
def test_a_reserve_is_a_whole_number(opened: Open, service: FakeRules, settled: Settled, text: str) -> None:
    store(service, StockRules())
    with opened() as window:
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
    store(service, StockRules())
    with opened() as window:
        window.tabs.setCurrentIndex(3)
        part = window.exceptions
        part.selling.choose(Selling.ZERO)
        part.article.setText(SHOES.offer_id)
        QTest.keyClick(part.article, Key.Key_Return)
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


def test_an_exception_that_says_nothing_or_of_an_unknown_product_is_refused(opened: Open, service: FakeRules, settled: Settled) -> None:
    store(service, StockRules())
    with opened() as window:
        window.tabs.setCurrentIndex(3)
        part = window.exceptions
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
        assert not window.unsaved


# --- Saving, failing, closing ---------------------------------------------------------------------------------------


def test_what_the_service_refuses_is_told_and_what_was_entered_stays(opened: Open, service: FakeRules, settled: Settled) -> None:
    with opened() as window:
        enter(window.guard.share, "10")
        service.failure = WrongInput("Склады", detail="в магазине нет склада «w9»")
        window.save_button.click()
        settled()
        assert "в магазине нет склада «w9»" in window.bar.message
        assert window.unsaved
        assert window.save_button.isEnabled()
        service.failure = None
        window.save_button.click()
        settled()
        assert service.saved[0][0].guard.share == 10


def test_rules_that_cannot_be_read_can_be_read_again(opened: Open, service: FakeRules, settled: Settled) -> None:
    service.failure = StorageError()
    with opened() as window:
        assert not window.tabs.isEnabled()
        assert not window.save_button.isEnabled()
        service.failure = None
        window.bar.action.click()
        settled()
        assert window.tabs.isEnabled()


def test_saving_tells_the_page_of_the_preview(opened: Open, context: WindowContext, settled: Settled) -> None:
    with opened() as window:
        spy = QSignalSpy(context.data_changed)
        enter(window.guard.share, "10")
        QTest.keyClick(window.guard.share, Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        settled()
        assert [spy.at(number)[0] for number in range(spy.count())] == ["sync"]


def test_unsaved_rules_are_seen_and_taken_back(opened: Open, settled: Settled) -> None:
    with opened() as window:
        window.prices.old.source.choose("selling")
        enter(window.guard.share, "10")
        assert "не сохранено" in window.windowTitle()
        assert "несохранённые" in window.hint.text()
        window.revert_button.click()
        settled()
        assert window.prices.old.source.chosen == "off"
        assert window.guard.share.text() == "30"
        assert not window.revert_button.isEnabled()
        assert "не сохранено" not in window.windowTitle()


def test_closing_asks_in_the_window_and_keeps_what_is_entered(opened: Open, service: FakeRules, settled: Settled) -> None:
    with opened() as window:
        enter(window.guard.share, "10")
        QTest.keyClick(window, Key.Key_Escape)
        assert window.isVisible()
        assert window.unsaved_bar.isVisible()
        assert window.unsaved_bar.save_button.hasFocus()
        QTest.keyClick(window.unsaved_bar.save_button, Key.Key_Space)
        settled()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert not isValid(window) or not window.isVisible()
        assert service.saved[0][0].guard.share == 10


def test_closing_can_give_up_and_a_clean_window_just_closes(opened: Open, service: FakeRules) -> None:
    with opened() as window:
        enter(window.guard.share, "10")
        window.close_button.click()
        assert window.isVisible()
        window.unsaved_bar.discard_button.click()
        assert not window.isVisible()
        assert service.saved == []


def test_another_cabinet_closes_the_window(opened: Open, context: WindowContext) -> None:
    with opened() as window:
        enter(window.guard.share, "10")
        context.choose_integration(2)
        assert not window.isVisible()


def test_new_store_data_is_read_unless_something_is_being_entered(
    opened: Open, service: FakeRules, context: WindowContext, settled: Settled
) -> None:
    with opened() as window:
        service.answer = make_view(price_types=())
        context.data_changed.emit("store")
        settled()
        assert window.prices.old.source.count() == 2
        enter(window.guard.share, "10")
        service.answer = make_view()
        context.data_changed.emit("store")
        settled()
        assert window.guard.share.text() == "10"
        assert window.prices.old.source.count() == 2


def test_every_control_is_reached_with_tab_and_has_a_name(opened: Open, service: FakeRules) -> None:
    store(service, StockRules((WarehouseRule(MAIN, Spread.SHARE, ("w1",)),)))
    wanted = {
        0: {"old_source", "min_source", "example_article"},
        1: {"guard_active", "guard_share", "guard_change", "guard_least"},
        2: {
            "stock_rules_switch",
            "stock_reserve",
            "stock_limit",
            "warehouse_table",
            "warehouse_spread",
            "warehouse_share",
            "warehouse_stores",
        },
        3: {"exception_table", "exception_kind", "exception_article", "exception_reserve", "exception_add"},
    }
    with opened() as window:
        for number, names in wanted.items():
            window.tabs.setCurrentIndex(number)
            window.tabs.setFocus()
            passed = set()
            for _ in range(40):
                QTest.keyClick(QApplication.focusWidget() or window, Key.Key_Tab)
                focus = QApplication.focusWidget()
                assert focus is not None
                passed.add(focus.objectName())
                spoken = focus.accessibleName() or getattr(focus, "text", str)()
                assert spoken or focus.objectName() in {"", "qt_tabwidget_tabbar"}, focus.objectName()
            assert names <= passed, names - passed


@pytest.mark.parametrize("points", [1.0, 2.0])
def test_nothing_is_cut(
    opened: Open, service: FakeRules, qapp: QApplication, qtbot: QtBot, request: pytest.FixtureRequest, points: float
) -> None:
    font = window_font()
    font.setPointSizeF(font.pointSizeF() * points)
    qapp.setFont(font)
    request.addfinalizer(lambda: qapp.setFont(window_font()))
    Theme(ThemeMode.LIGHT).apply()
    store(service, StockRules((WarehouseRule(MAIN, Spread.PRIORITY, ("w1",)),), exceptions=(StockException(category_id="c1", reserve=1),)))
    with opened() as window:
        for number in range(4):
            window.tabs.setCurrentIndex(number)
            for _ in range(20):
                if not cut(window):
                    break
                # Layouts come to rest in several rounds.
                qtbot.wait(50)
            assert cut(window) == []


def cut(window: QWidget) -> list[str]:
    """Texts with less room than they need."""
    found = []
    for widget in (*window.findChildren(QLabel), *window.findChildren(QPushButton), *window.findChildren(QCheckBox)):
        if not widget.isVisibleTo(window) or isinstance(widget, ElidedLabel) or not widget.text():
            continue
        if isinstance(widget, QLabel) and widget.wordWrap():
            short = widget.heightForWidth(widget.width()) > widget.height() + 1
        else:
            need, have = widget.sizeHint(), widget.size()
            short = need.width() > have.width() + 1 or need.height() > have.height() + 1
        if short:
            found.append(f"{widget.objectName()} {widget.text()[:40]} {widget.size().toTuple()}")
    return found
