"""The left side of the window: cabinet switcher, pages with counters, status, and the synchronization button."""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ozon_desktop.domain.integration import Integration
from ozon_desktop.domain.progress import ProgressUpdate
from ozon_desktop.domain.run_status import RunState, RunStatus
from ozon_desktop.ui.frame.frame_data import FrameData, Status, cabinet_line, run_status, status_of
from ozon_desktop.ui.frame.news import News
from ozon_desktop.ui.frame.run_watch import RunReading
from ozon_desktop.ui.look.theme import Theme, icon_size, repolish, set_role
from ozon_desktop.ui.widgets import Badge, ElidedLabel, ProgressStrip, WrappedLabel

WIDE = 224
NARROW = 64
NARROW_BELOW = 1000
"""Width of the window in px, for 10 pt text, below which the list shrinks to icons."""


class CabinetButton(QToolButton):
    """Organization over «Ozon Client ID · scheme»; opens the list of cabinets."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("cabinet_switcher")
        set_role(self, "cabinet")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(QMenu(self))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.name = ElidedLabel("", role="cabinet-name")
        self.line = ElidedLabel("", role="hint")
        self.arrow = QLabel()
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.name)
        words.addWidget(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 7, 8, 7)
        row.addLayout(words, 1)
        row.addWidget(self.arrow)
        for label in (self.name, self.line, self.arrow):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        if self.name.isHidden():
            return icon_size(self) + QSize(20, 20)
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def paint_icons(self) -> None:
        self.arrow.setPixmap(self._theme.icon("chevron-down", "secondary").pixmap(icon_size(self.line)))

    def set_narrow(self, narrow: bool) -> None:
        for label in (self.name, self.line, self.arrow):
            label.setVisible(not narrow)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.setIconSize(icon_size(self))
        self.setIcon(self._theme.icon("store") if narrow else QIcon())
        self.updateGeometry()


class NavButton(QPushButton):
    def __init__(self, page: str, text: str, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = page
        self._text = text
        self._hint = QKeySequence(f"Ctrl+{number}").toString(QKeySequence.SequenceFormat.NativeText)
        self.setObjectName(f"nav_{page}")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setText(f"  {text}")
        self.setIconSize(icon_size(self))
        set_role(self, "nav")
        self.badge = Badge("", "attention", self)
        self.badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.badge.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.addStretch(1)
        row.addWidget(self.badge)
        self._narrow = False
        self._count = 0
        self._describe()

    def set_count(self, count: int, kind: str) -> None:
        """What needs attention there; 0 hides the counter."""
        self._count = count
        self.badge.set_state(str(count) if count else "", kind)
        self.badge.setVisible(bool(count) and not self._narrow)
        self._describe()

    def set_narrow(self, narrow: bool) -> None:
        """Only the icon; the name and the counter are in the tooltip then."""
        self._narrow = narrow
        self.setIconSize(icon_size(self))
        self.setText("" if narrow else f"  {self._text}")
        self.badge.setVisible(bool(self._count) and not narrow)
        self._describe()

    def _describe(self) -> None:
        name = f"{self._text}: {self._count}" if self._count else self._text
        self.setAccessibleName(name)
        self.setToolTip(f"{name} ({self._hint})" if self._narrow else self._hint)


class Sidebar(QFrame):
    """Signals carry what was asked; `show_frame` brings what to show."""

    page_chosen = Signal(str)
    cabinet_chosen = Signal(object)
    cabinet_added = Signal()
    all_asked = Signal()
    overview_asked = Signal()
    run_asked = Signal()
    stop_asked = Signal()

    def __init__(self, theme: Theme, pages: Iterable[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._narrow = False
        self._window_width = 0
        self._job_running = False
        self._scheduled = False
        self._data: FrameData | None = None
        self.status: Status = Status("neutral", "Загружается…")
        self.setObjectName("sidebar")
        set_role(self, "sidebar")
        self.cabinet = CabinetButton(theme)
        self.buttons = {page: NavButton(page, text, number) for number, (page, text) in enumerate(pages, 1)}
        self.news = News(theme)
        self.dot = QLabel()
        self.status_label = WrappedLabel("", role="status-neutral")
        self.status_label.setObjectName("status_text")
        self.detail_label = WrappedLabel("", role="sidebar-secondary")
        self.detail_label.setObjectName("status_detail")
        self.run = QPushButton()
        self.run.setObjectName("synchronize")
        self.strip = ProgressStrip(role="sidebar-secondary")
        self.strip.hide()
        self.stop_icon = QPushButton()
        self.stop_icon.setObjectName("stop_job_narrow")
        self.stop_icon.hide()
        self._lay_out()
        self._connect()
        self.set_narrow(False)
        self._show_status()

    def _lay_out(self) -> None:
        self._layout = layout = QVBoxLayout(self)
        layout.setSpacing(5)
        layout.addWidget(self.cabinet)
        layout.addSpacing(10)
        for button in self.buttons.values():
            layout.addWidget(button)
        layout.addStretch(1)
        layout.addWidget(self.news)
        layout.addWidget(self.news.bell)
        layout.addSpacing(4)
        status = QHBoxLayout()
        self._status_row = status
        status.setSpacing(6)
        status.addWidget(self.dot, 0, Qt.AlignmentFlag.AlignTop)
        status.addWidget(self.status_label, 1)
        layout.addLayout(status)
        layout.addWidget(self.detail_label)
        layout.addWidget(self.strip)
        layout.addSpacing(6)
        layout.addWidget(self.run)
        layout.addWidget(self.stop_icon)

    def _connect(self) -> None:
        for button in self.buttons.values():
            button.clicked.connect(self._clicked)
        self.run.clicked.connect(self.run_asked)
        self.strip.stopped.connect(self.stop_asked)
        self.stop_icon.clicked.connect(self.stop_asked)
        self.news.changed.connect(self._place_news)
        self._theme.changed.connect(self._restyle)
        self._paint_icons()

    def select(self, page: str) -> None:
        for name, button in self.buttons.items():
            button.setChecked(name == page)
            # One stop for Tab, at the page that is shown; arrows go on from there.
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if name == page else Qt.FocusPolicy.ClickFocus)
        self._paint_icons()

    def fit(self, window_width: int) -> None:
        """Only icons in a window that is too narrow for its size of text."""
        self._window_width = window_width
        self.set_narrow(window_width < NARROW_BELOW * self._theme.scale)

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        side = 8 if narrow else 12
        self._layout.setContentsMargins(side, 16, side, 14)
        self.cabinet.set_narrow(narrow)
        for button in self.buttons.values():
            button.set_narrow(narrow)
        self._show_run_button()
        self.stop_icon.setToolTip("Остановить")
        self.stop_icon.setAccessibleName("Остановить")
        for iconic in (self.run, self.stop_icon):
            iconic.setIconSize(icon_size(iconic))
            iconic.setProperty("narrow", narrow)
            repolish(iconic)
        # A system's own font may need more room than drawn: the button is never cut.
        wide = max(round(WIDE * self._theme.scale), self.run.sizeHint().width() + 2 * side)
        self.setFixedWidth(max(NARROW, icon_size(self).width() + 47) if narrow else wide)
        self._paint_icons()
        self._show_parts()

    def show_frame(self, data: FrameData) -> None:
        self._data = data
        self.cabinet.name.setText(data.cabinet)
        self.cabinet.line.setText(cabinet_line(data.integration))
        self.cabinet.setAccessibleName(f"Кабинет: {data.cabinet}")
        self.cabinet.setToolTip(f"{data.cabinet}\n{cabinet_line(data.integration)}")
        self._fill_menu(data)
        counters = [("mapping", data.overview.unmapped, "attention"), ("products", data.overview.not_ready, "attention")]
        counters.append(("sync", data.overview.held, "attention"))
        for page, count, kind in (*counters, ("orders", data.overview.new_orders, "accent")):
            if page in self.buttons:
                self.buttons[page].set_count(count, kind)
        self.status = status_of(data)
        self._show_status()

    def show_runs(self, reading: RunReading) -> None:
        """What the runs are doing now, between two readings of the frame."""
        if self._data is None:
            return
        self._data = replace(self._data, statuses=reading.statuses, now=reading.now)
        self._fill_menu(self._data)
        status = status_of(self._data)
        if status != self.status:
            self.status = status
            self._show_status()
        if not self._job_running:
            self._show_scheduled(reading.statuses.get(self._data.integration.id))

    def _show_scheduled(self, status: RunStatus | None) -> None:
        """A run of this program that nobody asked for by hand can be stopped as well."""
        running = status is not None and status.state is RunState.RUNNING and status.holder is None
        if running and not self._scheduled:
            self.strip.start("Синхронизация по расписанию")
            self.stop_icon.setEnabled(True)
        if running and status is not None and status.progress is not None and self.strip.stop.isEnabled():
            self.strip.show_update(status.progress)
        if running is not self._scheduled:
            self._scheduled = running
            self._show_parts()

    def start_job(self, title: str) -> None:
        """A long job has begun: the button makes room for its progress."""
        self._job_running, self._scheduled = True, False
        self.strip.start(title)
        self.stop_icon.setEnabled(True)
        self._show_parts()

    def show_progress(self, update: ProgressUpdate) -> None:
        self.strip.show_update(update)

    def show_stopping(self) -> None:
        self.strip.show_stopping()
        self.stop_icon.setEnabled(False)

    def end_job(self) -> None:
        self._job_running = False
        self._show_parts()

    def _fill_menu(self, data: FrameData) -> None:
        menu = self.cabinet.menu()
        entries = [(integration.id, self._menu_text(integration, data)) for integration in data.all]
        known = [action for action in menu.actions() if action.data() is not None]
        if [action.data() for action in known] != [entry[0] for entry in entries]:
            menu.clear()
            known = [menu.addAction("") for _ in entries]
            self._add_orders(menu, several=len(entries) > 1)
            for action in known:
                action.setCheckable(True)
                action.triggered.connect(self._cabinet_triggered)
        # The same actions with other words: the menu may be open while a run goes on.
        for action, (integration_id, text) in zip(known, entries, strict=True):
            action.setText(text)
            action.setData(integration_id)
            action.setChecked(integration_id == data.integration.id)

    def _add_orders(self, menu: QMenu, *, several: bool) -> None:
        menu.addSeparator()
        if several:
            menu.addAction("&Все кабинеты…").triggered.connect(self.overview_asked)
            menu.addAction("&Синхронизировать все").triggered.connect(self.all_asked)
        menu.addAction("&Добавить кабинет").triggered.connect(self.cabinet_added)

    def _menu_text(self, integration: Integration, data: FrameData) -> str:
        """Name and number, and at the right edge of the menu the status."""
        text = f"{data.name_of(integration)}   {cabinet_line(integration)}"
        status = data.statuses.get(integration.id)
        if status is not None:
            text += f"\t{run_status(status, data.now).text}"
        return text.replace("&", "&&")

    def _cabinet_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            if self._data is not None:
                # Checked is the cabinet that is shown, which a click alone does not change.
                action.setChecked(action.data() == self._data.integration.id)
            self.cabinet_chosen.emit(action.data())

    def _clicked(self) -> None:
        button = self.sender()
        if isinstance(button, NavButton):
            self.page_chosen.emit(button.page)

    def _show_status(self) -> None:
        self._show_run_button()
        set_role(self.status_label, f"status-{self.status.kind}")
        self.status_label.setText(self.status.text)
        self.status_label.setToolTip(self.status.exact)
        self.detail_label.setText(self.status.detail)
        self.detail_label.setToolTip(self.status.detail_exact)
        self._paint_dot()
        self._show_parts()

    def _show_run_button(self) -> None:
        """Before the first sending only the button beside the preview may send: this one opens it, and is not the blue one."""
        words = "Открыть просмотр" if self.status.waits_for_review else "Синхронизировать"
        self.run.setText("" if self._narrow else f"{words}   F5")
        self.run.setAccessibleName(words)
        self.run.setToolTip(f"{words} (F5)")
        set_role(self.run, "" if self.status.waits_for_review else "run")
        self._paint_run()

    def _show_parts(self) -> None:
        wide, idle = not self._narrow, not (self._job_running or self._scheduled)
        self.dot.setVisible(idle)
        self._status_row.setContentsMargins(0 if wide else 15, 0, 0, 0)
        self.status_label.setVisible(wide and idle)
        self.detail_label.setVisible(wide and idle and bool(self.status.detail))
        self.strip.setVisible(wide and not idle)
        self.run.setVisible(idle)
        self.stop_icon.setVisible(not wide and not idle)
        self._place_news()
        self.dot.setToolTip(f"{self.status.text}\n{self.status.detail}".strip())

    def _place_news(self) -> None:
        """The card where it pushes nothing aside, else the bell."""
        there, card, bell = bool(self.news.items), self.news, self.news.bell
        if there and not self._narrow:
            margins = self._layout.contentsMargins()
            width = self.width() - margins.left() - margins.right()
            shown = card if not card.isHidden() else bell if not bell.isHidden() else None
            taken = 0 if shown is None else shown.height() + self._layout.spacing()
            room = self.height() - self._layout.totalMinimumHeightForWidth(self.width()) + taken
            fits = card.heightForWidth(width) + self._layout.spacing() <= room
        else:
            fits = False
        card.setVisible(there and fits)
        bell.setVisible(there and not fits)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: there is another amount of room for news."""
        super().resizeEvent(event)
        self._place_news()

    def _restyle(self) -> None:
        """Other colours, or another size of text."""
        if self._window_width:
            self.fit(self._window_width)
        else:
            self.set_narrow(self._narrow)

    def _paint_icons(self) -> None:
        for page, button in self.buttons.items():
            button.setIcon(self._theme.icon(page, "accent" if button.isChecked() else "sidebar_secondary"))
        self._paint_run()
        self.stop_icon.setIcon(self._theme.icon("stop", "error"))
        self.cabinet.paint_icons()
        self.cabinet.set_narrow(self._narrow)
        self._paint_dot()

    def _paint_run(self) -> None:
        # On the ground of the list, not of the accent, where only the preview may send.
        tone = "text" if self.status.waits_for_review else "on_accent"
        self.run.setIcon(self._theme.icon("sync", tone) if self._narrow else QIcon())

    def _paint_dot(self) -> None:
        token = "sidebar_secondary" if self.status.kind == "neutral" else self.status.kind
        self.dot.setPixmap(self._theme.icon("current", token).pixmap(icon_size(self.status_label)))
        self.dot.setAccessibleName(self.status.text)
