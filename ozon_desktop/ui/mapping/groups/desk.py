"""What the manager does in the three groups, as changes of the mapping: one after the other, each a step of «Отменить»."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from ozon_desktop.domain.matching.evidence import SuggestionGroup
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.services.mapping.view import MappingView, Proposals
from ozon_desktop.ui.mapping.groups.panel import GroupsPanel
from ozon_desktop.ui.mapping.session import MappingSession
from ozon_desktop.ui.mapping.trees.store_panel import StorePanel
from ozon_desktop.wording.mapping_groups import open_groups_text

ASKED_AGAIN = 200
"""After a choice so many open categories are asked about again."""


class GroupsDesk(QObject):
    """Answers come quicker than they are written down: they wait in a row. changed: the groups stand otherwise now."""

    changed = Signal()

    def __init__(self, session: MappingSession, store: StorePanel, panel: GroupsPanel, find_type: Callable[[], object]) -> None:
        super().__init__(panel)
        self._session, self._store, self._panel, self._find_type = session, store, panel, find_type
        self._waiting: deque[dict[str, TypeKey]] = deque()
        # Signals of what has just ended come before it has: the next change begins in the next turn of the loop.
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.setInterval(0)
        self._next.timeout.connect(self._go_on)
        self._connect()

    def _connect(self) -> None:
        rows, details, session = self._panel.list, self._panel.details, self._session
        rows.digit_chosen.connect(self.choose)
        rows.accepted.connect(self._accept)
        rows.ticked.connect(self._tick)
        rows.rejected.connect(self._reject)
        rows.find_wanted.connect(self._find)
        rows.group_toggled.connect(self._toggle)
        rows.more_wanted.connect(self._show_more)
        details.chosen.connect(self._choose_in_details)
        details.find_wanted.connect(self._find_for_current)
        self._panel.category_changed.connect(self._follow)
        session.proposed.connect(self._show_proposals)
        session.learned.connect(self._learn)
        session.shown.connect(self._show_view)
        session.changed.connect(self._ask_again)
        session.busy_changed.connect(self._next.start)
        session.question.closed.connect(self._next.start)

    # --- what is known ----------------------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """Open categories in all groups."""
        return sum(self._panel.board.counts().values())

    @property
    def sure(self) -> int:
        """How many are accepted together."""
        return len(self._panel.board.ticked())

    @property
    def status(self) -> str:
        counts = self._panel.board.counts()
        sure, choice, unsure = (counts[group] for group in (SuggestionGroup.SURE, SuggestionGroup.CHOICE, SuggestionGroup.UNSURE))
        return open_groups_text(self.count, sure, choice, unsure)

    def clear(self) -> None:
        """Another cabinet."""
        self._waiting.clear()
        self._panel.board.clear()
        self._show()

    # --- what the manager does --------------------------------------------------------------------------------------

    def accept_sure(self) -> None:
        """Ctrl+Enter: every sure one that is ticked, as one step."""
        self._map(self._panel.board.ticked())

    def choose(self, category_id: str, digit: int) -> None:
        """The type with this digit; categories with the same question get it in the same step, and the cursor goes on."""
        few = self._panel.board.few(category_id)
        if not 0 < digit <= len(few) or not self._session.can_map:
            return
        key, board = few[digit - 1].key, self._panel.board
        answered = board.answered_with(category_id, key)
        behind = board.next_open(category_id)
        while behind in answered and behind != category_id:
            behind = board.next_open(behind)
        board.chosen(answered)
        self._map(dict.fromkeys(answered, key))
        if behind is not None and behind != category_id:
            self._panel.show_category(behind)

    def _choose_in_details(self, digit: int) -> None:
        if self._panel.category:
            self.choose(self._panel.category, digit)
        # A click presses the button; whether the type is chosen is the mapping's to say.
        self._panel.show_rows()

    def _accept(self, category_id: str) -> None:
        few = self._panel.board.few(category_id)
        if few:
            self._map({category_id: few[0].key})

    def _tick(self, category_id: str) -> None:
        self._panel.board.tick(category_id)
        self._show()

    def _reject(self, category_id: str) -> None:
        self._panel.board.reject(category_id)
        self._store.reject([category_id])
        self._show()

    def _find(self, category_id: str) -> None:
        self._store.select(category_id)
        self._find_type()

    def _find_for_current(self) -> None:
        if self._panel.category:
            self._find(self._panel.category)

    def _toggle(self, group: SuggestionGroup) -> None:
        self._panel.board.toggle(group)
        self._show()

    def _show_more(self, group: SuggestionGroup) -> None:
        self._panel.board.show_more(group)
        self._show()

    def _follow(self, category_id: str) -> None:
        """The tree has the same category selected: the search of types and the window of parts are about it."""
        if category_id:
            self._store.select(category_id)

    # --- one change after the other ---------------------------------------------------------------------------------

    def _map(self, keys: dict[str, TypeKey]) -> None:
        if keys and self._session.can_map:
            self._waiting.append(keys)
            self._go_on()

    def _go_on(self) -> None:
        session = self._session
        if self._waiting and not session.busy and not session.question.pending:
            session.map_each(self._waiting.popleft())

    # --- what the session reports -----------------------------------------------------------------------------------

    def _show_proposals(self, proposals: Proposals) -> None:
        self._panel.board.show_proposals(proposals)
        self._show()
        self._panel.list.go_first()

    def _learn(self, proposals: Proposals) -> None:
        self._panel.board.learn(proposals)
        self._show()

    def _show_view(self, view: MappingView, _rows: object) -> None:
        self._panel.board.show_view(view)
        self._show()

    def _ask_again(self) -> None:
        """What was decided is evidence for the rest of the shop."""
        open_ones = self._panel.board.open_ones(SuggestionGroup.CHOICE, SuggestionGroup.UNSURE)[:ASKED_AGAIN]
        if not self._waiting:
            self._session.learn(open_ones)

    def _show(self) -> None:
        self._panel.show_rows()
        self._panel.details.show_possible(self._session.can_map)
        self.changed.emit()
