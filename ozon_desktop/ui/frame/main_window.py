"""The window: sidebar, six pages, menus, messages; it decides nothing itself, it only shows and passes on."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QSize, QTimer, QUrl, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from ozon_desktop.domain.integration import Integration
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.frame.about import show_about
from ozon_desktop.ui.frame.cabinets.all_cabinets import AllCabinets
from ozon_desktop.ui.frame.cabinets.dialog import SideBySide
from ozon_desktop.ui.frame.closing import SaveFirst, may_leave, may_stop
from ozon_desktop.ui.frame.frame_data import FrameData, add_cabinet, read_frame
from ozon_desktop.ui.frame.menus import Menus
from ozon_desktop.ui.frame.messages import Messages
from ozon_desktop.ui.frame.notifications import NotificationsDialog
from ozon_desktop.ui.frame.run_settings import RunSettingsDialog, add_to_menu
from ozon_desktop.ui.frame.run_watch import RunReading, RunWatch
from ozon_desktop.ui.frame.sidebar import Sidebar
from ozon_desktop.ui.frame.store_loading import StoreLoading
from ozon_desktop.ui.frame.tray import Tray, stays_when_closed
from ozon_desktop.ui.look.theme import ThemeMode, set_role
from ozon_desktop.ui.page import Page
from ozon_desktop.ui.widgets import WrappedLabel
from ozon_desktop.ui.widgets.text_undo import TextUndo
from ozon_desktop.ui.worker import Job

STATUS_EVERY_MS = 30_000
TRAY_EXPLAINED = "window/told_of_tray"

PageFactory = Callable[[WindowContext], Page]


FIRST_SIZE = QSize(1366, 768)
FRAME = QSize(16, 40)
"""Room for what a window manager draws around a window; how much it is, it says only when the window is there."""


def first_size(available: QSize) -> QSize:
    """Of a window that was never opened before, in a screen with this free room."""
    return FIRST_SIZE.boundedTo(available - FRAME)


class MainWindow(QMainWindow):
    """The program's window. `pages`: a factory per page name; a page is built when it is first shown."""

    closed = Signal()

    def __init__(self, context: WindowContext, pages: Mapping[str, PageFactory]) -> None:
        super().__init__()
        self.context = context
        self._factories = dict(pages)
        self._built: dict[str, Page] = {}
        self._current = ""
        self._quitting = False
        self._reading: Job | None = None
        self._frame: FrameData | None = None
        names = self._page_names()
        self.menus = Menus(self, names, context.theme.mode)
        self.menus.compact.setChecked(context.theme.compact)
        self.run_settings = add_to_menu(self.menuBar(), self.menus.notifications, "Запуски и &трей…")
        self.sidebar = Sidebar(context.theme, names)
        self.stack = QStackedWidget()
        self.store_loading = StoreLoading(context, self)
        self.all_cabinets = AllCabinets(context, self)
        self.side_by_side = SideBySide(context, self)
        self.watch = RunWatch(context, self)
        self.tray: Tray | None = Tray(context.theme, self) if Tray.available() else None
        self.messages = Messages(context, self.stack, self.sidebar.news, self.tray)
        self.messages.silent_jobs.add(self.all_cabinets.title)
        self.bar = self.messages.bar
        self.text_undo = TextUndo(self)
        self._status_timer = QTimer(self)
        self._status_timer.setInterval(STATUS_EVERY_MS)
        self._status_timer.timeout.connect(self.read_frame)
        self._status_timer.start()
        self._lay_out()
        self._connect()
        self._restore()
        self.read_frame()
        self.watch.look()

    def _page_names(self) -> tuple[tuple[str, str], ...]:
        return (
            ("integration", "Интеграция"),
            ("mapping", "Категории"),
            ("products", "Товары"),
            ("sync", "Синхронизация"),
            ("orders", "Заказы"),
            ("journal", "Журнал"),
        )

    def _lay_out(self) -> None:
        self.setWindowTitle("Ozon Desktop")
        self.setWindowIcon(self.context.theme.icon("app", "accent"))
        self.setMinimumSize(QSize(720, 480))
        demo = QFrame()
        demo.setObjectName("demo_bar")
        set_role(demo, "demo")
        row = QHBoxLayout(demo)
        row.setContentsMargins(28, 6, 28, 6)
        row.addWidget(WrappedLabel("Это демонстрация: данные учебные, ничего не уходит с компьютера"))
        demo.setVisible(self.context.application.demo)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(demo)
        right.addWidget(self.stack, 1)
        central = QWidget()
        whole = QHBoxLayout(central)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.sidebar)
        whole.addLayout(right, 1)
        self.setCentralWidget(central)

    def _connect(self) -> None:
        context, sidebar, menus = self.context, self.sidebar, self.menus
        context.go_to.connect(self.go_to)
        context.data_changed.connect(self._data_changed)
        context.integration_changed.connect(self._integration_changed)
        context.load_export.connect(self._load_export)
        context.job_started.connect(self._job_started)
        context.job_progressed.connect(sidebar.show_progress)
        context.job_stopping.connect(sidebar.show_stopping)
        context.job_ended.connect(self._job_ended)
        sidebar.page_chosen.connect(self.show_page)
        sidebar.cabinet_chosen.connect(self._choose_cabinet)
        sidebar.cabinet_added.connect(self._add_cabinet)
        sidebar.run_asked.connect(self.synchronize)
        sidebar.all_asked.connect(self.side_by_side.ask_for_all)
        sidebar.overview_asked.connect(self._show_cabinets)
        self.side_by_side.opened.connect(self._choose_cabinet)
        self.side_by_side.run_asked.connect(self._synchronize_these)
        self.all_cabinets.reported.connect(self.messages.say_lines)
        self.watch.read.connect(self._runs_read)
        self.watch.ended.connect(self._run_ended)
        self.watch.failed.connect(self.messages.show_refusal)
        sidebar.stop_asked.connect(self._stop)
        sidebar.news.page_asked.connect(self.show_page)
        for action, slot in (
            (menus.load_export, self._load_export),
            (menus.rules, self._rules),
            (menus.notifications, self._notifications),
            (self.run_settings, self._run_settings),
            (menus.quit, self.quit),
            (menus.undo, self._undo),
            (menus.redo, self._redo),
            (menus.find, self._find),
            (menus.save, self._save),
            (menus.synchronize, self.synchronize),
            (menus.data_folder, self._open_data_folder),
            (menus.about, self._about),
        ):
            action.triggered.connect(slot)
        menus.edit_menu.aboutToShow.connect(self._name_steps)
        for action in menus.pages:
            action.triggered.connect(self._page_action)
        for action in menus.themes:
            action.triggered.connect(self._theme_action)
        menus.compact.toggled.connect(self._set_compact)
        if self.tray is not None:
            self.tray.run_asked.connect(self.synchronize)
            self.tray.open_asked.connect(self.bring_to_front)
            self.tray.pause_asked.connect(self.watch.set_paused)
            self.tray.quit_asked.connect(self.quit)

    def _restore(self) -> None:
        if not self.context.state.restore_window(self):
            self.resize(first_size(self.screen().availableSize()))
        page = self.context.state.text("window/page", "integration")
        self.show_page(page if page in self._factories else self.page_names[0])
        self.current_page.setFocus()

    # --- pages ------------------------------------------------------------------------------------------------------

    @property
    def page_names(self) -> tuple[str, ...]:
        """Names of the pages, in the order of the list."""
        return tuple(name for name, _ in self._page_names() if name in self._factories)

    @property
    def current_page(self) -> Page:
        return self._built[self._current]

    def page(self, name: str) -> Page:
        """A page, built when it is first asked for. KeyError for an unknown name."""
        if name not in self._built:
            page = self._factories[name](self.context)
            self._built[name] = page
            self.stack.addWidget(page)
        return self._built[name]

    def show_page(self, name: str) -> None:
        page = self.page(name)
        self._current = name
        self.context.current_page = name
        self.stack.setCurrentWidget(page)
        self.sidebar.select(name)
        self.messages.follow(page)
        self.menus.leave_to(page)
        self._name_steps()
        self.context.state.remember("window/page", name)

    def go_to(self, name: str, payload: object = None) -> None:
        """Shows a page; `payload` says what for, see `Page.open_payload`."""
        self.show_page(name)
        if payload is not None:
            self.current_page.open_payload(payload)

    def synchronize(self) -> None:
        """F5, the sidebar's button and the tray: the same run."""
        self.bring_to_front()
        self.go_to("sync", "run")

    def _stop(self) -> None:
        """«Остановить»: the long job, else the run that the schedule has begun."""
        if self.context.long_job is not None:
            self.context.stop_job()
            return
        self.sidebar.show_stopping()
        stopping = self.context.application.scheduler.stop_run(self.context.integration_id)
        self.context.worker.run(stopping, on_done=self._stopped, on_failed=self.show_failure)

    def _stopped(self, _: bool) -> None:
        self.watch.look()

    def bring_to_front(self) -> None:
        """Shows the window, also when it was hidden or minimized."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    # --- what the frame shows ---------------------------------------------------------------------------------------

    def read_frame(self) -> None:
        if self._reading is not None or not self.context.integration_id:
            return
        self._reading = self.context.worker.run(
            read_frame(self.context.application, self.context.integration_id),
            on_done=self._frame_read,
            on_failed=self._frame_failed,
            on_cancelled=self._frame_forgotten,
        )

    def _frame_read(self, data: FrameData) -> None:
        self._reading = None
        if data.integration.id != self.context.integration_id:
            self.read_frame()
            return
        self._frame = data
        self.sidebar.show_frame(data)
        self.side_by_side.show_frame(data)
        self._update_tray()

    def _runs_read(self, reading: RunReading) -> None:
        self.sidebar.show_runs(reading)
        self.side_by_side.show_reading(reading)
        self._update_tray()

    def _run_ended(self) -> None:
        # A run of the schedule, or of another computer, ends without a page knowing of it.
        self.context.data_changed.emit("journal")

    def _update_tray(self) -> None:
        if self.tray is not None:
            running = self.watch.is_running(self.context.integration_id) or self.context.long_job is not None
            self.tray.show_status(self.sidebar.status, running=running)
            self.tray.show_paused(self.watch.paused)

    def _frame_failed(self, error: object) -> None:
        self._reading = None
        self.show_failure(error)

    def _frame_forgotten(self) -> None:
        self._reading = None

    def _name_steps(self) -> None:
        self.menus.name_steps(self.current_page.undo_label, self.current_page.redo_label)

    def _data_changed(self, _: str) -> None:
        self._name_steps()
        self.read_frame()

    def _integration_changed(self, integration_id: object) -> None:
        self.context.state.remember("window/integration", str(integration_id))
        self._name_steps()
        self.read_frame()

    def show_failure(self, error: object) -> None:
        self.messages.show_failure(error)

    def _job_started(self, job: Any) -> None:
        self.sidebar.start_job(job.title)
        self._update_tray()

    def _job_ended(self) -> None:
        self.sidebar.end_job()
        self._update_tray()
        self.read_frame()

    # --- cabinets ---------------------------------------------------------------------------------------------------

    def _choose_cabinet(self, integration_id: object) -> None:
        if isinstance(integration_id, int) and self._may_leave(partial(self._choose_cabinet, integration_id)):
            self.context.choose_integration(integration_id)

    def _add_cabinet(self) -> None:
        if self._may_leave(self._add_cabinet):
            self.context.worker.run(add_cabinet(self.context.application), on_done=self._cabinet_added, on_failed=self.show_failure)

    def _cabinet_added(self, integration: Integration) -> None:
        self.context.choose_integration(integration.id)
        self.show_page("integration")

    def _show_cabinets(self) -> None:
        self.side_by_side.bring_up(self)

    def _synchronize_these(self, cabinets: object) -> None:
        if isinstance(cabinets, list) and self._may_leave(partial(self._synchronize_these, cabinets)):
            self.all_cabinets.run(cabinets)

    # --- actions ----------------------------------------------------------------------------------------------------

    def _page_action(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.show_page(str(action.data()))

    def _theme_action(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            mode = ThemeMode(str(action.data()))
            self.context.theme.set_mode(mode)
            self.context.state.remember("window/theme", mode.value)

    def _set_compact(self, compact: bool) -> None:
        self.context.theme.set_compact(compact)
        self.context.state.remember("window/compact", "yes" if compact else "no")

    def _undo(self) -> None:
        # Never of another page: what is undone has to be in sight.
        if not self.menus.trigger_on(self.current_page, self.menus.undo):
            self.current_page.undo()

    def _redo(self) -> None:
        if not self.menus.trigger_on(self.current_page, self.menus.redo):
            self.current_page.redo()

    def _find(self) -> None:
        self.current_page.focus_search()

    def _save(self) -> None:
        if not self.menus.trigger_on(self.current_page, self.menus.save):
            self.current_page.save()

    def _load_export(self) -> None:
        self.store_loading.ask(self)

    def _rules(self) -> None:
        self.go_to("sync", "rules")

    def _notifications(self) -> None:
        NotificationsDialog.bring_up(self.context, self)

    def _run_settings(self) -> None:
        RunSettingsDialog.bring_up(self.context, self.watch, self)

    def _open_data_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.context.application.paths.root)))

    def _about(self) -> None:
        show_about(self, self.context.application)

    # --- the end ----------------------------------------------------------------------------------------------------

    def quit(self) -> None:
        """Ends the program, also when it would otherwise stay in the notification area. Asks what closing the window asks."""
        self._quitting = True
        if not self.close():
            self._quitting = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window keeps only the icons of the list."""
        super().resizeEvent(event)
        self.sidebar.fit(self.width())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks about unsaved changes and work under way; stays in the notification area when that was chosen."""
        staying = self.tray is not None and stays_when_closed(self.context.state) and not self._quitting
        if not staying and not (self._may_leave(self.quit if self._quitting else self.close) and self._may_end()):
            event.ignore()
            return
        self.context.state.keep_window(self)
        self.context.state.flush()
        if staying:
            # Nothing is lost by hiding: what is unsaved is asked about when the program ends.
            self._stay_in_tray()
            event.ignore()
            return
        for page in self._built.values():
            page.leave()
        event.accept()
        self.stop_reading()
        self.closed.emit()
        QApplication.quit()

    def _stay_in_tray(self) -> None:
        self.hide()
        if self.tray is not None and not self.context.state.text(TRAY_EXPLAINED):
            self.context.state.remember(TRAY_EXPLAINED, "yes")
            self.tray.notify("Ozon Desktop", "Программа работает дальше: откройте её значком в области уведомлений.")

    def stop_reading(self) -> None:
        """Asks the services for nothing more: they are about to be closed."""
        self._status_timer.stop()
        self.watch.stop()

    def dispose(self) -> None:
        """Takes the window down without asking, when the program ends."""
        self.stop_reading()
        self.messages.stop()
        self.hide()
        self.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _may_leave(self, then: Callable[[], object]) -> bool:
        """Whether nothing is left unsaved. `then`: what is done later, when the manager wants it to be saved first."""
        return may_leave(self, self._built.values(), lambda page: self._save_first(page, then))

    def _save_first(self, page: Page, then: Callable[[], object]) -> None:
        self.show_page(next(name for name, known in self._built.items() if known is page))
        SaveFirst(page, then)

    def _may_end(self) -> bool:
        """Whether no work is under way, or the manager lets it be stopped."""
        long = self.context.long_job
        if long is None and not self.watch.runs_here:
            return True
        return may_stop(self, long.title if long is not None else "Синхронизация по расписанию")
