"""News from the background: a small card above the sidebar's status, one at a time; a bell with a count where there is no room for it."""

import re
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from ozon_desktop.ui.look.theme import Theme, icon_size, repolish, set_role
from ozon_desktop.ui.widgets import WrappedLabel
from ozon_desktop.wording import plural

SHOWN_LINES = 4
"""A longer text is cut here, and whole in the tooltip."""


@dataclass(frozen=True, slots=True)
class Item:
    """What happened. page: where more of it is seen, "" = nowhere."""

    title: str
    text: str
    page: str = ""

    @property
    def kind(self) -> str:
        """What it says, whatever its numbers."""
        return re.sub(r"\d+", "", f"{self.title}\n{self.text}")

    @property
    def line(self) -> str:
        """All of it in one line."""
        return f"{self.title}: {self.text[:1].lower()}{self.text[1:]}" if self.text else self.title


class News(QFrame):
    """The newest stands in front, in place of one that said the same with other numbers. page_asked(page): «Показать» was pressed."""

    page_asked = Signal(str)
    changed = Signal()
    """There is more or less to show than before."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._items: list[Item] = []
        self.setObjectName("news")
        set_role(self, "card")
        self.title = WrappedLabel("", role="cabinet-name")
        self.title.setObjectName("news_title")
        self.text = WrappedLabel("", role="hint")
        self.text.setObjectName("news_text")
        self.show_button = QPushButton("Показать")
        self.show_button.setObjectName("news_show")
        self.more = QPushButton("")
        self.more.setObjectName("news_more")
        for button in (self.show_button, self.more):
            set_role(button, "link")
        self.close_button = QToolButton()
        self.close_button.setObjectName("news_close")
        self.close_button.setText("×")
        self.close_button.setAccessibleName("Убрать новость")
        set_role(self.close_button, "slim")
        self.bell = QPushButton()
        self.bell.setObjectName("news_bell")
        self.bell.setProperty("narrow", True)
        self.bell.hide()
        self._menu = QMenu(self.bell)
        self._lay_out()
        self.close_button.clicked.connect(self.close_first)
        self.show_button.clicked.connect(self._show_first)
        self.more.clicked.connect(self._next)
        self.bell.clicked.connect(self._open_list)
        theme.changed.connect(self._paint)
        self._paint()
        self.hide()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        links = QHBoxLayout()
        links.addWidget(self.show_button)
        links.addStretch(1)
        links.addWidget(self.more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 6, 6)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self.text)
        layout.addLayout(links)

    @property
    def items(self) -> tuple[Item, ...]:
        """What is there to show, the newest first."""
        return tuple(self._items)

    @property
    def message(self) -> str:
        """The one in front, in one line; "" = there is none."""
        return self._items[0].line if self._items else ""

    def add(self, item: Item) -> None:
        """Something has happened."""
        self._items = [item, *(known for known in self._items if known.kind != item.kind)]
        self._show()

    def close_first(self) -> None:
        """The one in front has been read."""
        del self._items[:1]
        self._show()

    def _show_first(self) -> None:
        page = self._items[0].page
        self.close_first()
        self.page_asked.emit(page)

    def _next(self) -> None:
        """Brings the one behind to the front; nothing is lost."""
        self._items = [*self._items[1:], self._items[0]]
        self._show()

    def _show(self) -> None:
        if self._items:
            first, others = self._items[0], len(self._items) - 1
            self.title.setText(first.title)
            self.text.setText(_first_lines(first.text))
            self.text.setVisible(bool(first.text))
            self.setToolTip(first.line)
            self.setAccessibleName(f"Новость: {first.line}")
            self.show_button.setVisible(bool(first.page))
            self.more.setVisible(bool(others))
            self.more.setText(f"ещё {others}")
            self.more.setAccessibleName(f"Следующая новость, ещё {others}")
            count = plural(len(self._items), "новость", "новости", "новостей")
            self.bell.setText(str(len(self._items)))
            self.bell.setAccessibleName(count)
            self.bell.setToolTip(f"{count}\n{first.line}")
        self.changed.emit()

    def _open_list(self) -> None:
        self._menu.clear()
        for item in self._items:
            action = self._menu.addAction(item.line.replace("&", "&&"))
            action.setData(item.kind)
            action.triggered.connect(self._chosen)
        self._menu.popup(self.bell.mapToGlobal(self.bell.rect().topRight()))

    def _chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            chosen = next(item for item in self._items if item.kind == action.data())
            self._items.remove(chosen)
            self._show()
            if chosen.page:
                self.page_asked.emit(chosen.page)

    def _paint(self) -> None:
        self.bell.setIconSize(icon_size(self.bell))
        self.bell.setIcon(self._theme.icon("bell"))
        repolish(self.bell)


def _first_lines(text: str) -> str:
    lines = text.split("\n")
    return text if len(lines) <= SHOWN_LINES else "\n".join([*lines[: SHOWN_LINES - 1], "…"])
