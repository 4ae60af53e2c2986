"""The cards of the chosen cabinet as the products page shows them, and the long jobs that ask Ozon for what they lack."""

from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.progress import Progress
from ozon_desktop.services.cards.history import CardHistory, StepTaken
from ozon_desktop.services.cards.view import CardsView
from ozon_desktop.services.catalog.view import SettingsResult
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.worker import Job


class ProductsSession(QObject):
    viewed = Signal(object)
    """CardsView; the same object again means that no card changed"""
    view_failed = Signal(object)
    resolved = Signal(int)
    """how many values were found on Ozon"""
    failed = Signal(object)
    """a long job, or a step back"""
    step_taken = Signal(object, bool)
    """StepTaken; whether it was done again and not undone"""

    def __init__(self, context: WindowContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._reading: Job | None = None
        self._stepping: Job | None = None

    # --- steps back -------------------------------------------------------------------------------------------------

    @property
    def _history(self) -> CardHistory:
        return self._context.application.cards.history

    @property
    def undo_label(self) -> str | None:
        """What `undo` would take back."""
        return self._history.undo_label(self._context.integration_id)

    @property
    def redo_label(self) -> str | None:
        return self._history.redo_label(self._context.integration_id)

    def undo(self) -> None:
        """Take the last step over cards back; presses while one is being taken back are passed over."""
        if self._stepping is None and self.undo_label is not None:
            work = self._history.undo(self._context.integration_id)
            self._stepping = self._context.worker.run(work, on_done=self._undone, on_failed=self._step_failed)

    def redo(self) -> None:
        if self._stepping is None and self.redo_label is not None:
            work = self._history.redo(self._context.integration_id)
            self._stepping = self._context.worker.run(work, on_done=self._done_again, on_failed=self._step_failed)

    def forget_steps(self) -> None:
        """For another cabinet."""
        self._history.forget()

    def _undone(self, taken: StepTaken | None) -> None:
        self._take(taken, again=False)

    def _done_again(self, taken: StepTaken | None) -> None:
        self._take(taken, again=True)

    def _take(self, taken: StepTaken | None, *, again: bool) -> None:
        self._stepping = None
        if taken is not None:
            self.step_taken.emit(taken, again)

    def _step_failed(self, error: object) -> None:
        self._stepping = None
        self.failed.emit(error)

    # --- reading ----------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Ask for the table again."""
        if not self._context.integration_id:
            return
        if self._reading is not None:
            self._reading.cancel()
        work = self._context.application.cards.view(self._context.integration_id)
        self._reading = self._context.worker.run(work, on_done=self._viewed, on_failed=self._view_failed)

    def _viewed(self, view: CardsView) -> None:
        self._reading = None
        self.viewed.emit(view)

    def _view_failed(self, error: object) -> None:
        self._reading = None
        self.view_failed.emit(error)

    def resolve_values(self) -> None:
        """Ask Ozon for texts that the loaded dictionaries lack."""
        context = self._context

        def work(progress: Progress) -> Coroutine[Any, Any, int]:
            return context.application.cards.resolve_values(context.integration_id, progress)

        context.run_job("Проверка значений на Ozon", work, on_done=self._resolved, on_failed=self._failed)

    def _resolved(self, count: int) -> None:
        self.resolved.emit(count)
        self._context.data_changed.emit("cards")

    def fetch_settings(self, key: TypeKey) -> None:
        context = self._context

        def work(progress: Progress) -> Coroutine[Any, Any, SettingsResult]:
            return context.application.catalog.fetch_settings(context.integration_id, progress, [key])

        context.run_job("Получение настроек", work, on_done=self._settings_fetched, on_failed=self._failed)

    def _settings_fetched(self, result: SettingsResult) -> None:
        if result.failed:
            self.failed.emit(result.failed[0][1])
        self._context.data_changed.emit("settings")

    def _failed(self, error: object) -> None:
        self.failed.emit(error)
