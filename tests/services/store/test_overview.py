"""How store and program stand to each other, read in one go."""

import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from ozon_desktop.application import Application, Options, build
from ozon_desktop.backoffice.http import Web
from ozon_desktop.backoffice.link.link import Link
from ozon_desktop.domain.integration import UpdateTrigger
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.domain.orders import Order, Posting, PostingProduct
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_connection import ConnectionKind, PlacedOrder, StoreConnection
from ozon_desktop.domain.store_health import StoreHealth
from ozon_desktop.errors import SecretStoreLocked
from ozon_desktop.services.runs.leases import Leases
from ozon_desktop.services.secrets import MemoryStore, SecretsService, SecretStore
from ozon_desktop.services.store.connection import Connected, StoreConnectionService
from ozon_desktop.services.store.overview import OverviewParts, StoreOverview, StoreOverviewService
from ozon_desktop.services.store.pulling import StorePulling
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.backoffice.web_shop import WebShop
from tests.services.shop import SHIRTS, MovingClock, write_export


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


LINK = StoreConnection(ConnectionKind.LINK, "http://shop.example/price.yml", "ozon")


class LockedStore(MemoryStore):
    """A secret store that may be locked."""

    locked = False

    def get(self, name: str) -> str | None:
        if self.locked:
            raise SecretStoreLocked(detail="test")
        return super().get(name)


@dataclass
class Shown:
    """A program whose store lies behind a link, and what the overview reads of it."""

    application: Application
    shop: WebShop
    clock: MovingClock
    connection: StoreConnectionService
    pulling: StorePulling
    service: StoreOverviewService
    secret_store: LockedStore
    integration_id: int

    async def read(self) -> StoreOverview:
        return await self.service.read(self.integration_id)

    async def write(self, *runs: Run) -> None:
        def work(unit: UnitOfWork) -> None:
            for run in runs:
                unit.journal.finish(replace(run, id=unit.journal.start(run)))

        await self.application.storage.run(work)

    def run(self, kind: RunKind, minutes_ago: int, integration_id: int | None = None, cause: RunCause = RunCause.CONNECTION) -> Run:
        began = self.clock() - timedelta(minutes=minutes_ago)
        return Run(0, integration_id, kind, cause, began, began + timedelta(seconds=1), RunResult.DONE)

    def on_another_computer(self, secret_store: SecretStore) -> StoreOverviewService:
        """Another program over the same database, with secrets of its own."""
        storage, secrets = self.application.storage, SecretsService(secret_store)
        connection = StoreConnectionService(storage, secrets, self.application.store_import, self.clock, Leases(storage), {})
        parts = OverviewParts(connection, self.pulling, self.application.store_orders, self.application.onec)
        return StoreOverviewService(storage, parts, self.clock)

    async def updates_on_change(self) -> None:
        integration = await self.application.integrations.ensure_one()
        settings = replace(integration.settings, update_trigger=UpdateTrigger.ON_CHANGE)
        await self.application.storage.run(lambda unit: unit.integrations.save(replace(integration, settings=settings, enabled=True)))


@pytest.fixture
async def shown(tmp_path: Path) -> AsyncIterator[Shown]:
    clock, shop, secret_store = MovingClock(), WebShop(), LockedStore()
    application = await build(Options(tmp_path / "data", secret_store=secret_store, clock=clock))
    web, storage, secrets = Web(app=shop.app), application.storage, SecretsService(secret_store)
    connectors = {ConnectionKind.LINK: lambda connection, secret: Connected(source=Link(web, connection, secret))}
    connection = StoreConnectionService(storage, secrets, application.store_import, clock, Leases(storage), connectors)
    pulling = StorePulling(storage, connection, application.notifications, clock)
    service = StoreOverviewService(storage, OverviewParts(connection, pulling, application.store_orders, application.onec), clock)
    shop.files["/price.yml"] = write_export(tmp_path / "price.yml", *SHIRTS).read_bytes()
    integration = await application.integrations.ensure_one()
    yield Shown(application, shop, clock, connection, pulling, service, secret_store, integration.id)
    await web.aclose()
    await application.close()


async def test_without_a_connection_there_are_files_and_their_imports(shown: Shown) -> None:
    overview = await shown.read()
    assert (overview.health, overview.last_at, overview.exchanges, overview.next_at) == (StoreHealth.FILES, None, (), None)
    imported = shown.run(RunKind.STORE_IMPORT, 5, cause=RunCause.MANUAL)
    await shown.write(imported)
    assert (await shown.read()).last_at == imported.finished_at


async def test_a_pull_is_the_last_exchange_even_when_nothing_was_new(shown: Shown) -> None:
    await shown.updates_on_change()
    await shown.connection.connect(LINK, "secret")
    assert (await shown.read()).health is StoreHealth.NEVER
    await shown.pulling.pull(silent, RunCause.CONNECTION)
    shown.clock.now += timedelta(minutes=5)
    await shown.pulling.pull(silent, RunCause.CONNECTION)
    overview = await shown.read()
    assert overview.health is StoreHealth.GOOD
    assert overview.last_at == await shown.connection.pulled_at()
    assert [run.kind for run in overview.exchanges] == [RunKind.STORE_IMPORT]
    assert overview.secret
    assert overview.next_at is not None
    assert overview.last_at is not None
    assert overview.next_at - overview.last_at == timedelta(minutes=LINK.interval_min)


