"""What every item model names alike: an index of either kind, the invisible root, and the roles."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NOWHERE = QModelIndex()
"""«No parent», the default of the models' methods; a constant value that nobody can change."""
