"""Rows of price lists as people see them, and files that are none."""

import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from ozon_desktop.errors import BrokenFile, FileNotReadable, UnsafeFile
from ozon_desktop.store import tables
from ozon_desktop.store.tables import read_tables


def written(folder: Path, content: bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("Артикул;Цена\r\nА-1;10,5\r\n".encode(), [["Артикул", "Цена"], ["А-1", "10,5"]]),
        ("Артикул;Цена\nА-1;10\n".encode("cp1251"), [["Артикул", "Цена"], ["А-1", "10"]]),
        ("Артикул\tЦена\nА-1\t10\n".encode("utf-16"), [["Артикул", "Цена"], ["А-1", "10"]]),
        ("\ufeffАртикул,Цена\nА-1,10\n".encode(), [["Артикул", "Цена"], ["А-1", "10"]]),
        ("sep=|\nАртикул|Цена\nА-1|10\n".encode(), [["Артикул", "Цена"], ["А-1", "10"]]),
        ('Артикул;Имя\nА-1;"Чай; чёрный"\n'.encode(), [["Артикул", "Имя"], ["А-1", "Чай; чёрный"]]),
        (b"A;B\n1\x00;2\n", [["A", "B"], ["1", "2"]]),
    ],
)
def test_a_text_of_any_encoding_and_delimiter(tmp_path: Path, content: bytes, rows: list[list[str]]) -> None:
    (table,) = read_tables(written(tmp_path, content))
    assert [row for row in table.rows if row] == rows


def test_cells_of_a_workbook_are_texts_and_hidden_sheets_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        shown, hidden, empty = (book.add_worksheet(name) for name in ("Прайс", "Старое", "Пусто"))
        shown.write_row(0, 0, ["Артикул", "Цена", "Дата"])
        shown.write_string(1, 0, "00123")
        shown.write_number(1, 1, 10)
        shown.write_datetime(1, 2, date(2026, 11, 24), day)
        hidden.write_string(0, 0, "А-9")
        hidden.hide()
        empty.write_blank(0, 0, None)
    (table,) = read_tables(path)
    assert (table.sheet, table.rows[1][:2]) == ("Прайс", ["00123", "10"])
    assert table.rows[1][2].startswith("2026-11-24")


def test_what_cannot_be_read_is_refused_with_its_cause(tmp_path: Path) -> None:
    with pytest.raises(FileNotReadable):
        read_tables(tmp_path / "none.csv")
    for content in (b"PK\x03\x04 is no archive", b"\xd0\xcf\x11\xe0 is no workbook"):
        with pytest.raises(BrokenFile):
            read_tables(written(tmp_path, content, "list.xlsx"))
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    with pytest.raises(BrokenFile):
        read_tables(tmp_path / "other.xlsx")
    with pytest.raises(BrokenFile, match="encoding"):
        read_tables(written(tmp_path, b"\x98\xff\x98;\xff"))


def test_files_beyond_reason_are_refused_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_TEXT", 8)
    monkeypatch.setattr(tables, "MAX_UNPACKED", 8)
    with pytest.raises(UnsafeFile):
        read_tables(written(tmp_path, b"A;B\n1;2\n3;4\n"))
    with zipfile.ZipFile(tmp_path / "large.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "x" * 100)
    with pytest.raises(UnsafeFile):
        read_tables(tmp_path / "large.xlsx")
