"""Serves 1C for as long as it is the store's connection: listens, starts anew when the settings change, says when it cannot."""

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ozon_desktop.backoffice.onec.answers import AnswerCharset
from ozon_desktop.backoffice.onec.area import Area, AreaInUse
from ozon_desktop.backoffice.onec.login import Credentials
from ozon_desktop.backoffice.onec.server import OnecServer, address_at, bound
from ozon_desktop.backoffice.onec.site import OnecSite, Timing
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.domain.lease import STORE_EXCHANGE_LEASE
from ozon_desktop.domain.onec_exchange import ExchangeAddress
from ozon_desktop.domain.progress import ProgressUpdate
from ozon_desktop.domain.store_connection import ConnectionCheck, ConnectionKind, StoreConnection
from ozon_desktop.errors import AlreadyRunning, AppError, BackOfficeRefused, NotPossibleYet, WrongInput
from ozon_desktop.services.notifications import NotificationsService
from ozon_desktop.services.orders.store_orders import StoreOrders
from ozon_desktop.services.runs.leases import Leases
from ozon_desktop.services.shared import Clock
from ozon_desktop.services.store.connection import StoreConnectionService
from ozon_desktop.services.store.importing import StoreImportService
from ozon_desktop.services.store.parts.exchange_desk import ExchangeDeskOf1C, last_contact
from ozon_desktop.services.store.parts.lasting import note_failure, note_success
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.errors import error_line
from ozon_desktop.wording.onec import SERVED_ELSEWHERE

log = logging.getLogger(__name__)

NOT_SERVED = "store/onec/not_served"
"""Why 1C was let in nowhere when somebody last looked."""
LOOK_EVERY_S = 5.0
LONGEST_LOGIN, SHORTEST_PASSWORD, MADE_BYTES = 64, 8, 18
OnReady = Callable[[ExchangeAddress], object]


@dataclass(frozen=True, slots=True)
class ExchangeState:
    """address None = it is not served here. trouble: why not, in words; contact_at: when 1C was last here, None = never.

    loading: how far the taking of what 1C has sent is here, None = nothing is being taken.
    """

    address: ExchangeAddress | None = None
    trouble: str = ""
    contact_at: datetime | None = None
    open: bool = False
    loading: ProgressUpdate | None = None


@dataclass(frozen=True, slots=True)
class ExchangeParts:
    """What the exchange works with."""

    connection: StoreConnectionService
    imports: StoreImportService
    orders: StoreOrders


