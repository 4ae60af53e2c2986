"""Trouble on demand."""

import httpx
import pytest

from ozon_desktop.sandbox import Sandbox

from .conftest import DATA, Api, Clock, shirt


def _api(clock: Clock, faults: str) -> tuple[Sandbox, Api]:
    sandbox = Sandbox(data_dir=DATA, clock=clock, order_interval_s=0, faults=faults)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox.test")
    return sandbox, Api(client, clock)


@pytest.mark.parametrize("spec", ["429", "429=often", "flood=0.5", "429=1.5", "429=-0.1", "429=0.6,500=0.6"])
def test_a_specification_that_cannot_be_read_is_a_mistake(spec: str) -> None:
    with pytest.raises(ValueError, match=r"fault|probability|kind"):
        Sandbox(data_dir=DATA, faults=spec)


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
    sandbox.faults.delays.slow_s = 0
    assert (await api.send("/v1/roles")).status_code == 200
    sandbox, api = _api(clock, "timeout=1")
    sandbox.faults.delays.timeout_s = 0
    assert (await api.send("/v3/product/import", {"items": [shirt()]})).status_code == 504
    clock.move(10)
    assert list(sandbox.products) == ["RU-1"]


async def test_faults_are_drawn_by_the_seed_in_their_shares(clock: Clock) -> None:
    runs = []
    for _ in range(2):
        _sandbox, api = _api(clock, "429=0.2, 500=0.2")
        statuses = []
        for _ in range(200):
            statuses.append((await api.send("/v1/roles")).status_code)
            clock.move(1)
        runs.append(statuses)
    assert runs[0] == runs[1]
    assert 20 <= runs[0].count(429) <= 60
    assert 20 <= runs[0].count(500) <= 60


async def test_latency_holds_every_answer_back(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("ozon_desktop.sandbox.app.asyncio.sleep", sleep)
    sandbox = Sandbox(data_dir=DATA, clock=clock, latency_ms=150)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox.test") as client:
        assert (await Api(client, clock).send("/v1/roles")).status_code == 200
    assert waits == [0.15]
