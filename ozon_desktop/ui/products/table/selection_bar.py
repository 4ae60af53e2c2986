"""Below the table while several products are selected: what can be done with all of them at once."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ozon_desktop import wording
from ozon_desktop.ui.widgets import FlowLayout
from ozon_desktop.ui.widgets.labels import fixed_label


class SelectionBar(QWidget):
    """Hidden while fewer than two rows are selected."""

    edit_wanted = Signal()
    switch_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("selection_bar")
        self.text = fixed_label("", role="secondary")
        self.text.setObjectName("selection_text")
        self.edit_button = self._button("bulk_edit", "Изменить поле…", "Одно значение всем выделенным (Ctrl+D)")
        self.switch_button = self._button("bulk_switch", "", "Взять списки полей тех типов, с которыми сопоставлены категории")
        flow = FlowLayout(self)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for widget in (self.text, self.edit_button, self.switch_button):
            flow.addWidget(widget)
        self.edit_button.clicked.connect(self.edit_wanted)
        self.switch_button.clicked.connect(self.switch_wanted)
        self.hide()

    def _button(self, name: str, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setToolTip(tip)
        return button

    def show_selected(self, count: int, other_lists: int) -> None:
        """How many rows are selected, and how many of their cards have another type's list."""
        self.setVisible(count > 1)
        self.text.setText("Выделено {}".format(wording.plural(count, "товар", "товара", "товаров")))
        self.switch_button.setText(f"Перейти на список: {wording.number(other_lists)}")
        self.switch_button.setVisible(bool(other_lists))
