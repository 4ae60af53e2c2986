"""Page «Категории»: maps store categories to Ozon types by key, double click, drag, button, menu or suggestion, with undo."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QSplitter, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.ozon_catalog import OzonType, TypeKey
from ozon_desktop.services.progress import Progress
from ozon_desktop.ui.mapping.menus import ozon_menu, store_menu
from ozon_desktop.ui.mapping.moved_types import MovedTypes
from ozon_desktop.ui.mapping.ozon_panel import OzonPanel
from ozon_desktop.ui.mapping.store_panel import StorePanel
from ozon_desktop.ui.mapping.store_tree_model import StoreFilterMode
from ozon_desktop.ui.page import Page

if TYPE_CHECKING:
    from ozon_desktop.services.catalog import SettingsResult
    from ozon_desktop.services.mapping import MappingView, Suggestion
    from ozon_desktop.ui.context import WindowContext
    from ozon_desktop.ui.worker import Job


class MappingPage(Page):
    """Two cards beside each other; what may not be done yet is said in words."""

    topics = frozenset({"store", "integration", "tree", "settings", "mapping"})

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, self.tr("Соответствие категорий"), parent=parent)
        self._view: MappingView | None = None
        self._reading: Job | None = None
        self._changing: Job | None = None
        self._wanted_category: str | None = None
        self._gate_text = ""
        self._proposals_text = ""
        self.undo_button = self._action("undo_button", self.tr("↶  Отменить"))
        self.redo_button = self._action("redo_button", self.tr("↷  Вернуть"))
        self.suggest_button = self._action("suggest_button", self.tr("Подобрать автоматически"), primary=True)
        self.store = StorePanel(context)
        self.ozon = OzonPanel(context)
        self.moved = MovedTypes(self)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.setHandleWidth(16)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(self.store)
        self.parts.addWidget(self.ozon)
        self.parts.setSizes([620, 450])
        context.state.restore_splitter("mapping", self.parts)
        self.body.addWidget(self.parts, 1)
        self._connect()
        self.set_loading(True)
        self._show_gate()

    def _action(self, name: str, text: str, *, primary: bool = False) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text.lstrip("↶↷ "))
        self.add_action(button, primary)
        return button

    def _connect(self) -> None:
        self.undo_button.clicked.connect(self.undo)
        self.redo_button.clicked.connect(self.redo)
        self.suggest_button.clicked.connect(self.suggest)
        for keys, action in (("Ctrl+Z", self.undo), ("Ctrl+Shift+Z", self.redo)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)
        self.parts.splitterMoved.connect(self._keep_parts)
        self.store.enter_pressed.connect(self.accept_or_map)
        self.store.delete_pressed.connect(self.reject_or_unmap)
        self.store.accept_all_pressed.connect(self.accept_all)
        self.store.import_wanted.connect(self._go_import)
        self.store.selection_changed.connect(self._show_gate)
        self.store.category_opened.connect(self._category_opened)
        self.store.type_dropped.connect(self._type_dropped)
        self.store.menu_wanted.connect(self._store_menu)
        self.ozon.map_pressed.connect(self.map_selected)
        self.ozon.type_chosen.connect(self._type_chosen)
        self.ozon.fetch_wanted.connect(self._go_fetch)
        self.ozon.menu_wanted.connect(self._ozon_menu)
        self.ozon.details.settings_wanted.connect(self.fetch_settings)
        self.ozon.category.settings_wanted.connect(self.fetch_settings)

    def _keep_parts(self, _position: int, _index: int) -> None:
        self.context.state.keep_splitter("mapping", self.parts)

    # --- reading ----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask for the mapping again; an answer under way is replaced."""
        if not self.context.integration_id or self._changing is not None:
            return
        if self._reading is not None:
            self._reading.cancel()
        service = self.context.application.mapping
        self._reading = self.context.worker.run(
            service.view(self.context.integration_id), on_done=self._show_view, on_failed=self._reading_failed
        )

    def set_integration(self, integration_id: object) -> None:
        """Another cabinet: its suggestions are others."""
        self.store.reject(list(self.store.model.proposals()))
        super().set_integration(integration_id)

    def open_payload(self, payload: object) -> None:
        """ "unmapped" shows what has no mapping, "to_fix" what Ozon disabled, moved or took away; another text is a category's id."""
        if payload in {StoreFilterMode.UNMAPPED.value, StoreFilterMode.TO_FIX.value}:
            self.store.choose_filter(StoreFilterMode(str(payload)))
        elif isinstance(payload, str):
            self._wanted_category = payload
            self.store.select(payload)

    def focus_search(self) -> None:
        """Ctrl+F: the search of the side that has the focus, else Ozon's."""
        in_store = self.store.isAncestorOf(self.focusWidget() or self.ozon) or not self.ozon.search.isVisible()
        search = self.store.search if in_store else self.ozon.search
        search.setFocus()
        search.selectAll()

    def _show_view(self, view: MappingView) -> None:
        self._reading = None
        first = self._view is None
        self._view = view
        self.set_loading(False)
        if first:
            self.hide_message()
            self.store.tree.setFocus()
        self.store.show_view(view)
        self.ozon.show_tree(view.tree)
        if self._wanted_category is not None:
            self.store.select(self._wanted_category)
            self._wanted_category = None
        self.set_truth(self._truth(view))
        for button, label, empty in (
            (self.undo_button, view.undo_label, self.tr("Отменять нечего")),
            (self.redo_button, view.redo_label, self.tr("Возвращать нечего")),
        ):
            button.setEnabled(label is not None)
            keys = "Ctrl+Z" if button is self.undo_button else "Ctrl+Shift+Z"
            button.setToolTip(f"{label or empty} ({keys})")
        self._tell_gate(view)
        self._show_gate()

    def _truth(self, view: MappingView) -> str:
        done = view.coverage
        if not view.categories:
            return self.tr("Категорий магазина ещё нет")
        if not done.categories:
            return self.tr("В категориях магазина ещё нет товаров")
        categories = wording.plural(done.categories, "категории", "категорий", "категорий")
        text = self.tr("Сопоставлено {0} из {1} — {2} % товаров")
        return text.format(wording.number(done.mapped_categories), categories, done.product_percent)

    def _reading_failed(self, error: object) -> None:
        self._reading = None
        self.set_loading(False)
        self.show_error(error, self.tr("Повторить"), self.refresh)

    # --- what is possible -------------------------------------------------------------------------------------------

    def _show_gate(self) -> None:
        view, type_ = self._view, self.ozon.current_type()
        selected = self.store.selected_ids()
        missing = view.can_map if view is not None else ()
        self.suggest_button.setEnabled(view is not None and bool(view.categories) and bool(view.tree.types) and self._changing is None)
        why = self._why(type_, selected, bool(missing))
        self.ozon.show_gate(why, not why and view is not None)

    def _tell_gate(self, view: MappingView) -> None:
        """Says at the top why mapping is not possible yet; once, so that a closed bar stays closed."""
        if view.can_map and view.categories and view.tree.categories:
            words = ". ".join(wording.missing_text(item).rstrip(".") for item in view.can_map)
            text = self.tr("Сопоставлять пока нельзя. {0}.").format(words)
            if text != self._gate_text:
                self.show_message(text, "attention", self.tr("Открыть «Интеграция»"), self._go_integration)
            self._gate_text = text
        else:
            if self._gate_text and self.message_bar.message == self._gate_text:
                self.hide_message()
            self._gate_text = ""
            self.moved.tell()

    def _why(self, type_: OzonType | None, selected: Sequence[str], gated: bool) -> str:
        if gated:
            return self.tr("Сопоставлять пока нельзя: причина написана вверху страницы.")
        if type_ is not None and not type_.usable:
            return self.tr("Этот тип нельзя выбрать: {0}.").format(self.ozon.model.state_text(type_))
        if not selected:
            return self.tr("Выберите слева категорию магазина.")
        return "" if type_ is not None else self.tr("Выберите тип товара: он стоит внутри категории Ozon.")

    def _type_chosen(self, _type: object) -> None:
        self._show_gate()

    # --- changing ---------------------------------------------------------------------------------------------------

    def map_selected(self) -> None:
        """Map the selected store categories to the chosen type."""
        type_, selected = self.ozon.current_type(), self.store.selected_ids()
        self._show_gate()
        if type_ is not None and self.ozon.map_button.isEnabled():
            self._map(dict.fromkeys(selected, type_.key))

    def accept_or_map(self) -> None:
        """Enter on store categories: accept their suggestions, else map them to the chosen type."""
        proposals = self.store.model.proposals()
        accepted = {category: proposals[category].key for category in self.store.selected_ids() if category in proposals}
        if accepted:
            self._map(accepted)
        else:
            self.map_selected()

    def accept_all(self) -> None:
        """Accept every confident suggestion."""
        self._map(self.store.confident())

    def reject_or_unmap(self) -> None:
        """Delete on store categories: take their suggestions away, else their own mappings."""
        selected = self.store.selected_ids()
        proposed = [category for category in selected if self.store.model.proposal(category) is not None]
        if proposed:
            self.store.reject(proposed)
            self._tell_proposals()
            return
        own = [category for category in selected if self.store.model.has_own(category)]
        if own:
            self._change(self.context.application.mapping.unmap(self.context.integration_id, own))

    def undo(self) -> None:
        """Take the last change back."""
        if self._view is not None and self._view.undo_label is not None:
            self._change(self.context.application.mapping.undo(self.context.integration_id))

    def redo(self) -> None:
        """Make it again."""
        if self._view is not None and self._view.redo_label is not None:
            self._change(self.context.application.mapping.redo(self.context.integration_id))

    def _map(self, keys: dict[str, TypeKey]) -> None:
        if keys and self._view is not None and not self._view.can_map:
            self._change(self._map_groups(self.context.integration_id, keys))

    async def _map_groups(self, integration_id: int, keys: dict[str, TypeKey]) -> MappingView:
        """One change for each type, in the worker."""
        service = self.context.application.mapping
        groups: dict[TypeKey, list[str]] = {}
        for category_id, key in keys.items():
            groups.setdefault(key, []).append(category_id)
        for key, category_ids in groups.items():
            view = await service.map(integration_id, category_ids, key)
        return view

    def _change(self, work: Coroutine[Any, Any, Any]) -> None:
        if self._changing is not None:
            work.close()
            return
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        self._changing = self.context.worker.run(
            work, on_done=self._changed, on_failed=self._change_failed, on_cancelled=self._change_cancelled
        )

    def _changed(self, view: MappingView) -> None:
        self._show_view(view)
        # Told while `_changing` still stands: this page has its answer already and need not ask again.
        self.context.data_changed.emit("mapping")
        self._changing = None
        self._tell_proposals()
        self._show_gate()

    def _change_failed(self, error: object) -> None:
        self._changing = None
        self.show_error(error)
        self.refresh()

    def _change_cancelled(self) -> None:
        self._changing = None
        self._show_gate()

    # --- suggestions ------------------------------------------------------------------------------------------------

    def suggest(self) -> None:
        """Ask for suggestions; nothing is mapped by them."""
        if self._view is None or self._changing is not None:
            return
        self.suggest_button.setText(self.tr("Подбираю…"))
        work = self.context.application.mapping.suggest(self.context.integration_id)
        self._changing = self.context.worker.run(
            work, on_done=self._suggested, on_failed=self._suggest_failed, on_cancelled=self._suggest_ended
        )
        self._show_gate()

    def _suggested(self, found: dict[str, tuple[Suggestion, ...]]) -> None:
        self._suggest_ended()
        self.store.show_proposals(found)
        if not self.store.model.proposals():
            self.show_message(self.tr("Подходящих типов не нашлось: всё сопоставлено, или типы Ozon ещё не получены."), "info")
        self._tell_proposals(found=True)
        self._show_gate()

    def _tell_proposals(self, *, found: bool = False) -> None:
        """Keeps the bar true while suggestions are accepted and rejected one by one."""
        if not found and (not self._proposals_text or self.message_bar.message != self._proposals_text):
            return
        count, sure = len(self.store.model.proposals()), len(self.store.confident())
        if count and sure:
            text = self.tr("Есть предложения: {0}, из них уверенных: {1}. Enter — принять выбранное, Delete — отклонить.")
            self._proposals_text = text.format(wording.number(count), wording.number(sure))
            self.show_message(self._proposals_text, "info")
        elif count:
            text = self.tr("Осталось проверить предложений: {0}. Enter — принять выбранное, Delete — отклонить.")
            self._proposals_text = text.format(wording.number(count))
            self.show_message(self._proposals_text, "info", self.tr("Показать"), self._show_suggested)
        elif not found:
            self.hide_message()

    def _show_suggested(self) -> None:
        self.store.choose_filter(StoreFilterMode.SUGGESTED)
        self.store.tree.setFocus()

    def _suggest_failed(self, error: object) -> None:
        self._suggest_ended()
        self.show_error(error, self.tr("Повторить"), self.suggest)

    def _suggest_ended(self) -> None:
        self._changing = None
        self.suggest_button.setText(self.tr("Подобрать автоматически"))
        self._show_gate()

    # --- the rest ---------------------------------------------------------------------------------------------------

    def fetch_settings(self, wanted: TypeKey | int) -> None:
        """Collect the settings of one type, or of all types below an Ozon category (its id), as a long job."""
        service, integration_id = self.context.application.catalog, self.context.integration_id

        def work(progress: Progress) -> Coroutine[Any, Any, SettingsResult]:
            if isinstance(wanted, TypeKey):
                return service.fetch_settings(integration_id, progress, [wanted])
            return service.fetch_settings(integration_id, progress, below=[wanted])

        self.context.run_job(self.tr("Получить настройки"), work, on_done=self._settings_fetched, on_failed=self.show_error)

    def _settings_fetched(self, result: SettingsResult) -> None:
        if result.failed:
            self.show_error(result.failed[0][1])
        self.context.data_changed.emit("settings")

    def _type_dropped(self, category_id: str, key: TypeKey) -> None:
        selected = self.store.selected_ids()
        targets = selected if category_id in selected else [category_id]
        self._map(dict.fromkeys(targets, key))

    def _category_opened(self, category_id: str) -> None:
        proposal, mapped = self.store.model.proposal(category_id), self.store.model.mapped(category_id)
        key = proposal.key if proposal is not None else mapped.key if mapped is not None else None
        if key is not None:
            self.ozon.select(key)

    def _store_menu(self, position: QPoint) -> None:
        store_menu(self).popup(self.store.tree.viewport().mapToGlobal(position))

    def _ozon_menu(self, position: QPoint) -> None:
        ozon_menu(self).popup(self.ozon.tree.viewport().mapToGlobal(position))

    def show_type_of(self, category_id: str) -> None:
        """Choose in the Ozon tree what a store category is mapped to."""
        self._category_opened(category_id)

    def map_each(self, keys: dict[str, TypeKey]) -> None:
        """Map each category to a type of its own."""
        self._map(keys)

    def map_to(self, category_ids: Sequence[str], key: TypeKey) -> None:
        """Map these categories to one type."""
        self._map(dict.fromkeys(category_ids, key))

    def _go_integration(self) -> None:
        self.context.go_to.emit("integration", None)

    def _go_import(self) -> None:
        self.context.go_to.emit("integration", "import")

    def _go_fetch(self) -> None:
        self.context.go_to.emit("integration", "fetch_base")
