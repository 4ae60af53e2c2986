"""A field for a key or a password: dots, and an eye that shows what was typed just now."""

from PySide6.QtWidgets import QLineEdit, QToolButton

from ozon_desktop.ui.look.theme import Theme, icon_size
from ozon_desktop.ui.widgets.field import Field
from ozon_desktop.wording import NBSP

DOTS = "•" * 20


class SecretField(Field):
    """The line is empty while a kept secret stands behind it. what: in the accusative, «ключ», for the eye's words.

    A kept secret never comes back into the line: only what is typed can be shown.
    """

    def __init__(self, theme: Theme, label: str, name: str, *, what: str, eye: str, required: bool = False) -> None:
        self.line = QLineEdit()
        super().__init__(label, self.line, required=required)
        self._theme = theme
        self._what = what
        self._required = required
        self.line.setObjectName(name)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.eye = QToolButton()
        self.eye.setObjectName(eye)
        self.eye.setCheckable(True)
        self.eye.setEnabled(False)
        self.eye.setIconSize(icon_size(self))
        self.add_beside(self.eye)
        self.line.textChanged.connect(self._typed)
        self.eye.toggled.connect(self._reveal)
        theme.changed.connect(self._paint)
        self._reveal(False)

    @property
    def typed(self) -> str | None:
        """A newly typed secret; None = the kept one stays."""
        return self.line.text().strip() or None

    def forget_typed(self) -> None:
        """What was typed is kept by now, or belongs to something else: the line is empty again."""
        blocked = self.line.blockSignals(True)
        self.line.clear()
        self.line.blockSignals(blocked)
        self.eye.setChecked(False)
        self.eye.setEnabled(False)

    def set_words(self, label: str, what: str) -> None:
        """What is asked for is something else now."""
        self.label.setText(f"{label}{NBSP}*" if self._required else label)
        self.line.setAccessibleName(label)
        self._what = what
        self._reveal(self.eye.isChecked())

    def show_kept(self, kept: bool, empty: str, last: str = "") -> None:
        """kept: dots stand for a secret that is kept, with its last characters where they may be seen; else `empty` says what to do."""
        self.line.setPlaceholderText(f"{DOTS}{last}" if kept else empty)

    def _typed(self) -> None:
        self.eye.setEnabled(bool(self.line.text()))
        self._reveal(self.eye.isChecked())
        if not self.line.text():
            self.eye.setChecked(False)

    def _reveal(self, shown: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        words = f"Скрыть {self._what}" if shown else f"Показать {self._what}"
        self.eye.setToolTip(words if self.eye.isEnabled() else f"Показать можно только что введённый {self._what}")
        self.eye.setAccessibleName(words)
        self._paint()

    def _paint(self) -> None:
        self.eye.setIconSize(icon_size(self.eye))
        self.eye.setIcon(self._theme.icon("eye-off" if self.eye.isChecked() else "eye", "secondary"))
