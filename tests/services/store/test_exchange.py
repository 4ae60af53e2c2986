"""1C and the program over one real shop: goods come in portions, orders go out once, nothing is lost by a kill."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from ozon_desktop.application import Application, Options, build
from ozon_desktop.backoffice.onec.server import bound
from ozon_desktop.backoffice.onec.site import Timing
from ozon_desktop.domain.integration import UpdateTrigger
from ozon_desktop.domain.journal import Run, RunKind, RunResult
from ozon_desktop.domain.orders import Order, Posting, PostingProduct
from ozon_desktop.domain.progress import Progress, silent
from ozon_desktop.domain.store_catalog import StoreRecord
from ozon_desktop.domain.store_connection import ConnectionKind, OrdersHeld, StoreConnection
from ozon_desktop.errors import AlreadyRunning, NotPossibleYet, PortInUse, WrongInput
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.services.store import exchange, importing
from ozon_desktop.storage.store_import import StoreImporter
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.backoffice.onec.exports import documents_xml, full_export, import_xml, offers_xml, returned
from tests.backoffice.onec.scripted import UT, Client, Onec, OnecError

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
PASSWORD = "пароль из двадцати знаков"
QUICK = Timing(hold_s=0.05, after_orders_s=0.0, quiet_s=3_600, look_every_s=0.05)
EXPORT = full_export(["p1", "p2", "p3", "p4"], 2)


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Shop:
    application: Application
    clock: Clock
    port: int
    serving: asyncio.Task[None] | None = None
    address: str = ""

    async def opens(self) -> None:
        """Serves 1C from now on."""
        ready = asyncio.Event()

        def on_ready(address: object) -> None:
            ready.set()

        self.serving = asyncio.create_task(self.application.onec.serve(on_ready))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait([self.serving, waiting], return_when=asyncio.FIRST_COMPLETED)
        assert ready.is_set(), self.serving
        self.address = f"http://127.0.0.1:{self.port}/ozon"

    async def closes(self) -> None:
        if self.serving is not None:
            self.serving.cancel()
            await asyncio.wait([self.serving])

    def onec(self, client: Client = UT) -> Onec:
        return Onec(self.address, "обмен", PASSWORD, client)

    async def sells(self, *postings: Posting) -> None:
        def work(unit: UnitOfWork) -> None:
            integration = unit.integrations.all()[0]
            unit.integrations.save(replace(integration, enabled=True))
            for each in postings:
                unit.orders.upsert(Order(integration.id, each, None, None, None, NOW))

        await self.application.storage.run(work)

    async def alive(self) -> list[str]:
        products = await self.application.store_listing.products(())
        return sorted(product.offer_id for product in products if not product.deleted)

    async def stocks(self) -> dict[str, Decimal]:
        products = await self.application.store_listing.products(())
        return {product.offer_id: sum(map(Decimal, product.stocks.values()), Decimal(0)) for product in products}

    async def runs(self, kind: RunKind) -> list[Run]:
        runs = await self.application.storage.run(lambda unit: unit.journal.runs(None))
        return [run for run in runs if run.kind is kind]

    async def until_over(self) -> None:
        """Until the export that was gathered has been taken as a whole."""
        manifest = self.application.paths.exchange / "whole" / "export.json"
        async with asyncio.timeout(60):
            while '"folder"' in await asyncio.to_thread(manifest.read_text):
                await asyncio.sleep(0.02)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    with bound(0, open_to_network=False) as free:
        port = free.getsockname()[1]
    clock = Clock()
    application = await build(Options(tmp_path, clock=clock, secret_store=MemoryStore(), exchange_timing=QUICK))
    await application.onec.connect(StoreConnection(ConnectionKind.ONEC, login="обмен", port=port), PASSWORD)
    shop = Shop(application, clock, port)
    yield shop
    await shop.closes()
    await application.close()


def posting(number: str, *offers: str, status: str = "awaiting_packaging") -> Posting:
    lines = tuple(PostingProduct(offer, f"Товар {offer}", 1, 2, Decimal(500), "RUB") for offer in offers or ("A-p1",))
    return Posting(number, number, 1, "fbs", status, "", NOW, None, lines)


async def send(shop: Shop, portions: Sequence[dict[str, bytes]], client: Client = UT) -> list[str]:
    return await asyncio.to_thread(shop.onec(client).send_goods, portions)


# --- goods ------------------------------------------------------------------------------------------------------------


async def test_goods_come_and_the_journal_says_what(shop: Shop) -> None:
    await shop.opens()
    said = await send(shop, EXPORT)
    assert await shop.alive() == ["A-p1", "A-p2", "A-p3", "A-p4"]
    assert said[0] == "Загружено: 2 товара"
    assert (await shop.stocks())["A-p4"] == 5
    runs = await shop.runs(RunKind.STORE_IMPORT)
    assert [run.reason for run in runs][-1] == "import0_1.xml"
    assert [run.problems for run in runs] == [()] * len(runs), "a portion of goods comes without prices: nothing to remark"


async def test_a_new_full_export_removes_what_it_lacks_only_at_its_end(shop: Shop) -> None:
    await shop.opens()
    await send(shop, EXPORT)
    await asyncio.to_thread(shop.onec().fetch_orders)
    await shop.until_over()
    fewer = full_export(["p1", "p2", "p3"], 2, stock=7)
    await send(shop, fewer)
    assert await shop.alive() == ["A-p1", "A-p2", "A-p3", "A-p4"]
    assert (await shop.stocks())["A-p1"] == 7, "each portion counts at once"
    assert (await shop.stocks())["A-p4"] == 5
    await asyncio.to_thread(shop.onec().fetch_orders)
    await shop.until_over()
    assert await shop.alive() == ["A-p1", "A-p2", "A-p3"]
    assert (await shop.stocks())["A-p4"] == 0


async def test_an_export_sent_again_changes_nothing(shop: Shop) -> None:
    await shop.opens()
    for _ in range(2):
        await send(shop, EXPORT)
        await asyncio.to_thread(shop.onec().fetch_orders)
        await shop.until_over()
    first = await shop.application.store_listing.products(())
    await send(shop, EXPORT)
    await asyncio.to_thread(shop.onec().fetch_orders)
    await shop.until_over()
    assert await shop.application.store_listing.products(()) == first


async def test_an_export_of_one_file_still_says_what_is_gone(shop: Shop) -> None:
    await shop.opens()
    await send(shop, [{"import.xml": import_xml({"p1": "А", "p2": "Б"})}])
    await send(shop, [{"import.xml": import_xml({"p1": "А"})}])
    await asyncio.to_thread(shop.onec().fetch_orders)
    await shop.until_over()
    assert await shop.alive() == ["A-p1"]


async def test_a_file_without_goods_is_passed_over(shop: Shop) -> None:
    await shop.opens()
    partners = "<КоммерческаяИнформация><Контрагенты><Контрагент><Ид>1</Ид></Контрагент></Контрагенты></КоммерческаяИнформация>"
    said = await send(shop, [{"contragents___1.xml": partners.encode()}])
    assert said == ["В файле нет ни товаров, ни цен, ни остатков: пропущен"]


async def test_a_file_that_cannot_be_read_is_told_to_1c_and_kept_in_the_journal(shop: Shop) -> None:
    await shop.opens()
    with pytest.raises(OnecError, match="failure"):
        await send(shop, [{"import.xml": import_xml({"p1": "А"})[:-30]}])
    failed = (await shop.runs(RunKind.STORE_IMPORT))[0]
    assert (failed.result, failed.reason.partition(":")[0]) == (RunResult.FAILED, "import.xml")


async def test_a_restart_between_portions_loses_none_of_the_export(shop: Shop) -> None:
    await shop.opens()
    await send(shop, EXPORT)
    await asyncio.to_thread(shop.onec().fetch_orders)
    await shop.until_over()
    fewer = full_export(["p1", "p2", "p3"], 1)
    await send(shop, fewer[:2])
    await shop.closes()
    await shop.opens()
    await send(shop, fewer[2:])
    await asyncio.to_thread(shop.onec().fetch_orders)
    await shop.until_over()
    assert await shop.alive() == ["A-p1", "A-p2", "A-p3"]


# --- orders -----------------------------------------------------------------------------------------------------------


async def test_orders_go_out_once_and_count_as_handed_over_after_success(shop: Shop) -> None:
    await shop.opens()
    await send(shop, EXPORT)
    await shop.sells(posting("37217065-0112-1"), posting("37217065-0113-1"))
    onec = shop.onec()
    await asyncio.to_thread(lambda: onec.fetch_orders(confirm=False))
    integration = (await shop.application.integrations.all())[0].id
    assert await shop.application.store_orders.count_waiting(integration) == 2
    numbers = await asyncio.to_thread(onec.fetch_orders)
    assert (len(numbers), onec.created) == (2, numbers)
    assert await shop.application.store_orders.count_waiting(integration) == 0
    assert await asyncio.to_thread(onec.fetch_orders) == []
    taken = (await shop.runs(RunKind.STORE_ORDERS))[0]
    assert taken.reason.startswith("1С взяла 2 заказа: ")
    assert "37217065-0112-1" in taken.reason


async def test_a_changed_order_goes_out_again_under_its_number(shop: Shop) -> None:
    await shop.opens()
    await send(shop, EXPORT)
    await shop.sells(posting("37217065-0112-1"))
    onec = shop.onec()
    first = await asyncio.to_thread(onec.fetch_orders)
    await shop.sells(posting("37217065-0112-1", status="cancelled"))
    assert await asyncio.to_thread(onec.fetch_orders) == first
    assert onec.created == first
    requisites = onec.documents[first[0]].findall("ЗначенияРеквизитов/ЗначениеРеквизита")
    assert {"Отменен": "true"}.items() <= {entry.findtext("Наименование"): entry.findtext("Значение") for entry in requisites}.items()


async def test_an_order_1c_would_refuse_blocks_no_other_and_is_told_once(shop: Shop) -> None:
    told: list[str] = []
    shop.application.notifications.listen(lambda title, text: told.append(text))
    await shop.opens()
    await send(shop, EXPORT)
    await shop.sells(posting("1-1", "X-1"), posting("1-2"))
    onec = shop.onec()
    assert len(await asyncio.to_thread(onec.fetch_orders)) == 1
    await asyncio.to_thread(onec.fetch_orders)
    assert [text for text in told if "1-1" in text] == told
    assert len(told) == 1
    # The product comes: the order follows.
    await send(shop, [{"import0_1.xml": import_xml({"x": "Шарф"}, full=False).replace(b"A-x", b"X-1")}])
    assert len(await asyncio.to_thread(onec.fetch_orders)) == 1


async def change_source(shop: Shop, tmp_path: Path, ids: Sequence[str]) -> Path:
    """Goods of these ids were loaded as files before 1C was connected, articles as 1C has them; an order waits. Gives 1C's own export."""
    application = shop.application
    connection = await application.store_connection.current()
    await application.store_connection.disconnect()
    export = tmp_path / "import0_1.xml"
    export.write_bytes(full_export(["p1", "p2", "p3"], 9)[0]["import0_1.xml"])
    before = tmp_path / "before.xml"
    text = export.read_text(encoding="utf-8-sig")
    for number, id_ in enumerate(ids, start=1):
        text = text.replace(f"<Ид>p{number}</Ид>", f"<Ид>{id_}</Ид>")
    before.write_text(text, encoding="utf-8")
    await application.store_import.import_files([before], silent)
    await application.onec.connect(connection, PASSWORD)
    await shop.sells(posting("37217065-0112-1"))
    await shop.opens()
    return export


