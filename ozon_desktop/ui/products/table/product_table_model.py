"""The product table: its columns, its filter, and what is counted over its rows."""

from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache, partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor

from ozon_desktop import wording
from ozon_desktop.domain.card import ProblemCode
from ozon_desktop.domain.russian_order import russian_orders
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.services.cards.view import CardRow
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets import Width
from ozon_desktop.ui.widgets.row_table_model import RIGHT, Column, RowTableModel

Reason = tuple[ProblemCode, str]
"""A problem's code and the field it is in."""

SEPARATOR = " / "
"""Between the names of a category's path, as `CardRow` has it."""
TYPE_PROBLEMS = (
    ProblemCode.TYPE_DISABLED,
    ProblemCode.TYPE_GONE,
    ProblemCode.NOT_MAPPED,
    ProblemCode.NO_CATEGORY,
    ProblemCode.SETTINGS_MISSING,
)
"""Problems of the mapping: with one of them the fields are not there at all, so it is shown instead of a number."""


class ProductColumn(IntEnum):
    OFFER = 0
    NAME = 1
    PRICE = 2
    STOCK = 3
    READY = 4
    OZON = 5


NUMBERS = frozenset({ProductColumn.PRICE, ProductColumn.STOCK})


class Readiness(StrEnum):
    ALL = "all"
    READY = "ready"
    ERRORS = "errors"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Which rows are shown. reasons: a card is shown when it has any of these problems; empty = no such filter.

    category: the path of a store category, which stands for those below it too; "" = all.
    """

    text: str = ""
    readiness: Readiness = Readiness.ALL
    reasons: frozenset[Reason] = frozenset()
    category: str = ""


def product_columns(theme: Theme) -> tuple[Column[CardRow], ...]:
    """The product, what it costs and how many there are, whether its card is ready, and what Ozon says of it."""

    def price_colour(row: CardRow) -> QColor | None:
        return theme.color("error") if row.price is None else None

    def ready_colour(row: CardRow) -> QColor:
        if row.ready:
            return theme.color("error" if is_refused(row) else "good")
        mapping = has_other_list(row) or any(problem.code in TYPE_PROBLEMS for problem in row.problems)
        return theme.color("attention" if mapping else "error")

    def ozon_colour(row: CardRow) -> QColor | None:
        if is_refused(row):
            return theme.color("error")
        return None if row.ozon_status else theme.color("secondary")

    return (
        Column("Артикул", lambda row: row.offer_id, Width(share=1, least=10), tip=_no_tip),
        Column("Название", lambda row: row.name, Width(share=6, least=22), tip=_name_tip),
        Column("Цена", _price, Width(("нет цены",), spare=1), RIGHT, tip=_no_tip, colour=price_colour, sort_key=_number_of_price),
        Column("Остаток", lambda row: wording.number(row.stock), Width(spare=1), RIGHT, tip=_no_tip, sort_key=lambda row: float(row.stock)),
        Column("Готовность", _ready, Width(("10 ошибок",)), tip=_ready_tip, colour=ready_colour, sort_key=_readiness),
        Column(
            "На Ozon",
            lambda row: row.ozon_status or "не создан",
            Width(("Готов к продаже",)),
            tip=_ozon_tip,
            colour=ozon_colour,
            sort_key=lambda row: row.ozon_status,
        ),
    )


class ProductTableModel(RowTableModel[CardRow]):
    """Rows of `CardsView` in the order and selection the manager asked for."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(
            product_columns(theme), key=lambda row: row.product_id, searched=lambda row: f"{row.offer_id}\n{row.name}", parent=parent
        )
        self._filter = ProductFilter()

    def show_filter(self, wanted: ProductFilter) -> None:
        """Narrow the table; selected rows that stay keep their selection."""
        if wanted != self._filter:
            self._filter = wanted
            self._search_words = fold(wanted.text).split()
            self.filter_rows(_accepts(wanted))

    @property
    def filter(self) -> ProductFilter:
        return self._filter

    def find(self, wanted: str) -> str | None:
        """The id of the product with this id or article, shown or not."""
        return next((row.product_id for row in self.rows if wanted in {row.product_id, row.offer_id}), None)

    def count(self, reasons: frozenset[Reason]) -> int:
        """Products that have any of these problems."""
        return sum(1 for row in self.rows if row.problems and _has(row, reasons))

    def products_in(self, path: Sequence[str]) -> int:
        """Products of a category and below it, shown or not; an empty path = all."""
        above = SEPARATOR.join(path)
        return sum(count for own, count in Counter(row.category for row in self.rows).items() if not above or is_inside(own, above))

    def categories(self) -> list[tuple[str, int]]:
        """The paths of the categories that have products, and of those above them, with the number of products; in order."""
        counts: Counter[str] = Counter()
        for path, number in Counter(row.category for row in self.rows if row.category).items():
            names = path.split(SEPARATOR)
            counts.update({SEPARATOR.join(names[:depth]): number for depth in range(1, len(names) + 1)})
        return sorted(counts.items(), key=lambda pair: russian_orders(pair[0].split(SEPARATOR)))

    def other_lists(self, product_ids: Set[str]) -> list[str]:
        """Those of these products whose card has the additional fields of another type."""
        return [row.product_id for row in self.rows if row.problems and row.product_id in product_ids and has_other_list(row)]


