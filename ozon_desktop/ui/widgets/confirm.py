"""Questions; only for a decision that cannot be undone."""

from enum import Enum, auto

from PySide6.QtWidgets import QMessageBox, QWidget


class Unsaved(Enum):
    """What is to become of changes that are not saved."""

    SAVE = auto()
    DISCARD = auto()
    STAY = auto()


def ask_to_save(parent: QWidget, title: str, text: str) -> Unsaved:
    """Asks; Enter saves, Esc stays."""
    box = QMessageBox(QMessageBox.Icon.Question, title, text, QMessageBox.StandardButton.Cancel, parent)
    save = box.addButton("&Сохранить", QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton("&Не сохранять", QMessageBox.ButtonRole.DestructiveRole)
    save.setObjectName("question_save")
    discard.setObjectName("question_discard")
    box.setDefaultButton(save)
    box.exec()
    pressed = box.clickedButton()
    answer = Unsaved.SAVE if pressed is save else Unsaved.DISCARD if pressed is discard else Unsaved.STAY
    box.deleteLater()
    return answer


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
