"""How store and program stand to each other, for whoever looks: the connection, the last exchanges, the orders on both sides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.domain.onec_exchange import ExchangeAddress
from ozon_desktop.domain.progress import ProgressUpdate
from ozon_desktop.domain.store_connection import ConnectionKind, OrdersHeld, OrderStage, PlacedOrder, StoreConnection
from ozon_desktop.domain.store_health import StoreHealth, health, usual_pause
from ozon_desktop.errors import SecretStoreError
from ozon_desktop.services.orders.store_orders import StoreOrders
from ozon_desktop.services.shared import Clock
from ozon_desktop.services.store.connection import StoreConnectionService
from ozon_desktop.services.store.exchange import OnecExchange
from ozon_desktop.services.store.pulling import StorePulling
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.errors import error_line
from ozon_desktop.wording.store_exchange import secret_missing_text

EXCHANGES = 100
ORDERS = 200
"""So many exchanges and orders of each kind are shown; the others stand in the journal and on the page of orders."""


@dataclass(frozen=True, slots=True)
class OrderInStore:
    """An order as the store has it. placed None = it waits; problem: why the store did not take it, "" = nothing is wrong."""

    posting_number: str
    placed: PlacedOrder | None = None
    stage: OrderStage | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SiteState:
    """Where 1C finds the program. addresses: the one to be typed into 1C first; trouble: why nobody is let in, "" = nothing is wrong.

    loading: how far the taking of what 1C has sent is in this process, None = nothing is being taken here.
    """

    addresses: tuple[str, ...] = ()
    trouble: str = ""
    loading: ProgressUpdate | None = None


@dataclass(frozen=True, slots=True)
class StoreOverview:
    """One reading. integration_id: whose orders these are.

    secret: whether one is kept; secret_trouble: why nobody can say, None = nothing is wrong. secret_place: where, in Russian.
    last_at: when something came or went over the connection; next_at: when goods are asked for next, None = by no clock;
    usual: the pause between two exchanges that is to be expected. failure: why the last try failed, "" = it did not. site: of a store
    that comes by itself, None = it is not that kind. exchanges: newest first. orders: those that are refused, that wait, then those
    that are there, newest first; waiting, placed, problems: how many in all; held: why none of those that wait goes out, None = they go.
    order_states: what orders can be there, () = it is not known.
    """

    integration_id: int
    connection: StoreConnection
    health: StoreHealth
    now: datetime
    secret: bool = False
    secret_trouble: SecretStoreError | None = None
    secret_place: str = ""
    last_at: datetime | None = None
    next_at: datetime | None = None
    usual: timedelta | None = None
    failure: str = ""
    site: SiteState | None = None
    exchanges: tuple[Run, ...] = ()
    orders: tuple[OrderInStore, ...] = ()
    waiting: int = 0
    placed: int = 0
    problems: int = 0
    held: OrdersHeld | None = None
    states: Mapping[OrderStage, str] = field(default_factory=dict)
    order_states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Orders:
    shown: tuple[OrderInStore, ...]
    waiting: int
    placed: int
    problems: int


@dataclass(frozen=True, slots=True)
class OverviewParts:
    """What is looked at."""

    connection: StoreConnectionService
    pulling: StorePulling
    orders: StoreOrders
    onec: OnecExchange


class StoreOverviewService:
    def __init__(self, storage: Database, parts: OverviewParts, clock: Clock) -> None:
        self._storage = storage
        self._connection, self._pulling, self._orders = parts.connection, parts.pulling, parts.orders
        self._onec = parts.onec
        self._clock = clock

    async def read(self, integration_id: int) -> StoreOverview:
        """Everything as it is now. StorageError; what the secret store refuses is part of the answer."""
        connection, now = await self._connection.current(), self._clock()
        secret, trouble = await self._secret(connection)
        pulled_at, next_at = await self._connection.pulled_at(), await self._pulling.next_at()
        exchanges = await self._storage.run(lambda unit: unit.journal.exchanges(integration_id, EXCHANGES))
        found = await self._storage.run(lambda unit: _orders(unit, integration_id))
        over = [run for run in exchanges if (run.cause is RunCause.CONNECTION) is (connection.kind is not ConnectionKind.FILES)]
        exchange = await self._onec.state() if connection.kind is ConnectionKind.ONEC else None
        contact_at = exchange.contact_at if exchange is not None else None
        last_at = max((moment for moment in (pulled_at, contact_at, *map(_ended, over)) if moment is not None), default=None)
        # Whether 1C is let in is what counts: an upload of its that was refused stands in the log.
        failure = exchange.trouble if exchange is not None else _last_failure(over, pulled_at)
        failure = _without_secret(connection, secret, trouble) or failure
        usual = _usual(connection, next_at, over)
        loading = any(run.result is RunResult.RUNNING and run.kind is RunKind.STORE_IMPORT for run in exchanges)
        loading = loading or (exchange is not None and exchange.open)
        return StoreOverview(
            integration_id,
            connection,
            health(connection, last_at, now, failing=bool(failure), loading=loading, usual=usual),
            now,
            secret,
            trouble,
            self._connection.secret_place,
            last_at,
            next_at,
            usual,
            failure,
            None if exchange is None else _site(self._onec.address_of(connection), failure, exchange.loading),
            tuple(exchanges),
            found.shown,
            found.waiting,
            found.placed,
            found.problems,
            await self._orders.held() if connection.takes_orders else None,
            await self._orders.states(),
            await self._connection.order_states(),
        )

    async def _secret(self, connection: StoreConnection) -> tuple[bool, SecretStoreError | None]:
        try:
            return bool(await self._connection.secret(connection)), None
        except SecretStoreError as error:
            return False, error


def _site(address: ExchangeAddress, trouble: str, loading: ProgressUpdate | None) -> SiteState:
    """Whoever lets other computers in has 1C on one of them: that address comes first."""
    return SiteState(tuple(one for one in (address.network, address.url) if one), trouble, loading)


def _orders(unit: UnitOfWork, integration_id: int) -> _Orders:
    numbers = unit.store_orders.waiting(integration_id, ORDERS)
    known = unit.store_orders.some(integration_id, numbers)
    placed, problems = unit.store_orders.latest_placed(integration_id, ORDERS), unit.store_orders.problems(integration_id)
    waits: list[OrderInStore] = []
    for number in numbers:
        kept = known.get(number)
        seen, stage = (None, None) if kept is None else (kept.placed, kept.set_stage)
        waits.append(OrderInStore(number, seen, stage, problems.get(number, "")))
    waits.sort(key=lambda order: not order.problem)
    listed = {order.posting_number for order in waits}
    there = [
        OrderInStore(kept.posting_number, kept.placed, kept.set_stage, problems.get(kept.posting_number, ""))
        for kept in placed
        if kept.posting_number not in listed
    ]
    waiting, placed_in_all = unit.store_orders.count_waiting(integration_id), unit.store_orders.count_placed(integration_id)
    return _Orders((*waits, *there), waiting, placed_in_all, len(problems))


def _ended(run: Run) -> datetime | None:
    """When a run brought something; None = it did not."""
    return None if run.result in {RunResult.RUNNING, RunResult.FAILED} else run.finished_at


def _without_secret(connection: StoreConnection, secret: bool, trouble: SecretStoreError | None) -> str:
    """Why nobody can get in there; "" = the secret is known, or none is asked."""
    if trouble is not None:
        return error_line(trouble)
    asked = connection.takes_orders or (connection.kind is ConnectionKind.LINK and bool(connection.login))
    return secret_missing_text(connection) if asked and not secret else ""


def _last_failure(over: list[Run], pulled_at: datetime | None) -> str:
    """Why the last pull failed, "" when something has succeeded after it."""
    last = next((run for run in over if run.result is not RunResult.RUNNING and run.kind is RunKind.STORE_IMPORT), None)
    if last is None or last.result is not RunResult.FAILED:
        return ""
    failed_at = last.finished_at or last.started_at
    return last.reason if pulled_at is None or pulled_at < failed_at else ""


def _usual(connection: StoreConnection, next_at: datetime | None, over: list[Run]) -> timedelta | None:
    if connection.is_pulled:
        return timedelta(minutes=connection.interval_min) if next_at is not None else None
    return usual_pause(run.started_at for run in over if run.result is not RunResult.FAILED)
