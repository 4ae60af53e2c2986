"""The watched export folder: complete files are imported once, half-written ones are waited for."""

import errno
import gzip
import os
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ozon_desktop.application import Application, Options, build
from ozon_desktop.domain.journal import RunCause, RunKind, RunResult
from ozon_desktop.domain.orders import Order, Posting
from ozon_desktop.domain.store_catalog import CatalogStructure, PriceType, Product, StoreWarehouse
from ozon_desktop.domain.watched_folder import FileTrouble, FolderFault
from ozon_desktop.errors import WrongInput
from ozon_desktop.services.runs.edits import EditedRevision, own_changes
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.services.store.parts.folder_scan import PORTION_GAP_NS, grouped, is_whole, with_portions
from ozon_desktop.services.store.watching import WatchedFolder
from ozon_desktop.store.catalog_export import ExportedCatalog, ExportedProduct, write_catalog
from ozon_desktop.store.order_elements import OrderNames
from ozon_desktop.store.orders_export import order_files, put_orders
from ozon_desktop.store.own_files import is_own
from ozon_desktop.store.sheets import write_sheet
from tests.places import ROOT
from tests.services.shop import SHIRTS, write_export

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


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

    async def troubles(self) -> tuple[FileTrouble, ...]:
        return (await self.watched.state()).troubles

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


async def test_hidden_and_other_files_are_left_alone(watch: Watch) -> None:
    for name in (".shop.xml", "~shop.xml", "readme.txt"):
        write_export(watch.folder / name, *SHIRTS)
    await watch.after(0)
    assert await watch.after(1000) == []


def write_own(folder: Path) -> list[Path]:
    """Files of both kinds that the program writes, under names of exports."""
    order = Order(1, Posting("1-1-1", "1-1", 1, "fbs", "awaiting_packaging", "", NOW, None, ()), None, None, None, NOW)
    orders = folder / "shop-orders.xml"
    put_orders(order_files([order], OrderNames(), "windows-1251"), orders, {"1-1-1"})
    catalog = ExportedCatalog(CatalogStructure("ozon-cabinet", "Карточки"), [], [], PriceType("p", "Цена"), StoreWarehouse("w", "Склад"))
    return [orders, *write_catalog(catalog, [ExportedProduct(Product("1", "A-1", "Рубашка", "ozon-cabinet"))], folder)]


async def test_one_folder_serves_both_directions(watch: Watch) -> None:
    """Files the program wrote are known by what is in them; a store's file may well be called as one of them."""
    own = write_own(watch.folder)
    assert [is_own(path) for path in own] == [True, True, True]
    write_export(watch.folder / "orders-20261124-120000.xml", *SHIRTS)
    await watch.after(0)
    assert await watch.after(11) == ["orders-20261124-120000.xml"]
    assert await watch.after(1000) == []
    assert await watch.imports() == [RunResult.DONE]
    own[0].write_bytes(write_export(watch.folder / "again.xml", *SHIRTS[:1]).read_bytes())
    (watch.folder / "again.xml").unlink()
    await watch.after(0)
    assert await watch.after(11) == ["shop-orders.xml"], "no longer what the program wrote"


