"""Problems of one run grouped by cause as the domain groups them, and the words for what can be done about each."""

from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor

from ozon_desktop import wording
from ozon_desktop.domain.journal import ProblemGroup, Run, RunProblem, problem_groups
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets.grouped_model import OFFER_ID, Group, GroupedModel
from ozon_desktop.ui.widgets.model_index import Index, Role
from ozon_desktop.wording.runs import problem_action_text

TEXT, FIELD, ACTION = range(3)
CODE = int(Role.UserRole) + 10
"""Role: the code of the problem on a line."""
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ProblemModel(GroupedModel):
    """Groups are causes, the most frequent first; lines are the products that have them."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__((), parent)
        self._titles = ("Что случилось", "Поле", "Что сделать")
        self._theme = theme
        self._problems: tuple[RunProblem, ...] = ()
        self._causes: dict[str, ProblemGroup] = {}

    def show_run(self, run: Run) -> None:
        causes = {_key(group.code, group.field): group for group in problem_groups(run)}
        places: dict[str, list[int]] = {key: [] for key in causes}
        for place, problem in enumerate(run.problems):
            places[_key(problem.code, problem.field)].append(place)
        # Views ask about the old lines as the reset begins, so nothing changes before.
        self.beginResetModel()
        self._problems, self._causes = run.problems, causes
        self._groups = tuple(Group.of(key, found, lambda _: 1) for key, found in places.items())
        self.endResetModel()

    @property
    def problems(self) -> tuple[RunProblem, ...]:
        return self._problems

    def problem(self, index: Index) -> RunProblem | None:
        """The problem of a line, or the first one of a group; None for an invalid index."""
        if not index.isValid():
            return None
        place = self.place(index)
        return self._problems[place[1] if place is not None else self.groups[index.row()].items[0]]

    def action_text(self, problem: RunProblem) -> str:
        """What helps, as an infinitive; "" = nothing here does."""
        return problem_action_text(problem)

    def text(self) -> str:
        """All problems for the clipboard, a line each: article, field, what happened."""
        return "\n".join(map(_plain, self._problems))

    def offer_of(self, item: int) -> str:
        return self._problems[item].offer_id

    def group_title(self, group: Group) -> str:
        return f"{self._cause(group)} — {wording.number(len(group.items))}"

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """As in any grouped list; the header of a group also says its field and its action."""
        if not index.isValid() or self.place(index) is not None:
            return super().data(index, role)
        group, column = self.groups[index.row()], index.column()
        if role == Role.ToolTipRole:
            return self.group_title(group)
        if column != TEXT and role in {Role.DisplayRole, Role.ForegroundRole}:
            return self._of_problem(self._problems[group.items[0]], column, role)
        return super().data(index, role)

    def cell(self, group: Group, item: int, line: int, column: int, role: int) -> Any:
        problem = self._problems[item]
        if role in {Role.DisplayRole, Role.ToolTipRole} and column == TEXT:
            name, own = problem.offer_id or "весь запуск", wording.run_problem_text(problem)
            return name if own == self._cause(group) else f"{name} — {own}"
        if role == Role.TextAlignmentRole:
            return LEFT
        return {OFFER_ID: problem.offer_id, CODE: problem.code}.get(role, self._of_problem(problem, column, role))

    def _of_problem(self, problem: RunProblem, column: int, role: int) -> Any:
        if role in {Role.DisplayRole, Role.ToolTipRole} and column != TEXT:
            return wording.field_label(problem.field) if column == FIELD else self.action_text(problem)
        return QColor(self._theme.tokens().accent) if role == Role.ForegroundRole and column == ACTION else None

    def _cause(self, group: Group) -> str:
        cause = self._causes[group.key]
        return wording.run_problem_text(RunProblem("", cause.field, cause.code, cause.cause))


def _key(code: str, field: str) -> str:
    return f"{code}\n{field}"


def _plain(problem: RunProblem) -> str:
    return "\t".join((problem.offer_id, wording.field_label(problem.field), wording.run_problem_text(problem)))
