"""The store's connection: kept when it works, pulled whole or not at all, its failures told once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from ozon_desktop.application import Application, Options, build
from ozon_desktop.backoffice.http import Web
from ozon_desktop.backoffice.link.link import Link
from ozon_desktop.domain.integration import UpdateTrigger
from ozon_desktop.domain.journal import RunCause, RunKind, RunResult
from ozon_desktop.domain.lease import STORE_PULL_LEASE
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_connection import ConnectionCheck, ConnectionKind, StoreConnection
from ozon_desktop.errors import AlreadyRunning, BackOfficeFailed, NotPossibleYet, StoreFileError, TakeOverNeeded, WrongInput
from ozon_desktop.services.runs.leases import Leases
from ozon_desktop.services.secrets import MemoryStore, SecretsService
from ozon_desktop.services.shared import Revision
from ozon_desktop.services.store.connection import Connected, StoreConnectionService
from ozon_desktop.services.store.pulling import StorePulling
from ozon_desktop.services.store.take_over import TakeOverService
from tests.backoffice.web_shop import WebShop
from tests.services.shop import SHIRTS, MovingClock, Shirt, write_export

ADDRESS = "http://shop.example/price.yml"
LINK = StoreConnection(ConnectionKind.LINK, ADDRESS)


@dataclass
class Connection:
    """A program whose store lies behind a link of a web server the test fills."""

    application: Application
    shop: WebShop
    secrets: SecretsService
    service: StoreConnectionService
    pulling: StorePulling
    clock: MovingClock
    folder: Path

    def sells(self, *shirts: Shirt) -> None:
        self.shop.files["/price.yml"] = write_export(self.folder / "price.yml", *shirts).read_bytes()

    async def articles(self) -> set[str]:
        return {product.offer_id for product in await self.application.store_listing.products(()) if not product.deleted}

    async def imports(self) -> list[tuple[RunResult, RunCause]]:
        runs = await self.application.journal.runs(None)
        return [(run.result, run.cause) for run in runs if run.kind is RunKind.STORE_IMPORT]

    async def updates_on_change(self) -> None:
        integration = await self.application.integrations.ensure_one()
        settings = replace(integration.settings, update_trigger=UpdateTrigger.ON_CHANGE)
        changed = replace(integration, settings=settings, enabled=True)
        await self.application.storage.run(lambda unit: unit.integrations.save(changed))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Connection]:
    clock, shop = MovingClock(), WebShop()
    application = await build(Options(tmp_path / "data", secret_store=MemoryStore(), clock=clock))
    web, secrets, storage = Web(app=shop.app), application.secrets, application.storage
    leases = Leases(storage)
    connectors = {ConnectionKind.LINK: lambda connection, secret: Connected(source=Link(web, connection, secret))}
    service = StoreConnectionService(storage, secrets, application.store_import, clock, leases, connectors)
    pulling = StorePulling(storage, service, application.notifications, clock)
    made = Connection(application, shop, secrets, service, pulling, clock, tmp_path)
    made.sells(*SHIRTS)
    yield made
    await web.aclose()
    await application.close()


async def test_a_store_is_connected_by_files_until_something_else_is_chosen(store: Connection) -> None:
    assert (await store.service.current()).kind is ConnectionKind.FILES
    with pytest.raises(NotPossibleYet):
        await store.service.check()
    with pytest.raises(NotPossibleYet):
        await store.service.pull(silent)


async def test_goods_come_over_the_link_and_only_when_they_changed(store: Connection) -> None:
    await store.service.connect(LINK)
    first = await store.service.pull(silent)
    assert first.counts is not None
    assert first.full
    assert await store.articles() == {"RU-1", "RU-2", "RU-3"}
    assert (await store.service.pull(silent)).counts is None
    store.sells(*SHIRTS, Shirt("RU-4"))
    assert (await store.service.pull(silent)).counts is not None
    assert "RU-4" in await store.articles()


async def test_a_server_without_validators_does_not_fill_the_journal_nor_start_runs(store: Connection) -> None:
    store.shop.validators = False
    await store.service.connect(LINK)
    await store.service.pull(silent, cause=RunCause.CONNECTION)
    before = await store.application.storage.run(lambda unit: unit.journal.last_import())
    assert (await store.service.pull(silent, cause=RunCause.CONNECTION)).counts is None
    assert await store.imports() == [(RunResult.DONE, RunCause.CONNECTION)]
    assert await store.application.storage.run(lambda unit: unit.journal.last_import()) == before


async def test_a_connection_that_does_not_work_is_not_kept(store: Connection) -> None:
    store.shop.status = 500
    with pytest.raises(BackOfficeFailed):
        await store.service.connect(LINK)
    assert (await store.service.current()).kind is ConnectionKind.FILES


async def test_a_store_whose_goods_have_other_ids_waits_for_a_take_over(store: Connection, tmp_path: Path) -> None:
    other = write_export(tmp_path / "files.yml", *SHIRTS)
    other.write_text(other.read_text(encoding="utf-8").replace('offer id="id-', 'offer id="'), encoding="utf-8")
    await store.application.store_import.import_files([other], silent)
    with pytest.raises(TakeOverNeeded) as caught:
        await store.service.connect(LINK)
    assert "3 товара" in caught.value.detail
    assert (await store.service.current()).kind is ConnectionKind.FILES, "the old source stays"
    assert await store.service.next() == LINK
    assert len(await store.application.store_listing.products(())) == 3, "a look doubles nothing"
    service = TakeOverService(store.application.storage, store.service, store.clock, Revision(), Leases(store.application.storage))
    source = await service.source()
    preview = await service.preview(source, silent)
    asked = len(store.shop.asked)
    await service.confirm(source, preview.plan_id, silent)
    assert await store.service.current() == LINK
    assert await store.service.next() is None
    assert {product.id for product in await store.application.storage.run(lambda unit: unit.store.products(None))} == {
        f"id-{shirt.offer_id}" for shirt in SHIRTS
    }
    assert (await store.service.pull(silent)).counts is None, "what the take-over read is not read again"
    assert len(store.shop.asked) == asked + 2
    await service.undo()
    assert (await store.service.current()).kind is ConnectionKind.FILES


async def test_another_programs_goods_at_the_same_address_double_nothing(store: Connection) -> None:
    await store.service.connect(LINK)
    await store.service.pull(silent)
    store.shop.files["/price.yml"] = store.shop.files["/price.yml"].replace(b'offer id="id-', b'offer id="')
    with pytest.raises(TakeOverNeeded):
        await store.service.pull(silent)
    assert len(await store.application.store_listing.products(())) == 3
    service = TakeOverService(store.application.storage, store.service, store.clock, Revision(), Leases(store.application.storage))
    source = await service.source()
    await service.confirm(source, (await service.preview(source, silent)).plan_id, silent)
    assert (await store.service.pull(silent)).counts is None


async def test_a_store_with_the_same_ids_is_connected_at_once(store: Connection, tmp_path: Path) -> None:
    await store.application.store_import.import_files([write_export(tmp_path / "files.yml", *SHIRTS)], silent)
    await store.service.connect(LINK)
    assert await store.service.current() == LINK


async def test_an_interval_beyond_reason_is_refused(store: Connection) -> None:
    with pytest.raises(WrongInput):
        await store.service.connect(replace(LINK, interval_min=0))
    await store.service.connect(LINK)
    with pytest.raises(WrongInput):
        await store.service.set_interval(10_000)


async def test_the_password_lies_in_the_secret_store_alone_and_goes_with_the_connection(store: Connection, tmp_path: Path) -> None:
    store.shop.login, store.shop.password = "robot", "very-secret-word"
    connection = replace(LINK, login="robot")
    await store.service.connect(connection, "very-secret-word")
    assert (await store.service.pull(silent)).counts is not None
    assert await store.secrets.secret(connection.secret_name) == "very-secret-word"
    database = (tmp_path / "data" / "ozon-desktop.sqlite3").read_bytes()
    assert b"very-secret-word" not in database
    await store.service.disconnect()
    assert await store.secrets.secret(connection.secret_name) is None
    assert await store.articles(), "what came stays"


async def test_the_password_of_one_server_is_not_sent_to_another(store: Connection) -> None:
    store.shop.login, store.shop.password = "robot", "word"
    await store.service.connect(replace(LINK, login="robot"), "word")
    store.shop.login = ""
    store.shop.files["/other.yml"] = store.shop.files["/price.yml"]
    await store.service.connect(replace(LINK, login="robot", address="http://other.example/other.yml"))
    sent = store.shop.asked[-1][1].get("authorization", "")
    assert "d29yZA" not in sent
    assert sent != store.shop.asked[0][1].get("authorization")


@pytest.mark.parametrize("answer", [b"<html><body>Login</body></html>", b"<yml_catalog><shop>", b"\x00\x01\x02"])
async def test_a_broken_answer_changes_nothing(store: Connection, answer: bytes) -> None:
    await store.service.connect(LINK)
    await store.service.pull(silent)
    store.shop.files["/price.yml"] = answer
    with pytest.raises(StoreFileError):
        await store.service.pull(silent)
    assert await store.articles() == {"RU-1", "RU-2", "RU-3"}
    store.sells(Shirt("RU-1"), Shirt("RU-2"))
    await store.service.pull(silent)
    assert await store.articles() == {"RU-1", "RU-2"}, "the next whole answer is taken"


@pytest.mark.parametrize(
    ("ahead", "made"), [(timedelta(minutes=7), timedelta(minutes=-30)), (timedelta(hours=-3), timedelta(minutes=-210))]
)
async def test_stocks_are_never_younger_than_by_this_computers_clock(store: Connection, ahead: timedelta, made: timedelta) -> None:
    """A server whose clock is ahead of ours (or behind it) answers with a file of half an hour ago."""
    there = store.clock.now.replace(microsecond=0) + ahead
    store.shop.headers = {
        "Date": format_datetime(there, usegmt=True),
        "Last-Modified": format_datetime(there - timedelta(minutes=30), usegmt=True),
    }
    await store.service.connect(LINK)
    began = store.clock.now
    await store.service.pull(silent)
    counts = await store.application.storage.run(lambda unit: unit.store.stock_counts({"id-RU-1"}))
    found = {count.made_at - began for count in counts["id-RU-1"] if count.made_at is not None}
    assert all(abs(one - made) < timedelta(seconds=5) for one in found)
    assert found


async def test_two_programs_do_not_pull_at_once(store: Connection) -> None:
    await store.service.connect(LINK)
    other = Leases(store.application.storage)
    async with other.hold(STORE_PULL_LEASE, lambda unit: 0):
        with pytest.raises(AlreadyRunning):
            await store.service.pull(silent)


# --- the clock --------------------------------------------------------------------------------------------------------


async def test_the_clock_asks_every_few_minutes_where_a_cabinet_updates_on_change(store: Connection) -> None:
    await store.service.connect(LINK)
    assert not await store.pulling.is_due(), "no cabinet wants it"
    await store.updates_on_change()
    assert await store.pulling.is_due()
    await store.pulling.look()
    assert not await store.pulling.is_due()
    store.clock.now += timedelta(minutes=4)
    assert not await store.pulling.is_due()
    store.clock.now += timedelta(minutes=2)
    assert await store.pulling.is_due()
    store.clock.now -= timedelta(days=400)
    assert await store.pulling.is_due(), "a clock that was set back does not stop the pulls"


async def test_a_failure_that_lasts_is_one_line_and_is_tried_ever_more_rarely(store: Connection) -> None:
    told: list[str] = []
    store.application.notifications.listen(lambda title, text: told.append(text))
    await store.service.connect(LINK)
    await store.updates_on_change()
    store.shop.status = 503
    await store.pulling.look()
    asked = len(store.shop.asked)
    await store.pulling.look()
    assert len(store.shop.asked) == asked, "not at once again"
    for _ in range(4):
        store.clock.now += timedelta(minutes=31)
        await store.pulling.look()
    assert len(store.shop.asked) == asked + 4
    assert await store.imports() == [(RunResult.FAILED, RunCause.CONNECTION)]
    assert len(told) == 1
    store.shop.status = 200
    store.clock.now += timedelta(minutes=31)
    await store.pulling.look()
    assert [result for result, _ in await store.imports()] == [RunResult.DONE, RunResult.FAILED]


async def test_a_broken_file_is_journalled_once_while_it_lasts(store: Connection) -> None:
    await store.service.connect(LINK)
    await store.updates_on_change()
    store.shop.files["/price.yml"] = b"<yml_catalog><shop>"
    for _ in range(3):
        await store.pulling.look()
        store.clock.now += timedelta(minutes=31)
    assert await store.imports() == [(RunResult.FAILED, RunCause.CONNECTION)]


async def test_a_run_gets_fresh_goods_and_goes_on_without_them(store: Connection) -> None:
    assert await store.pulling.before_run(silent) == (), "a store of files is not asked"
    await store.service.connect(LINK)
    assert await store.pulling.before_run(silent) == ()
    assert await store.articles()
    asked = len(store.shop.asked)
    assert await store.pulling.before_run(silent) == ()
    assert len(store.shop.asked) == asked, "the run of the next cabinet a moment later need not ask again"
    store.shop.status = 500
    store.clock.now += timedelta(minutes=2)
    (problem,) = await store.pulling.before_run(silent)
    assert problem.code == "BackOfficeFailed"


async def test_a_mistake_of_the_program_makes_the_run_no_good_one(store: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    await store.service.connect(LINK)
    monkeypatch.setattr(store.service, "pull", broken)
    (problem,) = await store.pulling.before_run(silent)
    assert problem.code == "ZeroDivisionError"
    assert await store.imports() == [(RunResult.FAILED, RunCause.CONNECTION)]


async def test_the_states_orders_can_have_are_known_from_the_last_check(store: Connection) -> None:
    assert await store.service.order_states() == ()

    class Telling(Link):
        states: tuple[str, ...] = ("Новый", "Собран")

        async def probe(self) -> ConnectionCheck:
            return ConnectionCheck("", (), Telling.states)

    def connector(connection: StoreConnection, secret: str) -> Connected:
        return Connected(source=Telling(Web(app=store.shop.app), connection, secret))

    storage, leases = store.application.storage, Leases(store.application.storage)
    connectors = {ConnectionKind.LINK: connector}
    service = StoreConnectionService(storage, store.secrets, store.application.store_import, store.clock, leases, connectors)
    await service.connect(LINK)
    assert await service.order_states() == ("Новый", "Собран")
    Telling.states = ("Новый", "Собран", "Отменен")
    await service.check()
    assert await service.order_states() == ("Новый", "Собран", "Отменен")
    Telling.states = ()
    await service.check()
    assert await service.order_states() == ("Новый", "Собран", "Отменен"), "who says nothing takes nothing back"
    await service.disconnect()
    assert await service.order_states() == ()
