"""The store's connection: chosen, checked, kept; goods pulled over it, and the desk that takes its orders."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import msgspec

from ozon_desktop.backoffice.protocol import OrderDesk, ProductMaker, Pulled, StoreSource
from ozon_desktop.domain.journal import RunCause
from ozon_desktop.domain.lease import STORE_PULL_LEASE
from ozon_desktop.domain.progress import Progress, silent
from ozon_desktop.domain.store_catalog import ImportCounts
from ozon_desktop.domain.store_connection import (
    LONGEST_INTERVAL_MIN,
    SHORTEST_INTERVAL_MIN,
    ConnectionCheck,
    ConnectionKind,
    StoreConnection,
)
from ozon_desktop.domain.take_over import Kind, match
from ozon_desktop.errors import NotPossibleYet, TakeOverNeeded, WrongInput
from ozon_desktop.services.runs.leases import Leases
from ozon_desktop.services.secrets import SecretsService
from ozon_desktop.services.shared import Clock
from ozon_desktop.services.store.importing import StoreImportService
from ozon_desktop.services.store.parts.settling import settle_new_products
from ozon_desktop.services.store.parts.staging import Staged, staging
from ozon_desktop.services.store.unproved_ids import begin_doubt, end_doubt
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.store_connection import connection_text, kind_text
from ozon_desktop.wording.take_over import needed_text

KEY, PULLS, NEXT = "store/connection", "store/pulls", "store/next_connection"
ORDER_STATES = "store/known_order_states"
"""What orders can be in the store that is connected, as the last check found it."""
SECRET_CHANGE = "store/secret_change"
"""Names the last change of a connection's secret: the secret store tells no other process of it."""
FULL_EVERY = timedelta(days=1)
"""Incremental pulls miss what the other side forgets to tell: once a day everything is asked for."""


@dataclass(frozen=True, slots=True)
class Connected:
    """What a connection of one kind offers. source None = goods are not asked for; desk None = orders do not go over it.

    maker None = no products can be made over it.
    """

    source: StoreSource | None = None
    desk: OrderDesk | None = None
    maker: ProductMaker | None = None


Connector = Callable[[StoreConnection, str], Connected]
"""Makes the connection of one kind from its settings and its secret ("" = none). WrongInput."""


class PullState(msgspec.Struct, omit_defaults=True, frozen=True):
    """What is remembered from pull to pull. cursor: the connection's own; times: UTC, by this computer, for intervals alone."""

    cursor: str = ""
    pulled_at: datetime | None = None
    full_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PullResult:
    """counts None = nothing has changed since the last pull. full: it was everything."""

    counts: ImportCounts | None
    full: bool
    requests: int


@dataclass(frozen=True, slots=True)
class ConnectionState:
    connection: StoreConnection
    pulls: PullState
    has_secret: bool


