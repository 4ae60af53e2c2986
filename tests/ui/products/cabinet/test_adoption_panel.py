"""«Загрузить карточки с Ozon»: loading, the report by kinds, decisions by keys, and the export of cards without a product."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from ozon_desktop.domain.adoption import MatchedBy
from ozon_desktop.errors import AppError
from ozon_desktop.services.cabinet.report import AdoptionReport, ReportedCard, StoreProduct
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.adoption.model import CARD_NAME, CARD_OFFER, NAME, NOTE, OFFER, Kind
from ozon_desktop.ui.products.adoption.panel import AdoptionPanel
from tests.ui.products.adoption_fakes import LOADED, REPORT, FakeCabinet

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def cabinet() -> FakeCabinet:
    return FakeCabinet()


def opened(context: WindowContext, qtbot: QtBot, window: QWidget) -> AdoptionPanel:
    panel = AdoptionPanel(context, window)
    panel.show()
    qtbot.waitUntil(panel.skeleton.isHidden)
    return panel


@pytest.fixture
def panel(context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet, window: QWidget) -> AdoptionPanel:
    cabinet.known = REPORT
    return opened(context, qtbot, window)


def settled(context: WindowContext, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: context.worker.pending == 0)


def column(panel: AdoptionPanel, number: int, role: int = Qt.ItemDataRole.DisplayRole) -> list[str]:
    return [panel.model.index(row, number).data(role) for row in range(panel.model.rowCount())]


def test_a_cabinet_never_read_offers_to_read_it(context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet, window: QWidget) -> None:
    panel = opened(context, qtbot, window)
    assert not panel.empty.isHidden()
    assert panel.chips.isHidden()
    assert panel.loaded.text() == "Карточки с Ozon ещё не загружались"
    reported: list[str] = []
    context.data_changed.connect(reported.append)
    panel.empty.button.click()
    settled(context, qtbot)
    assert ("load",) in cabinet.calls
    qtbot.waitUntil(lambda: reported == ["cards"])
    assert panel.bar.message == "Карточки загружены, сопоставлено: 2. Ждут вашего решения: 3."
    assert panel.chips.kind is Kind.DOUBTFUL


def test_kinds_stand_with_their_counts_and_columns(panel: AdoptionPanel) -> None:
    tester = QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    texts = [chip.text() for chip in panel.chips.chips.values()]
    assert texts == [
        "Сопоставлены · 2",
        "Только на Ozon · 2",
        "Только в магазине · 1",
        "Под вопросом · 2",
        "Несколько вариантов · 1",
        "Отклонены · 0",
        "Пропали · 1",
    ]
    panel.chips.choose(Kind.MATCHED)
    assert column(panel, NOTE) == ["по артикулу", "по штрихкоду, в архиве"]
    panel.chips.choose(Kind.ONLY_OZON)
    assert column(panel, CARD_OFFER) == ["OZ-6", "OZ-7"]
    assert panel.table.isColumnHidden(NAME)
    panel.chips.choose(Kind.ONLY_STORE)
    assert column(panel, NAME) == ["Телевизор"]
    assert panel.table.isColumnHidden(CARD_NAME)
    assert not panel.table.isColumnHidden(OFFER)
    panel.chips.choose(Kind.GONE)
    assert column(panel, NOTE) == ["нет на Ozon"]
    del tester


def test_arrows_walk_over_kinds(panel: AdoptionPanel, qtbot: QtBot) -> None:
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    panel.chips.chips[Kind.DOUBTFUL].setFocus()
    qtbot.keyClick(panel.chips.chips[Kind.DOUBTFUL], Qt.Key.Key_Right)
    assert panel.chips.kind is Kind.SEVERAL


def test_when_it_was_loaded_is_reported_and_that_it_was_not_whole(panel: AdoptionPanel, cabinet: FakeCabinet, qtbot: QtBot) -> None:
    assert panel.loaded.text().startswith("Карточки загружены сегодня в ")
    assert panel.loaded.toolTip() == f"{LOADED.astimezone():%d.%m.%Y %H:%M}"
    assert panel.incomplete.isHidden()
    cabinet.known = replace(REPORT, complete=False, loaded_at=LOADED - timedelta(days=1))
    panel.refresh()
    qtbot.waitUntil(lambda: not panel.incomplete.isHidden())
    assert panel.incomplete.text().startswith("Загрузка не дошла до конца")


def test_a_card_is_named_once_above_its_candidates(panel: AdoptionPanel) -> None:
    assert column(panel, CARD_OFFER) == ["OZ-2", "", "OZ-5"]
    assert column(panel, CARD_OFFER, Qt.ItemDataRole.AccessibleTextRole) == ["OZ-2", "OZ-2", "OZ-5"]
    assert column(panel, NOTE) == ["92 %", "88 %", "86 %"]


def test_search_finds_by_article_and_name_of_both(panel: AdoptionPanel, qtbot: QtBot) -> None:
    panel.search.setText("серые")
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    assert column(panel, CARD_OFFER) == ["OZ-2"]
    assert panel.table.hasFocus() or not panel.isActiveWindow()
    panel.search.setText("такого нет")
    qtbot.waitUntil(lambda: not panel.empty.isHidden())
    assert panel.empty.text.text() == "По этому запросу ничего нет"


def test_enter_confirms_and_the_next_row_is_current(
    panel: AdoptionPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet
) -> None:
    panel.table.select_numbers([1])
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    settled(context, qtbot)
    assert cabinet.calls == [("confirm", "p3", "OZ-2")]
    assert panel.bar.message == "Подтверждено: 1 карточка."
    assert column(panel, CARD_OFFER) == ["OZ-5"]
    assert panel.table.selected_numbers() == [0]


def test_delete_rejects_several_rows(panel: AdoptionPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet) -> None:
    panel.table.select_numbers([0, 2])
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    settled(context, qtbot)
    assert cabinet.calls == [("reject", "p2", "OZ-2"), ("reject", "p5", "OZ-5")]
    assert column(panel, OFFER) == ["KR-1043"]


def test_two_candidates_of_a_card_are_not_confirmed_together(
    panel: AdoptionPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet
) -> None:
    panel.table.selectAll()
    panel.confirm_button.click()
    settled(context, qtbot)
    assert cabinet.calls == [("confirm", "p5", "OZ-5")]
    assert "Не подтверждено строк: 2" in panel.bar.message


def test_equal_articles_cannot_be_reported_apart(panel: AdoptionPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet) -> None:
    panel.chips.choose(Kind.SEVERAL)
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    settled(context, qtbot)
    assert cabinet.calls == []
    assert "измените артикул в магазине" in panel.bar.message


def test_nothing_is_confirmed_where_there_is_no_question(panel: AdoptionPanel, qtbot: QtBot, cabinet: FakeCabinet) -> None:
    panel.chips.choose(Kind.MATCHED)
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert cabinet.calls == []
    assert panel.confirm_button.isHidden()


def test_a_failure_is_reported_in_place(panel: AdoptionPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet) -> None:
    cabinet.load_error = AppError("нет связи")
    panel.load()
    settled(context, qtbot)
    assert panel.bar.message
    assert panel.bar.action.text() == "Повторить"
    cabinet.load_error = None
    panel.bar.action.click()
    settled(context, qtbot)
    assert "Карточки загружены" in panel.bar.message


def test_a_reading_is_seen_and_stopped(panel: AdoptionPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet) -> None:
    cabinet.held = asyncio.Event()
    panel.load()
    qtbot.waitUntil(lambda: panel.strip.bar.maximum() == 1000)
    assert not panel.strip.isHidden()
    assert panel.load_button.isHidden()
    panel.strip.stop.click()
    assert panel.strip.stop.text() == "Останавливаю…"
    settled(context, qtbot)
    assert panel.strip.isHidden()
    assert not panel.load_button.isHidden()


def test_the_pages_hear_of_cards_read_after_closing(
    panel: AdoptionPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet
) -> None:
    reported: list[str] = []
    context.data_changed.connect(reported.append)
    panel.load()
    panel.close()
    QCoreApplication.sendPostedEvents(panel, QEvent.Type.DeferredDelete)
    assert not isValid(panel)
    qtbot.waitUntil(lambda: reported == ["cards"])


def test_a_reading_under_way_is_seen_by_a_window_opened_later(
    panel: AdoptionPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet, window: QWidget
) -> None:
    cabinet.held = asyncio.Event()
    panel.load()
    qtbot.waitUntil(lambda: panel.strip.bar.maximum() == 1000)
    other = opened(context, qtbot, window)
    assert not other.strip.isHidden()
    assert other.strip.bar.maximum() == 1000
    context.stop_job()
    qtbot.waitUntil(other.strip.isHidden)


def test_cards_without_a_product_are_exported(
    panel: AdoptionPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.chips.choose(Kind.ONLY_OZON)
    panel.export_button.click()
    form = panel.form
    assert form.title.text() == "Выгрузить в магазин: 1 карточка"
    form.go.click()
    assert form.folder_field.error == "Выберите папку"
    monkeypatch.setattr(form, "choose_folder", lambda: str(tmp_path))
    form.browse.click()
    assert form.folder_field.error is None
    form.archived.setChecked(True)
    assert form.title.text() == "Выгрузить в магазин: 2 карточки"
    form.encoding.choose("windows-1251")
    form.go.click()
    settled(context, qtbot)
    assert cabinet.calls == [("export", tmp_path, "windows-1251", True)]
    assert "Записано: 2 карточки" in panel.bar.message
    assert panel.bar.action.text() == "Открыть папку"
    assert form.isHidden()


def test_an_export_that_failed_can_be_tried_again(
    panel: AdoptionPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet, tmp_path: Path
) -> None:
    panel.chips.choose(Kind.ONLY_OZON)
    panel.export_button.click()
    panel.form.folder.setText(str(tmp_path))
    cabinet.error = AppError("нет места")
    qtbot.keyClick(panel.form.folder, Qt.Key.Key_Return)
    settled(context, qtbot)
    assert panel.bar.message
    assert not panel.form.isHidden()
    assert panel.form.go.isEnabled()
    qtbot.keyClick(panel.form.folder, Qt.Key.Key_Escape)
    assert panel.form.isHidden()


def test_selected_products_are_compared(panel: AdoptionPanel, qtbot: QtBot) -> None:
    panel.chips.choose(Kind.MATCHED)
    panel.table.select_numbers([0, 1])
    with qtbot.waitSignal(panel.differences_wanted) as reported:
        panel.compare_button.click()
    assert reported.args == [["p1", "p4"]]


def test_selection_and_kind_stay_over_a_refresh(panel: AdoptionPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet) -> None:
    panel.chips.choose(Kind.MATCHED)
    panel.table.select_numbers([1])
    more = ReportedCard("A-1", 77, "Новая", False, StoreProduct("p77", "A-1", "Новая"), MatchedBy.ARTICLE)
    cabinet.known = replace(REPORT, matched=(more, *REPORT.matched))
    context.data_changed.emit("cards")
    settled(context, qtbot)
    assert panel.chips.kind is Kind.MATCHED
    assert [row.card_offer for row in panel.table.selected_rows()] == ["OZ-4"]


def test_sorting_follows_the_shown_words(panel: AdoptionPanel) -> None:
    panel.table.sortByColumn(NOTE, Qt.SortOrder.AscendingOrder)
    assert column(panel, NOTE) == ["86 %", "88 %", "92 %"]


def test_fifty_thousand_cards_are_shown_and_searched(context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet, window: QWidget) -> None:
    cards = tuple(
        ReportedCard(f"A-{number}", number, f"Товар {number}", False, StoreProduct(f"p{number}", f"A-{number}", "Товар"), MatchedBy.ARTICLE)
        for number in range(50_000)
    )
    cabinet.known = AdoptionReport(matched=cards, loaded_at=LOADED, complete=True)
    panel = opened(context, qtbot, window)
    assert panel.chips.chips[Kind.MATCHED].text() == "Сопоставлены · 50\u00a0000"
    panel.table.selectAll()
    assert len(panel.table.selected_numbers()) == 50_000
    panel.model.search("a-49999")
    assert panel.model.rowCount() == 1


def test_escape_closes_without_a_decision(panel: AdoptionPanel, qtbot: QtBot, cabinet: FakeCabinet) -> None:
    qtbot.keyClick(panel.table, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert cabinet.calls == []


def test_every_control_has_a_name(panel: AdoptionPanel) -> None:
    panel.chips.choose(Kind.ONLY_OZON)
    panel.export_button.click()
    for control in panel.findChildren(QWidget):
        if control.focusPolicy() & Qt.FocusPolicy.TabFocus and control.isVisible():
            text = control.property("text")
            assert control.accessibleName() or text, control.objectName()
