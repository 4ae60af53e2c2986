"""What the preview needs to filter 100,000 products as the manager types; built beside the window, free of Qt."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.domain.sync_plan import ActionKind, Hold, PlanItem
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


class Bucket(StrEnum):
    """The groups and tiles of the preview, in their order: what waits for a person, what takes something away, and the kinds of action."""

    HELD = "held"
    LOST = "lost"
    CREATE = "create"
    UPDATE = "update"
    ARCHIVE = "archive"
    PRICE = "price"
    TIMER = "timer"
    STOCK = "stock"
    SKIP = "skip"


ONE_DECISION = frozenset({Hold.UNANSWERED, Hold.VANISHED, Hold.MANY_PRICES})
"""Holds that are decided about for all their products at once; the group shows them as one row until it is asked to show each."""


@dataclass(frozen=True, slots=True)
class PlanIndex:
    """A plan's items with their texts for searching (case, ё/е do not count) and the names the cells need.

    price_problems: how many items have prices that Ozon would refuse; holds: how many products are held for each reason;
    losses: how many fields lose something; sent: how many items are neither held nor skipped.
    """

    items: Sequence[PlanItem]
    texts: Sequence[str] = field(repr=False)
    names: Names
    price_problems: int = 0
    holds: Mapping[Hold, int] = field(default_factory=dict)
    losses: int = 0

    @classmethod
    def build(cls, items: Sequence[PlanItem], names: "Names | None" = None) -> "PlanIndex":
        """The index of a plan; about 2 µs per item."""
        texts = [fold(f"{item.offer_id} {item.name}") for item in items]
        holds = Counter(hold for _, hold in {(item.offer_id, item.hold) for item in items if item.waits} if hold is not None)
        wrong_prices = sum(1 for item in items if item.price_problems)
        losses = sum(len(item.lost) for item in items if not item.waits)
        return cls(items, texts, names or Names(), wrong_prices, holds, losses)

    def counts(self) -> dict[Bucket, int]:
        """What the tiles show: items of each kind, held products, and fields that lose something. Zero included."""
        kinds = Counter(item.kind for item in self.items if not item.waits)
        counted = {Bucket(kind.value): kinds[kind] for kind in ActionKind}
        counted[Bucket.HELD] = sum(self.holds.values())
        counted[Bucket.LOST] = self.losses
        return {bucket: counted[bucket] for bucket in Bucket}

    def find(self, text: str, bucket: Bucket | None, *, wrong_prices: bool = False) -> dict[Bucket, list[int]]:
        """Positions of the items that have `text` in their article or name, by bucket (None = of all).

        An item that loses something is found under LOST too. wrong_prices: only those whose prices Ozon would refuse.
        """
        wanted = fold(text)
        found: dict[Bucket, list[int]] = {one: [] for one in Bucket}
        by_kind = {kind: Bucket(kind.value) for kind in ActionKind}
        for place, item in enumerate(self.items):
            if (wanted and wanted not in self.texts[place]) or (wrong_prices and not item.price_problems):
                continue
            if item.waits:
                found[Bucket.HELD].append(place)
                continue
            found[by_kind[item.kind]].append(place)
            if item.lost:
                found[Bucket.LOST].append(place)
        return found if bucket is None else {bucket: found[bucket]}


@dataclass(frozen=True, slots=True)
class Computed:
    """A preview with its index; `number` says whether it is the one asked for last, `at` when it was made (UTC)."""

    number: int
    preview: Preview
    index: PlanIndex
    at: datetime | None = None


def line_count(item: PlanItem) -> int:
    """Lines of an item: one per problem of a skipped one, one per changed field of the others, at least one."""
    return max(1, len(item.problems) or len(item.price_problems) if item.kind is ActionKind.SKIP else len(item.changes))


def type_keys(items: Iterable[PlanItem]) -> frozenset[str]:
    """Product types named in the changes, as "category:type"."""
    changes = (change for item in items for change in item.changes if change.field == "type_key")
    return frozenset(text for change in changes for text in (change.old, change.new) if text)
