"""The preview as a tree: a group per kind of change, under it every changed field or every reason to skip."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor

from ozon_desktop import wording
from ozon_desktop.domain.sync_plan import ActionKind, FieldChange, PlanItem, Reason
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.sync.preview.plan_index import LINES_LIMIT, PlanIndex, line_count
from ozon_desktop.ui.widgets.grouped_model import OFFER_ID, PRODUCT_ID, Group, GroupedModel
from ozon_desktop.ui.widgets.model_index import Role

ITEM, FIELD, OLD, NEW, WHY = range(5)
NUMBER_FIELDS = frozenset({"price", "old_price", "min_price", "depth", "width", "height", "weight"})
TOOLTIP_LINES = 30


class SyncPlanModel(GroupedModel):
    """Items of a PlanIndex in two levels. Lines carry OFFER_ID and PRODUCT_ID."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__((), parent)
        self._titles = ("Товар", "Поле", "Было", "Станет", "Причина")
        self._theme = theme
        self._index = PlanIndex.build(())
        self._line_counts: list[int] = []
        self._text = ""
        self._kind: ActionKind | None = None
        self._wrong_prices = False
        self._folded = False
        self.shown = 0

    def show_plan(self, index: PlanIndex) -> None:
        """Shows another plan under the same filter."""
        self._index = index
        self._line_counts = [line_count(item) for item in index.items]
        self._filter()

    def show_filter(self, text: str, kind: ActionKind | None) -> None:
        """Narrows the tree to products with `text`, and to one kind of change (None = all)."""
        if (text, kind) != (self._text, self._kind):
            self._text, self._kind = text, kind
            self._filter()

    def show_wrong_prices(self, only: bool) -> None:
        """Narrows the tree to products whose prices Ozon would refuse."""
        if only is not self._wrong_prices:
            self._wrong_prices = only
            self._filter()

    @property
    def wrong_prices(self) -> bool:
        """Whether it is narrowed to them."""
        return self._wrong_prices

    @property
    def kind(self) -> ActionKind | None:
        """The kind it is narrowed to."""
        return self._kind

    @property
    def lines(self) -> int:
        """Lines of all groups."""
        return sum(group.lines for group in self.groups)

    def item(self, place: int) -> PlanItem:
        return self._index.items[place]

    def _filter(self) -> None:
        found = self._index.find(self._text, self._kind, wrong_prices=self._wrong_prices)
        items = self._index.items
        self._folded = sum(self._line_counts[place] for place in found) > LINES_LIMIT
        by_kind: dict[ActionKind, list[int]] = {kind: [] for kind in ActionKind}
        for place in found:
            by_kind[items[place].kind].append(place)
        self.shown = len(found)
        self.show_groups(Group.of(kind.value, places, self._lines_of) for kind, places in by_kind.items())

    def _lines_of(self, place: int) -> int:
        return 1 if self._folded else self._line_counts[place]

    # --- cells ------------------------------------------------------------------------------------------------------

    def offer_of(self, item: int) -> str:
        return self._index.items[item].offer_id

    def group_title(self, group: Group) -> str:
        """«Изменить цену — 37»."""
        return f"{wording.capital(wording.action_text(ActionKind(group.key)))} — {wording.number(len(group.items))}"

    def cell(self, group: Group, item: int, line: int, column: int, role: int) -> Any:
        shown = self._index.items[item]
        if role == Role.DisplayRole:
            return self._display(shown, line, column)
        if role == Role.ToolTipRole:
            return self._tooltip(shown, line, column)
        if role == Role.TextAlignmentRole:
            return self._alignment(shown, line, column)
        if role == Role.ForegroundRole:
            return self._color(shown, line, column)
        return {OFFER_ID: shown.offer_id, PRODUCT_ID: shown.product_id}.get(role)

    def _change(self, item: PlanItem, line: int) -> FieldChange | None:
        folded = (self._folded and len(item.changes) > 1) or item.price_problems
        return item.changes[line] if line < len(item.changes) and not folded else None

    def _display(self, item: PlanItem, line: int, column: int) -> str:
        if column == ITEM:
            return item.offer_id if line else f"{item.offer_id}  {item.name}"
        if item.kind is ActionKind.SKIP:
            return self._skipped(item, line, column)
        change = self._change(item, line)
        if column == WHY:
            return self._reason(item) if line == 0 else ""
        if change is None:
            return wording.plural(len(item.changes), "поле", "поля", "полей") if column == FIELD and item.changes else ""
        if column == FIELD:
            return wording.change_label(change.field, self._index.names.attributes, self._index.names.warehouses)
        return self._value(change.field, change.old if column == OLD else change.new)

    def _value(self, field: str, value: str) -> str:
        known = self._index.names.types.get(value) if field == "type_key" else None
        return known or wording.change_value_text(field, value)

    def _skipped(self, item: PlanItem, line: int, column: int) -> str:
        if item.price_problems and not item.problems:
            return self._refused_price(item, line, column)
        if not item.problems:
            return wording.reason_text(item.reason) if column == WHY else ""
        if self._folded and len(item.problems) > 1:
            texts = {FIELD: wording.plural(len(item.problems), "причина", "причины", "причин")}
            return "; ".join(map(wording.problem_text, item.problems)) if column == WHY else texts.get(column, "")
        problem = item.problems[line]
        return {FIELD: wording.field_label(problem.field), WHY: wording.problem_text(problem)}.get(column, "")

    def _refused_price(self, item: PlanItem, line: int, column: int) -> str:
        """A price that Ozon would refuse: which one, what it was, what it would be, and why."""
        if self._folded and len(item.price_problems) > 1:
            texts = {FIELD: wording.plural(len(item.price_problems), "причина", "причины", "причин")}
            return "; ".join(map(wording.price_problem_text, item.price_problems)) if column == WHY else texts.get(column, "")
        problem = item.price_problems[line]
        old = next((change.old for change in item.changes if change.field == problem.field), "")
        values = {OLD: self._value(problem.field, old), NEW: self._value(problem.field, str(problem.amount))}
        return {FIELD: wording.field_label(problem.field), WHY: wording.price_problem_text(problem), **values}.get(column, "")

    def _reason(self, item: PlanItem) -> str:
        if item.reason is Reason.PRICE_CHANGED and self._index.names.price_type:
            return f"Тип цены «{self._index.names.price_type}»"
        return wording.reason_text(item.reason)

    def _tooltip(self, item: PlanItem, line: int, column: int) -> str:
        if column == ITEM:
            return f"{item.offer_id}\n{item.name}"
        if item.price_problems and column == WHY:
            return "\n".join((f"{wording.reason_text(item.reason)}:", *map(wording.price_problem_text, item.price_problems)))
        change = self._change(item, line)
        if change is not None and column in {OLD, NEW}:
            raw = change.old if column == OLD else change.new
            return raw if change.field == "images" else self._value(change.field, raw)
        if change is None and column == FIELD and item.changes:
            return "\n".join(map(self._change_text, item.changes[:TOOLTIP_LINES]))
        return self._display(item, line, column)

    def _change_text(self, change: FieldChange) -> str:
        label = wording.change_label(change.field, self._index.names.attributes, self._index.names.warehouses)
        old, new = (self._value(change.field, value) for value in (change.old, change.new))
        return f"{label}: {old} → {new}" if old else f"{label}: {new}"

    def _alignment(self, item: PlanItem, line: int, column: int) -> Qt.AlignmentFlag:
        change = self._change(item, line)
        numeric = change is not None and (change.field in NUMBER_FIELDS or change.field.startswith("stock"))
        numeric = numeric or bool(item.price_problems)
        side = Qt.AlignmentFlag.AlignRight if numeric and column in {OLD, NEW} else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def _color(self, item: PlanItem, line: int, column: int) -> QColor | None:
        tokens = self._theme.tokens()
        if column == WHY:
            return QColor(tokens.attention if item.kind is ActionKind.SKIP else tokens.secondary)
        return QColor(tokens.secondary) if column == OLD or (column == ITEM and line) else None


RARE = frozenset({ActionKind.ARCHIVE, ActionKind.TIMER})


def tile_kinds(counts: Mapping[ActionKind, int]) -> list[ActionKind]:
    """Tiles of the page in their order; those of rare kinds only when there is something of them."""
    return [kind for kind in ActionKind if kind not in RARE or counts.get(kind)]
