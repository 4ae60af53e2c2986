"""Reading the cards of a cabinet over the sandbox: the cache, large parts side by side, stopping, reading again."""

import asyncio
import gc
import sys
from decimal import Decimal

import httpx
import pytest

from ozon_desktop.domain.progress import ProgressUpdate, silent
from ozon_desktop.domain.sync_plan import ActionKind
from ozon_desktop.errors import AlreadyRunning, NetworkError, NotFound
from ozon_desktop.services.cabinet.cards import CabinetCardsService
from ozon_desktop.services.cabinet.parts import loading as cabinet_loading
from tests.services.cabinet.cards_on_ozon import CARDS, INFO, LIST, PRICES, STOCKS, groups, place, remove, values
from tests.services.shop import MAIN_WAREHOUSE, Line, Shop


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many parts out of few cards."""
    monkeypatch.setattr(cabinet_loading.CabinetLoading.__init__, "__defaults__", (2,))


async def test_the_whole_cabinet_is_cached_and_read_offline(shop: Shop, service: CabinetCardsService, line: Line) -> None:
    assert (await service.report(shop.integration)).loaded_at is None
    brand, note = values(85, (5, "Ромашка")), values(4191, (0, "Лён"))
    place(
        shop.sandbox,
        "RU-1",
        "Рубашка RU-1",
        price="1800",
        old_price="2500",
        barcode="460",
        stock=7,
        attributes=(brand, note),
        depth=31,
        dimension_unit="cm",
    )
    place(shop.sandbox, "OLD", "Платье", archived=True, attributes=(brand,))
    reported: list[ProgressUpdate] = []
    report = await service.load(shop.integration, reported.append)
    assert groups(report) == {"matched": ["RU-1"], "only_ozon": ["OLD"], "only_store": ["RU-2", "RU-3"]}
    assert report.complete
    assert (reported[-2].done, reported[-2].total) == (2, 2)
    line.break_at("*", "network")
    assert await service.report(shop.integration) == report
    card = await service.card(shop.integration, "RU-1")
    assert (card.price, card.old_price, card.barcodes, card.vat) == (Decimal(1800), Decimal(2500), ("460",), "0.22")
    assert (card.dimensions.depth, card.dimensions.weight) == (310, 350)
    assert [(stock.scheme, stock.free, stock.warehouse_ids) for stock in card.stocks] == [("fbs", 7, (MAIN_WAREHOUSE,))]
    assert {(item.id, item.values) for item in card.attributes} == {(85, ((5, "Ромашка"),)), (4191, ((0, "Лён"),))}
    old = await service.card(shop.integration, "OLD")
    assert (old.archived, old.attributes[0].values, old.price) == (True, ((5, "Ромашка"),), Decimal(1990))
    with pytest.raises(NotFound):
        await service.card(shop.integration, "NONE")


async def test_each_card_is_asked_for_once_in_large_parts(shop: Shop, service: CabinetCardsService, line: Line) -> None:
    for number in range(2300):
        place(shop.sandbox, f"A-{number}")
    line.mend()
    report = await service.load(shop.integration, silent)
    assert len(report.only_ozon) == 2300
    # One list of the archive, three pages of the others, and four answers about each part of a page.
    parts = 4 + 4 + 2
    assert line.sent() == {LIST: 4, INFO: parts, CARDS: parts, PRICES: parts, STOCKS: parts}


async def test_cards_in_hand_are_bounded(
    shop: Shop, service: CabinetCardsService, monkeypatch: pytest.MonkeyPatch, small_parts: None
) -> None:
    for number in range(300):
        place(shop.sandbox, f"A-{number}")
    monkeypatch.setattr(cabinet_loading, "SIDE_BY_SIDE", 3)
    asked = kept = most = 0
    read, save = cabinet_loading.CabinetLoading._read, cabinet_loading._save

    async def counted_read(self: cabinet_loading.CabinetLoading, part: cabinet_loading._Part) -> object:
        nonlocal asked, most
        asked += len(part.products)
        most = max(most, asked - kept)
        return await read(self, part)

    def counted_save(*arguments: object) -> None:
        nonlocal kept
        save(*arguments)  # type: ignore[arg-type]
        kept += len(arguments[1])  # type: ignore[arg-type]

    monkeypatch.setattr(cabinet_loading.CabinetLoading, "_read", counted_read)
    monkeypatch.setattr(cabinet_loading, "_save", counted_save)
    await service.load(shop.integration, silent)
    assert kept == 300
    # Those that are asked about, those that wait to be saved, and those being saved, two cards each.
    assert 2 < most <= 2 * (3 + cabinet_loading.UNSAVED + cabinet_loading.SAVED_TOGETHER)


async def test_requests_are_under_way_together(
    shop: Shop, service: CabinetCardsService, line: Line, small_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        place(shop.sandbox, f"A-{number}")
    waiting, enough = 0, asyncio.Event()
    answer = line.answer

    async def held(request: httpx.Request) -> httpx.Response:
        nonlocal waiting
        if request.url.path in {INFO, CARDS, PRICES, STOCKS}:
            waiting += 1
            if waiting >= 20:
                enough.set()
            await asyncio.wait_for(enough.wait(), 120)
        return await answer(request)

    monkeypatch.setattr(line, "answer", held)
    # Nobody is answered before twenty have asked: loading one after the other would never end.
    await service.load(shop.integration, silent)
    assert enough.is_set()


async def test_stopping_keeps_what_came(shop: Shop, service: CabinetCardsService, small_parts: None) -> None:
    for number in range(200):
        place(shop.sandbox, f"A-{number}")
    place(shop.sandbox, "GONE")
    await service.load(shop.integration, silent)
    remove(shop.sandbox, "GONE")
    place(shop.sandbox, "RU-1")

    def stop(update: ProgressUpdate) -> None:
        if update.done >= 50:
            task.cancel()

    task = asyncio.create_task(service.load(shop.integration, stop))
    with pytest.raises(asyncio.CancelledError):
        await task
    report = await service.report(shop.integration)
    assert not report.complete
    assert report.gone == (), "nothing counts as gone after half of a reading"
    assert len(report.only_ozon) + len(report.matched) >= 201
    report = await service.load(shop.integration, silent)
    assert (report.complete, [card.offer_id for card in report.gone], len(report.only_ozon)) == (True, ["GONE"], 200)


async def test_first_reading_that_breaks_keeps_what_came(shop: Shop, service: CabinetCardsService, line: Line, small_parts: None) -> None:
    for number in range(200):
        place(shop.sandbox, f"A-{number}")
    line.break_at(PRICES, "network", after=60)
    with pytest.raises(NetworkError):
        await service.load(shop.integration, silent)
    report = await service.report(shop.integration)
    assert not report.complete
    assert 0 < len(report.only_ozon) < 200


async def test_a_later_reading_replaces_and_marks_what_is_gone(shop: Shop, service: CabinetCardsService) -> None:
    place(shop.sandbox, "RU-1")
    place(shop.sandbox, "OTHER", "Платье")
    await service.load(shop.integration, silent)
    remove(shop.sandbox, "OTHER")
    remove(shop.sandbox, "RU-1")
    place(shop.sandbox, "RU-2", "Новое имя")
    report = await service.load(shop.integration, silent)
    assert groups(report) == {"matched": ["RU-2"], "only_store": ["RU-1", "RU-3"], "gone": ["OTHER", "RU-1"]}
    preview = await shop.application.previews.preview(shop.integration, silent)
    kinds = {item.offer_id: item.kind for item in preview.plan.items if item.payload is not None}
    assert kinds == {"RU-1": ActionKind.CREATE, "RU-2": ActionKind.UPDATE, "RU-3": ActionKind.CREATE}


async def test_reading_leaves_no_trace_in_the_interpreter(shop: Shop, service: CabinetCardsService, line: Line) -> None:
    before = gc.get_threshold(), sys.getswitchinterval()
    await service.load(shop.integration, silent)
    line.break_at(LIST, "network")
    with pytest.raises(NetworkError):
        await service.load(shop.integration, silent)
    assert (gc.get_threshold(), sys.getswitchinterval()) == before


async def test_one_reading_at_a_time(shop: Shop, service: CabinetCardsService) -> None:
    first = asyncio.create_task(service.load(shop.integration, silent))
    await asyncio.sleep(0)
    with pytest.raises(AlreadyRunning):
        await service.load(shop.integration, silent)
    await first
    await service.load(shop.integration, silent)
