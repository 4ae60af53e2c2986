"""«Все кабинеты»: states side by side, following the runs; opening one, synchronizing some or all."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.integration import Integration, IntegrationSettings, Scheme
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.progress import ProgressUpdate, Stage
from ozon_desktop.domain.run_status import RunState, RunStatus
from ozon_desktop.ui.frame.cabinets.dialog import CabinetsDialog
from ozon_desktop.ui.frame.main_window import MainWindow
from tests.ui.run_fakes import FakeRuns, ended


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> CabinetsDialog:
    """Three cabinets, the last switched off; the second has refused products."""
    frame.cabinets[0] = replace(frame.cabinets[0], enabled=True)
    frame.cabinets += [
        Integration(2, "Второй", IntegrationSettings(client_id=200, scheme=Scheme.RFBS), enabled=True),
        Integration(3, "Третий", IntegrationSettings()),
    ]
    frame.states = {
        2: RunStatus(RunState.NEEDS_ATTENTION, problems=3, last_run=ended(RunResult.PARTIAL, 7, create=12, failed=3)),
        3: RunStatus(RunState.OFF),
    }
    window.read_frame()
    qtbot.waitUntil(lambda: window.context.worker.pending == 0)
    window.side_by_side.bring_up(window)
    found = window.findChild(CabinetsDialog)
    assert found is not None
    qtbot.waitUntil(found.isActiveWindow)
    return found


def column(dialog: CabinetsDialog, number: int) -> list[str]:
    return [str(dialog.model.index(row, number).data()) for row in range(dialog.model.rowCount())]


def choose(dialog: CabinetsDialog, row: int) -> None:
    """This row alone, whatever key an earlier test is thought to hold down."""
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    dialog.table.selectionModel().setCurrentIndex(dialog.model.index(row, 0), flags)


def press(dialog: CabinetsDialog, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert button is not None
    assert button.isEnabled()
    button.click()


def test_cabinets_stand_side_by_side(dialog: CabinetsDialog) -> None:
    assert column(dialog, 0) == ["ООО «Ромашка»", "Второй", "Третий"]
    assert column(dialog, 1) == ["Ozon 100500 · FBS", "Ozon 200 · rFBS", "Client ID не введён"]
    assert column(dialog, 4)[1].startswith("создано 12")
    assert column(dialog, 5) == ["", "3", ""]
    hint = dialog.findChild(QLabel, "cabinets_hint")
    assert hint is not None
    assert hint.text().startswith("3 кабинета, включено 2.")


def test_rows_follow_the_runs_and_keep_the_selection(dialog: CabinetsDialog, window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
    choose(dialog, 1)
    before = column(dialog, 2)[0]
    frame.states[1] = RunStatus(RunState.RUNNING, progress=ProgressUpdate(Stage.PRODUCTS, 120, 340))
    window.watch.look()
    qtbot.waitUntil(lambda: column(dialog, 2)[0] != before)
    assert "120 из 340" in column(dialog, 2)[0]
    assert [index.row() for index in dialog.table.selectionModel().selectedRows()] == [1]


def test_enter_shows_a_cabinet_in_the_window(dialog: CabinetsDialog, window: MainWindow, qtbot: QtBot) -> None:
    dialog.table.setFocus()
    choose(dialog, 1)
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.context.integration_id == 2)
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: window.context.worker.pending == 0)


def test_only_selected_ones_are_synchronized(dialog: CabinetsDialog, window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
    frame.plans = {2: ended(RunResult.DONE, 8, create=1)}
    choose(dialog, 1)
    press(dialog, "cabinets_run_some")
    qtbot.waitUntil(lambda: frame.asked == [2])
    qtbot.waitUntil(lambda: window.context.long_job is None)
    assert frame.asked == [2]


def test_all_are_synchronized_in_turn_and_one_is_off(dialog: CabinetsDialog, window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
    frame.plans = {1: None, 2: ended(RunResult.DONE, 8)}
    press(dialog, "cabinets_run_all")
    qtbot.waitUntil(lambda: frame.asked == [1])
    assert not dialog.all_button.isEnabled()
    assert dialog.all_button.toolTip()
    window.context.stop_job()
    qtbot.waitUntil(lambda: window.context.long_job is None)
    assert dialog.all_button.isEnabled()
    choose(dialog, 2)
    assert not dialog.some_button.isEnabled()


def test_it_opens_once_and_closes_with_escape(dialog: CabinetsDialog, window: MainWindow, qtbot: QtBot) -> None:
    window.side_by_side.bring_up(window)
    assert len(window.findChildren(CabinetsDialog)) == 1
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(CabinetsDialog) is None)
    window.watch.look()
    qtbot.waitUntil(lambda: window.context.worker.pending == 0)
