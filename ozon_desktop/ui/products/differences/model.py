"""Rows of «Отличия от Ozon»: a field of a product with the store's value, Ozon's, and whose wins."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor

from ozon_desktop import wording
from ozon_desktop.domain.card_differences import HELD, CardDifference, Side
from ozon_desktop.domain.russian_order import russian_order
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets import Width
from ozon_desktop.ui.widgets.row_table_model import Column, RowTableModel
from ozon_desktop.wording.adoption import difference_label, side_text, store_origin_text

OFFER, NAME, FIELD, STORE, OZON, SIDE = range(6)
UNITS = {"price": "", "old_price": "", "stock": "шт.", "depth": "мм", "width": "мм", "height": "мм", "weight": "г"}
"""Fields that are numbers, and what they are counted in."""
NO_VALUE = "нет значения"


def value(row: CardDifference, column: int) -> str:
    """The value of a side as a reader writes it; "" = there is none."""
    text = row.store if column == STORE else row.ozon
    number = _number(text) if row.field in UNITS else None
    if number is None:
        return text
    unit = UNITS[row.field]
    return f"{wording.number(number)}{wording.NBSP}{unit}" if unit else wording.number(number)


def _sorted_value(row: CardDifference, column: int) -> tuple[Decimal, bytes] | None:
    """Numbers by their size before texts; None = there is no value."""
    text = row.store if column == STORE else row.ozon
    if not text:
        return None
    number = _number(text) if row.field in UNITS else None
    return (Decimal("Infinity"), russian_order(text)) if number is None else (number, b"")


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number


def origin(row: CardDifference) -> str:
    """Where the store's value comes from, as a sentence."""
    return wording.capital(store_origin_text(row))


def explanation(row: CardDifference) -> str:
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


class DifferenceWords:
    """What stands in the table. names: those of the products, by their ids."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.names: Mapping[str, str] = {}

    def columns(self) -> tuple[Column[CardDifference], ...]:
        """The product, the field, both values, and whose wins. Colour only supports the words."""
        wide = Width(share=3, least=12)
        return (
            Column("Артикул", lambda row: row.offer_id, Width(share=1, least=9)),
            Column("Товар", self.name, Width(share=2, least=12), colour=self.faint),
            Column("Поле", difference_label, Width(share=2, least=12)),
            Column(
                "В магазине",
                lambda row: value(row, STORE) or NO_VALUE,
                wide,
                tip=lambda row: f"{value(row, STORE) or NO_VALUE}\n{origin(row)}",
                colour=lambda row: None if row.store else self.faint(row),
                sort_key=lambda row: _sorted_value(row, STORE),
            ),
            Column(
                "На Ozon",
                lambda row: value(row, OZON) or NO_VALUE,
                wide,
                colour=lambda row: None if row.ozon else self.faint(row),
                sort_key=lambda row: _sorted_value(row, OZON),
            ),
            Column(
                "Чьё значение",
                lambda row: side_text(row.side) if row.choosable else "не выбирается",
                Width(("из магазина на Ozon",)),
                tip=explanation,
                colour=lambda row: self._theme.color("secondary" if not row.choosable else "attention" if row.side is None else "accent"),
            ),
        )

    def name(self, row: CardDifference) -> str:
        """The product's name; "" when it is not known."""
        return self.names.get(row.product_id, "")

    def searched(self, row: CardDifference) -> str:
        """Articles, names and values."""
        return f"{row.offer_id}\n{self.name(row)}\n{row.store}\n{row.ozon}\n{difference_label(row)}"

    def faint(self, _: CardDifference) -> QColor:
        return self._theme.color("secondary")


class DifferencesModel(RowTableModel[CardDifference]):
    """Differences, filtered by field and by whether a side is chosen."""

    value, origin, explanation = staticmethod(value), staticmethod(origin), staticmethod(explanation)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        self._words = words = DifferenceWords(theme)
        # The arrows choose a side and do not walk over cells.
        super().__init__(
            words.columns(), key=lambda row: (row.product_id, row.field), searched=words.searched, speaks_rows=True, parent=parent
        )
        self._wanted = ("", False)
        self._counts: tuple[int, int, int] | None = None

    def name_with(self, names: Mapping[str, str]) -> None:
        """Names of products by their ids; before the rows that need them."""
        self._words.names = names

    def filter(self, *, field: str, undecided: bool) -> None:
        """field: only this one, "" = all; undecided: only rows whose side is to be chosen."""
        if (field, undecided) != self._wanted:
            self._wanted = (field, undecided)
            self.filter_rows(lambda row: (not field or row.field == field) and (not undecided or is_undecided(row)))

    def counts(self) -> tuple[int, int, int]:
        """Differences, products that have any, differences to be decided; without filters."""
        if self._counts is None:
            products = {row.product_id for row in self.rows}
            self._counts = len(self.rows), len(products), sum(map(is_undecided, self.rows))
        return self._counts

    def fields(self) -> list[tuple[str, str, int]]:
        """(field, label, differences), the most frequent first."""
        counts = Counter(row.field for row in self.rows)
        labels = {row.field: difference_label(row) for row in self.rows}
        found = ((field, labels[field], count) for field, count in counts.items())
        return sorted(found, key=lambda one: (-one[2], russian_order(one[1])))

    def mark(self, numbers: Collection[int], side: Side | None) -> None:
        """Shows a choice that is being written in these shown rows."""
        rows = list(self.rows)
        for number in numbers:
            source = self._shown[number]
            rows[source] = replace(rows[source], side=side)
        self._counts = None
        self.rows_changed(rows, numbers)

    def show_rows(self, rows: Sequence[CardDifference]) -> None:
        self._counts = None
        super().show_rows(rows)


def is_undecided(row: CardDifference) -> bool:
    """Whether a side can be chosen and is not."""
    return row.choosable and row.side is None