class StoreConnectionService:
    """The one connection of the store. connectors: by kind; a kind without one brings its goods by itself (files, 1C).

    folder: for what is being pulled, nobody else's; None = one of the system's own.
    """

    def __init__(
        self,
        storage: Database,
        secrets: SecretsService,
        imports: StoreImportService,
        clock: Clock,
        leases: Leases,
        connectors: Mapping[ConnectionKind, Connector],
        folder: Path | None = None,
    ) -> None:
        self._folder = folder
        self._storage = storage
        self._secrets = secrets
        self._imports = imports
        self._clock = clock
        self._leases = leases
        self._connectors = connectors
        self._made: tuple[StoreConnection, str, Connected] | None = None
        self._secret_change: str | None = None

    @property
    def kinds(self) -> frozenset[ConnectionKind]:
        """What the store can be connected by in this program. Files and 1C bring their goods by themselves."""
        return frozenset({ConnectionKind.FILES, ConnectionKind.ONEC, *self._connectors})

    # --- choosing ---------------------------------------------------------------------------------------------------

    async def current(self) -> StoreConnection:
        return await self._storage.run(connection_of)

    async def pulled_at(self) -> datetime | None:
        """When goods were asked for last, whether or not there were new ones; None = never. Asks no secret store."""
        return (await self._storage.run(pulls_of)).pulled_at

    async def state(self) -> ConnectionState:
        """The connection as it is set, and what was pulled over it. Secret store errors."""
        connection, pulls = await self._storage.run(lambda unit: (connection_of(unit), pulls_of(unit)))
        return ConnectionState(connection, pulls, bool(await self.secret(connection)))

    @property
    def secret_place(self) -> str:
        """Where secrets are kept, in Russian."""
        return self._secrets.place

    async def secret(self, connection: StoreConnection) -> str:
        """The secret this connection is kept with, by whichever process; "" = none. Secret store errors, StorageError."""
        if connection.kind is ConnectionKind.FILES:
            return ""
        change = await self._storage.run(lambda unit: unit.preferences.get(SECRET_CHANGE))
        if change != self._secret_change:
            self._secrets.read_anew(connection.secret_name)
            self._secret_change = change
        return await self._secrets.secret(connection.secret_name) or ""

    async def _keep_secret(self, connection: StoreConnection, secret: str) -> None:
        await self._secrets.keep_secret(connection.secret_name, secret)
        await self._storage.run(_note_secret_change)

    async def connect(self, connection: StoreConnection, secret: str | None = None, progress: Progress = silent) -> ConnectionCheck:
        """Checks the connection, then keeps it with its secret; None = the secret that is kept. Another one begins with a full pull.

        WrongInput, BackOfficeError: the connection of before stays. TakeOverNeeded: it stays as well, until the store is taken over to
        this one, which is kept as `next`: its goods are those of the store under other ids.
        """
        if not SHORTEST_INTERVAL_MIN <= connection.interval_min <= LONGEST_INTERVAL_MIN:
            raise WrongInput("interval", detail=f"от {SHORTEST_INTERVAL_MIN} до {LONGEST_INTERVAL_MIN} минут")
        known = secret if secret is not None else await self.secret(connection)
        check = await self._probe(connection, known)
        if secret:
            await self._keep_secret(connection, secret)

        if connection.is_pulled:
            await self._check_ids(connection, progress)

        def work(unit: UnitOfWork) -> None:
            before = connection_of(unit)
            unit.preferences.remove(NEXT)
            unit.preferences.set(KEY, msgspec.json.encode(connection).decode())
            if (before.kind, before.address, before.login) != (connection.kind, connection.address, connection.login):
                unit.preferences.remove(PULLS)
                unit.preferences.remove(ORDER_STATES)
            _keep_order_states(unit, check)
            if connection.is_pulled:
                end_doubt(unit)
            elif before.kind is not connection.kind:
                begin_doubt(unit)

        await self._storage.run(work)
        return check

    async def next(self) -> StoreConnection | None:
        """The connection that waits for its take-over; None = none does."""
        text = await self._storage.run(lambda unit: unit.preferences.get(NEXT))
        return msgspec.json.decode(text, type=StoreConnection) if text else None

    async def read_into(self, staged: Staged, connection: StoreConnection, progress: Progress) -> None:
        """Reads all goods of a connection, which need not be the store's, beside the store. BackOfficeError, StoreFileError.

        NotPossibleYet when it is not asked for goods.
        """
        connector = self._connectors.get(connection.kind)
        secret = await self.secret(connection)
        source = connector(connection, secret).source if connector is not None else None
        if source is None:
            raise NotPossibleYet("store", missing=("store_connection",))
        await staged.take_pulled(kind_text(connection.kind), await source.pull("", staged.folder, progress), progress)

    async def _check_ids(self, connection: StoreConnection, progress: Progress) -> None:
        """TakeOverNeeded when the goods of another source than the store's have other ids."""

        def work(unit: UnitOfWork) -> bool:
            before = connection_of(unit)
            same = (before.kind, before.address) == (connection.kind, connection.address)
            return not same and unit.take_overs.has_products()

        if not await self._storage.run(work):
            return
        async with staging(self._storage, self._clock) as staged:
            await self.read_into(staged, connection, progress)
            theirs, ours = await staged.side(), await self._storage.run(lambda unit: unit.take_overs.side())
            matching = await asyncio.to_thread(match, ours, theirs)
        if matching.fits:
            return
        await self._storage.run(lambda unit: unit.preferences.set(NEXT, msgspec.json.encode(connection).decode()))
        found = needed_text(matching.counts(Kind.PRODUCT), len(matching.only_old[Kind.PRODUCT]))
        raise TakeOverNeeded(connection_text(connection), detail=found)

    async def set_interval(self, minutes: int) -> None:
        """How often goods are asked for. WrongInput."""
        if not SHORTEST_INTERVAL_MIN <= minutes <= LONGEST_INTERVAL_MIN:
            raise WrongInput("interval", detail=f"от {SHORTEST_INTERVAL_MIN} до {LONGEST_INTERVAL_MIN} минут")
        changed = replace(await self.current(), interval_min=minutes)
        await self._storage.run(lambda unit: unit.preferences.set(KEY, msgspec.json.encode(changed).decode()))

    async def disconnect(self) -> None:
        """Goods and orders go by files again; the password is forgotten, everything that came stays."""
        connection = await self.current()
        if connection.kind is not ConnectionKind.FILES:
            await self._secrets.forget_secret(connection.secret_name)

        def work(unit: UnitOfWork) -> None:
            for key in (KEY, PULLS, NEXT, ORDER_STATES):
                unit.preferences.remove(key)
            _note_secret_change(unit)
            end_doubt(unit)

        await self._storage.run(work)
        self._made = None

    async def check(self) -> ConnectionCheck:
        """Who is there, and what the program may not do. BackOfficeError; NotPossibleYet without a connection."""
        connection = await self.current()
        if connection.kind is ConnectionKind.FILES:
            raise NotPossibleYet("store", missing=("store_connection",))
        found = await self._probe(connection, await self.secret(connection))
        await self._storage.run(lambda unit: _keep_order_states(unit, found))
        return found

    async def order_states(self) -> tuple[str, ...]:
        """What orders can be in the connected store, as its last check found it; () = it is not known."""
        return await self._storage.run(_order_states)

    async def _probe(self, connection: StoreConnection, secret: str) -> ConnectionCheck:
        connector = self._connectors.get(connection.kind)
        source = connector(connection, secret).source if connector is not None else None
        return await source.probe() if source is not None else ConnectionCheck()

    # --- orders -----------------------------------------------------------------------------------------------------

    async def order_desk(self) -> OrderDesk | None:
        """Where orders are handed over; None = they are not, or the store fetches them itself. Secret store errors."""
        connected = await self._connected()
        return connected.desk if connected is not None else None

    async def product_maker(self) -> ProductMaker | None:
        """Where products are made; None = in this store they are not. Secret store errors."""
        connected = await self._connected()
        return connected.maker if connected is not None else None

    async def _connected(self) -> Connected | None:
        connection = await self.current()
        connector = self._connectors.get(connection.kind)
        if connector is None:
            return None
        secret = await self.secret(connection)
        if self._made is None or self._made[:2] != (connection, secret):
            self._made = (connection, secret, connector(connection, secret))
        return self._made[2]

    # --- goods ------------------------------------------------------------------------------------------------------

    async def pull(self, progress: Progress, *, full: bool = False, cause: RunCause = RunCause.MANUAL) -> PullResult:
        """Takes what has changed in the store, everything once a day or when asked to. Whole or not at all.

        RunIsHeld: another process pulls now. NotPossibleYet when the store is not asked for goods; BackOfficeError, StoreFileError.
        """
        connected = await self._connected()
        if connected is None or connected.source is None:
            raise NotPossibleYet("store", missing=("store_connection",))
        source = connected.source
        async with self._leases.hold(STORE_PULL_LEASE, lambda unit: 0):
            began, connection, pulls = self._clock(), await self.current(), await self._storage.run(pulls_of)
            whole = full or pulls.full_at is None or not timedelta() <= began - pulls.full_at < FULL_EVERY
            folder = await asyncio.to_thread(_new_folder, self._folder)
            try:
                pulled = await source.pull("" if full else _cursor(pulls, connection, whole=whole), folder, progress)
                pulled = _not_made_later(pulled, began)
                if connected.maker is not None:
                    # What it made of cards must be known before it comes as anybody's product.
                    await settle_new_products(self._storage, connected.maker, self._clock)
                counts = await self._take(pulled, progress, cause)
            finally:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            full_at = began if pulled.full or pulls.full_at is None else pulls.full_at
            after = PullState(pulled.cursor, began, full_at)
            await self._storage.run(lambda unit: _keep_pulls(unit, connection, after))
            return PullResult(counts, pulled.full and not pulled.is_empty, pulled.requests)

    async def _take(self, pulled: Pulled, progress: Progress, cause: RunCause) -> ImportCounts | None:
        if pulled.files:
            return await self._imports.import_pulled(pulled.files, progress, cause, pulled.made_at)
        if pulled.records is not None:
            name = kind_text((await self.current()).kind)
            return await self._imports.import_records(name, pulled.records, progress, cause, pulled.made_at)
        return None


