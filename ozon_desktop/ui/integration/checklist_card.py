"""«Настройка: 4 из 8»: the steps of the guide; each leads to where it is done."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from ozon_desktop.domain.setup_guide import Step, StepState
from ozon_desktop.ui.look.theme import Theme, icon_size, set_role
from ozon_desktop.ui.widgets import Card
from ozon_desktop.wording import step_text


class ChecklistCard(Card):
    """step_chosen(Step) comes when a step is clicked."""

    step_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Настройка", parent)
        self.setObjectName("checklist")
        self._theme = theme
        self._steps: tuple[StepState, ...] = ()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, len(Step))
        self.bar.setAccessibleName("Сделано шагов")
        self.body.addWidget(self.bar)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        self.buttons: dict[Step, QPushButton] = {}
        for step in Step:
            button = QPushButton(step_text(step))
            button.setObjectName(f"step_{step.value}")
            button.setIconSize(icon_size(self))
            button.clicked.connect(self._clicked)
            self.buttons[step] = button
            lines.addWidget(button)
        self.body.addLayout(lines)
        theme.changed.connect(self._paint)

    def show_steps(self, steps: tuple[StepState, ...]) -> None:
        self._steps = steps
        done = sum(1 for state in steps if state.done)
        self.set_heading(f"Настройка: {done} из {len(steps)}")
        self.bar.setRange(0, max(len(steps), 1))
        self.bar.setValue(done)
        for state in steps:
            button = self.buttons[state.step]
            button.setText(f"  {step_text(state.step, state.count)}")
            words = "сделано" if state.done else "следующий шаг" if state.current else "ещё впереди"
            button.setAccessibleName(f"{step_text(state.step, state.count)}: {words}")
            button.setToolTip(words)
            set_role(button, "step" if state.done or state.current else "step-waiting")
        self._paint()

    def _paint(self) -> None:
        for state in self._steps:
            name, token = ("done", "good") if state.done else ("current", "accent") if state.current else ("waiting", "secondary")
            self.buttons[state.step].setIconSize(icon_size(self))
            self.buttons[state.step].setIcon(self._theme.icon(name, token))

    def _clicked(self) -> None:
        button = self.sender()
        self.step_chosen.emit(next(step for step, known in self.buttons.items() if known is button))
