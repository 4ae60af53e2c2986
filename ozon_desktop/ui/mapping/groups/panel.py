"""Both cards of the groups: the list on the left, what is known of the chosen category on the right."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.groups.board import GroupBoard, Row
from ozon_desktop.ui.mapping.groups.details import DetailsCard
from ozon_desktop.ui.mapping.groups.model import GroupsModel
from ozon_desktop.ui.mapping.groups.view import GroupsView
from ozon_desktop.ui.widgets import Card, EmptyState, FlowLayout, WrappedLabel
from ozon_desktop.ui.widgets.labels import fixed_label

KEYS = "Цифра — выбрать, Enter — принять, пробел — снять, Delete — отклонить, Ctrl+K — найти тип, Ctrl+Z — отменить"


class GroupsPanel(QWidget):
    """trees_wanted: the manager goes back to all categories. category_changed: the id of the one the cursor is on, "" = none."""

    trees_wanted = Signal()
    category_changed = Signal(str)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._category = ""
        self.model = GroupsModel(self)
        self.list = GroupsView(self.model, context.theme)
        self.details = DetailsCard()
        self.back = QPushButton("Все категории")
        self.back.setObjectName("show_all_categories")
        self.empty = EmptyState("Всё сопоставлено.", "Показать все категории", name="groups_empty")
        self._lay_out()
        self.back.clicked.connect(self.trees_wanted)
        self.empty.acted.connect(self.trees_wanted)
        self.list.row_changed.connect(self._row_changed)
        self.parts.splitterMoved.connect(self._keep_parts)

    @property
    def board(self) -> GroupBoard:
        return self.model.board

    @property
    def category(self) -> str:
        """The category the cursor is on; "" = none."""
        return self._category

    def _lay_out(self) -> None:
        card = Card()
        card.setAccessibleName("Предложения")
        # A large text leaves no room for both in one line.
        head = FlowLayout()
        head.addWidget(fixed_label("Предложения", role="heading"))
        head.addWidget(self.back)
        card.body.addLayout(head)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self.stack.addWidget(self.empty)
        card.body.addWidget(self.stack, 1)
        card.body.addWidget(WrappedLabel(KEYS, role="hint"))
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.setHandleWidth(16)
        self.parts.setChildrenCollapsible(False)
        self.parts.addWidget(card)
        self.parts.addWidget(self.details)
        self.parts.setStretchFactor(0, 1)
        self.parts.setSizes([720, 330])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.parts)
        self._context.state.restore_splitter("mapping_groups", self.parts)

    def _keep_parts(self, _position: int, _index: int) -> None:
        self._context.state.keep_splitter("mapping_groups", self.parts)

    def show_rows(self) -> None:
        """Draws what the board says now."""
        self.list.show_rows()
        self.stack.setCurrentIndex(0 if self.model.rowCount() else 1)
        self._show_details()

    def show_category(self, category_id: str) -> None:
        """Moves the cursor to a category, opened where it was folded away."""
        self.board.reveal(category_id)
        self.show_rows()
        self.list.select_category(category_id)

    def _row_changed(self, row: Row | None) -> None:
        category = row.category_id if row is not None else ""
        if category != self._category:
            self._category = category
            self._show_details()
            self.category_changed.emit(category)

    def _show_details(self) -> None:
        self.details.show_category(self.board, self._category)
