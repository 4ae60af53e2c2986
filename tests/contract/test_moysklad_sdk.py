"""The official SDK of МойСклад reads every answer of the stand-in that the program's client asks for, and writes what it writes.

Its models are strict: a value of another type than the service gives is an error, and a field the service does not have stays in
`additional_properties`. What it cannot read, and what it has no method for, is named at the top.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ozon_desktop.sandbox.moysklad.auth import ADMIN_LOGIN, ADMIN_PASSWORD
from ozon_desktop.sandbox.moysklad.limits import Limits
from ozon_desktop.sandbox.moysklad.sandbox import MoySklad
from ozon_desktop.sandbox.moysklad.shop import fill
from ozon_desktop.sandbox.server import SandboxThread
from tests.contract.moysklad_sdk import sdk

pytestmark = pytest.mark.slow

ASKED = {"accept": "application/json;charset=utf-8", "accept_encoding": "gzip"}
"""The SDK says neither by itself: without the second every one of its requests is answered 415."""

NO_METHOD = frozenset({"context/employee", "security/token"})
"""Paths of the client that the SDK does not know."""

NOT_KNOWN = {
    "product.rows.attributes.value": "the value of a field: the model common to all kinds of fields has none",
    "assortment.rows.attributes.value": "the same",
}
"""Fields of the stand-in that its models do not have, and why."""

REFUSED = "positions"
"""Its model of an order takes the list of lines that answers have, not the array that the documentation wants written."""


@pytest.fixture(scope="module")
def there() -> MoySklad:
    account = MoySklad(limits=Limits(bucket=1_000_000))
    fill(account, 60, variants=0.2, bundles=0.1)
    good = next(iter(account.memory.goods.values()))
    fields = {kind: account.add_attribute(f"Поле {kind}", kind) for kind in ("string", "text", "link", "long", "double", "boolean", "time")}
    values = dict(zip(fields.values(), ("а", "б", "https://x.example", 5, 1.5, True, "2026-11-30 00:00:00.000"), strict=True))
    codes = [{kind: code} for kind, code in (("ean8", "20000004"), ("code128", "A-1"), ("gtin", "02000000000015"), ("upc", "036000291452"))]
    account.change(good, attributes=values, min_price=5000.0, images=2, barcodes=codes, volume=0.001)
    account.add_product("Без НДС", vat=None)
    account.add_product("В архиве", archived=True)
    account.add_to("saleschannel", "Ozon", type="MARKETPLACE")
    account.add_to("counterparty", "Покупатель", companyType="legal")
    return account


@pytest.fixture(scope="module")
def client(there: MoySklad) -> Iterator[Any]:
    with SandboxThread(there) as served:
        yield sdk.ApiClient(sdk.Configuration(host=served.url + there.root, username=ADMIN_LOGIN, password=ADMIN_PASSWORD))


def unknown(model: Any, path: str) -> Iterator[str]:
    """Where models hold fields they do not know."""
    if isinstance(model, list):
        for each in model:
            yield from unknown(each, path)
    elif isinstance(model, sdk.models.Meta) or hasattr(model, "additional_properties"):
        yield from (f"{path}.{name}" for name in model.additional_properties)
        for name in type(model).model_fields:
            yield from unknown(getattr(model, name), f"{path}.{name}")
    elif hasattr(model, "actual_instance"):
        yield from unknown(model.actual_instance, path)


LISTS: dict[str, Callable[[Any], Any]] = {
    "product": lambda client: sdk.ProductsApi(client).get_products(filter="archived=true;archived=false", **ASKED),
    "product, pictures": lambda client: sdk.ProductsApi(client).get_products(
        limit=100, expand="images", fields="downloadPermanentHref", **ASKED
    ),
    "variant": lambda client: sdk.VariantsApi(client).get_variants(**ASKED),
    "bundle": lambda client: sdk.BundlesApi(client).get_bundles(limit=100, expand="components,images", **ASKED),
    "productfolder": lambda client: sdk.ProductFoldersApi(client).get_product_folders(**ASKED),
    "store": lambda client: sdk.StoresApi(client).get_stores(**ASKED),
    "organization": lambda client: sdk.OrganizationsApi(client).get_organizations(**ASKED),
    "employee": lambda client: sdk.EmployeesApi(client).get_employees(**ASKED),
    "saleschannel": lambda client: sdk.SalesChannelsApi(client).get_sales_channels(**ASKED),
    "counterparty": lambda client: sdk.CounterpartiesApi(client).get_counterparties(**ASKED),
    "currency": lambda client: sdk.CurrenciesApi(client).get_currencies(**ASKED),
    "uom": lambda client: sdk.UomsApi(client).get_uoms(**ASKED),
    "assortment": lambda client: sdk.AssortmentApi(client).get_assortment(
        limit=100, expand="components", _headers={"X-Lognex-Remap-Beta-Feature": "assortmentWithoutStock"}, **ASKED
    ),
}


@pytest.mark.parametrize("kind", LISTS)
def test_every_list_fits_its_models(there: MoySklad, client: Any, kind: str) -> None:
    found = LISTS[kind](client)
    assert found.meta.size == len(found.rows) > 0
    assert set(unknown(found, kind.partition(",")[0])) <= NOT_KNOWN.keys()


def test_what_the_models_read_is_what_is_there(there: MoySklad, client: Any) -> None:
    rows = LISTS["product, pictures"](client).rows
    good = there.memory.goods[rows[0].id]
    assert [rows[0].name, rows[0].article, rows[0].weight] == [good.name, good.article, good.weight]
    assert [price.value for price in rows[0].sale_prices] == list(good.prices.values())
    assert [image.meta.download_permanent_href for image in rows[0].images.rows] == there.picture_links(good)
    assert len(rows[0].attributes) == 7
    bundle = LISTS["bundle"](client).rows[0]
    assert [part.quantity for part in bundle.components.rows] == [number for _, number in there.memory.goods[bundle.id].components]


def test_price_types_states_and_stocks(there: MoySklad, client: Any) -> None:
    assert [kind.name for kind in sdk.PriceTypesApi(client).get_price_types(**ASKED)] == list(there.memory.price_types.values())
    states = sdk.CustomerOrdersApi(client).get_customer_order_metadata(**ASKED).states
    assert [state.name for state in states] == list(there.memory.states.values())
    report = sdk.ReportsStockCurrentApi(client).get_stock_by_store_current(stock_type="freeStock", include="zeroLines", **ASKED)
    told = {(row.assortment_id, row.store_id): row.free_stock for row in report}
    assert told
    assert all(told[good, store] == float(amount) for good, places in there.memory.stocks.items() for store, amount in places.items())


def test_an_order_is_made_changed_and_read(there: MoySklad, client: Any) -> None:
    orders = sdk.CustomerOrdersApi(client)
    good = next(good for good in there.memory.of_kind("product") if there.memory.stocks.get(good.id))
    good_before = there.free(good)

    def link(kind: str, id_: str) -> dict[str, Any]:
        return {"meta": {"href": f"{client.configuration.host}/entity/{kind}/{id_}", "type": kind, "mediaType": "application/json"}}

    buyer = next(iter(there.memory.lists["counterparty"]))
    body = {
        "organization": link("organization", there.company.id),
        "agent": link("counterparty", buyer),
        "store": link("store", there.store.id),
        "syncId": "10000000-0000-4000-8000-000000000001",
        "moment": "2026-12-01 09:00:00.000",
    }
    line = {"assortment": link("product", good.id), "quantity": 1, "price": 59000, "reserve": 1}
    with pytest.raises(ValueError, match="CustomerOrderPositionList"):
        sdk.CustomerOrder.from_dict(body | {REFUSED: [line]})
    made = orders.create_customer_order(customer_order=sdk.CustomerOrder.from_dict(body), **ASKED)
    added = sdk.CustomerOrderPosition.from_dict(line)
    orders.create_customer_order_position(made.id, customer_order_position=added, **ASKED)
    seen = orders.get_customer_order_by_id(made.id, **ASKED)
    assert (seen.sync_id, seen.sum, seen.reserved_sum) == (body["syncId"], 59000, 59000)
    assert there.free(good) == good_before - 1
    assert orders.create_customer_order(customer_order=sdk.CustomerOrder.from_dict(body), **ASKED).id == made.id
    lines = orders.get_customer_order_positions(made.id, **ASKED).rows
    assert [(line.quantity, line.reserve) for line in lines] == [(1, 1)]
    free = sdk.CustomerOrderPosition.from_dict({"reserve": 0})
    orders.update_customer_order_position(made.id, lines[0].id, customer_order_position=free, **ASKED)
    assert there.free(good) == good_before
    # The SDK has no filter for orders.
    found = orders.get_customer_order_list(**ASKED)
    assert [row.id for row in found.rows] == [made.id]
    assert list(unknown(found, "customerorder")) == []


def test_a_refusal_is_read_as_one(client: Any) -> None:
    with pytest.raises(sdk.ApiException) as caught:
        sdk.ProductsApi(client).get_products(filter="colour=red", **ASKED)
    assert json.loads(caught.value.body)["errors"][0]["code"] == 1034
    with pytest.raises(sdk.ApiException) as caught:
        sdk.ProductsApi(client).get_products()
    assert caught.value.status == 415
