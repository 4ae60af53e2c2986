"""Lists that open: whole to the last row and on the screen."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

from ozon_desktop.ui.frame.main_window import MainWindow
from ozon_desktop.ui.integration.page import IntegrationPageView
from tests.e2e.real_window.conftest import start
from tests.e2e.real_window.hand import Hand, by_hand, scroll_to


def tabs(hand: Hand) -> tuple[str, ...]:
    """The tabs of the page that is shown; one without a name where it has none."""
    page = hand.window.current_page
    return tuple(page.tabs.keys) if isinstance(page, IntegrationPageView) else ("",)


def show_tab(hand: Hand, tab: str) -> None:
    """Shows a tab of «Интеграция»."""
    page = hand.window.current_page
    if tab and isinstance(page, IntegrationPageView):
        hand.ask(lambda: page.tabs.show_tab(tab))
        hand.rest()


def boxes(hand: Hand) -> list[QComboBox]:
    """The boxes of the page that can be opened: on the screen, or reached by scrolling."""
    return [box for box in hand.window.current_page.findChildren(QComboBox) if box.isVisible() and box.isEnabled() and box.count()]


def cut(box: QComboBox) -> str:
    """What of an open list is not seen; "" = nothing. It may scroll only for its number of rows or for want of room on the screen."""
    view, rows = box.view(), min(box.count(), box.maxVisibleItems())
    height, row = view.viewport().height(), view.visualRect(view.model().index(0, 0)).height()
    free, top = view.screen().availableGeometry(), box.mapToGlobal(box.rect().topLeft()).y()
    room = max(top, free.bottom() - top - box.height())
    if height < row * rows and (room >= row * rows + 2 or not view.verticalScrollBar().isVisible()):
        return f"{box.objectName()}: {height} of {row * rows} px for {rows} rows, room {room}"
    return ""


def off_screen(widget: QWidget) -> str:
    """How much of a window is not on the screen, a pixel of rounding aside; "" = nothing."""
    free = widget.screen().availableGeometry().adjusted(-1, -1, 1, 1)
    frame = widget.frameGeometry()
    return "" if free.contains(frame) else f"{widget.objectName() or type(widget).__name__}: {frame.getRect()} of {free.getRect()}"


def not_seen(box: QComboBox) -> list[str]:
    """What is wrong with an open list."""
    return [text for text in (cut(box), off_screen(box.view().window())) if text]


def is_closed(box: QComboBox) -> bool:
    """Whether its list is gone."""
    return not box.view().isVisible()


def open_list(hand: Hand, box: QComboBox) -> None:
    """With the key."""
    hand.ask(partial(scroll_to, box))
    hand.ask(box.setFocus)
    hand.keys("alt+Down")
    hand.until(box.view().isVisible, f"{box.objectName()} does not open")
    hand.rest()


@pytest.mark.parametrize("page", ["integration", "mapping", "products", "orders", "journal"])
def test_an_open_list_shows_its_last_row_and_stays_on_the_screen(
    worked: MainWindow, page: str, picture: Callable[[Hand, str], None]
) -> None:
    seen: list[str] = []
    wrong: list[str] = []

    def work(hand: Hand) -> None:
        hand.page(page)
        for tab in hand.ask(lambda: tabs(hand)):
            show_tab(hand, tab)
            for box in hand.ask(lambda: boxes(hand)):
                open_list(hand, box)
                picture(hand, box.objectName())
                seen.append(box.objectName())
                wrong.extend(hand.ask(partial(not_seen, box)))
                hand.keys("Escape")
                hand.until(partial(is_closed, box), f"{box.objectName()} does not close")

    by_hand(worked, work)
    assert seen
    assert not wrong, "\n".join(wrong)


def test_small_windows_beside_a_field_stay_on_the_screen(worked: MainWindow, picture: Callable[[Hand, str], None]) -> None:
    wrong: list[str] = []

    def work(hand: Hand) -> None:
        hand.page("integration")
        show_tab(hand, "orders")
        for name in ("edit_order_direction", "edit_organization", "edit_responsible_employee"):
            button = hand.find(QAbstractButton, name)
            hand.ask(button.setFocus)
            hand.keys("space")
            popup = hand.find(QWidget, "reference_popup")
            hand.rest()
            picture(hand, name)
            wrong.append(hand.ask(partial(off_screen, popup)))
            hand.keys("Escape")
            hand.until(lambda: QApplication.activePopupWidget() is None, "the small window does not close")

    by_hand(worked, work)
    assert not any(wrong), "\n".join(wrong)


def test_the_first_window_fits_the_screen(fresh: MainWindow) -> None:
    wrong: list[str] = []

    def work(hand: Hand) -> None:
        hand.rest()
        wrong.append(hand.ask(lambda: off_screen(hand.window)))
        wrong.append(hand.ask(lambda: off_screen_part(hand.window.sidebar.run)))

    by_hand(fresh, work)
    assert not any(wrong), "\n".join(wrong)


def off_screen_part(widget: QWidget) -> str:
    """Whether a control inside a window is beyond the screen's edge."""
    place = widget.rect().translated(widget.mapToGlobal(widget.rect().topLeft()))
    return "" if widget.screen().geometry().contains(place) else f"{widget.objectName()}: {place.getRect()}"


def test_a_list_that_is_empty_says_where_its_entries_come_from(tmp_path: Path) -> None:
    """Of an own data folder: nobody has loaded a store."""
    session = start(tmp_path, demo=False)
    window = session.window
    assert window is not None

    def work(hand: Hand) -> None:
        hand.page("integration")
        show_tab(hand, "orders")
        hand.ask(window.current_page.hide_message)
        hand.rest()
        hand.click(hand.find(QComboBox, "catalog_structure"))
        hand.until(lambda: "загрузите выгрузку" in window.current_page.message_bar.message, "nothing is said")
        hand.click(hand.find(QComboBox, "responsible_employee"))
        hand.find(QWidget, "reference_popup")
        hand.keys("Escape")

    try:
        by_hand(window, work)
    finally:
        session.end()
    assert session.failures == []
