"""Trouble at every stage of a run: each has its own text, nothing is lost, and the next run ends where the store wants it."""

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ozon_desktop import wording
from ozon_desktop.application import Options, build
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import Part
from ozon_desktop.errors import (
    AppError,
    ConnectionLost,
    InvalidKey,
    KeyMissing,
    NoConnection,
    OzonUnavailable,
    RateLimited,
    UnexpectedAnswer,
)
from ozon_desktop.logs import start_logging, stop_logging
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.services.sync.sync import SyncRequest
from tests.services.shop import SHIRTS, WRITING, Line, Shirt, Shop, set_up, wanted

KINDS: dict[str, type[AppError]] = {
    "key": InvalidKey,
    "network": NoConnection,
    "429": RateLimited,
    "500": OzonUnavailable,
    "html": UnexpectedAnswer,
}
STAGES = {
    "before": "/v2/warehouse/list",
    "import": "/v3/product/import",
    "import/info": "/v1/product/import/info",
    "prices": "/v1/product/import/prices",
    "stocks": "/v2/products/stocks",
}
ORDERS = "/v4/posting/fbs/list"
LOST = {"import": "/v3/product/import", "prices": "/v1/product/import/prices", "stocks": "/v2/products/stocks"}
BEFORE = SHIRTS[:2]
AFTER = (replace(SHIRTS[0], price="2090"), replace(SHIRTS[1], stock=1), Shirt("RU-3", "990.50", 4), Shirt("RU-4", "500", 7))


@pytest.fixture
async def changed_shop(shop: Shop) -> Shop:
    """Two shirts are on Ozon; since then the price of one, the stock of the other changed, and two shirts are new."""
    await shop.stocks_the_store(*BEFORE)
    await shop.application.sync.run(shop.integration, silent)
    await shop.stocks_the_store(*AFTER)
    shop.line.mend()
    return shop


async def ends_as_wanted(shop: Shop, *shirts: Shirt) -> None:
    """The next run completes, a further one has nothing to send, and every product is there once."""
    shop.line.mend()
    result = await shop.application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.DONE, result.run
    assert shop.on_ozon() == wanted(*shirts)
    assert len(shop.sandbox.memory.by_id) == len(shop.sandbox.memory.shelf), "a card was made twice"
    assert await shop.application.storage.run(lambda unit: unit.sync.open_intents(shop.integration)) == []
    shop.line.mend()
    again = await shop.application.sync.run(shop.integration, silent)
    assert not WRITING & set(shop.line.sent())
    assert again.run.result is RunResult.DONE


async def fails(shop: Shop) -> AppError:
    """The run that is going to fail: its error, after a look at the journal."""
    with pytest.raises(AppError) as caught:
        await shop.application.sync.run(shop.integration, silent)
    run = (await shop.application.journal.runs(shop.integration))[0]
    assert run.result is RunResult.FAILED
    assert run.reason.endswith(wording.error_text(caught.value).text)
    assert run.finished_at is not None
    return caught.value


@pytest.mark.parametrize("stage", STAGES)
async def test_trouble_loses_nothing(changed_shop: Shop, stage: str) -> None:
    """Whatever the trouble: with each a price, a stock and a new shirt are on their way, and all of it is there after the next run."""
    for number, (kind, error) in enumerate(KINDS.items()):
        new = (Shirt(f"RU-{place}", "500", 7) for place in range(5, 6 + number))
        shirts = (replace(AFTER[0], price=f"{2100 + number}"), replace(AFTER[1], stock=2 + number), *AFTER[2:], *new)
        await changed_shop.stocks_the_store(*shirts)
        changed_shop.line.break_at(STAGES[stage], kind)
        assert type(await fails(changed_shop)) is error
        await ends_as_wanted(changed_shop, *shirts)


@pytest.mark.parametrize("kind", KINDS)
async def test_trouble_with_orders_loses_nothing_and_holds_only_rising_stocks_back(changed_shop: Shop, kind: str) -> None:
    changed_shop.line.break_at(ORDERS, kind)
    if kind == "network":
        assert type(await fails(changed_shop)) is KINDS[kind]
    else:
        run = (await changed_shop.application.sync.run(changed_shop.integration, silent)).run
        assert run.result is RunResult.PARTIAL
        assert KINDS[kind].__name__ in {problem.code for problem in run.problems}
        there = changed_shop.on_ozon()
        assert there["RU-1"][1] == 2090
        assert sum(there["RU-2"][2].values()) < 5
        assert "RU-4" in there
        assert not any(there["RU-4"][2].values())
    await ends_as_wanted(changed_shop, *AFTER)


