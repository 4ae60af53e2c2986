"""«Синхронизировать все»: the cabinets that are switched on, one after the other, as one long job; with a report of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal

from ozon_desktop.domain.journal import Run, RunResult
from ozon_desktop.domain.progress import Progress, ProgressUpdate
from ozon_desktop.errors import AppError
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.wording import counts_text, run_result_text

TOPICS_AFTER = ("sync", "orders", "journal")


@dataclass(frozen=True, slots=True)
class Cabinet:
    """A cabinet as it is called in the window. enabled: a cabinet that is switched off is left out."""

    id: int
    name: str
    enabled: bool


@dataclass(slots=True)
class CabinetResults:
    """How it went so far: per cabinet its run, or the error it ended with. Also read when the job is stopped midway."""

    cabinets: tuple[Cabinet, ...]
    ended: dict[int, Run | AppError] = field(default_factory=dict)


class AllCabinets(QObject):
    """reported(title, text, kind): how each cabinet went, when the job has ended or was stopped."""

    reported = Signal(str, str, str)

    def __init__(self, context: WindowContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._results = CabinetResults(())
        self.title = "Синхронизация всех кабинетов"

    def run(self, cabinets: Sequence[Cabinet]) -> None:
        """Starts; another long job under way is announced by the context."""
        if not any(cabinet.enabled for cabinet in cabinets):
            self.reported.emit(self.title, "Ни один кабинет не включён: включите интеграцию на странице «Интеграция».", "attention")
            return
        results = CabinetResults(tuple(cabinets))

        async def work(progress: Progress) -> None:
            await self._run_each(results, progress)

        job = self._context.run_job(self.title, work, on_done=self._done, on_failed=self._failed)
        if job is not None:
            self._results = results
            job.cancelled.connect(self._stopped)

    async def _run_each(self, results: CabinetResults, progress: Progress) -> None:
        """On the services' thread. One cabinet's error keeps no other from its run."""
        for cabinet in results.cabinets:
            if not cabinet.enabled:
                continue

            def report(update: ProgressUpdate, name: str = cabinet.name) -> None:
                progress(replace(update, detail=f"{name}: {update.detail}" if update.detail else name))

            try:
                results.ended[cabinet.id] = (await self._context.application.sync.run(cabinet.id, report)).run
            except AppError as error:
                results.ended[cabinet.id] = error

    def _done(self, _: object) -> None:
        self._report()

    def _stopped(self) -> None:
        self._report("Остановлено.")

    def _failed(self, error: object) -> None:
        self._report()
        self._context.failure.emit(error)

    def _report(self, start: str = "") -> None:
        lines = [self._line(cabinet) for cabinet in self._results.cabinets]
        self.reported.emit(self.title, "\n".join([start, *lines] if start else lines), self._kind())
        for topic in TOPICS_AFTER:
            self._context.data_changed.emit(topic)

    def _kind(self) -> str:
        wanted = [self._results.ended.get(cabinet.id) for cabinet in self._results.cabinets if cabinet.enabled]
        if all(isinstance(end, Run) and end.result is RunResult.DONE for end in wanted):
            return "good"
        return "attention" if any(isinstance(end, Run) for end in wanted) else "error"

    def _line(self, cabinet: Cabinet) -> str:
        end = self._results.ended.get(cabinet.id)
        if not cabinet.enabled:
            words = "интеграция выключена, ничего не отправлено"
        elif end is None:
            words = "не закончено, подробности в журнале"
        elif isinstance(end, AppError):
            words = self._context.explain(end).line
            words = words[:1].lower() + words[1:]
        else:
            words = ", ".join(part for part in (run_result_text(end.result), counts_text(end.counts)) if part)
        return f"{cabinet.name}: {words}"
