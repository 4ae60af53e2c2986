"""Widths of columns: what must be read whole gets its width, long texts share what is left, rows grow with the text."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHeaderView, QTableView, QTreeView

from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.widgets.delegates import row_height

AIR = 14
ARROW = 16
ROWS_MEASURED = 40
"""Rows beyond the visible ones whose texts are measured; measuring all of a large table would take seconds."""
RESTYLED = frozenset({QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.Show})


@dataclass(frozen=True, slots=True)
class Width:
    """How wide a column is. `share` 0: as wide as its words, `samples` among them; else it may elide down to `least` characters.

    Columns with a share get what is left in proportion to their shares, none more than its texts need while another needs more.
    Spare columns, whose content is shown elsewhere too, are hidden while the others have too little room: those of the highest number
    first, the last one of equals.
    """

    samples: tuple[str, ...] = ()
    share: int = 0
    least: int = 12
    spare: int = 0


class ColumnFitter(QObject):
    """Fits the columns of a view to its width. A column the manager has dragged keeps his width, also the next time."""

    def __init__(self, view: QTableView | QTreeView, columns: Mapping[int, Width], state: WindowState, name: str) -> None:
        super().__init__(view)
        self._view, self._columns, self._state, self._key = view, dict(columns), state, f"widths/{name}"
        self._own = _own_widths(state.text(self._key))
        self._needs: dict[int, int] = {}
        self._fitting = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._measure_next)
        self._rows = 0
        self._left: list[int] = []
        self._found: dict[int, int] = {}
        header = self._header
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(32)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setResizeContentsPrecision(ROWS_MEASURED)
        header.sectionResized.connect(self._resized)
        header.sortIndicatorChanged.connect(self._changed)
        model = view.model()
        for signal in (model.modelReset, model.layoutChanged, model.rowsInserted, model.dataChanged):
            signal.connect(self._changed)
        view.installEventFilter(self)
        # The viewport also gets narrower when a scroll bar appears.
        view.viewport().installEventFilter(self)
        self.measure()

    @property
    def _header(self) -> QHeaderView:
        view = self._view
        return view.horizontalHeader() if isinstance(view, QTableView) else view.header()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another width or another size of text: the columns are fitted again."""
        if event.type() is QEvent.Type.Resize and watched is not self._view:
            self.fit()
        elif event.type() in RESTYLED and watched is self._view:
            self._changed()
        return False

    def measure(self) -> None:
        """Asks how wide the texts are, then fits."""
        self._left = []
        self._set_rows()
        self._needs = {column: self._need(self._view.model(), column) for column in self._columns}
        self.fit()

    def measure_later(self, *_: object) -> None:
        """Measures anew in the next turn of the loop: other rows are seen now."""
        self._changed()

    def set_samples(self, column: int, samples: tuple[str, ...]) -> None:
        """Other words a column has to have room for."""
        if self._columns[column].samples != samples:
            self._columns[column] = replace(self._columns[column], samples=samples)
            self._changed()

    def _measure_next(self) -> None:
        """One column in each turn of the loop: a column asks forty rows for all they show, which all at once would be felt."""
        if not self._left:
            self._left = list(self._columns)
            self._found = {}
            self._set_rows()
        column = self._left.pop(0)
        self._found[column] = self._need(self._view.model(), column)
        if self._left:
            self._later.start(0)
            return
        self._needs = self._found
        self.fit()

    def _set_rows(self) -> None:
        view = self._view
        if isinstance(view, QTableView):
            view.verticalHeader().setMinimumSectionSize(row_height(view))
            view.verticalHeader().setDefaultSectionSize(row_height(view))
        elif self._needs and self._rows != row_height(view):
            view.scheduleDelayedItemsLayout()
        self._rows = row_height(view)

    def fit(self) -> None:
        header, room = self._header, self._view.viewport().width()
        character = self._view.fontMetrics().averageCharWidth()
        least = {column: self._least(column, character) for column in self._columns}
        widths = {column: width for column, width in least.items() if self._columns[column].spare or not header.isSectionHidden(column)}
        for column in sorted(self._columns, key=lambda column: (self._columns[column].spare, column), reverse=True):
            if self._columns[column].spare and sum(widths.values()) > room:
                del widths[column]
        open_ = [column for column in widths if self._columns[column].share and column not in self._own]
        self._fill(widths, open_, room - sum(widths.values()))
        self._fitting = True
        for column, spec in self._columns.items():
            if spec.spare:
                header.setSectionHidden(column, column not in widths)
        for column, width in widths.items():
            header.resizeSection(column, width)
        self._fitting = False

    def _fill(self, widths: dict[int, int], open_: list[int], left: int) -> None:
        needy = [column for column in open_ if widths[column] < self._needs[column]]
        while needy and left > 0:
            shares = sum(self._columns[column].share for column in needy)
            given = {column: left * self._columns[column].share // shares for column in needy}
            filled = [column for column in needy if self._needs[column] - widths[column] <= given[column]]
            for column in filled:
                left -= self._needs[column] - widths[column]
                widths[column] = self._needs[column]
            if not filled:
                for column, width in given.items():
                    widths[column] += width
                return
            needy = [column for column in needy if column not in filled]
        shares = sum(self._columns[column].share for column in open_)
        for column in open_:
            widths[column] += max(0, left) * self._columns[column].share // shares

    def _least(self, column: int, character: int) -> int:
        spec = self._columns[column]
        least = min(self._needs[column], spec.least * character) if spec.share else self._needs[column]
        return max(least, self._own.get(column, 0)) if not spec.share else self._own.get(column, least)

    def _need(self, model: QAbstractItemModel, column: int) -> int:
        metrics = self._view.fontMetrics()
        samples = max((metrics.horizontalAdvance(text) for text in self._columns[column].samples), default=0) + AIR
        return max(samples, self._header_need(column), self._view.sizeHintForColumn(column) + 4)

    def _header_need(self, column: int) -> int:
        title = self._view.model().headerData(column, Qt.Orientation.Horizontal) or ""
        sorted_ = self._header.isSortIndicatorShown() and self._header.sortIndicatorSection() == column
        return self._header.fontMetrics().horizontalAdvance(str(title)) + (AIR + ARROW if sorted_ else AIR)

    def _changed(self, *_: object) -> None:
        self._left = []
        self._later.start(0)

    def _resized(self, column: int, old: int, new: int) -> None:
        dragged = not self._fitting and old and new and QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton
        if dragged and column in self._columns:
            self._own[column] = new
            self._state.remember(self._key, " ".join(f"{number}:{width}" for number, width in self._own.items()))


def _own_widths(text: str) -> dict[int, int]:
    pairs = (part.split(":") for part in text.split())
    return {int(pair[0]): int(pair[1]) for pair in pairs if len(pair) == 2 and pair[0].isdigit() and pair[1].isdigit()}