@pytest.mark.parametrize("kind", ["lost", "500 after work"])
@pytest.mark.parametrize("stage", LOST)
async def test_lost_answer_to_a_change_that_ozon_made(changed_shop: Shop, stage: str, kind: str) -> None:
    changed_shop.line.break_at(LOST[stage], kind)
    error = await fails(changed_shop)
    assert type(error) is (ConnectionLost if kind == "lost" else OzonUnavailable)
    await ends_as_wanted(changed_shop, *AFTER)


@pytest.mark.parametrize("stage", LOST)
async def test_lost_answer_and_the_store_returns_to_what_it_was(changed_shop: Shop, stage: str) -> None:
    """What Ozon may have got is not taken for what it last confirmed."""
    named = (AFTER[0], replace(AFTER[1], name="Рубашка новая"), *AFTER[2:])
    await changed_shop.stocks_the_store(*named)
    changed_shop.line.break_at(LOST[stage], "lost")
    await fails(changed_shop)
    back = (*BEFORE, *AFTER[2:])
    await changed_shop.stocks_the_store(*back)
    await ends_as_wanted(changed_shop, *back)


async def test_lost_answer_while_ozon_has_not_made_the_cards_yet(changed_shop: Shop) -> None:
    changed_shop.sandbox.memory.timing.import_delay = timedelta(seconds=0.3)
    changed_shop.line.break_at("/v3/product/import", "lost")
    await fails(changed_shop)
    await ends_as_wanted(changed_shop, *AFTER)


async def test_import_task_that_ozon_has_forgotten_does_not_block_later_runs(changed_shop: Shop) -> None:
    changed_shop.line.break_at("/v1/product/import/info", "network")
    await fails(changed_shop)
    changed_shop.sandbox.memory.tasks.clear()
    changed_shop.sandbox.memory.waiting_tasks.clear()
    await ends_as_wanted(changed_shop, *AFTER)


async def test_second_batch_fails_and_the_first_is_kept(shop: Shop) -> None:
    many = tuple(Shirt(f"RU-{number:03}", stock=0) for number in range(130))
    await shop.stocks_the_store(*many)
    shop.line.break_at("/v3/product/import", "500", after=1)
    with pytest.raises(OzonUnavailable):
        await shop.application.sync.run(shop.integration, silent, SyncRequest(parts=frozenset({Part.PRODUCTS})))
    shop.line.mend()
    await shop.application.sync.run(shop.integration, silent, SyncRequest(parts=frozenset({Part.PRODUCTS})))
    assert len(shop.sandbox.products) == 130
    assert len(shop.sandbox.memory.by_id) == 130
    assert shop.line.sent()["/v3/product/import"] == 1, "the first hundred were sent again"


async def test_preview_works_without_a_network_and_says_so(changed_shop: Shop) -> None:
    changed_shop.line.break_at("*", "network")
    preview = await changed_shop.application.previews.preview(changed_shop.integration, silent)
    assert isinstance(preview.offline, NoConnection)
    assert preview.plan.changes == 6


@pytest.mark.parametrize("kind", KINDS)
async def test_check_says_what_is_wrong_and_keeps_the_last_report(shop: Shop, kind: str) -> None:
    before = (await shop.application.integrations.page(shop.integration)).integration.connection
    shop.line.break_at("/v1/roles", kind)
    with pytest.raises(KINDS[kind]):
        await shop.application.connection.check(shop.integration)
    assert (await shop.application.integrations.page(shop.integration)).integration.connection == before


