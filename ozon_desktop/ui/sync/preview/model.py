"""The preview as a tree: what is held, what will be lost, then a group per kind of change with every field or reason to skip."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor

from ozon_desktop import wording
from ozon_desktop.domain.sync_plan import ActionKind, FieldChange, Hold, PlanItem, Reason, Verdict
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.sync.preview.plan_index import LINES_LIMIT, ONE_DECISION, Bucket, PlanIndex, line_count
from ozon_desktop.ui.widgets.grouped_model import OFFER_ID, PRODUCT_ID, Group, GroupedModel
from ozon_desktop.ui.widgets.model_index import Index, Role
from ozon_desktop.ui.widgets.pieces import PIECES, Piece
from ozon_desktop.wording.holds import change_size_text, hold_text
from ozon_desktop.wording.preview import held_together_text, lost_texts

ITEM, FIELD, OLD, NEW, WHY = range(5)
NUMBER_FIELDS = frozenset({"price", "old_price", "min_price", "depth", "width", "height", "weight"})
TOOLTIP_LINES = 30
EMPTIED = "пусто"

APPROVE, REJECT, UNDECIDE, SHOW, KEEP_OZONS, OPEN = "approve", "reject", "undecide", "show", "keep", "open"
"""What the links on a line mean."""

_LINKS = {
    APPROVE: "Верно, отправить",
    REJECT: "Не отправлять",
    UNDECIDE: "Вернуть решение",
    SHOW: "Показать все",
    KEEP_OZONS: "Оставить как на Ozon",
    OPEN: "Открыть",
}
_TITLES = {Bucket.HELD: "Придержано", Bucket.LOST: "Будет потеряно"}
_NOTES = {Bucket.HELD: "не уйдёт, пока вы не решите; остальное отправится", Bucket.LOST: "этого на Ozon больше не будет"}
_TONES = {Bucket.HELD: "attention", Bucket.LOST: "error"}


class SyncPlanModel(GroupedModel):
    """Items of a PlanIndex in two levels. Lines carry OFFER_ID and PRODUCT_ID."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__((), parent)
        self._titles = ("Товар", "Поле", "Сейчас на Ozon", "Станет", "Решение или причина")
        self._theme = theme
        self._index = PlanIndex.build(())
        self._line_counts: list[int] = []
        self._text = ""
        self._bucket: Bucket | None = None
        self._wrong_prices = False
        self._folded = False
        self._together: list[PlanItem] = []
        self._apart: set[Hold] = set()
        self.notes: Mapping[Bucket, str] = {}
        self.choosable: Callable[[str], bool] = lambda field: False
        self.shown = 0

    def show_plan(self, index: PlanIndex) -> None:
        """Shows another plan under the same filter."""
        self._index = index
        self._line_counts = [line_count(item) for item in index.items]
        self._filter()

    def show_filter(self, text: str, bucket: Bucket | None) -> None:
        """Narrows the tree to products with `text`, and to one group (None = all)."""
        if (text, bucket) != (self._text, self._bucket):
            self._text, self._bucket = text, bucket
            self._filter()

    def show_wrong_prices(self, only: bool) -> None:
        """Narrows the tree to products whose prices Ozon would refuse."""
        if only is not self._wrong_prices:
            self._wrong_prices = only
            self._filter()

    def show_apart(self, hold: Hold) -> None:
        """Shows each product held for this reason, which else stand in one row."""
        self._apart.add(hold)
        self._filter()

    @property
    def wrong_prices(self) -> bool:
        """Whether it is narrowed to them."""
        return self._wrong_prices

    @property
    def bucket(self) -> Bucket | None:
        """The group it is narrowed to."""
        return self._bucket

    @property
    def lines(self) -> int:
        """Lines of all groups."""
        return sum(group.lines for group in self.groups)

    def item(self, place: int) -> PlanItem:
        """The item at a place of a group; that of a row for many products has no article."""
        items = self._index.items
        return items[place] if place < len(items) else self._together[place - len(items)]

    def items_at(self, index: Index) -> Sequence[PlanItem]:
        """The plan's items a line stands for: one, or all that are held for one reason."""
        place = self.place(index)
        if place is None:
            return ()
        found = self.item(place[1])
        if found.offer_id:
            return (found,)
        return [item for item in self._index.items if item.waits and item.hold is found.hold]

    def change_at(self, index: Index) -> FieldChange | None:
        """The change a line shows."""
        place = self.place(index)
        return None if place is None else self._change(place[0], self.item(place[1]), place[2])

    def _filter(self) -> None:
        found = self._index.find(self._text, self._bucket, wrong_prices=self._wrong_prices)
        self._folded = sum(self._line_counts[place] for places in found.values() for place in places) > LINES_LIMIT
        self.shown = len({place for places in found.values() for place in places})
        self._together = []
        if Bucket.HELD in found:
            found[Bucket.HELD] = self._put_together(found[Bucket.HELD])
        self.show_groups(
            Group.of(bucket.value, places, self._lines_lost if bucket is Bucket.LOST else self._lines_of)
            for bucket, places in found.items()
        )

    def _put_together(self, held: Sequence[int]) -> list[int]:
        """One row for the products of a reason that is decided about once; each by itself while something is searched for."""
        items = self._index.items
        folded = {hold for hold in ONE_DECISION - self._apart if self._index.holds.get(hold, 0) > 1 and not self._text}
        for hold in sorted(folded):
            first = next(items[place] for place in held if items[place].hold is hold)
            name = held_together_text(hold, self._index.holds[hold])
            self._together.append(PlanItem(first.kind, "", name, first.reason, hold=hold, verdict=first.verdict))
        return [place for place in held if items[place].hold not in folded] + [len(items) + place for place in range(len(self._together))]

    def _lines_of(self, place: int) -> int:
        if place >= len(self._line_counts) or self._folded:
            return 1
        return self._line_counts[place]

    def _lines_lost(self, place: int) -> int:
        return len(self._index.items[place].lost)

    # --- cells ------------------------------------------------------------------------------------------------------

    def offer_of(self, item: int) -> str:
        return self.item(item).offer_id

    def group_title(self, group: Group) -> str:
        """«Изменить цену — 37»."""
        bucket = Bucket(group.key)
        if bucket is Bucket.LOST:
            return f"{_TITLES[bucket]} — {wording.number(group.lines)}"
        if bucket is Bucket.HELD:
            return f"{_TITLES[bucket]} — {wording.number(len({offer for item in group.items for offer in self._offers(item)}))}"
        return f"{wording.capital(wording.action_text(ActionKind(group.key)))} — {wording.number(len(group.items))}"

    def _offers(self, place: int) -> list[str]:
        item = self.item(place)
        return [item.offer_id] if item.offer_id else [one.offer_id for one in self._index.items if one.waits and one.hold is item.hold]

    def group_cell(self, group: Group, column: int, role: int) -> Any:
        """The tone of a group's header, and a note at its right."""
        bucket = Bucket(group.key)
        if column == ITEM and role == Role.ForegroundRole and bucket in _TONES:
            return self._theme.color(_TONES[bucket])
        note = self.notes.get(bucket) or _NOTES.get(bucket, "")
        if column == WHY and role == Role.DisplayRole:
            return note or None
        if column == WHY and role == PIECES and note:
            return (Piece(note, "secondary"),)
        if column == WHY and role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return super().group_cell(group, column, role)

    def cell(self, group: Group, item: int, line: int, column: int, role: int) -> Any:
        shown = self.item(item)
        if role == Role.DisplayRole:
            return self._display(group, shown, line, column)
        if role == PIECES:
            return self._pieces(group, shown, line, column)
        if role == Role.ToolTipRole:
            return self._tooltip(group, shown, line, column)
        if role == Role.TextAlignmentRole:
            return self._alignment(group, shown, line, column)
        if role == Role.ForegroundRole:
            return self._color(shown, line, column)
        return {OFFER_ID: shown.offer_id, PRODUCT_ID: shown.product_id}.get(role)

    def _change(self, group: Group, item: PlanItem, line: int) -> FieldChange | None:
        if group.key == Bucket.LOST:
            return item.lost[line]
        folded = (self._folded and len(item.changes) > 1) or item.price_problems
        return item.changes[line] if line < len(item.changes) and not folded else None

    def _display(self, group: Group, item: PlanItem, line: int, column: int) -> str:
        if not item.offer_id:
            return {ITEM: item.name, WHY: hold_text(item.hold) if item.hold is not None else ""}.get(column, "")
        if column == ITEM:
            return item.offer_id if line and group.key != Bucket.LOST else f"{item.offer_id}  {item.name}"
        if item.kind is ActionKind.SKIP:
            return self._skipped(item, line, column)
        change = self._change(group, item, line)
        if column == WHY:
            return self._why(group, item, line)
        if change is None:
            return wording.plural(len(item.changes), "поле", "поля", "полей") if column == FIELD and item.changes else ""
        if column == FIELD:
            return wording.change_label(change.field, self._index.names.attributes, self._index.names.warehouses)
        if column == NEW and change.old and not change.new and group.key in {Bucket.LOST, Bucket.HELD}:
            return EMPTIED
        return self._value(change.field, change.old if column == OLD else change.new)

    def _why(self, group: Group, item: PlanItem, line: int) -> str:
        if item.hold is not None:
            return hold_text(item.hold) if line == 0 else ""
        return self._reason(item) if line == 0 or group.key == Bucket.LOST else ""

    # --- pieces -----------------------------------------------------------------------------------------------------

    def _pieces(self, group: Group, item: PlanItem, line: int, column: int) -> Sequence[Piece] | None:
        """Links where there is something to decide, the lost parts struck out, and by how much a number changes; None = a plain cell."""
        if group.key not in {Bucket.HELD, Bucket.LOST}:
            return None
        if column == WHY:
            said = [Piece("не отправится", "secondary")] if item.verdict is Verdict.KEEP and not line else []
            return [*said, *(Piece(_LINKS[link], link=link) for link in self._links(group, item, line))] or None
        if column == ITEM and item.offer_id and (line == 0 or group.key == Bucket.LOST):
            return [Piece(item.offer_id, "secondary", whole=True), Piece(item.name)]
        change = self._change(group, item, line) if item.offer_id else None
        if change is None:
            return None
        if column == NEW and change.old and not change.new:
            return [Piece(EMPTIED, "error")]
        if group.key == Bucket.LOST:
            return self._lost_pieces(change, column)
        step = change_size_text(change.old, change.new, item.hold) if column == NEW and item.hold is not None and _is_sized(change) else ""
        if not step:
            return None
        tone = "attention" if change.field.startswith("stock") else "error"
        return [Piece(self._display(group, item, line, column), whole=True), Piece(step, tone, bold=True, whole=True)]

    def _links(self, group: Group, item: PlanItem, line: int) -> tuple[str, ...]:
        if group.key == Bucket.LOST:
            change = self._change(group, item, line)
            keep = change is not None and self.choosable(change.field)
            return (KEEP_OZONS, OPEN) if keep else (OPEN,)
        if line or item.hold is Hold.UNANSWERED:
            return () if item.offer_id else (SHOW,)
        decision = (APPROVE, REJECT) if item.verdict is None else (UNDECIDE,)
        return decision if item.offer_id else (SHOW, *decision)

    def _lost_pieces(self, change: FieldChange, column: int) -> Sequence[Piece] | None:
        if column == OLD:
            lost = [Piece(self._value(change.field, text), "error", struck=True, whole=True) for text in lost_texts(change)]
            kept = [part for part in change.old.split(", ") if part and part not in change.lost]
            all_lost = change.lost == (change.old,)
            return lost if all_lost or not kept else [Piece(f"{', '.join(kept)},"), *lost]
        return None

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

    def _tooltip(self, group: Group, item: PlanItem, line: int, column: int) -> str:
        if not item.offer_id:
            return self._display(group, item, line, column)
        if column == ITEM:
            return f"{item.offer_id}\n{item.name}"
        if item.price_problems and column == WHY:
            return "\n".join((f"{wording.reason_text(item.reason)}:", *map(wording.price_problem_text, item.price_problems)))
        change = self._change(group, item, line)
        if change is not None and column in {OLD, NEW}:
            raw = change.old if column == OLD else change.new
            return raw if change.field == "images" else self._value(change.field, raw)
        if change is None and column == FIELD and item.changes:
            return "\n".join(map(self._change_text, item.changes[:TOOLTIP_LINES]))
        return self._display(group, item, line, column)

    def _change_text(self, change: FieldChange) -> str:
        label = wording.change_label(change.field, self._index.names.attributes, self._index.names.warehouses)
        old, new = (self._value(change.field, value) for value in (change.old, change.new))
        return f"{label}: {old} → {new}" if old else f"{label}: {new}"

    def _alignment(self, group: Group, item: PlanItem, line: int, column: int) -> Qt.AlignmentFlag:
        if group.key in {Bucket.HELD, Bucket.LOST}:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        change = self._change(group, item, line)
        numeric = change is not None and (change.field in NUMBER_FIELDS or change.field.startswith("stock"))
        numeric = numeric or bool(item.price_problems)
        side = Qt.AlignmentFlag.AlignRight if numeric and column in {OLD, NEW} else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def _color(self, item: PlanItem, line: int, column: int) -> QColor | None:
        tokens = self._theme.tokens()
        if column == WHY:
            return QColor(tokens.attention if item.kind is ActionKind.SKIP else tokens.secondary)
        return QColor(tokens.secondary) if column == OLD or (column == ITEM and line) else None


def _is_sized(change: FieldChange) -> bool:
    """Whether how much it changes says something: of prices and stocks that Ozon has."""
    return bool(change.old) and (change.field in {"price", "old_price", "min_price"} or change.field.startswith("stock:"))


def shown_buckets(counts: Mapping[Bucket, int]) -> list[Bucket]:
    """Tiles of the page in their order; those of what seldom happens only when it does."""
    seldom = {Bucket.HELD, Bucket.LOST, Bucket.ARCHIVE, Bucket.TIMER}
    return [bucket for bucket in Bucket if bucket not in seldom or counts.get(bucket)]
