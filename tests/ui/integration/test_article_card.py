"""The article rule on the page «Интеграция»: tried before it is taken, by keyboard, and of one cabinet only."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.articles import ArticleSource
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.article_card import CHOICES
from ozon_desktop.ui.integration.page import IntegrationPageView
from tests.ui.integration.conftest import FakeArticles, settle

BY_CODE = CHOICES[2]


def load(articles: FakeArticles, context: WindowContext, qtbot: QtBot) -> None:
    articles.products = 2909
    context.data_changed.emit("store")
    settle(qtbot, context)


def test_without_products_there_is_nothing_to_choose(view: IntegrationPageView) -> None:
    assert view.articles.isHidden()


def test_the_rule_is_shown_with_its_count(view: IntegrationPageView, articles: FakeArticles, context: WindowContext, qtbot: QtBot) -> None:
    load(articles, context, qtbot)
    assert not view.articles.isHidden()
    assert view.articles.rule is None
    assert "2\u00a0909" in view.articles.preview.text() or "2 909" in view.articles.preview.text()
    assert not view.articles.apply_button.isEnabled()


def test_a_rule_is_tried_by_keyboard_and_taken_by_the_button(
    view: IntegrationPageView, articles: FakeArticles, context: WindowContext, qtbot: QtBot
) -> None:
    load(articles, context, qtbot)
    view.articles.box.setFocus()
    QTest.keyClick(view.articles.box, Qt.Key.Key_Down)
    QTest.keyClick(view.articles.box, Qt.Key.Key_Down)
    settle(qtbot, context)
    assert view.articles.rule == BY_CODE
    assert "Без артикула останется: 1" in view.articles.preview.text()
    assert articles.rule is None
    QTest.keyClick(view.articles.apply_button, Qt.Key.Key_Space)
    settle(qtbot, context)
    assert articles.rule == BY_CODE
    assert "сохранили свои" in view.message_bar.message
    assert not view.articles.apply_button.isEnabled()


def test_a_choice_that_was_not_taken_survives_news_of_the_store(
    view: IntegrationPageView, articles: FakeArticles, context: WindowContext, qtbot: QtBot
) -> None:
    load(articles, context, qtbot)
    view.articles.box.choose(BY_CODE)
    context.data_changed.emit("store")
    settle(qtbot, context)
    assert view.articles.rule == BY_CODE
    assert view.articles.apply_button.isEnabled()
    view.set_integration(1)
    settle(qtbot, context)
    assert view.articles.rule is None


def test_a_rule_of_the_command_line_and_a_proposal_are_shown(
    view: IntegrationPageView, articles: FakeArticles, context: WindowContext, qtbot: QtBot
) -> None:
    articles.rule = (ArticleSource.BARCODE, ArticleSource.ID)
    articles.best = (ArticleSource.CODE, ArticleSource.ARTICLE)
    load(articles, context, qtbot)
    assert view.articles.rule == articles.rule
    assert view.articles.box.currentText() == "Штрихкод, иначе идентификатор выгрузки"
    assert view.articles.proposal.text().startswith("Подойдёт: код, иначе артикул")
