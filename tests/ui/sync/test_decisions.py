"""What the manager decides first: held changes, values that stay Ozon's, cards that were there before, the first sending."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.existing_cards import Content
from ozon_desktop.domain.sync_plan import ActionKind, FieldChange, Hold, PlanItem, Reason, Verdict
from ozon_desktop.errors import PlanChanged
from ozon_desktop.services.cabinet.existing_cards import ExistingCards
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.sync.page import SyncPage
from ozon_desktop.ui.sync.preview.plan_index import Bucket
from tests.ui.sync.conftest import NOW, make_items, make_preview
from tests.ui.sync.showing import Page, send_text, settled

JUMP = PlanItem(
    ActionKind.PRICE,
    "PL-2060",
    "Плед «Фьорд», синий",
    Reason.PRICE_CHANGED,
    (FieldChange("price", "1990", "100"),),
    product_id="p9",
    hold=Hold.PRICE_JUMP,
)
LOST = PlanItem(
    ActionKind.UPDATE,
    "KL-0077",
    "Коляска",
    Reason.ADOPTED,
    (FieldChange("attribute:85", "Русь", "", ("Русь",)),),
    product_id="p8",
)


@pytest.fixture
def page(open_page: Page, service: Any) -> SyncPage:
    """The page with one held price and one loss among others."""
    service.answer = make_preview((*make_items(), JUMP, LOST))
    return open_page()


def line(page: SyncPage, bucket: Bucket, row: int = 0) -> QModelIndex:
    """A line of a group."""
    model = page.preview.model
    place = next(place for place, group in enumerate(model.groups) if group.key == bucket)
    return model.index(row, 0, model.index(place, 0))


def select(page: SyncPage, bucket: Bucket) -> None:
    """Highlights the first line of a group, with the keyboard's focus in the tree."""
    page.preview.tree.setFocus()
    page.preview.tree.setCurrentIndex(line(page, bucket))


def press(page: SyncPage, context: WindowContext, qtbot: QtBot, key: Qt.Key) -> None:
    QTest.keyClick(page.preview.tree, key)
    settled(qtbot, context)


def test_held_changes_are_no_part_of_what_is_sent(page: SyncPage) -> None:
    assert send_text(page) == "&Отправить 4 изменения"
    assert page.preview.tiles[Bucket.HELD].figure.text() == "1"
    assert page.preview.tiles[Bucket.LOST].figure.text() == "1"


def test_a_blank_sends_and_ctrl_z_takes_it_back(page: SyncPage, context: WindowContext, qtbot: QtBot) -> None:
    select(page, Bucket.HELD)
    press(page, context, qtbot, Qt.Key.Key_Space)
    assert send_text(page) == "&Отправить 5 изменений"
    assert page.preview.tiles[Bucket.HELD].isHidden()
    page.undo()
    settled(qtbot, context)
    assert send_text(page) == "&Отправить 4 изменения"
    held: Any = context.application.held_items
    assert held.decided == [("PL-2060", Verdict.SEND), ("PL-2060", None)]


def test_delete_keeps_it_away_and_the_line_says_so(page: SyncPage, context: WindowContext, qtbot: QtBot) -> None:
    select(page, Bucket.HELD)
    press(page, context, qtbot, Qt.Key.Key_Delete)
    assert send_text(page) == "&Отправить 4 изменения"
    held: Any = context.application.held_items
    assert held.decided == [("PL-2060", Verdict.KEEP)]
    from ozon_desktop.ui.widgets.pieces import PIECES

    texts = [piece.text for piece in line(page, Bucket.HELD).siblingAtColumn(4).data(PIECES)]
    assert texts == ["не отправится", "Вернуть решение"]


def test_keys_decide_nothing_about_lines_that_are_not_held(page: SyncPage, context: WindowContext, qtbot: QtBot) -> None:
    select(page, Bucket.PRICE)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Delete):
        press(page, context, qtbot, key)
    held: Any = context.application.held_items
    assert held.decided == []


def test_a_value_that_would_be_lost_can_stay_ozons(page: SyncPage, context: WindowContext, service: Any, qtbot: QtBot) -> None:
    asked = len(service.previews)
    page.preview.delegate.link_clicked.emit(line(page, Bucket.LOST).siblingAtColumn(4), "keep")
    settled(qtbot, context)
    cards: Any = context.application.cabinet_cards
    assert cards.chosen == [(Side.OZON, ("p8",), "attribute:85")]
    assert len(service.previews) == asked + 1


# --- the first sending ------------------------------------------------------------------------------------------------


@pytest.fixture
def first(open_page: Page, service: Any) -> SyncPage:
    """The page of a cabinet that nothing was sent to yet."""
    service.answer = replace(make_preview(), first=True, plan_id="a1b2")
    return open_page()


