"""A hand at the mouse and the keyboard of the screen. It works beside the window's thread, as a person does.

What the window opens and waits for (a menu, a question) cannot hold it up.
"""

import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QEventLoop, QObject, QPoint, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QScrollArea, QWidget

from ozon_desktop.ui.frame.main_window import MainWindow

Answer = TypeVar("Answer")
Found = TypeVar("Found", bound=QObject)
PATIENCE_S = 60.0


class WindowThread(QObject):
    """Lets another thread ask in the window's."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self._answer)

    def _answer(self, question: Callable[[], None]) -> None:
        question()

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """What `question` gives in the window's thread; its errors too."""
        ready = threading.Event()
        answers: list[Answer] = []
        errors: list[BaseException] = []

        def answer() -> None:
            try:
                answers.append(question())
            except BaseException as error:
                errors.append(error)
            ready.set()

        self.asked.emit(answer)
        if not ready.wait(PATIENCE_S):
            raise TimeoutError("the window does not answer")
        if errors:
            raise errors[0]
        return answers[0]


class Hand:
    """Clicks and keys where a person would put them. All methods are called from the thread of `by_hand`."""

    def __init__(self, window: MainWindow, thread: WindowThread) -> None:
        self.window = window
        self._thread = thread

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """Asks in the window's thread."""
        return self._thread.ask(question)

    # --- waiting ----------------------------------------------------------------------------------------------------

    def until(self, condition: Callable[[], Any], why: str) -> None:
        """Waits until a condition, asked in the window's thread, holds."""
        end = time.monotonic() + PATIENCE_S
        while not self.ask(condition):
            assert time.monotonic() < end, why
            time.sleep(0.03)

    def rest(self) -> None:
        """Waits until nothing runs beside the window and the screen stands still."""
        context = self.window.context
        self.until(lambda: context.long_job is None and context.worker.pending == 0, "work beside the window does not end")
        for _ in range(3):
            time.sleep(0.05)
            self.ask(QApplication.processEvents)

    # --- finding ----------------------------------------------------------------------------------------------------

    def find(self, kind: type[Found], name: str) -> Found:
        """A control that is seen, by its name, in whatever window."""

        def look() -> Found | None:
            for top in QApplication.topLevelWidgets():
                known = [widget for widget in (top, *top.findChildren(kind, name)) if isinstance(widget, kind)]
                for found in known:
                    if found.objectName() == name and isinstance(found, QWidget) and found.isVisible():
                        return found
            return None

        self.until(lambda: look() is not None, f"no {name} is seen")
        found = self.ask(look)
        assert found is not None
        return found

    def page(self, name: str) -> None:
        """Opens a page with its key and waits for it."""
        number = self.ask(lambda: self.window.page_names.index(name)) + 1
        self.keys(f"ctrl+{number}")
        self.until(lambda: self.window.stack.currentWidget() is self.window.page(name), f"{name} is not shown")
        self.rest()

    # --- mouse and keys ---------------------------------------------------------------------------------------------

    def point(self, widget: QWidget, at: QPoint | None = None) -> tuple[int, int]:
        """Where a place of a widget (its middle by default) is on the screen, in the screen's own pixels."""

        def place() -> tuple[int, int]:
            point = widget.mapToGlobal(at if at is not None else widget.rect().center())
            ratio = QGuiApplication.primaryScreen().devicePixelRatio()
            return round(point.x() * ratio), round(point.y() * ratio)

        return self.ask(place)

    def move(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Points at a widget."""
        x, y = self.point(widget, at)
        self._tool("mousemove", "--sync", str(x), str(y))

    def click(self, widget: QWidget, at: QPoint | None = None, button: int = 1, times: int = 1) -> None:
        """Clicks a widget, scrolled into sight where its page scrolls, once it stands still."""
        self.ask(lambda: scroll_to(widget))
        x, y = self._still(widget, at)
        self._tool("mousemove", str(x), str(y), "click", "--repeat", str(times), "--delay", "40", str(button))
        self.ask(QApplication.processEvents)

    def _still(self, widget: QWidget, at: QPoint | None) -> tuple[int, int]:
        """Where a place of a widget is when it has not moved for three looks: a click into a page that is still laid out would miss."""
        places = [self.point(widget, at)]
        end = time.monotonic() + PATIENCE_S
        while len(places) < 3 or len(set(places[-3:])) > 1:
            assert time.monotonic() < end, f"{widget.objectName()} does not stand still"
            time.sleep(0.04)
            places.append(self.point(widget, at))
        return places[-1]

    def press(self, name: str) -> None:
        """Clicks a button by its name, once it can be clicked, and waits for what it does."""
        button = self.find(QAbstractButton, name)
        self.until(button.isEnabled, f"{name} cannot be pressed")
        self.click(button)
        self.rest()

    def click_row(self, view: QAbstractItemView, row: int, column: int = 0, button: int = 1, times: int = 1) -> None:
        """Clicks a cell of a list or table."""
        at = self.ask(lambda: view.visualRect(view.model().index(row, column)).center())
        self.click(self.ask(view.viewport), at, button, times)

    def keys(self, *names: str) -> None:
        """Presses keys one after the other, by their X names: «ctrl+o», «Down»."""
        self._tool("key", "--clearmodifiers", "--delay", "25", *names)
        time.sleep(0.05)
        self.ask(QApplication.processEvents)

    def type(self, text: str) -> None:
        """Types ASCII text where the focus is."""
        self._tool("type", "--clearmodifiers", "--delay", "15", text)
        time.sleep(0.05)
        self.ask(QApplication.processEvents)

    def _tool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], check=True, timeout=PATIENCE_S)

    def picture(self, path: Path) -> None:
        """The whole screen, as it is seen."""

        def grab() -> None:
            path.parent.mkdir(parents=True, exist_ok=True)
            QGuiApplication.primaryScreen().grabWindow(0).save(str(path))

        self.ask(grab)


def scroll_to(widget: QWidget) -> None:
    """What a person does with the wheel before a click."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()
    QApplication.processEvents()


def by_hand(window: MainWindow, work: Callable[[Hand], None]) -> None:
    """Lets the window live while `work` uses it from another thread; its failure is this call's.

    Other windows of the program are away meanwhile: `find` would find what is in them, and clicks could land there.
    """
    others = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow) and one is not window and one.isVisible()]
    for other in others:
        other.hide()
    loop = QEventLoop()
    thread = WindowThread()
    hand = Hand(window, thread)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work(hand)
        except BaseException as failure:
            failures.append(failure)

    worker = threading.Thread(target=run, name="hand", daemon=True)
    watch = QTimer()
    watch.setInterval(20)
    watch.timeout.connect(lambda: None if worker.is_alive() else loop.quit())
    worker.start()
    watch.start()
    loop.exec()
    watch.stop()
    worker.join()
    for other in others:
        other.show()
    if failures:
        raise failures[0]