def test_own_files_from_before_the_mark_and_files_that_are_not_own(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    head = '<?xml version="1.0" encoding="windows-1251"?>\n<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_2" ВерсияСхемы="2.10">'
    cases = {
        head + "<Документ><Ид>1</Ид>": True,
        head + "<!-- Ozon Desktop --><Каталог/>": False,
        head + "<Каталог><Документ/>": False,
        head: False,
        "<yml_catalog><Документ/></yml_catalog>": False,
        "<!-- Ozon Desktop --><a/>": True,
        "<!-- Ozon Desktop 2 --><a/>": False,
        "no xml <": False,
        "": False,
    }
    for content, own in cases.items():
        path.write_text(content, encoding="windows-1251")
        assert is_own(path) is own, content


# --- Files that cannot be taken -------------------------------------------------------------------------------------


def write_zip(path: Path, content: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("import.xml", content)


async def test_a_broken_and_a_foreign_file_hold_up_no_other(watch: Watch) -> None:
    shop = write_export(watch.folder / "shop.xml", *SHIRTS)
    (watch.folder / "half.xml").write_bytes(shop.read_bytes()[:300])
    (watch.folder / "invoice.xml").write_text("<invoice><line/></invoice>", encoding="utf-8")
    write_zip(watch.folder / "a.zip", shop.read_bytes())
    damaged = bytearray((watch.folder / "a.zip").read_bytes())
    damaged[60:90] = bytes(30)
    (watch.folder / "damaged.zip").write_bytes(damaged)
    await watch.after(0)
    assert await watch.after(11) == ["a.zip", "shop.xml"]
    await watch.after(700)
    assert [trouble.name for trouble in await watch.troubles()] == ["damaged.zip", "half.xml", "invoice.xml"]
    runs = [run for run in await watch.application.journal.runs(None) if run.result is RunResult.FAILED]
    assert sorted(run.reason.partition(":")[0] for run in runs) == ["damaged.zip/import.xml", "half.xml", "invoice.xml"]
    for _ in range(5):
        await watch.after(4000)
    assert (await watch.imports()).count(RunResult.FAILED) == 3, "each is complained about once"
    write_export(watch.folder / "half.xml", *SHIRTS[:1])
    (watch.folder / "invoice.xml").unlink()
    await watch.after(0)
    assert await watch.after(11) == ["half.xml"]
    assert [trouble.name for trouble in await watch.troubles()] == ["damaged.zip"]


async def test_a_broken_file_is_not_tried_again_by_the_next_start(watch: Watch) -> None:
    (watch.folder / "invoice.xml").write_text("<invoice/>", encoding="utf-8")
    await watch.after(0)
    await watch.after(11)
    again = replace(watch, watched=WatchedFolder(watch.application.storage, watch.application.store_import, 10, 600, watch.stopwatch))
    await again.after(0)
    await again.after(1000)
    assert await again.imports() == [RunResult.FAILED]
    assert [trouble.name for trouble in await again.troubles()] == ["invoice.xml"]


async def test_a_part_of_an_export_is_never_taken_without_the_others(watch: Watch) -> None:
    """A full export of half its files would say that the other half is gone from the store."""
    data = ROOT / "tests" / "e2e" / "data"
    whole = (data / "shoes_import.xml").read_bytes()
    (watch.folder / "import.xml").write_bytes(whole.replace(b"</\xd0\xa2\xd0\xbe\xd0\xb2\xd0\xb0\xd1\x80>", b"", 1))
    (watch.folder / "offers.xml").write_bytes((data / "shoes_offers.xml").read_bytes())
    write_export(watch.folder / "shop.xml", *SHIRTS)
    await watch.after(0)
    assert await watch.after(11) == ["shop.xml"]
    assert [trouble.name for trouble in await watch.troubles()] == ["import.xml", "offers.xml"]
    (watch.folder / "import.xml").write_bytes(whole)
    await watch.after(0)
    assert await watch.after(11) == ["import.xml", "offers.xml"]
    assert await watch.troubles() == ()


async def test_a_locked_file_is_tried_again_by_itself(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    write_export(watch.folder / "shop.xml", *SHIRTS)
    write_export(watch.folder / "locked.xml", *SHIRTS[:1])
    locked, opened = {"locked.xml"}, Path.open

    def open_(self: Path, *args: Any, **named: Any) -> Any:
        if self.name in locked:
            raise PermissionError(errno.EACCES, "The process cannot access the file because it is being used by another process", str(self))
        return opened(self, *args, **named)

    monkeypatch.setattr(Path, "open", open_)
    await watch.after(0)
    assert await watch.after(11) == ["shop.xml"]
    (trouble,) = await watch.troubles()
    assert trouble.name == "locked.xml"
    assert "не открыт" in trouble.text or "нет доступа" in trouble.text
    for _ in range(20):
        assert await watch.after(20) == []
    assert 1 < (await watch.imports()).count(RunResult.FAILED) < 10
    locked.clear()
    assert await watch.after(4000) == ["locked.xml"]
    assert await watch.troubles() == ()


async def test_a_file_that_vanishes_while_it_is_read_is_forgotten(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    write_export(watch.folder / "shop.xml", *SHIRTS)
    passing = write_export(watch.folder / "passing.xml", *SHIRTS[:1])
    imports = watch.application.store_import
    original = imports.import_files

    async def import_files(paths: Sequence[Path], *args: Any) -> Any:
        passing.unlink(missing_ok=True)
        return await original(paths, *args)

    monkeypatch.setattr(imports, "import_files", import_files)
    await watch.after(0)
    assert await watch.after(11) == ["shop.xml"]
    assert [trouble.name for trouble in await watch.troubles()] == ["passing.xml"]
    await watch.after(1)
    assert await watch.troubles() == ()


async def test_a_mistake_of_the_program_in_one_file_is_named_and_stops_nothing(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write_export(watch.folder / "good.xml", *SHIRTS)
    write_export(watch.folder / "odd.xml", *SHIRTS[:1])
    imports = watch.application.store_import
    original = imports.import_files

    async def import_files(paths: Sequence[Path], *args: Any) -> Any:
        if any(path.name == "odd.xml" for path in paths):
            raise ZeroDivisionError("a mistake")
        return await original(paths, *args)

    monkeypatch.setattr(imports, "import_files", import_files)
    await watch.after(0)
    assert await watch.after(11) == ["good.xml"]
    assert "ZeroDivisionError" in caplog.text
    assert [trouble.name for trouble in await watch.troubles()] == ["odd.xml"]
    (run,) = [run for run in await watch.application.journal.runs(None) if run.result is RunResult.FAILED]
    assert "odd.xml" in run.reason


# --- The folder itself ----------------------------------------------------------------------------------------------


async def test_a_folder_that_is_away_is_said_once_and_waited_for(watch: Watch) -> None:
    write_export(watch.folder / "shop.xml", *SHIRTS)
    await watch.after(0)
    assert await watch.after(11) == ["shop.xml"]
    away = watch.folder.with_name("gone")
    watch.folder.rename(away)
    assert await watch.after(11) == []
    assert await watch.after(11) == []
    assert (await watch.watched.state()).fault is FolderFault.MISSING
    with pytest.raises(WrongInput):
        await watch.watched.set_folder(watch.folder)
    assert await watch.imports() == [RunResult.FAILED, RunResult.DONE]
    away.rename(watch.folder)
    assert await watch.after(11) == []
    assert await watch.after(11) == [], "what was taken is not new because the disk is back"
    assert (await watch.watched.state()).fault is None
    await watch.watched.set_folder(None)
    assert await watch.watched.folder() is None
    assert await watch.after(11) == []


@pytest.mark.parametrize(
    ("number", "fault"), [(errno.EACCES, FolderFault.NO_RIGHTS), (errno.EIO, FolderFault.UNREADABLE), (errno.ENOENT, FolderFault.MISSING)]
)
async def test_a_folder_that_may_not_be_read(watch: Watch, monkeypatch: pytest.MonkeyPatch, number: int, fault: FolderFault) -> None:
    write_export(watch.folder / "shop.xml", *SHIRTS)
    await watch.after(0)
    await watch.after(11)
    listed = os.scandir
    refused = {watch.folder}

    def scandir(place: Any) -> Any:
        if Path(place) in refused:
            raise OSError(number, os.strerror(number), str(place))
        return listed(place)

    monkeypatch.setattr(os, "scandir", scandir)
    assert await watch.after(11) == []
    assert (await watch.watched.state()).fault is fault
    refused.clear()
    assert await watch.after(100) == []
    assert await watch.imports() == [RunResult.FAILED, RunResult.DONE]


async def test_a_folder_inside_that_may_not_be_read_is_named_and_what_was_taken_of_it_kept(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = watch.folder / "Выгрузка"
    deep.mkdir()
    write_export(deep / "shop.xml", *SHIRTS)
    await watch.after(0)
    await watch.after(11)
    listed, refused = os.scandir, {deep}

    def scandir(place: Any) -> Any:
        if Path(place) in refused:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))
        return listed(place)

    monkeypatch.setattr(os, "scandir", scandir)
    write_export(watch.folder / "other.xml", *SHIRTS[:1])
    await watch.after(0)
    assert await watch.after(11) == ["other.xml"]
    assert [trouble.name for trouble in await watch.troubles()] == ["Выгрузка"]
    refused.clear()
    assert await watch.after(100) == []
    assert await watch.troubles() == ()
    assert await watch.imports() == [RunResult.DONE, RunResult.FAILED, RunResult.DONE]


async def test_the_schedule_lives_on_beside_a_folder_that_is_away(watch: Watch) -> None:
    watch.folder.rmdir()
    scheduler = watch.application.scheduler
    scheduler.watched = watch.watched
    assert await scheduler.begin() == []
    assert await scheduler.begin() == []
    assert await watch.imports() == [RunResult.FAILED]


def test_parts_of_one_export_are_grouped() -> None:
    guid = "0a1b2c3d-0000-1111-2222-333344445555"
    names = [
        "offers0_1.xml",
        "web/import0_1.xml",
        "import_old.xml",
        "shop.xml",
        "a.yml",
        "import.zip",
        f"goods/1/import___{guid}.xml",
        "prices.xml",
    ]
    assert grouped(names) == [
        (f"goods/1/import___{guid}.xml", "web/import0_1.xml", "offers0_1.xml", "prices.xml"),
        ("import.zip",),
        ("import_old.xml",),
        ("a.yml",),
        ("shop.xml",),
    ]


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
    with pytest.raises(FileNotFoundError):
        is_whole(tmp_path / "none.xml")


def test_what_a_run_changes_by_itself_is_no_edit() -> None:
    revision = EditedRevision()
    revision.bump()
    with own_changes():
        revision.bump()
    assert (revision.number, revision.edits) == (2, 1)


# --- tables, packed files and portions ----------------------------------------------------------------------------------

PRICE_LIST = "Артикул;Наименование;Цена;Остаток\n007;Чайник;1500;4\n"


async def test_price_lists_and_packed_exports_are_taken(watch: Watch) -> None:
    (watch.folder / "price.csv").write_text(PRICE_LIST, encoding="utf-8")
    write_export(watch.folder / "shop.xml", *SHIRTS)
    (watch.folder / "packed.xml.gz").write_bytes(gzip.compress((watch.folder / "shop.xml").read_bytes()))
    (watch.folder / "shop.xml").unlink()
    await watch.after(0)
    assert sorted(await watch.after(11)) == ["packed.xml.gz", "price.csv"]
    assert await watch.imports() == [RunResult.DONE]


async def test_a_table_of_the_program_itself_is_left_alone(watch: Watch) -> None:
    headings = PRICE_LIST.splitlines()[0].split(";")
    write_sheet(watch.folder / "cards.xlsx", "Карточки", headings, [PRICE_LIST.splitlines()[1].split(";")])
    await watch.after(0)
    assert await watch.after(11) == []
    assert await watch.troubles() == ()


def test_orders_as_a_table_are_known_as_own(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    path.write_bytes(order_files([], OrderNames()).table)
    assert is_own(path)


def test_a_damaged_archive_is_nobodys_own(tmp_path: Path) -> None:
    path = tmp_path / "price.xlsx"
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    assert not is_own(path)


def test_a_packed_export_is_whole_when_it_unpacks(tmp_path: Path) -> None:
    path, packed = tmp_path / "shop.xml.gz", gzip.compress(os.urandom(4096))
    path.write_bytes(packed)
    assert is_whole(path)
    path.write_bytes(packed[:-6])
    assert not is_whole(path)


async def test_a_late_portion_is_taken_with_those_before_it(watch: Watch) -> None:
    """By itself it would say of nothing that it is gone; and the one before it said so of all that it holds."""
    first, second = SHIRTS[:1], SHIRTS[1:2]
    write_export(watch.folder / "import0_1.xml", *first)
    await watch.after(0)
    assert await watch.after(11) == ["import0_1.xml"]
    write_export(watch.folder / "import0_2.xml", *second)
    await watch.after(1)
    assert await watch.after(11) == ["import0_1.xml", "import0_2.xml"]
    products = await watch.application.storage.run(lambda unit: unit.store.products("yml"))
    assert {product.offer_id for product in products if not product.deleted} == {shirt.offer_id for shirt in (*first, *second)}


def test_a_portion_from_long_before_is_not_called_back() -> None:
    old, new = (10, 0), (10, PORTION_GAP_NS * 3)
    files = {"a/import0_1.xml": new, "a/import0_2.xml": (10, new[1] + 5), "a/import0_3.xml": old, "b/import0_1.xml": new, "x.xml": new}
    changed = {"a/import0_2.xml": files["a/import0_2.xml"]}
    assert with_portions(changed, files) == {name: files[name] for name in ("a/import0_1.xml", "a/import0_2.xml")}
    assert with_portions({}, files) == {}
