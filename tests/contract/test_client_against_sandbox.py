"""The client and the sandbox were written from the same documentation without knowing each other: here they judge each other."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

import pytest

from ozon_desktop import errors
from ozon_desktop.domain.cabinet import CabinetAttribute, ImportedItem
from ozon_desktop.domain.card import CardPayload
from ozon_desktop.domain.ozon_catalog import TYPE_ATTRIBUTE, Attribute, OzonTree, TypeKey
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.credentials import Credentials
from ozon_desktop.ozon.endpoints import NEEDED_METHODS
from ozon_desktop.ozon.files import download
from ozon_desktop.ozon.limits import RetryPolicy
from ozon_desktop.ozon.requests import PriceUpdate, StockUpdate
from ozon_desktop.ozon.transport import Transport
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID, POSTING_KEY
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.sandbox.server import SandboxThread
from tests.barcodes import ean
from tests.contract.exchanges import Clock

T = TypeVar("T")
ADMIN = Credentials(KNOWN_CLIENT_ID, ADMIN_KEY)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Sandbox:
    return Sandbox(clock=clock, order_interval_s=0)


@pytest.fixture
async def transport(sandbox: Sandbox, clock: Clock) -> AsyncIterator[Transport]:
    made = Transport(app=sandbox.app, clock=clock.seconds, sleep=clock.sleep)
    yield made
    await made.aclose()


@pytest.fixture
def client(transport: Transport) -> OzonClient:
    return OzonClient(transport, ADMIN)


async def everything(pages: AsyncIterator[list[T]]) -> list[T]:
    return [row async for page in pages for row in page]


async def a_type(client: OzonClient) -> TypeKey:
    """The first type new cards may be made of."""
    _, types = await client.category_tree()
    return next(type_.key for type_ in types if type_.usable)


async def a_value(client: OzonClient, key: TypeKey, attribute: Attribute) -> CabinetAttribute:
    """A value Ozon must accept for the attribute."""
    if attribute.has_dictionary:
        async for page in client.attribute_values(key, attribute.id):
            return CabinetAttribute(attribute.id, attribute.complex_id, ((page[0].id, page[0].value),))
    text = "1" if attribute.kind in {"integer", "decimal"} else "true" if attribute.kind == "boolean" else "Текст"
    return CabinetAttribute(attribute.id, attribute.complex_id, ((0, text),))


async def card(client: OzonClient, offer_id: str) -> CardPayload:
    key = await a_type(client)
    needed = [row for row in await client.attributes(key) if row.is_required and row.id != TYPE_ATTRIBUTE]
    values = [await a_value(client, key, row) for row in needed]
    pictures = ("https://shop.example/1.jpg", "https://shop.example/2.jpg")
    return CardPayload(offer_id, "Товар", key, Decimal("1990.50"), "0.22", "RUB", 300, 200, 40, 350, pictures, ean(offer_id), tuple(values))


async def imported(client: OzonClient, clock: Clock, *offer_ids: str) -> list[ImportedItem]:
    """Creates products and waits until they are on sale."""
    task_id = await client.import_products([await card(client, offer_id) for offer_id in offer_ids])
    clock.now += timedelta(seconds=30)
    items = await client.import_info(task_id)
    clock.now += timedelta(seconds=30)
    return items


async def test_the_key_and_the_cabinet(client: OzonClient, clock: Clock) -> None:
    roles = await client.roles()
    assert roles.roles == ("Admin",)
    assert set(NEEDED_METHODS) <= roles.methods
    assert roles.expires_at is not None
    assert roles.expires_at > clock.now
    company = await client.seller_info()
    assert (company.name, company.currency) == ("Песочница", "RUB")
    assert {row.name for row in await client.limits()} == {"total", "daily_create", "daily_update", "per_minute"}


async def test_the_catalogue(client: OzonClient) -> None:
    tree = OzonTree.build(*await client.category_tree())
    assert tree.base
    assert all(tree.type_path(key) for key in tree.types)
    key = await a_type(client)
    attributes = await client.attributes(key)
    assert any(row.is_required for row in attributes)
    attribute = next(row for row in attributes if row.has_dictionary and row.id != TYPE_ATTRIBUTE)
    values = await everything(client.attribute_values(key, attribute.id))
    assert len({value.id for value in values}) == len(values) > 0
    wanted = next(value for value in values if len(value.value) >= 2)
    assert wanted in await client.search_values(key, attribute.id, wanted.value)
    assert await everything(client.attribute_values(key, attribute.id, after=values[0].id)) == values[1:]


async def test_a_dictionary_of_several_pages_comes_whole(clock: Clock) -> None:
    sandbox = Sandbox(clock=clock, order_interval_s=0, scale=60)
    client = OzonClient(Transport(app=sandbox.app, clock=clock.seconds, sleep=clock.sleep), ADMIN)
    key = await a_type(client)
    pages = [page async for page in client.attribute_values(key, 85)]
    assert len(pages) > 1
    ids = [value.id for page in pages for value in page]
    assert ids == sorted(set(ids))


async def test_a_product_from_import_to_archive(client: OzonClient, clock: Clock) -> None:
    [item] = await imported(client, clock, "A-1")
    assert (item.offer_id, item.status, item.accepted) == ("A-1", "imported", True), item.errors
    [listed] = await everything(client.products())
    assert (listed.offer_id, listed.product_id) == ("A-1", item.product_id)
    [info] = await client.product_infos(["A-1", "unknown"])
    assert (info.price, info.currency, info.is_created, info.barcodes[0]) == (Decimal("1990.50"), "RUB", True, ean("A-1"))
    assert Decimal(info.vat) == Decimal("0.22")
    sent = await card(client, "A-1")
    for cards in (await everything(client.cards()), await everything(client.cards(["A-1"]))):
        [shown] = cards
        assert (shown.depth, shown.width, shown.height, shown.dimension_unit) == (300, 200, 40, "mm")
        assert (shown.weight, shown.weight_unit, shown.images) == (350, "g", sent.images)
        assert {row.id for row in shown.attributes} >= {row.id for row in sent.attributes}
    assert await client.archive([item.product_id]) is True
    await clock.sleep(1)
    assert await everything(client.products()) == []
    assert [row.archived for row in await everything(client.products("ARCHIVED"))] == [True]


async def test_prices_and_stocks(client: OzonClient, clock: Clock) -> None:
    await imported(client, clock, "A-1")
    updates = [PriceUpdate("A-1", Decimal("2500"), "RUB", "0.1"), PriceUpdate("unknown", Decimal("1"), "RUB")]
    good, bad = await client.update_prices(updates)
    assert (good.offer_id, good.updated, good.errors) == ("A-1", True, ())
    assert not bad.updated
    assert bad.errors
    clock.now += timedelta(seconds=30)
    [info] = await client.product_infos(["A-1"])
    assert (info.price, Decimal(info.vat)) == (Decimal(2500), Decimal("0.1"))
    warehouse = next(row for row in await client.warehouses() if row.active and not row.is_rfbs)
    good, bad = await client.update_stocks([StockUpdate("A-1", warehouse.id, 5), StockUpdate("A-1", 1, 5)])
    assert (good.updated, good.warehouse_id, good.errors) == (True, warehouse.id, ())
    assert not bad.updated
    assert bad.errors


async def test_prices_and_stocks_of_the_cabinet_are_read(client: OzonClient, clock: Clock) -> None:
    kept, archived = await imported(client, clock, "A-1", "A-2")
    await client.update_prices([PriceUpdate("A-1", Decimal("2500"), "RUB", "0.1")])
    own = [row for row in await client.warehouses() if row.active and not row.is_rfbs]
    await client.update_stocks([StockUpdate("A-1", row.id, 5) for row in own])
    await client.archive([archived.product_id])
    await clock.sleep(1)
    [price] = await client.prices(["A-1", "A-2", "unknown"])
    assert (price.product_id, price.offer_id, price.price, price.old_price) == (kept.product_id, "A-1", Decimal(2500), None)
    assert (Decimal(price.vat), price.currency) == (Decimal("0.1"), "RUB")
    stocks = await client.stocks(["A-1", "A-2", "unknown"])
    assert set(stocks) == {"A-1"}
    [part] = stocks["A-1"]
    assert (part.scheme, part.present, part.reserved, part.free) == ("fbs", 10, 0, 10)
    assert set(part.warehouse_ids) == {row.id for row in own}
    rows = await client.warehouse_stocks(["A-1", "A-2", "unknown"])
    assert {(row.warehouse_id, row.warehouse, row.free, row.reserved) for row in rows["A-1"]} == {(row.id, row.name, 5, 0) for row in own}
    assert "unknown" not in rows
    assert [row.offer_id for row in await client.prices(["A-1", "A-2"], "ARCHIVED")] == ["A-2"]
    assert set(await client.stocks(["A-1", "A-2"], "ARCHIVED")) == {"A-2"}
    [[card]] = [page async for page in client.cards(["A-1", "A-2"], "ARCHIVED")]
    assert card.offer_id == "A-2"


async def test_what_ozon_would_refuse_as_too_frequent_is_not_sent(client: OzonClient, sandbox: Sandbox, clock: Clock) -> None:
    await imported(client, clock, "A-1")
    clock.now += timedelta(seconds=30)
    warehouse = next(row for row in await client.warehouses() if row.active and not row.is_rfbs)
    stock = StockUpdate("A-1", warehouse.id, 5)
    [taken] = await client.update_stocks([stock])
    assert taken.updated
    sandbox.reset_requests()
    [early] = await client.update_stocks([stock])
    assert not early.updated
    assert [error.passes_by_itself for error in early.errors] == [True]
    assert not sandbox.requests
    clock.now += timedelta(seconds=30)
    [later] = await client.update_stocks([stock])
    assert later.updated


async def test_warehouses(client: OzonClient) -> None:
    warehouses = await client.warehouses()
    assert {row.is_rfbs for row in warehouses} == {True, False}
    assert {row.active for row in warehouses} == {True, False}


@pytest.mark.parametrize("scheme", ["fbs", "rfbs"])
async def test_orders_of_own_warehouses(client: OzonClient, clock: Clock, sandbox: Sandbox, scheme: str) -> None:
    await imported(client, clock, "A-1")
    for warehouse in await client.warehouses():
        if warehouse.active:
            await client.update_stocks([StockUpdate("A-1", warehouse.id, 500)])
    numbers = [sandbox.place_order("A-1", 2, scheme=scheme) for _ in range(101)]
    sandbox.set_posting_status(numbers[0], "cancelled")
    since, to = clock.now - timedelta(days=1), clock.now + timedelta(days=1)
    pages = [page async for page in client.fbs_postings(since, to)]
    assert [len(page) for page in pages] == [100, 1]
    postings = [posting for page in pages for posting in page]
    assert {posting.posting_number for posting in postings} == set(numbers)
    assert {posting.scheme for posting in postings} == {scheme}
    assert {posting.products[0].quantity for posting in postings} == {2}
    assert {posting.total for posting in postings} == {Decimal("3981.00")}
    assert all(posting.created_at and posting.warehouse_id and posting.warehouse_name for posting in postings)
    [cancelled] = [posting for posting in postings if posting.status == "cancelled"]
    assert cancelled.cancel_reason
    assert await everything(client.fbs_postings(since - timedelta(days=9), since)) == []


async def on_sale(client: OzonClient, clock: Clock) -> None:
    """A product with stock in every warehouse."""
    await imported(client, clock, "A-1")
    for warehouse in await client.warehouses():
        if warehouse.active:
            await client.update_stocks([StockUpdate("A-1", warehouse.id, 500)])


async def test_postings_of_named_orders(client: OzonClient, clock: Clock, sandbox: Sandbox) -> None:
    await on_sale(client, clock)
    numbers = [sandbox.place_order("A-1", scheme=scheme) for scheme in ("fbs", "fbs", "fbo", "fbo")]
    since, to = clock.now - timedelta(days=1), clock.now + timedelta(days=1)
    orders = [number.rpartition("-")[0] for number in numbers]
    seller = await everything(client.fbs_postings(since, to, [orders[1], orders[2]]))
    ozon = await everything(client.fbo_postings(since, to, [numbers[1], numbers[2]]))
    assert [posting.posting_number for posting in seller + ozon] == numbers[1:3]


async def test_unfulfilled_are_those_still_to_be_packed(client: OzonClient, clock: Clock, sandbox: Sandbox) -> None:
    await on_sale(client, clock)
    waiting, gone = sandbox.place_order("A-1"), sandbox.place_order("A-1")
    sandbox.set_posting_status(gone, "delivering")
    found = await everything(client.unfulfilled_postings(clock.now - timedelta(days=1), clock.now + timedelta(days=30)))
    assert [(posting.posting_number, posting.scheme) for posting in found] == [(waiting, "fbs")]


async def test_what_buyers_give_back(client: OzonClient, clock: Clock, sandbox: Sandbox) -> None:
    await on_sale(client, clock)
    numbers = [sandbox.place_order("A-1", 2, scheme="fbo") for _ in range(501)]
    for number in numbers:
        sandbox.set_posting_status(number, "delivered")
        sandbox.orders.give_back(number, 1, clock.now)
    pages = [page async for page in client.returns(clock.now - timedelta(hours=1), clock.now + timedelta(hours=1))]
    assert [len(page) for page in pages] == [500, 1]
    first = pages[0][0]
    assert (first.posting_number, first.offer_id, first.quantity, first.kind) == (numbers[0], "A-1", 1, "ClientReturn")
    assert (first.status, first.reason, first.changed_at) == ("В пункте выдачи", "Не подошёл размер", clock.now.replace(microsecond=0))
    assert await everything(client.returns(clock.now - timedelta(hours=2), clock.now - timedelta(hours=1))) == []


async def test_labels_are_printed_by_a_task(client: OzonClient, clock: Clock, sandbox: Sandbox) -> None:
    await on_sale(client, clock)
    packed, unpacked = sandbox.place_order("A-1"), sandbox.place_order("A-1")
    sandbox.set_posting_status(packed, "awaiting_deliver")
    task = await client.create_labels([packed, unpacked])
    assert (await client.labels(task)).ready is False
    clock.now += timedelta(seconds=2)
    done = await client.labels(task)
    assert done.ready
    assert [number for number, _ in done.unprinted] == [unpacked]
    document = await download(done.url, "labels")
    assert document.startswith(b"%PDF")
    assert packed.encode() in document
    assert unpacked.encode() not in document


async def test_labels_of_nothing_printable_are_an_error_of_the_task(client: OzonClient, clock: Clock, sandbox: Sandbox) -> None:
    await on_sale(client, clock)
    task = await client.create_labels([sandbox.place_order("A-1")])
    clock.now += timedelta(seconds=2)
    done = await client.labels(task)
    assert (done.ready, done.url) == (False, "")
    assert done.error == "The next postings aren't ready"
    with pytest.raises(errors.OzonError):
        await client.create_labels(["0-0-0"])


async def test_orders_of_ozons_warehouses(client: OzonClient, clock: Clock, sandbox: Sandbox) -> None:
    await imported(client, clock, "A-1")
    number = sandbox.place_order("A-1", scheme="fbo")
    [posting] = await everything(client.fbo_postings(clock.now - timedelta(days=1), clock.now + timedelta(days=1)))
    assert (posting.posting_number, posting.scheme, posting.total) == (number, "fbo", Decimal("1990.50"))
    assert posting.created_at
    assert posting.warehouse_name


@pytest.mark.parametrize(
    ("credentials", "kind"),
    [
        (Credentials(KNOWN_CLIENT_ID, POSTING_KEY), errors.MissingRole),
        (Credentials(KNOWN_CLIENT_ID, "wrong"), errors.InvalidKey),
        (Credentials(5, ADMIN_KEY), errors.InvalidKey),
        (Credentials(-5, ADMIN_KEY), errors.InvalidClientId),
    ],
)
async def test_keys_that_do_not_fit(transport: Transport, credentials: Credentials, kind: type[errors.OzonError]) -> None:
    with pytest.raises(errors.OzonError) as caught:
        await OzonClient(transport, credentials).seller_info()
    assert type(caught.value) is kind
    assert caught.value.trace_id


async def test_a_revoked_key(client: OzonClient, sandbox: Sandbox) -> None:
    sandbox.revoke_key(ADMIN_KEY)
    with pytest.raises(errors.KeyDeactivated):
        await client.roles()


async def test_the_limits_of_ozon_are_never_hit(client: OzonClient, sandbox: Sandbox, clock: Clock) -> None:
    await asyncio.gather(*(client.roles() for _ in range(150)))
    for _ in range(90):
        await client.update_stocks([StockUpdate("unknown", 1, 5)])
    assert 429 not in {request.status for request in sandbox.requests}


async def test_faults_do_not_come_through_to_whoever_reads(clock: Clock) -> None:
    sandbox = Sandbox(clock=clock, order_interval_s=0, faults="429=0.15,500=0.1,html=0.1,cut=0.1", seed=3)
    retries = RetryPolicy(attempts=12, budget_s=600)
    client = OzonClient(Transport(app=sandbox.app, clock=clock.seconds, sleep=clock.sleep, retries=retries), ADMIN)
    for _ in range(20):
        assert (await client.seller_info()).currency == "RUB"
        assert await client.warehouses()
    assert client.requests_sent > 40


async def test_over_a_real_connection() -> None:
    with SandboxThread(Sandbox(order_interval_s=0)) as served:
        transport = Transport(base_url=served.url)
        client = OzonClient(transport, ADMIN)
        assert (await client.seller_info()).currency == "RUB"
        categories, types = await client.category_tree()
        assert categories
        assert types
        await transport.aclose()


async def test_a_connection_that_breaks_off_in_the_middle_of_an_answer() -> None:
    with SandboxThread(Sandbox(order_interval_s=0, faults="cut=1")) as served:
        transport = Transport(base_url=served.url, retries=RetryPolicy(attempts=2, first_delay_s=0.01))
        with pytest.raises(errors.ConnectionLost) as caught:
            await OzonClient(transport, ADMIN).seller_info()
        assert caught.value.sent
        assert transport.requests == 2
        await transport.aclose()


async def test_nobody_listens() -> None:
    with SandboxThread(Sandbox(order_interval_s=0)) as served:
        url = served.url
    transport = Transport(base_url=url, retries=RetryPolicy(attempts=1))
    with pytest.raises(errors.NoConnection) as caught:
        await OzonClient(transport, ADMIN).roles()
    assert not caught.value.sent
    await transport.aclose()
