"""The sidebar: true status, counters, cabinets, the long job, the narrow form."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.integration import ConnectionReport, Integration, IntegrationSettings, Scheme, UpdateTrigger
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.domain.lease import Lease, Owner
from ozon_desktop.domain.progress import ProgressUpdate, Stage
from ozon_desktop.domain.run_status import RunState, RunStatus
from ozon_desktop.services.runs.overview import Overview
from ozon_desktop.ui.frame.frame_data import FrameData, cabinet_line, cabinet_name, status_of
from ozon_desktop.ui.frame.run_watch import RunReading
from ozon_desktop.ui.frame.sidebar import NARROW, WIDE, Sidebar
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.wording import clock_time
from tests.ui.conftest import NOW

PAGES = (("integration", "Интеграция"), ("mapping", "Категории"), ("products", "Товары"), ("orders", "Заказы"))


def integration(**changes: object) -> Integration:
    settings = IntegrationSettings(client_id=100500, scheme=Scheme.FBS, update_trigger=UpdateTrigger.HOURLY)
    return replace(Integration(1, "Ozon", settings, enabled=True), **changes)  # type: ignore[arg-type]


def run(result: RunResult) -> Run:
    return Run(5, 1, RunKind.SYNC, RunCause.MANUAL, NOW - timedelta(minutes=9), NOW - timedelta(minutes=8), result)


def status(state: RunState = RunState.IDLE, last: Run | None = None, **changes: object) -> RunStatus:
    return replace(RunStatus(state, last_run=last, next_run=NOW + timedelta(minutes=55)), **changes)  # type: ignore[arg-type]


def data(shown: RunStatus | None = None, second: RunStatus | None = None, **changes: object) -> FrameData:
    overview = Overview(8, 37, 3, None, NOW - timedelta(hours=2), None, None)
    chosen = integration(**changes)
    states = {1: shown or status(), 2: second or status(RunState.OFF, next_run=None)}
    return FrameData(chosen, (chosen, Integration(2, "Второй")), "ООО «Ромашка»", overview, NOW, states)


@pytest.fixture
def sidebar(qtbot: QtBot, theme: Theme) -> Sidebar:
    sidebar = Sidebar(theme, PAGES)
    qtbot.addWidget(sidebar)
    sidebar.show()
    return sidebar


def test_status_is_green_only_when_everything_went_well() -> None:
    assert status_of(data(status(last=run(RunResult.DONE)))).kind == "good"
    for result in set(RunResult) - {RunResult.DONE}:
        assert status_of(data(status(last=run(result)))).kind != "good", result
        assert status_of(data(status(RunState.NEEDS_ATTENTION, run(result), problems=2))).kind != "good", result
    for state in set(RunState) - {RunState.IDLE}:
        assert status_of(data(status(state, run(RunResult.DONE), problems=1))).kind != "good", state
    assert status_of(data()).kind == "neutral"


def test_failed_run_is_an_error_also_without_problems_of_products() -> None:
    failed = status_of(data(status(last=run(RunResult.FAILED))))
    assert failed.kind == "error"
    assert failed.text.startswith("Не удалось отправить")
    assert status_of(data(status(RunState.NEEDS_ATTENTION, run(RunResult.FAILED), problems=2))).kind == "error"


def test_a_run_that_was_skipped_says_why() -> None:
    skipped = status_of(data(status(last=replace(run(RunResult.SKIPPED), reason="синхронизация уже идёт на компьютере KASSA"))))
    assert skipped.text.startswith("Запуск пропущен")
    assert skipped.detail == "Синхронизация уже идёт на компьютере KASSA"


LATER = NOW + timedelta(hours=3)
OTHER = Lease("sync:1", Owner("token", "KASSA", "anna"), 7, NOW, 20.0)
HOUR_AGO = NOW - timedelta(hours=1)


@pytest.mark.parametrize(
    ("shown", "text", "detail"),
    [
        (status(), "Ещё не синхронизировано", "Следующий запуск в "),
        (status(RunState.RUNNING, progress=ProgressUpdate(Stage.PRODUCTS, 120, 340), next_run=None), "120 из 340", ""),
        (status(RunState.RUNNING, holder=OTHER, next_run=None), "Идёт синхронизация", "на компьютере KASSA, пользователь anna"),
        (status(RunState.WAITING_FOR_LIMIT, until=LATER), f"Ждём лимит Ozon до {clock_time(LATER)}", "Следующий запуск в "),
        (status(RunState.OFFLINE, since=HOUR_AGO, until=LATER), clock_time(HOUR_AGO), f"Проверим снова в {clock_time(LATER)}"),
        (status(RunState.OFFLINE, since=HOUR_AGO, next_run=None), "Нет связи с Ozon", "Последняя отправка"),
        (status(RunState.NEEDS_ATTENTION, run(RunResult.PARTIAL), problems=3), "Нужно внимание: 3 ошибки", "Следующий запуск в "),
        (status(RunState.PAUSED, run(RunResult.DONE)), "приостановлено", ""),
        (status(RunState.OFF, next_run=None), "Интеграция выключена", "Ничего не отправляется"),
    ],
)
def test_every_state_is_reported_in_words(sidebar: Sidebar, shown: RunStatus, text: str, detail: str) -> None:
    sidebar.show_frame(data(shown))
    assert text in sidebar.status_label.text()
    assert detail in sidebar.detail_label.text()
    assert sidebar.detail_label.isVisible() == bool(sidebar.detail_label.text())


def test_without_a_schedule_the_change_is_what_starts_a_run() -> None:
    on_change = IntegrationSettings(client_id=100500, update_trigger=UpdateTrigger.ON_CHANGE)
    reported = status_of(data(status(last=run(RunResult.DONE), next_run=None), settings=on_change))
    assert reported.detail == "Запуск при изменении товаров"


def test_progress_of_a_run_is_followed_between_readings(sidebar: Sidebar) -> None:
    sidebar.show_frame(data(status(last=run(RunResult.DONE))))
    running = status(RunState.RUNNING, progress=ProgressUpdate(Stage.PRODUCTS, 121, 340))
    sidebar.show_runs(RunReading({1: running}, False, NOW))
    assert "121 из 340" in sidebar.status_label.text()
    assert "121 из 340" in sidebar.cabinet.menu().actions()[0].text()


def test_cabinet_is_named_by_company_and_its_line_says_what_is_missing() -> None:
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
    assert [action.isChecked() for action in actions] == [True, False, False, False, False]
    with qtbot.waitSignal(sidebar.cabinet_chosen) as chosen:
        actions[1].trigger()
    assert chosen.args == [2]
    assert [action.isChecked() for action in actions[:2]] == [True, False], "checked is the one that is shown"
    for signal, action in zip((sidebar.overview_asked, sidebar.all_asked, sidebar.cabinet_added), actions[2:], strict=True):
        with qtbot.waitSignal(signal):
            action.trigger()


def test_menu_says_the_status_of_every_cabinet_and_stays_open_over_readings(sidebar: Sidebar) -> None:
    sidebar.show_frame(data(second=status(RunState.NEEDS_ATTENTION, run(RunResult.PARTIAL), problems=1)))
    before = sidebar.cabinet.menu().actions()
    assert before[0].text() == "ООО «Ромашка»   Ozon 100500 · FBS\tЕщё не синхронизировано"
    assert before[1].text().endswith("\tНужно внимание: 1 ошибка")
    sidebar.show_frame(data())
    assert sidebar.cabinet.menu().actions() == before
    assert before[1].text().endswith("\tИнтеграция выключена")


def test_single_cabinet_has_nothing_to_synchronize_together(sidebar: Sidebar) -> None:
    alone = data()
    sidebar.show_frame(replace(alone, all=alone.all[:1]))
    assert not [action for action in sidebar.cabinet.menu().actions() if "все" in action.text()]


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
    assert WIDE <= sidebar.width() <= WIDE + 40
    assert sidebar.width() - 24 >= sidebar.run.sizeHint().width()
    assert sidebar.strip.isVisible()


def test_the_narrow_button_is_seen_on_its_ground(sidebar: Sidebar, theme: Theme) -> None:
    def strongest() -> str:
        image = sidebar.run.icon().pixmap(32).toImage()
        points = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
        return max(points, key=lambda colour: colour.alpha()).name()

    sidebar.set_narrow(True)
    sidebar.show_frame(data())
    assert strongest() == theme.color("on_accent").name()
    sidebar.show_frame(data(status(RunState.WAITING_FOR_REVIEW)))
    assert sidebar.status.waits_for_review
    assert strongest() == theme.color("text").name()
