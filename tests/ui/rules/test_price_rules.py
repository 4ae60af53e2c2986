"""Prices and the guard in the window of the rules: numbers as they are typed, the example product, what is wrong at its field."""

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ozon_desktop.domain.price_rules import GuardLimits, PriceRule, PriceRules
from ozon_desktop.services.sync.rules import NamedProduct
from ozon_desktop.ui.rules.numbers import decimal_of, whole_of
from tests.ui.rules.conftest import FakeRules, make_view
from tests.ui.rules.entering import Open, Settled, enter, store


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


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


def test_prices_ozon_would_refuse_are_reported_on_the_example(opened: Open) -> None:
    with opened() as window:
        window.prices.old.source.choose("selling")
        enter(window.prices.old.markup, "2")
        window.prices.minimum.source.choose("selling")
        enter(window.prices.minimum.markup, "-60")
        reported = plain(window.prices.problems.text())
        assert "нужно не меньше 5 %" in reported
        assert "меньше половины цены" in reported


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
def test_a_wrong_rule_is_reported_at_its_field_and_not_saved(
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


def test_a_price_type_that_is_gone_is_reported(opened: Open, service: FakeRules) -> None:
    store(service, prices=PriceRules(PriceRule("gone", Decimal(10))))
    with opened() as window:
        assert window.prices.old.source.currentText() == "Тип цен, которого больше нет в магазине"
        assert window.prices.old.source_field.error == "Такого типа цен в магазине нет"
        assert not window.unsaved


def test_the_example_can_be_another_product(opened: Open, service: FakeRules, settled: Settled) -> None:
    service.products["SP-1"] = NamedProduct("p2", "SP-1", "Сапоги")
    with opened() as window:
        window.prices.article.setText("SP-1")
        QTest.keyClick(window.prices.article, Qt.Key.Key_Return)
        settled()
        assert "«Сапоги»" in window.prices.example.text()
        window.prices.article.setText("нет")
        QTest.keyClick(window.prices.article, Qt.Key.Key_Return)
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
        assert "от 0 до 100 %" in guard.fault_label.text()
        assert "не меньше одного" in guard.fault_label.text()
        window.save_button.click()
        assert window.tabs.currentIndex() == 1
        assert guard.share.hasFocus()
        enter(guard.share, "12,5")
        enter(guard.change, "40")
        enter(guard.least, "7")
        assert guard.fault_label.isHidden()
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
