"""The package of one card: length, width, height in mm and weight in g; what is left empty is taken from the store."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.card import CardProblem, ProblemCode
from ozon_desktop.ui.products.card_draft import SIDES, CardDraft
from ozon_desktop.ui.widgets import Field, WrappedLabel

LARGEST = 9_999_999
MISSING = frozenset({ProblemCode.DIMENSION_MISSING, ProblemCode.WEIGHT_MISSING})
"""Said in one word beside their field; other problems of the package need a sentence below the row."""


class PackageBox(QWidget):
    """`edited` carries (side, value or None)."""

    edited = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout()
        row.setSpacing(12)
        self.note = WrappedLabel("", role="error")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.note)
        labels = (self.tr("Длина, мм"), self.tr("Ширина, мм"), self.tr("Высота, мм"), self.tr("Вес, г"))
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
            row.addWidget(field, 1)

    def show_package(self, draft: CardDraft, problems: Sequence[CardProblem]) -> None:
        """Show own sizes; those of the store stand there as placeholders."""
        for side, line in self.lines.items():
            own, automatic = draft.size(side), draft.automatic_size(side)
            text = "" if own is None else str(own)
            if line.text() != text:
                line.setText(text)
            line.setPlaceholderText("" if automatic is None else str(automatic))
            self.fields[side].set_hint(self.tr("из магазина") if own is None and automatic is not None else "")
            missing = any(problem.field == side and problem.code in MISSING for problem in problems)
            self.fields[side].set_error(self.tr("укажите") if missing else None)
        texts = [wording.problem_text(problem) for problem in problems if problem.field in SIDES and problem.code not in MISSING]
        self.note.setText("\n".join(texts))
        self.note.setVisible(bool(texts))

    def _edited(self, text: str) -> None:
        line = self.sender()
        if isinstance(line, QLineEdit):
            side = str(line.property("side"))
            self.fields[side].set_error(None)
            self.edited.emit(side, int(text) if text.strip() else None)
