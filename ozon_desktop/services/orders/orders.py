"""Orders: postings brought from Ozon, kept with the organization, direction and responsible employee, handed over to the store."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from ozon_desktop.domain.integration import UpdateTrigger
from ozon_desktop.domain.journal import RunKind
from ozon_desktop.domain.orders import ExportSettings
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.errors import AlreadyRunning, AppError, BackOfficeError, FileNotReadable, NotFound, SecretStoreError
from ozon_desktop.services.notifications import NotificationsService
from ozon_desktop.services.orders.not_in_store import not_in_store
from ozon_desktop.services.orders.parts.export import OrderExport, read_settings
from ozon_desktop.services.orders.parts.fetching import Fetching, Tally, fetched_at, requests_of_fetch, requests_of_look
from ozon_desktop.services.orders.parts.labels import OrderLabels, Sleep
from ozon_desktop.services.orders.store_orders import StoreOrders
from ozon_desktop.services.orders.view import HandedOver, LabelsPrinted, OrdersFetched, OrdersView, order_entry
from ozon_desktop.services.runs.edits import edited_key
from ozon_desktop.services.runs.journalled import Journalled, RunReport
from ozon_desktop.services.shared import Clients, Clock, Revision
from ozon_desktop.services.store.connection import StoreConnectionService, connection_of
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.orders import new_orders_text, not_exported_text


@dataclass(frozen=True, slots=True)
class StoreRoute:
    """The way to a connected store."""

    connection: StoreConnectionService
    orders: StoreOrders


class OrdersService:
    """Orders of an integration. label_sleep: how the wait for labels passes; installation: names the files of this installation.

    store: where orders go when the store is connected; None = always into files.
    """

    def __init__(
        self,
        storage: Database,
        clients: Clients,
        clock: Clock,
        revision: Revision,
        journalled: Journalled,
        notifications: NotificationsService,
        label_sleep: Sleep | None = None,
        installation: str = "",
        store: StoreRoute | None = None,
    ) -> None:
        self._storage = storage
        self._clients = clients
        self._clock = clock
        self._revision = revision
        self._journalled = journalled
        self._notifications = notifications
        self._export = OrderExport(storage, clock, installation)
        self._labels = OrderLabels(storage, clients, label_sleep) if label_sleep else OrderLabels(storage, clients)
        self._store = store
        self._complained: set[int] = set()

    async def view(self, integration_id: int) -> OrdersView:
        def work(unit: UnitOfWork) -> OrdersView:
            orders, connection = tuple(unit.orders.all(integration_id)), connection_of(unit)
            new = not_in_store(unit, integration_id)
            kept = unit.store_orders.placed(integration_id) if connection.takes_orders else []
            return OrdersView(
                orders,
                {entry.id: entry.name for entry in unit.store.organizations()},
                {entry.id: entry.name for entry in unit.store.directions()},
                {entry.id: entry.name for entry in unit.store.employees()},
                read_settings(unit, integration_id),
                tuple(order_entry(order, order.posting.posting_number in new) for order in orders),
                connection,
                {order.posting_number: order.placed for order in kept if order.placed is not None},
            )

        return await self._storage.run(work)

    async def history(self, integration_id: int, posting_number: str) -> list[tuple[datetime, str]]:
        """States of an order with the time they were seen, oldest first; `returned` and `partly_returned` among them."""
        return await self._storage.run(lambda unit: unit.orders.status_history(integration_id, posting_number))

    # --- from Ozon --------------------------------------------------------------------------------------------------

    async def fetch(self, integration_id: int, progress: Progress) -> OrdersFetched:
        """`bring` with an entry of its own in the journal."""

        def report(result: OrdersFetched) -> RunReport:
            return RunReport((("new", result.new), ("updated", result.updated), *result.failed_counts), result.requests, result.problems)

        return (await self._journalled.run(integration_id, RunKind.ORDERS, lambda _: self.bring(integration_id, progress), report)).result

    async def requests_of_fetch(self, integration_id: int, *, twice: bool = False) -> int:
        """How many requests `bring` takes if nothing new has come; twice: and `look` after it."""
        now = self._clock()

        def work(unit: UnitOfWork) -> int:
            fetch = requests_of_fetch(unit, integration_id, now)
            return fetch + requests_of_look(unit, integration_id, now) if twice else fetch

        return await self._storage.run(work)

    @staticmethod
    def fetched_at(unit: UnitOfWork, integration_id: int) -> datetime | None:
        """When the last fetch that got through began, in a run, by the clock or by hand; None = none did."""
        return fetched_at(unit, integration_id)

    async def bring(self, integration_id: int, progress: Progress) -> OrdersFetched:
        """Brings FBS and FBO postings and hands new orders over; the same posting twice is one order. OzonError, NetworkError."""
        client = await self._clients.client(integration_id)
        progress(ProgressUpdate(Stage.ORDERS))
        fetching = Fetching(self._storage, client, self._clock, integration_id, lambda done: progress(ProgressUpdate(Stage.ORDERS, done)))
        await self._kept(integration_id, fetching.tally, fetching.run())
        return await self._brought(integration_id, fetching.tally, client.requests_sent)

    async def look(self, integration_id: int) -> OrdersFetched:
        """Brings only what the seller's warehouses sold since the last fetch, and hands it over. OzonError, NetworkError."""
        client = await self._clients.client(integration_id)
        fetching = Fetching(self._storage, client, self._clock, integration_id, lambda done: None)
        await self._kept(integration_id, fetching.tally, fetching.look())
        return await self._brought(integration_id, fetching.tally, client.requests_sent)

    async def _kept(self, integration_id: int, tally: Tally, fetching: Awaitable[Tally]) -> None:
        try:
            await fetching
        finally:
            # Pages that were kept before a failure or a stop are orders like any other.
            if tally.new or tally.changed:
                await self._storage.run(partial(_stock_changed_for_others, integration_id))
            if tally.new or tally.changed or tally.returns:
                self._revision.bump()
            if tally.fresh:
                self._notifications.notify_owner(await self._cabinet(integration_id), new_orders_text(tally.fresh))

    async def _brought(self, integration_id: int, tally: Tally, requests: int) -> OrdersFetched:
        done, failure, unwritten = await self._hand_over_quietly(integration_id)
        return OrdersFetched(
            tally.new, tally.updated, requests, tally.returns, done.orders, failure, unwritten, tally.changed, done.problems
        )

    async def mark_in_store(self, integration_id: int, posting_numbers: Sequence[str]) -> int:
        """The store's stocks as they are kept here count these orders: their pieces are subtracted no more. Gives how many were.

        For a connection to a back office, once it has read stocks that count them, and for a person who knows it. NotFound names the
        first number that is no known order.
        """
        numbers = list(dict.fromkeys(posting_numbers))
        now = self._clock()

        def work(unit: UnitOfWork) -> int:
            known = {order.posting.posting_number for order in unit.orders.some(integration_id, numbers)}
            unknown = next((number for number in numbers if number not in known), None)
            if unknown is not None:
                raise NotFound(unknown)
            return unit.orders.mark_in_store(integration_id, numbers, now)

        marked = await self._storage.run(work)
        if marked:
            self._revision.bump()
        return marked

    # --- to the store -----------------------------------------------------------------------------------------------

    async def export_settings(self, integration_id: int) -> ExportSettings:
        return await self._export.settings(integration_id)

    async def save_export(self, integration_id: int, settings: ExportSettings) -> None:
        """Keeps the settings. FileNotReadable when nothing can be written into the folder, WrongInput when it is not a whole path."""
        await self._export.save(integration_id, settings)
        self._complained.discard(integration_id)

    async def hand_over(self, integration_id: int) -> HandedOver:
        """Gives the store what it has not got yet: over its connection, else into the folder of the settings.

        A store that fetches orders by itself is only told how many wait. FileNotReadable, BackOfficeError, RunIsHeld, secret store
        errors: they wait for the next time.
        """
        if self._store is not None and (await self._store.connection.current()).takes_orders:
            desk = await self._store.connection.order_desk()
            if desk is None:
                orders = self._store.orders
                return HandedOver(waiting=await orders.count_waiting(integration_id), held=await orders.held())
            done = await self._store.orders.hand_over(integration_id, desk)
        else:
            done = await self._export.hand_over(integration_id)
        self._complained.discard(integration_id)
        return done

    async def export(self, integration_id: int, folder: Path) -> Path:
        """Writes all orders, handed over or not, into one pair of files; gives the CommerceML one. FileNotReadable."""
        return await self._export.everything(integration_id, folder)

    async def _hand_over_quietly(self, integration_id: int) -> tuple[HandedOver, AppError | None, int]:
        """What was handed over, why not all, how many are left. It is no failure of the fetch; the owner hears of it once."""

        def left(unit: UnitOfWork) -> int:
            if connection_of(unit).takes_orders:
                return unit.store_orders.count_waiting(integration_id)
            return unit.orders.count_new(integration_id, again=read_settings(unit, integration_id).again)

        try:
            return await self.hand_over(integration_id), None, 0
        except AlreadyRunning:
            # Another process hands over right now.
            return HandedOver(), None, 0
        except (FileNotReadable, BackOfficeError, SecretStoreError) as error:
            if integration_id not in self._complained:
                self._complained.add(integration_id)
                self._notifications.notify_owner(await self._cabinet(integration_id), not_exported_text(error))
            return HandedOver(), error, await self._storage.run(left)

    # --- labels -----------------------------------------------------------------------------------------------------

    async def labels(self, integration_id: int, posting_numbers: Sequence[str], path: Path, *, small: bool = False) -> LabelsPrinted:
        """Labels of FBS postings as PDF, big or small: see `OrderLabels.print` for files and errors."""
        return await self._labels.print(integration_id, posting_numbers, path, small=small)

    async def _cabinet(self, integration_id: int) -> str:
        return (await self._storage.run(lambda unit: unit.integrations.get(integration_id))).name


def _stock_changed_for_others(integration_id: int, unit: UnitOfWork) -> None:
    """What one cabinet sells, the others that update on change have less of; the one itself Ozon keeps true by itself."""
    for other in unit.integrations.all():
        if other.id != integration_id and other.enabled and other.settings.update_trigger is UpdateTrigger.ON_CHANGE:
            unit.preferences.set(edited_key(other.id), "1")
