"""«Состояния заказов»: what the store calls each stage of an order; an empty cell leaves the state there alone."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from ozon_desktop.domain.store_connection import OrderStage
from ozon_desktop.ui.widgets import WrappedLabel
from ozon_desktop.ui.widgets.labels import fixed_label
from ozon_desktop.wording.store_exchange import KEEP_STATE, stage_of_ozon_text

EXPLAINED = (
    "Когда заказ на Ozon перешёл в состояние слева, программа ставит заказу в магазине состояние справа: "
    "впишите его название так, как оно называется там. Назад состояние не возвращается, и выбранное человеком не меняется."
)
LONGEST = 255


class StateTable(QWidget):
    """A line for each stage, kept when it is left or Enter is pressed. edited(Mapping[OrderStage, str]): all of them, with the change."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: dict[OrderStage, str] = {}
        self.lines: dict[OrderStage, QLineEdit] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.addWidget(fixed_label("На Ozon", role="label"), 0, 0)
        grid.addWidget(fixed_label("В магазине", role="label"), 0, 1)
        for row, stage in enumerate(OrderStage, start=1):
            line = self.lines[stage] = QLineEdit()
            line.setObjectName(f"state_{stage.value}")
            line.setMaxLength(LONGEST)
            line.setPlaceholderText(KEEP_STATE)
            line.setAccessibleName(f"Состояние в магазине, когда на Ozon: {stage_of_ozon_text(stage)}")
            line.editingFinished.connect(self._left)
            grid.addWidget(WrappedLabel(stage_of_ozon_text(stage)), row, 0)
            grid.addWidget(line, row, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(WrappedLabel(EXPLAINED, role="secondary"))
        layout.addLayout(grid)
        layout.addStretch(1)

    def show_states(self, states: Mapping[OrderStage, str]) -> None:
        """Shows what is kept; a line that is being typed in stays as it is."""
        for stage, line in self.lines.items():
            if line.text().strip() == self._kept.get(stage, ""):
                line.setText(states.get(stage, ""))
        self._kept = dict(states)

    def _left(self) -> None:
        typed = {stage: line.text().strip() for stage, line in self.lines.items()}
        if {stage: text for stage, text in typed.items() if text} != {stage: text for stage, text in self._kept.items() if text}:
            self._kept = typed
            self.edited.emit(typed)
