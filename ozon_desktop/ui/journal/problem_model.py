"""Problems of one run grouped by their text, and what can be done about each."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor

from ozon_desktop import wording
from ozon_desktop.domain.card import ProblemCode
from ozon_desktop.domain.journal import RunProblem
from ozon_desktop.ui.sync.grouped_model import OFFER_ID, Group, GroupedModel, Role
from ozon_desktop.ui.theme import Theme

TEXT, FIELD, ACTION = range(3)
CODE = int(Role.UserRole) + 10
"""Role: the code of the problem on a line."""


class Remedy(StrEnum):
    """What helps against a problem."""

    CARD = "card"
    MAP = "map"
    SETTINGS = "settings"
    RETRY = "retry"


_MAP = frozenset(
    {
        ProblemCode.NO_CATEGORY.value,
        ProblemCode.NOT_MAPPED.value,
        ProblemCode.TYPE_DISABLED.value,
        ProblemCode.TYPE_GONE.value,
        "levels_category_not_found",
    }
)
_SETTINGS = frozenset(
    {
        ProblemCode.SETTINGS_MISSING.value,
        ProblemCode.VAT_NOT_ACCEPTED.value,
        ProblemCode.CURRENCY.value,
        "vat_invalid",
        "warehouse_not_found",
        "seller_no_contract_failed",
    }
)
_RETRY = frozenset(
    {
        "too_many_requests",
        "product_is_not_created",
        "product_has_not_been_tagged_yet",
        "invalid_state",
        "item_limit_exceeded",
    }
)


def remedy(problem: RunProblem) -> Remedy:
    """What helps: the card, the mapping, the settings of the integration, or another try."""
    code = problem.code.casefold()
    if code in _MAP or code.startswith(("description_category", "description_type")):
        return Remedy.MAP
    if code in _SETTINGS:
        return Remedy.SETTINGS
    if code in _RETRY or code.startswith("error limiting"):
        return Remedy.RETRY
    return Remedy.CARD if problem.offer_id else Remedy.RETRY


class ProblemModel(GroupedModel):
    """Groups are texts, the most frequent first; lines are the products that have them."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__((), parent)
        self._titles = (self.tr("Что случилось"), self.tr("Поле"), self.tr("Что сделать"))
        self._theme = theme
        self._problems: Sequence[RunProblem] = ()
        self._words = {
            Remedy.CARD: self.tr("открыть карточку"),
            Remedy.MAP: self.tr("сопоставить категорию"),
            Remedy.SETTINGS: self.tr("проверить настройки интеграции"),
            Remedy.RETRY: self.tr("повторить отправку"),
        }

    def show_problems(self, problems: Sequence[RunProblem]) -> None:
        """Shows the problems of another run."""
        self._problems = problems
        by_text: dict[str, list[int]] = {}
        for place, problem in enumerate(problems):
            by_text.setdefault(wording.run_problem_text(problem), []).append(place)
        frequent = sorted(by_text.items(), key=lambda pair: -len(pair[1]))
        self.show_groups(Group.of(text, places, lambda _: 1) for text, places in frequent)

    @property
    def problems(self) -> Sequence[RunProblem]:
        """The problems shown."""
        return self._problems

    def problem(self, index: Any) -> RunProblem | None:
        """The problem of a line, or the first one of a group; None for an invalid index."""
        if not index.isValid():
            return None
        place = self.place(index)
        return self._problems[place[1] if place is not None else self.groups[index.row()].items[0]]

    def remedy_text(self, problem: RunProblem) -> str:
        """What helps, as an infinitive."""
        return self._words[remedy(problem)]

    def text(self) -> str:
        """All problems for the clipboard, a line each: article, field, what happened."""
        return "\n".join(map(_plain, self._problems))

    def offer_of(self, item: int) -> str:
        """The article of a product."""
        return self._problems[item].offer_id

    def group_title(self, group: Group) -> str:
        """The text with its number."""
        return f"{group.key} — {wording.number(len(group.items))}"

    def cell(self, group: Group, item: int, line: int, column: int, role: int) -> Any:
        """A product that has the problem."""
        problem = self._problems[item]
        if role in {Role.DisplayRole, Role.ToolTipRole}:
            whole = problem.offer_id or self.tr("весь запуск")
            return (whole, wording.field_label(problem.field), self.remedy_text(problem))[column]
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role == Role.ForegroundRole and column == ACTION:
            return QColor(self._theme.tokens().accent)
        return {OFFER_ID: problem.offer_id, CODE: problem.code}.get(role)


def _plain(problem: RunProblem) -> str:
    return "\t".join((problem.offer_id, wording.field_label(problem.field), wording.run_problem_text(problem)))
