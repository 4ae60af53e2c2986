"""The store's categories with products, Ozon type and state in words, and which of them a filter shows."""

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum, StrEnum
from typing import Any

from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QColor

from ozon_desktop import wording
from ozon_desktop.domain.mapping import MappedCategory, MappingState
from ozon_desktop.domain.matching.evidence import SuggestionGroup
from ozon_desktop.domain.russian_order import russian_orders
from ozon_desktop.domain.store_catalog import StoreCategory, fold
from ozon_desktop.services.mapping.groups import choices, group_of
from ozon_desktop.services.mapping.view import MappingView, PartState, Suggestion
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.mapping.trees.ozon_tree_model import TYPE_MIME, key_of_mime
from ozon_desktop.ui.mapping.trees.tree_nodes import ROOT, NodeFilter, NodeModel, NodeTree
from ozon_desktop.ui.widgets.model_index import NOWHERE, Index

CATEGORY_ID = Qt.ItemDataRole.UserRole + 1
TO_CHOOSE = Qt.ItemDataRole.UserRole + 2
"""Role: whether one of a few types is to be chosen for the category."""
TO_FIX = frozenset({MappingState.TYPE_DISABLED, MappingState.TYPE_GONE})
ARROW_ROOM = wording.NBSP * 4
"""The arrow of the sorted column stands at the right end of its title, where this title's letters are."""
URGENCY = {
    MappingState.TYPE_GONE: 0,
    MappingState.TYPE_DISABLED: 0,
    MappingState.NONE: 2,
    MappingState.PARTIAL: 3,
    MappingState.INHERITED: 4,
    MappingState.MAPPED: 5,
}


class StoreColumn(IntEnum):
    NAME = 0
    PRODUCTS = 1
    OZON = 2
    STATE = 3


class StoreFilterMode(StrEnum):
    ALL = "all"
    UNMAPPED = "unmapped"
    SUGGESTED = "suggested"
    TO_FIX = "to_fix"


