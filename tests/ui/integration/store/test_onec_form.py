"""«1С»: three lines to copy, the password only under the eye, a port that is taken."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.onec_exchange import ExchangeAddress
from ozon_desktop.domain.progress import ProgressUpdate, Stage
from ozon_desktop.domain.store_connection import ConnectionKind
from ozon_desktop.domain.store_health import StoreHealth
from ozon_desktop.errors import PortInUse, WrongInput
from ozon_desktop.services.store.exchange import ExchangeState
from ozon_desktop.services.store.overview import SiteState
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.page import IntegrationPageView
from ozon_desktop.ui.integration.store.onec_form import OnecForm
from tests.ui.integration.conftest import settle
from tests.ui.integration.store.using import ONEC, PASSWORD, Use, button, choose, press
from tests.ui.integration.store_fakes import FakeStore

SITE = SiteState(("http://127.0.0.1:8910/ozon",))


def onec_form(view: IntegrationPageView) -> OnecForm:
    return view.store.card.onec


def test_the_kept_password_is_in_the_window_only_under_the_eye(
    view: IntegrationPageView, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    use(ONEC, site=SITE)
    form = onec_form(view)
    assert form.address.text() == "http://127.0.0.1:8910/ozon"
    assert set(form.password.text()) == {"•"}
    form.eye.click()
    settle(qtbot, context)
    assert form.password.text() == PASSWORD
    view.refresh()
    settle(qtbot, context)
    assert form.password.text() == PASSWORD, "it stays while the eye is open"
    form.eye.click()
    assert set(form.password.text()) == {"•"}


def test_lines_are_copied_by_button_and_by_key(view: IntegrationPageView, use: Use, qtbot: QtBot, context: WindowContext) -> None:
    use(ONEC, site=SITE)
    form, clipboard = onec_form(view), QGuiApplication.clipboard()
    QTest.keyClick(form.address, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "http://127.0.0.1:8910/ozon"
    QTest.keyClick(form.password, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, context)
    assert clipboard.text() == PASSWORD
    assert set(form.password.text()) == {"•"}, "copying shows nothing"
    assert view.message_bar.message == "Пароль скопирован."
    copy_login = next(tool for tool, line in form._copy_buttons.items() if line is form.login)
    copy_login.click()
    assert clipboard.text() == "ozon-uyut"


def test_1c_is_switched_on_with_a_password_made_here_and_for_this_computer_alone(
    view: IntegrationPageView, store: FakeStore, qtbot: QtBot, context: WindowContext
) -> None:
    choose(view, ConnectionKind.ONEC)
    assert not onec_form(view).open.isChecked()
    press(view, qtbot, context, "connect_store")
    (connection, password), *_ = store.connections
    assert (connection.kind, connection.open_to_network) == (ConnectionKind.ONEC, False)
    assert password is not None
    assert len(password) >= 20
    assert not view.has_unsaved_changes()


def test_a_new_password_counts_when_it_is_saved(
    view: IntegrationPageView, store: FakeStore, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    use(ONEC, site=SITE)
    button(view, "onec_new_password").click()
    assert view.has_unsaved_changes()
    assert store.connections == []
    press(view, qtbot, context, "connect_store")
    (connection, password), *_ = store.connections
    assert connection == ONEC
    assert password not in {None, PASSWORD}


def test_a_port_that_is_taken_offers_a_free_one(view: IntegrationPageView, store: FakeStore, qtbot: QtBot, context: WindowContext) -> None:
    choose(view, ConnectionKind.ONEC)
    form = onec_form(view)
    form.port.setText("80000")
    press(view, qtbot, context, "connect_store")
    assert "от 1 до 65535" in form.port_problem.text()
    assert form.port.hasFocus()
    form.port.setText("8910")
    store.failure = PortInUse("8910", detail="8911")
    press(view, qtbot, context, "connect_store")
    assert "Свободен 8911" in form.port_problem.text()
    assert form.port.hasFocus()


def test_a_site_that_lets_nobody_in_says_why(view: IntegrationPageView, use: Use) -> None:
    use(ONEC, site=SiteState((), "Порт занят"))
    assert (view.store.card.badge.text(), view.store.card.state.text()) == ("Не принимает", "Порт занят")


def test_the_steps_stand_open_until_1c_has_come(view: IntegrationPageView, use: Use) -> None:
    form = onec_form(view)
    use(ONEC, StoreHealth.NEVER, site=SITE)
    assert form.guide.isVisible()
    assert form.guide_text.text().startswith("УТ 11")
    use(ONEC, StoreHealth.GOOD, site=SITE)
    assert not form.guide.isVisible()
    form.guides["УНФ"].click()
    assert form.guide_text.text().startswith("УНФ:\n1. ")
    use(ONEC, StoreHealth.GOOD, site=SITE)
    assert form.guide.isVisible(), "what somebody opened stays open"
    form.guides["УНФ"].click()
    assert not form.guide.isVisible()


def test_a_check_says_whether_1c_would_be_let_in_and_no_more(
    view: IntegrationPageView, store: FakeStore, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    use(ONEC, StoreHealth.NEVER, site=SITE)
    store.exchange = ExchangeState(ExchangeAddress("http://127.0.0.1:8910/ozon"))
    press(view, qtbot, context, "check_store")
    assert "Программа ждёт 1С: http://127.0.0.1:8910/ozon" in view.store.card.state.text()
    assert view.store.card.badge.text() == "1С ещё не приходила"
    store.exchange = ExchangeState(trouble="порт занят")
    press(view, qtbot, context, "check_store")
    assert "не войдёт: порт занят" in view.store.card.state.text()


def test_a_login_1c_cannot_send_is_marked(view: IntegrationPageView, store: FakeStore, qtbot: QtBot, context: WindowContext) -> None:
    choose(view, ConnectionKind.ONEC)
    store.failure = WrongInput("login", detail="a:b")
    press(view, qtbot, context, "connect_store")
    assert "двоеточия" in (onec_form(view).login_field.error or "")


def test_what_1c_is_loading_is_seen_and_can_be_stopped(
    view: IntegrationPageView, store: FakeStore, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    card = view.store.card
    use(ONEC, site=replace(SITE, loading=ProgressUpdate(Stage.READING_FILE, 1_500, None, "import.xml")))
    assert card.progress.isVisible()
    assert "1\xa0500" in card.progress_text.text()
    card.stop_button.click()
    settle(qtbot, context)
    assert store.stopped_imports == 1
    assert not card.stop_button.isEnabled()
    use(ONEC, site=SITE)
    assert not card.progress.isVisible()
    use(ONEC, site=replace(SITE, loading=ProgressUpdate(Stage.READING_FILE)))
    assert card.stop_button.isEnabled()
