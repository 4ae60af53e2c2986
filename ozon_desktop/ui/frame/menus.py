"""The menu bar of the window. Every action is also a shortcut; the window connects what they do."""

from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from ozon_desktop.ui.look.theme import ThemeMode

UNDO, REDO = "&Отменить", "&Вернуть"


class Menus:
    """Builds the menus of `window`; the actions are attributes, named after what they do."""

    def __init__(self, window: QMainWindow, pages: tuple[tuple[str, str], ...], mode: ThemeMode) -> None:
        bar = window.menuBar()
        bar.setObjectName("menu_bar")
        file_menu = bar.addMenu("&Файл")
        self.load_export = self._add(file_menu, "&Загрузить выгрузку магазина…", "load_export", "Ctrl+O")
        self.rules = self._add(file_menu, "&Правила цен и остатков…", "price_rules")
        self.notifications = self._add(file_menu, "&Уведомления…", "notifications")
        file_menu.addSeparator()
        self.quit = self._add(file_menu, "В&ыход", "quit", "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        edit_menu = bar.addMenu("&Правка")
        self.edit_menu = edit_menu
        self.undo = self._add(edit_menu, UNDO, "undo", "Ctrl+Z")
        self.redo = self._add(edit_menu, REDO, "redo", "Ctrl+Shift+Z")
        edit_menu.addSeparator()
        self.find = self._add(edit_menu, "&Найти на странице", "find", "Ctrl+F")
        self.save = self._add(edit_menu, "О&бновить (сохранить)", "save", "Ctrl+S")
        self._shared = {action: action.shortcut() for action in (self.undo, self.redo, self.find, self.save)}
        view_menu = bar.addMenu("&Вид")
        self.pages = [self._page_action(view_menu, name, text, number) for number, (name, text) in enumerate(pages, 1)]
        view_menu.addSeparator()
        self.synchronize = self._add(view_menu, "&Синхронизировать", "synchronize_action", "F5")
        view_menu.addSeparator()
        self.themes = self._theme_actions(view_menu.addMenu("&Тема"), mode)
        self.compact = self._add(view_menu, "&Плотные строки таблиц", "compact_rows")
        self.compact.setCheckable(True)
        help_menu = bar.addMenu("Сп&равка")
        self.data_folder = self._add(help_menu, "Папка с &данными", "data_folder")
        self.about = self._add(help_menu, "&О программе", "about")
        self.about.setMenuRole(QAction.MenuRole.AboutRole)

    def name_steps(self, undo: str | None, redo: str | None) -> None:
        """The menu says what would be undone and done again on the page in front; None = nothing."""
        for action, text, label in ((self.undo, UNDO, undo), (self.redo, REDO, redo)):
            action.setText(text if label is None else f"{text}: {label.replace('&', '&&')}")
            action.setEnabled(label is not None)

    def leave_to(self, page: QWidget) -> None:
        """Two owners of one shortcut silence both: what the page binds itself is not bound by the menu while it is shown."""
        for action, shortcut in self._shared.items():
            action.setShortcut(QKeySequence() if own_shortcut(page, shortcut) is not None else shortcut)

    def trigger_on(self, page: QWidget, action: QAction) -> bool:
        """Does what the page binds to the action's shortcut; False when it binds nothing."""
        own = own_shortcut(page, self._shared[action])
        if own is not None:
            own.activated.emit()
        return own is not None

    def _add(self, menu: QMenu, text: str, name: str, shortcut: str = "") -> QAction:
        action = QAction(text, menu)
        action.setObjectName(name)
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        menu.addAction(action)
        return action

    def _page_action(self, menu: QMenu, name: str, text: str, number: int) -> QAction:
        action = self._add(menu, text, f"show_{name}", f"Ctrl+{number}")
        action.setData(name)
        return action

    def _theme_actions(self, menu: QMenu, mode: ThemeMode) -> list[QAction]:
        group = QActionGroup(menu)
        actions = []
        for choice, text in (
            (ThemeMode.LIGHT, "&Светлая"),
            (ThemeMode.DARK, "&Тёмная"),
            (ThemeMode.SYSTEM, "&Как в системе"),
        ):
            action = self._add(menu, text, f"theme_{choice.value}")
            action.setCheckable(True)
            action.setChecked(choice is mode)
            action.setData(choice.value)
            group.addAction(action)
            actions.append(action)
        return actions


def own_shortcut(page: QWidget, keys: QKeySequence) -> QShortcut | None:
    """The shortcut a page binds to these keys itself, None when it does not."""
    return next((shortcut for shortcut in page.findChildren(QShortcut) if shortcut.key() == keys), None)
