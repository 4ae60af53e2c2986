"""What the forms of all connections have in common."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ozon_desktop.domain.store_connection import LONGEST_INTERVAL_MIN, SHORTEST_INTERVAL_MIN, ConnectionKind, StoreConnection
from ozon_desktop.services.store.overview import StoreOverview
from ozon_desktop.ui.widgets import Field

REQUIRED = "Заполните это поле"
INTERVAL_ERROR = f"Введите число минут от {SHORTEST_INTERVAL_MIN} до {LONGEST_INTERVAL_MIN}"


class ConnectionForm(QWidget):
    """The fields of one kind of connection. edited: something in them is other than what is kept."""

    edited = Signal()
    kind = ConnectionKind.FILES

    def show_overview(self, overview: StoreOverview) -> None:
        """Shows what is kept; what is being edited stays."""
        raise NotImplementedError

    @property
    def has_edits(self) -> bool:
        """Whether something is typed that nobody has kept."""
        raise NotImplementedError

    def typed(self) -> StoreConnection | None:
        """The connection as typed; None = something is wrong, which is marked now."""
        raise NotImplementedError

    @property
    def secret(self) -> str | None:
        """A newly typed secret; None = the kept one stays."""
        return None

    def forget_edits(self) -> None:
        """What is kept counts from now on."""
        raise NotImplementedError

    def show_refusal(self, error: object) -> QWidget | None:
        """Marks the field an error is about; gives its editor, None = it is about none."""
        return None

    def first_problem(self) -> QWidget | None:
        """The editor of the first field that is marked."""
        return None


class IntervalField(Field):
    """How often goods are asked for."""

    def __init__(self, name: str) -> None:
        self.line = QLineEdit()
        self.line.setObjectName(name)
        self.line.setMaxLength(4)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        super().__init__("Раз в … минут", self.line)

    @property
    def minutes(self) -> int | None:
        """None = what stands there is no fitting number."""
        text = self.line.text().strip()
        minutes = int(text) if text.isascii() and text.isdigit() else 0
        return minutes if SHORTEST_INTERVAL_MIN <= minutes <= LONGEST_INTERVAL_MIN else None

    def validate(self) -> int | None:
        """Marks what is wrong."""
        self.set_error(INTERVAL_ERROR if self.minutes is None else None)
        return self.minutes


def put(line: QLineEdit, text: str) -> None:
    """Shows a kept text without telling listeners; whoever types there is not interrupted."""
    if line.text() == text:
        return
    blocked = line.blockSignals(True)
    line.setText(text)
    line.setCursorPosition(0)
    line.blockSignals(blocked)
