"""«МойСклад»: a token, or login and password, and how often goods are asked for."""

from dataclasses import replace

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.errors import BackOfficeLoginRefused
from ozon_desktop.services.store.overview import StoreOverview
from ozon_desktop.ui.integration.store.form import REQUIRED, ConnectionForm, IntervalField, put
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets import Field, FieldRow
from ozon_desktop.ui.widgets.secret_field import SecretField
from ozon_desktop.ui.widgets.segmented import Segmented

TOKEN, LOGIN = "token", "login"
TOKEN_HINT = "В МоёмСкладе: Настройки → Обмен данными → Токены"


class MoySkladForm(ConnectionForm):
    """A token needs no login. The secret is bound to the way of signing in: with another one it is to be typed again."""

    kind = ConnectionKind.MOYSKLAD

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = StoreConnection(ConnectionKind.MOYSKLAD)
        self._secret = False
        self._place = ""
        self.way = Segmented({TOKEN: "Токен", LOGIN: "Логин и пароль"}, name="moysklad_way", accessible="Чем войти")
        self.way_field = Field("Вход", self.way)
        self.login = QLineEdit()
        self.login.setObjectName("moysklad_login")
        self.login.setPlaceholderText("admin@компания")
        self.login_field = Field("Логин", self.login, required=True)
        self.password = SecretField(theme, "Токен", "moysklad_secret", what="токен", eye="show_moysklad_secret", required=True)
        self.interval = IntervalField("moysklad_interval")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.addWidget(self.way_field, 0, 0)
        grid.addWidget(self.interval, 0, 1)
        grid.addWidget(self.login_field, 1, 0)
        grid.addWidget(self.password, 1, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self._grid = grid
        FieldRow((self.login_field, self.password), self)
        self.way.chosen.connect(self._way_chosen)
        for line in (self.login, self.password.line, self.interval.line):
            line.textChanged.connect(self._typed)
        self._arrange()

    @property
    def by_token(self) -> bool:
        return self.way.key == TOKEN

    def show_overview(self, overview: StoreOverview) -> None:
        edited = self.has_edits
        mine = overview.connection.kind is ConnectionKind.MOYSKLAD
        self._kept = overview.connection if mine else StoreConnection(ConnectionKind.MOYSKLAD)
        self._secret = mine and overview.secret
        self._place = overview.secret_place
        if not edited:
            self._show_kept()
        self._arrange()

    def _show_kept(self) -> None:
        self.way.choose(LOGIN if self._kept.login else TOKEN)
        put(self.login, self._kept.login)
        put(self.interval.line, str(self._kept.interval_min))

    @property
    def has_edits(self) -> bool:
        if self.password.typed is not None:
            return True
        login = "" if self.by_token else self.login.text().strip()
        minutes = self.interval.line.text().strip()
        return login != self._kept.login or minutes not in {str(self._kept.interval_min), ""}

    @property
    def secret(self) -> str | None:
        return self.password.typed

    def typed(self) -> StoreConnection | None:
        login, minutes = "" if self.by_token else self.login.text().strip(), self.interval.validate()
        nameless = not self.by_token and not login
        self.login_field.set_error(REQUIRED if nameless else None)
        lacks = self.password.typed is None and not self._secret_fits()
        self.password.set_error(REQUIRED if lacks else None)
        if minutes is None or nameless or lacks:
            return None
        return replace(self._kept, login=login, interval_min=minutes)

    def forget_edits(self) -> None:
        self.password.forget_typed()
        self._show_kept()
        for field in (self.login_field, self.password, self.interval):
            field.set_error(None)
        self._arrange()

    def show_refusal(self, error: object) -> QWidget | None:
        if isinstance(error, BackOfficeLoginRefused):
            self.password.set_error("Токен не подошёл" if self.by_token else "Логин или пароль не подошёл")
            return self.password.line
        return None

    def first_problem(self) -> QWidget | None:
        return next((field.editor for field in (self.interval, self.login_field, self.password) if field.error), None)

    def _secret_fits(self) -> bool:
        login = "" if self.by_token else self.login.text().strip()
        return self._secret and login.casefold() == self._kept.login.casefold()

    def _way_chosen(self, _: str) -> None:
        self.password.forget_typed()
        self._arrange()
        self._typed()

    def _arrange(self) -> None:
        """The token has the whole row; the words are those of what is asked for."""
        self.login_field.setVisible(not self.by_token)
        self._grid.removeWidget(self.password)
        self._grid.addWidget(self.password, 1, 0 if self.by_token else 1, 1, 2 if self.by_token else 1)
        self.password.set_words("Токен" if self.by_token else "Пароль", "токен" if self.by_token else "пароль")
        self.password.set_hint(f"{TOKEN_HINT}. {self._place}" if self.by_token else self._place)
        self.password.show_kept(self._secret_fits(), "Вставьте токен" if self.by_token else "")

    def _typed(self) -> None:
        for field in (self.login_field, self.password, self.interval):
            field.set_error(None)
        self.password.show_kept(self._secret_fits(), "Вставьте токен" if self.by_token else "")
        self.edited.emit()