def test_the_first_sending_is_confirmed_with_what_was_seen(first: SyncPage, service: Any, context: WindowContext, qtbot: QtBot) -> None:
    assert first.status_line.text().startswith("Первая отправка: просмотр от ")
    first.send.click()
    settled(qtbot, context)
    assert [run["confirm"] for run in service.runs] == ["a1b2"]


def test_f5_confirms_nothing(first: SyncPage, service: Any, context: WindowContext, qtbot: QtBot) -> None:
    first.open_payload("run")
    qtbot.waitUntil(first.message_bar.isVisible)
    assert service.runs == []
    assert "только после вашего просмотра" in first.message_bar.message


def test_f5_from_a_page_never_opened_shows_the_preview(open_page: Page, service: Any, context: WindowContext, qtbot: QtBot) -> None:
    service.answer = replace(make_preview(), first=True, plan_id="a1b2")
    page = open_page()
    page.session.forget()
    page.open_payload("run")
    settled(qtbot, context)
    QTest.qWait(20)
    assert service.runs == []
    assert page.session.computed is not None


def test_a_plan_that_changed_since_is_shown_again(first: SyncPage, service: Any, context: WindowContext, qtbot: QtBot) -> None:
    service.result = PlanChanged("Кабинет", detail="c3d4")
    asked = len(service.previews)
    first.send.click()
    settled(qtbot, context)
    assert len(service.previews) == asked + 1
    assert "Изменения уже другие" in first.message_bar.message


def test_a_cabinet_for_reading_only_is_never_sent_to(open_page: Page, service: Any) -> None:
    service.answer = replace(make_preview(), read_only=True)
    page = open_page()
    assert not page.send.isEnabled()
    assert "только для чтения" in page.status_line.text()


# --- cards that were on Ozon before -----------------------------------------------------------------------------------

ASKED = ExistingCards(2_140, None, None, None, None, {Content.FILL: 0, Content.FIELDS: 37, Content.STORE: 3_418})


@pytest.fixture
def question(open_page: Page, context: WindowContext, qtbot: QtBot) -> SyncPage:
    """The page with a question that was not answered yet."""
    existing: Any = context.application.existing_cards
    existing.shown = ASKED
    page = open_page()
    settled(qtbot, context)
    return page


def test_the_question_says_the_consequence_of_each_answer(question: SyncPage) -> None:
    shown = question.question
    assert shown.heading.text().replace("\u00a0", " ") == "Карточки уже есть на Ozon: 2 140. Чьё содержание оставить?"
    texts = {content: option.consequence.text().replace("\u00a0", " ") for content, option in shown.options.items()}
    assert texts == {Content.FILL: "потерь нет", Content.FIELDS: "потерь 37", Content.STORE: "потерь 3 418"}


def test_the_marked_answer_is_not_in_force_before_it_is_applied(question: SyncPage, context: WindowContext, qtbot: QtBot) -> None:
    shown = question.question
    existing: Any = context.application.existing_cards
    assert shown.options[Content.FILL].isChecked()
    assert shown.badge.text() == "ждёт ответа"
    shown.options[Content.STORE].click()
    shown.prices.buttons[Side.OZON.value].click()
    assert existing.shown == ASKED
    shown.apply.click()
    settled(qtbot, context)
    assert (existing.shown.content, existing.shown.prices, existing.shown.stocks) == (Content.STORE, Side.OZON, Side.STORE)
    assert shown.badge.text().startswith("ответ дан в ")
    assert shown.apply.isHidden()


def test_after_the_first_answer_a_choice_is_an_answer(question: SyncPage, context: WindowContext, service: Any, qtbot: QtBot) -> None:
    existing: Any = context.application.existing_cards
    question.question.apply.click()
    settled(qtbot, context)
    asked = len(service.previews)
    question.question._unfold()
    question.question.options[Content.FIELDS].click()
    settled(qtbot, context)
    assert existing.shown.content is Content.FIELDS
    assert len(service.previews) == asked + 1


def test_an_answered_question_folds_into_one_line_once_something_was_sent(open_page: Page, context: WindowContext, qtbot: QtBot) -> None:
    existing: Any = context.application.existing_cards
    existing.shown = replace(ASKED, answered_at=NOW, content=Content.FILL, prices=Side.STORE, stocks=Side.OZON)
    page = open_page()
    settled(qtbot, context)
    text = page.question.line.text().replace("\u00a0", " ")
    assert text == (
        "Карточки, которые уже были на Ozon: 2 140. Содержание: как на Ozon, дополнить пустое; цена: магазин; остаток: как на Ozon"
    )
    assert page.question.heading.isHidden()
    page.question.change.click()
    assert page.question.heading.isVisible()


