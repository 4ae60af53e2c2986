"""What is different in Ozon's tree since it was last fetched, as a list beside the window."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidget, QWidget

from ozon_desktop.domain.tree_changes import TreeChange
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.widgets.labels import WrappedLabel
from ozon_desktop.ui.widgets.tool_dialog import ToolDialog
from ozon_desktop.wording import tree_change_text, tree_changes_line

SHOWN_AT_MOST = 5_000


class ChangesDialog(ToolDialog):
    """concerned: number of mappings to be put right. mapping_wanted: show them."""

    mapping_wanted = Signal()

    def __init__(self, context: WindowContext, changes: tuple[TreeChange, ...], concerned: int, parent: QWidget) -> None:
        super().__init__(context, "tree_changes", "Изменения в категориях Ozon", parent, heading="", of_cabinet=False)
        self.list = QListWidget()
        self.list.setObjectName("tree_change_list")
        self.list.setAccessibleName(self.windowTitle())
        self.list.setWordWrap(True)
        self.list.addItems([tree_change_text(change) for change in changes[:SHOWN_AT_MOST]])
        self.body.addWidget(WrappedLabel(tree_changes_line(changes, concerned)))
        self.body.addWidget(self.list, 1)
        if concerned:
            self.add_button("Открыть «Категории»", "open_mapping").clicked.connect(self._open_mapping)
        self.finish(None, "", 720, 480)

    def _open_mapping(self) -> None:
        self.mapping_wanted.emit()
        self.close()
