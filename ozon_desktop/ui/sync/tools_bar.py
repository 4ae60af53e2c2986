"""The row below the preview: rules, the check of stocks, and comparing with Ozon; there also when nothing is to be sent."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget

from ozon_desktop.ui.widgets import FlowLayout


class ToolsBar(QWidget):
    """compare_changed: whether Ozon shall be asked what it shows now. rules_asked, check_asked: the windows."""

    compare_changed = Signal(bool)
    rules_asked = Signal()
    check_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rules = QPushButton("Правила &цен и остатков…")
        self.rules.setObjectName("open_rules")
        self.check = QPushButton("Проверить остат&ки на Ozon…")
        self.check.setObjectName("open_stock_check")
        self.compare = QCheckBox("Сравнить с &Ozon")
        self.compare.setObjectName("compare_ozon")
        hint = "Программа спросит, что Ozon показывает сейчас; тысяча товаров — несколько секунд. Снимите, чтобы прервать."
        self.compare.setToolTip(hint)
        self.compare.setAccessibleDescription(hint)
        row = FlowLayout(self, spacing=12)
        for widget in (self.rules, self.check, self.compare):
            row.addWidget(widget)
        self.compare.toggled.connect(self.compare_changed)
        self.rules.clicked.connect(self.rules_asked)
        self.check.clicked.connect(self.check_asked)

    @property
    def compares(self) -> bool:
        """Whether the preview shall be compared with what Ozon shows now."""
        return self.compare.isChecked()

    def forget_comparing(self) -> None:
        """Another cabinet is not compared unless it is asked for; no signal is sent."""
        blocked = self.compare.blockSignals(True)
        self.compare.setChecked(False)
        self.compare.blockSignals(blocked)
