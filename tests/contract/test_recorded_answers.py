"""A recording of everything: it gives nothing away, and the client reads it as it read the real answers."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import respx

from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.credentials import Credentials
from ozon_desktop.ozon.endpoints import ENDPOINTS
from ozon_desktop.ozon.limits import RetryPolicy
from ozon_desktop.ozon.recording import Recording
from ozon_desktop.ozon.transport import BASE_URL, Transport
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID, POSTING_KEY
from tests.contract.exchanges import Exchange, Play

PERIOD = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))


@pytest.fixture
async def played(tmp_path: Path) -> list[Exchange]:
    return await Play(Recording(tmp_path, per_method=100)).run()


def _documents(folder: Path) -> list[Any]:
    return [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.iterdir())]


def _last(folder: Path, path: str) -> Any:
    """The last good answer of the client's own requests that has most in it."""
    good = [document["answer"] for document in _documents(folder) if document["method"] == path and document["status"] == 200]
    return max(good, key=lambda answer: len(json.dumps(answer)))


async def test_a_file_comes_of_every_exchange_and_tells_nothing(played: list[Exchange], tmp_path: Path) -> None:
    documents = _documents(tmp_path)
    assert len(documents) == len(played)
    assert {document["method"] for document in documents} == {exchange.path for exchange in played}
    assert {document["status"] for document in documents} == {200, 403, 404}
    private = "".join(
        json.dumps(document, ensure_ascii=False) for document in documents if "description-category" not in document["method"]
    )
    orders = {posting["order_number"] for exchange in played if exchange.path.endswith("/list") for posting in _postings(exchange)}
    assert len(orders) == 12
    secrets = {
        ADMIN_KEY,
        POSTING_KEY,
        str(KNOWN_CLIENT_ID),
        "Песочница",
        "Примеров",
        "Примерная",
        "Казань",
        "55.79",
        "420000",
        "shop.example",
    }
    assert not [secret for secret in secrets | orders if secret in private]


def _postings(exchange: Exchange) -> list[Any]:
    found: list[Any] = exchange.answer.get("postings") or []
    return found


async def _first(pages: AsyncIterator[list[Any]]) -> list[Any]:
    return await anext(pages)


async def test_the_client_reads_a_recording_as_the_answers_themselves(played: list[Exchange], tmp_path: Path) -> None:
    client = OzonClient(Transport(retries=RetryPolicy(attempts=1)), Credentials(777, ADMIN_KEY))
    with respx.mock(base_url=BASE_URL, assert_all_called=False) as ozon:
        for endpoint in ENDPOINTS:
            ozon.post(endpoint.path).mock(return_value=httpx.Response(200, content=msgspec.json.encode(_last(tmp_path, endpoint.path))))
        assert (await client.roles()).roles == ("Admin",)
        assert (await client.seller_info()).currency == "RUB"
        assert OzonTree.build(*await client.category_tree()).base
        key = TypeKey(1, 2)
        assert await client.attributes(key)
        assert await _first(client.attribute_values(key, 85))
        assert await client.search_values(key, 85, "ab")
        [good, _, broken, incomplete] = await client.import_info(1)
        assert (good.status, broken.status) == ("imported", "failed")
        assert broken.errors[0].code
        assert (incomplete.status, incomplete.accepted) == ("imported", False)
        assert await _first(client.products())
        [first, *_] = await client.product_infos(["x"])
        assert (first.status, first.currency) == ("price_sent", "RUB")
        [card, *_] = await _first(client.cards(["x"]))
        assert {row.complex_id for row in card.attributes} == {0, 100001}
        assert {row.currency for row in await client.prices(["x"])} == {"RUB"}
        assert any(await client.stocks(["x"]))
        assert {row.name for row in await client.limits()} == {"total", "daily_create", "daily_update", "per_minute"}
        warehouses = {row.id for row in await client.warehouses()}
        postings = await _first(client.fbs_postings(*PERIOD))
        assert {posting.scheme for posting in postings} == {"fbs", "rfbs"}
        assert {posting.warehouse_id for posting in postings} <= warehouses
        assert {posting.status for posting in postings} >= {"awaiting_packaging", "awaiting_deliver", "delivering", "cancelled"}
        assert {line.offer_id for posting in postings for line in posting.products} == {first.offer_id}
        assert await _first(client.fbo_postings(*PERIOD))
