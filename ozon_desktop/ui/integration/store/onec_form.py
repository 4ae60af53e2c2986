"""«1С»: three lines to copy into 1C, who may come, and how 1C is set up."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.errors import PortInUse, WrongInput
from ozon_desktop.services.store.exchange import new_password
from ozon_desktop.services.store.overview import StoreOverview
from ozon_desktop.ui.integration.store.form import REQUIRED, ConnectionForm, put
from ozon_desktop.ui.look.theme import Theme, icon_size, repolish, set_role
from ozon_desktop.ui.widgets import Field, FieldRow, WrappedLabel
from ozon_desktop.ui.widgets.flow_layout import FlowLayout
from ozon_desktop.ui.widgets.labels import fixed_label
from ozon_desktop.ui.widgets.secret_field import DOTS
from ozon_desktop.wording.onec import INSTRUCTIONS, LOGIN

ONE_LINE = 78
"""Characters that address, login and password need beside each other."""
HIGHEST_PORT = 65_535
NOT_YET = "Появится, когда включите"


class CopyLine(QLineEdit):
    """Ctrl+C copies all of it, whatever is selected. copied: it was asked for."""

    copied = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() in {Qt.Key.Key_C, Qt.Key.Key_Insert}:
            self.copied.emit()
            return
        super().keyPressEvent(event)


class ShortLine(QLineEdit):
    """As wide as a number of five digits at any size of text."""

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("65535") + 30, super().sizeHint().height())


class OnecForm(ConnectionForm):
    """A password is made here, never typed. secret_asked: the kept one is to be read; said(text): something was copied.

    guides_row stands where the card puts it, and `guide` below it: how a 1C of the chosen kind is set up.
    """

    secret_asked = Signal()
    said = Signal(str)
    kind = ConnectionKind.ONEC

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kept = StoreConnection(ConnectionKind.ONEC)
        self._connected = self._secret = self._touched = False
        self._made: str | None = None
        self._copies = False
        self._place = ""
        self.address = CopyLine()
        self.address.setObjectName("onec_address")
        self.address.setReadOnly(True)
        self.address_field = Field("Адрес сайта", self.address)
        self.login = CopyLine()
        self.login.setObjectName("onec_login")
        self.login_field = Field("Логин", self.login)
        self.password = CopyLine()
        self.password.setObjectName("onec_password")
        self.password.setReadOnly(True)
        self.password_field = Field("Пароль", self.password)
        self.port = ShortLine()
        self.port.setObjectName("onec_port")
        self.port.setMaxLength(5)
        self.port.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.port_label = fixed_label("По&рт", role="label")
        self.port_label.setBuddy(self.port)
        self.port.setAccessibleName("Порт")
        self.port_problem = WrappedLabel("", role="error")
        self.port_problem.setObjectName("onec_port_problem")
        self.eye = self._tool("show_onec_password", "Показать пароль")
        self.eye.setCheckable(True)
        self._copy_buttons = {
            self._tool("copy_onec_address", "Скопировать адрес"): self.address,
            self._tool("copy_onec_login", "Скопировать логин"): self.login,
            self._tool("copy_onec_password", "Скопировать пароль"): self.password,
        }
        self.open = QCheckBox("&Пускать с других компьютеров сети")
        self.open.setObjectName("onec_open")
        self.renew = QPushButton("&Новый пароль…")
        self.renew.setObjectName("onec_new_password")
        set_role(self.renew, "link")
        self.guides = {program: QPushButton(program) for program in INSTRUCTIONS}
        self.guide = QFrame()
        set_role(self.guide, "message-info")
        self.guide_text = WrappedLabel("")
        self.guide_text.setObjectName("onec_guide")
        self._asked_for_guide = False
        self._lay_out()
        self._connect()
        self._paint()
        self.guide.hide()

    def _tool(self, name: str, words: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setToolTip(words)
        return button

    def _lay_out(self) -> None:
        self.password_field.add_beside(self.eye)
        for tool, line in self._copy_buttons.items():
            {self.address: self.address_field, self.login: self.login_field, self.password: self.password_field}[line].add_beside(tool)
        self._grid = grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        fields = (self.address_field, self.login_field, self.password_field)
        for column, stretch in enumerate((10, 6, 9)):
            grid.setColumnStretch(column, stretch)
        FieldRow(fields, self)
        self._arrange(narrow=False)
        below = FlowLayout(spacing=12)
        for widget in (self.open, _together(self.port_label, self.port), self.renew):
            below.addWidget(widget)
        for number, (program, button) in enumerate(self.guides.items()):
            button.setObjectName(f"onec_guide_{number}")
            button.setAccessibleName(f"Как настроить {program}")
            button.setCheckable(True)
            set_role(button, "link")
        # In one piece: names without the words before them would say nothing. The card puts it beside its buttons.
        self.guides_row = _together(fixed_label("Как настроить:", role="hint"), *self.guides.values())
        inside = QVBoxLayout(self.guide)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.addWidget(self.guide_text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(grid)
        layout.addLayout(below)
        layout.addWidget(self.port_problem)
        self._mark_port("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """An address that would be cut has a line of its own."""
        super().resizeEvent(event)
        narrow = self.width() < ONE_LINE * self.fontMetrics().averageCharWidth()
        if narrow != self._narrow:
            self._arrange(narrow=narrow)

    def _arrange(self, *, narrow: bool) -> None:
        self._narrow = narrow
        rest = 1 if narrow else 0
        self._grid.addWidget(self.address_field, 0, 0, 1, 3 if narrow else 1)
        self._grid.addWidget(self.login_field, rest, 0 if narrow else 1)
        self._grid.addWidget(self.password_field, rest, 1 if narrow else 2, 1, 2 if narrow else 1)

    def _mark_port(self, problem: str) -> None:
        """Says what is wrong with the port; "" = nothing."""
        self.port_problem.setText(problem)
        self.port_problem.setVisible(bool(problem))
        self.port.setAccessibleDescription(problem)
        if self.port.property("state") != ("error" if problem else ""):
            self.port.setProperty("state", "error" if problem else "")
            repolish(self.port)

    def _connect(self) -> None:
        for button, line in self._copy_buttons.items():
            button.clicked.connect(partial(self._copy, line))
            line.copied.connect(partial(self._copy, line))
        for program, guide in self.guides.items():
            guide.clicked.connect(partial(self._guide_clicked, program))
        self.eye.toggled.connect(self._reveal)
        self.renew.clicked.connect(self._renew)
        self.login.textChanged.connect(self._typed)
        self.port.textChanged.connect(self._typed)
        self.open.clicked.connect(self._typed)
        self._theme.changed.connect(self._paint)

    # --- showing ----------------------------------------------------------------------------------------------------

    def show_overview(self, overview: StoreOverview) -> None:
        edited = self.has_edits
        self._connected = overview.connection.kind is ConnectionKind.ONEC
        self._kept = overview.connection if self._connected else StoreConnection(ConnectionKind.ONEC, login=LOGIN)
        self._secret, self._place = self._connected and overview.secret, overview.secret_place
        if not edited:
            self._show_kept()
            # One that was made before this connection was kept belongs to none.
            self._made = self._made if not self._secret else None
        if not self._secret and self._made is None:
            self._made = new_password()
        site = overview.site
        put(self.address, site.addresses[0] if site is not None and site.addresses else "")
        self.address.setPlaceholderText(NOT_YET)
        self.address.setToolTip("\n".join(site.addresses) if site is not None else "")
        self.password_field.set_hint(self._place)
        self._show_password(None)

    def _show_kept(self) -> None:
        put(self.login, self._kept.login)
        put(self.port, str(self._kept.port))
        self.open.setChecked(self._kept.open_to_network)

    def show_secret(self, secret: str) -> None:
        """The kept password, asked for by the eye or by a copy."""
        if self._copies:
            self._copies = False
            self._put_away(secret, "Пароль скопирован")
        elif self.eye.isChecked():
            self._show_password(secret)

    def _show_password(self, secret: str | None) -> None:
        """secret None = the kept one is not known here: dots stand for it."""
        known = self._made if self._made is not None else secret
        shown = self.eye.isChecked() and known is not None
        if known is None and self.eye.isChecked():
            # It is shown already, and the page was only read again.
            return
        # Only what the eye shows is ever in the line: dots are dots, not a hidden password.
        put(self.password, known if shown and known is not None else DOTS)

    # --- how 1C is set up -------------------------------------------------------------------------------------------

    @property
    def shown_guide(self) -> str:
        """Of which program; "" = of none."""
        return next((program for program, button in self.guides.items() if button.isChecked()), "")

    def offer_guide(self, wanted: bool) -> None:
        """Opens the first one while 1C has never come, unless somebody has chosen by himself."""
        if not self._asked_for_guide:
            self._show_guide(next(iter(INSTRUCTIONS)) if wanted else "")

    def _guide_clicked(self, program: str) -> None:
        self._asked_for_guide = True
        self._show_guide(program if self.guides[program].isChecked() else "")

    def _show_guide(self, program: str) -> None:
        for other, button in self.guides.items():
            button.setChecked(other == program)
        steps = INSTRUCTIONS.get(program, ())
        self.guide_text.setText("\n".join((f"{program}:", *(f"{number}. {step}." for number, step in enumerate(steps, 1)))))
        self.guide.setVisible(bool(steps))

    # --- what is typed ----------------------------------------------------------------------------------------------

    @property
    def has_edits(self) -> bool:
        if not self._connected:
            return self._touched
        typed = (self.login.text().strip(), self.port.text().strip(), self.open.isChecked())
        return self._made is not None or typed != (self._kept.login, str(self._kept.port), self._kept.open_to_network)

    @property
    def secret(self) -> str | None:
        return self._made

    def typed(self) -> StoreConnection | None:
        login, text = self.login.text().strip(), self.port.text().strip()
        self.login_field.set_error(None if login else REQUIRED)
        port = int(text) if text.isascii() and text.isdigit() else 0
        fits = 1 <= port <= HIGHEST_PORT
        self._mark_port("" if fits else f"Порт — число от 1 до {HIGHEST_PORT}.")
        return replace(self._kept, login=login, port=port, open_to_network=self.open.isChecked()) if login and fits else None

    def forget_edits(self) -> None:
        self._touched, self._made = False, None
        self.eye.setChecked(False)
        self._show_kept()
        self.login_field.set_error(None)
        self._mark_port("")
        self._show_password(None)

    def show_refusal(self, error: object) -> QWidget | None:
        """A port that is taken: the free one is offered in its place."""
        if isinstance(error, WrongInput) and error.subject == "login":
            self.login_field.set_error("Без двоеточия, не длиннее 64 знаков")
            return self.login
        if not isinstance(error, PortInUse):
            return None
        free = f" Свободен {error.detail}: впишите его здесь, а новый адрес — в 1С." if error.detail else " Впишите другой."
        self._mark_port(f"Порт {error.subject} занят другой программой.{free}")
        return self.port

    def first_problem(self) -> QWidget | None:
        return self.login if self.login_field.error else self.port if self.port_problem.text() else None

    def _typed(self) -> None:
        self._touched = True
        self.login_field.set_error(None)
        self._mark_port("")
        self.edited.emit()

    # --- the password -----------------------------------------------------------------------------------------------

    def _renew(self) -> None:
        self._made, self._touched = new_password(), True
        self._show_password(None)
        self.edited.emit()

    def _reveal(self, shown: bool) -> None:
        words = "Скрыть пароль" if shown else "Показать пароль"
        self.eye.setAccessibleName(words)
        self.eye.setToolTip(words)
        self._paint()
        if shown and self._made is None:
            self._copies = False
            self.secret_asked.emit()
        else:
            self._show_password(None)

    def _copy(self, line: QLineEdit) -> None:
        if line is not self.password:
            self._put_away(line.text(), "Адрес скопирован" if line is self.address else "Логин скопирован")
        elif self._made is not None:
            self._put_away(self._made, "Пароль скопирован")
        else:
            self._copies = True
            self.secret_asked.emit()

    def _put_away(self, text: str, words: str) -> None:
        if text:
            QGuiApplication.clipboard().setText(text)
            self.said.emit(f"{words}.")

    def _paint(self) -> None:
        for button in (self.eye, *self._copy_buttons):
            button.setIconSize(icon_size(button))
        for button in self._copy_buttons:
            button.setIcon(self._theme.icon("copy", "secondary"))
        self.eye.setIcon(self._theme.icon("eye-off" if self.eye.isChecked() else "eye", "secondary"))


def _together(*widgets: QWidget) -> QWidget:
    """Widgets that are never torn apart at the end of a line."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for widget in widgets:
        row.addWidget(widget)
    return both
