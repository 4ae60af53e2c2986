"""Values of one property of a category's products, with the type chosen for each: what is kept, and what is about to be saved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ozon_desktop import wording
from ozon_desktop.domain.mapping import MappingPlace
from ozon_desktop.domain.store_catalog import fold

if TYPE_CHECKING:
    from ozon_desktop.domain.ozon_catalog import TypeKey
    from ozon_desktop.services.mapping.view import MappingView, PartState, PropertyChoice
    from ozon_desktop.ui.look.theme import Theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NOWHERE = QModelIndex()
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


class PartsModel(QAbstractTableModel):
    """The rows of one property, and the choices made for all properties that are not saved yet. `edited`: such a choice was made."""

    edited = Signal()

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view: MappingView | None = None
        self._whole: TypeKey | None = None
        self._rows: Sequence[PartRow] = ()
        self._kept: dict[MappingPlace, TypeKey | None] = {}
        self._draft: dict[MappingPlace, TypeKey | None] = {}
        self._titles = ("Значение", "Товаров", "Тип Ozon", "Состояние")

    def name_with(self, view: MappingView, whole: TypeKey | None) -> None:
        """Names types as this view has them. whole: the type of the whole category."""
        self._view, self._whole = view, whole

    def show_kept(self, kept: dict[MappingPlace, TypeKey | None]) -> None:
        """What is kept for every place of all properties; choices that are kept by now are no longer unsaved."""
        self._kept = kept
        self._draft = {place: key for place, key in self._draft.items() if kept.get(place) != key}

    def show_rows(self, rows: Sequence[PartRow]) -> None:
        """Show the values of a property instead."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()
        self.edited.emit()

    @property
    def draft(self) -> dict[MappingPlace, TypeKey | None]:
        """What is to be saved: only places whose type is another one now; None = as the whole category again."""
        return dict(self._draft)

    def key_of(self, row: int) -> TypeKey | None:
        """The type chosen for a row now."""
        return self._key(self._rows[row])

    def value_of(self, row: int) -> str:
        """The value of a row."""
        return self._rows[row].place.value

    def choose(self, rows: Iterable[int], key: TypeKey | None) -> None:
        """Choose a type for these rows; None = as the whole category."""
        for number in rows:
            place = self._rows[number].place
            if self._kept.get(place) == key:
                self._draft.pop(place, None)
            else:
                self._draft[place] = key
            self.dataChanged.emit(self.index(number, 0), self.index(number, STATE))
        self.edited.emit()

    def forget_draft(self) -> None:
        """Take all unsaved choices back."""
        self._draft.clear()

    def _key(self, row: PartRow) -> TypeKey | None:
        return self._draft.get(row.place, row.kept)

    # --- Qt ---------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt: number of values."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Qt: value, products, type, state."""
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Qt: titles, the one of numbers at the right."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._titles):
            return None
        if role == Role.TextAlignmentRole:
            return _alignment(section)
        return self._titles[section] if role == Role.DisplayRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Qt: text, tooltip, colour and alignment of a cell."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        if role == Role.DisplayRole:
            return self._text(row, column)
        if role == Role.ToolTipRole:
            return self._tip(row, column)
        if role == Role.AccessibleTextRole and column == VALUE:
            return "; ".join(text for text in (self._text(row, part) for part in (VALUE, PRODUCTS, TYPE, STATE)) if text)
        if role == Role.TextAlignmentRole:
            return _alignment(column)
        if role == Role.ForegroundRole:
            return self._colour(row, column)
        return None

    def _text(self, row: PartRow, column: int) -> str:
        if column == VALUE:
            return row.place.value
        if column == PRODUCTS:
            return wording.number(row.products)
        key = self._key(row)
        if column == TYPE:
            return self._path(key) if key is not None else "как у всей категории"
        words = [self._trouble(key), "не сохранено" if row.place in self._draft else ""]
        if key is not None and not row.products:
            words.insert(0, "таких товаров больше нет")
        return ", ".join(word for word in words if word)

    def _path(self, key: TypeKey) -> str:
        path = self._view.tree.type_path(key) if self._view is not None else ()
        return SEPARATOR.join(path) or f"тип, которого больше нет ({key})"

    def _trouble(self, key: TypeKey | None) -> str:
        if key is None or self._view is None:
            return ""
        type_ = self._view.tree.types.get(key)
        if type_ is None or type_.gone:
            return "Ozon удалил тип"
        return "Ozon отключил тип" if type_.disabled else ""

    def _tip(self, row: PartRow, column: int) -> str:
        if column != TYPE or self._key(row) is not None:
            return self._text(row, column)
        return self._path(self._whole) if self._whole is not None else "У всей категории нет соответствия"

    def _colour(self, row: PartRow, column: int) -> Any:
        key = self._key(row)
        if column == STATE:
            return self._theme.color("attention" if self._trouble(key) or (key is not None and not row.products) else "accent")
        faint = column == PRODUCTS or (column == TYPE and key is None) or not row.products
        return self._theme.color("secondary") if faint else None


def _alignment(column: int) -> Qt.AlignmentFlag:
    return (Qt.AlignmentFlag.AlignRight if column == PRODUCTS else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
