"""Qt's own dialogs speak Russian, also the file dialog that Qt draws itself where the system has none."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from PySide6.QtCore import QFileInfo, Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QFileIconProvider,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ozon_desktop.paths import resource
from ozon_desktop.ui.app import prepare_qt
from ozon_desktop.ui.look.language import FULL, MISSING

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
ENGLISH = re.compile(r"[A-Za-z]{3}")


@pytest.fixture(autouse=True)
def language(qtbot: QtBot) -> None:
    prepare_qt()


def words(dialog: QDialog) -> Iterator[str]:
    """Every word Qt put into a dialog."""
    for widget in dialog.findChildren(QWidget):
        yield from (widget.toolTip(), widget.accessibleName())
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
    for view in dialog.findChildren(QAbstractItemView):
        model = view.model()
        for column in range(model.columnCount() if model is not None else 0):
            yield str(model.headerData(column, Qt.Orientation.Horizontal))
    for action in dialog.findChildren(QAction):
        yield action.text()


def english(dialog: QDialog) -> list[str]:
    return sorted({text for text in words(dialog) if ENGLISH.search(text)})


@pytest.mark.parametrize("accept", list(QFileDialog.AcceptMode))
@pytest.mark.parametrize("mode", [QFileDialog.FileMode.ExistingFile, QFileDialog.FileMode.AnyFile, QFileDialog.FileMode.Directory])
def test_file_dialog_of_qt_is_russian(qtbot: QtBot, tmp_path: Path, mode: QFileDialog.FileMode, accept: QFileDialog.AcceptMode) -> None:
    dialog = QFileDialog(None, "Выгрузка", str(tmp_path))
    qtbot.addWidget(dialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(mode)
    dialog.setAcceptMode(accept)
    dialog.show()
    shown = set(words(dialog))
    assert {"&Перейти к:", "&Типы файлов:", "Отмена", "Создать папку", "Имя", "Дата изменения"} <= shown
    assert english(dialog) == []
    assert QFileIconProvider().type(QFileInfo(str(tmp_path))) == "Папка"


def test_standard_buttons_are_russian(qtbot: QtBot) -> None:
    buttons = QMessageBox.StandardButton
    box = QMessageBox(QMessageBox.Icon.Question, "Вопрос", "Сохранить?", buttons.Save | buttons.Discard | buttons.Cancel)
    qtbot.addWidget(box)
    box.setStandardButtons(box.standardButtons() | buttons.Yes | buttons.No | buttons.Close | buttons.Retry | buttons.Help)
    box.setDetailedText("подробно")
    box.show()
    assert {"Сохранить", "Отмена", "&Да", "&Нет", "Закрыть"} <= set(words(box))
    assert english(box) == []


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_context_menus_of_fields_are_russian(qtbot: QtBot, kind: type[QLineEdit] | type[QPlainTextEdit]) -> None:
    field = kind()
    qtbot.addWidget(field)
    menu = field.createStandardContextMenu()
    texts = [action.text().split("\t")[0] for action in menu.actions() if action.text()]
    menu.deleteLater()
    assert "Выделить всё" in texts or "Выделить все" in texts
    assert [text for text in texts if ENGLISH.search(text)] == []


@pytest.fixture
def catalogues() -> dict[str, QTranslator]:
    found = prepare_qt().findChildren(QTranslator)
    names = {catalogue.objectName(): catalogue for catalogue in found}
    assert len(names) == len(found), "the language is set once, however often the application is asked for"
    return names


def messages() -> dict[tuple[str, str], str]:
    """The program's own words as their source has them: (context, English) to Russian."""
    root = etree.parse(resource("language", f"{MISSING}.ts")).getroot()
    return {
        (context.findtext("name") or "", message.findtext("source") or ""): message.findtext("translation") or ""
        for context in root.iter("context")
        for message in context.iter("message")
    }


def test_no_translator_waits_for_python(catalogues: dict[str, QTranslator]) -> None:
    """Qt calls it with locks held, in threads of its own."""
    assert {type(catalogue) for catalogue in catalogues.values()} == {QTranslator}


def test_own_words_are_what_their_source_says(catalogues: dict[str, QTranslator]) -> None:
    """When this fails: pyside6-lrelease, see the head of the source."""
    said = {key: catalogues[MISSING].translate(*key) for key in messages()}
    assert said == messages()
    assert said


def test_own_words_stand_in_only_for_what_the_catalogue_lacks(catalogues: dict[str, QTranslator]) -> None:
    """When this fails for some text, Qt's catalogue has it, and the program's own word can go."""
    known = [source for context, source in messages() if catalogues[FULL].translate(context, source)]
    assert known == []
