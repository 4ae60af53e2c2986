"""An independent judge: every answer has to fit the models of the `ozon-sdk` package, which knows nothing of this project."""

import copy
import inspect
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from ozon_sdk.base.method import BaseMethod
from ozon_sdk.seller_api.basic import methods as sdk
from ozon_sdk.seller_api.beta import methods as beta

from ozon_desktop.sandbox.ozon.carriages import FIRST_CARRIAGE
from ozon_desktop.sandbox.ozon.labels import FIRST_TASK
from ozon_desktop.sandbox.ozon.methods import METHODS
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.sandbox.ozon.conftest import MAIN_WAREHOUSE, RFBS_WAREHOUSE, Api, Clock, shirt

pytestmark = pytest.mark.slow

PERIOD = {"since": "2026-11-20T00:00:00Z", "to": "2026-12-31T00:00:00Z"}
PARTS = {"analytics_data": True, "financial_data": True, "legal_info": True}
SHIP = "/v4/posting/fbs/ship"
LABELS = "/v2/posting/fbs/package-label/get"
PDF = "/v2/posting/fbs/act/get-pdf"
OF_POSTING = {"posting_number": "41000000-2202-1"}
MARKS = [{"mark": "0104600000000008215serial", "mark_type": "mandatory_mark"}]
UNPACKED = {
    SHIP,
    "/v4/posting/fbs/ship/package",
    "/v1/posting/fbs/split",
    "/v2/posting/fbs/product/cancel",
}
"""Methods of a posting that is not assembled yet."""

