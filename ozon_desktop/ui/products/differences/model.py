"""Rows of «Отличия от Ozon»: a field of a product with the store's value, Ozon's, and whose wins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt

from ozon_desktop import wording
from ozon_desktop.domain.card_differences import HELD, CardDifference, Side
from ozon_desktop.ui.widgets.row_table import RowModel
from ozon_desktop.wording.adoption import difference_label, side_text, store_origin_text

if TYPE_CHECKING:
    from ozon_desktop.ui.look.theme import Theme

OFFER, NAME, FIELD, STORE, OZON, SIDE = range(6)
UNITS = {"price": "", "old_price": "", "stock": "шт.", "depth": "мм", "width": "мм", "height": "мм", "weight": "г"}
"""Fields that are numbers, and what they are counted in."""


class DifferencesModel(RowModel[CardDifference]):
    """Differences, filtered by field and by whether a side is chosen."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._names: Mapping[str, str] = {}
        self._field = ""
        self._undecided = False
        self._counts: tuple[int, int, int] | None = None
        self.titles = (
            "Артикул",
            "Товар",
            "Поле",
            "В магазине",
            "На Ozon",
            "Чьё значение",
        )

    def name_with(self, names: Mapping[str, str]) -> None:
        """Names of products by their ids; before the rows that need them."""
        self._names = names

    def filter(self, *, field: str, undecided: bool) -> None:
        """field: only this one, "" = all; undecided: only rows whose side is to be chosen."""
        if (field, undecided) != (self._field, self._undecided):
            self._field, self._undecided = field, undecided
            self.reorder()

    def counts(self) -> tuple[int, int, int]:
        """Differences, products that have any, differences to be decided; without filters."""
        if self._counts is None:
            products = {row.product_id for row in self.rows}
            self._counts = len(self.rows), len(products), sum(undecided(row) for row in self.rows)
        return self._counts

    def fields(self) -> list[tuple[str, str, int]]:
        """(field, label, differences), the most frequent first."""
        counts = Counter(row.field for row in self.rows)
        labels = {row.field: difference_label(row) for row in self.rows}
        return sorted(((field, labels[field], count) for field, count in counts.items()), key=lambda one: (-one[2], one[1]))

    def mark(self, numbers: Collection[int], side: Side | None) -> None:
        """Shows a choice that is being written in these shown rows."""
        rows = list(self._rows)
        for number in numbers:
            source = self._order[number]
            rows[source] = replace(rows[source], side=side)
        self._rows, self._counts = rows, None
        if numbers:
            self.dataChanged.emit(self.index(min(numbers), SIDE), self.index(max(numbers), SIDE))

    def name(self, row: CardDifference) -> str:
        """The product's name; "" when it is not known."""
        return self._names.get(row.product_id, "")

    def value(self, row: CardDifference, column: int) -> str:
        """The value of a side as a reader writes it; "" = there is none."""
        text = row.store if column == STORE else row.ozon
        return _readable(text, UNITS[row.field]) if row.field in UNITS else text

    def origin(self, row: CardDifference) -> str:
        """Where the store's value comes from, as a sentence."""
        return wording.capital(store_origin_text(row))

    def explanation(self, row: CardDifference) -> str:
        """What the choice does, or why there is none."""
        if row.field == "type_key":
            return "Тип меняется сопоставлением на странице «Категории», поэтому здесь сторона не выбирается."
        if row.field == "old_price":
            return "Цену до скидки рассчитывают правила цен, поэтому здесь сторона не выбирается."
        if row.side is None:
            return "Сторона не выбрана: ← взять значение магазина, → взять значение Ozon."
        if row.side is Side.STORE:
            return "Значение магазина уйдёт на Ozon при следующей синхронизации."
        if row.field in HELD:
            return "Значение на Ozon останется как есть: синхронизация не будет его менять."
        if not row.ozon:
            return "На Ozon значения нет, брать нечего: в карточке останется значение магазина."
        return "Значение Ozon впишется в дополнительные поля товара."

    def show_rows(self, rows: Sequence[CardDifference]) -> None:
        """Take other rows."""
        self._counts = None
        super().show_rows(rows)

    # --- RowModel ---------------------------------------------------------------------------------------------------

    def key(self, row: CardDifference) -> tuple[str, str]:
        """The product and the field."""
        return row.product_id, row.field

    def text(self, row: CardDifference, column: int) -> str:
        """The words of a cell."""
        if column == NAME:
            return self.name(row)
        if column == FIELD:
            return difference_label(row)
        if column == SIDE:
            return side_text(row.side) if row.choosable else "не выбирается"
        if column == OFFER:
            return row.offer_id
        return self.value(row, column) or "нет значения"

    def searched(self, row: CardDifference) -> str:
        """Articles, names and values."""
        return f"{row.offer_id}\n{self.name(row)}\n{row.store}\n{row.ozon}\n{difference_label(row)}"

    def accepts(self, row: CardDifference) -> bool:
        """By field, and by whether a side is to be chosen."""
        return (not self._field or row.field == self._field) and (not self._undecided or undecided(row))

    def tip(self, row: CardDifference, column: int) -> str:
        """The whole value; of the side, what it does."""
        if column == STORE:
            return f"{self.text(row, column)}\n{self.origin(row)}"
        return self.explanation(row) if column == SIDE else self.text(row, column)

    def colour(self, row: CardDifference, column: int) -> Any:
        """Colour only supports the words."""
        if column == SIDE:
            return self._theme.color("secondary" if not row.choosable else "attention" if row.side is None else "accent")
        missing = (column == STORE and not row.store) or (column == OZON and not row.ozon)
        return self._theme.color("secondary") if missing or column == NAME else None

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: the whole row is spoken at its article, because the arrows choose a side and do not walk over cells."""
        if role == Qt.ItemDataRole.AccessibleTextRole and index.isValid() and index.column() == OFFER:
            row = self.row(index.row())
            return "; ".join(f"{title}: {self.text(row, column)}" for column, title in enumerate(self.titles))
        return super().data(index, role)


def undecided(row: CardDifference) -> bool:
    """Whether a side can be chosen and is not."""
    return row.choosable and row.side is None


def _readable(text: str, unit: str) -> str:
    try:
        shown = wording.number(Decimal(text))
    except InvalidOperation:
        return text
    return f"{shown}{wording.NBSP}{unit}" if unit else shown
