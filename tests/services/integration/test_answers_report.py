"""A report on Ozon's answers: every reading method once, what differs, nothing of the shop, never a key."""

import json
import random
from pathlib import Path
from typing import Any

import httpx
import pytest

from ozon_desktop.domain.answers_report import AnswersReport, Lacking, MethodReport, Outcome
from ozon_desktop.domain.progress import silent
from ozon_desktop.errors import FileNotReadable, InvalidKey, NoConnection
from ozon_desktop.ozon.endpoints import ENDPOINTS, READING
from ozon_desktop.ozon.questions import QUESTIONS
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID, POSTING_KEY
from tests.services.integration.test_connection import check_with
from tests.services.shop import Line, Shop

TASKS = {
    "/v1/product/import/info", "/v2/posting/fbs/package-label/get", "/v5/fbs/posting/product/exemplar/validate",
    "/v5/fbs/posting/product/exemplar/status", "/v1/carriage/get", "/v2/posting/fbs/act/check-status", "/v2/posting/fbs/act/get-pdf",
    "/v2/posting/fbs/act/get-barcode/text",
}  # fmt: skip
PRODUCT_METHODS = {
    "/v3/product/info/list", "/v5/product/info/prices", "/v4/product/info/stocks", "/v2/product/info/stocks-by-warehouse/fbs",
    "/v1/product/action/timer/status",
}  # fmt: skip


async def reported(shop: Shop) -> dict[str, MethodReport]:
    report = await shop.application.answers_report.make(shop.integration)
    return {method.method: method for method in report.methods}


async def written(shop: Shop, path: Path) -> tuple[AnswersReport, str]:
    report = await shop.application.answers_report.make(shop.integration)
    await shop.application.answers_report.write(report, path)
    return report, path.read_text(encoding="utf-8")


def change(line: Line, monkeypatch: pytest.MonkeyPatch, edit: Any) -> None:
    """edit(path, document) changes every answer of success before the program gets it."""
    honest = line.answer

    async def answer(request: httpx.Request) -> httpx.Response:
        response = await honest(request)
        if response.status_code != 200:
            return response
        document = json.loads(response.content)
        edit(request.url.path, document)
        return httpx.Response(200, json=document)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", lambda _, request: answer(request))


async def sell(shop: Shop) -> None:
    """Products and orders, so that every list has a row."""
    await shop.application.sync.run(shop.integration, silent)
    for scheme in ("fbs", "fbo", "fbs"):
        shop.line.sandbox.place_order("RU-1", scheme=scheme)
    number = shop.line.sandbox.place_order("RU-1")
    shop.line.sandbox.set_posting_status(number, "delivered")
    shop.line.sandbox.orders.give_back(number, 1, shop.application.clock())


def test_every_reading_method_has_a_question_and_no_other() -> None:
    assert [question.endpoint.path for question in QUESTIONS] == list(dict.fromkeys(question.endpoint.path for question in QUESTIONS))
    assert {question.endpoint for question in QUESTIONS} == set(READING)
    writing = {endpoint.path for endpoint in ENDPOINTS if not endpoint.reads}
    assert {path.rpartition("/")[2] for path in writing} == {
        "approve",
        "cancel",
        "create-or-get",
        "delivered",
        "delivering",
        "last-mile",
        "package",
        "set",
        "set-postings",
        "ship",
        "split",
        "import",
        "archive",
        "unarchive",
        "prices",
        "stocks",
        "create",
        "add",
        "update",
    }


async def test_the_sandbox_answers_as_expected_and_nothing_is_changed(shop: Shop, line: Line) -> None:
    await sell(shop)
    line.mend()
    report = await shop.application.answers_report.make(shop.integration)
    assert report.as_expected, [method for method in report.methods if not method.as_expected]
    skipped = {method.method: method.lacking for method in report.methods if method.outcome is Outcome.SKIPPED}
    assert skipped == dict.fromkeys(TASKS, Lacking.TASK)
    assert line.sent() == dict.fromkeys({endpoint.path for endpoint in READING} - TASKS, 1)
    assert set(report.not_asked).isdisjoint(line.sent())


async def test_methods_that_need_a_product_are_skipped_in_an_empty_cabinet(shop: Shop, line: Line) -> None:
    line.mend()
    methods = await reported(shop)
    assert {path for path, method in methods.items() if method.lacking is Lacking.PRODUCT} == PRODUCT_METHODS
    assert PRODUCT_METHODS.isdisjoint(line.sent())


async def test_methods_that_need_a_type_are_skipped_without_the_tree(shop: Shop, line: Line) -> None:
    line.break_at("/v1/description-category/tree", "500")
    methods = await reported(shop)
    assert methods["/v1/description-category/tree"].outcome is Outcome.REFUSED
    lacking = {path: method.lacking for path, method in methods.items() if path.startswith("/v1/description-category/attribute")}
    assert set(lacking.values()) == {Lacking.TYPE, Lacking.DICTIONARY, Lacking.VALUE}