async def test_no_order_goes_out_under_ids_of_the_source_before(shop: Shop, tmp_path: Path) -> None:
    export = await change_source(shop, tmp_path, ["old-1", "old-2", "old-3"])
    onec, orders = shop.onec(), shop.application.store_orders
    assert await asyncio.to_thread(onec.fetch_orders) == []
    assert await orders.held() is OrdersHeld.NO_GOODS_YET
    with pytest.raises(OnecError, match="id у них другие"):
        await send(shop, full_export(["p1", "p2", "p3"], 9))
    await send(shop, [{"import0_1.xml": import_xml({"fresh": "Новый"}, full=False)}])
    assert await asyncio.to_thread(onec.fetch_orders) == []
    assert await orders.held() is OrdersHeld.OTHER_IDS
    integration = (await shop.application.integrations.all())[0].id
    assert (await shop.application.orders.hand_over(integration)).held is OrdersHeld.OTHER_IDS
    take_over = shop.application.store_take_over
    source = await take_over.source([export])
    await take_over.confirm(source, (await take_over.preview(source, silent)).plan_id, silent)
    assert await orders.held() is None
    number = (await asyncio.to_thread(onec.fetch_orders))[0]
    assert onec.documents[number].findtext("Товары/Товар/Ид") == "p1"
    await take_over.undo()
    assert await orders.held() is OrdersHeld.OTHER_IDS


