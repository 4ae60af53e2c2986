"""Questions; only for a decision that cannot be undone."""

from PySide6.QtWidgets import QMessageBox, QWidget


def confirm(parent: QWidget, title: str, text: str, accept: str, *, informative: str = "") -> bool:
    """Asks; True when `accept` was pressed. Enter and Esc mean «Отмена»."""
    box = QMessageBox(QMessageBox.Icon.Question, title, text, QMessageBox.StandardButton.Cancel, parent)
    box.setInformativeText(informative)
    yes = box.addButton(accept, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(QMessageBox.StandardButton.Cancel)
    box.exec()
    accepted = box.clickedButton() is yes
    box.deleteLater()
    return accepted
