"""What is different in Ozon's tree since it was last fetched, as a list beside the window."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QVBoxLayout, QWidget

from ozon_desktop.domain.tree_changes import TreeChange
from ozon_desktop.ui.widgets.labels import WrappedLabel
from ozon_desktop.wording import tree_change_text, tree_changes_line

SHOWN_AT_MOST = 5_000


class ChangesDialog(QDialog):
    """A list that does not block the window; it goes when it is closed. mapping_wanted: show the mappings to be put right."""

    mapping_wanted = Signal()

    def __init__(self, changes: tuple[TreeChange, ...], concerned: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tree_changes")
        self.setWindowTitle("Изменения в категориях Ozon")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(720, 480)
        self.list = QListWidget()
        self.list.setObjectName("tree_change_list")
        self.list.setAccessibleName(self.windowTitle())
        self.list.setWordWrap(True)
        self.list.addItems([tree_change_text(change) for change in changes[:SHOWN_AT_MOST]])
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        if concerned:
            fix = buttons.addButton("Открыть «Категории»", QDialogButtonBox.ButtonRole.ActionRole)
            fix.setObjectName("open_mapping")
            fix.clicked.connect(self._open_mapping)
        layout = QVBoxLayout(self)
        layout.addWidget(WrappedLabel(tree_changes_line(changes, concerned)))
        layout.addWidget(self.list, 1)
        layout.addWidget(buttons)

    def _open_mapping(self) -> None:
        self.mapping_wanted.emit()
        self.close()
