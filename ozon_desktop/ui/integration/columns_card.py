"""«Столбцы прайс-листа»: what the columns of the table loaded last were taken for; another choice is kept for all tables like it."""

from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from ozon_desktop.domain.price_list import ColumnRole
from ozon_desktop.services.store.columns import Sheet
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.widgets import Card, ComboBox, Field, WrappedLabel
from ozon_desktop.wording import capital
from ozon_desktop.wording.store_import import column_role_text

ACROSS = 2
LONGEST_EXAMPLE = 60


class ColumnSession(QObject):
    """read(Path, list of Sheet): what the columns of a table are; taken(Path): other roles are kept; refused(error)."""

    read = Signal(object, object)
    taken = Signal(object)
    refused = Signal(object)

    def __init__(self, context: WindowContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def open_table(self, path: Path) -> None:
        """Reads what the columns of this file were taken for."""
        self._context.worker.run(self._read(path), on_done=self._was_read, on_failed=self.refused)

    def take(self, path: Path, roles: dict[str, ColumnRole]) -> None:
        """Keeps other roles by heading."""
        self._context.worker.run(self._take(path, roles), on_done=self.taken, on_failed=self.refused)

    async def _read(self, path: Path) -> tuple[Path, list[Sheet]]:
        return path, await self._context.application.price_list_columns.preview(path)

    async def _take(self, path: Path, roles: dict[str, ColumnRole]) -> Path:
        work: Coroutine[Any, Any, list[Sheet]] = self._context.application.price_list_columns.choose(path, roles)
        await work
        return path

    def _was_read(self, found: tuple[Path, list[Sheet]]) -> None:
        self.read.emit(*found)


class ColumnsCard(Card):
    """A box for each heading. load_asked(Path): the table is to be loaded once more, by the roles chosen."""

    load_asked = Signal(object)

    def __init__(self, session: ColumnSession, parent: QWidget | None = None) -> None:
        super().__init__("Столбцы прайс-листа", parent)
        self._session = session
        self._path = Path()
        self._roles: dict[str, ColumnRole] = {}
        self.boxes: dict[str, ComboBox] = {}
        self.fields: dict[str, Field] = {}
        self.explained = WrappedLabel("", role="secondary")
        self.explained.setObjectName("price_list_columns")
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(12)
        self.load_button = QPushButton("Запомнить и &загрузить ещё раз")
        self.load_button.setObjectName("load_price_list_again")
        self.load_button.clicked.connect(self._take)
        for widget in (self.explained, self._rows, self.load_button):
            self.body.addWidget(widget)
        self.setVisible(False)
        session.read.connect(self.show_table)
        session.taken.connect(self.load_asked)

    def show_table(self, path: Path, sheets: Sequence[Sheet]) -> None:
        """Shows the columns of all sheets, one box for a heading that several of them have."""
        for field in self.fields.values():
            self._grid.removeWidget(field)
            field.deleteLater()
        self.boxes, self.fields, self._path = {}, {}, path
        columns = {column.heading: column for sheet in sheets for column in sheet.columns}
        self._roles = {heading: column.role for heading, column in columns.items()}
        for number, (heading, column) in enumerate(columns.items()):
            box = ComboBox(f"column_{number}", "Не выбрано")
            box.set_choices([(role, capital(column_role_text(role))) for role in ColumnRole], column.role)
            box.currentIndexChanged.connect(self._chosen)
            examples = ", ".join(column.examples)
            hint = examples if len(examples) <= LONGEST_EXAMPLE else f"{examples[:LONGEST_EXAMPLE].rstrip()}…"
            field = Field(heading, box, hint=f"Например: {hint}" if hint else "В столбце пусто")
            self.boxes[heading], self.fields[heading] = box, field
            self._grid.addWidget(field, number // ACROSS, number % ACROSS)
        self.explained.setText(
            f"Так прочитан файл «{path.name}». Если столбец понят неверно, выберите другое: это запомнится для таких же таблиц."
        )
        self._chosen()
        self.setVisible(True)

    def changed_roles(self) -> dict[str, ColumnRole]:
        """Headings that are to mean something else."""
        chosen = {heading: box.chosen for heading, box in self.boxes.items()}
        return {heading: role for heading, role in chosen.items() if isinstance(role, ColumnRole) and role != self._roles[heading]}

    def _chosen(self) -> None:
        self.load_button.setEnabled(bool(self.changed_roles()))

    def _take(self) -> None:
        self.load_button.setEnabled(False)
        self._session.take(self._path, self.changed_roles())
