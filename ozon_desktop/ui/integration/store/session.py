"""The store's connection: reading how it stands, checking, connecting, loading everything anew, the table of states, the watched folder."""

from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from ozon_desktop.domain.store_connection import ConnectionCheck, ConnectionKind, OrderStage, StoreConnection
from ozon_desktop.domain.watched_folder import WatchedState
from ozon_desktop.services.store.connection import PullResult
from ozon_desktop.services.store.exchange import ExchangeState
from ozon_desktop.services.store.overview import StoreOverview
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.worker import Callback, Job

PULL = "Загрузка из магазина"


@dataclass(frozen=True, slots=True)
class StoreReading:
    """overview, and what beside it is shown: the folder exports are taken from, None = this program watches none."""

    overview: StoreOverview
    watched: WatchedState | None


class StoreSession(QObject):
    """Other pages hear of a change after the listeners here.

    read(StoreReading), unread(error). busy(text): the store is being asked, "" = no more. checked(ConnectionCheck): of what is connected;
    site_checked(ExchangeState): of a store that comes by itself;
    connected(ConnectionCheck): it is kept now; not_connected(error): of a check or of another connection, nothing has changed.
    disconnected. pulling(bool), progressed(ProgressUpdate), pulled(PullResult), not_pulled(error). kept(text): a choice was stored.
    folder_refused(error). secret_read(text). refused(error): something else failed.
    """

    read = Signal(object)
    unread = Signal(object)
    busy = Signal(str)
    checked = Signal(object)
    site_checked = Signal(object)
    connected = Signal(object)
    not_connected = Signal(object)
    disconnected = Signal()
    pulling = Signal(bool)
    progressed = Signal(object)
    pulled = Signal(object)
    not_pulled = Signal(object)
    kept = Signal(str)
    folder_refused = Signal(object)
    secret_read = Signal(str)
    refused = Signal(object)

    def __init__(self, context: WindowContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._reading: Job | None = None
        self._again = False
        self.reading: StoreReading | None = None
        self.kinds: frozenset[ConnectionKind] = context.application.store_connection.kinds

    @property
    def connection(self) -> StoreConnection:
        """What is connected, as last read."""
        return self.reading.overview.connection if self.reading is not None else StoreConnection()

    # --- reading ----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Reads everything again; asked while it reads, it reads once more after."""
        if not self._context.integration_id or self._context.worker.stopped:
            return
        if self._reading is not None:
            self._again = True
            return
        self._reading = self._context.worker.run(
            self._read(self._context.integration_id), on_done=self._was_read, on_failed=self._not_read, on_cancelled=self._forgotten
        )

    async def _read(self, integration_id: int) -> StoreReading:
        application = self._context.application
        watched = application.scheduler.watched
        overview = await application.store_overview.read(integration_id)
        return StoreReading(overview, await watched.state() if watched is not None else None)

    def _was_read(self, reading: StoreReading) -> None:
        self._reading = None
        if reading.overview.integration_id == self._context.integration_id:
            self.reading = reading
            self.read.emit(reading)
        else:
            self._again = True
        self._read_again()

    def _not_read(self, error: object) -> None:
        self._reading = None
        self._again = False
        self.unread.emit(error)

    def _forgotten(self) -> None:
        self._reading = None
        self._again = False

    def _read_again(self) -> None:
        if self._again:
            self._again = False
            self.refresh()

    # --- the connection ---------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Asks the connected store who it is, and what is not allowed there."""
        self.busy.emit("Проверяю…")
        if self.connection.kind is ConnectionKind.ONEC:
            # 1C cannot be asked: what can be said is whether it would be let in.
            self._run(self._context.application.onec.state(), self._site_looked_at, self._not_connected)
        else:
            self._run(self._context.application.store_connection.check(), self._checked, self._not_connected)

    def connect_store(self, connection: StoreConnection, secret: str | None) -> None:
        """Checks it and keeps it; nothing is loaded yet. secret: a newly typed one, None = the one that is kept."""
        self.busy.emit("Подключаю…")
        application = self._context.application
        service = application.onec if connection.kind is ConnectionKind.ONEC else application.store_connection
        self._run(service.connect(connection, secret), self._connected, self._not_connected)

    def disconnect_store(self) -> None:
        self.busy.emit("Отключаю…")
        self._run(self._context.application.store_connection.disconnect(), self._disconnected, self._failed)

    def set_interval(self, minutes: int) -> None:
        work = self._context.application.store_connection.set_interval(minutes)
        self._run(work, self._interval_kept, self._failed)

    def read_secret(self) -> None:
        """The kept secret, for the eye and for the clipboard."""
        self._run(self._context.application.store_connection.secret(self.connection), self._secret_read, self._failed)

    def _secret_read(self, secret: str) -> None:
        self.secret_read.emit(secret)

    def _site_looked_at(self, state: ExchangeState) -> None:
        self.busy.emit("")
        self.site_checked.emit(state)
        self.refresh()

    def _checked(self, check: ConnectionCheck) -> None:
        self.busy.emit("")
        self.checked.emit(check)
        self.refresh()

    def _connected(self, check: ConnectionCheck) -> None:
        self.busy.emit("")
        self.connected.emit(check)
        self._announce()

    def _not_connected(self, error: object) -> None:
        self.busy.emit("")
        self.not_connected.emit(error)
        self.refresh()

    def _disconnected(self, _: object) -> None:
        self.busy.emit("")
        self.disconnected.emit()
        self._announce()

    # --- goods ------------------------------------------------------------------------------------------------------

    def pull(self, *, full: bool) -> None:
        """Takes goods now, as a long job. full: everything, not only what has changed."""
        service = self._context.application.store_connection
        job = self._context.run_job(
            PULL,
            lambda progress: service.pull(progress, full=full),
            on_done=self._pulled,
            on_failed=self._not_pulled,
            on_progress=self.progressed,
        )
        if job is not None:
            job.cancelled.connect(self._pull_stopped)
            self.pulling.emit(True)

    def stop(self) -> None:
        self._context.stop_job()

    def stop_import(self) -> None:
        """What 1C has sent is not taken now."""
        self._run(self._context.application.onec.stop_import(), self._import_stopped, self._failed)

    def _import_stopped(self, _: object) -> None:
        self.refresh()

    def _pulled(self, result: PullResult) -> None:
        self.pulling.emit(False)
        self.pulled.emit(result)
        self._context.data_changed.emit("store")

    def _not_pulled(self, error: object) -> None:
        self.pulling.emit(False)
        self.not_pulled.emit(error)
        self._context.data_changed.emit("journal")

    def _pull_stopped(self) -> None:
        self.pulling.emit(False)
        self.refresh()

    # --- choices ----------------------------------------------------------------------------------------------------

    def set_states(self, states: Mapping[OrderStage, str]) -> None:
        """What the store calls each stage of an order; "" leaves the state there alone."""
        work = self._context.application.store_orders.set_states(states)
        self._run(work, self._states_kept, self._failed)

    def set_folder(self, folder: Path | None) -> None:
        """The folder exports are taken from; None = none."""
        watched = self._context.application.scheduler.watched
        if watched is not None:
            self._run(watched.set_folder(folder), self._folder_kept, self.folder_refused)

    def _interval_kept(self, _: object) -> None:
        self._stored("Сохранено.")

    def _states_kept(self, _: object) -> None:
        self._stored("Состояния заказов сохранены.")

    def _folder_kept(self, _: object) -> None:
        self._stored("")

    def _stored(self, text: str) -> None:
        self.kept.emit(text)
        self.refresh()

    def _failed(self, error: object) -> None:
        self.busy.emit("")
        self.refused.emit(error)
        self.refresh()

    def _announce(self) -> None:
        for topic in ("store", "integration"):
            self._context.data_changed.emit(topic)

    def _run(self, work: Coroutine[Any, Any, Any], on_done: Callback, on_failed: Callback) -> None:
        self._context.worker.run(work, on_done=on_done, on_failed=on_failed)
