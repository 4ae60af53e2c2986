"""Attributes of one type and values of one dictionary, to be read offline."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryValue

if TYPE_CHECKING:
    from ozon_desktop.ui.look.theme import Theme

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


def kind_text(attribute: Attribute, *, partial: bool = False) -> str:
    """What kind of value an attribute takes: «справочник, несколько значений; нельзя изменить после поставки».

    partial: its dictionary is not cached whole.
    """

    kinds = {
        "dictionary": "справочник",
        "multiline": "длинный текст",
        "integer": "целое число",
        "decimal": "число",
        "boolean": "да или нет",
        "url": "ссылка",
    }
    text = kinds.get(attribute.kind, "текст")
    if attribute.is_collection:
        limit = attribute.max_value_count
        text += ", " + (f"до {limit} значений" if limit > 1 else "несколько значений")
    if partial:
        text += "; " + "загружен частично"
    return text + "; " + "нельзя изменить после поставки" if attribute.is_aspect else text


class AttributeModel(QAbstractTableModel):
    """Column 0: name with * when required; column 1: kind in words. Required ones come first, as the service gives them."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._attributes: Sequence[Attribute] = ()
        self._partial: Collection[int] = ()

    def show_attributes(self, attributes: Sequence[Attribute], partial: Collection[int] = ()) -> None:
        """Show these instead. partial: ids of those whose dictionaries are not cached whole."""
        self.beginResetModel()
        self._attributes, self._partial = attributes, partial
        self.endResetModel()

    def attribute(self, index: Index) -> Attribute | None:
        """The attribute at an index."""
        return self._attributes[index.row()] if index.isValid() else None

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt: number of attributes."""
        return 0 if parent.isValid() else len(self._attributes)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Qt: name and kind."""
        return 0 if parent.isValid() else 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: text, colour, alignment and the attribute's description as tooltip."""
        if not index.isValid():
            return None
        attribute = self._attributes[index.row()]
        kind = kind_text(attribute, partial=attribute.id in self._partial)
        if role == Qt.ItemDataRole.DisplayRole:
            if index.column():
                return kind
            return f"{attribute.name} *" if attribute.is_required else attribute.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(part for part in (attribute.name, kind, attribute.description) if part)
        if role == Qt.ItemDataRole.ForegroundRole and index.column():
            return QColor(self._theme.tokens().secondary)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


class ValueModel(QAbstractListModel):
    """Values of a dictionary found by a search."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._values: Sequence[DictionaryValue] = ()

    def show_values(self, values: Sequence[DictionaryValue]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._values = values
        self.endResetModel()

    def value(self, index: Index) -> DictionaryValue | None:
        """The value at an index."""
        return self._values[index.row()] if index.isValid() and index.row() < len(self._values) else None

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt: number of values."""
        return 0 if parent.isValid() else len(self._values)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: the text, with what Ozon says of it as tooltip."""
        value = self.value(index)
        if value is None:
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return value.value
        return (value.info or value.value) if role == Qt.ItemDataRole.ToolTipRole else None
