"""The icon in the notification area: status in words, open, synchronize, pause, quit. Only where the system has such an area."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from ozon_desktop.ui.frame.frame_data import Status
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.state import WindowState

MESSAGE_MS = 8000
STAYS = "window/close_to_tray"


class Tray(QObject):
    """Signals carry what was asked. pause_asked: True = the schedule shall rest, False = it shall go on."""

    run_asked = Signal()
    open_asked = Signal()
    pause_asked = Signal(bool)
    quit_asked = Signal()

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._paused = False
        self._status = Status("neutral", "Загружается…")
        self._icon = QSystemTrayIcon(self._picture(), self)
        self._menu = QMenu(window)
        self._line = self._menu.addAction(self._status.text)
        self._line.setEnabled(False)
        self._menu.addSeparator()
        self._menu.addAction("Открыть").triggered.connect(self.open_asked)
        self._run = self._menu.addAction("Синхронизировать сейчас")
        self._run.triggered.connect(self.run_asked)
        self._pause = self._menu.addAction("")
        self._pause.triggered.connect(self._toggle_pause)
        self._menu.addSeparator()
        self._menu.addAction("Выход").triggered.connect(self.quit_asked)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(self.open_asked)
        theme.changed.connect(self._repaint)
        self.show_paused(False)
        self.show_status(self._status)
        self._icon.show()

    @staticmethod
    def available() -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show_status(self, status: Status, *, running: bool = False) -> None:
        """The same words as in the window. running: a run is under way, so another one cannot be started."""
        self._status = status
        self._run.setEnabled(not running)
        self._line.setText(status.text)
        self._icon.setToolTip(f"Ozon Desktop\n{status.text}\n{status.detail}".strip())
        self._repaint()

    def show_paused(self, paused: bool) -> None:
        """Whether the schedule rests: the menu offers the opposite."""
        self._paused = paused
        self._pause.setText("Продолжить по расписанию" if paused else "Приостановить расписание")

    def notify(self, title: str, text: str) -> None:
        self._icon.showMessage(title, text, self._picture(), MESSAGE_MS)

    def _toggle_pause(self) -> None:
        # Shown as paused only when the schedule says so.
        self.pause_asked.emit(not self._paused)

    def _picture(self) -> QIcon:
        token = {"good": "good", "attention": "attention", "error": "error"}.get(self._status.kind, "accent")
        return self._theme.icon("app", token)

    def _repaint(self) -> None:
        self._icon.setIcon(self._picture())

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in {QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick}:
            self.open_asked.emit()


def stays_when_closed(state: WindowState) -> bool:
    """Whether closing the window leaves the program in the notification area; never where there is no such area."""
    return Tray.available() and state.text(STAYS, "") == "yes"


def stay_when_closed(state: WindowState, stays: bool) -> None:
    """What closing the window does from now on."""
    state.remember(STAYS, "yes" if stays else "no")