OF_CARRIAGE = {path for path in METHODS if path.startswith(("/v1/carriage/", "/v2/posting/fbs/act/")) and path != "/v1/carriage/create"}
SHIRT = {"description_category_id": 101, "type_id": 1001}
REQUESTS: dict[str, dict[str, Any]] = {
    "/v1/roles": {},
    "/v1/seller/info": {},
    "/v1/description-category/tree": {},
    "/v1/description-category/attribute": SHIRT,
    "/v1/description-category/attribute/values": {**SHIRT, "attribute_id": 85, "limit": 10},
    "/v1/description-category/attribute/values/search": {**SHIRT, "attribute_id": 85, "value": "бренд", "limit": 10},
    "/v1/description-category/dependent-attributes": SHIRT,
    "/v1/description-category/dependent-attributes/values": {**SHIRT, "parent_attribute_id": 4389, "child_attribute_id": 10096},
    "/v3/product/import": {"items": [shirt("B")]},
    "/v1/product/import/info": {"task_id": 1720000001},
    "/v4/product/info/limit": {},
    "/v1/product/import/prices": {"prices": [{"offer_id": "A", "price": "2000"}]},
    "/v5/product/info/prices": {"filter": {}, "limit": 10},
    "/v2/products/stocks": {"stocks": [{"offer_id": "A", "stock": 1, "warehouse_id": RFBS_WAREHOUSE}]},
    "/v4/product/info/stocks": {"filter": {}, "limit": 10},
    "/v2/product/info/stocks-by-warehouse/fbs": {"offer_id": ["A"], "limit": 10},
    "/v2/warehouse/list": {"limit": 10},
    "/v3/product/list": {"limit": 10},
    "/v3/product/info/list": {"offer_id": ["A"]},
    "/v4/product/info/attributes": {"filter": {}, "limit": 10},
    "/v4/posting/fbs/list": {"filter": PERIOD, "limit": 10, "with": {**PARTS, "barcodes": True}},
    "/v4/posting/fbs/unfulfilled/list": {"filter": {"cutoff_from": PERIOD["since"], "cutoff_to": PERIOD["to"]}, "limit": 10},
    "/v3/posting/fbo/list": {"filter": PERIOD, "limit": 10, "with": PARTS},
    SHIP: {"posting_number": "41000000-2202-1", "packages": [{"products": [{"product_id": 1600000001, "quantity": 1}]}]},
    "/v3/posting/fbs/package-label/create": {"posting_numbers": ["41000000-2202-1"]},
    "/v2/posting/fbs/package-label/get": {"task_id": FIRST_TASK},
    "/v3/posting/fbs/get": {"posting_number": "41000000-2202-1", "with": {"product_exemplars": True, "related_postings": True, **PARTS}},
    "/v4/posting/fbs/ship/package": {"posting_number": "41000000-2202-1", "products": [{"product_id": 1600000001, "quantity": 1}]},
    "/v1/posting/fbs/split": {
        "posting_number": "41000000-2202-1",
        "postings": [{"products": [{"product_id": 1600000001, "quantity": 1}]}, {"products": [{"product_id": 1600000001, "quantity": 1}]}],
    },
    "/v6/fbs/posting/product/exemplar/create-or-get": OF_POSTING,
    "/v5/fbs/posting/product/exemplar/validate": {**OF_POSTING, "products": [{"product_id": 1600000001, "exemplars": [{"marks": MARKS}]}]},
    "/v6/fbs/posting/product/exemplar/set": {**OF_POSTING, "products": []},
    "/v5/fbs/posting/product/exemplar/status": OF_POSTING,
    "/v1/fbs/posting/product/exemplar/update": OF_POSTING,
    "/v2/posting/fbs/product/country/list": {"name_search": "Рос"},
    "/v2/posting/fbs/product/country/set": {**OF_POSTING, "product_id": 1600000001, "country_iso_code": "RU"},
    "/v1/posting/fbs/cancel-reason": {"related_posting_numbers": ["41000000-2202-1"]},
    "/v2/posting/fbs/cancel": {**OF_POSTING, "cancel_reason_id": 352},
    "/v2/posting/fbs/product/cancel": {
        **OF_POSTING,
        "cancel_reason_id": 352,
        "cancel_reason_message": "нет",
        "items": [{"sku": 1600000001, "quantity": 1}],
    },
    "/v2/carriage/delivery/list": {"limit": 10},
    "/v1/carriage/create": {"delivery_method_id": MAIN_WAREHOUSE},
    "/v1/carriage/get": {"carriage_id": FIRST_CARRIAGE},
    "/v1/carriage/set-postings": {"carriage_id": FIRST_CARRIAGE, "posting_numbers": ["41000000-2202-1", "0-0-0"]},
    "/v1/carriage/approve": {"carriage_id": FIRST_CARRIAGE},
    "/v1/carriage/cancel": {"carriage_id": FIRST_CARRIAGE},
    "/v2/posting/fbs/act/check-status": {"id": FIRST_CARRIAGE},
    "/v2/posting/fbs/act/get-pdf": {"id": FIRST_CARRIAGE},
    "/v2/posting/fbs/act/get-barcode/text": {"id": FIRST_CARRIAGE},
    "/v2/fbs/posting/delivering": {"posting_number": ["41000000-2202-1"]},
    "/v2/fbs/posting/last-mile": {"posting_number": ["41000000-2202-1"]},
    "/v2/fbs/posting/delivered": {"posting_number": ["41000000-2202-1"]},
    "/v2/fbs/posting/tracking-number/set": {"tracking_numbers": [{"posting_number": "41000000-2202-1", "tracking_number": "T-1"}]},
    "/v1/returns/list": {"filter": {"return_schema": "FBO"}, "limit": 10},
    "/v1/product/archive": {"product_id": [2100000002]},
    "/v1/product/unarchive": {"product_id": [2100000002]},
    "/v1/product/action/timer/status": {"product_ids": [2100000001]},
    "/v1/product/action/timer/update": {"product_ids": [2100000001]},
    "/v1/barcode/add": {"barcodes": [{"sku": 1600000001, "barcode": "OWN-1"}, {"sku": 1, "barcode": "OWN-2"}]},
}
WITHOUT_CONTENT = {
    "/v1/product/action/timer/update",
    "/v6/fbs/posting/product/exemplar/set",
    "/v1/fbs/posting/product/exemplar/update",
    PDF,
}
"""Documented to answer nothing but 200, or a file."""

