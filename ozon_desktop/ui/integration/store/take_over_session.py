"""The take-over of the store as the window does it: reading the new source, doing what was seen, undoing it."""

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from ozon_desktop.domain.progress import Progress
from ozon_desktop.domain.take_over import TakenOver
from ozon_desktop.domain.take_over_preview import TakeOverPreview
from ozon_desktop.services.store.take_over import NewSource, TakeOverService
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.worker import Callback, Job

Work = Callable[[Progress], Coroutine[Any, Any, TakeOverPreview]]
LOOK, TAKE_OVER = "Просмотр переноса магазина", "Перенос магазина"


class TakeOverSession(QObject):
    """busy(text): the source is being read or taken over, "" = no more. previewed(TakeOverPreview), taken(TakeOverPreview): done;
    known(TakenOver | None): the last one; undone(TakenOver). failed(error): nothing has changed.
    """

    busy = Signal(str)
    previewed = Signal(object)
    taken = Signal(object)
    known = Signal(object)
    undone = Signal(object)
    failed = Signal(object)

    def __init__(self, context: WindowContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._files: tuple[Path, ...] = ()
        self.preview: TakeOverPreview | None = None

    def read_last(self) -> None:
        """Tells whether there is something to undo."""
        self._context.worker.run(self._service.last(), on_done=self.known.emit, on_failed=self.failed.emit)

    def look(self, files: Sequence[Path] = ()) -> None:
        """Reads the connection that waits, or exports, beside the store."""
        self._files, self.preview = tuple(files), None
        self._start(LOOK, "Читаю новый источник…", self._look, self._looked)

    def take_over(self) -> None:
        """Does what was seen last."""
        if self.preview is not None:
            self._start(TAKE_OVER, "Переношу…", self._take_over, self._taken)

    def undo(self) -> None:
        self.busy.emit("Возвращаю прежний источник…")
        self._context.worker.run(self._service.undo(), on_done=self._undone, on_failed=self._failed)

    @property
    def _service(self) -> TakeOverService:
        return self._context.application.store_take_over

    async def _source(self) -> NewSource:
        return await self._service.source(self._files)

    async def _look(self, progress: Progress) -> TakeOverPreview:
        return await self._service.preview(await self._source(), progress)

    async def _take_over(self, progress: Progress) -> TakeOverPreview:
        assert self.preview is not None, "only what was seen is taken over"
        return await self._service.confirm(await self._source(), self.preview.plan_id, progress)

    def _start(self, title: str, words: str, work: Work, on_done: Callback) -> None:
        job: Job | None = self._context.run_job(title, work, on_done=on_done, on_failed=self._failed)
        if job is not None:
            job.cancelled.connect(self._stopped)
            self.busy.emit(words)

    def _looked(self, preview: TakeOverPreview) -> None:
        self.preview = preview
        self.busy.emit("")
        self.previewed.emit(preview)

    def _taken(self, preview: TakeOverPreview) -> None:
        self.preview = None
        self.busy.emit("")
        self.taken.emit(preview)
        self._announce()

    def _undone(self, taken: TakenOver) -> None:
        self.preview = None
        self.busy.emit("")
        self.undone.emit(taken)
        self._announce()

    def _failed(self, error: object) -> None:
        self.preview = None
        self.busy.emit("")
        self.failed.emit(error)

    def _stopped(self) -> None:
        self.busy.emit("")

    def _announce(self) -> None:
        """Ids of everything are others now: every page looks again."""
        for topic in ("store", "integration", "mapping", "cards", "journal"):
            self._context.data_changed.emit(topic)
        self.read_last()
