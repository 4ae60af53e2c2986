"""The icon in the notification area asks the window for everything, and closing leaves it only when that was chosen."""

from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.frame.frame_data import Status
from ozon_desktop.ui.frame.tray import Tray, stay_when_closed, stays_when_closed
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.state import WindowState

# The offscreen platform has no notification area.
pytestmark = pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def tray(window: QWidget, theme: Theme) -> Tray:
    return Tray(theme, window)


def entry(tray: Tray, text: str) -> QAction:
    (found,) = [action for action in tray._menu.actions() if action.text() == text]
    return found


@pytest.mark.parametrize(("text", "signal"), [("Открыть", "open_asked"), ("Синхронизировать сейчас", "run_asked"), ("Выход", "quit_asked")])
def test_menu_asks_the_window(tray: Tray, qtbot: QtBot, text: str, signal: str) -> None:
    with qtbot.waitSignal(getattr(tray, signal), timeout=60_000):
        entry(tray, text).trigger()


def test_pause_is_asked_for_and_offers_to_go_on_once_it_rests(tray: Tray, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tray.pause_asked, timeout=60_000) as asked:
        entry(tray, "Приостановить расписание").trigger()
    assert asked.args == [True]
    entry(tray, "Приостановить расписание")
    tray.show_paused(True)
    with qtbot.waitSignal(tray.pause_asked, timeout=60_000) as asked:
        entry(tray, "Продолжить по расписанию").trigger()
    assert asked.args == [False]


def test_tooltip_has_the_words_of_the_status(tray: Tray) -> None:
    tray.show_status(Status("attention", "Нужно внимание: 3 ошибки", "Следующий запуск в 14:05"), running=True)
    assert tray._icon.toolTip() == "Ozon Desktop\nНужно внимание: 3 ошибки\nСледующий запуск в 14:05"
    assert entry(tray, "Нужно внимание: 3 ошибки").isEnabled() is False
    assert entry(tray, "Синхронизировать сейчас").isEnabled() is False
    tray.show_status(Status("good", "Отправлено в 13:05"))
    assert entry(tray, "Синхронизировать сейчас").isEnabled()


def test_closing_stays_only_when_chosen_and_where_there_is_a_tray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = WindowState(tmp_path / "window.ini")
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    assert not stays_when_closed(state), "off until the manager chooses it"
    stay_when_closed(state, True)
    assert stays_when_closed(state)
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: False))
    assert not stays_when_closed(state)
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    stay_when_closed(state, False)
    assert not stays_when_closed(state)
