"""The reading of the whole cabinet as the panel starts it: a long job that goes on when the window is closed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from ozon_desktop import wording
from ozon_desktop.ui.products.adoption.model import Kind, counts_of

if TYPE_CHECKING:
    from ozon_desktop.domain.progress import Progress
    from ozon_desktop.services.cabinet.report import AdoptionReport
    from ozon_desktop.ui.context import WindowContext
    from ozon_desktop.ui.products.adoption.panel import AdoptionPanel


class Loading(QObject):
    """Part of the panel: starts the job and tells how it ended."""

    def __init__(self, panel: AdoptionPanel) -> None:
        super().__init__(panel)
        self._panel = panel

    def start(self) -> None:
        """Read the whole cabinet; what is under way already is named."""
        panel = self._panel
        context, service, integration_id = panel.context, panel.service, panel.integration_id

        async def work(progress: Progress) -> AdoptionReport:
            return await service.load(integration_id, progress)

        panel.bar.hide()
        panel.hide_forms()
        job = context.run_job(panel.windowTitle(), work, on_done=self._loaded, on_failed=self._failed)
        if job is None:
            if (long := context.long_job) is not None:
                panel.bar.show_message(f"Сначала дождитесь окончания: «{long.title}».", "attention")
            return
        panel.strip.stop.setFocus()
        # Not bound to this window: the pages must hear of the new cards also when it has been closed.
        for signal in (job.done, job.failed, job.cancelled):
            signal.connect(partial(_tell_pages, context))

    def _loaded(self, report: AdoptionReport) -> None:
        self._panel.show_report(report)
        counts = counts_of(report)
        asked = counts[Kind.DOUBTFUL] + counts[Kind.SEVERAL]
        words = f"Карточки загружены, сопоставлено: {wording.number(counts[Kind.MATCHED])}."
        if asked:
            words += " " + f"Ждут вашего решения: {wording.number(asked)}."
        self._panel.bar.show_message(words, "attention" if asked else "good")

    def _failed(self, error: object) -> None:
        self._panel.show_error(error, "Повторить", self.start)


def _tell_pages(context: WindowContext, *_: object) -> None:
    # A moment later: a job that ends because the program does must not make the pages read again.
    QTimer.singleShot(0, context, partial(context.data_changed.emit, "cards"))
