"""An export that lacks much of what was there is announced at the import, also one from the watched folder; few or stated are not."""

import os
from pathlib import Path

import pytest

from ozon_desktop.domain.journal import RunCause, RunKind
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_catalog import ImportCounts
from ozon_desktop.services.store.importing import lacks_much
from ozon_desktop.services.store.watching import WatchedFolder
from tests.services.shop import Shirt, Shop, write_export

TEN = tuple(Shirt(f"T-{number}") for number in range(10))
SAID = "В выгрузке не хватает многого: исчезнут 9 из 10 товаров. Проверьте, полная ли она"


@pytest.fixture
async def told(shop: Shop) -> list[str]:
    """What the owner is told; the store has ten shirts."""
    said: list[str] = []
    shop.application.notifications.listen(lambda _title, text: said.append(text))
    await shop.stocks_the_store(*TEN)
    return said


async def load(shop: Shop, *shirts: Shirt, cause: RunCause = RunCause.MANUAL) -> ImportCounts:
    path = write_export(shop.folder / "next.xml", *shirts)
    return await shop.application.store_import.import_files([path], silent, cause)


async def reason(shop: Shop) -> str:
    runs = await shop.application.journal.runs(None)
    return next(run.reason for run in runs if run.kind is RunKind.STORE_IMPORT)


async def test_the_result_and_the_journal_say_what_vanishes(shop: Shop, told: list[str]) -> None:
    counts = await load(shop, TEN[0])
    assert (counts.vanished, counts.before, lacks_much(counts)) == (9, 10, True)
    assert await reason(shop) == f"next.xml. {SAID}"
    assert told == [], "whoever loads a file by hand sees it there"


async def test_a_file_of_the_watched_folder_is_told_to_the_owner(shop: Shop, told: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    write_export(folder / "cut.xml", TEN[0])
    os.utime(folder / "cut.xml", (1, 1))
    watched = WatchedFolder(shop.application.storage, shop.application.store_import, quiet_s=0)
    await watched.set_folder(folder)
    assert await watched.look() == [folder / "cut.xml"]
    assert told == [SAID]


async def test_the_same_cut_export_again_and_a_whole_one_are_no_news(shop: Shop, told: list[str]) -> None:
    await load(shop, TEN[0], cause=RunCause.FOLDER)
    again = await load(shop, TEN[0], cause=RunCause.FOLDER)
    whole = await load(shop, *TEN, cause=RunCause.FOLDER)
    assert (again.vanished, whole.vanished, len(told)) == (0, 0, 1)
    counts = await load(shop, *TEN[:5], cause=RunCause.FOLDER)
    assert (counts.vanished, counts.before, len(told)) == (5, 10, 2), "what came back can vanish again"


async def test_a_few_are_not_announced(shop: Shop, told: list[str]) -> None:
    counts = await load(shop, *TEN[1:], Shirt("NEW-1"), cause=RunCause.FOLDER)
    assert (counts.vanished, lacks_much(counts), told) == (1, False, [])


async def test_products_that_are_sold_out_are_not_missing(shop: Shop, told: list[str]) -> None:
    counts = await load(shop, *(Shirt(shirt.offer_id, stock=0) for shirt in TEN), cause=RunCause.FOLDER)
    assert (counts.vanished, told) == (0, [])
    absent = await shop.application.storage.run(lambda unit: unit.guards.absent())
    assert not {f"id-{shirt.offer_id}" for shirt in TEN} & set(absent)
