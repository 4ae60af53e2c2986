"""«Файлы»: the watched folder."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.watched_folder import FileTrouble
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.page import IntegrationPageView
from tests.ui.integration.conftest import settle
from tests.ui.run_fakes import FakeSchedule


def test_watched_folder_is_chosen_and_cleared(
    view: IntegrationPageView, context: WindowContext, schedule: FakeSchedule, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = view.store.card.files
    assert not files.clear.isEnabled()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", staticmethod(lambda *_: str(tmp_path)))
    files.choose.click()
    settle(qtbot, context)
    assert schedule.watched is not None
    assert schedule.watched.path == tmp_path
    assert files.folder.text() == str(tmp_path)
    files.clear.click()
    settle(qtbot, context)
    assert schedule.watched.path is None
    assert files.folder.text() == ""


def test_folder_that_cannot_be_reached_is_reported(
    view: IntegrationPageView, context: WindowContext, schedule: FakeSchedule, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = view.store.card.files
    assert schedule.watched is not None
    schedule.watched.path = tmp_path / "gone"
    view.store_session.refresh()
    settle(qtbot, context)
    assert "недоступна" in (files.watched.error or "")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", staticmethod(lambda *_: str(tmp_path / "never")))
    files.choose.click()
    settle(qtbot, context)
    assert "выберите другую" in (files.watched.error or "")
    assert schedule.watched.path == tmp_path / "gone"


def test_files_that_could_not_be_taken_are_named(
    view: IntegrationPageView, context: WindowContext, schedule: FakeSchedule, qtbot: QtBot, tmp_path: Path
) -> None:
    assert schedule.watched is not None
    schedule.watched.path = tmp_path
    schedule.watched.troubles = tuple(FileTrouble(f"{number}.xml", "Файл повреждён") for number in range(5))
    view.store_session.refresh()
    settle(qtbot, context)
    said = view.store.card.files.watched.error or ""
    assert "«0.xml»: Файл повреждён" in said
    assert "ещё 2 файла" in said
    assert "остальные файлы загружаются" in said
