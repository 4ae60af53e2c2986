"""«Подключение»: Client ID, the API key, and what checking them said."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from ozon_desktop.domain.integration import ConnectionReport, FieldProblem, parse_client_id
from ozon_desktop.ui.integration.settings_form import LEFT_COLUMN, RIGHT_COLUMN
from ozon_desktop.ui.integration.texts import connection_text, key_place_text
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.presenter import Shown
from ozon_desktop.ui.widgets import Badge, Card, Field, WrappedLabel
from ozon_desktop.ui.widgets.secret_field import SecretField
from ozon_desktop.wording import field_label, field_problem_text


class ConnectionCard(Card):
    """edited comes with every key; check_asked when «Проверить подключение» is pressed."""

    edited = Signal()
    check_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Подключение", parent)
        self._required = False
        self._has_key = False
        self.client_id = QLineEdit()
        self.client_id.setObjectName("client_id")
        self.client_id.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.client_field = Field(field_label("client_id"), self.client_id, required=True)
        self.client_field.set_hint("В кабинете Ozon: Настройки → Seller API")
        self.key_field = SecretField(theme, field_label("api_key"), "api_key", what="ключ", eye="show_key", required=True)
        self.api_key, self.show_key = self.key_field.line, self.key_field.eye
        self.check = QPushButton("&Проверить подключение")
        self.check.setObjectName("check_connection")
        self.badge = Badge("", "neutral")
        self.badge.hide()
        self.state = WrappedLabel("", role="secondary")
        self.state.setObjectName("connection_state")
        self.more = WrappedLabel("", role="hint")
        self.more.setObjectName("connection_more")
        self.more.hide()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.addWidget(self.client_field, 0, 0)
        grid.addWidget(self.key_field, 0, 1)
        grid.setColumnStretch(0, LEFT_COLUMN)
        grid.setColumnStretch(1, RIGHT_COLUMN)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.check, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.state, 1, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(grid)
        self.body.addLayout(row)
        self.body.addWidget(self.more)

    def _connect(self) -> None:
        self.client_id.textChanged.connect(self._typed)
        self.api_key.textChanged.connect(self._typed)
        self.check.clicked.connect(self.check_asked)

    @property
    def typed_client_id(self) -> int | FieldProblem | None:
        """The Client ID as typed: None when empty, a problem when it is none."""
        return parse_client_id(self.client_id.text())

    @property
    def typed_key(self) -> str | None:
        """A newly typed key; None = the kept one stays."""
        return self.key_field.typed

    def show_client_id(self, client_id: int | None) -> None:
        """Shows the stored Client ID without notifying listeners."""
        blocked = self.client_id.blockSignals(True)
        self.client_id.setText("" if client_id is None else str(client_id))
        self.client_id.blockSignals(blocked)
        self.validate()

    def forget_typed_key(self) -> None:
        """The typed key has been kept: the field is empty again."""
        self.key_field.forget_typed()

    def show_key_state(self, has_key: bool, hint: str, place: str) -> None:
        """Says where the key is kept, and shows the last characters of the kept one."""
        self._has_key = has_key
        self.key_field.show_kept(has_key, "Вставьте ключ из кабинета Ozon", hint)
        self.key_field.set_hint(key_place_text(place))
        self.validate()

    def require(self, required: bool) -> None:
        """Whether empty fields are marked as errors."""
        self._required = required
        self.validate()

    def validate(self) -> None:
        typed = self.typed_client_id
        problem = typed if isinstance(typed, FieldProblem) else FieldProblem.REQUIRED if typed is None and self._required else None
        self.client_field.set_error(field_problem_text(problem) if problem else None)
        missing_key = self._required and not self._has_key and not self.typed_key
        self.key_field.set_error(field_problem_text(FieldProblem.REQUIRED) if missing_key else None)
        ready = isinstance(typed, int) and not isinstance(typed, FieldProblem) and (self._has_key or self.typed_key is not None)
        self.check.setEnabled(ready)
        self.check.setToolTip("" if ready else "Сначала введите Client ID и ключ API")

    def show_report(self, report: ConnectionReport | None, now: datetime) -> None:
        """Shows the last successful check; None = not checked yet."""
        if report is None:
            self.badge.set_state("", "neutral")
            self.state.setText("Подключение ещё не проверено")
            self._show_more("")
            return
        text = connection_text(report, now)
        self.badge.set_state(text.badge, text.kind)
        self.state.setText(text.line)
        self._show_more(text.more, text.tip)

    def show_checking(self, checking: bool) -> None:
        self.check.setEnabled(not checking)
        if checking:
            self.badge.set_state("", "neutral")
            self.state.setText("Проверяю подключение…")
            self._show_more("")
        else:
            self.validate()

    def show_failure(self, shown: Shown) -> None:
        self.badge.set_state("Не подключено", "error")
        self.state.setText(shown.title)
        self._show_more(" ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in (shown.text, shown.action) if part))

    def _show_more(self, text: str, tip: str = "") -> None:
        self.more.setText(text)
        self.more.setToolTip(tip)
        self.more.setVisible(bool(text))

    def _typed(self) -> None:
        self.validate()
        self.edited.emit()