class StoreTreeModel(NodeModel):
    """Store categories of the chosen structure. An Ozon type dropped onto one of them is announced by `type_dropped`."""

    type_dropped = Signal(object, object)
    """category id (str), TypeKey"""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view: MappingView | None = None
        self._categories: list[StoreCategory] = []
        self._by_id: dict[str, int] = {}
        self._texts: list[str] = []
        self._below_of: dict[str, tuple[str, ...]] = {}
        self._proposals: dict[str, tuple[Suggestion, ...]] = {}
        self._titles = ("Категория", "Товаров" + ARROW_ROOM, "Категория Ozon", "Состояние")

    # --- contents ---------------------------------------------------------------------------------------------------

    def show_view(self, view: MappingView) -> bool:
        """Take the state of the mapping. True when the rows themselves changed (views were reset)."""
        self._proposals = {key: found for key, found in self._proposals.items() if _open(view.resolved.get(key))}
        old = self._view
        if old is not None and old.categories == view.categories:
            self._view = view
            self.announce_values()
            return False
        self.beginResetModel()
        self._view = view
        self._build(view.categories)
        self.endResetModel()
        return True

    def show_proposals(self, proposals: Mapping[str, Sequence[Suggestion]]) -> None:
        """Show these suggestions beside the categories; nothing is mapped by that."""
        self._proposals = {key: tuple(found) for key, found in proposals.items() if found and key in self._by_id}
        self.announce_values()

    def reject(self, category_ids: Sequence[str]) -> None:
        for category_id in category_ids:
            self._proposals.pop(category_id, None)
        self.announce_values()

    def proposal(self, category_id: str) -> Suggestion | None:
        """The best suggestion shown for a category, or None."""
        found = self._proposals.get(category_id)
        return found[0] if found else None

    def choices(self, category_id: str) -> tuple[Suggestion, ...]:
        """All suggestions for a category, best first."""
        return self._proposals.get(category_id, ())

    def siblings(self, category_id: str) -> tuple[Suggestion, ...]:
        """The few suggestions one of which is to be chosen for a category; empty where the first is sure, or nothing is known."""
        found = self.choices(category_id)
        return choices(found) if group_of(found) is SuggestionGroup.CHOICE else ()

    def next_proposed(self, category_id: str) -> str | None:
        """The category after this one, in the order of the store, that has a suggestion."""
        behind = self._categories[self._by_id[category_id] + 1 :] if category_id in self._by_id else []
        return next((category.id for category in behind if category.id in self._proposals), None)

    def proposals(self) -> dict[str, Suggestion]:
        """The best suggestion of every category that has one, in the order of the tree."""
        return {category.id: self._proposals[category.id][0] for category in self._categories if category.id in self._proposals}

    def mapped(self, category_id: str) -> MappedCategory | None:
        """The effective mapping of a category."""
        return self._view.resolved.get(category_id) if self._view is not None else None

    def has_own(self, category_id: str) -> bool:
        """Whether the category has a mapping of its own, which can be removed."""
        return self._view is not None and category_id in self._view.own

    def inherits_again(self, category_id: str) -> bool:
        """Whether without its own mapping the category would take its parent's."""
        if not self.has_own(category_id):
            return False
        parent = self._categories[self._by_id[category_id]].parent_id
        above = self.mapped(parent) if parent is not None else None
        return above is not None and above.key is not None

    def name(self, category_id: str) -> str:
        return self._categories[self._by_id[category_id]].name

    def category_id(self, index: Index) -> str | None:
        return self._categories[self.node(index)].id if index.isValid() else None

    def node_of(self, category_id: str) -> int:
        """The node of a category, ROOT when it is not there."""
        return self._by_id.get(category_id, ROOT)

    def _build(self, categories: Sequence[StoreCategory]) -> None:
        self.nodes = NodeTree()
        self._categories, self._by_id, self._texts = [], {}, []
        known = {category.id for category in categories}
        below: dict[str | None, list[StoreCategory]] = {}
        for category in sorted(categories, key=lambda item: item.position):
            parent = category.parent_id if category.parent_id in known else None
            below.setdefault(parent, []).append(category)
        self._below_of = {parent: tuple(one.id for one in found) for parent, found in below.items() if parent is not None}
        stack = [(category, ROOT, "") for category in reversed(below.get(None, []))]
        while stack:
            category, parent_node, above = stack.pop()
            node = self.nodes.add(parent_node)
            text = f"{above} {fold(category.name)}".strip()
            self._categories.append(category)
            self._texts.append(text)
            self._by_id[category.id] = node
            stack.extend((child, node, text) for child in reversed(below.get(category.id, [])))

    # --- filter -----------------------------------------------------------------------------------------------------

    def matching(self, text: str, mode: StoreFilterMode) -> set[int] | None:
        """Nodes whose path has every word of `text` and whose state fits `mode`; None = all."""
        words = fold(text).split()
        if not words and mode is StoreFilterMode.ALL:
            return None
        return {
            node
            for node, found in enumerate(self._texts)
            if all(word in found for word in words) and self._fits(self._categories[node].id, mode)
        }

    def counts(self) -> dict[StoreFilterMode, int]:
        return {mode: sum(self._fits(category.id, mode) for category in self._categories) for mode in StoreFilterMode}

    def states(self) -> tuple[str, ...]:
        """What stands in the column of states, each text once."""
        if self._view is None:
            return ()
        return tuple(sorted({self._text(category, StoreColumn.STATE) for category in self._categories}))

    def sort_key(self, column: int) -> Callable[[int], Any]:
        """By name, by products, by what is left to do in a category; the Ozon type by its path."""
        if column == StoreColumn.PRODUCTS:
            return lambda node: self._below(self._categories[node].id)
        if column == StoreColumn.STATE:
            return lambda node: self._urgency(self._categories[node].id)
        if column == StoreColumn.OZON:
            return russian_orders(self._text(category, StoreColumn.OZON) for category in self._categories).__getitem__
        return russian_orders(category.name for category in self._categories).__getitem__

    def _urgency(self, category_id: str) -> tuple[int, int, float]:
        """What has to be looked at stands first; sure suggestions before those to choose from, these before the others."""
        proposal, mapped = self.proposal(category_id), self.mapped(category_id)
        state = mapped.state if mapped is not None else MappingState.NONE
        if proposal is None:
            return (URGENCY[state], 0, 0.0)
        return (1, 0 if proposal.confident else 1 if self.siblings(category_id) else 2, -proposal.confidence)

    def _fits(self, category_id: str, mode: StoreFilterMode) -> bool:
        if mode is StoreFilterMode.ALL or self._view is None:
            return True
        if mode is StoreFilterMode.SUGGESTED:
            return category_id in self._proposals
        mapped = self._view.resolved.get(category_id)
        if mode is StoreFilterMode.TO_FIX:
            return mapped is not None and mapped.state in TO_FIX
        if mapped is None or mapped.state is MappingState.NONE:
            return True
        return mapped.state is MappingState.PARTIAL and self._own(category_id) > 0

    # --- Qt ---------------------------------------------------------------------------------------------------------

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return len(StoreColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles of the columns and what they mean; the number's title stands over the numbers, the largest come first."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._titles):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        if role == Qt.ItemDataRole.InitialSortOrderRole:
            return (Qt.SortOrder.DescendingOrder if section == StoreColumn.PRODUCTS else Qt.SortOrder.AscendingOrder).value
        return self._header_tip(section) if role == Qt.ItemDataRole.ToolTipRole else None

    def _header_tip(self, section: int) -> str:
        sorting = "Щелчок сортирует, третий возвращает порядок магазина"
        if section != StoreColumn.PRODUCTS:
            return sorting
        return "Товаров вместе с вложенными категориями; «12 / 96» — из них 12 лежат прямо в этой категории" + "\n" + sorting

    def cell(self, node: int, column: int, role: int) -> Any:
        category = self._categories[node]
        if self._view is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(category, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(category, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(category, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == TO_CHOOSE:
            return bool(self.siblings(category.id))
        return category.id if role == CATEGORY_ID else None

    def _text(self, category: StoreCategory, column: int) -> str:
        assert self._view is not None
        if column == StoreColumn.NAME:
            return category.name
        if column == StoreColumn.PRODUCTS:
            own, below = self._own(category.id), self._below(category.id)
            return f"{wording.number(own)} / {wording.number(below)}" if 0 < own < below else wording.number(below)
        proposal, siblings = self.proposal(category.id), self.siblings(category.id)
        if siblings:
            named = " · ".join(f"{digit} {one.path[-1]}" for digit, one in enumerate(siblings, 1))
            return named if column == StoreColumn.OZON else f"одно из {wording.number(len(siblings))}"
        if column == StoreColumn.OZON:
            path = " / ".join(proposal.path if proposal else self._path(category.id))
            return path if proposal else self._with_parts(path, category.id)
        if proposal is not None:
            return proposal_text(proposal)
        mapped = self._view.resolved.get(category.id)
        if mapped is not None and mapped.key in self._view.moved:
            return "тип перенесён"
        if mapped is not None and mapped.state is MappingState.PARTIAL and self._all_below_mapped(category.id):
            return "всё внутри сопоставлено"
        return wording.mapping_state_text(mapped.state if mapped else MappingState.NONE)

    def _all_below_mapped(self, category_id: str) -> bool:
        """Whether each category here and below that has products of its own has a type for all of them."""
        view = self._view
        assert view is not None
        if self._own(category_id):
            return False
        waiting = list(self._below_of.get(category_id, ()))
        while waiting:
            current = waiting.pop()
            if self._own(current) and (current not in view.resolved or view.resolved[current].key is None):
                return False
            waiting += self._below_of.get(current, ())
        return True

    def _own(self, category_id: str) -> int:
        return self._view.own_products.get(category_id, 0) if self._view is not None else 0

    def _below(self, category_id: str) -> int:
        """Products in the category and below it."""
        return self._view.products.get(category_id, 0) if self._view is not None else 0

    def _path(self, category_id: str) -> tuple[str, ...]:
        assert self._view is not None
        mapped = self._view.resolved.get(category_id)
        return self._view.tree.type_path(mapped.key) if mapped is not None and mapped.key is not None else ()

    def _tip(self, category: StoreCategory, column: int) -> str | None:
        if column == StoreColumn.PRODUCTS:
            own, below = (wording.number(count) for count in (self._own(category.id), self._below(category.id)))
            return f"В самой категории: {own}; вместе с вложенными: {below}"
        proposal = self.proposal(category.id)
        if proposal is not None and column >= StoreColumn.OZON:
            siblings = self.siblings(category.id)
            if siblings:
                return "\n".join([*(f"{digit} — {' / '.join(one.path)}" for digit, one in enumerate(siblings, 1)), "Delete — отклонить"])
            keys = "Enter — принять, Delete — отклонить"
            return "\n".join(
                part for part in (" / ".join(proposal.path), wording.suggestion_reason_text(proposal.reason, proposal.detail), keys) if part
            )
        mapped = self.mapped(category.id)
        place = self._view.moved.get(mapped.key) if self._view is not None and mapped is not None and mapped.key is not None else None
        if place is not None and self._view is not None and column >= StoreColumn.OZON:
            return "Ozon перенёс тип сюда: {}".format(" / ".join(self._view.tree.type_path(place)))
        if column == StoreColumn.STATE and mapped is not None and mapped.inherited_from in self._by_id:
            return "Соответствие взято у категории «{}»".format(self.name(mapped.inherited_from or ""))
        lines = [self._text(category, column)]
        if column == StoreColumn.OZON and self._view is not None:
            lines += [part_line(self._view, state) for state in self._view.parts.get(category.id, ())]
        return "\n".join(line for line in lines if line) or None

    def _with_parts(self, path: str, category_id: str) -> str:
        """The type of the whole category, and how many parts of its products have their own."""
        count = len(self._view.parts.get(category_id, ())) if self._view is not None else 0
        if not count:
            return path
        parts = wording.plural(count, "часть", "части", "частей")
        return f"{path} + {parts} со своим типом" if path else f"{parts} со своим типом"

    def _colour(self, category: StoreCategory, column: int) -> QColor | None:
        tokens = self._theme.tokens()
        if column == StoreColumn.PRODUCTS:
            return QColor(tokens.secondary)
        if column == StoreColumn.NAME:
            return None
        if self.proposal(category.id) is not None:
            return QColor(tokens.accent)
        mapped = self.mapped(category.id)
        state = mapped.state if mapped else MappingState.NONE
        if state in TO_FIX:
            return QColor(tokens.attention)
        if column == StoreColumn.OZON:
            return QColor(tokens.secondary) if state is MappingState.INHERITED else None
        if state is MappingState.MAPPED:
            return QColor(tokens.good)
        # Without products of its own a category needs no mapping: only its children do.
        needed = state is MappingState.NONE and self._own(category.id) > 0
        return QColor(tokens.error if needed else tokens.secondary)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every category can be selected and dropped on."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsDropEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        """Mapping is shown as a link."""
        return Qt.DropAction.LinkAction | Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return [TYPE_MIME]

    def canDropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        """Only an Ozon type, only onto a category: between two of them it would map their parent."""
        return row == -1 and parent.isValid() and key_of_mime(data) is not None

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        key, category_id = key_of_mime(data), self.category_id(parent)
        if key is None or category_id is None or row != -1:
            return False
        self.type_dropped.emit(category_id, key)
        return True


class StoreFilter(NodeFilter):
    def __init__(self, model: StoreTreeModel, parent: QObject | None = None) -> None:
        self._model = model
        self.text = ""
        self.mode = StoreFilterMode.ALL
        super().__init__(model, self._matching, parent)

    def _matching(self) -> set[int] | None:
        return self._model.matching(self.text, self.mode)


def proposal_text(proposal: Suggestion) -> str:
    """How sure a suggestion is, in words: what is to be done with it."""
    return "предложено уверенно" if proposal.confident else "предложено, проверьте"


def part_line(view: MappingView, state: PartState) -> str:
    """«Сезон = Зима (12): Обувь / Сапоги»."""
    part = state.part
    text = wording.mapping_part_text(part.property_name, part.value)
    return f"{text} ({wording.number(state.products)}): {' / '.join(view.tree.type_path(part.key))}"


def _open(mapped: MappedCategory | None) -> bool:
    """Whether a suggestion still makes sense: the category has no usable mapping of its own."""
    return mapped is not None and mapped.state is not MappingState.MAPPED


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == StoreColumn.PRODUCTS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