async def test_orders_wait_for_the_first_goods_that_prove_the_ids(shop: Shop, tmp_path: Path) -> None:
    await change_source(shop, tmp_path, ["p1", "p2", "p3"])
    onec = shop.onec()
    assert await asyncio.to_thread(onec.fetch_orders) == []
    await send(shop, [{"import0_1.xml": import_xml({"p9": "Новый"}, full=False)}])
    await send(shop, [{"offers0_1.xml": offers_xml({"p9": (100.0, 5)}, full=False)}])
    assert await asyncio.to_thread(onec.fetch_orders) == [], "what came under new ids alone proves nothing"
    await send(shop, [{"offers0_1.xml": offers_xml({"p2": (100.0, 5), "p9": (100.0, 5)}, full=False)}])
    assert len(await asyncio.to_thread(onec.fetch_orders)) == 1


async def test_a_whole_export_is_the_store_whatever_was_there_before(shop: Shop, tmp_path: Path) -> None:
    await change_source(shop, tmp_path, ["x1", "x2", "x3"])
    await send(shop, full_export([f"q{number}" for number in range(30)], 10))
    await asyncio.to_thread(shop.onec().fetch_orders)
    await shop.until_over()
    assert await shop.application.store_orders.held() is None


async def test_a_line_the_store_lacks_is_reported(shop: Shop) -> None:
    await shop.opens()
    await send(shop, EXPORT)
    await shop.sells(posting("1-1", "A-p1", "X-1"))
    onec = shop.onec()
    number = (await asyncio.to_thread(onec.fetch_orders))[0]
    assert "X-1" in (onec.documents[number].findtext("Комментарий") or "")
    run = (await shop.runs(RunKind.STORE_ORDERS))[0]
    assert [problem.offer_id for problem in run.problems] == ["X-1"]


