"""What is asked before something is lost: unsaved changes of a page, work under way when the program ends."""

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from ozon_desktop.ui.page import Page
from ozon_desktop.ui.widgets import confirm


def may_leave(window: QWidget, pages: Iterable[Page]) -> bool:
    """Whether nothing is unsaved, or the manager gives it up."""
    unsaved = next((page for page in pages if page.has_unsaved_changes()), None)
    if unsaved is None:
        return True
    text = f"На странице «{unsaved.accessibleName()}» есть несохранённые изменения. Не сохранять их?"
    return confirm(window, "Есть несохранённые изменения", text, "Не сохранять")


def may_stop(window: QWidget, title: str) -> bool:
    """Whether the work called `title` may be stopped for the end of the program."""
    text = f"«{title}» ещё выполняется. Остановить и выйти?"
    kept = "Всё полученное и отправленное сохранено: в следующий раз работа продолжится с этого места."
    return confirm(window, "Работа не закончена", text, "Остановить и выйти", informative=kept)
