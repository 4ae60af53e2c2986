"""Decisions in «Загрузить карточки с Ozon»: undone whole, refusals taken back, and a product given to a card by hand."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop.errors import AlreadyMatched
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.adoption.model import CARD_OFFER, NOTE, OFFER, Kind
from ozon_desktop.ui.products.adoption.panel import AdoptionPanel
from tests.ui.products.adoption_fakes import REPORT, FakeCabinet
from tests.ui.products.cabinet.test_adoption_panel import column, opened, settled

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def cabinet() -> FakeCabinet:
    cabinet = FakeCabinet()
    cabinet.known = REPORT
    return cabinet


@pytest.fixture
def panel(context: WindowContext, qtbot: QtBot, window: QWidget) -> AdoptionPanel:
    return opened(context, qtbot, window)


def test_a_decision_is_undone_with_all_its_pairs(
    panel: AdoptionPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet, window: QWidget
) -> None:
    assert panel.undo_button.isHidden()
    panel.table.select_numbers([1, 2])
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    settled(context, qtbot)
    assert cabinet.calls == [("confirm", "p3", "OZ-2"), ("confirm", "p5", "OZ-5")]
    assert panel.bar.message == "Подтверждено: 2 карточки."
    assert panel.bar.action.text() == "Отменить"
    assert panel.model.rowCount() == 0
    panel.bar.action.click()
    settled(context, qtbot)
    assert cabinet.calls[-1] == ("undo",)
    assert panel.bar.message == "Решение отменено: 2 пары."
    assert column(panel, CARD_OFFER) == ["OZ-2", "", "OZ-5"]
    assert panel.undo_button.isHidden()
    panel.table.select_numbers([2])
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    settled(context, qtbot)
    # Also in a window opened later.
    other = opened(context, qtbot, window)
    assert not other.undo_button.isHidden()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    qtbot.keyClick(other.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settled(context, qtbot)
    assert column(other, CARD_OFFER) == ["OZ-2", "", "OZ-5"]


def test_rejected_pairs_are_listed_and_taken_back(panel: AdoptionPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet) -> None:
    panel.table.select_numbers([0, 2])
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    settled(context, qtbot)
    assert panel.chips.chips[Kind.REJECTED].text() == "Отклонены · 2"
    panel.chips.choose(Kind.REJECTED)
    assert column(panel, CARD_OFFER) == ["OZ-2", "OZ-5"]
    assert column(panel, OFFER) == ["KR-1042", "KA-0001"]
    assert set(column(panel, NOTE)) == {"разные товары"}
    assert not panel.take_back_button.isHidden()
    assert panel.reject_button.isHidden()
    panel.table.select_numbers([0, 1])
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    settled(context, qtbot)
    assert cabinet.calls[-2:] == [("take_back", "p2", "OZ-2"), ("take_back", "p5", "OZ-5")]
    assert panel.bar.message == "Отказ снят: 2 пары."
    assert not panel.empty.isHidden()
    assert panel.empty.text.text() == "Отклонённых пар нет"


def test_a_card_only_on_ozon_is_given_a_product_by_keyboard(
    panel: AdoptionPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet
) -> None:
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    panel.chips.choose(Kind.ONLY_OZON)
    panel.table.setFocus()
    panel.table.select_numbers([0])
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    form = panel.assign_form
    assert form.title.text() == "Какой это товар: карточка OZ-6 «Чайник»?"
    assert form.search.hasFocus()
    assert not form.go.isEnabled()
    assert panel.assign_button.isHidden()
    settled(context, qtbot)
    form.search.setText("телев")
    qtbot.keyClick(form.search, Qt.Key.Key_Return)
    assert form.table.hasFocus()
    assert form.meaning.text().startswith("Карточка OZ-6 станет карточкой товара TV-1 «Телевизор»: синхронизация будет обновлять её")
    qtbot.keyClick(form.table, Qt.Key.Key_Return)
    settled(context, qtbot)
    assert cabinet.calls == [("assign", "p6", "OZ-6")]
    assert form.isHidden()
    assert column(panel, CARD_OFFER) == ["OZ-7"]
    assert panel.bar.action.text() == "Отменить"


def test_a_product_that_has_a_card_is_refused_with_the_reason(
    panel: AdoptionPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet
) -> None:
    panel.chips.choose(Kind.ONLY_OZON)
    panel.assign_button.click()
    form = panel.assign_form
    settled(context, qtbot)
    form.search.setText("мультив")
    qtbot.keyClick(form.search, Qt.Key.Key_Return)
    assert form.meaning.text().startswith("Товар MV-0007 уже сопоставлен с карточкой OZ-4.")
    assert form.meaning.property("role") == "error"
    assert not form.go.isEnabled()
    qtbot.keyClick(form.table, Qt.Key.Key_Return)
    assert cabinet.calls == []
    qtbot.keyClick(form.table, Qt.Key.Key_Escape)
    assert form.isHidden()
    assert panel.isVisible()
    assert not panel.assign_button.isHidden()
    panel.table.selectAll()
    assert not panel.assign_button.isEnabled(), "one card at a time"


def test_a_refusal_of_the_service_is_reported(panel: AdoptionPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet) -> None:
    panel.chips.choose(Kind.ONLY_OZON)
    panel.assign_button.click()
    settled(context, qtbot)
    panel.assign_form.table.select_numbers([0])
    cabinet.error = AlreadyMatched("TV-1", detail="OZ-8")
    panel.assign_form.go.click()
    settled(context, qtbot)
    assert "Товар TV-1 уже сопоставлен с карточкой OZ-8" in panel.bar.message
