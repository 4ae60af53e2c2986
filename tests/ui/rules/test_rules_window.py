"""The window of the rules as a whole: saving, failing, closing with something unsaved; reached with Tab, and nothing cut."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from ozon_desktop.domain.stock_rules import Spread, StockException, StockRules, WarehouseRule
from ozon_desktop.errors import StorageError, WrongInput
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import Theme, ThemeMode, window_font
from ozon_desktop.ui.widgets import ElidedLabel
from tests.ui.rules.conftest import MAIN, FakeRules, make_view
from tests.ui.rules.entering import Open, Settled, enter, store


def test_what_the_service_refuses_is_reported_and_what_was_entered_stays(opened: Open, service: FakeRules, settled: Settled) -> None:
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


def test_saving_says_the_page_of_the_preview(opened: Open, context: WindowContext, settled: Settled) -> None:
    with opened() as window:
        spy = QSignalSpy(context.data_changed)
        enter(window.guard.share, "10")
        QTest.keyClick(window.guard.share, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
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
        QTest.keyClick(window, Qt.Key.Key_Escape)
        assert window.isVisible()
        assert window.unsaved_bar.isVisible()
        assert window.unsaved_bar.save_button.hasFocus()
        QTest.keyClick(window.unsaved_bar.save_button, Qt.Key.Key_Space)
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
                QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
                focus = QApplication.focusWidget()
                assert focus is not None
                passed.add(focus.objectName())
                spoken = focus.accessibleName() or getattr(focus, "text", str)()
                assert spoken or focus.objectName() in {"", "qt_tabwidget_tabbar"}, focus.objectName()
            assert names <= passed, names - passed


@pytest.mark.parametrize("points", [1.0, 2.0])
@pytest.mark.styled
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
    found_all: list[QLabel | QPushButton | QCheckBox] = [
        *window.findChildren(QLabel),
        *window.findChildren(QPushButton),
        *window.findChildren(QCheckBox),
    ]
    for widget in found_all:
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
