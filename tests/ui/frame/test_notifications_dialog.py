"""The dialog «Уведомления» over the real service and a mail server on this computer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ozon_desktop.application import Options, build
from ozon_desktop.domain.notification import MailSecurity
from ozon_desktop.paths import DataPaths
from ozon_desktop.services.mail import Mailer
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.ui.app import Session, prepare_qt
from ozon_desktop.ui.frame.notifications import NotificationsDialog
from ozon_desktop.ui.look.theme import ThemeMode
from tests.services.mailbox import PASSWORD, USER, served, trusting

pytestmark = [pytest.mark.slow, pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)]


@pytest.fixture
def session(qtbot: QtBot, tmp_path: Path) -> Iterator[Session]:
    prepare_qt()
    options = Options(tmp_path, demo=True, secret_store=MemoryStore("Связка ключей"), mailer=Mailer(trusting, timeout_s=15))
    session = Session(lambda: build(options), DataPaths(tmp_path), theme_mode=ThemeMode.LIGHT, quiet=True)
    session.start()
    assert session.wait_for_window() is not None
    yield session
    session.end()


@pytest.fixture
def dialog(qtbot: QtBot, session: Session) -> NotificationsDialog:
    assert session.window is not None
    session.window.menus.notifications.trigger()
    dialog = session.window.findChild(NotificationsDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.port.text() != "", timeout=60_000)
    return dialog


def shown(dialog: NotificationsDialog) -> str:
    return " ".join(label.text() for label in dialog.bar.findChildren(QLabel))


def test_known_service_fills_in_its_server(dialog: NotificationsDialog) -> None:
    dialog.recipient.setText("owner@yandex.ru")
    dialog.recipient.editingFinished.emit()
    assert (dialog.server.text(), dialog.port.text(), dialog.user.text()) == ("smtp.yandex.ru", "465", "owner@yandex.ru")
    assert "пароль приложения" in shown(dialog)


def test_wrong_fields_are_reported_beside_them_and_cannot_be_saved(dialog: NotificationsDialog) -> None:
    dialog.enabled.setChecked(True)
    dialog.recipient.setText("не адрес")
    assert dialog.fields["recipient"].error == "Это не адрес почты"
    assert dialog.fields["server"].error == "Заполните поле"
    assert not dialog.save_button.isEnabled()
    assert not dialog.test_button.isEnabled()


def test_trial_letter_is_sent_and_a_wrong_password_is_reported(qtbot: QtBot, dialog: NotificationsDialog) -> None:
    with served() as mailbox:
        dialog.enabled.setChecked(True)
        dialog.recipient.setText("boss@shop.example")
        dialog.server.setText("127.0.0.1")
        dialog.security.choose(MailSecurity.STARTTLS)
        dialog.port.setText(str(mailbox.port))
        dialog.user.setText(USER)
        dialog.password.setText("wrong")
        dialog.test_button.click()
        qtbot.waitUntil(lambda: "не принял имя или пароль" in shown(dialog), timeout=60_000)
        dialog.password.setText(PASSWORD)
        dialog.test_button.click()
        qtbot.waitUntil(lambda: "Пробное письмо отправлено" in shown(dialog), timeout=60_000)
        assert len(mailbox.letters) == 1
        dialog.save_button.click()
        qtbot.waitUntil(lambda: "Сохранено" in shown(dialog), timeout=60_000)
    assert dialog.password.text() == ""
    assert "сохранён" in dialog.password.placeholderText()


def test_sender_is_the_user_unless_another_is_given(qtbot: QtBot, dialog: NotificationsDialog) -> None:
    with served() as mailbox:
        dialog.enabled.setChecked(True)
        dialog.recipient.setText("boss@shop.example")
        assert dialog.from_line.placeholderText() == "boss@shop.example"
        dialog.server.setText("127.0.0.1")
        dialog.security.choose(MailSecurity.STARTTLS)
        dialog.port.setText(str(mailbox.port))
        dialog.user.setText(USER)
        dialog.password.setText(PASSWORD)
        assert dialog.from_line.placeholderText() == USER
        dialog.test_button.click()
        qtbot.waitUntil(lambda: len(mailbox.letters) == 1 and dialog.test_button.isEnabled(), timeout=60_000)
        dialog.from_line.setText("нет адреса")
        assert dialog.fields["sender"].error == "Это не адрес почты"
        assert not dialog.save_button.isEnabled()
        dialog.from_line.setText("shop@shop.example")
        assert dialog.save_button.isEnabled()
        dialog.test_button.click()
        qtbot.waitUntil(lambda: len(mailbox.letters) == 2, timeout=60_000)
        dialog.save_button.click()
        qtbot.waitUntil(lambda: "Сохранено" in shown(dialog), timeout=60_000)
    assert [letter["From"].addresses[0].addr_spec for letter in mailbox.letters] == [USER, "shop@shop.example"]
    assert dialog.from_line.text() == "shop@shop.example"


def test_second_call_brings_the_same_dialog(session: Session, dialog: NotificationsDialog) -> None:
    assert session.window is not None
    session.window.menus.notifications.trigger()
    assert len(session.window.findChildren(NotificationsDialog)) == 1


def test_kept_password_does_not_serve_another_server(qtbot: QtBot, dialog: NotificationsDialog) -> None:
    dialog.enabled.setChecked(True)
    for line, text in ((dialog.recipient, "boss@shop.example"), (dialog.server, "smtp.shop.example"), (dialog.user, USER)):
        line.setText(text)
    dialog.password.setText(PASSWORD)
    dialog.save_button.click()
    qtbot.waitUntil(lambda: "Сохранено" in shown(dialog), timeout=60_000)
    assert dialog.save_button.isEnabled()
    dialog.server.setText("smtp.other.example")
    assert dialog.fields["password"].error == "Заполните поле"
    assert not dialog.save_button.isEnabled()