async def test_goods_that_come_only_within_runs_have_no_clock(shown: Shown) -> None:
    await shown.connection.connect(LINK, "secret")
    await shown.pulling.pull(silent, RunCause.CONNECTION)
    overview = await shown.read()
    assert (overview.next_at, overview.usual) == (None, None)


async def test_a_failure_lasts_until_something_succeeds(shown: Shown) -> None:
    await shown.updates_on_change()
    await shown.connection.connect(LINK, "secret")
    shown.shop.status = 500
    await shown.pulling.pull(silent, RunCause.CONNECTION)
    overview = await shown.read()
    assert overview.health is StoreHealth.FAILING
    assert overview.failure
    assert overview.next_at is not None
    assert overview.next_at > shown.clock(), "it waits before it tries again"
    shown.shop.status = 200
    shown.clock.now += timedelta(minutes=1)
    await shown.connection.pull(silent)
    assert (await shown.read()).health is StoreHealth.GOOD


async def test_orders_of_another_cabinet_and_other_runs_are_not_in_the_log(shown: Shown) -> None:
    other = await shown.application.integrations.add("Второй")
    await shown.write(
        shown.run(RunKind.STORE_ORDERS, 4, integration_id=shown.integration_id),
        shown.run(RunKind.STORE_ORDERS, 3, integration_id=other.id),
        shown.run(RunKind.SYNC, 2, integration_id=shown.integration_id),
        shown.run(RunKind.STORE_ORDERS, 1),
        shown.run(RunKind.STORE_IMPORT, 0),
    )
    overview = await shown.read()
    assert [(run.kind, run.integration_id) for run in overview.exchanges] == [
        (RunKind.STORE_IMPORT, None),
        (RunKind.STORE_ORDERS, None),
        (RunKind.STORE_ORDERS, shown.integration_id),
    ]


async def test_a_locked_secret_store_hides_nothing_else(shown: Shown) -> None:
    await shown.connection.connect(LINK, "secret")
    shown.secret_store.locked = True
    overview = await shown.on_another_computer(shown.secret_store).read(shown.integration_id)
    assert isinstance(overview.secret_trouble, SecretStoreLocked)
    assert overview.connection == LINK
    assert overview.health is StoreHealth.FAILING
    assert overview.failure


async def test_a_password_that_this_computer_lacks_is_asked_for(shown: Shown) -> None:
    await shown.connection.connect(LINK, "secret")
    await shown.pulling.pull(silent, RunCause.CONNECTION)
    overview = await shown.on_another_computer(MemoryStore()).read(shown.integration_id)
    assert (overview.health, overview.secret) == (StoreHealth.FAILING, False)
    assert overview.failure.startswith("Пароля нет на этом компьютере")


async def test_refused_orders_come_first_then_waiting_ones_then_the_newest_the_store_has(shown: Shown) -> None:
    line = PostingProduct("RU-1", "Рубашка", 1, 1, Decimal(500), "RUB")
    numbers = ["1-1", "2-1", "3-1", "4-1", "5-1"]
    postings = [Posting(number, number, 1, "fbs", "awaiting_packaging", "", shown.clock(), None, (line,)) for number in numbers]
    orders = shown.application.store_orders

    def work(unit: UnitOfWork) -> None:
        for posting in postings:
            unit.orders.upsert(Order(shown.integration_id, posting, None, None, None, shown.clock()))

    await shown.application.storage.run(work)
    waiting = {order.posting_number: order for order in await orders.waiting(10, shown.integration_id)}
    given = [waiting["1-1"], waiting["2-1"]]
    await orders.asked(given)
    await orders.confirmed(given, {order.posting_number: PlacedOrder(f"id-{order.own_number}") for order in given})
    await orders.refused(waiting["5-1"], "Не выбрана организация")
    overview = await shown.read()
    assert [order.posting_number for order in overview.orders] == ["5-1", "3-1", "4-1", "2-1", "1-1"]
    assert [order.placed is not None for order in overview.orders] == [False, False, False, True, True]
    assert (overview.waiting, overview.placed, overview.problems) == (3, 2, 1)
    assert overview.orders[0].problem == "Не выбрана организация"


async def test_1c_without_its_password_is_not_let_in(shown: Shown) -> None:
    onec = StoreConnection(ConnectionKind.ONEC, login="ozon", port=free_port())
    await shown.application.onec.connect(onec, "password-1")
    overview = await shown.on_another_computer(MemoryStore()).read(shown.integration_id)
    assert overview.health is StoreHealth.FAILING
    assert overview.site is not None
    assert overview.site.trouble == overview.failure
    assert "«Сохранить»" in overview.failure


async def test_1c_is_told_where_to_come_and_nobody_claims_it_was_there(shown: Shown) -> None:
    await shown.application.onec.connect(StoreConnection(ConnectionKind.ONEC, login="ozon", port=free_port()), "password-1")
    overview = await shown.read()
    assert overview.site is not None
    assert overview.site.addresses == (f"http://127.0.0.1:{overview.connection.port}/ozon",)
    assert (overview.health, overview.last_at, overview.next_at) == (StoreHealth.NEVER, None, None)
    await shown.write(*(shown.run(RunKind.STORE_ORDERS, 60 * hour) for hour in range(5)))
    overview = await shown.read()
    assert overview.health is StoreHealth.GOOD
    assert overview.usual is not None
    assert abs(overview.usual - timedelta(hours=1)) < timedelta(seconds=1)
