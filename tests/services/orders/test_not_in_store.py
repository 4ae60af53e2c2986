"""Which orders the store lacks: one answer for the list, the counter of the sidebar and the line of the page."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from ozon_desktop.application import Application, Options, build
from ozon_desktop.domain.orders import Order, Posting, PostingProduct
from ozon_desktop.domain.store_connection import ConnectionKind, OrderStage, PlacedOrder, StoreConnection
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.services.store.connection import KEY
from ozon_desktop.storage.unit_of_work import UnitOfWork

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LINE = PostingProduct("RU-1", "Рубашка", 1, 1, Decimal(500), "RUB")


@pytest.fixture
async def application(tmp_path: Path) -> AsyncIterator[Application]:
    made = await build(Options(tmp_path / "data", secret_store=MemoryStore()))
    yield made
    await made.close()


async def fill(application: Application, kind: ConnectionKind) -> None:
    """Three orders: one waits, one the store has taken in another state since, one was over before the store was connected."""
    id_ = (await application.integrations.ensure_one()).id

    def work(unit: UnitOfWork) -> None:
        unit.preferences.set(KEY, msgspec.json.encode(StoreConnection(kind)).decode())
        for number, status in (("1", "awaiting_packaging"), ("2", "awaiting_packaging"), ("3", "delivered")):
            unit.orders.upsert(Order(id_, Posting(number, number, 1, "fbs", status, "", NOW, None, (LINE,)), None, None, None, NOW))
        unit.store_orders.numbered(id_, ["2"])
        unit.store_orders.ask(id_, "2", OrderStage.NEW, NOW)
        unit.store_orders.confirm(id_, "2", OrderStage.NEW, "", PlacedOrder("id", "N-2"))
        unit.orders.mark_handed(id_, {"2": "awaiting_packaging"}, NOW)
        unit.orders.upsert(Order(id_, Posting("2", "2", 1, "fbs", "delivering", "", NOW, None, (LINE,)), None, None, None, NOW))

    await application.storage.run(work)


@pytest.mark.parametrize(
    ("kind", "new"),
    [(ConnectionKind.MOYSKLAD, {"1"}), (ConnectionKind.ONEC, {"1"}), (ConnectionKind.FILES, {"1", "3"})],
    ids=["moysklad", "1c", "files"],
)
async def test_list_and_counter_agree(application: Application, kind: ConnectionKind, new: set[str]) -> None:
    await fill(application, kind)
    id_ = (await application.integrations.ensure_one()).id
    view = await application.orders.view(id_)
    assert {entry.number for entry in view.entries if entry.is_new} == new
    assert (await application.overview.overview(id_)).new_orders == len(new)
    assert set(view.placed) == ({"2"} if view.connection.takes_orders else set())
    if view.connection.takes_orders:
        assert await application.store_orders.count_waiting(id_) == 2, "the changed state waits as well"
