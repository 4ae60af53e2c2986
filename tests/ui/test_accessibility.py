"""The whole window over the demonstration: names for screen readers, rows, nothing clipped at any size of window and text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QTreeView,
    QWidget,
)

from ozon_desktop.application import Options, build
from ozon_desktop.paths import DataPaths
from ozon_desktop.ui.app import Session, prepare_qt, settle
from ozon_desktop.ui.frame.main_window import MainWindow
from ozon_desktop.ui.integration.page import IntegrationPageView
from ozon_desktop.ui.look.theme import FONT_POINTS, ThemeMode
from ozon_desktop.ui.tour import Tour, select_first_rows
from ozon_desktop.ui.widgets import ROW_HEIGHT, ElidedLabel

pytestmark = pytest.mark.slow

SIZES = {
    "1366x768": (1366, 768, 1.0),
    "1920x1080": (1920, 1080, 1.0),
    "900x640": (900, 640, 1.0),
    "large text": (1366, 768, 2.0),
}
BASES, PRODUCTS = 2, 3
STATES = {"product_table": (4, 5), "store_tree": (3,), "order_table": (1, 2), "run_table": (0, 3)}
"""Columns that tell a state, by the name of their table."""


class ShortTour(Tour):
    """The tour with two base categories and three completed cards instead of all."""

    def _fetch_bases(self) -> str:
        self.driver.tab("categories")
        self.driver.press("fetch_base")
        model = self.driver.find(QAbstractItemView, "base_list").model()
        for row in range(BASES):
            model.setData(model.index(row, 0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
        self.driver.until(self.driver.find(QAbstractButton, "fetch_children").isEnabled, "базовые категории не выбраны")
        return ""

    def _may_complete(self, completed: int) -> bool:
        return completed < PRODUCTS


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """The window after the eight steps, a synchronization and the first order."""
    app = prepare_qt()
    font = QFont(app.font())
    folder = tmp_path_factory.mktemp("accessibility")
    options = Options(folder, demo=True, demo_order_interval_s=0.5)
    session = Session(lambda: build(options), DataPaths(folder), theme_mode=ThemeMode.LIGHT, quiet=True)
    session.start()
    window = session.wait_for_window()
    assert window is not None
    window.resize(1366, 768)
    reported: list[str] = []
    ShortTour(window, reported.append).run()
    said = "\n".join(reported)
    assert said.index("на Ozon ещё ничего не ушло") < said.index("подтверждён кнопкой «Отправить»") < said.index("Синхронизация выполнена")
    yield window
    session.end()
    QApplication.setFont(font)
    assert session.failures == []


def visible(window: QWidget, kind: type[QWidget]) -> list[QWidget]:
    """Widgets of a kind that are on the screen."""
    return [widget for widget in window.findChildren(kind) if widget.isVisibleTo(window) and not widget.window().isHidden()]


def pages(window: MainWindow) -> Iterator[str]:
    """Shows page after page, each with something chosen."""
    select_first_rows(window)
    for name in window.page_names:
        window.show_page(name)
        settle(window)
        page = window.current_page
        if not isinstance(page, IntegrationPageView):
            yield name
            continue
        for tab in page.tabs.keys:
            page.tabs.show_tab(tab)
            settle(window)
            yield f"{name}: {tab}"
        page.tabs.show_tab(page.tabs.keys[0])


def show_at(window: MainWindow, width: int, height: int, scale: float) -> None:
    """Gives the window a size and the system a size of text, as it comes live."""
    font = QFont(QApplication.font())
    font.setPointSizeF(FONT_POINTS * scale)
    if font.pointSizeF() != QApplication.font().pointSizeF():
        QApplication.setFont(font)
    window.resize(width, height)
    settle(window)


def spoken(widget: QWidget) -> str:
    """What a screen reader says for a control."""
    buddies = {label.buddy(): label.text() for label in widget.window().findChildren(QLabel) if label.buddy() is not None}
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return (widget.accessibleName() or text or buddies.get(widget, "")).strip()


def described(page: str, widget: QWidget) -> str:
    """A widget in a failure's text."""
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return f"{page}: {type(widget).__name__} {widget.objectName()!r} {text[:40]!r} {widget.size().toTuple()}"


def clipped(widget: QWidget) -> bool:
    """Whether a text that neither wraps nor elides has less room than it needs."""
    if isinstance(widget, QLabel):
        if isinstance(widget, ElidedLabel) or not widget.text():
            return False
        if widget.wordWrap():
            return widget.heightForWidth(widget.width()) > widget.height() + 1
    return bool(short(widget.size(), widget.sizeHint()))


def short(size: QSize, needed: QSize) -> bool:
    """Whether a size is too small, a pixel of rounding aside."""
    return size.width() + 1 < needed.width() or size.height() + 1 < needed.height()


