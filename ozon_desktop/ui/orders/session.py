"""The orders of the chosen cabinet: reading, fetching from Ozon, handing over to the store, labels."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ozon_desktop.domain.orders import ExportSettings
from ozon_desktop.domain.progress import Progress
from ozon_desktop.services.orders.view import HandedOver, LabelsPrinted, OrdersFetched, OrdersView
from ozon_desktop.ui.context import WindowContext


class OrdersSession(QObject):
    """Other pages hear of a change after the listeners here.

    read(OrdersView), unread(error). fetching; fetched(OrdersFetched), not_fetched(error). history(posting number, [(time, state)]).
    saved(ExportSettings), not_saved(error): settings of the export. handed_over(HandedOver), not_handed_over(error).
    exported(Path), not_exported(error): all orders, into a folder. printed(LabelsPrinted), not_printed(error).
    """

    read = Signal(object)
    unread = Signal(object)
    fetching = Signal()
    fetched = Signal(object)
    not_fetched = Signal(object)
    history = Signal(str, object)
    saved = Signal(object)
    not_saved = Signal(object)
    handed_over = Signal(object)
    not_handed_over = Signal(object)
    exported = Signal(object)
    not_exported = Signal(object)
    printed = Signal(object)
    not_printed = Signal(object)

    def __init__(self, context: WindowContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.view: OrdersView | None = None
        self.settings = ExportSettings()

    def refresh(self) -> None:
        service, integration_id = self._context.application.orders, self._context.integration_id
        self._context.worker.run(service.view(integration_id), on_done=self._read, on_failed=self.unread)

    def _read(self, view: OrdersView) -> None:
        self.view, self.settings = view, view.export
        self.read.emit(view)

    def ask_history(self, number: str) -> None:
        """When the states of a posting were seen."""
        service, integration_id = self._context.application.orders, self._context.integration_id

        async def work(_: Progress) -> tuple[str, list[tuple[datetime, str]]]:
            return number, await service.history(integration_id, number)

        self._context.worker.run(work, on_done=self._history, on_failed=self.unread)

    def _history(self, found: tuple[str, list[tuple[datetime, str]]]) -> None:
        self.history.emit(*found)

    def fetch(self) -> None:
        """Brings orders from Ozon, as a long job."""
        service, integration_id = self._context.application.orders, self._context.integration_id

        async def work(progress: Progress) -> OrdersFetched:
            return await service.fetch(integration_id, progress)

        if self._context.run_job("Получение заказов", work, on_done=self._fetched, on_failed=self._not_fetched) is not None:
            self.fetching.emit()

    def _fetched(self, fetched: OrdersFetched) -> None:
        self.fetched.emit(fetched)
        self._announce()

    def _not_fetched(self, error: object) -> None:
        self.not_fetched.emit(error)
        self._announce()

    # --- to the store -----------------------------------------------------------------------------------------------

    def save(self, settings: ExportSettings) -> None:
        service, integration_id = self._context.application.orders, self._context.integration_id

        async def work(_: Progress) -> ExportSettings:
            await service.save_export(integration_id, settings)
            return settings

        self._context.worker.run(work, on_done=self._saved, on_failed=self.not_saved)

    def _saved(self, settings: ExportSettings) -> None:
        self.settings = settings
        self.saved.emit(settings)
        self.refresh()

    def hand_over(self) -> None:
        """Writes the orders that the store has not got yet into its folder."""
        service, integration_id = self._context.application.orders, self._context.integration_id
        self._context.worker.run(service.hand_over(integration_id), on_done=self._handed_over, on_failed=self.not_handed_over)

    def _handed_over(self, done: HandedOver) -> None:
        self.handed_over.emit(done)
        self._announce()

    def export(self, folder: Path) -> None:
        """Writes all orders into a folder."""
        service, integration_id = self._context.application.orders, self._context.integration_id
        self._context.worker.run(service.export(integration_id, folder), on_done=self._exported, on_failed=self.not_exported)

    def _exported(self, path: Path) -> None:
        self.exported.emit(path)
        self._announce()

    # --- labels -----------------------------------------------------------------------------------------------------

    def print_labels(self, numbers: list[str], file: Path) -> None:
        """Labels of these postings as PDF, as a long job."""
        service, integration_id = self._context.application.orders, self._context.integration_id

        async def work(_: Progress) -> LabelsPrinted:
            return await service.labels(integration_id, numbers, file)

        self._context.run_job("Этикетки", work, on_done=self.printed, on_failed=self.not_printed)

    def _announce(self) -> None:
        self._context.data_changed.emit("orders")
