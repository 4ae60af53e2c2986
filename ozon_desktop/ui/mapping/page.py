"""Page «Категории»: maps store categories to Ozon types by key, double click, drag, button, menu or suggestion, with undo."""

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QPushButton, QSplitter, QStackedWidget, QWidget

from ozon_desktop import wording
from ozon_desktop.services.mapping.view import MappingView, Suggestion
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.carry_over.bar import CarryOverBar
from ozon_desktop.ui.mapping.commands import page_commands
from ozon_desktop.ui.mapping.groups.desk import GroupsDesk
from ozon_desktop.ui.mapping.groups.panel import GroupsPanel
from ozon_desktop.ui.mapping.menus import ozon_menu, store_menu
from ozon_desktop.ui.mapping.notices import Notices, hindered_text
from ozon_desktop.ui.mapping.selection import Selection
from ozon_desktop.ui.mapping.session import MappingSession
from ozon_desktop.ui.mapping.tools import MappingTools
from ozon_desktop.ui.mapping.trees.ozon_panel import OzonPanel
from ozon_desktop.ui.mapping.trees.ozon_rows import OzonRows
from ozon_desktop.ui.mapping.trees.store_panel import StorePanel
from ozon_desktop.ui.mapping.trees.store_tree_model import StoreFilterMode
from ozon_desktop.ui.mapping.type_finder import TypeFinder
from ozon_desktop.ui.page import Page