# What a careless client may put anywhere.
ODD: list[Any] = [None, -1, 10**30, 1.5, True, "", "9" * 5000, "ы", "0001-01-01T00:00:00+14:00", [], [None], {}, {"a": [1]}]
# Fields of recorded live answers that the documentation, and so the judge, leaves out.
LIVE_ONLY = {"marketing_price", "images360", "is_seasonal"}


def _judges() -> dict[str, type[BaseMethod[Any]]]:
    known = [*vars(beta).values(), *vars(sdk).values()]
    classes = [item for item in known if inspect.isclass(item) and issubclass(item, BaseMethod) and hasattr(item, "__path__")]
    return {item.__path__: item for item in classes}


def _unknown(model: Any) -> set[str]:
    """Names of fields the models did not know, at any depth."""
    if isinstance(model, list):
        return {name for item in model for name in _unknown(item)}
    if not isinstance(model, msgspec.Struct):
        return set()
    names = set(model.__dict__.get("extras") or {})
    return names | {name for field in msgspec.structs.fields(model) for name in _unknown(getattr(model, field.name))}


def test_every_method_is_judged() -> None:
    assert set(REQUESTS) == {"/v1/roles", *METHODS}


@pytest.mark.parametrize("path", REQUESTS)
async def test_an_answer_fits_the_models_of_an_independent_client(api: Api, sandbox: Sandbox, clock: Clock, path: str) -> None:
    await api.import_on_sale("A", stock=9)
    await api.import_on_sale("C")
    sandbox.memory.timing.needs_carriage = True
    pieces = 2 if path in UNPACKED - {SHIP} else 1
    packed, given_back = (sandbox.place_order("A", count, scheme=scheme) for scheme, count in (("fbs", pieces), ("fbo", 1)))
    if path not in UNPACKED:
        sandbox.set_posting_status(packed, "awaiting_deliver")
    if path in OF_CARRIAGE:
        await api.call("/v1/carriage/create", {"delivery_method_id": MAIN_WAREHOUSE})
    if "/act/" in path:
        await api.call("/v1/carriage/approve", {"carriage_id": FIRST_CARRIAGE})
        clock.move(2)
    sandbox.set_posting_status(given_back, "delivered")
    sandbox.orders.give_back(given_back, 1, clock.now)
    if path == LABELS:
        await api.call("/v3/posting/fbs/package-label/create", {"posting_numbers": [packed]})
        clock.move(2)
    if path == PDF:
        assert (await api.send(path, REQUESTS[path])).content.startswith(b"%PDF")
        return
    answer = await api.call(path, REQUESTS[path])
    if path == "/v4/product/info/attributes":
        # Declared as a string, yet a number in the official example and in live answers.
        answer["result"] = [{**card, "sku": str(card["sku"])} for card in answer["result"]]
    judge = _judges()[path]
    decoded = judge()._decode(answer)
    if path in WITHOUT_CONTENT:
        assert decoded is None
        return
    assert decoded is not None
    assert _unknown(decoded) <= LIVE_ONLY
    left = {"/v2/posting/fbs/cancel": 9, **dict.fromkeys(UNPACKED - {SHIP}, 7), "/v2/posting/fbs/product/cancel": 8}
    assert sandbox.products["A"].stocks[MAIN_WAREHOUSE] == left.get(path, 8)


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value inside a body."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*place, key)
        yield from _places(inner, (*place, key))


@pytest.mark.parametrize("path", [path for path, body in REQUESTS.items() if body])
async def test_no_odd_value_breaks_the_sandbox(api: Api, sandbox: Sandbox, path: str) -> None:
    await api.import_on_sale("A", "C", stock=9)
    sandbox.memory.limits.set_barcodes_per_minute(10_000)
    sandbox.place_order("A")
    for place in _places(REQUESTS[path]):
        for odd in ODD:
            body = copy.deepcopy(REQUESTS[path])
            inner: Any = body
            for key in place[:-1]:
                inner = inner[key]
            inner[place[-1]] = copy.deepcopy(odd)
            response = await api.send(path, body)
            assert response.status_code in {200, 400, 404}, (place, odd)
            assert response.json() or path in WITHOUT_CONTENT
            api.clock.move(1)
    assert sandbox.products["A"].free >= 0
