"""What every page shares: the application, the worker, the chosen integration, and the one long job at a time."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from ozon_desktop.application import Application
from ozon_desktop.domain.progress import Progress, ProgressUpdate
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.presenter import Presenter, Shown
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.worker import Callback, Job, Worker

PAGES = ("integration", "mapping", "products", "sync", "orders", "journal")
TOPICS = frozenset({"store", "integration", "tree", "settings", "mapping", "cards", "sync", "orders", "journal"})


@dataclass(slots=True)
class LongJob:
    """The long job under way: its title, and the page it was started on."""

    title: str
    page: str
    job: Job | None = None
    last: ProgressUpdate | None = None


class WindowContext(QObject):
    """Handed to every page.

    data_changed(topic): something a page may show has changed. go_to(page, payload): show a page.
    notify(title, text): reach the user, also when the window is hidden. message(text, kind): one line in the window.
    failure(error): something failed that concerns no page. load_export: store files shall be chosen.
    load_files(list of Path): these store files shall be loaded; table_loaded(Path): a table with columns was loaded.
    job_*: the long job, for the sidebar; job_finished(title, text, page it was started on): how it ended.
    """

    data_changed = Signal(str)
    integration_changed = Signal(object)
    go_to = Signal(str, object)
    notify = Signal(str, str)
    message = Signal(str, str)
    failure = Signal(object)
    load_export = Signal()
    load_files = Signal(object)
    table_loaded = Signal(object)
    job_started = Signal(object)
    job_progressed = Signal(object)
    job_stopping = Signal()
    job_ended = Signal()
    job_finished = Signal(str, str, str)

    def __init__(
        self, application: Application, worker: Worker, theme: Theme, state: WindowState, *, presenter: Presenter, integration_id: int = 0
    ) -> None:
        super().__init__()
        self.application = application
        self.worker = worker
        self.theme = theme
        self.state = state
        self.presenter = presenter
        self._integration_id = integration_id
        self.current_page = ""
        self.last_table: Path | None = None
        """What `table_loaded` named last, for a page that is built later."""
        self._long: LongJob | None = None

    @property
    def integration_id(self) -> int:
        """The chosen integration; 0 = there is none yet."""
        return self._integration_id

    def choose_integration(self, integration_id: int) -> None:
        """Switches every page to another cabinet."""
        if integration_id != self._integration_id:
            self._integration_id = integration_id
            self.integration_changed.emit(integration_id)

    @property
    def long_job(self) -> LongJob | None:
        return self._long

    def run_job(
        self,
        title: str,
        factory: Callable[[Progress], Coroutine[Any, Any, Any]],
        *,
        on_done: Callback,
        on_failed: Callback,
        on_progress: Callback | None = None,
    ) -> Job | None:
        """Starts a long job, shown in the sidebar; None, and a message, when another one is running.

        on_done and on_failed run before the notification of its end.
        """
        if self._long is not None:
            text = "Сначала дождитесь окончания: «{title}», или остановите эту работу."
            self.message.emit(text.format(title=self._long.title), "attention")
            return None
        long = LongJob(title, self.current_page)
        self._long = long
        job = self.worker.run(factory, on_progress=on_progress, on_done=on_done, on_failed=on_failed)
        long.job = job
        job.progressed.connect(self._job_progressed)
        job.done.connect(self._job_done)
        job.failed.connect(self._job_failed)
        job.cancelled.connect(self._job_cancelled)
        self.job_started.emit(long)
        return job

    def stop_job(self) -> None:
        """Asks the long job to stop; the sidebar says «Останавливаю…» at once."""
        if self._long is not None and self._long.job is not None and not self._long.job.cancelling:
            self._long.job.cancel()
            self.job_stopping.emit()

    def explain(self, error: object) -> Shown:
        return self.presenter.explain(error)

    def _job_progressed(self, update: ProgressUpdate) -> None:
        if self._long is not None:
            self._long.last = update
            self.job_progressed.emit(update)

    def _job_done(self, _: object) -> None:
        title, page = self._end()
        self.job_finished.emit(title, "Готово.", page)

    def _job_failed(self, error: object) -> None:
        title, page = self._end()
        self.job_finished.emit(title, self.presenter.explain(error).line, page)

    def _job_cancelled(self) -> None:
        title, _ = self._end()
        self.message.emit(f"Остановлено: «{title}». Что успело прийти, сохранено.", "info")

    def _end(self) -> tuple[str, str]:
        long, self._long = self._long, None
        self.job_ended.emit()
        if long is None:
            return "", ""
        return long.title, long.page
