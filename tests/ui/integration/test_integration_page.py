"""The integration page: fields, validation, gates, unsaved changes, connection, categories, lists."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QListView, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.integration import IntegrationSettings, Scheme, UpdateTrigger, VatRate
from ozon_desktop.domain.ozon_catalog import OzonCategory
from ozon_desktop.domain.setup_guide import Action, Step
from ozon_desktop.domain.store_catalog import CatalogStructure
from ozon_desktop.errors import InvalidKey, KeyDeactivated, KeyRestrictedToIp, NoConnection, OfferNotSigned, SecretStoreLocked
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.base_list_model import BaseListModel
from ozon_desktop.ui.integration.page import CATEGORIES, IntegrationPageView
from ozon_desktop.ui.integration.texts import connection_text
from tests.ui.integration.conftest import NOW, REPORT, FakeCabinet, settle

KEY = "00000000-0000-4000-8000-000000000001"
FILLED = IntegrationSettings(100500, Scheme.FBS, "s1", None, "o1", "e1", "p1", VatRate.VAT_20, UpdateTrigger.HOURLY)


def fill(view: IntegrationPageView) -> None:
    """Everything a manager must enter."""
    view.connection.client_id.setText("100500")
    view.connection.api_key.setText(KEY)
    for name in (
        "scheme",
        "catalog_structure_id",
        "organization_id",
        "responsible_employee_id",
        "price_type_id",
        "vat_rate",
        "update_trigger",
    ):
        view.form.choose(name, getattr(FILLED, name))


@pytest.fixture
def connected(cabinet: FakeCabinet) -> FakeCabinet:
    """A cabinet that is filled in and checked."""
    cabinet.key = KEY
    cabinet.integration = replace(cabinet.integration, settings=FILLED, connection=REPORT)
    return cabinet


def test_every_control_is_there_under_its_name_and_can_be_read_aloud(view: IntegrationPageView) -> None:
    controls: dict[str, type[QWidget]] = {
        "client_id": QLineEdit,
        "api_key": QLineEdit,
        "show_key": QToolButton,
        "check_connection": QPushButton,
        "scheme": QComboBox,
        "catalog_structure": QComboBox,
        "order_direction": QComboBox,
        "organization": QComboBox,
        "responsible_employee": QComboBox,
        "price_type": QComboBox,
        "vat_rate": QComboBox,
        "update_trigger": QComboBox,
        "save_settings": QPushButton,
        "fetch_base": QPushButton,
        "fetch_children": QPushButton,
        "fetch_settings": QPushButton,
        "base_list": QListView,
        "integration_enabled": QCheckBox,
        "checklist": QWidget,
    }
    for name, kind in controls.items():
        control = view.findChild(kind, name)
        assert control is not None, name
        assert control.accessibleName() or getattr(control, "text", str)(), name
    assert view.findChild(QLabel, "connection_state") is not None


def test_client_id_is_checked_as_it_is_typed(view: IntegrationPageView, qtbot: QtBot) -> None:
    QTest.keyClicks(view.connection.client_id, "10x")
    assert "целое положительное число" in (view.connection.client_field.error or "")
    assert not view.connection.check.isEnabled()
    view.save()
    assert "Не сохранено" in view.message_bar.message
    view.connection.client_id.setText("100500")
    assert view.connection.client_field.error is None


def test_key_is_masked_until_shown(view: IntegrationPageView) -> None:
    assert not view.connection.show_key.isEnabled()
    view.connection.api_key.setText(KEY)
    assert view.connection.api_key.echoMode() is QLineEdit.EchoMode.Password
    view.connection.show_key.click()
    assert view.connection.api_key.echoMode() is QLineEdit.EchoMode.Normal


def test_vat_of_18_percent_is_an_error_that_names_the_rates(view: IntegrationPageView) -> None:
    view.form.choose("vat_rate", VatRate.VAT_18)
    assert "5, 7, 10, 20, 22" in (view.form.fields["vat_rate"].error or "")
    view.form.choose("vat_rate", VatRate.VAT_22)
    assert view.form.fields["vat_rate"].error is None


def test_the_rate_of_each_product_is_offered_where_the_store_states_several(
    connected: FakeCabinet, view: IntegrationPageView, qtbot: QtBot, context: WindowContext
) -> None:
    choice = view.form.vat_of_product
    assert choice.isHidden()
    connected.vat_rates = frozenset({VatRate.VAT_10, VatRate.VAT_22})
    context.data_changed.emit("store")
    settle(qtbot, context)
    assert not choice.isHidden()
    assert not choice.isChecked()
    choice.click()
    assert view.has_unsaved_changes()
    view.save_button.click()
    settle(qtbot, context)
    assert connected.saved[-1].vat_of_product is True
    # Chosen once, it stays in sight though the store's rates are alike again.
    connected.vat_rates = frozenset({VatRate.VAT_22})
    context.data_changed.emit("store")
    settle(qtbot, context)
    assert not choice.isHidden()
    assert choice.isChecked()


def test_chosen_scheme_is_explained(view: IntegrationPageView) -> None:
    view.form.choose("scheme", Scheme.RFBS)
    assert "доставляете сами" in view.form.fields["scheme"].below.text()


def test_changes_are_marked_until_saved(view: IntegrationPageView, qtbot: QtBot, context: WindowContext, cabinet: FakeCabinet) -> None:
    assert not view.unsaved.isVisible()
    assert not view.has_unsaved_changes()
    fill(view)
    assert view.unsaved.isVisible()
    assert view.has_unsaved_changes()
    topics: list[str] = []
    context.data_changed.connect(topics.append)
    view.save_button.click()
    settle(qtbot, context)
    assert cabinet.saved == [FILLED]
    assert cabinet.key == KEY
    assert not view.has_unsaved_changes()
    assert view.connection.api_key.text() == ""
    assert view.connection.api_key.placeholderText().endswith("0001")
    assert view.connection.key_field.below.text() == "Хранится в Диспетчере учётных данных Windows"
    assert topics == ["integration"]


def test_undoing_a_change_by_hand_takes_the_mark_away(connected: FakeCabinet, view: IntegrationPageView) -> None:
    view.form.choose("scheme", Scheme.FBO)
    assert view.has_unsaved_changes()
    view.form.choose("scheme", Scheme.FBS)
    assert not view.has_unsaved_changes()


def test_empty_required_fields_are_named_after_saving(view: IntegrationPageView, qtbot: QtBot, context: WindowContext) -> None:
    view.form.choose("scheme", Scheme.FBS)
    assert view.form.fields["vat_rate"].error is None
    view.save()
    settle(qtbot, context)
    assert "Обязательное поле" in (view.form.fields["vat_rate"].error or "")
    assert view.form.fields["order_direction_id"].error is None
    assert "исправьте отмеченные поля" in view.message_bar.message
    view.message_bar.action.click()
    assert view.connection.client_id.hasFocus()


def test_reading_again_keeps_what_is_being_edited(
    connected: FakeCabinet, view: IntegrationPageView, qtbot: QtBot, context: WindowContext
) -> None:
    view.form.choose("vat_rate", VatRate.VAT_10)
    connected.integration = replace(connected.integration, settings=replace(FILLED, scheme=Scheme.FBO))
    context.data_changed.emit("orders")
    settle(qtbot, context)
    assert view.form.boxes["vat_rate"].chosen is VatRate.VAT_10
    assert view.form.boxes["scheme"].chosen is Scheme.FBO


def test_failed_saving_keeps_the_typed_key(view: IntegrationPageView, qtbot: QtBot, context: WindowContext, cabinet: FakeCabinet) -> None:
    cabinet.failure = SecretStoreLocked()
    fill(view)
    view.save()
    settle(qtbot, context)
    assert view.has_unsaved_changes()
    assert view.connection.api_key.text() == KEY
    assert view.message_bar.message


def test_check_keeps_the_credentials_and_nothing_else_first(
    view: IntegrationPageView, qtbot: QtBot, context: WindowContext, cabinet: FakeCabinet
) -> None:
    fill(view)
    view.connection.check.click()
    settle(qtbot, context)
    assert cabinet.saved == [IntegrationSettings(client_id=100500)]
    assert view.connection.badge.text() == "Подключено"
    assert "роль Admin" in view.connection.state.text()
    assert "рубли" in view.connection.state.text()
    assert view.has_unsaved_changes()
    assert view.form.boxes["scheme"].chosen is Scheme.FBS


def test_each_failure_of_the_check_has_its_own_text(
    connected: FakeCabinet, view: IntegrationPageView, qtbot: QtBot, context: WindowContext
) -> None:
    texts = set()
    for kind in (InvalidKey, KeyDeactivated, KeyRestrictedToIp, OfferNotSigned, NoConnection):
        connected.report = kind("/v1/roles")
        view.connection.check.click()
        settle(qtbot, context)
        assert view.connection.badge.property("role") == "badge-error"
        texts.add(view.connection.state.text() + view.connection.more.text())
    assert len(texts) == 5
    assert view.connection.check.isEnabled()


def test_report_warns_of_missing_rights_and_of_a_key_about_to_expire() -> None:
    good = connection_text(REPORT, NOW)
    assert (good.badge, good.kind) == ("Подключено", "good")
    assert "ключ действует до 21.02.2027" in good.line
    lacking = connection_text(replace(REPORT, missing_methods=("/v3/product/import",)), NOW)
    assert lacking.kind == "attention"
    assert "Карточки товаров — не разрешено: отправка карточек." in lacking.more
    assert lacking.tip == "Карточки товаров: нет прав на /v3/product/import (отправка карточек)"
    soon = connection_text(replace(REPORT, expires_at=NOW + timedelta(days=14)), NOW)
    assert soon.kind == "attention"
    assert "через 14 дней" in soon.more
    assert connection_text(replace(REPORT, expires_at=NOW + timedelta(days=15)), NOW).kind == "good"
    assert connection_text(replace(REPORT, expires_at=NOW - timedelta(hours=1)), NOW).kind == "error"


def test_buttons_say_in_words_what_they_wait_for(view: IntegrationPageView) -> None:
    assert not any(button.isEnabled() for button in view.categories.buttons.values())
    assert "введите Client ID и ключ API" in view.categories.why.text()
    assert not view.enable.box.isEnabled()
    assert "сначала" in view.enable.why.text()
    fill(view)
    assert "нажмите «Обновить»" in view.categories.why.text()


def test_the_guide_from_base_categories_to_the_switch(
    connected: FakeCabinet, view: IntegrationPageView, qtbot: QtBot, context: WindowContext
) -> None:
    buttons = view.categories.buttons
    assert "сначала получите базовые категории" in view.categories.why.text()
    buttons[Action.FETCH_BASE].click()
    settle(qtbot, context)
    assert "10 базовых категорий" in view.message_bar.message
    view.tabs.show_tab(CATEGORIES)
    assert view.categories.search.isVisible()
    assert not buttons[Action.FETCH_CHILDREN].isEnabled()
    view.categories.model.set_all(True)
    qtbot.waitUntil(lambda: len(connected.integration.selected_base_ids) == 10)
    settle(qtbot, context)
    buttons[Action.FETCH_CHILDREN].click()
    settle(qtbot, context)
    assert "21 тип товара" in view.message_bar.message
    buttons[Action.FETCH_SETTINGS].click()
    settle(qtbot, context)
    assert "5\u00a0000 значений" in view.message_bar.message
    assert "Можно просматривать без сети" in view.categories.fetched.text()
    view.enable.box.click()
    settle(qtbot, context)
    assert connected.integration.enabled
    assert view.enable.badge.text() == "Включена"
    assert view.checklist.heading.text() == "Настройка: 7 из 8"


def test_failed_fetch_is_reported_on_the_page(
    connected: FakeCabinet, view: IntegrationPageView, qtbot: QtBot, context: WindowContext
) -> None:
    connected.failure = NoConnection("/v1/description-category/tree")
    view.categories.buttons[Action.FETCH_BASE].click()
    settle(qtbot, context)
    assert "Нет связи" in view.message_bar.message
    assert view.message_bar.property("role") == "message-error"


def test_switch_that_fails_stays_as_it_was(connected: FakeCabinet, view: IntegrationPageView, qtbot: QtBot, context: WindowContext) -> None:
    connected.failure = NoConnection("x")
    view.enable.box.click()
    settle(qtbot, context)
    assert not view.enable.box.isChecked()
    assert view.message_bar.message


def test_base_categories_are_found_by_name(connected: FakeCabinet, view: IntegrationPageView, qtbot: QtBot, context: WindowContext) -> None:
    view.categories.buttons[Action.FETCH_BASE].click()
    settle(qtbot, context)
    view.focus_search()
    view.categories.search.insert("раздел 10")
    qtbot.waitUntil(lambda: view.categories.filtered.rowCount() == 1)


def test_checklist_marks_the_current_step_and_leads_to_it(view: IntegrationPageView, qtbot: QtBot, context: WindowContext) -> None:
    button = view.checklist.buttons[Step.CREDENTIALS]
    assert "следующий шаг" in button.accessibleName()
    button.click()
    assert view.connection.client_id.hasFocus()
    with qtbot.waitSignal(context.go_to) as went:
        view.checklist.buttons[Step.MAPPED].click()
    assert went.args == ["mapping", None]


def test_reference_list_is_edited_in_place(view: IntegrationPageView, qtbot: QtBot, context: WindowContext, cabinet: FakeCabinet) -> None:
    view.form.list_buttons["organization_id"].click()
    popup = view.references.popup
    assert popup is not None
    popup.name.setText("ИП Иванов")
    popup.add.click()
    settle(qtbot, context)
    assert [entry.name for entry in cabinet.organizations] == ["ООО «Ромашка»", "ИП Иванов"]
    assert view.form.boxes["organization_id"].chosen == "o2"
    popup.list.setCurrentRow(1)
    assert not popup.remove.isEnabled()
    popup.list.setCurrentRow(0)
    item = popup.list.currentItem()
    item.setText("ООО «Лютик»")
    settle(qtbot, context)
    assert cabinet.organizations[0].name == "ООО «Лютик»"
    popup.list.setCurrentRow(0)
    popup.remove.click()
    settle(qtbot, context)
    assert [entry.id for entry in cabinet.organizations] == ["o2"]
    popup.hide()


def test_another_page_can_ask_for_the_files_of_the_store(view: IntegrationPageView, context: WindowContext, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(context.load_export):
        view.open_payload("fetch_base")
    with qtbot.waitSignal(context.load_export):
        view.open_payload("load_export")


def test_without_store_data_the_page_offers_to_load_an_export(
    cabinet: FakeCabinet, view: IntegrationPageView, qtbot: QtBot, context: WindowContext
) -> None:
    cabinet.structures = []
    view.refresh()
    settle(qtbot, context)
    assert "загрузите выгрузку" in view.message_bar.message
    with qtbot.waitSignal(context.load_export):
        view.message_bar.action.click()
    cabinet.structures = [CatalogStructure("s1", "ОЗОН")]
    view.refresh()
    settle(qtbot, context)
    assert view.message_bar.message == ""


@pytest.mark.styled
def test_columns_stand_below_each_other_in_a_narrow_window(view: IntegrationPageView, qtbot: QtBot) -> None:
    assert view.checklist.mapTo(view, view.checklist.rect().topLeft()).x() > 500
    view.resize(700, 700)
    qtbot.waitUntil(lambda: view.checklist.mapTo(view, view.checklist.rect().topLeft()).x() < 60)


def test_page_deleted_while_it_asks_does_no_harm(qtbot: QtBot, context: WindowContext) -> None:
    view = IntegrationPageView(context)
    view.refresh()
    view.deleteLater()
    del view
    settle(qtbot, context)


def test_base_list_model_keeps_the_rules_of_models() -> None:
    model = BaseListModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    bases = (OzonCategory(1, None, "Обувь"), OzonCategory(2, None, "Мебель", disabled=True))
    reported: list[int] = []
    model.selection_changed.connect(lambda: reported.append(1))
    model.show_bases(bases, {2})
    assert model.selected == {2}
    assert reported == []
    assert model.setData(model.index(0), Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert model.selected == {1, 2}
    model.set_all(False)
    assert model.selected == frozenset()
    assert len(reported) == 2
    assert "отключена" in str(model.index(1).data())
