"""What the stand-in wants of every request: packing, headers, login, rights, pace."""

import asyncio

import pytest

from ozon_desktop.sandbox.moysklad.limits import AT_ONCE, Limits
from ozon_desktop.sandbox.moysklad.sandbox import MoySklad
from tests.sandbox.moysklad.conftest import Asker, Clock


async def test_without_gzip_there_is_not_even_a_body(ask: Asker) -> None:
    answer = await ask("entity/product", headers={"Accept-Encoding": "identity"})
    assert (answer.status_code, answer.content) == (415, b"")
    assert (await ask("entity/product")).headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("accept", ["application/json", "*/*", "text/html"])
async def test_another_accept_is_refused(ask: Asker, accept: str) -> None:
    answer = await ask("entity/product", headers={"Accept": accept})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, 1062)


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer x", "Basic eA==", "Basic %%%", "Basic YTpi"])
async def test_a_wrong_login_is_refused(ask: Asker, given: str) -> None:
    answer = await ask("entity/product", headers={"Authorization": given})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (401, 1056)


async def test_a_new_token_revokes_the_one_before(ask: Asker) -> None:
    first = (await ask.good("security/token", method="POST"))["access_token"]
    assert (await ask("entity/product", headers={"Authorization": f"Bearer {first}"})).status_code == 200
    second = (await ask.good("security/token", method="POST"))["access_token"]
    assert (await ask("entity/product", headers={"Authorization": f"Bearer {first}"})).status_code == 401
    assert (await ask("entity/product", headers={"Authorization": f"Bearer {second}"})).status_code == 200
    answer = await ask("security/token", method="POST", headers={"Authorization": f"Bearer {second}"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("entity", "action", "method", "path", "code"),
    [
        ("product", "view", "GET", "entity/product", 1016),
        ("stock", "view", "GET", "report/stock/bystore/current", 1016),
        ("customerorder", "create", "POST", "entity/customerorder", 1017),
        ("customerorder", "update", "PUT", "entity/customerorder/x", 1017),
    ],
)
async def test_what_the_user_may_not_do_is_refused(ask: Asker, entity: str, action: str, method: str, path: str, code: int) -> None:
    ask.there.take_right(entity, action)
    assert await ask.code(path, method=method, body={} if method != "GET" else None) == (403, code)
    permissions = (await ask.good("context/employee"))["permissions"]
    assert action not in permissions.get(entity, {})


async def test_a_path_there_is_not(ask: Asker) -> None:
    assert await ask.code("entity/spaceship") == (404, 1002)
    assert await ask.code("entity/product/00000000-0000-4000-8000-000000000000") == (404, 1021)
    assert await ask.code("entity/product", method="DELETE") == (405, 1039)


# --- pace -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def paced(clock: Clock, ask: Asker) -> Asker:
    ask.there.memory.limits = Limits()
    return ask


async def test_eleven_requests_in_three_seconds_and_no_more(paced: Asker, clock: Clock) -> None:
    answers = [await paced("entity/product") for _ in range(12)]
    assert [answer.status_code for answer in answers] == [200] * 11 + [429]
    assert [answers[0].headers[name] for name in ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-Lognex-Retry-TimeInterval")] == [
        "11",
        "10",
        "3000",
    ]
    assert answers[-1].json()["errors"][0]["code"] == 1049
    clock.move(milliseconds=int(answers[-1].headers["X-Lognex-Retry-After"]))
    assert (await paced("entity/product")).status_code == 200


async def test_headers_can_count_units(paced: Asker) -> None:
    paced.there.memory.limits = Limits(in_units=True)
    answer = await paced("entity/product")
    assert (answer.headers["X-RateLimit-Limit"], answer.headers["X-RateLimit-Remaining"]) == ("45", "41")


async def test_more_than_five_at_once_are_refused(ask: Asker) -> None:
    ask.there.set_latency(0.01)
    answers = await asyncio.gather(*(ask("entity/product") for _ in range(AT_ONCE + 2)))
    assert sorted(answer.status_code for answer in answers) == [200] * AT_ONCE + [429] * 2
    assert {answer.json()["errors"][0]["code"] for answer in answers if answer.status_code == 429} == {1073}


async def test_who_repeats_a_failing_request_is_cut_off(ask: Asker, clock: Clock) -> None:
    for _ in range(201):
        assert await ask.code("entity/product", {"filter": "colour=red"}) == (400, 1034)
    assert await ask.code("entity/product") == (403, 1061)


async def test_who_writes_one_entity_again_and_again_is_cut_off(ask: Asker) -> None:
    order = await ask.good("entity/customerorder", method="POST", body=new_order(ask))
    for _ in range(101):
        await ask.good(f"entity/customerorder/{order['id']}", method="PUT", body={"description": "x"})
    assert (await ask.code("entity/product"))[0] == 403


def new_order(ask: Asker) -> dict[str, object]:
    there: MoySklad = ask.there
    buyer = there.add_to("counterparty", "Ozon")
    return {"organization": ask.link("organization", there.company.id), "agent": ask.link("counterparty", buyer.id)}