class OnecExchange:
    """The site for 1C. folder: of the uploads; of several processes of one folder only the first serves. timing: seconds, for tests."""

    def __init__(
        self,
        storage: Database,
        parts: ExchangeParts,
        leases: Leases,
        notifications: NotificationsService,
        clock: Clock,
        folder: Path,
        timing: Timing | None = None,
    ) -> None:
        self._storage = storage
        self._parts = parts
        self._leases = leases
        self._notifications = notifications
        self._clock = clock
        self._folder = folder
        self._timing = timing or Timing()
        self._site: OnecSite | None = None
        self._address: ExchangeAddress | None = None
        self._trouble = ""
        # Whether the journal knows that nothing is wrong; what an earlier life of the program told may still stand there.
        self._served = False
        self._changed = asyncio.Event()
        self._holding: asyncio.Task[None] | None = None
        self._task: asyncio.Task[object] | None = None

    # --- choosing -------------------------------------------------------------------------------------------------------

    async def connect(self, connection: StoreConnection, password: str | None = None) -> ConnectionCheck:
        """Makes 1C the store's connection; a password None = the one that is kept. WrongInput, PortInUse, secret store errors."""
        if not connection.login or len(connection.login) > LONGEST_LOGIN or ":" in connection.login:
            raise WrongInput("login", detail=connection.login)
        if password is not None and len(password) < SHORTEST_PASSWORD:
            raise WrongInput("password", detail=f"не короче {SHORTEST_PASSWORD} знаков")
        if password is None and not await self._parts.connection.secret(connection):
            raise WrongInput("password", detail="required")
        if self._address is None or not self._address.url.startswith(f"http://127.0.0.1:{connection.port}/"):
            await self._try_port(connection)
        check = await self._parts.connection.connect(connection, password)
        self._changed.set()
        return check

    async def _try_port(self, connection: StoreConnection) -> None:
        area = Area(self._folder)
        try:
            await asyncio.to_thread(area.lock)
        except AreaInUse:
            # The port may be that of the program itself, in another process.
            return
        area.unlock()
        bound(connection.port, connection.open_to_network).close()

    @staticmethod
    def address_of(connection: StoreConnection) -> ExchangeAddress:
        """Where 1C finds the program with these settings."""
        return address_at(connection.port, connection.open_to_network)

    async def state(self) -> ExchangeState:
        """Where it is served, and when 1C was last here. StorageError."""
        contact = await self._storage.run(last_contact)
        site = self._site
        return ExchangeState(
            self._address, self._trouble, contact, site is not None and site.busy, site.loading if site is not None else None
        )

    async def stop_import(self) -> None:
        """Ends what is being taken from 1C in this process, as a whole; the next exchange brings it again."""
        if self._site is not None:
            self._site.stop_import()

    def is_open(self, unit: UnitOfWork) -> bool:
        """Whether 1C has an exchange open, with this process or another: the store may be half of what comes."""
        lease = unit.leases.get(STORE_EXCHANGE_LEASE)
        return lease is not None and self._leases.is_alive(lease)

    # --- serving --------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Serves whenever 1C is the connection, until it is cancelled. What goes wrong is journalled once while it lasts."""
        self._task = asyncio.current_task()
        while True:
            self._changed.clear()
            try:
                settings = await self._settings()
                if settings is None:
                    await self._say_served()
                else:
                    async with self._serving(*settings):
                        await self._until_other(settings)
                    continue
            except AlreadyRunning:
                self._trouble = SERVED_ELSEWHERE
            except AppError as error:
                await self._say(error_line(error), type(error).__name__)
            except OSError as error:
                await self._say(error_line(BackOfficeRefused(str(self._folder), detail=error.strerror or "")), "OSError")
            except Exception:
                log.exception("exchange with 1C")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), LOOK_EVERY_S)

    async def stop(self) -> None:
        """Ends `run`, for the end of the program: the port is free and nothing of the exchange uses the database any more."""
        task, self._task = self._task, None
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait([task])

    async def serve(self, on_ready: OnReady) -> None:
        """Serves with the settings of now until it is cancelled; on_ready is given the address that is bound.

        NotPossibleYet when 1C is not the connection, WrongInput without a password, PortInUse, AlreadyRunning, secret store errors.
        """
        settings = await self._settings()
        if settings is None:
            raise NotPossibleYet("store", missing=("store_connection",))
        async with self._serving(*settings) as address:
            on_ready(address)
            await asyncio.Event().wait()

    async def _settings(self) -> tuple[StoreConnection, str] | None:
        connection = await self._parts.connection.current()
        if connection.kind is not ConnectionKind.ONEC:
            return None
        password = await self._parts.connection.secret(connection)
        if not password:
            raise WrongInput("password", detail="required")
        return connection, password

    async def _until_other(self, settings: tuple[StoreConnection, str]) -> None:
        """Until the settings are other ones."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), LOOK_EVERY_S)
            self._changed.clear()
            try:
                if await self._settings() != settings:
                    return
            except AppError as error:
                # 1C is served on; what is wrong shows where it is needed.
                log.warning("exchange with 1C: %s", type(error).__name__)

    @asynccontextmanager
    async def _serving(self, connection: StoreConnection, password: str) -> AsyncIterator[ExchangeAddress]:
        area = Area(self._folder)
        try:
            await asyncio.to_thread(area.lock)
        except AreaInUse as error:
            raise AlreadyRunning("1С", detail=SERVED_ELSEWHERE) from error
        try:
            listener = bound(connection.port, connection.open_to_network)
            login, charset = Credentials.of(connection.login, password), AnswerCharset(connection.encoding)
            site = OnecSite(self._desk(), area, login, time.monotonic, self._timing, charset)
            server = OnecServer(site, listener, connection.open_to_network)
            try:
                await server.start()
                self._site, self._address = site, server.address
                await self._say_served()
                yield server.address
            finally:
                self._site = self._address = None
                await server.close()
                if self._holding is not None:
                    self._holding.cancel()
                    await asyncio.wait([self._holding])
        finally:
            area.unlock()

    def _desk(self) -> ExchangeDeskOf1C:
        parts, tell = self._parts, self._notifications.notify_owner
        return ExchangeDeskOf1C(self._storage, parts.imports, parts.orders, self._leases, self._clock, tell, self._opened)

    async def _opened(self) -> None:
        """An exchange has begun: until it is over, no process plans on half of what comes."""
        if self._holding is None or self._holding.done():
            held = asyncio.Event()
            self._holding = asyncio.create_task(self._hold_open(held))
            await held.wait()

    async def _hold_open(self, held: asyncio.Event) -> None:
        try:
            async with self._leases.hold(STORE_EXCHANGE_LEASE, lambda unit: 0):
                held.set()
                while self._site is not None and self._site.busy:
                    await asyncio.sleep(min(LOOK_EVERY_S, self._timing.look_every_s))
        except AppError as error:
            # Another computer over the same database has one open, or the database is out of reach: 1C is served all the same.
            log.warning("exchange with 1C: %s", type(error).__name__)
        finally:
            held.set()

    async def _say(self, reason: str, kind: str) -> None:
        news, self._trouble = self._trouble != reason, reason
        if not news:
            return
        log.warning("1C is not served: %s", kind)
        now = self._clock()
        run = Run(0, None, RunKind.STORE_IMPORT, RunCause.CONNECTION, now, now, RunResult.FAILED, reason=reason)

        try:
            written = await self._storage.run(lambda unit: note_failure(unit, NOT_SERVED, run))
        except AppError as error:
            log.warning("1C is not served: not journalled: %s", type(error).__name__)
            return
        self._served = False
        if written is not None:
            self._notifications.notify_trouble("1С", reason, kind, written)

    async def _say_served(self) -> None:
        """Nothing is wrong, or nothing is to be served."""
        self._trouble = ""
        if not self._served:
            await self._storage.run(lambda unit: note_success(unit, NOT_SERVED))
            self._served = True


def new_password() -> str:
    """A password nobody has to remember: it is copied into 1C once."""
    return secrets.token_urlsafe(MADE_BYTES)
