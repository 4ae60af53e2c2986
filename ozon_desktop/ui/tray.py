"""The icon in the notification area: status in words, synchronize, open, quit. Only where the system has such an area."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from ozon_desktop.ui.frame_data import Status
from ozon_desktop.ui.theme import Theme

MESSAGE_MS = 8000


class Tray(QObject):
    """Signals tell the window what was asked."""

    run_asked = Signal()
    open_asked = Signal()
    quit_asked = Signal()

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._status = Status("neutral", self.tr("Загружается…"))
        self._icon = QSystemTrayIcon(self._picture(), self)
        self._menu = QMenu(window)
        self._line = self._menu.addAction(self._status.text)
        self._line.setEnabled(False)
        self._menu.addSeparator()
        self._menu.addAction(self.tr("Синхронизировать")).triggered.connect(self.run_asked)
        self._menu.addAction(self.tr("Открыть")).triggered.connect(self.open_asked)
        self._menu.addAction(self.tr("Выход")).triggered.connect(self.quit_asked)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(self.open_asked)
        theme.changed.connect(self._repaint)
        self.show_status(self._status)
        self._icon.show()

    @staticmethod
    def available() -> bool:
        """Whether the system has a notification area."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show_status(self, status: Status) -> None:
        """The same words as in the window."""
        self._status = status
        self._line.setText(status.text)
        self._icon.setToolTip(f"Ozon Desktop\n{status.text}\n{status.detail}".strip())
        self._repaint()

    def notify(self, title: str, text: str) -> None:
        """A message of the system."""
        self._icon.showMessage(title, text, self._picture(), MESSAGE_MS)

    def _picture(self) -> QIcon:
        token = {"good": "good", "attention": "attention", "error": "error"}.get(self._status.kind, "accent")
        return self._theme.icon("app", token)

    def _repaint(self) -> None:
        self._icon.setIcon(self._picture())

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in {QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick}:
            self.open_asked.emit()
