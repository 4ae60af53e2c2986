"""The package of one card: length, width, height in mm and weight in g; what is left empty is taken from the store."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.card import CardProblem, ProblemCode
from ozon_desktop.ui.products.fields.draft import SIDES, CardDraft
from ozon_desktop.ui.products.fields.ozon_note import OzonNote, of_fields
from ozon_desktop.ui.widgets import Field, FieldRow, WrappedLabel

LARGEST = 9_999_999
MISSING = frozenset({ProblemCode.DIMENSION_MISSING, ProblemCode.WEIGHT_MISSING})
"""Shown in one word beside their field; other problems of the package need a sentence below the row."""

SHOWN_ELSEWHERE = MISSING | {ProblemCode.PACKAGE_DOUBTFUL}
"""The doubts about the store's package have their own lines."""


class PackageBox(QWidget):
    """`edited` carries (side, value or None)."""

    edited = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        self._columns = 0
        self.note = WrappedLabel("", role="error")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._grid)
        column.addWidget(self.note)
        self.doubts = WrappedLabel("", role="hint")
        self.doubts.setObjectName("package_doubts")
        column.addWidget(self.doubts)
        self.ozon_note = OzonNote("package")
        column.addWidget(self.ozon_note)
        labels = ("Длина, мм", "Ширина, мм", "Высота, мм", "Вес, г")
        self.fields: dict[str, Field] = {}
        self.lines: dict[str, QLineEdit] = {}
        for side, label in zip(SIDES, labels, strict=True):
            line = QLineEdit()
            line.setObjectName(f"dim_{side}")
            line.setValidator(QIntValidator(0, LARGEST, line))
            line.setProperty("side", side)
            line.textEdited.connect(self._edited)
            field = Field(label, line, required=True)
            self.lines[side], self.fields[side] = line, field
        FieldRow(self.fields.values(), self)
        self._arrange(len(SIDES))

    def show_package(self, draft: CardDraft, problems: Sequence[CardProblem]) -> None:
        """Show own sizes; those of the store stand there as placeholders."""
        for side, line in self.lines.items():
            own, automatic = draft.size(side), draft.automatic_size(side)
            text = "" if own is None else str(own)
            if line.text() != text:
                line.setText(text)
            line.setPlaceholderText("" if automatic is None else str(automatic))
            self.fields[side].set_hint("из магазина" if own is None and automatic is not None else "")
            missing = any(problem.field == side and problem.code in MISSING for problem in problems)
            self.fields[side].set_error("укажите" if missing else None)
        texts = [wording.problem_text(problem) for problem in problems if problem.field in SIDES and problem.code not in SHOWN_ELSEWHERE]
        self.note.setText("\n".join(texts))
        self.note.setVisible(bool(texts))
        doubts = [wording.package_doubt_text(doubt) for doubt in draft.details.package_doubts]
        self.doubts.setText("\n".join(doubts))
        self.doubts.setVisible(bool(doubts))
        self.ozon_note.show_problems(of_fields(draft.details.ozon_problems, SIDES))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two and two where four beside each other would break their labels."""
        super().resizeEvent(event)
        widest = max(field.label.fontMetrics().horizontalAdvance(field.label.text()) for field in self.fields.values())
        fits = widest * len(SIDES) + self._grid.spacing() * (len(SIDES) - 1) <= self.width()
        self._arrange(len(SIDES) if fits else len(SIDES) // 2)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for number, field in enumerate(self.fields.values()):
            self._grid.addWidget(field, number // columns, number % columns)
        for column in range(len(SIDES)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def _edited(self, text: str) -> None:
        line = self.sender()
        if isinstance(line, QLineEdit):
            side = str(line.property("side"))
            self.fields[side].set_error(None)
            self.edited.emit(side, int(text) if text.strip() else None)
