"""Cells of right-aligned numbers, with air before the column that follows."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QStyleOptionViewItem

from ozon_desktop.ui.widgets import RowDelegate
from ozon_desktop.wording import NBSP


class NumberDelegate(RowDelegate):
    """Without the air a number and the left-aligned word beside it read as one."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        option.text += NBSP * 2