def _accepts(wanted: ProductFilter) -> Callable[[CardRow], bool] | None:
    """Only what is asked for is looked at: with a hundred thousand products each question is felt."""
    tests: list[Callable[[CardRow], bool]] = []
    if wanted.readiness is Readiness.REFUSED:
        tests.append(is_refused)
    elif wanted.readiness is not Readiness.ALL:
        ready = wanted.readiness is Readiness.READY
        tests.append(lambda row: row.ready is ready)
    if wanted.reasons:
        tests.append(lambda row: bool(row.problems) and _has(row, wanted.reasons))
    if wanted.category:
        inside = lru_cache(maxsize=None)(partial(is_inside, above=wanted.category))
        tests.append(lambda row: inside(row.category))
    return (lambda row: all(test(row) for test in tests)) if len(tests) > 1 else tests[0] if tests else None


def _price(row: CardRow) -> str:
    return "нет цены" if row.price is None else wording.money(row.price, row.currency)


def _number_of_price(row: CardRow) -> float | None:
    return None if row.price is None else float(row.price)


def _ready(row: CardRow) -> str:
    """«готов», «3 ошибки», «отклонён» by Ozon, or the one reason that makes the others pointless."""
    if row.ready:
        # Nothing more to correct as far as the program knows, and still no success.
        return "отклонён" if is_refused(row) else "готов"
    codes = [problem.code for problem in row.problems]
    words = {
        ProblemCode.TYPE_DISABLED: "тип отключён",
        ProblemCode.TYPE_GONE: "тип удалён",
        ProblemCode.NOT_MAPPED: "нет типа Ozon",
        ProblemCode.NO_CATEGORY: "нет категории",
        ProblemCode.SETTINGS_MISSING: "нет настроек",
        ProblemCode.OTHER_LIST: "другой список",
    }
    for code in (*TYPE_PROBLEMS, ProblemCode.OTHER_LIST):
        if code in codes:
            return words[code]
    return wording.plural(sum(problem.blocking for problem in row.problems), "ошибка", "ошибки", "ошибок")


def _readiness(row: CardRow) -> int:
    return int(is_refused(row)) if row.ready else 2 + sum(problem.blocking for problem in row.problems)


def _no_tip(_: CardRow) -> str:
    return ""


def _name_tip(row: CardRow) -> str:
    return "\n".join(part for part in (row.name, row.category, row.type_name) if part)


def _ready_tip(row: CardRow) -> str:
    lines = [wording.problem_text(problem) for problem in row.problems]
    return "\n".join(lines + [wording.ozon_problem_text(problem) for problem in row.ozon_problems if problem.blocking])


def _ozon_tip(row: CardRow) -> str:
    problems = [wording.ozon_problem_text(problem) for problem in row.ozon_problems]
    return "\n".join(part for part in (row.ozon_status, *problems) if part)


def is_inside(path: str, above: str) -> bool:
    """Whether a category's path is this one or below it."""
    return path == above or path.startswith(above + SEPARATOR)


def is_refused(row: CardRow) -> bool:
    """Whether Ozon has something against the card that keeps it from being sold. Those that block come first."""
    return bool(row.ozon_problems) and row.ozon_problems[0].blocking


def has_other_list(row: CardRow) -> bool:
    """Whether the card's additional fields are another type's."""
    return any(problem.code is ProblemCode.OTHER_LIST for problem in row.problems)


def _has(row: CardRow, reasons: frozenset[Reason]) -> bool:
    return any((problem.code, problem.field) in reasons for problem in row.problems)
