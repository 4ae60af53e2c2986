"""The page «Интеграция»: connects the cards with the session."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ozon_desktop.domain.integration import ConnectionReport, FieldProblem
from ozon_desktop.domain.setup_guide import Action, Step
from ozon_desktop.domain.store_connection import ConnectionCheck, ConnectionKind
from ozon_desktop.services.catalog.tree_history import LastChanges
from ozon_desktop.services.catalog.view import FetchResult, SettingsResult
from ozon_desktop.services.integration.integrations import IntegrationPage
from ozon_desktop.services.store.connection import PullResult
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.import_result_text import import_message
from ozon_desktop.ui.integration.article_card import ArticleCard
from ozon_desktop.ui.integration.article_session import ArticleSession
from ozon_desktop.ui.integration.categories_card import CategoriesCard
from ozon_desktop.ui.integration.changes_dialog import ChangesDialog
from ozon_desktop.ui.integration.checklist_card import ChecklistCard
from ozon_desktop.ui.integration.columns_card import ColumnsCard, ColumnSession
from ozon_desktop.ui.integration.connection_card import ConnectionCard
from ozon_desktop.ui.integration.enable_card import EnableCard
from ozon_desktop.ui.integration.references import ReferenceLists
from ozon_desktop.ui.integration.session import IntegrationSession
from ozon_desktop.ui.integration.settings_form import SettingsForm
from ozon_desktop.ui.integration.store.session import StoreReading, StoreSession
from ozon_desktop.ui.integration.store.tab import StoreTab
from ozon_desktop.ui.integration.texts import base_result_text, children_result_text, fetched_text, settings_result_text
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.page import Page
from ozon_desktop.ui.widgets.labels import fixed_label
from ozon_desktop.ui.widgets.tab_row import TabRow
from ozon_desktop.ui.widgets.tool_dialog import show_one
from ozon_desktop.wording.store_connection import NOTHING_NEW, check_text
from ozon_desktop.wording.store_exchange import page_line

STACKED_BELOW = 900
OZON, STORE, ORDERS, PRICES, CATEGORIES = "ozon", "store", "orders", "prices", "categories"
NO_STORE_DATA = "Данных магазина ещё нет: загрузите выгрузку или подключите магазин, и появятся структуры каталога и типы цен."
STATUS_LINE = "Подключение, правила заказов, цен и остатков"


class IntegrationPageView(Page):
    """Fields of one integration, the store's connection, the guide's checklist, and the fetching of Ozon's categories.

    A tab for each part of the form, the checklist beside all of them but the store's, which needs the width.
    """

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "", scrolled=True, parent=parent)
        self.title.setText("Интеграция с Ozon")
        self.setAccessibleName("Интеграция")
        self.set_status_line(STATUS_LINE)
        self.session = IntegrationSession(context, self)
        self._client_id: int | None = None
        self._force = True
        self._articles_stale = True
        self.unsaved = fixed_label("Есть несохранённые изменения", role="secondary")
        self.unsaved.setObjectName("unsaved")
        self.save_button = QPushButton("&Обновить")
        self.save_button.setObjectName("save_settings")
        self.save_button.setToolTip("Сохранить изменения (Ctrl+S)")
        self.connection = ConnectionCard(context.theme)
        self.form = SettingsForm(context.theme, self)
        self.article_session = ArticleSession(context, self)
        self.articles = ArticleCard(self.article_session)
        self.articles_place = _place_of(self.articles)
        self.column_session = ColumnSession(context, self)
        self.price_list = ColumnsCard(self.column_session)
        self.price_list_place = _place_of(self.price_list)
        self.checklist = ChecklistCard(context.theme)
        self.categories = CategoriesCard()
        self.enable = EnableCard()
        self.references = ReferenceLists(self.session, self)
        self.store_session = StoreSession(context, self)
        self.store = StoreTab(context, self.store_session)
        self.progress = QPushButton()
        self.progress.setObjectName("setup_progress")
        self.tabs = TabRow("integration_tabs", "Части страницы")
        self._lay_out_body()
        self._connect()
        self._mark_unsaved()
        self.set_loading(True)
        if context.last_table is not None:
            self.column_session.open_table(context.last_table)

    def _lay_out_body(self) -> None:
        self.add_action_widget(self.unsaved)
        self.add_action(self.save_button, primary=True)
        left, right = QVBoxLayout(), QVBoxLayout()
        left_cards = (self.connection, self.form.orders_card, self.articles_place, self.form.prices_card, self.categories)
        for layout, cards in ((left, left_cards), (right, (self.checklist, self.enable))):
            layout.setSpacing(16)
            layout.setContentsMargins(0, 0, 0, 0)
            for card in cards:
                layout.addWidget(card)
            layout.addStretch(1)
        self._form_part = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._form_part)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(16)
        self._columns.addLayout(left, 33)
        self._columns.addLayout(right, 20)
        set_role(self.progress, "link")
        self.tabs.add_beside(self.progress)
        self.tabs.add(OZON, "Ozon", self._form_part, self.connection)
        self.tabs.add(STORE, "Магазин", self.store, self.price_list_place)
        self.tabs.add(ORDERS, "Каталог и заказы", self._form_part, self.form.orders_card, self.articles_place)
        self.tabs.add(PRICES, "Цены и остатки", self._form_part, self.form.prices_card)
        self.tabs.add(CATEGORIES, "Категории Ozon", self._form_part, self.categories)
        self.tabs.turn_with_keys(self)
        for part, stretch in ((self.tabs, 0), (self._form_part, 1), (self.store, 1), (self.price_list_place, 0)):
            self.body.addWidget(part, stretch)

    def _connect(self) -> None:
        session = self.session
        session.read.connect(self._show)
        session.unread.connect(self._not_read)
        session.saving.connect(self._saving)
        session.saved.connect(self._saved)
        session.credentials_saved.connect(self._credentials_saved)
        session.not_saved.connect(self._not_saved)
        session.checked.connect(self._checked)
        session.check_failed.connect(self._check_failed)
        session.fetched.connect(self._fetched)
        session.changes_found.connect(self._show_changes)
        session.refused.connect(self.show_error)
        self.article_session.refused.connect(self.show_error)
        self.article_session.taken.connect(self._articles_taken)
        self.column_session.refused.connect(self.show_error)
        self.price_list.load_asked.connect(self._load_again)
        self.context.table_loaded.connect(self.column_session.open_table)
        self.connection.edited.connect(self._mark_unsaved)
        self.form.edited.connect(self._mark_unsaved)
        self.form.list_asked.connect(self._edit_list)
        self.form.export_asked.connect(self._ask_for_export)
        self.references.added.connect(self._reference_added)
        self.save_button.clicked.connect(self.save)
        self.connection.check_asked.connect(self._check)
        self.checklist.step_chosen.connect(self._lead_to)
        self.categories.fetch_asked.connect(session.fetch)
        self.categories.bases_chosen.connect(session.choose_bases)
        self.categories.changes_asked.connect(session.ask_changes)
        self.enable.switched.connect(session.set_enabled)
        self.enable.read_only.connect(session.set_read_only)
        self.progress.clicked.connect(self._show_checklist)
        self.tabs.chosen.connect(self._tab_chosen)
        self.store.card.load_asked.connect(self.context.load_export)
        self.store.card.edited.connect(self._mark_unsaved)
        self.store.card.said.connect(self.show_message)
        self.store.card.run_asked.connect(self._open_run)
        self.store.orders.orders_asked.connect(self._open_orders)
        self.store.orders.order_asked.connect(self._open_order)
        self.store_session.read.connect(self._store_read)
        self.store_session.unread.connect(self._store_unread)
        self.store_session.connected.connect(self._store_connected)
        self.store_session.disconnected.connect(self._store_disconnected)
        self.store_session.pulled.connect(self._store_pulled)
        for failed in (self.store_session.not_pulled, self.store_session.refused):
            failed.connect(self.show_error)
        self.store_session.kept.connect(self._store_kept)
        for job in (self.context.job_started, self.context.job_ended):
            job.connect(self.store.card.update_actions)

    # --- showing ----------------------------------------------------------------------------------------------------

    def set_integration(self, integration_id: object) -> None:
        """Another cabinet: what was being edited belongs to the other one."""
        self._force = True
        self.articles.forget()
        self._articles_stale = True
        super().set_integration(integration_id)

    def _data_changed(self, topic: str) -> None:
        self._articles_stale = self._articles_stale or topic == "store"
        super()._data_changed(topic)

    def refresh(self) -> None:
        """Reads the page again; what is being edited stays."""
        self.session.refresh()
        self.store_session.refresh()
        # To count what rules come to takes a while: only when the store's products may be others.
        if self._articles_stale:
            self._articles_stale = False
            self.article_session.refresh()

    def open_payload(self, payload: object) -> None:
        """«load_export» lets the files of the store be chosen; the name of a tab shows it."""
        if payload == "load_export":
            self.context.load_export.emit()
        elif isinstance(payload, str) and payload in self.tabs.keys:
            self.tabs.show_tab(payload)

    def _show(self, page: IntegrationPage) -> None:
        if page is not self.session.page:
            return
        keep = not self._force
        if not keep:
            self.connection.forget_typed_key()
            self.connection.require(False)
            self.form.require(False)
        before, self._client_id = self._client_id, page.integration.settings.client_id
        typed = self.connection.typed_client_id
        self._force = False
        self.form.show_page(page, keep_edits=keep)
        if not keep or typed == before:
            self.connection.show_client_id(page.integration.settings.client_id)
        self.connection.show_key_state(page.integration.has_key, page.key_hint, page.key_place)
        self.connection.show_report(page.integration.connection, self.context.application.clock())
        self.checklist.show_steps(page.checklist)
        self.progress.setText(self.checklist.heading.text())
        self.references.show_page(page)
        self.set_loading(False)
        self._mark_unsaved()
        self.categories.show_page(
            page, fetched_text(page.integration, page, self.context.application.clock()), unsaved=self._cabinet_edited()
        )
        self.categories.show_changed(page.tree_changed_at, self.context.application.clock())
        self._offer_store_export(page)

    def _offer_store_export(self, page: IntegrationPage) -> None:
        if page.structures or page.price_types:
            # Only this message: what has come by now may be told in the bar already.
            if self.message_bar.message == NO_STORE_DATA:
                self.hide_message()
        elif not self.message_bar.message:
            self._ask_for_export()

    def _ask_for_export(self) -> None:
        self.show_message(NO_STORE_DATA, "info", "Загрузить выгрузку магазина…", self.context.load_export.emit)

    def _articles_taken(self) -> None:
        self.show_message("Артикулы выбраны. Карточки, которые уже есть на Ozon, сохранили свои.", "good")

    def _load_again(self, path: Path) -> None:
        self.context.load_files.emit([path])

    def _not_read(self, error: object) -> None:
        self.show_error(error, "Повторить", self.refresh)

    def has_unsaved_changes(self) -> bool:
        return self._cabinet_edited() or self.store.card.has_edits

    def _cabinet_edited(self) -> bool:
        if self.session.page is None:
            return False
        typed = self.connection.typed_client_id
        client_changed = typed != self.session.page.integration.settings.client_id
        return client_changed or self.connection.typed_key is not None or bool(self.form.changed_fields())

    def _mark_unsaved(self) -> None:
        unsaved = self.has_unsaved_changes()
        self.unsaved.setVisible(unsaved)
        self.save_button.setEnabled(unsaved)
        if self.session.page is not None:
            edited = self._cabinet_edited()
            self.categories.show_gates(self.session.page, unsaved=edited)
            self.enable.show_page(self.session.page, unsaved=edited)

    # --- saving -----------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """«Обновить»: stores the form and a newly typed key, and what is typed of the store's connection."""
        if self.store.card.has_edits:
            self.tabs.show_tab(STORE)
            self.store.card.apply()
        if self.session.page is None or not self._cabinet_edited():
            return
        typed = self.connection.typed_client_id
        if isinstance(typed, FieldProblem):
            self._focus(self.connection.client_id)
            self.show_message("Не сохранено: исправьте отмеченное поле.", "error")
            return
        if self.connection.typed_key is not None and typed is None:
            self.connection.require(True)
            self._focus(self.connection.client_id)
            self.show_message("Не сохранено: ключ API хранится вместе с Client ID, введите его.", "error")
            return
        self.session.save(self.form.settings(typed), self.connection.typed_key)

    def _saving(self) -> None:
        self.save_button.setEnabled(False)

    def _saved(self, page: IntegrationPage) -> None:
        self._force = True
        self._show(page)
        self.connection.require(True)
        self.form.require(True)
        if page.problems:
            text = "Сохранено. Чтобы включить интеграцию, исправьте отмеченные поля."
            self.show_message(text, "attention", "Показать", self._show_first_problem)
        else:
            self.show_message("Сохранено.", "good")

    def _show_first_problem(self) -> None:
        wrong = next((field.editor for field in (self.connection.client_field, self.connection.key_field) if field.error), None)
        self._focus(wrong or self.form.first_problem() or self.connection.client_id)

    def _not_saved(self, error: object) -> None:
        self._mark_unsaved()
        self.connection.show_checking(False)
        self.show_error(error)

    # --- the connection ---------------------------------------------------------------------------------------------

    def _check(self) -> None:
        typed = self.connection.typed_client_id
        if self.session.page is not None and isinstance(typed, int):
            self.connection.show_checking(True)
            self.session.check(typed, self.connection.typed_key)

    def _credentials_saved(self, page: IntegrationPage) -> None:
        self.connection.forget_typed_key()
        self._show(page)
        self.connection.show_checking(True)

    def _checked(self, report: ConnectionReport) -> None:
        self.connection.show_checking(False)
        self.connection.show_report(report, self.context.application.clock())

    def _check_failed(self, error: object) -> None:
        self.connection.show_checking(False)
        shown = self.context.explain(error)
        self.connection.show_failure(shown)
        if shown.details:
            self.message_bar.show_message(shown.line, "error", details=shown.details)

    # --- categories -------------------------------------------------------------------------------------------------

    def _fetched(self, action: Action, result: FetchResult | SettingsResult) -> None:
        if isinstance(result, SettingsResult):
            self.show_message(*settings_result_text(result))
            return
        text = base_result_text(result) if action is Action.FETCH_BASE else children_result_text(result)
        kind = "attention" if result.concerned else "good"
        if result.changes:
            self.show_message(text, kind, "Показать изменения", partial(self._show_changes, result))
        elif result.concerned:
            self.show_message(text, kind, "Открыть «Категории»", self._open_concerned)
        else:
            self.show_message(text, kind)

    def _show_changes(self, found: FetchResult | LastChanges | None) -> None:
        if found is not None:
            dialog = ChangesDialog(self.context, found.changes, found.concerned, self)
            dialog.mapping_wanted.connect(self._open_concerned)
            show_one(dialog)

    def _open_concerned(self) -> None:
        self.context.go_to.emit("mapping", "to_fix")

    # --- the lists, the steps ---------------------------------------------------------------------------------------

    def _edit_list(self, field: str) -> None:
        self.references.edit(field, self.form.boxes[field], self)

    def _reference_added(self, field: str, reference_id: str) -> None:
        # The new entry is in the list by now; someone who adds one means to use it when nothing is chosen yet.
        if self.form.boxes[field].chosen is None:
            self.form.choose(field, reference_id)

    def _lead_to(self, step: Step) -> None:
        if step is Step.MAPPED:
            self.context.go_to.emit("mapping", None)
            return
        targets: dict[Step, QWidget] = {
            Step.PAGE_OPENED: self.connection.client_id,
            Step.CREDENTIALS: self.connection.client_id,
            Step.FIELDS: self.form.first_problem() or self.form.boxes["scheme"],
            Step.BASE_CATEGORIES: self.categories.buttons[Action.FETCH_BASE],
            Step.CHILD_CATEGORIES: self.categories.buttons[Action.FETCH_CHILDREN],
            Step.CATEGORY_SETTINGS: self.categories.buttons[Action.FETCH_SETTINGS],
            Step.ENABLED: self.enable.box,
        }
        self._focus(targets[step])

    def _focus(self, widget: QWidget) -> None:
        tab = self._tab_of(widget)
        if tab is not None:
            self.tabs.show_tab(tab)
        area = self.findChild(QScrollArea)
        if area is not None:
            area.ensureWidgetVisible(widget, 20, 80)
        target = widget if widget.isEnabled() else self.categories.list
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _tab_of(self, widget: QWidget) -> str | None:
        """Where a control stands; None = beside all of the tabs."""
        cards = {OZON: self.connection, ORDERS: self.form.orders_card, PRICES: self.form.prices_card, CATEGORIES: self.categories}
        found = next((key for key, card in cards.items() if card.isAncestorOf(widget)), None)
        return found if found is not None or self.tabs.key != STORE else OZON

    def focus_search(self) -> None:
        if not self.categories.search.isHidden() and not self.categories.chooser.isHidden():
            self._focus(self.categories.search)

    def _show_checklist(self) -> None:
        if self.tabs.key == STORE:
            self.tabs.show_tab(OZON)
        step = next((state.step for state in self.session.page.checklist if state.current), None) if self.session.page else None
        target = self.checklist.buttons[step] if step is not None else self.enable.box
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tab_chosen(self, tab: str) -> None:
        self._show_line()
        # One blue button on a page: here it is the one that connects.
        set_role(self.save_button, "" if tab == STORE else "primary")
        area = self.findChild(QScrollArea)
        if area is not None:
            area.verticalScrollBar().setValue(0)

    # --- the store --------------------------------------------------------------------------------------------------

    def _show_line(self) -> None:
        reading = self.store_session.reading
        if self.tabs.key == STORE and reading is not None:
            overview = reading.overview
            self.set_status_line(page_line(overview.health, overview.connection, overview.last_at, overview.now))
        else:
            self.set_status_line(STATUS_LINE)

    def _store_read(self, _: StoreReading) -> None:
        self._show_line()
        self._mark_unsaved()

    def _store_unread(self, error: object) -> None:
        if self.tabs.key == STORE:
            self.show_error(error, "Повторить", self.store_session.refresh)

    def _store_connected(self, check: ConnectionCheck) -> None:
        kind = self.store.card.chosen_kind
        if kind is ConnectionKind.ONEC:
            self.show_message("Обмен с 1С включён: впишите в 1С адрес, логин и пароль.", "good")
            return
        text = " ".join(f"{line}." for line in check_text(check))
        kept = "attention" if check.missing else "good"
        self.show_message(f"Магазин подключён. {text}", kept, "Забрать товары сейчас", self._pull_store)

    def _pull_store(self) -> None:
        self.hide_message()
        self.store_session.pull(full=False)

    def _store_disconnected(self) -> None:
        self.show_message("Магазин отключён: товары загружаются файлами, всё загруженное осталось.", "good")

    def _store_pulled(self, result: PullResult) -> None:
        if result.counts is None:
            self.show_message(f"{NOTHING_NEW}.", "good")
        else:
            self.show_message(*import_message(result.counts))

    def _store_kept(self, text: str) -> None:
        if text:
            self.show_message(text, "good")

    def _open_run(self, run_id: int) -> None:
        self.context.go_to.emit("journal", run_id)

    def _open_orders(self) -> None:
        self.context.go_to.emit("orders", None)

    def _open_order(self, posting_number: str) -> None:
        self.context.go_to.emit("orders", posting_number)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the right column goes below the left one."""
        super().resizeEvent(event)
        stacked = self.width() < STACKED_BELOW * self.context.theme.scale
        self._columns.setDirection(QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight)
        self.store.stack(stacked)


def _place_of(card: QWidget) -> QWidget:
    """Stands in the layout for a card that hides itself: the tab shows the place, the card decides whether anything is there."""
    place = QWidget()
    layout = QVBoxLayout(place)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(card)
    return place
