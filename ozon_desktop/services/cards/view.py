"""The table of all cards as it is shown: its rows, and which of them a filter leaves."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ozon_desktop.domain.cabinet import ItemError
from ozon_desktop.domain.card import CardProblem, ProblemCode
from ozon_desktop.domain.ozon_problems import OzonProblem
from ozon_desktop.domain.russian_order import russian_order

Reason = tuple[ProblemCode, str]
"""A kind of problem and its field."""


@dataclass(frozen=True, slots=True)
class CardRow:
    """One row of the products table. stock: sum over the store's warehouses; ozon_status "" = not on Ozon.

    ozon_problems: Ozon's errors beside their fields.
    """

    product_id: str
    offer_id: str
    name: str
    category: str
    type_name: str
    price: Decimal | None
    currency: str
    stock: Decimal
    ready: bool
    problems: tuple[CardProblem, ...]
    ozon_status: str
    ozon_errors: tuple[ItemError, ...]
    ozon_problems: tuple[OzonProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class CardsIndex:
    """Numbers of rows (places in `CardsView.rows`) by what they are filtered by, each in the order of the rows.

    by_reason: problems of both kinds, those that only warn too; by_category: by the text of `CardRow.category`; refused: those Ozon
    has a blocking error for.
    """

    total: int = 0
    ready: Sequence[int] = ()
    with_errors: Sequence[int] = ()
    refused: Sequence[int] = ()
    by_reason: Mapping[Reason, Sequence[int]] = field(default_factory=dict)
    by_category: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def numbers(self, *, ready: bool | None = None, reasons: Collection[Reason] = (), category: str | None = None) -> Sequence[int]:
        """Rows that pass all of these filters. reasons: any of them; category: it and all below it, None = any."""
        chosen: list[Sequence[int]] = []
        if ready is not None:
            chosen.append(self.ready if ready else self.with_errors)
        if reasons:
            chosen.append(_any_of([self.by_reason.get(reason, ()) for reason in reasons]))
        if category is not None:
            below = f"{category} / "
            chosen.append(_any_of([rows for name, rows in self.by_category.items() if name == category or name.startswith(below)]))
        if not chosen:
            return range(self.total)
        chosen.sort(key=len)
        first, *others = chosen
        for other in others:
            inside = set(other)
            first = [number for number in first if number in inside]
        return first


@dataclass(frozen=True, slots=True)
class CardsView:
    """The products table. reasons: (code, field, how many cards) of problems that hold cards back, most frequent first.

    categories: (CardRow.category, how many cards), by name.
    """

    rows: tuple[CardRow, ...]
    ready: int
    with_errors: int
    reasons: tuple[tuple[ProblemCode, str, int], ...]
    warnings: tuple[tuple[ProblemCode, str, int], ...] = ()
    categories: tuple[tuple[str, int], ...] = ()
    index: CardsIndex = field(default_factory=CardsIndex, compare=False, repr=False)


def view_of(rows: Iterable[CardRow]) -> CardsView:
    """The table over these rows, in their order."""
    listed = tuple(rows)
    ready: list[int] = []
    held: list[int] = []
    refused: list[int] = []
    by_reason: dict[Reason, list[int]] = {}
    by_category: dict[str, list[int]] = {}
    for number, row in enumerate(listed):
        (ready if row.ready else held).append(number)
        by_category.setdefault(row.category, []).append(number)
        for problem in row.problems:
            known = by_reason.setdefault((problem.code, problem.field), [])
            # A field may have several values that are wrong.
            if not known or known[-1] != number:
                known.append(number)
        if row.ozon_problems and row.ozon_problems[0].blocking:
            refused.append(number)
    counts = Counter({reason: len(numbers) for reason, numbers in by_reason.items()})
    counted = [(code, name, count) for (code, name), count in counts.most_common()]
    return CardsView(
        listed,
        len(ready),
        len(held),
        tuple(reason for reason in counted if CardProblem(reason[0], reason[1]).blocking),
        tuple(reason for reason in counted if not CardProblem(reason[0], reason[1]).blocking),
        tuple((name, len(numbers)) for name, numbers in sorted(by_category.items(), key=lambda pair: russian_order(pair[0]))),
        CardsIndex(len(listed), ready, held, refused, by_reason, by_category),
    )


def _any_of(parts: Sequence[Sequence[int]]) -> Sequence[int]:
    return parts[0] if len(parts) == 1 else sorted({number for part in parts for number in part})
