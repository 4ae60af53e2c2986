"""The journal page: runs in words, their problems grouped, and a remedy for each."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.errors import DatabaseBusy, NoConnection
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.journal.page import JournalPage
from ozon_desktop.ui.journal.run_table_model import RunTableModel
from ozon_desktop.ui.look.tokens import LIGHT
from ozon_desktop.wording.runs import duration_text, result_text
from tests.ui.journal.conftest import NOW, FakeJournal, make_runs

Open = Callable[[], JournalPage]


def settled(qtbot: QtBot, context: WindowContext) -> None:
    """Waits until no work is under way."""
    qtbot.waitUntil(lambda: context.worker.pending == 0)


def row(model: RunTableModel, number: int) -> list[str]:
    """What a row of the table shows, but the time, which depends on the zone."""
    return [str(model.index(number, column).data()).replace("\u00a0", " ") for column in range(1, model.columnCount())]


def select(page: JournalPage, group: int, line: int) -> None:
    """Selects a problem."""
    model = page.panel.model
    page.panel.tree.setCurrentIndex(model.index(line, 0, model.index(group, 0)))


def test_runs_are_reported_in_words(open_page: Open) -> None:
    page = open_page()
    assert row(page.model, 0) == [
        "Синхронизация",
        "вручную",
        "выполнено с ошибками",
        "создано 12, цены 37, ошибок 2",
        "2",
        "1 204",
        "1 мин 35 с",
    ]
    assert row(page.model, 1)[:4] == ["Синхронизация", "по расписанию", "пропущено", "компьютер был выключен"]
    assert row(page.model, 2)[:4] == ["Загрузка из магазина", "папка выгрузки", "выполнено", "товары 40"]
    assert page.status_line.text().startswith("Последний запуск — синхронизация, ")
    assert page.status_line.text().endswith(": выполнено с ошибками")


def test_only_a_full_success_is_green_and_the_exact_time_is_the_tooltip(open_page: Open) -> None:
    page = open_page()
    model = page.model
    colors = [model.index(number, 3).data(Qt.ItemDataRole.ForegroundRole).name().upper() for number in range(4)]
    assert colors == [LIGHT.attention, LIGHT.secondary, LIGHT.good, LIGHT.error]
    assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole).startswith("24.11.2026 ")


def test_a_run_that_only_waits_for_ozon_claims_no_errors(journal: Any) -> None:
    run = replace(journal.all[0], counts=(("create", 3), ("failed", 0), ("waiting", 2)))
    assert result_text(run) == "часть ждёт Ozon"


def test_the_models_behave_like_models(open_page: Open) -> None:
    page = open_page()
    testers = [
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal) for model in (page.model, page.panel.model)
    ]
    page.table.selectRow(3)
    page.filters.result.setCurrentIndex(page.filters.result.findData("done"))
    assert len(testers) == 2
    assert page.model.rowCount() == 1


def test_boxes_narrow_the_runs(open_page: Open) -> None:
    page = open_page()
    page.filters.kind.setCurrentIndex(page.filters.kind.findData("sync"))
    assert page.model.rowCount() == 2
    page.filters.result.setCurrentIndex(page.filters.result.findData("failed"))
    assert page.model.rowCount() == 0
    assert not page.none_found.isHidden()
    assert page.panel.isHidden()
    page.filters.kind.setCurrentIndex(0)
    assert page.model.rowCount() == 1


def test_the_newest_run_is_open_and_its_problems_are_grouped(open_page: Open) -> None:
    page = open_page()
    model = page.panel.model
    assert [model.index(group, 0).data() for group in range(model.rowCount())] == [
        "Не заполнена характеристика «Бренд»: заполните её в карточке товара — 2",
        "Категория не сопоставлена с категорией Ozon — 1",
    ]
    header = model.index(0, 0)
    assert [model.index(group, 2).data() for group in range(2)] == ["открыть карточку", "сопоставить категорию"]
    assert [model.index(1, column, header).data() for column in range(3)] == ["KT-2", "Бренд", "открыть карточку"]


@pytest.mark.parametrize(("place", "target"), [((0, 1), ["products", "KT-2"]), ((1, 0), ["mapping", "unmapped"])])
def test_a_problem_leads_to_its_remedy(open_page: Open, context: WindowContext, place: tuple[int, int], target: list[object]) -> None:
    page = open_page()
    select(page, *place)
    spy = QSignalSpy(context.go_to)
    page.panel.act.click()
    QTest.keyClick(page.panel.tree, Qt.Key.Key_Return)
    assert [spy.at(0), spy.at(1)] == [target, target]


def test_the_button_names_the_remedy_of_the_selected_problem(open_page: Open) -> None:
    page = open_page()
    assert not page.panel.act.isEnabled()
    select(page, 1, 0)
    assert page.panel.act.text() == "Сопоставить категорию"
    select(page, 0, 0)
    assert page.panel.act.text() == "Открыть карточку"


def test_a_problem_that_a_retry_helps_against_is_retried_from_its_line(
    open_page: Open, journal: Any, sync: Any, qtbot: QtBot, context: WindowContext
) -> None:
    journal.all[0] = replace(journal.all[0], problems=(RunProblem("KT-1", "", "TOO_MANY_REQUESTS", "Слишком часто"),))
    page = open_page()
    select(page, 0, 0)
    assert page.panel.act.text() == "Повторить отправку"
    QTest.keyClick(page.panel.tree, Qt.Key.Key_Return)
    assert not page.panel.act.isEnabled()
    settled(qtbot, context)
    assert sync.retried == [(1, 1)]


def test_a_run_with_fewer_problems_can_follow_a_selected_one(open_page: Open) -> None:
    page = open_page()
    select(page, 0, 1)
    page.table.selectRow(3)
    page.table.selectRow(2)
    assert page.panel.model.rowCount() == 0


def test_a_problem_nothing_helps_against_offers_no_action(open_page: Open, context: WindowContext) -> None:
    page = open_page()
    page.table.selectRow(3)
    select(page, 0, 0)
    spy = QSignalSpy(context.go_to)
    QTest.keyClick(page.panel.tree, Qt.Key.Key_Return)
    assert not page.panel.act.isEnabled()
    assert spy.count() == 0


def test_products_with_another_text_say_it(open_page: Open, journal: Any) -> None:
    texts = ("Значение «A» не найдено", "Значение «A» не найдено", "Значение «Б» не найдено")
    problems = tuple(RunProblem(f"KT-{place}", "Цвет", "odd", text) for place, text in enumerate(texts))
    journal.all[0] = replace(journal.all[0], problems=problems)
    model = open_page().panel.model
    header = model.index(0, 0)
    assert header.data() == "Значение «A» не найдено — 3"
    assert [model.index(line, 0, header).data() for line in range(3)] == ["KT-0", "KT-1", "KT-2 — Значение «Б» не найдено"]


def test_only_the_errors_are_sent_again(open_page: Open, sync: Any, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    topics = QSignalSpy(context.data_changed)
    page.panel.retry.click()
    assert not page.panel.retry.isEnabled()
    settled(qtbot, context)
    assert sync.retried == [(1, 1)]
    assert page.message_bar.property("role") == "message-good"
    assert [topics.at(number)[0] for number in range(topics.count())] == ["sync", "journal"]
    assert page.table.selectionModel().selectedRows()[0].row() == 0
    assert page.model.row(0).id == 9


def test_a_repeat_with_errors_is_not_green(open_page: Open, sync: Any, qtbot: QtBot, context: WindowContext) -> None:
    sync.answer = RunResult.PARTIAL
    page = open_page()
    page.panel.retry.click()
    settled(qtbot, context)
    assert page.message_bar.property("role") == "message-attention"


def test_a_repeat_that_fails_says_why(open_page: Open, sync: Any, qtbot: QtBot, context: WindowContext) -> None:
    sync.answer = NoConnection("/v3/product/import")
    page = open_page()
    page.panel.retry.click()
    settled(qtbot, context)
    assert "Нет связи с Ozon" in page.message_bar.message


@pytest.mark.parametrize(("number", "target"), [(1, ["sync", "run"]), (3, ["orders", "fetch"])])
def test_a_whole_run_is_repeated_on_its_page(open_page: Open, context: WindowContext, number: int, target: list[object]) -> None:
    page = open_page()
    page.table.selectRow(number)
    spy = QSignalSpy(context.go_to)
    page.panel.retry.click()
    assert spy.at(0) == target


def test_a_load_from_the_store_is_repeated_by_choosing_files(open_page: Open, journal: FakeJournal, context: WindowContext) -> None:
    journal.all.insert(
        0, Run(9, 1, RunKind.STORE_IMPORT, RunCause.MANUAL, NOW, NOW, RunResult.FAILED, problems=(RunProblem("", "", "BrokenFile", ""),))
    )
    page = open_page()
    page.table.selectRow(0)
    spy = QSignalSpy(context.go_to)
    page.panel.retry.click()
    assert spy.at(0) == ["integration", "load_export"]


def test_a_clean_run_says_that_there_were_no_errors(open_page: Open) -> None:
    page = open_page()
    page.table.selectRow(2)
    assert page.panel.note.text() == "Товары 40. Ошибок не было."
    assert page.panel.tree.isHidden()
    assert page.panel.retry.isHidden()


def test_a_skipped_run_says_why(open_page: Open) -> None:
    page = open_page()
    page.table.selectRow(1)
    assert page.panel.note.text() == "Компьютер был выключен."


def test_the_text_can_be_copied(open_page: Open) -> None:
    page = open_page()
    page.panel.copy.click()
    text = QGuiApplication.clipboard().text()
    assert "KT-1\tБренд\tНе заполнена характеристика «Бренд»" in text
    assert text.startswith("Синхронизация ")


def test_the_chosen_run_stays_chosen(open_page: Open, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    page.open_payload(3)
    context.data_changed.emit("journal")
    settled(qtbot, context)
    assert page.table.selectionModel().selectedRows()[0].row() == 2


def test_what_concerns_every_cabinet_is_shown_and_what_concerns_another_is_not(open_page: Open, journal: Any) -> None:
    journal.all[2] = replace(journal.all[2], integration_id=None)
    journal.all[3] = replace(journal.all[3], integration_id=2)
    assert [run.id for run in open_page().model.shown] == [1, 2, 3]


def test_a_run_asked_for_is_shown_whatever_the_filter(open_page: Open) -> None:
    page = open_page()
    page.filters.result.setCurrentIndex(page.filters.result.findData("done"))
    page.open_payload(1)
    assert page.table.selectionModel().selectedRows()[0].row() == 0
    assert page.filters.result.currentIndex() == 0


def test_an_empty_journal_says_what_will_be_here(open_page: Open, journal: Any, context: WindowContext) -> None:
    journal.all = []
    page = open_page()
    assert page.stack.currentWidget() is page.empty
    assert page.status_line.text() == "Запусков ещё не было"
    assert page.export.isHidden()
    assert page.chart_card.isHidden()
    spy = QSignalSpy(context.go_to)
    page.empty.button.click()
    assert spy.at(0) == ["sync", None]


def test_a_journal_that_cannot_be_read_can_be_asked_again(open_page: Open, journal: Any, qtbot: QtBot, context: WindowContext) -> None:
    journal.broken = DatabaseBusy("база")
    page = open_page()
    assert "База данных занята" in page.message_bar.message
    journal.broken = None
    page.message_bar.action.click()
    settled(qtbot, context)
    assert page.model.rowCount() == 4


def test_a_run_that_was_skipped_took_no_time() -> None:
    assert [bool(duration_text(run)) for run in make_runs()] == [True, False, True, True]
