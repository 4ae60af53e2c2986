"""Page «Категории»: maps store categories to Ozon types by key, double click, drag, button, menu or suggestion, with undo."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QSplitter, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.mapping import MappingPlace
from ozon_desktop.domain.ozon_catalog import OzonTree, OzonType, TypeKey
from ozon_desktop.domain.progress import Progress
from ozon_desktop.ui.mapping.carry_over_bar import CarryOverGuard
from ozon_desktop.ui.mapping.menus import ozon_menu, store_menu
from ozon_desktop.ui.mapping.moved_types import MovedTypes
from ozon_desktop.ui.mapping.proposals import Proposals
from ozon_desktop.ui.mapping.tools import MappingTools
from ozon_desktop.ui.mapping.trees.ozon_panel import OzonPanel
from ozon_desktop.ui.mapping.trees.ozon_tree_model import OzonRows
from ozon_desktop.ui.mapping.trees.store_panel import StorePanel
from ozon_desktop.ui.mapping.trees.store_tree_model import StoreFilterMode
from ozon_desktop.ui.mapping.type_finder import TypeFinder
from ozon_desktop.ui.page import Page

if TYPE_CHECKING:
    from ozon_desktop.services.catalog.view import SettingsResult
    from ozon_desktop.services.mapping.view import MappingView
    from ozon_desktop.ui.context import WindowContext
    from ozon_desktop.ui.worker import Callback, Job


class MappingPage(Page):
    """Two cards beside each other; what may not be done yet is said in words."""

    topics = frozenset({"store", "integration", "tree", "settings", "mapping"})

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "Соответствие категорий", parent=parent)
        self._view: MappingView | None = None
        self._reading: Job | None = None
        self._changing: Job | None = None
        self._wanted_category: str | None = None
        self._gate_text = ""
        self.undo_button = self._action("undo_button", "↶  Отменить")
        self.redo_button = self._action("redo_button", "↷  Вернуть")
        self.tools = MappingTools(self)
        self.add_action_widget(self.tools.button)
        self.suggest_button = self._action("suggest_button", "Подобрать автоматически", primary=True)
        self.store = StorePanel(context)
        self.ozon = OzonPanel(context)
        self.moved = MovedTypes(self)
        self.proposals = Proposals(self)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.setHandleWidth(16)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(self.store)
        self.parts.addWidget(self.ozon)
        self.parts.setSizes([620, 450])
        context.state.restore_splitter("mapping", self.parts)
        self.guard = CarryOverGuard(context, self)
        self.body.addWidget(self.guard)
        self.body.addWidget(self.parts, 1)
        self.finder = TypeFinder(self)
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
        self.suggest_button.clicked.connect(self.proposals.suggest)
        for keys, action in (("Ctrl+Z", self.undo), ("Ctrl+Shift+Z", self.redo)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)
        self.parts.splitterMoved.connect(self._keep_parts)
        self.store.enter_pressed.connect(self.accept_or_map)
        self.store.delete_pressed.connect(self.reject_or_unmap)
        self.store.accept_all_pressed.connect(self.proposals.accept_all)
        self.store.palette_wanted.connect(self.finder.toggle)
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

    @property
    def view(self) -> MappingView | None:
        """What is shown; None until it has been read."""
        return self._view

    @property
    def busy(self) -> bool:
        """Whether a change, or a search for suggestions, is under way."""
        return self._changing is not None

    # --- reading ----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask for the mapping again; an answer under way is replaced."""
        if not self.context.integration_id or self._changing is not None:
            return
        if self._reading is not None:
            self._reading.cancel()
        work = self._read(self.context.integration_id, self.ozon.model.tree)
        self._reading = self.context.worker.run(work, on_done=self._show_read, on_failed=self._reading_failed)

    async def _read(self, integration_id: int, shown: OzonTree) -> tuple[MappingView, OzonRows | None]:
        """The view, and the rows of its Ozon tree when that is another than the one shown: ten thousand take a while to make."""
        view = await self.context.application.mapping.view(integration_id)
        return view, await asyncio.to_thread(OzonRows, view.tree) if view.tree != shown else None

    def _show_read(self, read: tuple[MappingView, OzonRows | None]) -> None:
        self._show_view(*read)

    def set_integration(self, integration_id: object) -> None:
        """Another cabinet: its suggestions are others, and what is opened in the trees too."""
        self._keep_places()
        self.finder.palette.dismiss()
        self.store.reject(list(self.store.model.proposals()))
        super().set_integration(integration_id)

    def leave(self) -> None:
        """The window closes."""
        self._keep_places()

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt: another page is shown; what is opened is kept now, so that a crash does not lose it."""
        self._keep_places()
        super().hideEvent(event)

    def _keep_places(self) -> None:
        self.store.keep_places()
        self.ozon.keep_places()

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

    def _show_view(self, view: MappingView, rows: OzonRows | None = None) -> None:
        self._reading = None
        first = self._view is None
        self._view = view
        self.set_loading(False)
        if first:
            self.hide_message()
            self.store.tree.setFocus()
        self.store.show_view(view)
        self.ozon.show_tree(view.tree, rows)
        if self._wanted_category is not None:
            self.store.select(self._wanted_category)
            self._wanted_category = None
        self.set_truth(self._truth(view))
        for button, label, empty in (
            (self.undo_button, view.undo_label, "Отменять нечего"),
            (self.redo_button, view.redo_label, "Возвращать нечего"),
        ):
            button.setEnabled(label is not None)
            keys = "Ctrl+Z" if button is self.undo_button else "Ctrl+Shift+Z"
            button.setToolTip(f"{label or empty} ({keys})")
        self._tell_gate(view)
        self._show_gate()

    def _truth(self, view: MappingView) -> str:
        done = view.coverage
        if not view.categories:
            return "Категорий магазина ещё нет"
        if not done.categories:
            return "В категориях магазина ещё нет товаров"
        categories = wording.plural(done.categories, "категории", "категорий", "категорий")
        text = "Сопоставлено {0} из {1} — {2} % товаров"
        return text.format(wording.number(done.mapped_categories), categories, done.product_percent)

    def _reading_failed(self, error: object) -> None:
        self._reading = None
        self.set_loading(False)
        self.show_error(error, "Повторить", self.refresh)

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
            text = f"Сопоставлять пока нельзя. {words}."
            if text != self._gate_text:
                self.show_message(text, "attention", "Открыть «Интеграция»", self._go_integration)
            self._gate_text = text
        else:
            if self._gate_text and self.message_bar.message == self._gate_text:
                self.hide_message()
            self._gate_text = ""
            self.moved.tell()

    def _why(self, type_: OzonType | None, selected: Sequence[str], gated: bool) -> str:
        if gated:
            return "Сопоставлять пока нельзя: причина написана вверху страницы."
        if type_ is not None and not type_.usable:
            return f"Этот тип нельзя выбрать: {self.ozon.model.state_text(type_)}."
        if not selected:
            return "Выберите слева категорию магазина."
        return "" if type_ is not None else "Выберите тип товара: он стоит внутри категории Ozon."

    def _type_chosen(self, _type: object) -> None:
        self._show_gate()

    # --- changing ---------------------------------------------------------------------------------------------------

    def map_selected(self) -> None:
        """Map the selected store categories to the chosen type."""
        type_, selected = self.ozon.current_type(), self.store.selected_ids()
        self._show_gate()
        if type_ is not None and self.ozon.map_button.isEnabled():
            self.map_to(selected, type_.key)

    def accept_or_map(self) -> None:
        """Enter on store categories: accept their suggestions, else map them to the chosen type."""
        if not self.proposals.accept(self.store.selected_ids()):
            self.map_selected()

    def reject_or_unmap(self) -> None:
        """Delete on store categories: take their suggestions away, else their own mappings."""
        if not self.proposals.reject(self.store.selected_ids()):
            self.unmap_selected()

    def unmap_selected(self) -> None:
        """Take the own mappings of the selected categories away; below a mapped parent they inherit again."""
        own = [category for category in self.store.selected_ids() if self.store.model.has_own(category)]
        if own:
            service, integration_id = self.context.application.mapping, self.context.integration_id
            self._ask_and_change(dict.fromkeys(own), lambda: service.unmap(integration_id, own))

    def undo(self) -> None:
        """Take the last change back."""
        if self._view is not None and self._view.undo_label is not None:
            self._change(self.context.application.mapping.undo(self.context.integration_id))

    def redo(self) -> None:
        """Make it again."""
        if self._view is not None and self._view.redo_label is not None:
            self._change(self.context.application.mapping.redo(self.context.integration_id))

    def map_each(self, keys: Mapping[str, TypeKey]) -> None:
        """Map each category to a type of its own, as one change that «Отменить» takes back at once."""
        if keys and self._view is not None and not self._view.can_map:
            service, integration_id = self.context.application.mapping, self.context.integration_id
            self._ask_and_change(keys, lambda: service.map_each(integration_id, keys))

    def map_to(self, category_ids: Sequence[str], key: TypeKey) -> None:
        """Map these categories to one type the manager has chosen."""
        if category_ids and self._view is not None and not self._view.can_map:
            self.finder.remember(key)
            service, integration_id = self.context.application.mapping, self.context.integration_id
            self._ask_and_change(dict.fromkeys(category_ids, key), lambda: service.map(integration_id, category_ids, key))

    def _ask_and_change(self, keys: Mapping[str, TypeKey | None], work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        """First tells what becomes of entered fields, when there are any."""
        self.guard.ask({MappingPlace(category_id): key for category_id, key in keys.items()}, lambda: self._change(work()))

    def _change(self, work: Coroutine[Any, Any, Any]) -> None:
        if self._reading is not None and not self.busy:
            self._reading.cancel()
            self._reading = None
        self.start(work, on_done=self._changed, on_failed=self._change_failed, on_cancelled=self.end)

    def start(self, work: Coroutine[Any, Any, Any], *, on_done: Callback, on_failed: Callback, on_cancelled: Callable[[], object]) -> None:
        """Do something that nothing else may overlap; dropped while such work is under way. Its callbacks call `end`."""
        if self.busy:
            work.close()
            return
        self._changing = self.context.worker.run(work, on_done=on_done, on_failed=on_failed, on_cancelled=on_cancelled)
        self._show_gate()

    def end(self) -> None:
        """The work given to `start` has ended."""
        self._changing = None
        self._show_gate()

    def show_changed(self, view: MappingView) -> None:
        """Takes the mapping as one of the page's own windows has changed it, and tells the other pages."""
        self._show_view(view)
        self.proposals.tell()
        self.context.data_changed.emit("mapping")

    def _changed(self, view: MappingView) -> None:
        self._show_view(view)
        # Told while `_changing` still stands: this page has its answer already and need not ask again.
        self.context.data_changed.emit("mapping")
        self.end()
        self.proposals.tell()

    def _change_failed(self, error: object) -> None:
        self.end()
        self.show_error(error)
        self.refresh()

    # --- the rest ---------------------------------------------------------------------------------------------------

    def fetch_settings(self, wanted: TypeKey | int) -> None:
        """Collect the settings of one type, or of all types below an Ozon category (its id), as a long job."""
        service, integration_id = self.context.application.catalog, self.context.integration_id

        def work(progress: Progress) -> Coroutine[Any, Any, SettingsResult]:
            if isinstance(wanted, TypeKey):
                return service.fetch_settings(integration_id, progress, [wanted])
            return service.fetch_settings(integration_id, progress, below=[wanted])

        self.context.run_job("Получить настройки", work, on_done=self._settings_fetched, on_failed=self.show_error)

    def _settings_fetched(self, result: SettingsResult) -> None:
        if result.failed:
            self.show_error(result.failed[0][1])
        self.context.data_changed.emit("settings")

    def _type_dropped(self, category_id: str, key: TypeKey) -> None:
        selected = self.store.selected_ids()
        targets = selected if category_id in selected else [category_id]
        self.map_to(targets, key)

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

    def _go_integration(self) -> None:
        self.context.go_to.emit("integration", None)

    def _go_import(self) -> None:
        self.context.go_to.emit("integration", "import")

    def _go_fetch(self) -> None:
        self.context.go_to.emit("integration", "fetch_base")
