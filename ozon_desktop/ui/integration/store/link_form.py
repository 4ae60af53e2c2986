"""«Ссылка»: the address of the export, its login and password where they are asked, and how often it is fetched."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.errors import BackOfficeLoginRefused, BackOfficeNotFound, WrongInput
from ozon_desktop.services.store.overview import StoreOverview
from ozon_desktop.ui.integration.store.form import REQUIRED, ConnectionForm, IntervalField, put
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets import Field, FieldRow
from ozon_desktop.ui.widgets.secret_field import SecretField

NO_ADDRESS = "Это не адрес: он начинается с https:// или http://"


class LinkForm(ConnectionForm):
    """The password is bound to the address: with another one it is to be typed again."""

    kind = ConnectionKind.LINK

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = StoreConnection(ConnectionKind.LINK)
        self._secret = False
        self.address = QLineEdit()
        self.address.setObjectName("store_link_address")
        self.address.setPlaceholderText("https://…/price.yml")
        self.address.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly)
        self.address_field = Field("Адрес выгрузки", self.address, required=True)
        self.interval = IntervalField("store_link_interval")
        self.login = QLineEdit()
        self.login.setObjectName("store_link_login")
        self.login_field = Field("Логин", self.login, hint="Если адрес его спрашивает")
        self.password = SecretField(theme, "Пароль", "store_link_password", what="пароль", eye="show_store_link_password")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.addWidget(self.address_field, 0, 0, 1, 2)
        grid.addWidget(self.interval, 0, 2)
        grid.addWidget(self.login_field, 1, 0)
        grid.addWidget(self.password, 1, 1, 1, 2)
        for column, stretch in enumerate((5, 4, 2)):
            grid.setColumnStretch(column, stretch)
        FieldRow((self.login_field, self.password), self)
        for line in (self.address, self.interval.line, self.login, self.password.line):
            line.textChanged.connect(self._typed)

    def show_overview(self, overview: StoreOverview) -> None:
        edited = self.has_edits
        mine = overview.connection.kind is ConnectionKind.LINK
        self._kept = overview.connection if mine else StoreConnection(ConnectionKind.LINK)
        self._secret = mine and overview.secret
        if not edited:
            put(self.address, self._kept.address)
            put(self.login, self._kept.login)
            put(self.interval.line, str(self._kept.interval_min))
        self.password.set_hint(overview.secret_place if not edited or self.password.typed else "")
        self._show_secret()

    @property
    def has_edits(self) -> bool:
        typed = (self.address.text().strip(), self.login.text().strip(), self.interval.line.text().strip())
        none_typed = typed == ("", "", "")
        kept = (self._kept.address, self._kept.login, str(self._kept.interval_min))
        return self.password.typed is not None or (typed != kept and not none_typed)

    @property
    def secret(self) -> str | None:
        return self.password.typed

    def typed(self) -> StoreConnection | None:
        address, login, minutes = self.address.text().strip(), self.login.text().strip(), self.interval.validate()
        self.address_field.set_error(_address_problem(address))
        lacks = bool(login) and self.password.typed is None and not self._secret_fits()
        self.password.set_error("Введите пароль этого логина" if lacks else None)
        nameless = not login and self.password.typed is not None
        self.login_field.set_error("Введите логин, к которому этот пароль" if nameless else None)
        if minutes is None or lacks or nameless or self.address_field.error:
            return None
        return replace(self._kept, address=address, login=login, interval_min=minutes)

    def forget_edits(self) -> None:
        self.password.forget_typed()
        put(self.address, self._kept.address)
        put(self.login, self._kept.login)
        put(self.interval.line, str(self._kept.interval_min))
        for field in (self.address_field, self.login_field, self.password, self.interval):
            field.set_error(None)

    def show_refusal(self, error: object) -> QWidget | None:
        if isinstance(error, BackOfficeLoginRefused):
            field: Field = self.password if self.login.text().strip() else self.login_field
            asked = "Логин или пароль не подошёл" if self.login.text().strip() else "Адрес спрашивает логин и пароль"
            field.set_error(asked)
            return field.editor
        if isinstance(error, BackOfficeNotFound | WrongInput) and getattr(error, "subject", "") != "interval":
            self.address_field.set_error("По этому адресу ничего нет" if isinstance(error, BackOfficeNotFound) else NO_ADDRESS)
            return self.address
        return None

    def first_problem(self) -> QWidget | None:
        fields = (self.address_field, self.interval, self.login_field, self.password)
        return next((field.editor for field in fields if field.error), None)

    def _secret_fits(self) -> bool:
        """Whether the kept password is of what is typed."""
        same = (self.address.text().strip(), self.login.text().strip().casefold()) == (self._kept.address, self._kept.login.casefold())
        return self._secret and same

    def _show_secret(self) -> None:
        self.password.show_kept(self._secret_fits(), "")

    def _typed(self) -> None:
        for field in (self.address_field, self.login_field, self.password):
            field.set_error(None)
        self.interval.set_error(None)
        self._show_secret()
        self.edited.emit()


def _address_problem(address: str) -> str | None:
    if not address:
        return REQUIRED
    return None if address.casefold().startswith(("http://", "https://")) and not address.endswith("//") else NO_ADDRESS
