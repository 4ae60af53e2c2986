"""The product table over CardRow tuples: filter and sort work on plain lists, so that 100,000 rows answer at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ozon_desktop import wording
from ozon_desktop.domain.card import ProblemCode

if TYPE_CHECKING:
    from ozon_desktop.services.cards.view import CardRow
    from ozon_desktop.ui.look.theme import Theme

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
Reason = tuple[ProblemCode, str]
"""A problem's code and the field it is in."""

SEPARATOR = " / "
"""Between the names of a category's path, as `CardRow` has it."""
PRODUCT_ID = Qt.ItemDataRole.UserRole + 1
TYPE_PROBLEMS = (
    ProblemCode.TYPE_DISABLED,
    ProblemCode.TYPE_GONE,
    ProblemCode.NOT_MAPPED,
    ProblemCode.NO_CATEGORY,
    ProblemCode.SETTINGS_MISSING,
)
"""Problems of the mapping: with one of them the fields are not there at all, so it is told instead of a number."""


class ProductColumn(IntEnum):
    """Columns of the table."""

    OFFER = 0
    NAME = 1
    PRICE = 2
    STOCK = 3
    READY = 4
    OZON = 5


NUMBERS = frozenset({ProductColumn.PRICE, ProductColumn.STOCK})


class Readiness(StrEnum):
    """What the chips above the table offer."""

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


class ProductTableModel(QAbstractTableModel):
    """Rows of `CardsView` in the order and selection the manager asked for."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: Sequence[CardRow] = ()
        self._order: list[int] = []
        self._texts: list[str] | None = None
        self._sort_keys: dict[int, list[Any]] = {}
        self._filter = ProductFilter()
        self._sort: tuple[int, Qt.SortOrder] | None = None
        self._titles = (
            "Артикул",
            "Название",
            "Цена",
            "Остаток",
            "Готовность",
            "На Ozon",
        )

    # --- contents ---------------------------------------------------------------------------------------------------

    def show_rows(self, rows: Sequence[CardRow]) -> bool:
        """Take the rows. True when views were reset, False when the same products got new contents."""
        same = len(rows) == len(self._rows) and all(a.product_id == b.product_id for a, b in zip(rows, self._rows, strict=True))
        if not same:
            self.beginResetModel()
        self._rows, self._texts, self._sort_keys = rows, None, {}
        if not same:
            self._order = self._sorted(self._accepted())
            self.endResetModel()
            return True
        self._reorder()
        if self._order:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, self.columnCount() - 1))
        return False

    def show_filter(self, wanted: ProductFilter) -> None:
        """Narrow the table; selected rows that stay keep their selection."""
        if wanted != self._filter:
            self._filter = wanted
            self._reorder()

    @property
    def filter(self) -> ProductFilter:
        """The filter in use."""
        return self._filter

    @property
    def total(self) -> int:
        """Rows without a filter."""
        return len(self._rows)

    def row(self, row: int) -> CardRow:
        """The product in a row of the table."""
        return self._rows[self._order[row]]

    def row_of(self, product_id: str) -> int:
        """The row a product is shown in, -1 when it is not shown."""
        return next((row for row, source in enumerate(self._order) if self._rows[source].product_id == product_id), -1)

    def rows_of(self, product_ids: Set[str]) -> list[int]:
        """The rows these products are shown in."""
        return [row for row, source in enumerate(self._order) if self._rows[source].product_id in product_ids]

    def find(self, wanted: str) -> str | None:
        """The id of the product with this id or article, shown or not."""
        return next((row.product_id for row in self._rows if wanted in {row.product_id, row.offer_id}), None)

    def count(self, reasons: frozenset[Reason]) -> int:
        """Products that have any of these problems."""
        return sum(1 for row in self._rows if row.problems and _has(row, reasons))

    def categories(self) -> list[tuple[str, int]]:
        """The paths of the categories that have products, and of those above them, with the number of products; in order."""
        counts: Counter[str] = Counter()
        for path, number in Counter(row.category for row in self._rows if row.category).items():
            names = path.split(SEPARATOR)
            counts.update({SEPARATOR.join(names[:depth]): number for depth in range(1, len(names) + 1)})
        return sorted(counts.items(), key=lambda pair: pair[0].casefold().split(SEPARATOR))

    def other_lists(self, product_ids: Set[str]) -> list[str]:
        """Those of these products whose card has the additional fields of another type."""
        return [row.product_id for row in self._rows if row.problems and row.product_id in product_ids and has_other_list(row)]

    def _reorder(self) -> None:
        """New order for the views; persistent indexes (selection, current) follow their products."""
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        sources = [self._order[index.row()] for index in old]
        self._order = self._sorted(self._accepted())
        rows = {source: row for row, source in enumerate(self._order)} if old else {}
        new = [
            self.createIndex(rows[source], index.column()) if source in rows else QModelIndex()
            for source, index in zip(sources, old, strict=True)
        ]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def _accepted(self) -> list[int]:
        wanted, rows = self._filter, self._rows
        numbers = list(range(len(rows)))
        if wanted.readiness is Readiness.REFUSED:
            numbers = [number for number in numbers if is_refused(rows[number])]
        elif wanted.readiness is not Readiness.ALL:
            ready = wanted.readiness is Readiness.READY
            numbers = [number for number in numbers if rows[number].ready is ready]
        if wanted.reasons:
            numbers = [number for number in numbers if rows[number].problems and _has(rows[number], wanted.reasons)]
        if wanted.category:
            inside = {name for name in {row.category for row in rows} if is_inside(name, wanted.category)}
            numbers = [number for number in numbers if rows[number].category in inside]
        if self._texts is None and wanted.text.strip():
            self._texts = [_plain(f"{row.offer_id}\n{row.name}") for row in rows]
        for word in _plain(wanted.text).split():
            texts = self._texts or []
            numbers = [number for number in numbers if word in texts[number]]
        return numbers

    def _sorted(self, numbers: list[int]) -> list[int]:
        if self._sort is None:
            return numbers
        column, order = self._sort
        keys = self._sort_keys.get(column)
        if keys is None:
            # Kept: with a hundred thousand products working them out takes as long as the sorting.
            keys = self._sort_keys[column] = list(map(_KEYS[ProductColumn(column)], self._rows))
        return sorted(numbers, key=keys.__getitem__, reverse=order is Qt.SortOrder.DescendingOrder)

    # --- Qt ---------------------------------------------------------------------------------------------------------

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Qt: sort by a column; -1 = as the store has them."""
        self._sort = None if column < 0 else (column, order)
        self._reorder()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt: rows that pass the filter."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Qt: six columns."""
        return 0 if parent.isValid() else len(ProductColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: titles; those of numbers stand right."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._titles):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: text, colour and tooltip of a cell."""
        if not index.isValid() or index.row() >= len(self._order):
            return None
        row, column = self.row(index.row()), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, column)
        return row.product_id if role == PRODUCT_ID else None

    def _text(self, row: CardRow, column: int) -> str:
        if column == ProductColumn.OFFER:
            return row.offer_id
        if column == ProductColumn.NAME:
            return row.name
        if column == ProductColumn.PRICE:
            return "нет цены" if row.price is None else wording.money(row.price, row.currency)
        if column == ProductColumn.STOCK:
            return wording.number(row.stock)
        if column == ProductColumn.READY:
            return self.ready_text(row)
        return row.ozon_status or "не создан"

    def ready_text(self, row: CardRow) -> str:
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

    def _tip(self, row: CardRow, column: int) -> str | None:
        if column == ProductColumn.READY:
            lines = [wording.problem_text(problem) for problem in row.problems]
            lines += [wording.ozon_problem_text(problem) for problem in row.ozon_problems if problem.blocking]
            return "\n".join(lines) or None
        if column == ProductColumn.OZON:
            told = [wording.ozon_problem_text(problem) for problem in row.ozon_problems]
            return "\n".join(part for part in (row.ozon_status, *told) if part) or None
        if column == ProductColumn.NAME:
            return "\n".join(part for part in (row.name, row.category, row.type_name) if part)
        return None

    def _colour(self, row: CardRow, column: int) -> QColor | None:
        tokens = self._theme.tokens()
        if column == ProductColumn.READY:
            if row.ready:
                return QColor(tokens.error if is_refused(row) else tokens.good)
            mapping = has_other_list(row) or any(problem.code in TYPE_PROBLEMS for problem in row.problems)
            return QColor(tokens.attention if mapping else tokens.error)
        if column == ProductColumn.OZON:
            if is_refused(row):
                return QColor(tokens.error)
            return None if row.ozon_status else QColor(tokens.secondary)
        return QColor(tokens.error) if column == ProductColumn.PRICE and row.price is None else None


