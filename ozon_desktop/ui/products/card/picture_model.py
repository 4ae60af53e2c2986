"""The pictures of one card as a list that can be put into another order by dragging or with keys."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, Qt, Signal

from ozon_desktop import wording
from ozon_desktop.domain.pictures import PictureProblem, Pictures
from ozon_desktop.ui.products.card.picture_previews import PicturePreviews
from ozon_desktop.ui.widgets.model_index import NOWHERE, Index

MIME = "application/x-ozon-desktop-picture"
PROBLEM = Qt.ItemDataRole.UserRole + 1


class PictureModel(QAbstractListModel):
    """`moved` carries (addresses in their new order, the row the moved one stands in now). previews: small pictures for the rows."""

    moved = Signal(object, int)

    def __init__(self, parent: QObject | None = None, previews: PicturePreviews | None = None) -> None:
        super().__init__(parent)
        self._urls: Sequence[str] = ()
        self._problems: dict[int, PictureProblem] = {}
        self._main = ""
        self._previews = previews
        if previews is not None:
            previews.changed.connect(self._preview_changed)

    def show_pictures(self, pictures: Pictures) -> None:
        """Show these; views keep their row when only the order changed."""
        same = len(pictures.all) == len(self._urls)
        if not same:
            self.beginResetModel()
        self._urls, self._main = pictures.all, pictures.main
        self._problems = {problem.position - 1: problem for problem in pictures.problems}
        if not same:
            self.endResetModel()
        elif self._urls:
            self.dataChanged.emit(self.index(0), self.index(len(self._urls) - 1))

    def url(self, row: int) -> str:
        """An address; "" outside."""
        return self._urls[row] if 0 <= row < len(self._urls) else ""

    def move(self, row: int, to: int) -> bool:
        """Ask for another place of one picture; False when there is no such place."""
        to = min(max(to, 0), len(self._urls) - 1)
        if not 0 <= row < len(self._urls) or row == to:
            return False
        urls = list(self._urls)
        urls.insert(to, urls.pop(row))
        self.moved.emit(tuple(urls), to)
        return True

    # --- Qt ---------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._urls)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._urls):
            return None
        row = index.row()
        problem = self._problems.get(row)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._previews.pixmap(self._urls[row]) if self._previews is not None else None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._text(row, problem)
        if role == Qt.ItemDataRole.ToolTipRole:
            parts = [self._urls[row], wording.picture_problem_text(problem) if problem is not None else "", self._fault(row)]
            return "\n".join(part for part in parts if part)
        return problem is not None if role == PROBLEM else None

    def _text(self, row: int, problem: PictureProblem | None) -> str:
        url, fault = self._urls[row], self._fault(row)
        if problem is not None:
            return f"{row + 1}. не отправится — {url}"
        if fault:
            main = url == self._main and row == self._urls.index(url)
            # Why is said below the list, where there is room for it.
            text = "{0}. главная, не показана — {1}" if main else "{0}. не показана — {1}"
            return text.format(row + 1, url)
        if url == self._main and row == self._urls.index(url):
            return f"{row + 1}. главная — {url}"
        return f"{row + 1}. {url}"

    def faults(self) -> list[tuple[int, str]]:
        """(position from 1, why the picture cannot be shown) of those that would be sent."""
        found = ((row, self._fault(row)) for row in range(len(self._urls)) if row not in self._problems)
        return [(row + 1, fault) for row, fault in found if fault]

    def _fault(self, row: int) -> str:
        return self._previews.fault_text(self._urls[row]) if self._previews is not None else ""

    def _preview_changed(self, url: str) -> None:
        for row, shown in enumerate(self._urls):
            if shown == url:
                self.dataChanged.emit(self.index(row), self.index(row))

    def flags(self, index: Index) -> Qt.ItemFlag:
        base = Qt.ItemFlag.ItemIsDropEnabled
        if not index.isValid():
            return base
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(MIME, str(indexes[0].row()).encode() if indexes else b"")
        return data

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        """Qt: a row was dropped before `row`, or on a row."""
        text = bytes(data.data(MIME).data()).decode()
        if not text.isdigit():
            return False
        target = row if row >= 0 else parent.row() if parent.isValid() else len(self._urls)
        source = int(text)
        self.move(source, target - 1 if target > source else target)
        # False: the view must not take the dragged row away, it has its new place already.
        return False
