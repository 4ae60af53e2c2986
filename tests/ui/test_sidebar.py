"""The sidebar: true status, counters, cabinets, the long job, the narrow form."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.integration import ConnectionReport, Integration, IntegrationSettings, Scheme, UpdateTrigger
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.services.overview import Overview
from ozon_desktop.services.progress import ProgressUpdate, Stage
from ozon_desktop.ui.frame_data import FrameData, cabinet_line, cabinet_name, status_of
from ozon_desktop.ui.sidebar import NARROW, WIDE, Sidebar
from ozon_desktop.ui.theme import Theme

from .conftest import NOW

PAGES = (("integration", "Интеграция"), ("mapping", "Категории"), ("products", "Товары"), ("orders", "Заказы"))


def integration(**changes: object) -> Integration:
    settings = IntegrationSettings(client_id=100500, scheme=Scheme.FBS, update_trigger=UpdateTrigger.HOURLY)
    return replace(Integration(1, "Ozon", settings, enabled=True), **changes)  # type: ignore[arg-type]


def run(result: RunResult) -> Run:
    return Run(5, 1, RunKind.SYNC, RunCause.MANUAL, NOW - timedelta(minutes=9), NOW - timedelta(minutes=8), result)


def data(last: Run | None = None, *, problems: int = 0, offline: datetime | None = None, **changes: object) -> FrameData:
    overview = Overview(8, 37, 3, last, NOW - timedelta(hours=2), NOW + timedelta(minutes=55), offline, problems)
    chosen = integration(**changes)
    return FrameData(chosen, (chosen, Integration(2, "Второй")), "ООО «Ромашка»", overview, NOW)


@pytest.fixture
def sidebar(qtbot: QtBot, theme: Theme) -> Sidebar:
    sidebar = Sidebar(theme, PAGES)
    qtbot.addWidget(sidebar)
    sidebar.show()
    return sidebar


def test_status_is_green_only_when_everything_went_well() -> None:
    assert status_of(data(run(RunResult.DONE))).kind == "good"
    for result in set(RunResult) - {RunResult.DONE}:
        assert status_of(data(run(result), problems=2)).kind != "good", result
    assert status_of(data(run(RunResult.DONE), problems=1)).kind == "attention"
    assert status_of(data(run(RunResult.DONE), offline=NOW)).kind == "attention"
    assert status_of(data(run(RunResult.DONE), enabled=False)).kind == "neutral"
    assert status_of(data(None)).kind == "neutral"


def test_status_names_failures_in_words_and_the_next_run() -> None:
    partial = status_of(data(run(RunResult.PARTIAL), problems=2))
    assert "2 ошибки" in partial.text
    assert partial.detail.startswith("Следующий запуск в ")
    assert status_of(data(run(RunResult.FAILED))).kind == "error"
    assert "Нет связи" in status_of(data(run(RunResult.DONE), offline=NOW)).text


def test_cabinet_is_named_by_company_and_its_line_tells_what_is_missing() -> None:
    report = ConnectionReport("ООО «Лютик»", "RUB", ("Admin",), (), None, NOW)
    assert cabinet_name(integration(connection=report)) == "ООО «Лютик»"
    assert cabinet_line(integration()) == "Ozon 100500 · FBS"
    assert cabinet_line(Integration(1, "Ozon")) == "Client ID не введён"


def test_counters_show_what_needs_attention(sidebar: Sidebar) -> None:
    sidebar.show_frame(data())
    assert sidebar.buttons["mapping"].badge.text() == "8"
    assert sidebar.buttons["products"].accessibleName() == "Товары: 37"
    assert sidebar.buttons["orders"].badge.isVisible()
    empty = data()
    sidebar.show_frame(replace(empty, overview=replace(empty.overview, unmapped=0)))
    assert not sidebar.buttons["mapping"].badge.isVisible()


def test_menu_lists_the_cabinets_and_offers_another(sidebar: Sidebar, qtbot: QtBot) -> None:
    sidebar.show_frame(data())
    actions = [action for action in sidebar.cabinet.menu().actions() if not action.isSeparator()]
    assert [action.isChecked() for action in actions] == [True, False, False]
    with qtbot.waitSignal(sidebar.cabinet_chosen) as chosen:
        actions[1].trigger()
    assert chosen.args == [2]
    with qtbot.waitSignal(sidebar.cabinet_added):
        actions[2].trigger()


def test_long_job_takes_the_place_of_the_button_and_stops_at_once(sidebar: Sidebar, qtbot: QtBot) -> None:
    sidebar.show_frame(data())
    sidebar.start_job("Получить настройки")
    assert not sidebar.run.isVisible()
    sidebar.show_progress(ProgressUpdate(Stage.ATTRIBUTES, 12, 500, "Кеды"))
    assert "12 из 500" in sidebar.strip.stage.text()
    assert sidebar.strip.bar.value() == 12
    with qtbot.waitSignal(sidebar.stop_asked):
        sidebar.strip.stop.click()
    assert sidebar.strip.stage.text() == "Останавливаю…"
    assert not sidebar.strip.stop.isEnabled()
    sidebar.end_job()
    assert sidebar.run.isVisible()
    assert not sidebar.strip.isVisible()


def test_narrow_sidebar_keeps_icons_and_says_the_rest_in_tooltips(sidebar: Sidebar) -> None:
    sidebar.show_frame(data())
    sidebar.set_narrow(True)
    # An icon is as tall as a line of the machine's own font, so the bar may be a little wider than drawn.
    assert NARROW <= sidebar.width() <= NARROW + 16
    button = sidebar.buttons["mapping"]
    assert button.text() == ""
    assert "Категории: 8" in button.toolTip()
    assert not sidebar.status_label.isVisible()
    sidebar.start_job("Работа")
    assert sidebar.stop_icon.isVisible()
    sidebar.set_narrow(False)
    assert sidebar.width() == WIDE
    assert sidebar.strip.isVisible()
