"""A trouble that comes every hour is written about once, until it is over or another one comes."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ozon_desktop.application import Options, build
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.services.mail import Mailer
from tests.services.mailbox import PASSWORD, Mailbox, served, trusting
from tests.services.runs.test_scheduler import Clock, clock_of, runs, scheduler_of
from tests.services.shop import SHIRTS, Line, Shop, set_up
from tests.services.test_notifications import settings


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with served() as mailbox:
        yield mailbox


@pytest.fixture
async def written_to(options: Options, line: Line, tmp_path: Path, mailbox: Mailbox) -> AsyncIterator[Shop]:
    """A shop whose owner is written to."""
    application = await build(replace(options, clock=Clock(), mailer=Mailer(trusting, timeout_s=15)))
    shop = await set_up(application, line, tmp_path, *SHIRTS)
    await application.notifications.save(settings(mailbox.port), PASSWORD)
    yield shop
    await application.close()


async def hour(shop: Shop) -> RunResult:
    """An hour later: the run that is due, and the letters it leads to."""
    clock_of(shop).move(hours=1)
    await scheduler_of(shop).tick()
    await shop.application.notifications.close()
    return (await runs(shop))[0].result


async def test_failure_of_every_hour_is_written_about_once(written_to: Shop, mailbox: Mailbox) -> None:
    reported: list[str] = []
    written_to.application.notifications.listen(lambda title, text: reported.append(text))
    written_to.line.break_at("*", "key")
    assert [await hour(written_to) for _ in range(3)] == [RunResult.FAILED] * 3
    assert len(mailbox.letters) == 1
    assert len(reported) == 3, "the window tells each"


async def test_another_failure_is_news_and_so_is_the_first_one_after_it(written_to: Shop, mailbox: Mailbox) -> None:
    for kind in ("key", "html", "html", "key"):
        written_to.line.mend()
        written_to.line.break_at("*", kind)
        await hour(written_to)
    assert len(mailbox.letters) == 3


async def test_failure_that_comes_back_after_a_good_run_is_news(written_to: Shop, mailbox: Mailbox) -> None:
    written_to.line.break_at("*", "key")
    await hour(written_to)
    written_to.line.mend()
    assert (await written_to.application.sync.run(written_to.integration, silent)).run.result is RunResult.DONE
    written_to.line.break_at("*", "key")
    await hour(written_to)
    await hour(written_to)
    assert len(mailbox.letters) == 2


async def test_partial_runs_are_written_about_by_what_is_wrong_not_by_product(written_to: Shop, mailbox: Mailbox) -> None:
    await hour(written_to)
    written_to.sandbox.memory.refusals.add("import:NO_SUCH_RULE=*")
    for number in range(3):
        await written_to.stocks_the_store(
            *(replace(shirt, name=f"Рубашка {number}") for shirt in SHIRTS[: number + 1]), *SHIRTS[number + 1 :]
        )
        assert await hour(written_to) is RunResult.PARTIAL
    assert len(mailbox.letters) == 1
    assert await hour(written_to) is RunResult.PARTIAL
    assert len(mailbox.letters) == 1, "refused and not sent again unchanged: the same trouble"
    written_to.sandbox.memory.refusals.clear()
    await written_to.stocks_the_store(*SHIRTS)
    assert await hour(written_to) is RunResult.DONE
    written_to.sandbox.memory.refusals.add("import:NO_SUCH_RULE=*")
    await written_to.stocks_the_store(replace(SHIRTS[0], name="Рубашка новая"), *SHIRTS[1:])
    await hour(written_to)
    assert len(mailbox.letters) == 2


async def test_letter_that_could_not_be_sent_is_made_up_for(written_to: Shop, mailbox: Mailbox) -> None:
    mailbox.refuse_recipient = True
    written_to.line.break_at("*", "key")
    await hour(written_to)
    assert mailbox.letters == []
    mailbox.refuse_recipient = False
    await hour(written_to)
    await hour(written_to)
    assert len(mailbox.letters) == 1