def test_losses_nobody_can_count_yet_are_not_called_none(open_page: Page, context: WindowContext, qtbot: QtBot) -> None:
    existing: Any = context.application.existing_cards
    existing.shown = replace(ASKED, losses=dict.fromkeys(Content, 0), uncounted=2_140)
    page = open_page()
    settled(qtbot, context)
    assert {option.consequence.text() for option in page.question.options.values()} == {"потери не посчитаны"}
    assert page.question.uncounted.isVisible()
    assert "2 140 карточек" in page.question.uncounted.text().replace("\u00a0", " ")
    existing.shown = replace(existing.shown, uncounted=3, losses={Content.FILL: 0, Content.FIELDS: 1, Content.STORE: 2})
    page.recalculate.click()
    settled(qtbot, context)
    assert page.question.options[Content.STORE].consequence.text() == "потерь 2"
    assert "3 карточек" in page.question.uncounted.text()


def test_without_such_cards_there_is_no_question(open_page: Page, context: WindowContext, qtbot: QtBot) -> None:
    page = open_page()
    settled(qtbot, context)
    assert page.question.isHidden()


# --- the first five, and taking a run back ----------------------------------------------------------------------------


def test_five_go_first_and_the_rest_is_a_preview_again(first: SyncPage, service: Any, context: WindowContext, qtbot: QtBot) -> None:
    five: Any = context.application.first_five
    assert first.five.isVisible()
    first.five.click()
    settled(qtbot, context)
    assert five.confirmed == ["a1b2"]
    assert [(row.field, row.matches) for row in first.five_view.model.rows] == [("price", False), ("name", True)]
    assert "Не совпало полей: 1 из 2" in first.five_view.heading.text().replace("\u00a0", " ")
    asked = len(service.previews)
    first.five_view.rest.click()
    settled(qtbot, context)
    assert len(service.previews) == asked + 1
    assert service.runs == []


def test_there_is_no_trial_once_something_was_sent(open_page: Page) -> None:
    assert open_page().five.isHidden()


def test_a_run_is_taken_back_after_its_old_values_were_seen(open_page: Page, service: Any, context: WindowContext, qtbot: QtBot) -> None:
    page = open_page()
    page.open_payload(17)
    settled(qtbot, context)
    assert page.status_line.text().startswith("Прежние значения")
    assert send_text(page) == "&Вернуть 1 изменение"
    assert "H-1" in page.message_bar.message
    assert "Заполнить карточки" not in [button.text() for button in page.message_bar.findChildren(QPushButton) if button.isVisible()]
    back: Any = context.application.take_back
    assert back.sent == []
    page.send.click()
    settled(qtbot, context)
    assert back.sent == [(17, "old1")]
    assert service.runs == []


def test_counting_again_leaves_the_old_values(open_page: Page, service: Any, context: WindowContext, qtbot: QtBot) -> None:
    page = open_page()
    page.open_payload(17)
    settled(qtbot, context)
    page.recalculate.click()
    settled(qtbot, context)
    page.send.click()
    settled(qtbot, context)
    back: Any = context.application.take_back
    assert (back.sent, len(service.runs)) == ([], 1)


def test_the_question_comes_with_the_first_preview_which_finds_the_cards(
    open_page: Page, context: WindowContext, service: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    existing: Any = context.application.existing_cards
    real = service.preview

    async def found(*args: Any, **kwargs: Any) -> Any:
        existing.shown = ASKED
        return await real(*args, **kwargs)

    monkeypatch.setattr(service, "preview", found)
    page = open_page()
    settled(qtbot, context)
    assert page.question.isVisible()


def test_after_a_decision_the_next_held_line_is_current_and_the_window_counts_anew(
    open_page: Page, context: WindowContext, service: Any, qtbot: QtBot
) -> None:
    held = [replace(JUMP, offer_id=f"PL-{number}", product_id=f"p{number}") for number in range(3)]
    service.answer = make_preview((*make_items(), *held))
    page = open_page()
    select(page, Bucket.HELD)
    topics: list[str] = []
    context.data_changed.connect(topics.append)
    asked = len(service.previews)
    for wanted in ("PL-1", "PL-2"):
        press(page, context, qtbot, Qt.Key.Key_Space)
        current = page.preview.tree.currentIndex()
        assert page.preview.model.items_at(current)[0].offer_id == wanted
        assert [item.offer_id for item in page.preview.selected()] == [wanted]
    assert topics == ["sync", "sync"]
    assert len(service.previews) == asked, "the page itself asks nothing again"
