"""What Ozon answered about a part of the card, shown right there: its own words on a soft ground, apart from the program's checks."""

from collections.abc import Collection, Iterable, Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.ozon_problems import OzonProblem
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import WrappedLabel


class OzonNote(QFrame):
    """A line for each complaint; hidden while there is none."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"ozon_{name}")
        self.label = WrappedLabel("")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.addWidget(self.label)
        self.hide()

    def show_problems(self, problems: Sequence[OzonProblem], *, changed: bool = False) -> None:
        """changed: the manager has entered something else since, which Ozon has not seen yet."""
        lines = [wording.ozon_problem_text(problem) for problem in problems]
        if lines and changed:
            lines.append("Это ответ на прежнее значение.")
        self.label.setText("\n".join(lines))
        set_role(self, "message-error" if any(problem.blocking for problem in problems) else "message-attention")
        self.setAccessibleName(self.text)
        self.setVisible(bool(lines))

    @property
    def text(self) -> str:
        """ "" = there is nothing."""
        return self.label.text()


def of_attribute(problems: Iterable[OzonProblem], attribute_id: int) -> list[OzonProblem]:
    """Those about one additional field."""
    return [problem for problem in problems if problem.attribute_id == attribute_id]


def of_fields(problems: Iterable[OzonProblem], fields: Collection[str]) -> list[OzonProblem]:
    """Those about fields of the card that are no additional fields."""
    return [problem for problem in problems if not problem.attribute_id and problem.field in fields]