def _not_made_later(pulled: Pulled, began: datetime) -> Pulled:
    """Made no later than by this computer's clock, which dates what is sold: one that is slow would take older stocks for newer ones.

    began: before it was asked. Where the clock is fast, stocks seem older than they are, which promises too little for a while.
    """
    if pulled.made_at is None or pulled.answered_at is None or pulled.answered_at <= began:
        return pulled
    return replace(pulled, made_at=pulled.made_at - (pulled.answered_at - began))


def _new_folder(parent: Path | None) -> Path:
    """An empty one. What a killed pull has left beside it is removed: whoever pulls is alone. OSError."""
    if parent is None:
        return Path(tempfile.mkdtemp(prefix="ozon-desktop-pull-"))
    shutil.rmtree(parent, ignore_errors=True)
    parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=parent))


def _cursor(pulls: PullState, connection: StoreConnection, *, whole: bool) -> str:
    """A link tells by itself whether its one file has changed: asked daily without that it would only be read again."""
    return "" if whole and connection.kind is not ConnectionKind.LINK else pulls.cursor


def connection_of(unit: UnitOfWork) -> StoreConnection:
    text = unit.preferences.get(KEY)
    return msgspec.json.decode(text, type=StoreConnection) if text else StoreConnection()


def _keep_order_states(unit: UnitOfWork, check: ConnectionCheck) -> None:
    """Those of before stay where the store says nothing."""
    if check.order_states:
        unit.preferences.set(ORDER_STATES, msgspec.json.encode(check.order_states).decode())


def _order_states(unit: UnitOfWork) -> tuple[str, ...]:
    text = unit.preferences.get(ORDER_STATES)
    return msgspec.json.decode(text, type=tuple[str, ...]) if text else ()


def _note_secret_change(unit: UnitOfWork) -> None:
    unit.preferences.set(SECRET_CHANGE, uuid4().hex)


def pulls_of(unit: UnitOfWork) -> PullState:
    """What is remembered of the pulls over the present connection."""
    text = unit.preferences.get(PULLS)
    return msgspec.json.decode(text, type=PullState) if text else PullState()


def _keep_pulls(unit: UnitOfWork, connection: StoreConnection, pulls: PullState) -> None:
    """Unless another connection was chosen meanwhile."""
    if connection_of(unit) == connection:
        unit.preferences.set(PULLS, msgspec.json.encode(pulls).decode())
