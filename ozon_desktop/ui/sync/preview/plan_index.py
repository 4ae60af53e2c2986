"""What the preview needs to filter 100,000 products as the manager types; built beside the window, free of Qt."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.domain.sync_plan import ActionKind, PlanItem
from ozon_desktop.services.sync.preview import Preview

LINES_LIMIT = 50_000
"""Above so many lines a product takes one line that counts its fields: a view cannot lay out a million rows."""


@dataclass(frozen=True, slots=True)
class Names:
    """Words for the ids in a plan: attributes, Ozon warehouses, the price type, product types by their "category:type"."""

    attributes: Mapping[int, str] = field(default_factory=dict)
    warehouses: Mapping[int, str] = field(default_factory=dict)
    price_type: str = ""
    types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanIndex:
    """A plan's items with their texts for searching (case, ё/е do not count) and the names the cells need."""

    items: Sequence[PlanItem]
    texts: Sequence[str] = field(repr=False)
    names: Names
    price_problems: int = 0
    """How many items have prices that Ozon would refuse."""

    @classmethod
    def build(cls, items: Sequence[PlanItem], names: "Names | None" = None) -> "PlanIndex":
        """The index of a plan; about 2 µs per item."""
        texts = [fold(f"{item.offer_id} {item.name}") for item in items]
        return cls(items, texts, names or Names(), sum(1 for item in items if item.price_problems))

    def find(self, text: str, kind: ActionKind | None, *, wrong_prices: bool = False) -> list[int]:
        """Positions of the items of a kind (None = of all) that have `text` in their article or name.

        wrong_prices: only those whose prices Ozon would refuse.
        """
        wanted = fold(text)
        found = range(len(self.items)) if kind is None else [place for place, item in enumerate(self.items) if item.kind is kind]
        if wrong_prices:
            found = [place for place in found if self.items[place].price_problems]
        return [place for place in found if wanted in self.texts[place]] if wanted else list(found)


@dataclass(frozen=True, slots=True)
class Computed:
    """A preview with its index; `number` says whether it is the one asked for last."""

    number: int
    preview: Preview
    index: PlanIndex


def line_count(item: PlanItem) -> int:
    """Lines of an item: one per problem of a skipped one, one per changed field of the others, at least one."""
    return max(1, len(item.problems) or len(item.price_problems) if item.kind is ActionKind.SKIP else len(item.changes))


def type_keys(items: Iterable[PlanItem]) -> frozenset[str]:
    """Product types named in the changes, as "category:type"."""
    changes = (change for item in items for change in item.changes if change.field == "type_key")
    return frozenset(text for change in changes for text in (change.old, change.new) if text)