async def test_texts_of_the_failures_differ() -> None:
    texts = {wording.error_text(kind("/v3/product/import")) for kind in KINDS.values()}
    assert len(texts) == len(KINDS)
    assert len({text.title for text in texts}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
async def test_broken_off_collection_of_settings_goes_on_where_it_was(shop: Shop, kind: str) -> None:
    catalog, before = shop.application.catalog, await shop.application.catalog.tree()
    keys = [type_.key for type_ in before.types.values() if type_.usable and type_.settings_at is not None]
    shop.line.break_at("/v1/description-category/attribute", kind, after=1)
    if kind in {"500", "html"}:
        result = await catalog.fetch_settings(shop.integration, silent, keys)
        assert len(result.failed) == len(keys) - 1
    else:
        with pytest.raises(KINDS[kind]):
            await catalog.fetch_settings(shop.integration, silent, keys)
    assert {key: type_.name for key, type_ in (await catalog.tree()).types.items()} == {
        key: type_.name for key, type_ in before.types.items()
    }
    shop.line.mend()
    assert (await catalog.fetch_settings(shop.integration, silent, keys)).types == len(keys)


async def test_key_is_nowhere_in_the_data_folder(options: Options, line: Line, tmp_path: Path) -> None:
    handler = start_logging(tmp_path / "data" / "logs", logging.DEBUG)
    logging.getLogger("ozon_desktop").debug("the key is %s", ADMIN_KEY)
    application = await build(options)
    try:
        shop = await set_up(application, line, tmp_path, *SHIRTS)
        await application.sync.run(shop.integration, silent)
        line.break_at("*", "key")
        with pytest.raises(InvalidKey) as caught:
            await application.connection.check(shop.integration)
        logging.getLogger("ozon_desktop.test").error("failed with %s", ADMIN_KEY, exc_info=caught.value)
    finally:
        await application.close()
        stop_logging(handler)
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".sqlite3", ".log"}
    log = (tmp_path / "data" / "logs" / "ozon-desktop.log").read_text(encoding="utf-8")
    assert "/v3/product/import 200" in log, "the log at DEBUG names no request, so this proves nothing"
    for path in files:
        content = path.read_bytes().lower()
        assert ADMIN_KEY.encode() not in content, path
        assert ADMIN_KEY.replace("-", "").encode() not in content, path


async def test_key_lost_from_the_secret_store_is_named(options: Options, line: Line, tmp_path: Path) -> None:
    application = await build(options)
    shop = await set_up(application, line, tmp_path, *SHIRTS)
    await application.close()
    forgetful = await build(replace(options, secret_store=MemoryStore()))
    try:
        page = await forgetful.integrations.page(shop.integration)
        assert (page.key_hint, page.integration.has_key) == ("", False)
        with pytest.raises(KeyMissing):
            await forgetful.sync.run(shop.integration, silent)
    finally:
        await forgetful.close()


@pytest.mark.parametrize("kind", ["lost", "500 after work"])
async def test_a_return_from_the_archive_without_an_answer_is_not_forgotten(shop: Shop, kind: str) -> None:
    """Ozon has done it: when the store deletes the product again, the card must not stay on sale."""
    application = shop.application
    await application.sync.run(shop.integration, silent)
    await shop.stocks_the_store(SHIRTS[0], SHIRTS[2])
    await application.sync.run(shop.integration, silent)
    assert shop.sandbox.products["RU-2"].archived
    await shop.stocks_the_store(*SHIRTS)
    shop.line.break_at("/v1/product/unarchive", kind)
    with pytest.raises(AppError):
        await application.sync.run(shop.integration, silent)
    assert not shop.sandbox.products["RU-2"].archived
    shop.line.mend()
    await shop.stocks_the_store(SHIRTS[0], SHIRTS[2])
    await application.sync.run(shop.integration, silent)
    assert shop.sandbox.products["RU-2"].archived


async def test_an_archiving_without_an_answer_does_not_keep_a_product_that_is_back_from_being_sold(shop: Shop) -> None:
    application = shop.application
    await application.sync.run(shop.integration, silent)
    await shop.stocks_the_store(SHIRTS[0], SHIRTS[2])
    shop.line.break_at("/v1/product/archive", "lost")
    with pytest.raises(AppError):
        await application.sync.run(shop.integration, silent)
    assert shop.sandbox.products["RU-2"].archived
    shop.line.mend()
    await shop.stocks_the_store(*SHIRTS)
    await application.sync.run(shop.integration, silent)
    assert shop.on_ozon() == wanted(*SHIRTS)
