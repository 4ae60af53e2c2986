"""The table view of products: columns wide enough for their words, many rows at once, selection by product."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ozon_desktop.ui.products.table.product_table_model import NUMBERS, ProductColumn, ProductTableModel
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.widgets import ColumnFitter, LeastRows
from ozon_desktop.ui.widgets.delegates import MiddleElideDelegate
from ozon_desktop.ui.widgets.number_delegate import NumberDelegate
from ozon_desktop.ui.widgets.tables import set_up_table

SELECTED_AT_MOST = 2000
"""So many selected rows are found again after the rows changed; selecting more one by one would take seconds."""


class ProductTable(QTableView):
    """Rows of 30 px; the name takes the width that is left."""

    chosen_changed = Signal()
    """other products are highlighted than before, for whatever reason"""

    def __init__(self, model: ProductTableModel, state: WindowState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.products, self._state = model, state
        set_up_table(self, "product_table", "Товары")
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for column in NUMBERS:
            self.setItemDelegateForColumn(column, NumberDelegate(self))
        self.setItemDelegateForColumn(ProductColumn.NAME, MiddleElideDelegate(self))
        header = self.horizontalHeader()
        state.restore_header("product_table", header)
        header.sortIndicatorChanged.connect(self._keep_sorting)
        self.fitter = ColumnFitter(self, model.widths, state, "product_table")
        LeastRows(self, 5)
        self._chosen: list[str] = []
        # Qt: rows that leave through a filter, another order or a reset take their selection with them without `selectionChanged`.
        self.selectionModel().selectionChanged.connect(self._look_at_selection)
        for changed in (model.layoutChanged, model.modelReset):
            changed.connect(self._look_at_selection)

    def _look_at_selection(self, *_: object) -> None:
        chosen = self.selected_ids()
        if chosen != self._chosen:
            self._chosen = chosen
            self.chosen_changed.emit()

    def _keep_sorting(self) -> None:
        self._state.keep_header("product_table", self.horizontalHeader())

    def selected_ids(self) -> list[str]:
        """The products of the selected rows, from the top."""
        ranges = self.selectionModel().selection()
        parts = (ranges.at(place) for place in range(ranges.count()))
        rows = sorted({row for part in parts for row in range(part.top(), part.bottom() + 1)})
        return [self.products.row(row).product_id for row in rows]

    def select_ids(self, product_ids: Sequence[str]) -> None:
        """Select these products, those that are shown, and scroll to the first."""
        wanted = set(product_ids[:SELECTED_AT_MOST])
        if not wanted:
            return
        rows = self.products.numbers_of(wanted)
        selection = QItemSelection()
        for row in rows:
            selection.select(self.products.index(row, 0), self.products.index(row, self.products.columnCount() - 1))
        flags = QItemSelectionModel.SelectionFlag
        if rows:
            self.selectionModel().setCurrentIndex(self.products.index(rows[0], 0), flags.NoUpdate)
            self.scrollTo(self.products.index(rows[0], 0))
        self.selectionModel().select(selection, flags.ClearAndSelect | flags.Rows)
