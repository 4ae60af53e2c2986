"""What came of each product of a run, grouped by outcome, failures first, with Ozon's complaints in words."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor

from ozon_desktop import wording
from ozon_desktop.services.sync.outcome import ItemOutcome, OutcomeState
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets.grouped_model import OFFER_ID, Group, GroupedModel
from ozon_desktop.ui.widgets.model_index import Role

ITEM, ACTION, OUTCOME, WHY = range(4)
STATES = (OutcomeState.FAILED, OutcomeState.WAITING, OutcomeState.NOT_SENT, OutcomeState.SENT)
"""States in the order of their groups."""


class ResultModel(GroupedModel):
    """Outcomes of a SyncResult; one line per problem."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__((), parent)
        self._titles = ("Товар", "Действие", "Итог", "Что случилось")
        self._theme = theme
        self._outcomes: Sequence[ItemOutcome] = ()
        self._words = {
            OutcomeState.FAILED: "Ошибка",
            OutcomeState.WAITING: "Ждёт Ozon",
            OutcomeState.NOT_SENT: "Не отправлено",
            OutcomeState.SENT: "Отправлено",
        }

    def show_outcomes(self, outcomes: Sequence[ItemOutcome]) -> None:
        self._outcomes = outcomes
        by_state: dict[OutcomeState, list[int]] = {state: [] for state in STATES}
        for place, outcome in enumerate(outcomes):
            by_state[outcome.state].append(place)
        self.show_groups(Group.of(state.value, places, self._lines_of) for state, places in by_state.items())

    def _lines_of(self, place: int) -> int:
        return max(1, len(self._outcomes[place].problems))

    def offer_of(self, item: int) -> str:
        return self._outcomes[item].offer_id

    def group_title(self, group: Group) -> str:
        """«Ошибка — 3»."""
        return f"{self._words[OutcomeState(group.key)]} — {wording.number(len(group.items))}"

    def cell(self, group: Group, item: int, line: int, column: int, role: int) -> Any:
        outcome = self._outcomes[item]
        if role == Role.DisplayRole:
            return self._display(group, outcome, line, column)
        if role == Role.ToolTipRole:
            return f"{outcome.offer_id}\n{outcome.name}" if column == ITEM else self._display(group, outcome, line, column)
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role == Role.ForegroundRole:
            return self._color(OutcomeState(group.key), line, column)
        return outcome.offer_id if role == OFFER_ID else None

    def _display(self, group: Group, outcome: ItemOutcome, line: int, column: int) -> str:
        if column == WHY:
            return wording.run_problem_text(outcome.problems[line]) if outcome.problems else ""
        if line:
            return outcome.offer_id if column == ITEM else ""
        texts = (f"{outcome.offer_id}  {outcome.name}", wording.action_text(outcome.kind), self._words[OutcomeState(group.key)])
        return texts[column]

    def _color(self, state: OutcomeState, line: int, column: int) -> QColor | None:
        tokens = self._theme.tokens()
        if column == OUTCOME or (column == WHY and state is OutcomeState.FAILED):
            colors = {
                OutcomeState.FAILED: tokens.error,
                OutcomeState.WAITING: tokens.attention,
                OutcomeState.NOT_SENT: tokens.secondary,
                OutcomeState.SENT: tokens.good,
            }
            return QColor(colors[state])
        return QColor(tokens.secondary) if column == ITEM and line else None
