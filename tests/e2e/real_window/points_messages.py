"""Messages and news come and go, and nothing moves; the main thing of a page keeps its room."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QTableView, QTreeView, QWidget

from ozon_desktop.errors import NoConnection
from ozon_desktop.ui.frame.main_window import MainWindow
from ozon_desktop.ui.widgets import MessageBar
from tests.e2e.real_window.hand import Hand, by_hand

PAGES = ["integration", "mapping", "products", "sync", "orders", "journal"]
MAIN = {"mapping": "store_tree", "products": "product_table", "orders": "order_table", "journal": "run_table"}
LONG = "Файл не прочитан: строка 218, цена «12 990 руб.» не число; остальное прочитано. " * 4
LEAST_SHARE = 0.6


def places(page: QWidget) -> dict[int, tuple[str, QRect]]:
    """Where the parts of a page are, but for messages."""
    seen = {}
    for part in page.findChildren(QWidget):
        if part.isVisible() and not any(isinstance(above, MessageBar) for above in (part, part.parentWidget())):
            seen[id(part)] = (f"{type(part).__name__} {part.objectName()}", QRect(part.mapTo(page, QPoint(0, 0)), part.size()))
    return seen


def moved(before: dict[int, tuple[str, QRect]], after: dict[int, tuple[str, QRect]]) -> list[str]:
    """What stands elsewhere now."""
    return [
        f"{name}: {place.getRect()} → {after[key][1].getRect()}"
        for key, (name, place) in before.items()
        if after.get(key, (name, place))[1] != place
    ]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_moves_when_messages_and_news_come_and_go(worked: MainWindow, name: str, picture: Callable[[Hand, str], None]) -> None:
    wrong: list[str] = []

    def work(hand: Hand) -> None:
        hand.page(name)
        page, context, news = worked.current_page, worked.context, worked.sidebar.news
        hand.ask(page.hide_message)
        hand.ask(worked.messages.bar.hide)
        while hand.ask(lambda: news.items):
            hand.ask(news.close_first)
        hand.rest()
        before, side = hand.ask(lambda: places(page)), hand.ask(lambda: places(worked.sidebar))
        shows: list[tuple[str, Callable[[], object]]] = [
            ("short", lambda: page.show_message("Сохранено.", "good")),
            ("with an action", lambda: page.show_message("Нет связи с Ozon.", "error", "Повторить", page.hide_message)),
            ("long", lambda: page.show_message(LONG, "attention")),
            ("of the window", lambda: worked.show_failure(NoConnection("/v1/description-category/tree"))),
            ("news", lambda: context.notify.emit("Ozon", "Новых заказов: 3")),
            ("more news", lambda: context.notify.emit("Ozon", "Отправлено не всё: 12 товаров с ошибками, подробности в журнале")),
        ]
        for words, show in shows:
            hand.ask(show)
            hand.rest()
            picture(hand, words)
            wrong.extend(f"{words}: {line}" for line in moved(before, hand.ask(lambda: places(page))))
        now = hand.ask(lambda: places(worked.sidebar))
        wrong.extend(moved({key: part for key, part in side.items() if "News" not in part[0]}, now))
        own = page.message_bar
        assert hand.ask(lambda: own.isVisible() and worked.bar.isVisible() and worked.bar.geometry().top() >= 0)
        above = hand.ask(lambda: worked.childAt(own.mapTo(worked, QPoint(20, own.height() // 2 if own.height() < 40 else 12))))
        assert hand.ask(lambda: above is not None and (above is worked.bar or worked.bar.isAncestorOf(above))), (
            "one message at a time is seen"
        )
        hand.ask(page.setFocus)
        hand.keys("Escape")
        hand.until(lambda: worked.bar.isHidden() and own.isVisible(), "Esc closes the message that is seen")
        hand.keys("Escape")
        hand.until(own.isHidden, "Esc closes the page's own message")
        hand.rest()
        wrong.extend(f"afterwards: {line}" for line in moved(before, hand.ask(lambda: places(page))))

    by_hand(worked, work)
    assert not wrong, "\n".join(wrong)


def chain(widget: QWidget) -> list[QWidget]:
    """A widget and what it is in, to the window."""
    found = [widget]
    while (above := found[-1].parentWidget()) is not None:
        found.append(above)
    return found


@pytest.mark.parametrize("name", sorted(MAIN))
def test_the_main_thing_has_three_fifths_of_its_page(worked: MainWindow, name: str) -> None:
    """With a message and news shown; the list with what searches and filters it."""
    shares: list[float] = []

    def work(hand: Hand) -> None:
        hand.page(name)
        page = worked.current_page
        hand.ask(lambda: page.show_message("Нет связи с Ozon.", "error", "Повторить", page.hide_message))
        hand.ask(lambda: worked.context.notify.emit("Ozon", "Новых заказов: 3"))
        hand.rest()

        def share() -> float:
            view = page.findChild(QTableView, MAIN[name]) or page.findChild(QTreeView, MAIN[name])
            assert isinstance(view, QWidget)
            above = chain(view)
            number = next(number for number, part in enumerate(above) if part.property("role") == "card")
            if name == "journal":
                # The run that is chosen stands below the list, in one with it.
                number += 1
            return above[number].height() / page.height()

        shares.append(hand.ask(share))
        hand.ask(page.hide_message)

    by_hand(worked, work)
    assert shares[0] >= LEAST_SHARE
