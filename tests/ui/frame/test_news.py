"""News from the background: one at a time, nothing lost, a bell where there is no room."""

import pytest
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.frame.main_window import MainWindow
from ozon_desktop.ui.frame.news import Item, News
from ozon_desktop.ui.look.theme import Theme


@pytest.fixture
def news(qtbot: QtBot, theme: Theme) -> News:
    news = News(theme)
    qtbot.addWidget(news)
    return news


def test_the_newest_stands_in_front_and_the_others_are_counted(news: News) -> None:
    news.add(Item("Ozon", "Новых заказов: 3"))
    news.add(Item("Ozon", "Отправлено не всё"))
    assert (news.title.text(), news.text.text(), news.more.text()) == ("Ozon", "Отправлено не всё", "ещё 1")
    news.more.click()
    assert news.text.text() == "Новых заказов: 3", "the next one"
    news.close_button.click()
    assert news.message == "Ozon: отправлено не всё"
    news.close_button.click()
    assert news.message == ""


def test_the_same_with_another_number_takes_its_place(news: News) -> None:
    for number in (1, 2, 12):
        news.add(Item("Ozon", f"Новых заказов: {number}"))
    assert [item.text for item in news.items] == ["Новых заказов: 12"]


def test_its_page_is_opened(news: News, qtbot: QtBot) -> None:
    news.add(Item("«Получение категорий»", "Готово.", "integration"))
    with qtbot.waitSignal(news.page_asked) as asked:
        news.show_button.click()
    assert asked.args == ["integration"]
    assert not news.items


def test_where_only_icons_are_left_a_bell_counts_them(window: MainWindow, qtbot: QtBot) -> None:
    news = window.sidebar.news
    window.context.notify.emit("Ozon", "Новых заказов: 3")
    qtbot.waitUntil(news.isVisible)
    assert news.bell.isHidden()
    window.resize(900, 640)
    qtbot.waitUntil(news.bell.isVisible)
    assert news.isHidden()
    assert news.bell.text() == "1"
    news.close_first()
    assert news.bell.isHidden()


def test_a_low_window_has_the_bell_instead_of_pushing_its_pages_aside(window: MainWindow, qtbot: QtBot) -> None:
    sidebar = window.sidebar
    window.context.notify.emit("Ozon", "Отправлено не всё: у товаров есть ошибки, подробности в журнале. " * 4)
    window.resize(1200, 480)
    qtbot.waitUntil(sidebar.news.bell.isVisible)
    assert sidebar.news.isHidden()
    window.resize(1200, 900)
    qtbot.waitUntil(sidebar.news.isVisible)
