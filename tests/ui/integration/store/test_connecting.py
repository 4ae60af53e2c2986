"""Choosing, checking, connecting and disconnecting the store; what is typed is lost by nobody."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.errors import (
    BackOfficeLoginRefused,
    BackOfficeNotFound,
)
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.page import IntegrationPageView
from tests.ui.integration.conftest import settle
from tests.ui.integration.store.using import IMPORT, LINK, Use, button, choose, link_form, moysklad_form, press, shown_buttons
from tests.ui.integration.store_fakes import FakeStore


def test_files_are_what_a_store_begins_with(view: IntegrationPageView, context: WindowContext, qtbot: QtBot) -> None:
    assert view.store.card.chosen_kind is ConnectionKind.FILES
    assert shown_buttons(view) == {"load_store_export"}
    assert not view.store.card.states.isVisible()
    with qtbot.waitSignal(context.load_export):
        button(view, "load_store_export").click()


def test_a_link_is_checked_and_kept_with_its_password(
    view: IntegrationPageView, store: FakeStore, qtbot: QtBot, context: WindowContext
) -> None:
    choose(view, ConnectionKind.LINK)
    assert view.store.card.badge.text() == "Не подключено"
    form = link_form(view)
    QTest.keyClicks(form.address, LINK.address)
    QTest.keyClicks(form.login, "ozon")
    QTest.keyClicks(form.password.line, "parol-1")
    assert view.has_unsaved_changes()
    press(view, qtbot, context, "connect_store")
    assert store.connections == [(LINK, "parol-1")]
    assert form.password.line.text() == "", "a kept password is not in the window any more"
    assert not view.has_unsaved_changes()
    assert "Магазин подключён" in view.message_bar.message
    assert "ООО «Ромашка»" in view.message_bar.message
    assert view.store.card.badge.text() == "Связь есть"
    view.message_bar.action.click()
    settle(qtbot, context)
    assert store.pulls == [False]


@pytest.mark.parametrize(
    ("address", "login", "password", "wrong"),
    [
        ("", "", "", "address"),
        ("shop.example/price.yml", "", "", "address"),
        ("https://", "", "", "address"),
        (LINK.address, "ozon", "", "password"),
        (LINK.address, "", "parol-1", "login"),
    ],
)
def test_what_is_missing_is_marked_where_it_is(
    view: IntegrationPageView, store: FakeStore, qtbot: QtBot, context: WindowContext, address: str, login: str, password: str, wrong: str
) -> None:
    choose(view, ConnectionKind.LINK)
    form = link_form(view)
    form.address.setText(address)
    form.login.setText(login)
    form.password.line.setText(password)
    view.store.card.apply()
    settle(qtbot, context)
    fields = {"address": form.address_field, "login": form.login_field, "password": form.password}
    assert [name for name, field in fields.items() if field.error] == [wrong]
    assert fields[wrong].editor.hasFocus()
    assert store.connections == []
    assert isinstance(fields[wrong].editor, QLineEdit)
    QTest.keyClicks(fields[wrong].editor, "x")
    assert not fields[wrong].error, "typing takes the mark away"


def test_a_refused_login_is_marked_at_the_password_and_nothing_changes(
    view: IntegrationPageView, store: FakeStore, qtbot: QtBot, context: WindowContext
) -> None:
    store.failure = BackOfficeLoginRefused("выгрузка shop.example")
    choose(view, ConnectionKind.LINK)
    form = link_form(view)
    form.address.setText(LINK.address)
    form.login.setText("ozon")
    form.password.line.setText("parol-1")
    press(view, qtbot, context, "connect_store")
    assert form.password.error == "Логин или пароль не подошёл"
    assert form.password.line.hasFocus()
    assert form.password.line.text() == "parol-1"
    assert view.store.card.badge.property("role") == "badge-error"
    assert "не принял логин" in view.store.card.state.text()
    assert view.store_session.connection.kind is ConnectionKind.FILES
    store.failure = BackOfficeNotFound("выгрузка shop.example")
    press(view, qtbot, context, "connect_store")
    assert form.address_field.error == "По этому адресу ничего нет"


def test_another_source_is_asked_about_first_and_esc_leaves_the_old_one(
    view: IntegrationPageView, store: FakeStore, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    use(LINK, exchanges=(IMPORT,))
    choose(view, ConnectionKind.MOYSKLAD)
    assert "Сейчас подключено: Ссылка" in view.store.card.hint.text()
    form = moysklad_form(view)
    form.password.line.setText("token-1")
    press(view, qtbot, context, "connect_store")
    question = view.store.card.question
    assert question.asking
    assert "«Ссылка» → «МойСклад»" in question.text.text()
    QTest.keyClick(question.apply_button, Qt.Key.Key_Escape)
    assert (question.asking, store.connections) == (False, [])
    assert form.password.line.text() == "token-1"
    press(view, qtbot, context, "connect_store")
    QTest.keyClick(question.apply_button, Qt.Key.Key_Return)
    settle(qtbot, context)
    assert store.connections == [(StoreConnection(ConnectionKind.MOYSKLAD), "token-1")]


def test_moysklad_takes_a_token_or_a_login(view: IntegrationPageView, store: FakeStore, qtbot: QtBot, context: WindowContext) -> None:
    choose(view, ConnectionKind.MOYSKLAD)
    form = moysklad_form(view)
    assert not form.login.isVisible()
    assert form.password.line.accessibleName() == "Токен"
    form.password.line.setText("token-1")
    QTest.mouseClick(form.way.buttons["login"], Qt.MouseButton.LeftButton)
    assert form.login.isVisible()
    assert form.password.line.text() == "", "a token is no password"
    assert form.password.line.accessibleName() == "Пароль"
    view.store.card.apply()
    assert (bool(form.login_field.error), bool(form.password.error)) == (True, True)
    form.login.setText("admin@romashka")
    form.password.line.setText("parol-1")
    form.interval.line.setText("15")
    press(view, qtbot, context, "connect_store")
    expected = StoreConnection(ConnectionKind.MOYSKLAD, login="admin@romashka", interval_min=15)
    assert store.connections == [(expected, "parol-1")]


def test_the_interval_alone_is_kept_without_asking_the_store(
    view: IntegrationPageView, store: FakeStore, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    use(LINK)
    form = link_form(view)
    form.interval.line.setText("0")
    assert {"connect_store", "forget_store_edits"} <= shown_buttons(view)
    press(view, qtbot, context, "connect_store")
    assert "от 1 до 1440" in (form.interval.error or "")
    form.interval.line.setText("30")
    view.save()
    settle(qtbot, context)
    assert (store.overview.connection.interval_min, store.connections) == (30, [])
    assert not view.has_unsaved_changes()


def test_edits_can_be_given_up(view: IntegrationPageView, use: Use, qtbot: QtBot, context: WindowContext) -> None:
    use(LINK)
    form = link_form(view)
    form.address.setText("https://other.example/a.yml")
    form.password.line.setText("parol-2")
    press(view, qtbot, context, "forget_store_edits")
    assert (form.address.text(), form.password.line.text()) == (LINK.address, "")
    assert not view.has_unsaved_changes()


def test_what_is_being_typed_stays_while_the_page_is_read_again(
    view: IntegrationPageView, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    use(LINK)
    form = link_form(view)
    form.address.setText("https://other.example/a.yml")
    view.refresh()
    settle(qtbot, context)
    assert form.address.text() == "https://other.example/a.yml"
    assert not form.password.line.placeholderText(), "the kept password is of the other address"


def test_disconnecting_asks_and_forgets(
    view: IntegrationPageView, store: FakeStore, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    use(LINK)
    press(view, qtbot, context, "disconnect_store")
    assert "Пароль забудется" in view.store.card.question.text.text()
    assert store.overview.connection == LINK
    QTest.mouseClick(view.store.card.question.apply_button, Qt.MouseButton.LeftButton)
    settle(qtbot, context)
    assert store.overview.connection.kind is ConnectionKind.FILES
    assert store.secrets == {}
    assert view.store.card.chosen_kind is ConnectionKind.FILES
