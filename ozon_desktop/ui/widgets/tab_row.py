"""A row of tabs over a line, one of whose widgets is shown; beside the tabs there is room for one more thing."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTabBar, QVBoxLayout, QWidget

from ozon_desktop.ui.look.theme import set_role


class StillTabBar(QTabBar):
    """The wheel scrolls the page, also over the tabs."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class TabRow(QWidget):
    """Shows and hides the widgets it is given; where they stand is up to the layout they are in. chosen(key): another tab is shown.

    Not a QTabWidget, whose pages are all as high as the highest one: in a page that scrolls each tab has its own height.
    """

    chosen = Signal(str)

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = StillTabBar(self)
        self.bar.setObjectName(name)
        self.bar.setAccessibleName(accessible)
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self.bar.setUsesScrollButtons(True)
        self._beside: QWidget | None = None
        self._widgets: list[tuple[str, tuple[QWidget, ...]]] = []
        line = QFrame()
        line.setFixedHeight(1)
        set_role(line, "line")
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addWidget(self.bar, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._row)
        layout.addWidget(line)
        self.bar.currentChanged.connect(self._changed)

    def add(self, key: str, title: str, *widgets: QWidget) -> None:
        """A tab at the end; the first one is shown."""
        self._widgets.append((key, widgets))
        self.bar.addTab(title)
        self._show()

    def add_beside(self, widget: QWidget) -> None:
        """At the right end of the row, while all the tabs have room beside it: it is to be something that is said elsewhere too."""
        self._beside = widget
        self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: there is another amount of room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._beside is not None:
            needed = self.bar.sizeHint().width() + self._row.spacing() + self._beside.sizeHint().width()
            self._beside.setVisible(needed <= self.width())

    def turn_with_keys(self, page: QWidget) -> None:
        """Ctrl+PgDown and Ctrl+PgUp anywhere in `page` show the next tab and the one before."""
        for keys, step in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            shortcut = QShortcut(QKeySequence(keys), page, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setProperty("step", step)
            shortcut.activated.connect(self._turn)

    @property
    def key(self) -> str:
        """The tab that is shown."""
        return self._widgets[self.bar.currentIndex()][0]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for key, _ in self._widgets)

    def show_tab(self, key: str) -> None:
        """ValueError when there is none of this name."""
        self.bar.setCurrentIndex(self.keys.index(key))

    def set_visible(self, key: str, visible: bool) -> None:
        """Whether there is such a tab now; where the shown one goes, its neighbour is shown."""
        self.bar.setTabVisible(self.keys.index(key), visible)

    def _turn(self) -> None:
        shortcut = self.sender()
        step = shortcut.property("step") if isinstance(shortcut, QShortcut) else 0
        had_focus = self.bar.hasFocus()
        there = [index for index in range(self.bar.count()) if self.bar.isTabVisible(index)]
        self.bar.setCurrentIndex(there[(there.index(self.bar.currentIndex()) + int(step)) % len(there)])
        if not had_focus:
            # What had the focus may be hidden now.
            self.bar.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _changed(self) -> None:
        self._show()
        self.chosen.emit(self.key)

    def _show(self) -> None:
        if self.bar.count() != len(self._widgets):
            return
        # A widget may belong to several tabs. What goes comes before what comes, so that the page does not grow in between.
        shown = self._widgets[self.bar.currentIndex()][1]
        for _, widgets in self._widgets:
            for widget in widgets:
                if widget not in shown:
                    widget.hide()
        for widget in shown:
            widget.show()
