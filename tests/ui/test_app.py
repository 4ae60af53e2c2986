"""Starting and ending: Russian texts, an application that cannot be built, garbage collected in the window thread."""

import gc
import sys
import time
import weakref
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from ozon_desktop.errors import DatabaseDamaged, NewerDatabase
from ozon_desktop.logs import LOG_NAME
from ozon_desktop.paths import DataPaths
from ozon_desktop.ui import garbage
from ozon_desktop.ui.app import Session, prepare_qt, run_window, screenshots, smoke
from ozon_desktop.ui.garbage import CALM_S, CHURN, MOST_WALKED, GarbageCollection
from ozon_desktop.wording import RESTORE_BUTTON


async def cannot_open() -> Any:
    raise NewerDatabase("data.sqlite3")


def test_standard_dialogs_and_numbers_are_russian(qtbot: QtBot) -> None:
    prepare_qt()
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Отмена"
    assert QLocale().decimalPoint() == ","


def test_failing_to_open_is_an_exit_code_for_checks(qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hook = sys.excepthook
    assert smoke(cannot_open, DataPaths(tmp_path)) == 3
    assert "новее" in capsys.readouterr().err
    assert screenshots(cannot_open, DataPaths(tmp_path), tmp_path / "pictures") == 3
    assert sys.excepthook is hook
    assert gc.isenabled()


def test_failing_to_open_is_reported_in_words(qtbot: QtBot, tmp_path: Path) -> None:
    texts: list[str] = []

    def close_box() -> None:
        box = next((widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QMessageBox) and widget.isVisible()), None)
        if box is None:
            QTimer.singleShot(20, close_box)
            return
        texts.append(f"{box.text()} {box.informativeText()}")
        box.close()

    QTimer.singleShot(20, close_box)
    assert run_window(cannot_open, DataPaths(tmp_path)) == 3
    assert "новее" in texts[0]
    assert "новую версию" in texts[0]


def test_unexpected_error_without_a_window_ends_the_program_in_words(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    traces: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *details: traces.append(details[1]))
    shown: list[QMessageBox] = []
    codes: list[int] = []
    monkeypatch.setattr(QCoreApplication, "exit", codes.append)
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box))
    session = Session(cannot_open, DataPaths(tmp_path))
    session.start()
    sys.excepthook(ZeroDivisionError, ZeroDivisionError("x"), None)
    box = shown[0]
    session.end()
    qtbot.waitUntil(lambda: 3 in codes)
    assert session.failed
    assert traces == [], "a trace is for the log"
    assert "ZeroDivisionError" in caplog.text
    assert str(tmp_path / "logs" / LOG_NAME) in box.informativeText()
    copy = next(button for button in box.buttons() if button.text().replace("&", "") == "Скопировать")
    copy.click()
    assert "ZeroDivisionError: x" in QGuiApplication.clipboard().text()


def test_garbage_is_collected_by_the_window_thread_only_while_it_runs(qtbot: QtBot) -> None:
    parent = QObject()
    collection = GarbageCollection(parent)
    gc.collect()
    collection.start()
    try:
        assert not gc.isenabled()
        kept: list[list[Any]] = [[] for _ in range(gc.get_threshold()[0] * 3)]
        assert gc.get_count()[0] > gc.get_threshold()[0]
        qtbot.waitUntil(lambda: gc.get_count()[0] < gc.get_threshold()[0])
        assert len(kept) > 100
        assert gc.get_freeze_count() > 0
    finally:
        collection.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_garbage_kept_back_while_somebody_works_goes_in_the_background(qtbot: QtBot, qapp: QApplication) -> None:
    parent = QObject()
    collection = GarbageCollection(parent)
    ring: list[Any] = [Ring()]
    ring[0].itself = ring[0]
    seen = weakref.ref(ring[0])
    collection.start()
    try:
        # Frozen with everything else at the start, and then caught in a cycle only.
        ring.clear()
        gc.collect()
        assert seen() is not None
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationHidden)
        assert seen() is None
    finally:
        collection.stop()


def test_nothing_is_collected_while_work_makes_many_objects(qtbot: QtBot) -> None:
    parent = QObject()
    collection = GarbageCollection(parent)
    collection.start()
    collection._timer.stop()
    try:
        kept: list[list[Any]] = [[] for _ in range(CHURN * 2)]
        collection._collect()
        assert gc.get_count()[0] > CHURN
        collection._collect()
        assert gc.get_count()[0] < CHURN
        assert kept
    finally:
        collection.stop()


@pytest.mark.slow
def test_what_is_too_much_to_be_walked_over_is_set_aside_until_nobody_works(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = QObject()
    collection = GarbageCollection(parent)
    walked: list[int] = []
    whole = gc.collect
    collection.start()
    collection._timer.stop()

    def counted(generation: int = 2) -> int:
        walked.append(generation)
        return whole(generation)

    monkeypatch.setattr(gc, "collect", counted)
    try:
        rings: list[Any] = [Ring() for _ in range(MOST_WALKED * 2)]
        for ring in rings:
            ring.itself = ring
        seen = weakref.ref(rings[0])
        del ring
        rings.clear()
        for _ in range(5):
            collection._collect()
        assert walked == []
        assert seen() is not None
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationHidden)
        assert walked == [2]
        assert seen() is None
    finally:
        monkeypatch.undo()
        collection.stop()


@pytest.mark.slow
def test_very_much_that_was_set_aside_is_collected_when_nothing_has_happened_for_long(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = QObject()
    collection = GarbageCollection(parent)
    collection.start()
    collection._timer.stop()
    monkeypatch.setattr(garbage, "MOST_ASIDE", MOST_WALKED)
    now = [time.monotonic()]
    monkeypatch.setattr(garbage, "time", SimpleNamespace(monotonic=lambda: now[0]))
    try:
        ring: Any = Ring()
        ring.itself = ring
        seen, more = weakref.ref(ring), [Ring() for _ in range(MOST_WALKED * 2)]
        del ring
        collection._collect()
        more.clear()
        now[0] += CALM_S / 2
        collection._collect()
        assert seen() is not None, "the window was in use a moment ago"
        now[0] += CALM_S
        collection._collect()
        assert seen() is None
    finally:
        collection.stop()


class Ring:
    """Something that holds itself."""

    itself: Any = None


def test_a_damaged_database_offers_its_copy_by_a_button(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "shop.sqlite3"
    restored: list[Path] = []
    shown: list[str] = []
    monkeypatch.setattr("ozon_desktop.ui.app.restore", restored.append)

    async def damaged() -> Any:
        raise NewerDatabase("opened") if restored else DatabaseDamaged(str(file), backups=(datetime(2026, 11, 30, tzinfo=UTC),))

    def answer(box: QMessageBox) -> None:
        shown.append(box.text())
        back = next((button for button in box.buttons() if button.text() == RESTORE_BUTTON), None)
        if back is not None:
            back.click()

    monkeypatch.setattr(QMessageBox, "exec", answer)
    assert run_window(damaged, DataPaths(tmp_path)) == 3
    assert restored == [file]
    assert ["повреждена" in shown[0], "новее" in shown[1]] == [True, True], "after the copy was put back the program opens again"
