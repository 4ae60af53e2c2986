"""«Состояния заказов»: what the store calls each stage of an order; an empty cell leaves the state there alone."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from ozon_desktop.domain.store_connection import OrderStage
from ozon_desktop.ui.widgets import WrappedLabel
from ozon_desktop.ui.widgets.labels import fixed_label
from ozon_desktop.ui.widgets.quiet_box import QuietBox
from ozon_desktop.wording.store_exchange import KEEP_STATE, stage_of_ozon_text

EXPLAINED = (
    "Когда заказ на Ozon перешёл в состояние слева, программа ставит заказу в магазине состояние справа: "
    "{how}. Назад состояние не возвращается, и выбранное человеком не меняется."
)
TYPED, CHOSEN = "впишите его название так, как оно называется там", "выберите его из списка или впишите"
LONGEST = 255


class StateBox(QuietBox):
    """One of the store's states, or what is typed. left: it was chosen, Enter was pressed, or the focus has gone."""

    left = Signal()

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.line = QLineEdit()
        self.setLineEdit(self.line)
        self.line.setMaxLength(LONGEST)
        self.line.setPlaceholderText(KEEP_STATE)
        self.line.setAccessibleName(accessible)
        completer = self.completer()
        if completer is not None:
            # Words that Qt writes on by itself would be taken for typed.
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.activated.connect(self.left)
        self.line.editingFinished.connect(self.left)
        self.activated.connect(self.left)

    def offer(self, states: Sequence[str]) -> None:
        """The list, and what is in the line stays."""
        if [self.itemText(row) for row in range(self.count())] == list(states):
            return
        written = self.line.text()
        self.clear()
        self.addItems(list(states))
        self.setCurrentIndex(-1)
        self.line.setText(written)


class StateTable(QWidget):
    """A line for each stage, kept when it is left or Enter is pressed. edited(Mapping[OrderStage, str]): all of them, with the change."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept: dict[OrderStage, str] = {}
        self.boxes: dict[OrderStage, StateBox] = {}
        self.explained = WrappedLabel(EXPLAINED.format(how=TYPED), role="secondary")
        self.explained.setObjectName("states_explained")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.addWidget(fixed_label("На Ozon", role="label"), 0, 0)
        grid.addWidget(fixed_label("В магазине", role="label"), 0, 1)
        for row, stage in enumerate(OrderStage, start=1):
            accessible = f"Состояние в магазине, когда на Ozon: {stage_of_ozon_text(stage)}"
            box = self.boxes[stage] = StateBox(f"state_{stage.value}", accessible)
            box.left.connect(self._left)
            grid.addWidget(WrappedLabel(stage_of_ozon_text(stage)), row, 0)
            grid.addWidget(box, row, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.explained)
        layout.addLayout(grid)
        layout.addStretch(1)

    @property
    def lines(self) -> Mapping[OrderStage, QLineEdit]:
        """What is written in each."""
        return {stage: box.line for stage, box in self.boxes.items()}

    def show_states(self, states: Mapping[OrderStage, str], known: Sequence[str] = ()) -> None:
        """Shows what is kept; a line that is being typed in stays as it is. known: what the store can be asked for, () = not known."""
        self.explained.setText(EXPLAINED.format(how=CHOSEN if known else TYPED))
        for stage, box in self.boxes.items():
            box.offer(known)
            if box.line.text().strip() == self._kept.get(stage, ""):
                box.line.setText(states.get(stage, ""))
        self._kept = dict(states)

    def _left(self, *_: object) -> None:
        typed = {stage: box.line.text().strip() for stage, box in self.boxes.items()}
        if {stage: text for stage, text in typed.items() if text} != {stage: text for stage, text in self._kept.items() if text}:
            self._kept = typed
            self.edited.emit(typed)