async def test_how_orders_stand_in_1c_comes_back(shop: Shop) -> None:
    await shop.opens()
    await send(shop, EXPORT)
    await shop.sells(posting("37217065-0112-1"))
    onec = shop.onec()
    number = (await asyncio.to_thread(onec.fetch_orders))[0]
    xml = documents_xml(returned(number, {"Номер по 1С": "00УТ-000017", "Проведен": "true", "Отгружен": "true"}), returned("5", {}))
    for _ in range(2):
        assert (await asyncio.to_thread(onec.send_states, xml)).word == "success"
    integration = (await shop.application.integrations.all())[0].id
    placed = (await shop.application.store_orders.placed(integration))[0].placed
    assert placed is not None
    assert (placed.number, placed.posted, placed.shipped) == ("00УТ-000017", True, True)
    assert len([run for run in await shop.runs(RunKind.STORE_ORDERS) if "рассказала" in run.reason]) == 1


# --- serving ----------------------------------------------------------------------------------------------------------


async def test_nothing_is_planned_while_an_exchange_is_open(shop: Shop) -> None:
    integration = (await shop.application.integrations.all())[0]
    settings = replace(integration.settings, client_id=1, update_trigger=UpdateTrigger.HOURLY)
    await shop.application.storage.run(lambda unit: unit.integrations.save(replace(integration, settings=settings, enabled=True)))
    await shop.opens()
    await send(shop, EXPORT[:1])
    assert await shop.application.scheduler.begin() == []
    await shop.closes()
    assert await shop.application.scheduler.begin() == [integration.id]


