"""Above the store tree: how much of the store is mapped, as a thin bar and in words."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.mapping import Coverage
from ozon_desktop.ui.widgets import WrappedLabel


class CoverageBar(QWidget):
    """«132 из 140 категорий, 98 % товаров»; the bar shows the percent of products."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = WrappedLabel("", role="hint")
        self.words.setObjectName("coverage_words")
        self.bar = QProgressBar()
        self.bar.setObjectName("coverage_bar")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 100)
        self.bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.words)
        layout.addWidget(self.bar)
        self.hide()

    def show_coverage(self, done: Coverage) -> None:
        """Only categories that hold products are counted; without any there is nothing to show."""
        self.setVisible(done.categories > 0)
        categories = wording.plural(done.categories, "категории", "категорий", "категорий")
        text = f"{wording.number(done.mapped_categories)} из {categories}, {done.product_percent} % товаров"
        self.words.setText(text)
        self.bar.setValue(done.product_percent)
        self.bar.setAccessibleName(f"Сопоставлено: {text}")
        self.setToolTip("Считаются категории, в которых лежат товары. Полоса — доля товаров с типом Ozon.")
