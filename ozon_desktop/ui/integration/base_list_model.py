"""Base categories with check boxes."""

from collections.abc import Iterable

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, Signal

from ozon_desktop.domain.ozon_catalog import OzonCategory
from ozon_desktop.ui.widgets.model_index import Index


class BaseListModel(QAbstractListModel):
    """selection_changed comes when the manager checks or unchecks; never for `show_bases`."""

    selection_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bases: tuple[OzonCategory, ...] = ()
        self._selected: set[int] = set()

    @property
    def selected(self) -> frozenset[int]:
        """Ids of the checked categories."""
        return frozenset(self._selected)

    def show_bases(self, bases: tuple[OzonCategory, ...], selected: Iterable[int]) -> None:
        """Shows these categories; the same ones keep scroll and focus."""
        chosen = set(selected)
        if bases != self._bases:
            self.beginResetModel()
            self._bases, self._selected = bases, chosen
            self.endResetModel()
        elif chosen != self._selected:
            self._selected = chosen
            self._notify_all()

    def set_all(self, checked: bool) -> None:
        self._selected = {base.id for base in self._bases} if checked else set()
        self._notify_all()
        self.selection_changed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._bases)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        base = self._bases[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return f"{base.name} — отключена в Ozon" if base.disabled else base.name
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if base.id in self._selected else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        base = self._bases[index.row()]
        if Qt.CheckState(value) is Qt.CheckState.Checked:
            self._selected.add(base.id)
        else:
            self._selected.discard(base.id)
        self.dataChanged.emit(index, index, [Qt.ItemDataRole.CheckStateRole])
        self.selection_changed.emit()
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable if index.isValid() else super().flags(index)

    def _notify_all(self) -> None:
        if self._bases:
            self.dataChanged.emit(self.index(0), self.index(len(self._bases) - 1), [Qt.ItemDataRole.CheckStateRole])
