"""Starts the window: Qt application, language, theme, the services on their thread; and its pictures for checks."""

import asyncio
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import (
    QCoreApplication,
    QEventLoop,
    QLibraryInfo,
    QMessageLogContext,
    QObject,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox

from ozon_desktop.application import Application
from ozon_desktop.errors import AppError, DatabaseDamaged
from ozon_desktop.logs import LOG_NAME
from ozon_desktop.paths import APP_NAME, DataPaths
from ozon_desktop.services.backups import restore
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.frame.main_window import MainWindow, PageFactory
from ozon_desktop.ui.garbage import GarbageCollection
from ozon_desktop.ui.integration.page import IntegrationPageView
from ozon_desktop.ui.look.language import speak_russian
from ozon_desktop.ui.look.theme import Theme, ThemeMode, window_font
from ozon_desktop.ui.presenter import Presenter
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.terminate import ends_on_terminate
from ozon_desktop.ui.worker import Worker
from ozon_desktop.wording import RESTORE_BUTTON, UNEXPECTED_TITLE
from ozon_desktop.wording.errors import unexpected_line

ApplicationFactory = Callable[[], Coroutine[Any, Any, Application]]

_PLATFORM_FILE = re.compile(r"(?:lib)?q(\w[\w-]*?)\.(?:so|dylib|dll)")
IDLE_SECONDS = 30.0
TURN_S = 0.0005
"""How soon the services' thread lets the window thread have its turn. A list asks for its cells one by one, and waits for each."""


def page_factories() -> Mapping[str, PageFactory]:
    """The six pages. Imported here, so that a page costs nothing until the window is built."""
    from ozon_desktop.ui.journal.page import JournalPage
    from ozon_desktop.ui.mapping.page import MappingPage
    from ozon_desktop.ui.orders.page import OrdersPage
    from ozon_desktop.ui.products.page import ProductsPage
    from ozon_desktop.ui.rules.window import RulesWindow
    from ozon_desktop.ui.sync.page import SyncPage

    return {
        "integration": IntegrationPageView,
        "mapping": MappingPage,
        "products": ProductsPage,
        "sync": partial(SyncPage, make_rules=RulesWindow),
        "orders": OrdersPage,
        "journal": JournalPage,
    }


def run_window(factory: ApplicationFactory, paths: DataPaths, *, theme_mode: ThemeMode | None = None) -> int:
    """Shows the window until it is closed; gives the exit code. `factory` builds the application on the services' thread."""
    app = prepare_qt()
    session = Session(factory, paths, theme_mode=theme_mode)
    session.start()
    with ends_on_terminate(session.end_like_the_menu):
        code = app.exec()
    session.end()
    return 3 if session.failed else code


def smoke(factory: ApplicationFactory, paths: DataPaths) -> int:
    """Builds the window, visits every page, closes it; 0 when nothing failed."""
    return _visit(factory, paths, None, None)


def screenshots(factory: ApplicationFactory, paths: DataPaths, folder: Path, *, theme_mode: ThemeMode = ThemeMode.LIGHT) -> int:
    """Saves a picture of every page; 0 when nothing failed."""
    return _visit(factory, paths, folder, theme_mode)


def _visit(factory: ApplicationFactory, paths: DataPaths, folder: Path | None, theme_mode: ThemeMode | None) -> int:
    prepare_qt()
    session = Session(factory, paths, theme_mode=theme_mode, quiet=True)
    session.start()
    try:
        window = session.wait_for_window()
        if window is None:
            return 3
        if folder is not None:
            window.resize(1366, 768)
            save_pages(window, folder)
        else:
            visit_pages(window)
        return 3 if session.failures else 0
    finally:
        session.end()
        _print_failures(session)


def _print_failures(session: "Session") -> None:
    # A packaged program without a console has no standard error.
    if sys.stderr is not None:
        for error in session.failures:
            sys.stderr.write(f"{session.presenter.explain(error).line}\n")


def route_qt_log() -> None:
    """Qt's own lines go to the program's log, not to the terminal of the command line."""
    log = logging.getLogger("ozon_desktop.qt")
    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }

    def handle(kind: QtMsgType, _: QMessageLogContext, text: str) -> None:
        log.log(levels[kind], "%s", text)

    qInstallMessageHandler(handle)


