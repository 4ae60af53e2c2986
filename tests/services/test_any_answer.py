"""Whatever Ozon answers, the program goes on: a small part of the benchmark of the same name."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from ozon_desktop.domain.journal import Run, RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind, Reason
from tests.services.any_answer import LONGEST_PART_S, survive
from tests.services.shop import Line, Shop


def test_spoilt_answers_end_in_typed_errors_and_nothing_hangs(prepared_shop: Path, tmp_path: Path) -> None:
    survived = survive(prepared_shop, tmp_path, seed=1, answers=200, calm_every=100, shares=(0.6, 0.9))
    assert survived.spoilt.total() >= 200
    assert survived.ended.kinds[""]
    assert survived.ended.longest_s < LONGEST_PART_S


def spoil(patch: pytest.MonkeyPatch, line: Line, paths: set[str], change: Callable[[Any], object]) -> None:
    """From now on the answers of these methods are changed so."""

    async def answer(request: httpx.Request) -> httpx.Response:
        response = await Line.answer(line, request)
        if request.url.path not in paths:
            return response
        body = json.loads(response.content)
        change(body)
        return httpx.Response(response.status_code, json=body)

    patch.setattr(line, "answer", answer)


async def last_run(shop: Shop) -> Run:
    return (await shop.application.journal.runs(shop.integration))[0]


def price_of(offer_id: str) -> Callable[[Any], object]:
    """Makes the price of this product none."""

    def change(body: Any) -> None:
        for item in body["items"]:
            if item["offer_id"] == offer_id:
                item["price"] = {"price": "дорого"} if isinstance(item["price"], dict) else "дорого"

    return change


async def test_a_bad_posting_is_journalled_and_the_others_are_orders(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await shop.application.sync.run(shop.integration, silent)
    good, bad = shop.sandbox.place_order("RU-1"), shop.sandbox.place_order("RU-2")

    def change(body: Any) -> None:
        for row in body["postings"]:
            if row["posting_number"] == bad:
                row["products"][0]["quantity"] = "много"

    spoil(monkeypatch, shop.line, {"/v4/posting/fbs/list", "/v4/posting/fbs/unfulfilled/list"}, change)
    await shop.application.orders.fetch(shop.integration, silent)
    orders = (await shop.application.orders.view(shop.integration)).orders
    assert [order.posting.posting_number for order in orders] == [good]
    run = await last_run(shop)
    assert run.result is RunResult.PARTIAL
    assert {problem.code for problem in run.problems} == {"unreadable"}
    assert any(bad in problem.text and "quantity" in problem.text for problem in run.problems)


async def test_a_card_that_cannot_be_read_is_not_created_over(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ozon has it already, and says so in an answer that cannot be read: the product waits, the others are sent."""
    spoil(monkeypatch, shop.line, {"/v3/product/info/list"}, lambda body: body["items"].append({"offer_id": "RU-1", "id": "?"}))
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert {item.offer_id: item.reason for item in preview.plan.of(ActionKind.SKIP)} == {"RU-1": Reason.OZON_UNREADABLE}
    assert {item.offer_id for item in preview.plan.of(ActionKind.CREATE)} == {"RU-2", "RU-3"}


async def test_a_card_that_cannot_be_read_is_not_gone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await shop.application.sync.run(shop.integration, silent)
    await shop.application.cabinet_cards.load(shop.integration, silent)
    before = await shop.application.cabinet_cards.card(shop.integration, "RU-2")
    spoil(monkeypatch, shop.line, {"/v5/product/info/prices"}, price_of("RU-2"))
    await shop.application.cabinet_cards.load(shop.integration, silent)
    assert await shop.application.cabinet_cards.card(shop.integration, "RU-2") == before
    [problem] = (await last_run(shop)).problems
    assert (problem.offer_id, problem.field) == ("RU-2", "price.price")
    assert "цены в кабинете (/v5/product/info/prices), товар RU-2, поле price.price" in problem.text
