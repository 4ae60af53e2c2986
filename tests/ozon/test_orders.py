"""What the methods about orders send, and the postings their answers become."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import respx

from ozon_desktop.domain.orders import Posting, PostingProduct
from ozon_desktop.ozon.client import OzonClient
from tests.ozon.playing import answers, bodies, pages_of

SINCE, TO = datetime(2026, 11, 1, 3, tzinfo=timezone(timedelta(hours=3))), datetime(2026, 11, 2)


async def test_fbs_postings_page_by_page(ozon: respx.MockRouter, client: OzonClient) -> None:
    row = {
        "posting_number": "1-1",
        "order_id": 35566808085,
        "order_number": "1",
        "status": "cancelled",
        "substatus": "s",
        "delivery_schema": "fbs",
        "tpl_integration_type": "ozon",
        "in_process_at": "2026-11-01T10:00:00Z",
        "shipment_date": "9999-12-31T23:59:59.999999900Z",
        "delivery_method": {"warehouse_id": 1020005003107121, "warehouse": "Тула"},
        "cancellation": {"cancel_reason": "передумал"},
        "customer": None,
        "products": [{"offer_id": "A", "name": "Фен", "sku": 1, "quantity": 2, "price": {"amount": "1530", "currency": "RUB"}}],
    }
    own = {"posting_number": "2-1", "tpl_integration_type": "non_integrated", "shipment_date": None, "products": None}
    route = answers(ozon, "/v4/posting/fbs/list", {"postings": [row], "cursor": "c", "has_next": True}, {"postings": [own], "cursor": ""})
    [[first], [second]] = await pages_of(client.fbs_postings(SINCE, TO))
    started, far = datetime(2026, 11, 1, 10, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)
    lines = (PostingProduct("A", "Фен", 1, 2, Decimal(1530), "RUB"),)
    assert first == Posting("1-1", "1", 35566808085, "fbs", "cancelled", "s", started, far, lines, 1020005003107121, "Тула", "передумал")
    assert (second.scheme, second.shipment_date, second.products) == ("rfbs", None, ())
    period = {"since": "2026-11-01T00:00:00.000Z", "to": "2026-11-02T00:00:00.000Z"}
    query = {"filter": period, "limit": 100, "sort_dir": "ASC"}
    assert bodies(route) == [query | {"cursor": ""}, query | {"cursor": "c"}]


@pytest.mark.parametrize(
    ("fields", "scheme"),
    [
        ({"delivery_schema": "FBS"}, "fbs"),
        ({"delivery_schema": "rFBS"}, "rfbs"),
        ({"delivery_schema": "fbs", "tpl_integration_type": "3pl_tracking"}, "rfbs"),
        ({"delivery_schema": "fbs", "tpl_integration_type": "aggregator"}, "rfbs"),
        ({"delivery_schema": "fbs", "tpl_integration_type": "ozon"}, "fbs"),
        ({}, "fbs"),
    ],
)
async def test_who_delivers_tells_rfbs_from_fbs(ozon: respx.MockRouter, client: OzonClient, fields: dict[str, str], scheme: str) -> None:
    answers(ozon, "/v4/posting/fbs/list", {"postings": [{"posting_number": "1-1", **fields}], "has_next": False})
    [[posting]] = await pages_of(client.fbs_postings(SINCE, TO))
    assert posting.scheme == scheme


async def test_fbo_postings(ozon: respx.MockRouter, client: OzonClient) -> None:
    row = {
        "posting_number": "1-1",
        "status": "delivering",
        "created_at": "2026-11-01T10:00:00Z",
        "in_process_at": "2026-11-01T11:00:00Z",
        "analytics_data": {"warehouse_id": 5, "warehouse_name": "Хоругвино"},
        "products": [{"offer_id": "A", "sku": 1, "quantity": 1, "price": {"amount": 10.5, "currency": "RUB"}}],
    }
    route = answers(ozon, "/v3/posting/fbo/list", {"postings": [row], "has_next": False, "cursor": ""})
    [[posting]] = await pages_of(client.fbo_postings(SINCE, TO))
    assert (posting.scheme, posting.created_at, posting.warehouse_name) == ("fbo", datetime(2026, 11, 1, 10, tzinfo=UTC), "Хоругвино")
    assert posting.total == Decimal("10.5")
    assert bodies(route)[0]["with"] == {"analytics_data": True}