def test_every_control_has_a_name_for_screen_readers(worked: MainWindow) -> None:
    show_at(worked, 1366, 768, 1.0)
    nameless = [
        described(name, widget)
        for name in pages(worked)
        for widget in visible(worked, QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None and not spoken(widget)
    ]
    assert not nameless, "\n".join(nameless)


NO_ROLES = frozenset({QAccessible.Role.NoRole, QAccessible.Role.Client, QAccessible.Role.Pane})
"""What a screen reader cannot say how to use."""
OWN_CONTENT = frozenset({QAccessible.Role.Table, QAccessible.Role.Tree, QAccessible.Role.List, QAccessible.Role.ComboBox})
"""Their rows are read by their texts."""


def heard(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """What a screen reader meets below an element and can be used, deepest last."""
    for number in range(interface.childCount()):
        child = interface.child(number)
        if child is None or not child.isValid() or child.state().invisible:
            continue
        if child.state().focusable:
            yield child
        if child.role() not in OWN_CONTENT:
            yield from heard(child)


def test_each_page_gives_screen_readers_a_tree_of_named_controls_with_roles(worked: MainWindow) -> None:
    show_at(worked, 1366, 768, 1.0)
    wrong, met = [], 0
    for name in pages(worked):
        root = QAccessible.queryAccessibleInterface(worked)
        for interface in heard(root):
            thing = interface.object()
            # The page as a whole takes the focus when its empty ground is clicked.
            if thing is worked.current_page or thing is worked:
                continue
            met += 1
            if not interface.text(QAccessible.Text.Name).strip() or interface.role() in NO_ROLES:
                role, said = interface.role(), interface.text(QAccessible.Text.Name)
                wrong.append(f"{name}: {type(thing).__name__} {thing.objectName()!r} {role} {said!r}")
    assert met > 100, "the tree was walked"
    assert not wrong, "\n".join(sorted(set(wrong)))


@dataclass
class Seen:
    """What was found wrong on the pages at one size."""

    cut: list[str] = field(default_factory=list)
    half_read: list[str] = field(default_factory=list)
    low_rows: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def seen(worked: MainWindow) -> Callable[[str], Seen]:
    """Looks at all pages once for each size: to give a whole window another size of text costs more than all that is looked for."""

    @cache
    def look(size: str) -> Seen:
        show_at(worked, *SIZES[size])
        seen = Seen()
        for name in pages(worked):
            seen.cut += cut_on(worked, name)
            seen.half_read += half_read_on(worked, name)
            seen.low_rows += low_rows_on(worked, name)
        show_at(worked, 1366, 768, 1.0)
        return seen

    return look


@pytest.mark.parametrize("size", SIZES)
def test_rows_are_thirty_pixels_high_and_grow_with_the_text(seen: Callable[[str], Seen], size: str) -> None:
    assert not seen(size).low_rows, "\n".join(seen(size).low_rows)


def views(window: MainWindow) -> list[QTableView | QTreeView]:
    """The tables and trees that are shown."""
    return [view for kind in (QTableView, QTreeView) for view in visible(window, kind) if isinstance(view, QTableView | QTreeView)]


def low_rows_on(window: MainWindow, name: str) -> list[str]:
    """Tables of a page whose rows have another height than their text wants."""
    wrong = []
    for view in views(window):
        if view.model() is None or not view.model().rowCount():
            continue
        height = view.visualRect(view.model().index(0, 0)).height()
        least = max(ROW_HEIGHT, view.fontMetrics().height() + 12)
        if height not in (least, least - 1):
            wrong.append(f"{described(name, view)}: {height}")
    return wrong


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_clipped(seen: Callable[[str], Seen], size: str) -> None:
    assert not seen(size).cut, "\n".join(seen(size).cut)


def cut_on(window: MainWindow, name: str) -> list[str]:
    """Clipped texts of a page, once layouts have come to rest: a new size of text takes them several rounds."""
    for _ in range(20):
        cut = [widget for kind in (QLabel, QPushButton, QCheckBox) for widget in visible(window, kind) if clipped(widget)]
        if not cut:
            break
        QTest.qWait(50)
    return [described(name, widget) for widget in cut]


@pytest.mark.parametrize("size", SIZES)
def test_states_are_read_whole(seen: Callable[[str], Seen], size: str) -> None:
    """Columns that tell a state are as wide as their words; where they do not fit, the table scrolls."""
    assert not seen(size).half_read, "\n".join(seen(size).half_read)


def half_read_on(window: MainWindow, name: str) -> list[str]:
    """Columns of a page that tell a state in more words than they have room for."""
    wrong = []
    for view in views(window):
        for column in STATES.get(view.objectName(), ()):
            texts = [str(view.model().index(row, column).data() or "") for row in range(view.model().rowCount())]
            widest = max((view.fontMetrics().horizontalAdvance(text) for text in texts), default=0)
            if widest + 4 > view.columnWidth(column):
                wrong.append(f"{described(name, view)}: column {column} {view.columnWidth(column)} < {widest}")
    return wrong


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_the_focus_is_seen_on_every_control(worked: MainWindow, mode: ThemeMode) -> None:
    worked.context.theme.set_mode(mode)
    show_at(worked, 1366, 768, 1.0)
    worked.activateWindow()
    unseen = []
    for name in pages(worked):
        for widget in visible(worked.current_page, QWidget):
            if not widget.isEnabled() or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or widget.focusProxy() is not None:
                continue
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            focused = widget.grab().toImage()
            worked.current_page.setFocus()
            if focused == widget.grab().toImage():
                unseen.append(described(name, widget))
    assert not unseen, "\n".join(unseen)


def by_arrows(widget: QWidget) -> bool:
    """Whether arrows lead there from the one of its group that is chosen, which Tab comes to."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return isinstance(widget, QAbstractButton) and group is not None and group.exclusive() and not widget.isChecked()


def test_tab_reaches_every_control_of_a_page_and_comes_back(worked: MainWindow) -> None:
    show_at(worked, 1366, 768, 1.0)
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView)
    for name in pages(worked):
        page = worked.current_page
        wanted = {
            widget
            for kind in kinds
            for widget in visible(page, kind)
            if widget.isEnabled()
            and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.focusProxy() is None
            and not by_arrows(widget)
        }
        # Not by `nextInFocusChain`: PySide takes its answers for children, and with any widget that goes it gives up half of the window.
        reached: list[QWidget] = []
        while (widget := worked.focusWidget()) not in reached:
            reached.append(widget)
            assert worked.focusNextChild()
        assert reached.index(widget) <= 1, "it comes back to where it began"
        wanted -= set(reached)
        assert [described(name, widget) for widget in wanted] == []