def unknown_platform() -> tuple[str, list[str]] | None:
    """The output QT_QPA_PLATFORM asks for when Qt has none of that name, and those it has; None = all is well. Qt itself would abort."""
    asked = os.environ.get("QT_QPA_PLATFORM", "")
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    files = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    known = sorted({found[1] for name in files if (found := _PLATFORM_FILE.fullmatch(name)) is not None})
    wanted = [part.partition(":")[0].strip() for part in asked.split(";")]
    if not asked or not known or any({name, name.partition("-")[0]} & set(known) for name in wanted):
        return None
    return asked, known


def prepare_qt() -> QApplication:
    """The Qt application with Russian texts, numbers and the window's font."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName(APP_NAME)
    app.setApplicationDisplayName("Ozon Desktop")
    app.setQuitOnLastWindowClosed(False)
    speak_russian(app)
    app.setFont(window_font())
    return app


class Session(QObject):
    """One life of the window: builds the application beside it, keeps worker, window and garbage collection together."""

    def __init__(self, factory: ApplicationFactory, paths: DataPaths, *, theme_mode: ThemeMode | None = None, quiet: bool = False) -> None:
        super().__init__()
        self._factory = factory
        self._quiet = quiet
        self.failed = False
        self.failures: list[object] = []
        self._owner_knows: set[str] = set()
        self._asked_to_end = False
        self.state = WindowState(paths.window_state)
        self.theme = Theme(theme_mode or _mode(self.state.text("window/theme", ThemeMode.SYSTEM.value)), self)
        self.theme.set_compact(self.state.text("window/compact") == "yes")
        self.worker = Worker(self)
        self.presenter = Presenter(str(paths.logs / LOG_NAME))
        self.application: Application | None = None
        self.window: MainWindow | None = None
        self._hook = sys.excepthook
        self._turn = sys.getswitchinterval()
        self._garbage = GarbageCollection(self)

    def start(self) -> None:
        """Begins to open the database; the window comes when it is open."""
        sys.excepthook = self._unexpected
        sys.setswitchinterval(TURN_S)
        self._garbage.start()
        self.worker.run(self._open(), on_done=self._opened, on_failed=self._not_opened)

    def end(self) -> None:
        """Closes the application on its thread, then the thread."""
        sys.excepthook = self._hook
        sys.setswitchinterval(self._turn)
        if self.window is not None:
            self.window.stop_reading()
        if self.application is not None:
            self._wait_for_close(self.application)
        self.worker.stop()
        self._garbage.stop()
        if self.window is not None:
            self.window.dispose()

    def wait_for_window(self) -> MainWindow | None:
        """Waits until the window is there; None when the application could not be built."""
        wait_until(lambda: self.window is not None or self.failed)
        return self.window

    async def _open(self) -> tuple[Application, int]:
        application = await self._factory()
        return application, (await application.integrations.ensure_one()).id

    def _opened(self, result: tuple[Application, int]) -> None:
        application, first = result
        self.application = application
        context = WindowContext(application, self.worker, self.theme, self.state, presenter=self.presenter, integration_id=first)
        context.setParent(self)
        context.failure.connect(self._note_failure)
        self.worker.unheard.connect(self._note_failure)
        application.notifications.listen(context.notify.emit)
        self.window = MainWindow(context, page_factories())
        self.window.show()
        if not self._quiet:
            self.worker.run(application.run())

    def _not_opened(self, error: object) -> None:
        self.failed = True
        if self._quiet:
            self.failures.append(error)
            return
        if self._tell(error):
            self.failed = False
            self.worker.run(self._restored(Path(str(getattr(error, "subject", "")))), on_done=self._opened, on_failed=self._not_opened)
            return
        QCoreApplication.exit(3)

    async def _restored(self, file: Path) -> tuple[Application, int]:
        await asyncio.to_thread(restore, file)
        return await self._open()

    def _tell(self, error: object) -> bool:
        """While there is no window that could say it. Gives whether a copy of the database is to be put back."""
        shown = self.presenter.explain(error)
        box = QMessageBox(QMessageBox.Icon.Critical, "Ozon Desktop", shown.title)
        box.setInformativeText(f"{shown.text}\n\n{shown.action}")
        if shown.details:
            box.setDetailedText(shown.details)
            copy = box.addButton("Скопировать", QMessageBox.ButtonRole.ActionRole)
            # Only copies: the message stays.
            copy.clicked.disconnect()
            copy.clicked.connect(partial(_copy_text, f"{shown.line}\n\n{shown.details}"))
            box.addButton(QMessageBox.StandardButton.Close)
        back = None
        if isinstance(error, DatabaseDamaged) and error.backups:
            back = box.addButton(RESTORE_BUTTON, QMessageBox.ButtonRole.AcceptRole)
            box.addButton(QMessageBox.StandardButton.Close)
        box.exec()
        return back is not None and box.clickedButton() is back

    def _note_failure(self, error: object) -> None:
        self.failures.append(error)
        self._tell_owner(error)

    def _tell_owner(self, error: object) -> None:
        """A mistake that the window could only show to nobody: the owner is told of each kind once."""
        kind = type(error).__name__
        looking = self.window is not None and self.window.isVisible() and self.window.isActiveWindow()
        if looking or self._quiet or isinstance(error, AppError) or kind in self._owner_knows or self.application is None:
            return
        self._owner_knows.add(kind)
        if not self.worker.stopped:
            self.worker.run(_told(self.application, kind))

    def end_like_the_menu(self) -> None:
        """The system asks the program to end: as «Выход» does, with its questions; asked again, without."""
        if self.window is None or self._asked_to_end:
            QCoreApplication.exit(0)
            return
        self._asked_to_end = True
        self.window.quit()
        self._asked_to_end = self.window.isVisible()

    def _unexpected(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self.failures.append(error)
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.exit(130)
        elif self.window is not None:
            self.window.show_failure(error)
            self._tell_owner(error)
        else:
            # Nothing is there that could go on, and nothing to close.
            self.failed = True
            if not self._quiet:
                self._tell(error)
            # Later: before the program's loop has begun there is nothing to leave.
            QTimer.singleShot(0, partial(QCoreApplication.exit, 3))

    def _wait_for_close(self, application: Application) -> None:
        job = self.worker.run(application.close(), on_failed=self._note_failure)
        wait_until(lambda: not job.running, seconds=10.0)


async def _told(application: Application, kind: str) -> None:
    application.notifications.notify_owner(UNEXPECTED_TITLE, unexpected_line(kind))


def _copy_text(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def visit_pages(window: MainWindow) -> None:
    """Shows every page and waits until it has what it asked for."""
    for name in window.page_names:
        window.show_page(name)
        settle(window)


def save_pages(window: MainWindow, folder: Path) -> list[Path]:
    """Saves a picture of every page into `folder` (made when missing) and gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    saved: list[Path] = []
    for number, name in enumerate(window.page_names, 1):
        window.show_page(name)
        settle(window)
        path = folder / f"{number}-{name}.png"
        if not window.grab().save(str(path)):
            raise OSError(f"cannot write {path}")
        saved.append(path)
    return saved


def settle(window: MainWindow) -> None:
    """Waits until the pages' jobs have ended and everything is painted."""
    wait_until(lambda: window.context.worker.pending == 0)
    for _ in range(3):
        _breathe()


def wait_until(condition: Callable[[], bool], *, seconds: float = IDLE_SECONDS) -> bool:
    """Lets Qt work until the condition holds; False when it did not in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        _breathe()
    return True


def _breathe() -> None:
    loop = QEventLoop()
    QTimer.singleShot(15, loop.quit)
    loop.exec()


def _mode(text: str) -> ThemeMode:
    return ThemeMode(text) if text in set(ThemeMode) else ThemeMode.SYSTEM
