"""How every table of the program behaves."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView

from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets.delegates import RowDelegate, row_height


def set_up_table(table: QTableView, name: str, title: str) -> None:
    """Whole rows are selected, one at a time; no grid, no row numbers, nothing to edit; Tab leaves it.

    A click on a column's title sorts by it, the third one brings the rows' own order back. title: for screen readers.
    """
    table.setObjectName(name)
    table.setAccessibleName(title)
    table.setItemDelegate(RowDelegate(table))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(row_height(table))
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setSortIndicatorClearable(True)
    header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    table.setSortingEnabled(True)


class LowTable(QTableView):
    """A table that wants no more height than it needs at the least, and takes what there is: for pages that scroll as a whole."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.minimumHeight())


def make_table(name: str, title: str, rows: int = 4) -> QTableView:
    """A framed table with room for so many rows, see `set_up_table`."""
    table = QTableView()
    set_up_table(table, name, title)
    set_role(table, "boxed")
    table.setMinimumHeight(row_height(table) * rows)
    return table
