"""Values of a dictionary of Ozon that a search has found."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon

from ozon_desktop.domain.ozon_catalog import DictionaryValue
from ozon_desktop.ui.widgets.row_table_model import Column, RowTableModel


class ValueModel(RowTableModel["DictionaryValue"]):
    """One column for a list: the text, with what Ozon says of it as the tooltip. icon: what stands before it."""

    def __init__(self, parent: QObject | None = None, icon: Callable[[DictionaryValue], QIcon | None] | None = None) -> None:
        columns: tuple[Column[DictionaryValue], ...] = (
            Column("", lambda value: value.value, tip=lambda value: value.info or value.value, icon=icon),
        )
        super().__init__(columns, parent=parent)
