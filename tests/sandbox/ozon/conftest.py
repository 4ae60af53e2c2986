"""A sandbox over the tiny data folder beside this file, with a clock the tests move, and a client speaking to it in process."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.barcodes import ean

DATA = Path(__file__).parent / "data"
MAIN_WAREHOUSE = 1020005000000101
FOREST_WAREHOUSE = 1020005000000102
RFBS_WAREHOUSE = 1020005000000103
CLOSED_WAREHOUSE = 1020005000000104


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Api:
    """Calls methods of a sandbox with the administrator's key."""

    def __init__(self, client: httpx.AsyncClient, clock: Clock) -> None:
        self.client = client
        self.clock = clock

    async def send(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """The raw answer; headers by their names with underscores."""
        sent = {"Client-Id": str(KNOWN_CLIENT_ID), "Api-Key": ADMIN_KEY, **{name.replace("_", "-"): text for name, text in headers.items()}}
        return await self.client.post(path, json=body if body is not None else {}, headers=sent)

    async def call(self, path: str, body: Any = None) -> Any:
        """The body of an answer that has to be 200; the second passes, so that no rate limit gets in the way."""
        response = await self.send(path, body)
        assert response.status_code == 200, response.text
        self.clock.move(1)
        return response.json()

    async def refused(self, path: str, body: Any = None) -> tuple[int, Any, str]:
        """(HTTP status, code, message) of an answer that has to be an error."""
        response = await self.send(path, body)
        assert response.status_code >= 400, response.text
        self.clock.move(1)
        return response.status_code, response.json()["code"], response.json()["message"]

    async def import_items(self, *items: dict[str, Any]) -> list[dict[str, Any]]:
        """Import and wait for the task: the items of import/info."""
        task = await self.call("/v3/product/import", {"items": list(items)})
        self.clock.move(5)
        info = await self.call("/v1/product/import/info", {"task_id": task["result"]["task_id"]})
        items_info: list[dict[str, Any]] = info["result"]["items"]
        return items_info

    async def import_on_sale(self, *offers: str, stock: int = 0) -> None:
        """Products that reached price_sent, with stock in the main warehouse."""
        for result in await self.import_items(*(shirt(offer) for offer in offers)):
            assert result["status"] == "imported", result
        self.clock.move(10)
        if stock:
            rows = [{"offer_id": offer, "stock": stock, "warehouse_id": MAIN_WAREHOUSE} for offer in offers]
            answer = await self.call("/v2/products/stocks", {"stocks": rows})
            assert all(row["updated"] for row in answer["result"]), answer


def attribute(attribute_id: int, *values: str, dictionary: tuple[int, ...] = ()) -> dict[str, Any]:
    """One attribute as the import takes it: free texts or ids of a dictionary."""
    chosen: list[dict[str, Any]] = [{"value": value} for value in values]
    chosen += [{"dictionary_value_id": value_id} for value_id in dictionary]
    return {"id": attribute_id, "complex_id": 0, "values": chosen}


def shirt(offer_id: str | None = "RU-1", **changes: Any) -> dict[str, Any]:
    """An item of /v3/product/import that is right in everything, with changes; a change to None leaves the field out."""
    item = {
        "offer_id": offer_id,
        "name": f"Рубашка льняная {offer_id}",
        "description_category_id": 101,
        "type_id": 1001,
        "price": "1990",
        "old_price": "2490",
        "currency_code": "RUB",
        "vat": "0.22",
        "depth": 300,
        "width": 200,
        "height": 40,
        "dimension_unit": "mm",
        "weight": 350,
        "weight_unit": "g",
        "images": ["https://example.test/1.jpg", "https://example.test/2.jpg"],
        "barcode": ean(offer_id or ""),
        "attributes": [attribute(85, dictionary=(5_000_002,)), attribute(9048, "Лён"), attribute(10096, dictionary=(61571, 61576))],
    }
    item.update(changes)
    return {name: value for name, value in item.items() if value is not None}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sandbox(clock: Clock) -> Sandbox:
    return Sandbox(data_dir=DATA, clock=clock, order_interval_s=0)


@pytest.fixture
async def api(sandbox: Sandbox, clock: Clock) -> AsyncIterator[Api]:
    transport = httpx.ASGITransport(app=sandbox.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as client:
        yield Api(client, clock)
