"""Numbers as a manager types them, and short lines to type them into."""

from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

BIGGEST = Decimal(10) ** 9
"""Larger numbers are a slip of the hand: no price and no stock has them."""

_SIGNS = str.maketrans({",": ".", "−": "-", "–": "-", "%": None, "₽": None, " ": None, "\u00a0": None, "\u202f": None})


def decimal_of(text: str) -> Decimal | None:
    """The number of «1 990,50», «20 %» or «−15»; None when it is none."""
    try:
        value = Decimal(text.translate(_SIGNS))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < BIGGEST else None


def whole_of(text: str) -> int | None:
    """The whole number, zero or more, of a text; None when it is none."""
    value = decimal_of(text)
    return int(value) if value is not None and value >= 0 and value == value.to_integral_value() else None


def text_of(value: Decimal | int) -> str:
    """A number as it is typed: without groups, with a comma."""
    return format(value.normalize() + 0, "f").replace(".", ",") if isinstance(value, Decimal) else str(value)


class ShortLine(QLineEdit):
    """A line for a number. digits: as wide as so many need with any font, 0 = as wide as there is room."""

    def __init__(self, name: str, accessible: str = "", *, digits: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digits = digits
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setMaxLength(16)
        if digits:
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("0" * (self._digits or 6)) + 28, super().sizeHint().height())
