"""Real answers of Ozon against those of the sandbox: the same fields at the same places, with the same kinds of values.

Real answers are other people's data and lie outside the project: without them these tests are skipped.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID, POSTING_KEY
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.contract.exchanges import Clock, Exchange, Play
from tests.places import SANDBOX_DATA, SHARED

REAL = SHARED / "ozon"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the recorded answers of Ozon are not on this machine")

ANSWERS = {
    "category_tree.json": "/v1/description-category/tree",
    "fixtures/attribute_values_brand.json": "/v1/description-category/attribute/values",
    "fixtures/attribute_values_search.json": "/v1/description-category/attribute/values/search",
    "fixtures/attributes_car_paint.json": "/v1/description-category/attribute",
    "fixtures/category_attributes.json": "/v1/description-category/attribute",
    "fixtures/import_info.json": "/v1/product/import/info",
    "fixtures/posting_fbs_unfulfilled_list_v4.json": "/v4/posting/fbs/unfulfilled/list",
    "fixtures/product_info_attributes.json": "/v4/product/info/attributes",
    "fixtures/product_info_limit.json": "/v4/product/info/limit",
    "fixtures/product_info_list.json": "/v3/product/info/list",
    "fixtures/product_info_list_with_error.json": "/v3/product/info/list",
    "fixtures/product_info_prices.json": "/v5/product/info/prices",
}
NOT_ANSWERS = {"fixtures/errors.json"}
OLDER = {"/items/*/price/marketing_price"}
"""Fields of recorded answers that Ozon has taken away since."""


@pytest.fixture(scope="module")
def exchanges() -> list[Exchange]:
    return asyncio.run(Play().run())


def _kind(value: Any) -> str:
    kinds = ((bool, "boolean"), (int | float, "number"), (str, "text"), (list, "list"), (dict, "object"))
    return next(name for kind, name in kinds if isinstance(value, kind))


def _places(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """(where, what kind of value) for everything that is not null; * stands for every position in a list."""
    if value is not None:
        yield place, _kind(value)
    for key, inner in value.items() if isinstance(value, dict) else (("*", item) for item in value) if isinstance(value, list) else ():
        yield from _places(inner, f"{place}/{key}")


def _named(value: Any, place: str = "") -> Iterator[str]:
    """Places of all fields, those with null included."""
    for key, inner in value.items() if isinstance(value, dict) else (("*", item) for item in value) if isinstance(value, list) else ():
        if key != "*":
            yield f"{place}/{key}"
        yield from _named(inner, f"{place}/{key}")


def _flat(tree: Any) -> Any:
    """A tree is as deep as it is: all its nodes in one list."""
    nodes, waiting = [], list(tree["result"])
    while waiting:
        node = waiting.pop()
        waiting += node["children"]
        nodes.append({**node, "children": []})
    return {"result": nodes}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_sandbox_answers_as_ozon_did(exchanges: list[Exchange], name: str) -> None:
    real = json.loads((REAL / name).read_text(encoding="utf-8"))
    played = [exchange.answer for exchange in exchanges if exchange.path == ANSWERS[name] and exchange.status == 200]
    if name == "category_tree.json":
        real, played = _flat(real), [_flat(answer) for answer in played]
    assert set(_named(real)) - {place for answer in played for place in _named(answer)} <= OLDER
    kinds: dict[str, set[str]] = {}
    for answer in played:
        for place, kind in _places(answer):
            kinds.setdefault(place, set()).add(kind)
    wrong = {(place, kind) for place, kind in _places(real) if place in kinds and kind not in kinds[place]}
    assert not wrong


def _refused(row: dict[str, Any]) -> tuple[Any, ...]:
    """(status, body, headers) of a real refusal; numbers of seconds and items differ, and are left out."""
    body = {key: re.sub(r"\d+", "N", str(item)) if key == "message" else item for key, item in row["body"].items()}
    return row["http"], sorted(body.items(), key=str), sorted(name.lower() for name in row.get("headers") or {})


async def test_the_sandbox_refuses_as_ozon_did() -> None:
    clock = Clock()
    sandbox = Sandbox(data_dir=SANDBOX_DATA, clock=clock, order_interval_s=0, faults="circle=/v2/warehouse/list:60")
    sandbox.memory.limits.requests_per_second = 10
    sandbox.memory.limits.set_items_per_minute(0)
    good = {"Client-Id": str(KNOWN_CLIENT_ID), "Api-Key": ADMIN_KEY}
    posting = {**good, "Api-Key": POSTING_KEY}
    item = {"offer_id": "A", "name": "A"}
    situations: dict[str, tuple[str, Any, dict[str, str]]] = {
        "no Client-Id / Api-Key headers": ("/v1/roles", {}, {}),
        "Client-Id not a positive integer": ("/v1/roles", {}, {**good, "Client-Id": "x"}),
        "well-formed but wrong Client-Id/Api-Key pair": ("/v1/roles", {}, {**good, "Client-Id": "7"}),
        "key lacks role": ("/v1/seller/info", {}, posting),
        "method switched off": ("/v1/warehouse/list", {}, good),
        "per-item": ("/v3/product/import", {"items": [item]}, good),
        "circuit breaker": ("/v2/warehouse/list", {"limit": 10}, good),
        "general rate limit": ("/v1/roles", {}, good),
        "key deactivated / expired": ("/v1/roles", {}, posting),
    }
    rows = {row["when"]: row for row in json.loads((REAL / "fixtures/errors.json").read_text(encoding="utf-8"))}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox.test") as http:
        for when, (path, body, headers) in situations.items():
            real = next(row for name, row in rows.items() if name.startswith(when))
            repeated = 11 if when == "general rate limit" else 1
            if "deactivated" in when:
                sandbox.revoke_key(POSTING_KEY)
            for _ in range(repeated):
                response = await http.post(path, json=body, headers=headers)
            named = [name for name in real.get("headers") or {} if name in response.headers]
            answer = {name: item for name, item in response.json().items() if name in real["body"]}
            mine = {"http": response.status_code if real["http"] else None, "body": answer, "headers": named}
            assert _refused(mine) == _refused(real), when
            clock.now += timedelta(seconds=2)
    assert set(rows) - {name for name in rows if name.startswith(tuple(situations))} == {"offer not signed"}


def test_every_real_answer_was_looked_at() -> None:
    there = {path.relative_to(REAL).as_posix() for path in (REAL / "fixtures").glob("*.json")}
    assert there <= set(ANSWERS) | NOT_ANSWERS
