"""What is asked before something is lost: unsaved changes of a page, work under way when the program ends."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from ozon_desktop.ui.page import Page
from ozon_desktop.ui.widgets import confirm
from ozon_desktop.ui.widgets.confirm import Unsaved, ask_to_save

LOOK_EVERY_MS = 30


def may_leave(window: QWidget, pages: Iterable[Page], save: Callable[[Page], object]) -> bool:
    """Whether nothing is unsaved, or the manager gives it up. Where it is to be saved, `save` begins, and nobody leaves yet."""
    for page in pages:
        if not page.has_unsaved_changes():
            continue
        text = f"На странице «{page.accessibleName()}» есть несохранённые изменения. Сохранить их?"
        answer = ask_to_save(window, "Есть несохранённые изменения", text)
        if answer is Unsaved.SAVE:
            save(page)
        if answer is not Unsaved.DISCARD:
            return False
    return True


class SaveFirst(QObject):
    """Saves a page, then does what was to be done; nothing when it cannot be saved: the page says why."""

    def __init__(self, page: Page, then: Callable[[], object]) -> None:
        super().__init__(page)
        self._unsaved = page.has_unsaved_changes
        self._worker = page.context.worker
        self._then = then
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        page.save()
        self._timer.start()

    def _look(self) -> None:
        saved = not self._unsaved()
        if not saved and self._worker.pending:
            return
        self._timer.stop()
        self.deleteLater()
        if saved:
            self._then()


def may_stop(window: QWidget, title: str) -> bool:
    """Whether the work called `title` may be stopped for the end of the program."""
    text = f"«{title}» ещё выполняется. Остановить и выйти?"
    kept = "Всё полученное и отправленное сохранено: в следующий раз работа продолжится с этого места."
    return confirm(window, "Работа не закончена", text, "Остановить и выйти", informative=kept)
