"""What the window says: in place of the page's status line what somebody waits for, above the sidebar's status what happened meanwhile.

And in the notification area while nobody looks at the window.
"""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.frame.news import Item, News
from ozon_desktop.ui.frame.tray import Tray
from ozon_desktop.ui.page import Page
from ozon_desktop.ui.widgets import MessageBar
from ozon_desktop.ui.widgets.message_place import MessagePlace

LINE_STAYS_MS = 12_000


class Messages(QObject):
    """Owner of the window's own message, which stands on whatever page is shown.

    silent_jobs: titles of long jobs that announce their end themselves.
    """

    def __init__(self, context: WindowContext, area: QWidget, news: News, tray: Tray | None) -> None:
        """area: holds the pages."""
        super().__init__(area)
        self._context = context
        self._tray = tray
        self.news = news
        self.silent_jobs: set[str] = set()
        self.bar = MessageBar(area, slim=True)
        self.bar.setObjectName("window_message")
        self._place = MessagePlace(self.bar, area)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.bar.hide)
        context.notify.connect(self.notify)
        context.message.connect(self.say)
        context.failure.connect(self.show_failure)
        context.worker.unheard.connect(self.show_failure)
        context.job_finished.connect(self._job_finished)

    def follow(self, page: Page) -> None:
        """Another page is shown: the message stands there now, and Esc closes it before the page's own, which it covers."""
        self._place.follow(page.head.line)
        self.bar.close_with_escape(page)

    def show_failure(self, error: object) -> None:
        shown = self._context.explain(error)
        self._timer.stop()
        self.bar.show_message(shown.line, "error", details=shown.details)

    def show_refusal(self, error: object) -> None:
        """Says what failed also to somebody who asked from the notification area."""
        self.show_failure(error)
        if not self.bar.window().isVisible():
            self._notify_system("Ozon Desktop", self._context.explain(error).line)

    def say(self, text: str, kind: str) -> None:
        """One line; good news go by themselves."""
        self.bar.show_message(text, kind)
        if kind in {"info", "good"}:
            self._timer.start(LINE_STAYS_MS)
        else:
            self._timer.stop()

    def say_lines(self, title: str, text: str, kind: str) -> None:
        """Several lines: they stay until they are closed, good news too."""
        # The bar of a good message would go by itself before all of it is read.
        self.bar.show_message(text, "info" if kind == "good" else kind)
        self._timer.stop()
        self._notify_system(title, text)

    def notify(self, title: str, text: str) -> None:
        """Something happened beside the window."""
        self.news.add(Item(title, text))
        self._notify_system(title, text)

    def stop(self) -> None:
        self._timer.stop()

    def _job_finished(self, title: str, text: str, page: str) -> None:
        if title in self.silent_jobs:
            return
        # The page the job was started on says itself what it brought.
        if page != self._context.current_page:
            self.news.add(Item(f"«{title}»", text, page))
        self._notify_system(title, text)

    def _notify_system(self, title: str, text: str) -> None:
        if self._tray is not None and not self.bar.window().isActiveWindow():
            self._tray.notify(title, text)