async def test_the_last_contact_is_known(shop: Shop) -> None:
    await shop.opens()
    assert (await shop.application.onec.state()).contact_at is None
    await asyncio.to_thread(shop.onec().session, "catalog")
    shop.clock.now += timedelta(hours=1)
    assert (await shop.application.onec.state()).contact_at == NOW


async def test_wrong_passwords_are_in_the_journal_without_a_line_each(shop: Shop) -> None:
    await shop.opens()
    for _ in range(3):
        with pytest.raises(OnecError):
            await asyncio.to_thread(Onec(shop.address, "обмен", "другой пароль").session, "catalog")
    assert [run.reason for run in await shop.runs(RunKind.STORE_ORDERS)] == ["1С: неверный логин или пароль, с компьютера 127.0.0.1"]


async def test_settings_that_change_are_served_at_once(shop: Shop) -> None:
    with bound(0, open_to_network=False) as free:
        other = free.getsockname()[1]
    running = asyncio.create_task(shop.application.onec.run())

    async def served(port: int) -> None:
        async with asyncio.timeout(60):
            while (state := await shop.application.onec.state()).address is None or str(port) not in state.address.url:
                await asyncio.sleep(0.01)

    await served(shop.port)
    await shop.application.onec.connect(StoreConnection(ConnectionKind.ONEC, login="обмен", port=other), PASSWORD)
    await served(other)
    running.cancel()
    await asyncio.wait([running])


async def test_a_password_another_process_has_changed_is_asked_for(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "LOOK_EVERY_S", 0.02)
    secrets, changed = MemoryStore(), "совсем другой пароль"
    application = await build(Options(tmp_path / "both", secret_store=secrets, exchange_timing=QUICK))
    connection = replace(await shop.application.store_connection.current(), port=shop.port)
    await application.onec.connect(connection, PASSWORD)
    running = asyncio.create_task(application.onec.run())
    address = f"http://127.0.0.1:{shop.port}/ozon"
    async with asyncio.timeout(60):
        while (await application.onec.state()).address is None:
            await asyncio.sleep(0.01)
    other = await build(Options(tmp_path / "both", secret_store=secrets, exchange_timing=QUICK))
    await other.onec.connect(connection, changed)
    await other.close()
    async with asyncio.timeout(60):
        while not await asyncio.to_thread(gets_in, address, changed):
            await asyncio.sleep(0.02)
    assert not await asyncio.to_thread(gets_in, address, PASSWORD)
    running.cancel()
    await asyncio.wait([running])
    await application.close()


def gets_in(address: str, password: str) -> bool:
    try:
        Onec(address, "обмен", password).session("catalog")
    except (OnecError, OSError):
        return False
    return True


async def test_a_missing_password_is_one_line_however_often_the_program_starts(shop: Shop, tmp_path: Path) -> None:
    told: list[str] = []
    for _ in range(3):
        # A store of secrets that has forgotten everything.
        application = await build(Options(tmp_path, secret_store=MemoryStore(), exchange_timing=QUICK))
        application.notifications.listen(lambda title, text: told.append(text))
        running = asyncio.create_task(application.onec.run())
        async with asyncio.timeout(60):
            while not (await application.onec.state()).trouble:
                await asyncio.sleep(0.01)
        # One question after the other: by its answer the trouble is journalled.
        await application.journal.runs(None)
        running.cancel()
        await asyncio.wait([running])
        await application.close()
    assert len(told) == 1
    assert [run.result for run in await shop.runs(RunKind.STORE_IMPORT)] == [RunResult.FAILED]


async def test_the_end_of_the_program_frees_the_port_and_the_database(shop: Shop) -> None:
    running = asyncio.create_task(shop.application.run())
    async with asyncio.timeout(60):
        while (await shop.application.onec.state()).address is None:
            await asyncio.sleep(0.01)
    shop.address = f"http://127.0.0.1:{shop.port}/ozon"
    await send(shop, EXPORT[:1])
    await shop.application.onec.stop()
    bound(shop.port, open_to_network=False).close()
    assert await shop.application.storage.run(lambda unit: unit.leases.all()) == []
    running.cancel()
    await asyncio.wait([running])


