"""The work on the cabinet's cards as a whole: reading them all from Ozon, and writing those without a product to files."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from ozon_desktop.domain.progress import Progress
from ozon_desktop.services.cabinet.cards import CabinetCardsService
from ozon_desktop.services.cabinet.report import AdoptionReport
from ozon_desktop.ui.context import WindowContext

TITLE = "Загрузить карточки с Ozon"


class AdoptionSession(QObject):
    """loaded(AdoptionReport) and exported(ExportedFiles) say how each ended well, the others carry the error."""

    loaded = Signal(object)
    load_failed = Signal(object)
    exported = Signal(object)
    export_failed = Signal(object)

    def __init__(self, context: WindowContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._integration_id = context.integration_id

    @property
    def _service(self) -> CabinetCardsService:
        return self._context.application.cabinet_cards

    @property
    def loading(self) -> bool:
        """Whether the long job under way is the reading, also one that another window started."""
        long = self._context.long_job
        return long is not None and long.title == TITLE

    def load(self) -> bool:
        """Read the whole cabinet, as a long job that goes on when the window is closed; False = another job is under way."""
        context, service, integration_id = self._context, self._service, self._integration_id

        async def work(progress: Progress) -> AdoptionReport:
            return await service.load(integration_id, progress)

        job = context.run_job(TITLE, work, on_done=self._loaded, on_failed=self._load_failed)
        if job is not None:
            # Not bound to this window: the pages must hear of the new cards also when it has been closed.
            for signal in (job.done, job.failed, job.cancelled):
                signal.connect(partial(_notify_pages, context))
        return job is not None

    def _loaded(self, report: AdoptionReport) -> None:
        self.loaded.emit(report)

    def _load_failed(self, error: object) -> None:
        self.load_failed.emit(error)

    def export(self, folder: Path, encoding: str, with_archived: bool) -> None:
        """Write the cards without a product. with_archived: also those in Ozon's archive."""
        work = self._service.export_only_on_ozon(self._integration_id, folder, encoding=encoding, with_archived=with_archived)
        self._context.worker.run(work, on_done=self._exported, on_failed=self._export_failed)

    def _exported(self, files: object) -> None:
        self.exported.emit(files)

    def _export_failed(self, error: object) -> None:
        self.export_failed.emit(error)


def _notify_pages(context: WindowContext, *_: object) -> None:
    # A moment later: a job that ends because the program does must not make the pages read again.
    QTimer.singleShot(0, context, partial(context.data_changed.emit, "cards"))
