"""Trouble on demand."""

import httpx
import pytest

from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.sandbox.ozon.conftest import DATA, Api, Clock, shirt


def _api(clock: Clock, faults: str, seed: int = 1) -> tuple[Sandbox, Api]:
    sandbox = Sandbox(data_dir=DATA, clock=clock, order_interval_s=0, faults=faults, seed=seed)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox.test")
    return sandbox, Api(client, clock)


@pytest.mark.parametrize(
    "part",
    [
        "429", "429=often", "flood=0.5", "429=1.5", "429=-0.1", "cut=0.1:5", "slow=0.1:soon", "burst=3", "burst=0/5", "burst=6/5",
        "circle=/v1/roles", "circle=roles:5", "circle=/v1/roles:5@first", "revoked=100", "revoked=after:soon", "obsolete=roles",
    ],
)  # fmt: skip
def test_a_part_that_cannot_be_read_is_named(part: str) -> None:
    with pytest.raises(ValueError, match=r"fault|probability|kind") as caught:
        Sandbox(data_dir=DATA, faults=f"500=0.1, {part}")
    assert part in str(caught.value)


def test_chances_of_more_than_one_and_unknown_methods_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="more than 1"):
        Sandbox(data_dir=DATA, faults="429=0.6,500=0.6")
    with pytest.raises(ValueError, match="/v1/nothing"):
        Sandbox(data_dir=DATA, faults="circle=/v1/roles:5,obsolete=/v1/nothing")


def test_one_specification_may_have_every_kind() -> None:
    spec = (
        "429=0.05,500=0.02,burst=10/200,html=0.01,timeout=0.01:7.5,cut=0.01,slow=0.02:1,circle=/v1/description-category/attribute:30,"
        "circle=/v1/roles:5@3,revoked=after:100,obsolete=/v2/products/stocks"
    )
    faults = Sandbox(data_dir=DATA, faults=spec).memory.faults
    assert (faults.delays.timeout_s, faults.delays.slow_s) == (7.5, 1.0)
    assert faults.paths == {"/v1/description-category/attribute", "/v1/roles", "/v2/products/stocks"}


async def _statuses(api: Api, number: int, path: str = "/v1/roles", body: dict[str, object] | None = None) -> list[int]:
    found = []
    for _ in range(number):
        found.append((await api.send(path, body)).status_code)
        api.clock.move(1)
    return found


async def test_a_burst_refuses_several_requests_in_a_row(clock: Clock) -> None:
    _sandbox, api = _api(clock, "burst=3/10")
    ten = [200] * 7 + [429] * 3
    assert await _statuses(api, 20) == ten * 2


async def test_a_breaker_opens_on_one_method_for_a_time_and_never_again(clock: Clock) -> None:
    _sandbox, api = _api(clock, "circle=/v1/seller/info:5@3")
    assert await _statuses(api, 4) == [200] * 4
    assert await _statuses(api, 10, "/v1/seller/info") == [200, 200, 503, 503, 503, 503, 503, 200, 200, 200]
    _sandbox, api = _api(clock, "circle=/v1/seller/info:5")
    assert await api.refused("/v1/seller/info") == (503, 14, "Circle is open")
    assert (await api.send("/v1/roles")).status_code == 200


async def test_a_key_is_deactivated_after_its_last_request(clock: Clock) -> None:
    _sandbox, api = _api(clock, "revoked=after:3")
    assert await _statuses(api, 3) == [200] * 3
    assert await api.refused("/v1/roles") == (403, 7, "Api-key is deactivated, use another one or generate a new one")


async def test_a_method_can_be_switched_off(clock: Clock) -> None:
    _sandbox, api = _api(clock, "obsolete=/v2/products/stocks")
    body = {"stocks": [{"offer_id": "A", "stock": 1, "warehouse_id": 1}]}
    assert await api.refused("/v2/products/stocks", body) == (400, 9, "obsolete method cannot be used")
    assert (await api.send("/v1/roles")).status_code == 200


@pytest.mark.parametrize(("kind", "status", "code"), [("429", 429, 8), ("500", 500, 13)])
async def test_errors_replace_the_work(clock: Clock, kind: str, status: int, code: int) -> None:
    sandbox, api = _api(clock, f"{kind}=1")
    response = await api.send("/v3/product/import", {"items": [shirt()]})
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers.get("retry-after") == ("1" if kind == "429" else None)
    clock.move(10)
    assert not sandbox.products


async def test_a_proxy_page_is_no_json(clock: Clock) -> None:
    _sandbox, api = _api(clock, "html=1")
    response = await api.send("/v1/roles")
    assert (response.status_code, response.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert "<html>" in response.text


async def test_a_cut_answer_loses_the_answer_but_not_the_work(clock: Clock) -> None:
    sandbox, api = _api(clock, "cut=1")
    response = await api.send("/v3/product/import", {"items": [shirt()]})
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        response.json()
    clock.move(10)
    assert list(sandbox.products) == ["RU-1"]


async def test_slow_answers_come_late_and_timeouts_never_come_right(clock: Clock) -> None:
    sandbox, api = _api(clock, "slow=1")
    sandbox.memory.faults.delays.slow_s = 0
    assert (await api.send("/v1/roles")).status_code == 200
    sandbox, api = _api(clock, "timeout=1")
    sandbox.memory.faults.delays.timeout_s = 0
    assert (await api.send("/v3/product/import", {"items": [shirt()]})).status_code == 504
    clock.move(10)
    assert list(sandbox.products) == ["RU-1"]


async def test_faults_are_drawn_by_the_seed_in_their_shares(clock: Clock) -> None:
    runs = []
    for seed in (1, 1, 2):
        _sandbox, api = _api(clock, "429=0.2, 500=0.2", seed)
        statuses = []
        for _ in range(200):
            statuses.append((await api.send("/v1/roles")).status_code)
            clock.move(1)
        runs.append(statuses)
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]
    assert 20 <= runs[0].count(429) <= 60
    assert 20 <= runs[0].count(500) <= 60


async def test_latency_holds_every_answer_back(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("ozon_desktop.sandbox.ozon.app.asyncio.sleep", sleep)
    sandbox = Sandbox(data_dir=DATA, clock=clock, latency_ms=150)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox.test") as client:
        assert (await Api(client, clock).send("/v1/roles")).status_code == 200
    assert waits == [0.15]