async def test_a_key_for_orders_is_refused_in_documented_words(shop: Shop) -> None:
    await check_with(shop, POSTING_KEY)
    methods = await reported(shop)
    refused = methods["/v3/product/list"]
    assert (refused.outcome, refused.status, refused.code) == (Outcome.REFUSED, 403, 7)
    assert refused.message == "missing a required role"
    assert methods["/v4/posting/fbs/list"].outcome is Outcome.ANSWERED


async def test_fields_that_came_went_and_changed(shop: Shop, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    await sell(shop)

    def edit(path: str, document: Any) -> None:
        if path == "/v3/product/list":
            document["result"]["items"][0].pop("sku")
            document["result"]["items"][0]["group_id"] = 5
        if path == "/v1/returns/list":
            document["returns"][0]["product"]["quantity"] = [1]

    change(line, monkeypatch, edit)
    methods = await reported(shop)
    listed = methods["/v3/product/list"].differences
    assert (listed.unknown, listed.missing, listed.types) == (("result/items/group_id: whole number",), ("result/items/sku",), ())
    returns = methods["/v1/returns/list"]
    assert returns.outcome is Outcome.UNREADABLE
    assert returns.differences.types == ("returns/product/quantity: list instead of null or whole number",)


@pytest.mark.parametrize(("trouble", "error"), [("key", InvalidKey), ("network", NoConnection)])
async def test_a_key_that_opens_nothing_and_no_network_make_no_report(shop: Shop, line: Line, trouble: str, error: type[Exception]) -> None:
    line.break_at("/v1/roles", trouble)
    with pytest.raises(error):
        await shop.application.answers_report.make(shop.integration)


async def test_a_method_that_does_not_answer_does_not_stop_the_others(shop: Shop, line: Line) -> None:
    line.break_at("/v2/warehouse/list", "network")
    line.break_at("/v4/product/info/limit", "html")
    methods = await reported(shop)
    assert methods["/v2/warehouse/list"].outcome is Outcome.NO_ANSWER
    assert methods["/v4/product/info/limit"].outcome is Outcome.UNREADABLE
    assert methods["/v1/returns/list"].outcome is Outcome.ANSWERED


async def test_a_refusal_in_words_of_its_own_is_shown_by_its_code(shop: Shop, line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    refusals = iter([("Вера Веснянкина 89123456789", 3), ("Vera", "VERA"), ("seller 4817", 4817)])

    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path in {"/v2/warehouse/list", "/v1/returns/list", "/v3/product/list"}:
            message, code = next(refusals)
            return httpx.Response(400, json={"code": code, "message": message})
        return await line.answer(request)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", lambda _, request: answer(request))
    methods = await reported(shop)
    refused = [methods[path] for path in ("/v3/product/list", "/v2/warehouse/list", "/v1/returns/list")]
    assert [(method.code, method.message) for method in refused] == [(3, ""), ("", ""), (0, "")]


async def test_nothing_of_the_shop_gets_into_the_file(shop: Shop, line: Line, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    await sell(shop)
    dice = random.Random(5)
    planted: list[str] = [ADMIN_KEY, str(KNOWN_CLIENT_ID), "RU-1", "Рубашка", "shop.example"]

    def plant(value: Any) -> Any:
        if isinstance(value, dict):
            key = f"{dice.randrange(10**9, 10**10)}"
            planted.append(key)
            return {name: plant(item) for name, item in value.items()} | {key: {"vesnyankina": key}}
        if isinstance(value, list):
            return [plant(item) for item in value]
        if isinstance(value, str) and value:
            planted.append(f"{value} Vesnyankina{dice.randrange(10**6)}")
            return planted[-1]
        if isinstance(value, int) and not isinstance(value, bool) and value:
            planted.append(str(dice.randrange(10**9, 10**10)))
            return int(planted[-1])
        return value

    def edit(_: str, document: Any) -> None:
        changed = plant(document)
        document.clear()
        document.update(changed)

    change(line, monkeypatch, edit)
    report, text = await written(shop, tmp_path / "new" / "report.json")
    assert len([method for method in report.methods if method.differences.unknown]) > 10
    assert not [piece for piece in (*planted, "esnyankina") if piece in text]
    document = json.loads(text)
    assert (document["program"], document["date"], len(document["methods"])) == (report.program, report.day.isoformat(), len(QUESTIONS))


async def test_the_file_is_written_whole_or_not_at_all(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.json"
    _, before = await written(shop, path)
    (tmp_path / "folder").write_text("")
    with pytest.raises(FileNotReadable):
        await written(shop, tmp_path / "folder" / "report.json")
    monkeypatch.setattr("os.replace", _fail)
    with pytest.raises(FileNotReadable):
        await written(shop, path)
    assert path.read_text(encoding="utf-8") == before
    assert {file.name for file in tmp_path.iterdir() if "report" in file.name} == {"report.json"}


def _fail(*_: object) -> None:
    raise OSError(28, "No space left on device")
