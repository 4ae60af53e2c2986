"""When garbage is collected: in the window thread only, and never so much at once that the manager feels it."""

import gc
import time

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

GARBAGE_EVERY_MS = 100
CHURN, LONGEST_CHURN_S = 1_000, 60.0
"""New objects between two looks that mean work under way: walking over them would be felt, and most of them go by themselves."""

MOST_WALKED = 12_000
"""Objects that are walked over at once, some ten milliseconds. What a run leaves beyond them is set aside unlooked at."""

CALM_S, MOST_ASIDE = 90.0, 3_000_000
"""How much that was set aside is worth a full collection while the window is in use, and how long nothing must have happened first."""


class GarbageCollection(QObject):
    """Collects garbage in the window thread only: widgets caught in cycles must not be destroyed on the services' thread.

    What a collection has left, or what is too much to be walked over, is not looked at again while somebody works with the
    window: walking over ten thousand types or the products of a plan would be felt. It is looked at once more when the program
    is in the background, and otherwise only when very much has come together.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._application: QCoreApplication | None = None
        self._young, self._calm_at = 0, 0.0
        self._older, self._aside = 0, 0
        self._stirred_at = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(GARBAGE_EVERY_MS)
        self._timer.timeout.connect(self._collect)

    def start(self) -> None:
        """Takes collection over from the interpreter."""
        gc.disable()
        self._collect_unfrozen()
        self._timer.start()
        self._application = QGuiApplication.instance()
        if isinstance(self._application, QGuiApplication):
            self._application.applicationStateChanged.connect(self._state_changed)

    def stop(self) -> None:
        self._timer.stop()
        if isinstance(self._application, QGuiApplication):
            self._application.applicationStateChanged.disconnect(self._state_changed)
        gc.unfreeze()
        gc.enable()

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state is not Qt.ApplicationState.ApplicationActive:
            self._collect_all()

    def _collect_all(self) -> None:
        gc.unfreeze()
        self._collect_unfrozen()

    def _collect_unfrozen(self) -> None:
        gc.collect()
        self._set_aside()
        self._aside = 0
        self._calm_at = self._stirred_at = time.monotonic()

    def _set_aside(self) -> None:
        self._aside += gc.get_count()[0] + self._older
        gc.freeze()
        self._young, self._older = gc.get_count()[0], 0

    def _collect(self) -> None:
        counts, thresholds = gc.get_count(), gc.get_threshold()
        grown, self._young = counts[0] - self._young, counts[0]
        now = time.monotonic()
        if grown > CHURN:
            self._stirred_at = now
        if counts[0] + self._older > MOST_WALKED:
            self._set_aside()
            return
        if grown > CHURN and now - self._calm_at < LONGEST_CHURN_S:
            return
        self._calm_at = now
        if self._aside > MOST_ASIDE and now - self._stirred_at > CALM_S:
            self._collect_all()
            return
        for generation in (2, 1, 0):
            if thresholds[generation] and counts[generation] > thresholds[generation]:
                left = counts[0] - gc.collect(generation)
                self._young = gc.get_count()[0]
                self._older += max(left, 0)
                if generation == 2:
                    self._set_aside()
                return
