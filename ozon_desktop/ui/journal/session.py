"""The journal of the chosen cabinet: reading its runs, and repeating what failed in one of them."""

from PySide6.QtCore import QObject, Signal

from ozon_desktop.domain.journal import Run, failed_offers
from ozon_desktop.domain.progress import Progress
from ozon_desktop.services.sync.sync import SyncResult
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.journal.run_filter import search_text

RUNS = 2_000
"""So many of the newest runs are read: some weeks, also of hourly ones."""


class JournalSession(QObject):
    """read(list[Run], search texts by a run's id): newest first; unread(error).

    repeated(SyncResult), not_repeated(error): how a repetition ended; other pages hear of it after the listeners.
    """

    read = Signal(object, object)
    unread = Signal(object)
    repeated = Signal(object)
    not_repeated = Signal(object)

    def __init__(self, context: WindowContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.loaded = False

    def refresh(self) -> None:
        service, chosen = self._context.application.journal, self._context.integration_id or None

        async def read(_: Progress) -> tuple[list[Run], dict[int, str]]:
            # What concerns every cabinet, as loading the store, is kept without one and belongs here too.
            runs = [run for run in await service.runs(None, RUNS) if chosen is None or run.integration_id in {chosen, None}]
            return runs, {run.id: search_text(run) for run in runs}

        self._context.worker.run(read, on_done=self._arrived, on_failed=self.unread)

    def forget(self) -> None:
        """Another cabinet was chosen."""
        self.loaded = False

    def repeat(self, run: Run) -> bool:
        """Sends the failed products of a synchronization again, as a long job; False while another one is under way."""
        service, run_id, integration_id = self._context.application.sync, run.id, run.integration_id
        if integration_id is None or not failed_offers(run):
            raise ValueError(f"run {run_id} left nothing to be repeated")

        async def work(progress: Progress) -> SyncResult:
            return await service.retry_failed(integration_id, run_id, progress)

        return self._context.run_job("Повтор ошибок", work, on_done=self._repeated, on_failed=self._not_repeated) is not None

    def _arrived(self, found: tuple[list[Run], dict[int, str]]) -> None:
        self.loaded = True
        self.read.emit(*found)

    def _repeated(self, result: SyncResult) -> None:
        self.repeated.emit(result)
        self._announce()

    def _not_repeated(self, error: object) -> None:
        self.not_repeated.emit(error)
        self._announce()

    def _announce(self) -> None:
        for topic in ("sync", "journal"):
            self._context.data_changed.emit(topic)
