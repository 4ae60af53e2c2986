"""Processor time of what must not be felt: the sandbox's answers and start, filters over 100,000 products, a card of forty fields.

Run alone: python -m pytest tests/benchmarks/test_processor_time.py -o addopts="" -q -p no:randomly
"""

import asyncio
import random
from dataclasses import replace
from time import process_time, thread_time
from typing import Any

import httpx
from pytestqt.qtbot import QtBot

from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.ui.look.theme import Theme, ThemeMode
from ozon_desktop.ui.products.table.product_table_model import ProductColumn, ProductFilter, ProductTableModel
from ozon_desktop.ui.sync.preview.model import SyncPlanModel
from ozon_desktop.ui.sync.preview.plan_index import PlanIndex
from tests.sandbox.ozon.test_server import HEADERS, _sandbox
from tests.ui.products.conftest import cards, catalog, context, opened, pictures, tables  # noqa: F401
from tests.ui.products.fakes import ATTRIBUTES, TYPE, FakeCards
from tests.ui.products.test_product_table import row
from tests.ui.sync.test_sync_plan_model import NAMES, cell, price_item


def test_three_hundred_answers_take_less_than_a_second_of_work() -> None:
    """The client's work is in it."""
    sandbox = _sandbox()
    sandbox.memory.limits.requests_per_second = 1_000_000
    body = {"description_category_id": 101, "type_id": 1001, "language": "RU"}
    values = {"description_category_id": 101, "type_id": 1001, "attribute_id": 10096, "limit": 2000}

    async def ask() -> None:
        transport = httpx.ASGITransport(app=sandbox.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test", headers=HEADERS) as client:
            for _ in range(150):
                assert (await client.post("/v1/description-category/attribute", json=body)).status_code == 200
                assert (await client.post("/v1/description-category/attribute/values", json=values)).status_code == 200

    started = process_time()
    asyncio.run(ask())
    assert process_time() - started < 1


def test_the_data_of_the_program_at_full_scale_load_at_once() -> None:
    started = process_time()
    sandbox = Sandbox(scale=23)
    assert process_time() - started < 2
    assert sandbox.memory.catalog.type_count == 13_409


def test_a_plan_of_a_hundred_thousand_products_answers_while_typing(qtbot: QtBot) -> None:
    model = SyncPlanModel(Theme(ThemeMode.LIGHT))
    model.show_plan(PlanIndex.build(tuple(price_item(number) for number in range(100_000)), NAMES))
    assert model.lines == 100_000
    started = thread_time()
    model.show_filter("a-9999", None)
    assert thread_time() - started < 0.5
    assert model.shown == 11
    assert cell(model, 10, 0, model.index(0, 0)) == "A-99999  Товар 99999"


def test_a_hundred_thousand_products_are_filtered_and_sorted_without_a_noticeable_wait(qapp: Any) -> None:
    model = ProductTableModel(Theme(ThemeMode.LIGHT))
    many = [row(number, f"Товар {number % 1000}") for number in range(100_000)]
    random.Random(1).shuffle(many)
    model.show_rows(many)
    started = thread_time()
    model.show_filter(ProductFilter("товар 777"))
    model.show_filter(ProductFilter("товар 77"))
    model.sort(ProductColumn.NAME)
    spent = thread_time() - started
    assert model.rowCount() == sum("77" in f"{number} {number % 1000}" for number in range(100_000))
    assert spent < 2.0


def test_a_card_of_forty_attributes_is_built_quickly(opened: Any, qtbot: QtBot, cards: FakeCards) -> None:  # noqa: F811
    page = opened()
    kinds = [attribute for attribute in ATTRIBUTES if attribute is not TYPE]
    cards.attributes = tuple(replace(kinds[number % len(kinds)], id=50_000 + number, name=f"Поле {number}") for number in range(40))
    started = thread_time()
    page.table.select_ids(["p2"])
    qtbot.waitUntil(lambda: page.card.product_id == "p2")
    assert thread_time() - started < 1.0
    assert len(page.panel.form.boxes) == 40