async def test_a_busy_port_is_said_and_journalled_once_while_it_lasts(shop: Shop) -> None:
    told: list[str] = []
    shop.application.notifications.listen(lambda title, text: told.append(text))
    with bound(shop.port, open_to_network=False):
        running = asyncio.create_task(shop.application.onec.run())
        async with asyncio.timeout(60):
            while not (await shop.application.onec.state()).trouble:
                await asyncio.sleep(0.01)
        assert str(shop.port) in (await shop.application.onec.state()).trouble
        running.cancel()
        await asyncio.wait([running])
        with pytest.raises(PortInUse):
            await shop.application.onec.serve(lambda address: None)
    assert len(told) == 1


async def test_of_two_processes_of_one_folder_one_serves(shop: Shop) -> None:
    await shop.opens()
    with pytest.raises(AlreadyRunning):
        await shop.application.onec.serve(lambda address: None)


async def test_what_is_not_set_up_is_not_served(tmp_path: Path) -> None:
    application = await build(Options(tmp_path, secret_store=MemoryStore(), exchange_timing=QUICK))
    with pytest.raises(NotPossibleYet):
        await application.onec.serve(lambda address: None)
    connection = StoreConnection(ConnectionKind.ONEC, login="обмен", port=1)
    await application.store_connection.connect(connection)
    with pytest.raises(WrongInput):
        await application.onec.serve(lambda address: None)
    await application.close()


@pytest.mark.parametrize(("login", "password"), [("", PASSWORD), ("a:b", PASSWORD), ("a", "short"), ("other", None)])
async def test_logins_and_passwords_1c_could_not_use_are_refused(shop: Shop, login: str, password: str | None) -> None:
    connection = StoreConnection(ConnectionKind.ONEC, login=login, port=shop.port)
    with pytest.raises(WrongInput):
        await shop.application.onec.connect(connection, password)


async def test_a_port_of_another_program_is_refused_when_it_is_chosen(shop: Shop) -> None:
    with bound(0, open_to_network=False) as taken:
        connection = StoreConnection(ConnectionKind.ONEC, login="обмен", port=taken.getsockname()[1])
        with pytest.raises(PortInUse):
            await shop.application.onec.connect(connection, PASSWORD)


async def test_a_full_portion_without_pictures_takes_none_away(shop: Shop) -> None:
    await shop.opens()
    pictured = import_xml({"p1": "А"}).replace(
        "<Группы><Ид>g</Ид></Группы></Товар>".encode(), "<Картинка>a.jpg</Картинка></Товар>".encode()
    )
    await send(shop, [{"import.xml": pictured}])
    await send(shop, [{"import.xml": import_xml({"p1": "Б"})}])
    products = await shop.application.storage.run(lambda unit: unit.store.products(None))
    assert [(product.name, product.pictures) for product in products] == [("Б", ("a.jpg",))]


async def test_a_stopped_import_takes_nothing_removes_nothing_and_comes_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await shop.opens()
    await send(shop, EXPORT)
    before, stocks = await shop.alive(), await shop.stocks()
    monkeypatch.setattr(importing, "REPORT_EVERY", 1)
    loop, read = asyncio.get_running_loop(), importing._write

    def stopped_meanwhile(importer: StoreImporter, name: str, records: Iterable[StoreRecord], progress: Progress) -> bool:
        asyncio.run_coroutine_threadsafe(shop.application.onec.stop_import(), loop).result(timeout=30)
        return read(importer, name, records, progress)

    monkeypatch.setattr(importing, "_write", stopped_meanwhile)
    with pytest.raises(OnecError, match="остановили"):
        await send(shop, [{name: data.replace(b"A-p1", b"A-p9") for name, data in part.items()} for part in EXPORT])
    assert (await shop.alive(), await shop.stocks()) == (before, stocks)
    reasons = [run.reason for run in await shop.runs(RunKind.STORE_IMPORT) if run.result is RunResult.FAILED]
    assert len([reason for reason in reasons if "остановили" in reason]) == 1
    monkeypatch.setattr(importing, "_write", read)
    await send(shop, EXPORT)
    assert await shop.alive() == before
