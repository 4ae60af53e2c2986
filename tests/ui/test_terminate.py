"""SIGTERM ends the window as «Выход» does, and what nobody would see of a mistake reaches the owner."""

import os
import signal
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer
from pytestqt.qtbot import QtBot

from ozon_desktop.errors import NewerDatabase, NoConnection
from ozon_desktop.paths import DataPaths
from ozon_desktop.ui.app import Session
from ozon_desktop.ui.terminate import ends_on_terminate


async def cannot_open() -> Any:
    raise NewerDatabase("data.sqlite3")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_the_signal_is_met_while_qt_waits(qtbot: QtBot) -> None:
    loop, before = QEventLoop(), signal.getsignal(signal.SIGTERM)
    QTimer.singleShot(0, lambda: os.kill(os.getpid(), signal.SIGTERM))
    with ends_on_terminate(loop.quit):
        loop.exec()
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.fixture
def session(qtbot: QtBot, tmp_path: Path) -> Session:
    return Session(cannot_open, DataPaths(tmp_path))


def window(*, seen: bool = False, leaves: bool = True, asked: list[str] | None = None) -> Any:
    calls = asked if asked is not None else []
    return SimpleNamespace(
        isVisible=lambda: seen or not leaves, isActiveWindow=lambda: seen, quit=lambda: calls.append("quit"), show_failure=calls.append
    )


def test_it_ends_like_the_menu_and_at_the_second_time_without_questions(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    codes: list[int] = []
    monkeypatch.setattr(QCoreApplication, "exit", codes.append)
    session.window = window(asked=asked, leaves=False)
    session.end_like_the_menu()
    assert (asked, codes) == (["quit"], []), "somebody is asked about unsaved work"
    session.end_like_the_menu()
    assert (asked, codes) == (["quit"], [0])
    session.window = None
    session.worker.stop()


@pytest.mark.parametrize("seen", [True, False])
def test_a_mistake_nobody_would_see_reaches_the_owner_once(session: Session, qtbot: QtBot, seen: bool) -> None:
    told: list[tuple[str, str]] = []
    session.application = SimpleNamespace(notifications=SimpleNamespace(notify_owner=lambda *words: told.append(words)))  # type: ignore[assignment]
    session.window = window(seen=seen)
    for error in (ZeroDivisionError("x"), ZeroDivisionError("y"), NoConnection("/v1/roles")):
        session._note_failure(error)
    session._unexpected(KeyError, KeyError("z"), None)
    qtbot.waitUntil(lambda: session.worker.pending == 0)
    session.application = session.window = None
    session.worker.stop()
    assert [title for title, _ in told] == ([] if seen else ["Внутренняя ошибка программы"] * 2)
    assert seen or ("ZeroDivisionError" in told[0][1] and "KeyError" in told[1][1])
