"""What stands in the three groups, without a widget: which rows, what they say, what is ticked, chosen and still open."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from ozon_desktop import wording
from ozon_desktop.domain.mapping import MappingState
from ozon_desktop.domain.matching.evidence import SuggestionGroup
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.store_catalog import StoreCategory, category_paths
from ozon_desktop.services.mapping.groups import choices, group_of, mixed, same_question
from ozon_desktop.services.mapping.view import Goods, MappingView, Proposals, Suggestion
from ozon_desktop.wording import mapping_groups as words

FIRST = {SuggestionGroup.SURE: 4, SuggestionGroup.CHOICE: 3, SuggestionGroup.UNSURE: 3}
"""So many open rows of a group are shown at first, so that all three are in sight."""
MORE = 50
RIVAL = 0.15
"""From this part of all chances on a second type is named as what speaks against the first."""
WORTH_SEEING = 0.03
"""Beside a sure type others are shown from this part of all chances on."""
NOTHING = Goods(0)


class Kind(StrEnum):
    HEAD = "head"
    CATEGORY = "category"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list.

    why: what speaks for the type, or why there is none to propose; chips: names of the few to choose from; chosen: number of the chip
    that was chosen, -1 = none; note: what was done besides; count: of a head its open rows, of the last row those not shown.
    """

    kind: Kind
    group: SuggestionGroup
    category_id: str = ""
    name: str = ""
    products: int = 0
    type_name: str = ""
    why: str = ""
    against: str = ""
    chips: tuple[str, ...] = ()
    chosen: int = -1
    ticked: bool = False
    note: str = ""
    count: int = 0
    opened: bool = True

    @property
    def key(self) -> tuple[str, ...]:
        """Names the row in a way that outlives a change of the others."""
        return (self.category_id,) if self.category_id else (self.kind, self.group)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A type with all that speaks for it and against it; path ends with its name."""

    key: TypeKey
    path: tuple[str, ...]
    reasons: tuple[str, ...]
    against: str
    chosen: bool


class GroupBoard:
    """Groups are those of the last search: what was mapped meanwhile leaves, what is taken back returns to its place."""

    def __init__(self) -> None:
        self._view: MappingView | None = None
        self._categories: dict[str, StoreCategory] = {}
        self._paths: Mapping[str, tuple[str, ...]] = {}
        self._found: dict[str, tuple[Suggestion, ...]] = {}
        self._goods: dict[str, Goods] = {}
        self._groups: dict[str, SuggestionGroup] = {}
        self._unticked: set[str] = set()
        self._rejected: set[str] = set()
        self._recent: tuple[str, ...] = ()
        self._shown = dict(FIRST)
        self._closed: set[SuggestionGroup] = set()

    # --- contents ---------------------------------------------------------------------------------------------------

    def show_view(self, view: MappingView) -> None:
        """Take the state of the mapping."""
        known = self._view
        self._view = view
        if known is None or known.categories != view.categories:
            self._categories = {category.id: category for category in view.categories}
            self._paths = category_paths(view.categories)

    def show_proposals(self, proposals: Proposals) -> None:
        """Take the answer of a search; what was unticked stays so, what was rejected is asked about anew."""
        known = [one for one in proposals.suggestions if one in self._categories]
        known.sort(key=lambda one: -proposals.goods.get(one, NOTHING).products)
        self._found = {one: proposals.suggestions[one] for one in known}
        self._goods = dict(proposals.goods)
        self._groups = {one: self._group(one) for one in known}
        self._unticked &= set(known)
        self._rejected, self._recent, self._shown = set(), (), dict(FIRST)

    def learn(self, proposals: Proposals) -> None:
        """Take what a choice has taught. Rows stay where they are, and what somebody has decided meanwhile stays too."""
        for one, found in proposals.suggestions.items():
            if one in self._found and found and self._groups[one] is not SuggestionGroup.SURE and self.is_open(one):
                self._found[one] = found

    def clear(self) -> None:
        """Another cabinet: nothing is known of it."""
        self._found, self._goods, self._groups = {}, {}, {}
        self._unticked, self._rejected, self._recent = set(), set(), ()

    def _group(self, category_id: str) -> SuggestionGroup:
        # A category called as a maker is never mapped by its word.
        if self._goods.get(category_id, NOTHING).brand and group_of(self._found[category_id]) is not SuggestionGroup.CHOICE:
            return SuggestionGroup.UNSURE
        return group_of(self._found[category_id])

    # --- what the manager does --------------------------------------------------------------------------------------

    def tick(self, category_id: str) -> None:
        """Take a sure one out of those accepted together, or back in."""
        self._unticked ^= {category_id}

    def reject(self, category_id: str) -> None:
        """The proposal goes; the category stays among those without an answer."""
        self._rejected.add(category_id)
        self._groups[category_id] = SuggestionGroup.UNSURE

    def toggle(self, group: SuggestionGroup) -> None:
        self._closed ^= {group}

    def show_more(self, group: SuggestionGroup) -> None:
        self._shown[group] += MORE

    def chosen(self, category_ids: Iterable[str]) -> None:
        """These were decided in one step: they are shown with the answer until the next step."""
        self._recent = tuple(category_ids)

    # --- what stands there ------------------------------------------------------------------------------------------

    def is_open(self, category_id: str) -> bool:
        """Whether the category still wants a type."""
        view = self._view
        if view is None or category_id not in view.resolved:
            return False
        return view.resolved[category_id].state is not MappingState.MAPPED or view.own.get(category_id) in view.moved

    def open_ones(self, *groups: SuggestionGroup) -> list[str]:
        """Categories of the groups that still want a type, in their order."""
        return [one for one, group in self._groups.items() if group in groups and self.is_open(one)]

    def counts(self) -> dict[SuggestionGroup, int]:
        """Open categories of each group."""
        return {group: len(self.open_ones(group)) for group in SuggestionGroup}

    def ticked(self) -> dict[str, TypeKey]:
        """The sure ones that are accepted together."""
        return {one: self._found[one][0].key for one in self.open_ones(SuggestionGroup.SURE) if one not in self._unticked}

    def few(self, category_id: str) -> tuple[Suggestion, ...]:
        """The types offered for a category: those to choose from, or the best ones."""
        found = self._found.get(category_id, ())
        if category_id in self._rejected:
            return ()
        return (choices(found) or found) if self._groups.get(category_id) is SuggestionGroup.CHOICE else found

    def answered_with(self, category_id: str, key: TypeKey) -> tuple[str, ...]:
        """The category and the others that the same choice answers."""
        still_open = {one: self._found[one] for one in self.open_ones(SuggestionGroup.CHOICE)}
        names = {one: self._categories[one].name for one in {category_id, *still_open}}
        return (category_id, *same_question(category_id, key, names, still_open))

    def next_open(self, category_id: str) -> str | None:
        """The next category of the same group that is still open, behind this one or from the top."""
        ones = [one for one, group in self._groups.items() if group is self._groups.get(category_id)]
        place = ones.index(category_id) if category_id in ones else 0
        return next((one for one in (*ones[place + 1 :], *ones[:place]) if self.is_open(one)), None)

    def reveal(self, category_id: str) -> None:
        """Show so many rows of a group that this one is among them."""
        group = self._groups[category_id]
        self._closed.discard(group)
        listed = self._listed(group)
        if category_id in listed:
            place = sum(self.is_open(one) for one in listed[: listed.index(category_id) + 1])
            self._shown[group] = max(self._shown[group], place)

    def rows(self) -> list[Row]:
        """The list from top to bottom; groups without rows are left out."""
        rows: list[Row] = []
        for group in SuggestionGroup:
            listed = self._listed(group)
            if not listed:
                continue
            count = sum(map(self.is_open, listed))
            opened = group not in self._closed
            rows.append(Row(Kind.HEAD, group, why=self._hint(group), count=count, opened=opened))
            if opened:
                shown = self._first(listed, self._shown[group])
                rows += [self._row(one, group) for one in shown]
                if left := len(listed) - len(shown):
                    rows.append(Row(Kind.MORE, group, count=left))
        return rows

    def _listed(self, group: SuggestionGroup) -> list[str]:
        recent = self._recent if group is not SuggestionGroup.SURE else ()
        return [one for one, own in self._groups.items() if own is group and (self.is_open(one) or one in recent)]

    def _first(self, listed: list[str], count: int) -> list[str]:
        shown: list[str] = []
        for one in listed:
            if self.is_open(one):
                if not count:
                    break
                count -= 1
            shown.append(one)
        return shown

    def _hint(self, group: SuggestionGroup) -> str:
        if group is SuggestionGroup.SURE:
            products = sum(self._goods.get(one, NOTHING).products for one in self.open_ones(group))
            return f"{words.products_text(products)}, снимите лишнее пробелом"
        return "цифра выбирает и переходит дальше" if group is SuggestionGroup.CHOICE else "честного ответа нет, выберите сами"

    def _row(self, category_id: str, group: SuggestionGroup) -> Row:
        goods = self._goods.get(category_id, NOTHING)
        row = Row(Kind.CATEGORY, group, category_id, self._categories[category_id].name, goods.products)
        found, few = self._found[category_id], self.few(category_id)
        if group is SuggestionGroup.SURE:
            why = wording.suggestion_reason_text(found[0].reason, found[0].detail)
            against = self._against(found[0], few)
            return replace(row, type_name=found[0].path[-1], why=why, against=against, ticked=category_id not in self._unticked)
        row = self._with_answer(row, few)
        if group is SuggestionGroup.CHOICE:
            why = words.choice_cause_text(_named(few), goods.products)
            return replace(row, chips=tuple(one.path[-1] for one in few), why=why)
        if mixed(few) and not goods.brand:
            return replace(row, why=words.mixed_text(_named(few)))
        trades = {one.path[0] for one in few[:3]}
        rejected = category_id in self._rejected
        cause = words.unsure_cause_text([one.path[-1] for one in few], brand=goods.brand, rejected=rejected, several=len(trades) > 1)
        return replace(row, why=cause)

    def _with_answer(self, row: Row, few: Collection[Suggestion]) -> Row:
        view = self._view
        if view is None or self.is_open(row.category_id) or row.category_id not in view.own:
            return row
        key = view.own[row.category_id]
        chosen = next((place for place, one in enumerate(few) if one.key == key), -1)
        others = [self._categories[one].name for one in self._recent if one != row.category_id]
        note = words.taught_text(self._places(others)) if self._recent[:1] == (row.category_id,) else ""
        if row.group is not SuggestionGroup.CHOICE or chosen < 0:
            note = f"→ {view.tree.type_path(key)[-1]}" + (f" · {note}" if note else "")
        return replace(row, chosen=chosen, note=note)

    def _places(self, names: list[str]) -> list[str]:
        """Where the others stand: they are called alike, so their parents tell them apart."""
        places = []
        for one in self._recent[1 : len(names) + 1]:
            path = self._paths[one]
            places.append(" / ".join(path[-2:]))
        return places

    @staticmethod
    def _against(first: Suggestion, found: Collection[Suggestion]) -> str:
        texts = []
        if first.named is not None:
            texts.append(words.named_against_text(first.named.products, first.named.of, others=False))
        rival = next((one for one in found if one is not first and one.chance >= RIVAL), None)
        if rival is not None:
            texts.append(words.rival_text(rival.path[-1]))
        return ", ".join(text for text in texts if text)

    # --- one category in detail -------------------------------------------------------------------------------------

    def heading(self, category_id: str) -> tuple[str, str]:
        """Its name, and where it stands with how many products."""
        goods = self._goods.get(category_id, NOTHING)
        return self._categories[category_id].name, f"{' / '.join(self._paths[category_id])} · {words.products_text(goods.products)}"

    def goods(self, category_id: str) -> Goods:
        return self._goods.get(category_id, NOTHING)

    def candidates(self, category_id: str) -> list[Candidate]:
        """The types offered for it, best first, each with what is known."""
        few = self.few(category_id)
        if self._groups[category_id] is SuggestionGroup.SURE:
            few = tuple(one for place, one in enumerate(few) if not place or one.chance >= WORTH_SEEING)
        own = self._view.own.get(category_id) if self._view is not None else None
        told: list[Candidate] = []
        for place, one in enumerate(few):
            reasons = [wording.suggestion_reason_text(one.reason, one.detail)]
            against = ""
            if one.named is not None:
                reasons.append(words.named_for_text(one.named.words, one.named.products, one.named.of))
                against = words.named_against_text(one.named.products, one.named.of, others=len(few) > 1)
            if place == 0 and self._groups[category_id] is SuggestionGroup.SURE:
                against = self._against(one, few)
            told.append(Candidate(one.key, one.path, tuple(text for text in reasons if text), against, one.key == own))
        return told


def _named(few: Collection[Suggestion]) -> list[tuple[str, int]]:
    """A word of each type that products are named by, with how many are; a word that is the others' too only where there is no other."""
    met = [(one.named.words, one.named.products) for one in few if one.named is not None and one.named.words]
    found: dict[str, int] = {}
    for place, (own, count) in enumerate(met):
        others = {word for number, (texts, _) in enumerate(met) if number != place for word in texts}
        found.setdefault(next((word for word in own if word not in others), own[0]), count)
    return list(found.items())
