"""«Последние обмены»: what came from the store and went there, in words."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ozon_desktop.domain.journal import Run
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets import ColumnFitter, EmptyState, LeastRows, Width
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions
from ozon_desktop.ui.widgets.row_table_model import Column, RowTableModel
from ozon_desktop.ui.widgets.tables import LowTable, set_up_table
from ozon_desktop.wording import exact
from ozon_desktop.wording.store_exchange import NEVER_EXCHANGED, exchange_result, exchange_text, exchange_when

LEAST = 4


def exchange_columns(theme: Theme, clock: Callable[[], datetime]) -> tuple[Column[Run], ...]:
    """When, what, and how it ended, never by colour alone."""

    def colour(run: Run) -> QColor:
        return theme.color(exchange_result(run)[1])

    return (
        Column(
            "Когда", lambda run: exchange_when(run, clock()), tip=lambda run: exact(run.started_at), sort_key=lambda run: run.started_at
        ),
        Column("Что было", exchange_text, Width(share=1, least=14)),
        Column("Итог", lambda run: exchange_result(run)[0], colour=colour),
    )


class ExchangeTable(QWidget):
    """opened(run id): Enter or a double click on a line."""

    opened = Signal(int)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model: RowTableModel[Run] = RowTableModel(
            exchange_columns(context.theme, context.application.clock), key=lambda run: run.id, parent=self
        )
        self.table = LowTable()
        set_up_table(self.table, "exchange_table", "Последние обмены с магазином")
        self.table.setModel(self.model)
        LeastRows(self.table, LEAST)
        ColumnFitter(self.table, self.model.widths, context.state, "exchange_table")
        self.empty = EmptyState(NEVER_EXCHANGED, name="exchanges_empty")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.empty, 1)
        self.table.doubleClicked.connect(self._open)
        KeyActions(self.table).on(ENTER, self._open)
        context.theme.changed.connect(self.model.rows_changed)
        self.show_runs(())

    def show_runs(self, runs: Sequence[Run]) -> None:
        """The line that was chosen stays chosen."""
        chosen = self.model.row_at(self.table.currentIndex().row())
        if self.model.update_rows(tuple(runs)) and chosen is not None:
            row = self.model.row_of(chosen.id)
            if row >= 0:
                self.table.setCurrentIndex(self.model.index(row, 0))
        self.table.setVisible(bool(runs))
        self.empty.setVisible(not runs)

    def _open(self) -> None:
        run = self.model.row_at(self.table.currentIndex().row())
        if run is not None:
            self.opened.emit(run.id)