class MappingPage(Page):
    """Two cards beside each other; what may not be done yet is said in words."""

    topics = frozenset({"store", "integration", "tree", "settings", "mapping"})

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "Соответствие категорий", parent=parent)
        self._filled = False
        self._wanted_category: str | None = None
        self.session = MappingSession(context, self)
        self.store = StorePanel(context)
        self.ozon = OzonPanel(context)
        self.selection = Selection(self.session, self.store, self.ozon, self)
        self.notices = Notices(context, self.session, self.message_bar)
        self.tools = MappingTools(context, self.selection, self.message_bar, self)
        self.undo_button = self._action("undo_button", "↶  Отменить")
        self.redo_button = self._action("redo_button", "↷  Вернуть")
        self.add_action_widget(self.tools.button)
        self.suggest_button = self._action("suggest_button", "Подобрать автоматически", primary=True)
        self.accept_button = self._action("accept_sure_button", "Принять все", primary=True)
        self.groups = GroupsPanel(context)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.setHandleWidth(16)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(self.store)
        self.parts.addWidget(self.ozon)
        self.parts.setSizes([620, 450])
        context.state.restore_splitter("mapping", self.parts)
        self.carry_over_bar = CarryOverBar(self.session.question)
        self.body.addWidget(self.carry_over_bar)
        self.views = QStackedWidget()
        self.views.addWidget(self.parts)
        self.views.addWidget(self.groups)
        self.body.addWidget(self.views, 1)
        self.finder = TypeFinder(context, self.selection, partial(page_commands, self.selection, self.tools), self)
        self.desk = GroupsDesk(self.session, self.store, self.groups, self.finder.toggle)
        self._connect_session()
        self._connect_panels()
        self._connect_groups()
        self.set_loading(True)
        self._show_possible()

    def _action(self, name: str, text: str, *, primary: bool = False) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text.lstrip("↶↷ "))
        self.add_action(button, primary)
        return button

    def _connect_session(self) -> None:
        self.session.shown.connect(self._show_view)
        self.session.suggested.connect(self._show_suggestions)
        self.session.busy_changed.connect(self._show_possible)
        self.session.failed.connect(self._show_failed)
        self.session.step_taken.connect(self._show_step)
        self.undo_button.clicked.connect(self.session.undo)
        self.redo_button.clicked.connect(self.session.redo)
        self.suggest_button.clicked.connect(self.session.suggest)
        for keys, action in (("Ctrl+Z", self.session.undo), ("Ctrl+Shift+Z", self.session.redo)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def _connect_panels(self) -> None:
        self.parts.splitterMoved.connect(self._keep_parts)
        self.store.enter_pressed.connect(self.selection.accept_or_map)
        self.store.delete_pressed.connect(self.selection.reject_or_unmap)
        self.store.digit_pressed.connect(self.selection.choose)
        self.store.accept_all_pressed.connect(self.selection.accept_all)
        self.store.palette_wanted.connect(self.finder.toggle)
        self.store.import_wanted.connect(self._go_import)
        self.store.selection_changed.connect(self._show_possible)
        self.store.category_opened.connect(self.selection.show_type_of)
        self.store.type_dropped.connect(self.selection.drop)
        self.store.menu_wanted.connect(self._open_store_menu)
        self.ozon.map_pressed.connect(self.selection.map)
        self.ozon.type_chosen.connect(self._show_possible)
        self.ozon.fetch_wanted.connect(self._go_fetch)
        self.ozon.menu_wanted.connect(self._open_ozon_menu)
        self.ozon.details.settings_wanted.connect(self.session.fetch_settings)
        self.ozon.category.settings_wanted.connect(self.session.fetch_settings)

    def _connect_groups(self) -> None:
        self.accept_button.clicked.connect(self.desk.accept_sure)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self.groups)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.desk.accept_sure)
        self.groups.trees_wanted.connect(self.show_trees)
        self.groups.details.parts_wanted.connect(self.tools.show_parts)
        self.store.groups_wanted.connect(self.show_groups)
        self.desk.changed.connect(self._show_possible)

    def _keep_parts(self, _position: int, _index: int) -> None:
        self.context.state.keep_splitter("mapping", self.parts)

    # --- what the window asks of a page -----------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask for the mapping again; an answer under way is replaced."""
        self.session.refresh()

    @property
    def undo_label(self) -> str | None:
        return self.session.undo_label

    @property
    def redo_label(self) -> str | None:
        return self.session.redo_label

    def undo(self) -> None:
        self.session.undo()

    def redo(self) -> None:
        self.session.redo()

    def set_integration(self, integration_id: object) -> None:
        """Another cabinet: its suggestions are others, and what is opened in the trees too."""
        self._keep_places()
        self.finder.palette.dismiss()
        self.store.reject(list(self.store.model.proposals()))
        self.desk.clear()
        self.show_trees()
        super().set_integration(integration_id)

    def leave(self) -> None:
        self._keep_places()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is opened is kept already when another page is shown, so that a crash does not lose it."""
        self._keep_places()
        super().hideEvent(event)

    def _keep_places(self) -> None:
        self.store.keep_places()
        self.ozon.keep_places()

    def open_payload(self, payload: object) -> None:
        """ "unmapped" shows what has no mapping, "to_fix" what Ozon disabled, moved or took away; another text is a category's id."""
        if payload in {StoreFilterMode.UNMAPPED.value, StoreFilterMode.TO_FIX.value}:
            self.show_trees()
            self.store.choose_filter(StoreFilterMode(str(payload)))
        elif isinstance(payload, str):
            self.show_trees()
            self._wanted_category = payload
            self.store.select(payload)

    def focus_search(self) -> None:
        """Ctrl+F: the search of the side that has the focus, else Ozon's."""
        self.show_trees()
        in_store = self.store.isAncestorOf(self.focusWidget() or self.ozon) or not self.ozon.search.isVisible()
        search = self.store.search if in_store else self.ozon.search
        search.setFocus()
        search.selectAll()

    # --- what the session reports -----------------------------------------------------------------------------------

    def _show_view(self, view: MappingView, rows: OzonRows | None) -> None:
        self.set_loading(False)
        if not self._filled:
            self._filled = True
            self.hide_message()
            self.store.tree.setFocus()
        self.store.show_view(view)
        self.ozon.show_tree(view.tree, rows)
        if self._wanted_category is not None:
            self.store.select(self._wanted_category)
            self._wanted_category = None
        for button, label, empty, keys in (
            (self.undo_button, view.undo_label, "Отменять нечего", "Ctrl+Z"),
            (self.redo_button, view.redo_label, "Возвращать нечего", "Ctrl+Shift+Z"),
        ):
            button.setEnabled(label is not None)
            button.setToolTip(f"{label or empty} ({keys})")
        self.notices.show_view(view)
        self._show_possible()

    def _show_possible(self) -> None:
        """Which buttons can be pressed now, and why not."""
        self.suggest_button.setText("Подбираю…" if self.session.suggesting else "Подобрать автоматически")
        self.suggest_button.setEnabled(self.session.can_suggest)
        view, in_groups, sure = self.session.view, self.in_groups, self.desk.sure
        if view is not None:
            # Said here too: the message with the button may have been closed, or covered by another.
            obstacle = hindered_text(view)
            self.set_status_line(obstacle or (self.desk.status if in_groups and self.desk.count else _coverage_text(view)))
            self.store.accept_all.setEnabled(not obstacle)
            self.store.accept_all.setToolTip(obstacle)
        self.accept_button.setText(f"Принять все {wording.number(sure)}   Ctrl+Enter")
        self.accept_button.setAccessibleName(f"Принять все уверенные: {wording.number(sure)}")
        accepting = in_groups and sure > 0 and self.session.can_map
        self.accept_button.setVisible(accepting)
        self.suggest_button.setVisible(not accepting)
        self.store.show_groups_button(self.desk.count)
        self.ozon.show_gate(self.selection.obstacle, self.selection.mappable)

    @property
    def in_groups(self) -> bool:
        """Whether the groups are shown instead of the trees."""
        return self.views.currentWidget() is self.groups

    def show_groups(self) -> None:
        """The three groups instead of the trees."""
        self.views.setCurrentWidget(self.groups)
        self.groups.list.setFocus()
        self._show_possible()

    def show_trees(self) -> None:
        """All categories of the store and of Ozon instead of the groups."""
        if self.in_groups:
            self.views.setCurrentWidget(self.parts)
            self.store.tree.setFocus()
            self._show_possible()

    def _show_suggestions(self, found: dict[str, tuple[Suggestion, ...]]) -> None:
        self.store.show_proposals(found)
        self.notices.announce_suggestions(len(found))
        if found:
            self.show_groups()

    def _show_step(self, label: str, again: bool) -> None:
        self.show_message(wording.step_taken_text(label, 1, 0, again=again), "good")

    def _show_failed(self, error: object, again: object) -> None:
        self.set_loading(False)
        if callable(again):
            self.show_error(error, "Повторить", again)
        else:
            self.show_error(error)

    # --- menus and ways to other pages ------------------------------------------------------------------------------

    def store_menu(self) -> QMenu:
        return store_menu(self.selection, find_type=self.finder.toggle, show_parts=self.tools.show_parts)

    def _open_store_menu(self, position: QPoint) -> None:
        self.store_menu().popup(self.store.tree.viewport().mapToGlobal(position))

    def _open_ozon_menu(self, position: QPoint) -> None:
        ozon_menu(self.selection).popup(self.ozon.tree.viewport().mapToGlobal(position))

    def _go_import(self) -> None:
        self.context.go_to.emit("integration", "load_export")

    def _go_fetch(self) -> None:
        self.context.go_to.emit("integration", "fetch_base")


def _coverage_text(view: MappingView) -> str:
    done = view.coverage
    if not view.categories:
        return "Категорий магазина ещё нет"
    if not done.categories:
        return "В категориях магазина ещё нет товаров"
    categories = wording.plural(done.categories, "категории", "категорий", "категорий")
    return f"Сопоставлено {wording.number(done.mapped_categories)} из {categories} — {done.product_percent} % товаров"
