"""The right reader is found by what a file holds; archives are read within limits."""

import gzip
import zipfile
from pathlib import Path

import pytest

from ozon_desktop.domain.store_catalog import CatalogStructure, ExportScope, Price, Product, StoreRecord
from ozon_desktop.errors import BrokenFile, FileNotReadable, StoreFileError, UnknownFormat, UnsafeFile
from ozon_desktop.store.source import GzipSource, XmlSource, ZipSource, in_reading_order, open_source

DATA = Path(__file__).parent / "data"


def archive(folder: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", method) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return path


def read(path: Path) -> list[StoreRecord]:
    return list(open_source(path).read(path))


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "выгрузка.csv"
    path.write_bytes((DATA / "shop_offers_1251.xml").read_bytes())
    assert isinstance(open_source(path), XmlSource)
    assert any(isinstance(record, Price) for record in read(path))


def test_utf_16_is_recognised(tmp_path: Path) -> None:
    text = (DATA / "shop_import.xml").read_text(encoding="utf-8-sig").replace('encoding="UTF-8"', 'encoding="UTF-16"')
    path = tmp_path / "export.xml"
    path.write_text(text, encoding="utf-16")
    assert sum(isinstance(record, Product) for record in read(path)) == 2


def test_missing_file_and_folder_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.xml", tmp_path):
        with pytest.raises(FileNotReadable) as caught:
            open_source(path)
        assert caught.value.subject == path.name


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n", b"just;a;table", b"<html></html>"])
def test_other_content_is_unknown(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "export.dat"
    path.write_bytes(content)
    with pytest.raises(UnknownFormat):
        open_source(path)


def test_parts_of_an_archive_are_read_in_their_order_and_know_each_other(tmp_path: Path) -> None:
    classifier = (
        "<КоммерческаяИнформация><Классификатор><Ид>k</Ид><Наименование>К</Наименование><Свойства><Свойство><Ид>p</Ид>"
        "<Наименование>Цвет</Наименование><ВариантыЗначений><Справочник><ИдЗначения>v</ИдЗначения><Значение>белый</Значение></Справочник>"
        "</ВариантыЗначений></Свойство></Свойства></Классификатор></КоммерческаяИнформация>"
    )
    goods = (
        "<КоммерческаяИнформация><Каталог><ИдКлассификатора>k</ИдКлассификатора><Товары><Товар><Ид>{0}</Ид><ЗначенияСвойств>"
        "<ЗначенияСвойства><Ид>p</Ид><Значение>v</Значение></ЗначенияСвойства></ЗначенияСвойств></Товар></Товары></Каталог>"
        "</КоммерческаяИнформация>"
    )
    offers = (
        "<КоммерческаяИнформация><ПакетПредложений><Предложения><Предложение><Ид>2</Ид></Предложение></Предложения>"
        "</ПакетПредложений></КоммерческаяИнформация>"
    )
    path = archive(
        tmp_path,
        {
            "1c/offers0_1.xml": offers.encode(),
            "1c/import0_10.xml": goods.format(10).encode(),
            "1c/import0_2.xml": goods.format(2).encode(),
            "1c/import0_1.xml": classifier.encode(),
            "1c/import_files/2.jpg": b"\xff\xd8",
            "__MACOSX/1c/import0_1.xml": b"junk",
        },
    )
    records = read(path)
    products = [record for record in records if isinstance(record, Product)]
    assert [(product.id, product.has_card) for product in products] == [("2", True), ("10", True), ("2", False)]
    assert [product.properties for product in products[:2]] == [(("Цвет", "белый"),)] * 2
    assert [record for record in records if isinstance(record, CatalogStructure)] == [CatalogStructure("k", "К")]
    scopes = [record for record in records if isinstance(record, ExportScope)]
    assert [scope.part for scope in scopes] == ["catalog", "offers"], "two parts of one catalogue are one scope"


def test_archive_with_too_many_entries_is_unsafe(tmp_path: Path) -> None:
    path = archive(tmp_path, {f"{number}.xml": b"<a/>" for number in range(5)})
    with pytest.raises(UnsafeFile):
        list(ZipSource(max_entries=4).read(path))


def test_archive_that_unpacks_to_too_much_is_unsafe(tmp_path: Path) -> None:
    path = archive(tmp_path, {"import.xml": (DATA / "shop_import.xml").read_bytes()})
    with pytest.raises(UnsafeFile):
        list(ZipSource(max_unpacked=1000).read(path))


def test_archive_that_lies_about_its_size_is_caught_while_unpacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(tmp_path, {"import.xml": (DATA / "shop_import.xml").read_bytes()})
    plain = zipfile.ZipFile.infolist

    def lying(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
        entries = plain(packed)
        for entry in entries:
            entry.file_size = min(entry.file_size, 10)
        return entries

    whole_size = (DATA / "shop_import.xml").stat().st_size
    monkeypatch.setattr(zipfile.ZipFile, "infolist", lying)
    with pytest.raises(StoreFileError) as caught:
        list(ZipSource(max_unpacked=whole_size - 1).read(path))
    assert caught.value.subject.startswith("export.zip")


def test_archive_without_exports_is_unknown(tmp_path: Path) -> None:
    path = archive(tmp_path, {"readme.txt": b"hello"})
    with pytest.raises(UnknownFormat):
        read(path)


def test_spreadsheet_is_not_taken_for_an_archive_of_exports(tmp_path: Path) -> None:
    path = archive(tmp_path, {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})
    with pytest.raises(BrokenFile):
        read(path)


def test_cut_archive_is_broken(tmp_path: Path) -> None:
    path = archive(tmp_path, {"import.xml": (DATA / "shop_import.xml").read_bytes()})
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(BrokenFile):
        read(path)


def test_damaged_member_is_broken_and_named(tmp_path: Path) -> None:
    path = archive(tmp_path, {"import.xml": (DATA / "shop_import.xml").read_bytes()}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"2000000000011", b"2000000000012"))
    with pytest.raises(BrokenFile) as caught:
        read(path)
    assert caught.value.subject == "export.zip/import.xml"


def test_gzip_is_unpacked_within_limits_and_a_damaged_one_is_broken(tmp_path: Path) -> None:
    whole = gzip.compress((DATA / "shop.yml.xml").read_bytes())
    path = tmp_path / "feed.yml.gz"
    path.write_bytes(whole)
    assert [record for record in read(path) if isinstance(record, Product | Price)] == [
        record for record in read(DATA / "shop.yml.xml") if isinstance(record, Product | Price)
    ]
    with pytest.raises(UnsafeFile):
        list(GzipSource(max_unpacked=100).read(path))
    for damaged in (whole[:-9], whole[: len(whole) // 2], whole[:60] + b"\0\0\0\0" + whole[64:]):
        path.write_bytes(damaged)
        with pytest.raises(BrokenFile):
            read(path)


def test_files_are_read_in_the_order_they_need_each_other(tmp_path: Path) -> None:
    parts = {
        "a.xml": "<ПакетПредложений/>",
        "b.xml": "<Каталог><ИдКлассификатора>k</ИдКлассификатора></Каталог>",
        "c.xml": "<Классификатор/><ПакетПредложений/>",
        "d.xml": "<Классификатор/><Каталог/>",
    }
    for name, inside in parts.items():
        (tmp_path / name).write_text(f"<КоммерческаяИнформация>{inside}</КоммерческаяИнформация>", encoding="utf-8")
    paths = [tmp_path / name for name in (*parts, "нет.xml")]
    assert [path.name for path in in_reading_order(paths)] == ["d.xml", "b.xml", "нет.xml", "a.xml", "c.xml"]
