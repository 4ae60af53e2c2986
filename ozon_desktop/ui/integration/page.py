"""The page «Интеграция»: connects the cards with the session."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ozon_desktop.domain.integration import ConnectionReport, FieldProblem
from ozon_desktop.domain.setup_guide import Action, Step
from ozon_desktop.services.catalog.tree_history import LastChanges
from ozon_desktop.services.catalog.view import FetchResult, SettingsResult
from ozon_desktop.services.integration.integrations import IntegrationPage
from ozon_desktop.ui.context import WindowContext
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
from ozon_desktop.ui.integration.texts import base_result_text, children_result_text, fetched_text, settings_result_text
from ozon_desktop.ui.page import Page
from ozon_desktop.ui.widgets.labels import fixed_label

STACKED_BELOW = 900


class IntegrationPageView(Page):
    """Fields of one integration, the guide's checklist, and the fetching of Ozon's categories."""

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "", scrolled=True, parent=parent)
        self.title.setText("Интеграция с Ozon")
        self.setAccessibleName("Интеграция")
        self.set_status_line("Подключение, правила заказов, цен и остатков")
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
        self.column_session = ColumnSession(context, self)
        self.price_list = ColumnsCard(self.column_session)
        self.checklist = ChecklistCard(context.theme)
        self.categories = CategoriesCard()
        self.enable = EnableCard()
        self.references = ReferenceLists(self.session, self)
        self._lay_out_body()
        self._connect()
        self._mark_unsaved()
        self.set_loading(True)
        if context.last_table is not None:
            self.column_session.open_table(context.last_table)

    def _lay_out_body(self) -> None:
        self.add_action_widget(self.unsaved)
        self.add_action(self.save_button, primary=True)
        left = QVBoxLayout()
        right = QVBoxLayout()
        for layout, cards in (
            (left, (self.connection, self.form.orders_card, self.form.prices_card, self.articles, self.price_list)),
            (right, (self.checklist, self.categories, self.enable)),
        ):
            layout.setSpacing(16)
            for card in cards:
                layout.addWidget(card)
            layout.addStretch(1)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        self._columns.addLayout(left, 33)
        self._columns.addLayout(right, 20)
        self.body.addLayout(self._columns)
        self.body.addStretch(1)

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
        self.references.added.connect(self._reference_added)
        self.save_button.clicked.connect(self.save)
        self.connection.check_asked.connect(self._check)
        self.checklist.step_chosen.connect(self._lead_to)
        self.categories.fetch_asked.connect(session.fetch)
        self.categories.bases_chosen.connect(session.choose_bases)
        self.categories.changes_asked.connect(session.ask_changes)
        self.enable.switched.connect(session.set_enabled)
        self.enable.read_only.connect(session.set_read_only)

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
        # To count what rules come to takes a while: only when the store's products may be others.
        if self._articles_stale:
            self._articles_stale = False
            self.article_session.refresh()

    def open_payload(self, payload: object) -> None:
        """«load_export» lets the files of the store be chosen."""
        if payload == "load_export":
            self.context.load_export.emit()

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
        self.references.show_page(page)
        self.set_loading(False)
        self._mark_unsaved()
        self.categories.show_page(
            page, fetched_text(page.integration, page, self.context.application.clock()), unsaved=self.has_unsaved_changes()
        )
        self.categories.show_changed(page.tree_changed_at, self.context.application.clock())
        self._offer_store_export(page)

    def _offer_store_export(self, page: IntegrationPage) -> None:
        if page.structures or page.price_types:
            if self.message_bar.property("about") == "store":
                self.hide_message()
            self.message_bar.setProperty("about", "")
        elif not self.message_bar.message:
            text = "Данных магазина ещё нет: загрузите выгрузку, и появятся структуры каталога и типы цен."
            self.show_message(text, "info", "Загрузить выгрузку магазина…", self.context.load_export.emit)
            self.message_bar.setProperty("about", "store")

    def _articles_taken(self) -> None:
        self.show_message("Артикулы выбраны. Карточки, которые уже есть на Ozon, сохранили свои.", "good")

    def _load_again(self, path: Path) -> None:
        self.context.load_files.emit([path])

    def _not_read(self, error: object) -> None:
        self.show_error(error, "Повторить", self.refresh)

    def has_unsaved_changes(self) -> bool:
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
            self.categories.show_gates(self.session.page, unsaved=unsaved)
            self.enable.show_page(self.session.page, unsaved=unsaved)

    # --- saving -----------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """«Обновить»: stores the form and a newly typed key."""
        if self.session.page is None or not self.has_unsaved_changes():
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
            dialog.show()

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
        area = self.findChild(QScrollArea)
        if area is not None:
            area.ensureWidgetVisible(widget, 20, 80)
        target = widget if widget.isEnabled() else self.categories.list
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_search(self) -> None:
        if self.categories.search.isVisible():
            self._focus(self.categories.search)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the right column goes below the left one."""
        super().resizeEvent(event)
        stacked = self.width() < STACKED_BELOW * self.context.theme.scale
        self._columns.setDirection(QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight)
