"""Products of cards as the window makes them: looking, making what was seen, or writing it as a catalogue file."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ozon_desktop.domain.new_products import Creation, NewProductsPreview
from ozon_desktop.domain.progress import Progress
from ozon_desktop.services.store.creating import StoreCreating
from ozon_desktop.ui.context import WindowContext

CREATE = "Создание товаров в магазине"


class CreatingSession(QObject):
    """busy(text): something is being done, "" = no more. previewed(NewProductsPreview), made(Creation), written(Path, how many).

    progressed(ProgressUpdate). failed(error): nothing was made, or it is not known; what was made before is seen by another look.
    """

    busy = Signal(str)
    previewed = Signal(object)
    progressed = Signal(object)
    made = Signal(object)
    written = Signal(object, int)
    failed = Signal(object)

    def __init__(self, context: WindowContext, integration_id: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._integration_id = integration_id
        self.preview: NewProductsPreview | None = None

    @property
    def _service(self) -> StoreCreating:
        return self._context.application.store_creating

    def look(self) -> None:
        """Compares the cabinet's cards with the store, as both were last read."""
        self.preview = None
        self.busy.emit("Сравниваю карточки с магазином…")
        self._context.worker.run(self._service.preview(self._integration_id), on_done=self._looked, on_failed=self._failed)

    def make(self) -> None:
        """Makes what was seen last, as a long job."""
        seen = self.preview
        if seen is None:
            return

        async def work(progress: Progress) -> Creation:
            return await self._service.confirm(self._integration_id, seen.plan_id, progress)

        job = self._context.run_job(CREATE, work, on_done=self._made, on_failed=self._failed, on_progress=self.progressed)
        if job is not None:
            job.cancelled.connect(self._stopped)
            self.busy.emit("Создаю товары в магазине…")

    def write(self, path: Path) -> None:
        """Writes what was seen last as a catalogue."""
        seen = self.preview
        if seen is None:
            return
        self.busy.emit("Записываю файл…")
        work = self._service.write_file(self._integration_id, seen.plan_id, path)
        self._context.worker.run(work, on_done=lambda done: self._written(done, path), on_failed=self._failed)

    def _looked(self, preview: NewProductsPreview) -> None:
        self.preview = preview
        self.busy.emit("")
        self.previewed.emit(preview)

    def _made(self, creation: Creation) -> None:
        self.preview = None
        self.busy.emit("")
        self.made.emit(creation)
        self._announce()

    def _written(self, preview: NewProductsPreview, path: Path) -> None:
        self.busy.emit("")
        self.written.emit(path, len(preview.products))

    def _failed(self, error: object) -> None:
        self.preview = None
        self.busy.emit("")
        self.failed.emit(error)
        self._context.data_changed.emit("journal")

    def _stopped(self) -> None:
        self.preview = None
        self.busy.emit("")
        self._announce()
        self.look()

    def _announce(self) -> None:
        """There are new products, and cards that belong to them."""
        for topic in ("store", "cards", "journal"):
            self._context.data_changed.emit(topic)
