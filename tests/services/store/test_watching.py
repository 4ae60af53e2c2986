"""The watched export folder: complete files are imported once, half-written ones are waited for."""

import os
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ozon_desktop.application import Application, Options, build
from ozon_desktop.domain.journal import RunCause, RunKind, RunResult
from ozon_desktop.errors import WrongInput
from ozon_desktop.services.runs.edits import EditedRevision, own_changes
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.services.store.watching import WatchedFolder, is_whole
from tests.places import ROOT
from tests.services.shop import SHIRTS, write_export


@dataclass
class Stopwatch:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Watch:
    """A program, its folder, and a clock the test moves."""

    application: Application
    folder: Path
    stopwatch: Stopwatch
    watched: WatchedFolder

    async def after(self, seconds: float) -> list[str]:
        self.stopwatch.now += seconds
        return [path.name for path in await self.watched.look()]

    async def imports(self) -> list[RunResult]:
        runs = [run for run in await self.application.journal.runs(None) if run.kind is RunKind.STORE_IMPORT]
        assert {run.cause for run in runs} <= {RunCause.FOLDER}, "nobody imported them by hand"
        return [run.result for run in runs]


@pytest.fixture
async def watch(tmp_path: Path) -> AsyncIterator[Watch]:
    application = await build(Options(tmp_path / "data", secret_store=MemoryStore()))
    folder, stopwatch = tmp_path / "exports", Stopwatch()
    folder.mkdir()
    watched = WatchedFolder(application.storage, application.store_import, 10, 600, stopwatch)
    await watched.set_folder(folder)
    yield Watch(application, folder, stopwatch, watched)
    await application.close()


async def test_file_is_taken_when_it_has_been_quiet_and_only_once(watch: Watch) -> None:
    write_export(watch.folder / "shop.xml", *SHIRTS)
    assert await watch.after(0) == []
    assert await watch.after(5) == []
    assert await watch.after(6) == ["shop.xml"]
    assert await watch.after(60) == []
    assert await watch.imports() == [RunResult.DONE]


async def test_file_that_grows_is_waited_for(watch: Watch) -> None:
    text = write_export(watch.folder / "shop.xml", *SHIRTS).read_bytes()
    for part in range(5):
        (watch.folder / "shop.xml").write_bytes(text[: (part + 1) * len(text) // 6])
        assert await watch.after(8) == []
    # A pause longer than the quiet: it is still cut.
    assert await watch.after(60) == []
    (watch.folder / "shop.xml").write_bytes(text)
    assert await watch.after(1) == []
    assert await watch.after(11) == ["shop.xml"]
    assert await watch.imports() == [RunResult.DONE]


async def test_file_that_stays_cut_is_complained_about_once(watch: Watch) -> None:
    path = write_export(watch.folder / "shop.xml", *SHIRTS)
    path.write_bytes(path.read_bytes()[:400])
    await watch.after(0)
    assert await watch.after(500) == []
    await watch.after(200)
    await watch.after(700)
    assert await watch.imports() == [RunResult.FAILED]
    write_export(path, *SHIRTS)
    await watch.after(1)
    assert await watch.after(11) == ["shop.xml"]


async def test_parts_of_one_export_come_together_goods_before_offers(watch: Watch) -> None:
    data = ROOT / "tests" / "e2e" / "data"
    (watch.folder / "offers0_1.xml").write_bytes((data / "shoes_offers.xml").read_bytes())
    await watch.after(0)
    deep = watch.folder / "webdata" / "000000001"
    deep.mkdir(parents=True)
    (deep / "import0_1.xml").write_bytes((data / "shoes_import.xml").read_bytes())
    assert await watch.after(11) == [], "the other part has only just come"
    assert await watch.after(11) == ["import0_1.xml", "offers0_1.xml"]
    assert await watch.imports() == [RunResult.DONE]


async def test_changes_made_while_the_program_was_closed_are_found(watch: Watch) -> None:
    write_export(watch.folder / "shop.xml", *SHIRTS)
    await watch.after(0)
    await watch.after(11)
    again = replace(watch, watched=WatchedFolder(watch.application.storage, watch.application.store_import, 10, 600, watch.stopwatch))
    await again.after(0)
    assert await again.after(11) == [], "imported before, and the same"
    write_export(watch.folder / "shop.xml", *SHIRTS[:2])
    await again.after(0)
    assert await again.after(11) == ["shop.xml"]


async def test_orders_hidden_and_other_files_are_left_alone(watch: Watch) -> None:
    for name in ("orders-20261124-120000.xml", ".shop.xml", "~shop.xml", "readme.txt"):
        write_export(watch.folder / name, *SHIRTS)
    await watch.after(0)
    assert await watch.after(1000) == []


async def test_folder_that_is_away_is_no_error(watch: Watch) -> None:
    watch.folder.rename(watch.folder.with_name("gone"))
    assert await watch.after(11) == []
    assert not watch.watched.reachable
    with pytest.raises(WrongInput):
        await watch.watched.set_folder(watch.folder)
    await watch.watched.set_folder(None)
    assert await watch.watched.folder() is None


def test_whole_files(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    cases = {
        b"<?xml version='1.0'?>\n<!-- <x> -->\n<a b='1'><c/></a>\n": True,
        b"<a><c>1</c>": False,
        b"<a><c>1</": False,
        b"<catalog><cat>1</cat>": False,
        b"": False,
        b"<a></a>\x00\x00": True,
    }
    for content, whole in cases.items():
        path.write_bytes(content)
        assert is_whole(path) is whole, content
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("import.xml", "<a></a>" * 500)
    assert is_whole(path)
    os.truncate(path, path.stat().st_size - 30)
    assert not is_whole(path)
    assert not is_whole(tmp_path / "none.xml")


def test_what_a_run_changes_by_itself_is_no_edit() -> None:
    revision = EditedRevision()
    revision.bump()
    with own_changes():
        revision.bump()
    assert (revision.number, revision.edits) == (2, 1)
