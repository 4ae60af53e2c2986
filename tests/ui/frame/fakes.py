"""A page that notes what the window asks of it."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.frame.main_window import MainWindow
from ozon_desktop.ui.page import Page


class FakePage(Page):
    """Notes what the window asks of it."""

    def __init__(self, context: WindowContext, name: str) -> None:
        super().__init__(context, name)
        self.refreshed = 0
        self.payloads: list[object] = []
        self.calls: list[str] = []
        self.unsaved = False
        self.step: str | None = None
        self.search = QLineEdit()
        self.body.addWidget(self.search)

    def refresh(self) -> None:
        self.refreshed += 1

    def open_payload(self, payload: object) -> None:
        self.payloads.append(payload)

    def focus_search(self) -> None:
        self.search.setFocus()

    def save(self) -> None:
        self.calls.append("save")

    @property
    def undo_label(self) -> str | None:
        return self.step

    def undo(self) -> None:
        self.calls.append("undo")

    def has_unsaved_changes(self) -> bool:
        return self.unsaved


def factory(name: str) -> Callable[[WindowContext], Page]:
    return lambda context: FakePage(context, name)


def page(window: MainWindow, name: str) -> FakePage:
    found = window.page(name)
    assert isinstance(found, FakePage)
    return found
