"""Values of one property of a category's products, with the type chosen for each: what is kept, and what is about to be saved."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from ozon_desktop import wording
from ozon_desktop.domain.mapping import MappingPlace
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.services.mapping.view import MappingView, PartState, PropertyChoice
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets import Width
from ozon_desktop.ui.widgets.row_table_model import RIGHT, Column, RowTableModel

VALUE, PRODUCTS, TYPE, STATE = range(4)
SEPARATOR = " / "


@dataclass(frozen=True, slots=True)
class PartRow:
    """One value: how many products have it, and the type that is kept for it (None = as the whole category)."""

    place: MappingPlace
    products: int
    kept: TypeKey | None = None


def part_rows(category_id: str, choices: Sequence[PropertyChoice], states: Iterable[PartState]) -> dict[str, tuple[PartRow, ...]]:
    """The rows of each property, by its name.

    A kept part is spelled as it was kept, and stands in its list also when no product has its value or property any more.
    """
    kept: dict[tuple[str, str], list[PartState]] = {}
    for state in states:
        kept.setdefault((fold(state.part.property_name), fold(state.part.value)), []).append(state)
    names = {fold(choice.name): choice.name for choice in choices}
    rows: dict[str, list[PartRow]] = {choice.name: [] for choice in choices}
    for choice in choices:
        for value, products in choice.values:
            known = kept.get((fold(choice.name), fold(value)))
            if known:
                rows[choice.name].append(_kept_row(category_id, known.pop(0), products))
            else:
                rows[choice.name].append(PartRow(MappingPlace(category_id, choice.name, value), products))
    for (name, _), left in kept.items():
        for state in left:
            owner = names.setdefault(name, state.part.property_name)
            rows.setdefault(owner, []).append(_kept_row(category_id, state, state.products))
    return {name: tuple(of_property) for name, of_property in rows.items()}


def _kept_row(category_id: str, state: PartState, products: int) -> PartRow:
    return PartRow(MappingPlace(category_id, state.part.property_name, state.part.value), products, state.part.key)


class PartWords:
    """What stands in the table: rows under the names of a view, with the choices that are not saved yet."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.view: MappingView | None = None
        self.whole: TypeKey | None = None
        self.draft: dict[MappingPlace, TypeKey | None] = {}

    def columns(self) -> tuple[Column[PartRow], ...]:
        """The value and its products, the type chosen for it, and what is to be known of that."""
        return (
            Column("Значение", lambda row: row.place.value, Width(share=2, least=12), spoken=self.spoken, colour=self.faint_when_gone),
            Column("Товаров", _products, alignment=RIGHT, colour=self.faint, sort_key=lambda row: row.products),
            Column("Тип Ozon", self.type_text, Width(share=3, least=16), tip=self.type_tip, colour=self.type_colour),
            Column("Состояние", self.state, colour=self.state_colour),
        )

    def key(self, row: PartRow) -> TypeKey | None:
        """The type chosen now."""
        return self.draft.get(row.place, row.kept)

    def spoken(self, row: PartRow) -> str:
        return "; ".join(text for text in (row.place.value, _products(row), self.type_text(row), self.state(row)) if text)

    def type_text(self, row: PartRow) -> str:
        key = self.key(row)
        return self._path(key) if key is not None else "как у всей категории"

    def type_tip(self, row: PartRow) -> str:
        """The path, of the whole category where the value has no type of its own."""
        if self.key(row) is not None:
            return self.type_text(row)
        return self._path(self.whole) if self.whole is not None else "У всей категории нет соответствия"

    def state(self, row: PartRow) -> str:
        """What is wrong with the type or the value, and whether the choice is still to be saved."""
        key = self.key(row)
        words = [self._trouble(key), "не сохранено" if row.place in self.draft else ""]
        if key is not None and not row.products:
            words.insert(0, "таких товаров больше нет")
        return ", ".join(word for word in words if word)

    def state_colour(self, row: PartRow) -> QColor:
        """Attention for what is wrong."""
        key = self.key(row)
        return self._theme.color("attention" if self._trouble(key) or (key is not None and not row.products) else "accent")

    def type_colour(self, row: PartRow) -> QColor | None:
        """Faint when it is the category's."""
        return self.faint(row) if self.key(row) is None else self.faint_when_gone(row)

    def faint_when_gone(self, row: PartRow) -> QColor | None:
        """Faint when no product has the value any more."""
        return None if row.products else self.faint(row)

    def faint(self, _: PartRow) -> QColor:
        return self._theme.color("secondary")

    def _path(self, key: TypeKey) -> str:
        path = self.view.tree.type_path(key) if self.view is not None else ()
        return SEPARATOR.join(path) or f"тип, которого больше нет ({key})"

    def _trouble(self, key: TypeKey | None) -> str:
        if key is None or self.view is None:
            return ""
        type_ = self.view.tree.types.get(key)
        if type_ is None or type_.gone:
            return "Ozon удалил тип"
        return "Ozon отключил тип" if type_.disabled else ""


def _products(row: PartRow) -> str:
    return wording.number(row.products)


class PartsModel(RowTableModel[PartRow]):
    """The rows of one property, and the choices made for all properties that are not saved yet. `edited`: such a choice was made."""

    edited = Signal()

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        self._words = PartWords(theme)
        super().__init__(self._words.columns(), parent=parent)
        self._kept: dict[MappingPlace, TypeKey | None] = {}

    def name_with(self, view: MappingView, whole: TypeKey | None) -> None:
        """Names types as this view has them. whole: the type of the whole category."""
        self._words.view, self._words.whole = view, whole

    def show_kept(self, kept: dict[MappingPlace, TypeKey | None]) -> None:
        """What is kept for every place of all properties; choices that are kept by now are no longer unsaved."""
        self._kept = kept
        self._words.draft = {place: key for place, key in self._words.draft.items() if kept.get(place) != key}

    def show_rows(self, rows: Sequence[PartRow]) -> None:
        super().show_rows(rows)
        self.edited.emit()

    @property
    def draft(self) -> dict[MappingPlace, TypeKey | None]:
        """What is to be saved: only places whose type is another one now; None = as the whole category again."""
        return dict(self._words.draft)

    def key_of(self, row: int) -> TypeKey | None:
        return self._words.key(self.row(row))

    def value_of(self, row: int) -> str:
        return self.row(row).place.value

    def choose(self, rows: Collection[int], key: TypeKey | None) -> None:
        """Choose a type for these rows; None = as the whole category."""
        for number in rows:
            place = self.row(number).place
            if self._kept.get(place) == key:
                self._words.draft.pop(place, None)
            else:
                self._words.draft[place] = key
        self.rows_changed(numbers=rows)
        self.edited.emit()

    def forget_draft(self) -> None:
        self._words.draft.clear()
