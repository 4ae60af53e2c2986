"""After sending: what Ozon accepted and does not show is told, looked at again by the next run, and set anew where it is still missing."""

from dataclasses import replace
from datetime import datetime

import pytest

from ozon_desktop.domain.journal import ProblemAction, RunResult, problem_groups
from ozon_desktop.domain.progress import silent
from ozon_desktop.sandbox.ozon import stocks as sandbox_stocks
from ozon_desktop.sandbox.ozon.memory import Memory
from ozon_desktop.sandbox.ozon.model import SandboxProduct
from ozon_desktop.services.sync.outcome import OutcomeState
from ozon_desktop.services.sync.sync import SyncResult
from tests.services.shop import FOREST_WAREHOUSE, MAIN_WAREHOUSE, SHIRTS, Shop, wanted

SENDING, ASKING = "/v2/products/stocks", "/v2/product/info/stocks-by-warehouse/fbs"


class Deaf:
    """An Ozon that accepts stocks of one warehouse and keeps the old ones, while `on`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.on = True
        self._work = sandbox_stocks._apply
        monkeypatch.setattr(sandbox_stocks, "_apply", self._apply)

    def _apply(self, memory: Memory, product: SandboxProduct, sent: sandbox_stocks.Stock, now: datetime) -> str | None:
        house = sent.warehouse_id
        before = product.stocks.get(house)
        code = self._work(memory, product, sent, now)
        if self.on and house == MAIN_WAREHOUSE and before is not None:
            product.stocks[house] = before
        return code


@pytest.fixture
async def sent(shop: Shop) -> Shop:
    """All shirts are on Ozon; since then one of them was sold from one warehouse and came to the other."""
    await shop.application.sync.run(shop.integration, silent)
    await shop.stocks_the_store(replace(SHIRTS[0], stock=4, forest=7), *SHIRTS[1:])
    shop.line.mend()
    return shop


async def run(shop: Shop) -> SyncResult:
    shop.line.mend()
    return await shop.application.sync.run(shop.integration, silent)


def shown(shop: Shop) -> dict[int, int]:
    return dict(shop.sandbox.products["RU-1"].stocks)


async def test_what_ozon_shows_is_asked_once_and_nothing_is_told(sent: Shop) -> None:
    result = await run(sent)
    assert (result.run.result, result.run.problems) == (RunResult.DONE, ())
    assert sent.line.sent()[ASKING] == 1
    assert (await run(sent)).run.problems == ()
    assert ASKING not in sent.line.sent(), "nothing was sent, so there is nothing to check"


async def test_stock_that_ozon_does_not_show_is_told_and_set_again_by_the_next_run(sent: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    ozon = Deaf(monkeypatch)
    first = await run(sent)
    assert shown(sent) == {MAIN_WAREHOUSE: 5, FOREST_WAREHOUSE: 7}
    assert sent.line.sent()[ASKING] > 1, "it was not waited for"
    assert first.run.result is RunResult.DONE
    (group,) = problem_groups(first.run)
    assert (group.code, group.products, group.action) == ("stock_not_shown", ("RU-1",), ProblemAction.RETRY)
    assert "не показывает" in group.cause
    ozon.on = False
    second = await run(sent)
    assert (second.run.result, second.run.problems) == (RunResult.DONE, ())
    assert sent.line.sent()[SENDING] == 1
    assert shown(sent) == {MAIN_WAREHOUSE: 4, FOREST_WAREHOUSE: 7}
    await run(sent)
    assert not {SENDING, ASKING} & set(sent.line.sent())


async def test_stock_that_appears_later_is_not_sent_again(sent: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    Deaf(monkeypatch)
    await run(sent)
    sent.sandbox.products["RU-1"].stocks[MAIN_WAREHOUSE] = 4
    second = await run(sent)
    assert second.run.problems == ()
    assert SENDING not in sent.line.sent()
    assert sent.line.sent()[ASKING] == 1
    await run(sent)
    assert ASKING not in sent.line.sent(), "it was seen: there is nothing to look at any more"


async def test_stock_that_is_not_shown_the_second_time_makes_the_run_partial(sent: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    Deaf(monkeypatch)
    await run(sent)
    again = await run(sent)
    assert again.run.result is RunResult.PARTIAL
    assert dict(again.run.counts)["waiting"] == 1
    assert [(outcome.offer_id, outcome.state) for outcome in again.outcomes] == [("RU-1", OutcomeState.WAITING)]


async def test_order_placed_in_between_is_no_difference(sent: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    work = sandbox_stocks._apply

    def sold_at_once(memory: Memory, product: SandboxProduct, sent: sandbox_stocks.Stock, now: datetime) -> str | None:
        code = work(memory, product, sent, now)
        if sent.warehouse_id == FOREST_WAREHOUSE:
            product.stocks[FOREST_WAREHOUSE] -= 2
            product.reserved[FOREST_WAREHOUSE] = 2
        return code

    monkeypatch.setattr(sandbox_stocks, "_apply", sold_at_once)
    result = await run(sent)
    assert (result.run.result, result.run.problems) == (RunResult.DONE, ())


async def test_check_that_fails_is_no_failure_of_what_was_sent_and_is_made_up_for(sent: Shop) -> None:
    sent.line.break_at(ASKING, "500")
    result = await sent.application.sync.run(sent.integration, silent)
    assert result.run.result is RunResult.DONE
    assert [problem.code for problem in result.run.problems] == ["OzonUnavailable"]
    assert sent.on_ozon() == wanted(replace(SHIRTS[0], stock=4, forest=7), *SHIRTS[1:])
    assert (await run(sent)).run.problems == ()
    assert sent.line.sent()[ASKING] == 1
    assert SENDING not in sent.line.sent()
    await run(sent)
    assert ASKING not in sent.line.sent()
