"""Attributes of one type, to be read offline."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor

from ozon_desktop.domain.ozon_catalog import Attribute
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets.row_table_model import RIGHT, Column, RowTableModel


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


class AttributeModel(RowTableModel["Attribute"]):
    """The name with * when required, and the kind in words. Required ones come first, as the service gives them."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        self._partial = partial = set[int]()

        def kind(attribute: Attribute) -> str:
            return kind_text(attribute, partial=attribute.id in partial)

        def tip(attribute: Attribute) -> str:
            return "\n".join(part for part in (attribute.name, kind(attribute), attribute.description) if part)

        def faint(_: Attribute) -> QColor:
            return theme.color("secondary")

        columns = (
            Column("", lambda attribute: f"{attribute.name} *" if attribute.is_required else attribute.name, tip=tip),
            Column("", kind, alignment=RIGHT, tip=tip, colour=faint),
        )
        super().__init__(columns, parent=parent)

    def show_attributes(self, attributes: Sequence[Attribute], partial: Collection[int] = ()) -> None:
        """Show these instead. partial: ids of those whose dictionaries are not cached whole."""
        self._partial.clear()
        self._partial.update(partial)
        self.show_rows(attributes)