def is_inside(path: str, above: str) -> bool:
    """Whether a category's path is this one or below it."""
    return path == above or path.startswith(above + SEPARATOR)


def is_refused(row: CardRow) -> bool:
    """Whether Ozon has something against the card that keeps it from being sold. Those that block come first."""
    return bool(row.ozon_problems) and row.ozon_problems[0].blocking


def has_other_list(row: CardRow) -> bool:
    """Whether the card's additional fields are another type's."""
    return any(problem.code is ProblemCode.OTHER_LIST for problem in row.problems)


def _plain(text: str) -> str:
    """For searching: case and ё/е do not count."""
    return text.casefold().replace("ё", "е")


def _has(row: CardRow, reasons: frozenset[Reason]) -> bool:
    return any((problem.code, problem.field) in reasons for problem in row.problems)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


_NO_PRICE = -1.0
_KEYS: dict[ProductColumn, Callable[[CardRow], Any]] = {
    ProductColumn.OFFER: lambda row: row.offer_id.casefold(),
    ProductColumn.NAME: lambda row: row.name.casefold(),
    ProductColumn.PRICE: lambda row: _NO_PRICE if row.price is None else float(row.price),
    ProductColumn.STOCK: lambda row: float(row.stock),
    ProductColumn.READY: lambda row: int(is_refused(row)) if row.ready else 2 + sum(problem.blocking for problem in row.problems),
    ProductColumn.OZON: lambda row: row.ozon_status.casefold(),
}
