"""«Загрузить соответствие из XLSX»: the preview, rows with errors in words, and applying it."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.mapping import MappingPlace
from ozon_desktop.errors import BrokenFile, NotFound, NotPossibleYet, WrongInput
from ozon_desktop.services.mapping.exchange import ImportChange, ImportPreview, ImportProblem
from ozon_desktop.services.mapping.view import MappingView
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.excel.import_dialog import ImportDialog
from ozon_desktop.ui.mapping.excel.import_model import AFTER, BEFORE, CATEGORY, ROW
from tests.ui.mapping.fakes import BOOTS, FakeMapping

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
FILE = Path("Соответствие.xlsx")
SHOES = "Обувь / Повседневная обувь / Сапоги"
CHANGES = (
    ImportChange(2, MappingPlace("boots"), "Обувь / Женские сапоги", "", SHOES, BOOTS),
    ImportChange(1204, MappingPlace("tv"), "Бытовая техника / Телевизоры", "Электроника / Телевизор", "", None),
)
PROBLEMS = (ImportProblem(7, NotFound("Обувь / Валенки")), ImportProblem(9, WrongInput("Категория Ozon", detail="тип отключён")))


class FakeExchange:
    """Reads and applies what it is told to."""

    def __init__(self, mapping: FakeMapping) -> None:
        self.mapping = mapping
        self.found = ImportPreview(CHANGES, PROBLEMS, 120)
        self.failure: Exception | None = None
        self.applied: list[ImportPreview] = []

    async def preview(self, integration_id: int, path: Path) -> ImportPreview:
        assert (integration_id, path) == (1, FILE)
        if self.failure is not None:
            raise self.failure
        return self.found

    async def apply(self, integration_id: int, preview: ImportPreview) -> MappingView:
        if self.failure is not None:
            raise self.failure
        self.applied.append(preview)
        return await self.mapping.view(integration_id)


@pytest.fixture
def exchange(context: WindowContext, mapping: FakeMapping) -> FakeExchange:
    application: Any = context.application
    application.mapping_exchange = FakeExchange(mapping)
    exchange: FakeExchange = application.mapping_exchange
    return exchange


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


def opened(context: WindowContext, qtbot: QtBot, window: QWidget) -> ImportDialog:
    dialog = ImportDialog(context, FILE, window)
    dialog.show()
    qtbot.waitUntil(dialog.skeleton.isHidden)
    return dialog


def test_preview_says_rows_changes_and_errors_in_words(
    context: WindowContext, qtbot: QtBot, exchange: FakeExchange, window: QWidget
) -> None:
    dialog = opened(context, qtbot, window)
    testers = [
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal) for model in (dialog.changes, dialog.problems)
    ]
    assert dialog.heading.text() == "Изменятся 2 соответствия, 2 строки с ошибками, 120 без изменений"
    rows = [[dialog.changes.index(row, part).data() for part in (ROW, CATEGORY, BEFORE, AFTER)] for row in range(2)]
    assert rows == [
        ["2", "Обувь / Женские сапоги", "нет", SHOES],
        ["1\u00a0204", "Бытовая техника / Телевизоры", "Электроника / Телевизор", "нет"],
    ]
    problems = [dialog.problems.index(row, 0).data() for row in range(2)]
    assert problems[0].startswith("Строка 7: ")
    assert "Обувь / Валенки" in problems[0]
    assert "тип отключён" in problems[1]
    assert dialog.problem_title.text() == "Строки с ошибками: 2"
    dialog.changes.show_rows(())
    assert dialog.changes.rowCount() == 0
    for tester in testers:
        tester.deleteLater()


@pytest.mark.parametrize(
    ("preview", "title"),
    [
        (ImportPreview(CHANGES[:1], (), 1), "Изменится 1 соответствие, 1 без изменений"),
        (ImportPreview(CHANGES[:1] * 12, PROBLEMS[:1], 0), "Изменится 12 соответствий, 1 строка с ошибкой, 0 без изменений"),
        (ImportPreview((), PROBLEMS * 3, 1500), "Ничего не изменится, 6 строк с ошибками, 1\u00a0500 без изменений"),
    ],
)
def test_counts_have_correct_plurals(
    context: WindowContext, qtbot: QtBot, exchange: FakeExchange, window: QWidget, preview: ImportPreview, title: str
) -> None:
    exchange.found = preview
    assert opened(context, qtbot, window).heading.text() == title


def test_enter_on_close_closes_and_applies_nothing(context: WindowContext, qtbot: QtBot, exchange: FakeExchange, window: QWidget) -> None:
    dialog = opened(context, qtbot, window)
    assert dialog.apply_button.isEnabled()
    dialog.close_button.setFocus()
    qtbot.keyClick(dialog.close_button, Qt.Key.Key_Return)
    assert dialog.isHidden()
    assert exchange.applied == []


def test_enter_applies_once_and_says_how_to_take_it_back(
    context: WindowContext, qtbot: QtBot, exchange: FakeExchange, window: QWidget
) -> None:
    dialog = opened(context, qtbot, window)
    with qtbot.waitSignal(dialog.changed) as reported:
        qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    assert reported.args is not None
    assert isinstance(reported.args[0], MappingView)
    assert dialog.heading.text() == "Изменены 2 соответствия"
    assert "«Отменить»" in dialog.bar.message
    assert not dialog.apply_button.isEnabled()
    dialog.apply()
    assert context.worker.pending == 0
    assert exchange.applied == [exchange.found]
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isHidden()


@pytest.mark.parametrize(("problems", "words"), [((), "Менять нечего"), (PROBLEMS, "Применять нечего")])
def test_nothing_to_change_cannot_be_applied(
    context: WindowContext, qtbot: QtBot, exchange: FakeExchange, window: QWidget, problems: tuple[ImportProblem, ...], words: str
) -> None:
    exchange.found = ImportPreview((), problems, 5)
    dialog = opened(context, qtbot, window)
    assert not dialog.apply_button.isEnabled()
    assert dialog.table.isHidden()
    assert dialog.empty.text.text().startswith(words)
    assert dialog.problem_list.isHidden() == (not problems)


def test_file_that_cannot_be_read_is_reported_and_read_again(
    context: WindowContext, qtbot: QtBot, exchange: FakeExchange, window: QWidget
) -> None:
    exchange.failure = BrokenFile(FILE.name, line=1, detail="«Категория магазина»")
    dialog = opened(context, qtbot, window)
    assert dialog.heading.text() == "Файл не прочитан"
    assert FILE.name in dialog.bar.message
    assert not dialog.apply_button.isEnabled()
    exchange.failure = None
    qtbot.mouseClick(dialog.bar.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.table.isVisible)
    assert dialog.bar.message == ""
    assert dialog.apply_button.isEnabled()


def test_failed_apply_is_reported_and_can_be_tried_again(
    context: WindowContext, qtbot: QtBot, exchange: FakeExchange, window: QWidget
) -> None:
    dialog = opened(context, qtbot, window)
    exchange.failure = NotPossibleYet("map", missing=("enabled",))
    qtbot.mouseClick(dialog.apply_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.bar.message != "")
    assert dialog.apply_button.isEnabled()
    assert exchange.applied == []


def test_it_blocks_nothing_and_everything_has_a_name(context: WindowContext, qtbot: QtBot, exchange: FakeExchange, window: QWidget) -> None:
    dialog = opened(context, qtbot, window)
    assert not dialog.isModal()
    assert dialog.table.accessibleName() == "Что изменится"
    assert dialog.problem_list.accessibleName() == "Строки с ошибками"
    spoken = dialog.changes.index(0, ROW).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"Строка 2: Обувь / Женские сапоги; было: нет; станет: {SHOES}"


def test_another_cabinet_closes_it(context: WindowContext, qtbot: QtBot, exchange: FakeExchange, window: QWidget) -> None:
    opened(context, qtbot, window)
    context.choose_integration(2)
    qtbot.waitUntil(lambda: not window.findChildren(ImportDialog))
    context.theme.changed.emit()
