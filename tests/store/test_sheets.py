"""Tables in XLSX: read cell by cell, refused before they are read, never cut without a word; workbooks are made by the tests."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import python_calamine
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ozon_desktop.domain.spreadsheet import CELL_LIMIT, CellFault, cell_length
from ozon_desktop.errors import BrokenFile, FileNotReadable, SheetTooLarge, UnsafeFile, WrongInput
from ozon_desktop.store import sheet_reader
from ozon_desktop.store.sheet_cells import format_fault, place_of, reference_of
from ozon_desktop.store.sheets import read_back, read_sheet, write_sheet
from ozon_desktop.wording.errors import error_text
from ozon_desktop.wording.spreadsheets import cell_fault_text
from tests.odd_texts import ODD

HEADINGS = ["Артикул", "Бренд", "Состав"]


def workbook(path: Path, fill: Callable[[Any, Any], object]) -> Path:
    """A workbook of one sheet with HEADINGS in its first row."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Поля")
        sheet.write_row(0, 0, HEADINGS)
        fill(book, sheet)
    return path


def with_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The same workbook with one part changed."""
    with ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts[name] = change(parts[name])
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("kept", "shown"),
    [("#N/A", "#Н/Д"), ("#DIV/0!", "#ДЕЛ/0!"), ("#REF!", "#ССЫЛКА!"), ("#VALUE!", "#ЗНАЧ!"), ("#NAME?", "#ИМЯ?"), ("#NUM!", "#ЧИСЛО!")],
)
def test_an_error_is_no_empty_cell_and_says_where_it_stands(tmp_path: Path, kept: str, shown: str) -> None:
    path = workbook(tmp_path / "fields.xlsx", lambda _, sheet: (sheet.write(3, 0, "RU-1"), sheet.write_formula(3, 1, "=NA()", None, kept)))
    (row,) = read_sheet(path)
    assert row.number == 4
    assert "Бренд" not in row.texts
    fault = row.faults["Бренд"]
    assert (fault.fault, fault.cell, fault.shown) == (CellFault.ERROR, "B4", shown)
    assert shown in cell_fault_text(fault)
    assert "B4" in cell_fault_text(fault)
    assert row.texts["Состав"] == "", "an empty cell is one still"


def test_dates_and_percents_made_of_texts_are_reported(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write(1, 0, "RU-1")
        sheet.write_number(1, 1, 46024, book.add_format({"num_format": "dd.mm.yyyy"}))
        sheet.write_number(1, 2, 0.5, book.add_format({"num_format": 9}))
        sheet.write(2, 0, "RU-2")
        sheet.write_number(2, 1, 46024.5, book.add_format({"num_format": 22}))
        sheet.write_number(2, 2, 0.125, book.add_format({"num_format": "0.0%"}))

    first, second = read_sheet(workbook(tmp_path / "fields.xlsx", fill))
    assert [(fault.fault, fault.cell, fault.shown) for row in (first, second) for fault in row.faults.values()] == [
        (CellFault.DATE, "B2", "02.01.2026"),
        (CellFault.PERCENT, "C2", "50 %"),
        (CellFault.DATE, "B3", "02.01.2026 12:00"),
        (CellFault.PERCENT, "C3", "12,5 %"),
    ]


@pytest.mark.parametrize(
    ("number", "code", "wanted"),
    [
        (0, "", None),
        (14, "", CellFault.DATE),
        (10, "", CellFault.PERCENT),
        (164, "0.00", None),
        (165, '#,##0.00" руб. за день"', None),
        (166, "[Red]-0", None),
        (167, "[h]:mm", CellFault.DATE),
        (168, "[$-419]d mmm;@", CellFault.DATE),
        (169, "General", None),
        (170, "@", None),
        (171, r"0\%", None),
        (172, "0.0%", CellFault.PERCENT),
        (173, "0.00E+00", None),
    ],
)
def test_a_number_format_is_a_date_only_when_it_shows_one(number: int, code: str, wanted: CellFault | None) -> None:
    assert format_fault(0 if code else number, code) is wanted


def test_numbers_are_read_without_the_noise_of_binary_and_long_ones_are_reported(tmp_path: Path) -> None:
    def fill(_: Any, sheet: Any) -> None:
        for row, number in enumerate([3, 0.1 + 0.2, 4607012345678, -2.50, 4607012345678901, 1e300, 0, 0.00001], start=1):
            sheet.write(row, 0, f"RU-{row}")
            sheet.write_number(row, 1, number)

    rows = read_sheet(workbook(tmp_path / "fields.xlsx", fill))
    assert [row.texts.get("Бренд") for row in rows] == ["3", "0.3", "4607012345678", "-2.5", None, None, "0", "0.00001"]
    assert [row.faults["Бренд"].fault for row in rows[4:6]] == [CellFault.ROUNDED, CellFault.ROUNDED]


def test_a_formula_gives_its_result_and_none_is_no_empty_cell(tmp_path: Path) -> None:
    def fill(_: Any, sheet: Any) -> None:
        sheet.write(1, 0, "RU-1")
        sheet.write_formula(1, 1, '="а"&"б"', None, "аб")
        sheet.write_formula(1, 2, "=A1", None, "заменю")
        sheet.write_boolean(2, 1, True)

    path = workbook(tmp_path / "fields.xlsx", fill)
    with_part(path, SHEET, lambda text: text.replace("<v>заменю</v>".encode(), b""))
    first, second = read_sheet(path)
    assert first.texts["Бренд"] == "аб"
    assert first.faults["Состав"].fault is CellFault.NO_RESULT
    assert second.texts["Бренд"] == "Да"


def test_row_numbers_are_the_sheets_also_below_empty_rows(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "low.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(2, 1, HEADINGS)
        sheet.write_row(3, 1, ["RU-1", "а", "б"])
        sheet.write_row(9, 1, ["RU-2", "а", "б"])
    rows = read_sheet(tmp_path / "low.xlsx")
    assert [(row.number, row.texts["Артикул"]) for row in rows] == [(4, "RU-1"), (10, "RU-2")]


def test_rows_without_their_numbers_are_counted(tmp_path: Path) -> None:
    path = workbook(tmp_path / "fields.xlsx", lambda _, sheet: sheet.write_row(1, 0, ["RU-1", "а", "б"]))
    with_part(path, SHEET, lambda text: re.sub(rb' r="[A-Z]*\d+"', b"", text))
    (row,) = read_sheet(path)
    assert (row.number, row.texts) == (2, {"Артикул": "RU-1", "Бренд": "а", "Состав": "б"})


def test_a_cell_at_the_far_end_is_refused_before_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "far.xlsx", lambda _, sheet: (sheet.write(1, 0, "RU-1"), sheet.write(1_048_575, 16_383, "x")))

    def no_reading(*_: object) -> None:
        raise AssertionError("the sheet is read")

    monkeypatch.setattr(sheet_reader, "read_cell", no_reading)
    with pytest.raises(SheetTooLarge) as refused:
        read_sheet(path)
    words = error_text(refused.value)
    assert "far.xlsx" in words.text
    assert "1\u00a0048\u00a0576" in words.text.replace("\u202f", "\u00a0")


@pytest.mark.parametrize("declared", [b"", b'<dimension ref="A1:C2"/>'])
@pytest.mark.parametrize(("row", "column"), [(1_048_575, 20), (5, 3_000)])
def test_an_extent_that_is_not_declared_or_lied_about_is_met_while_reading(tmp_path: Path, declared: bytes, row: int, column: int) -> None:
    path = workbook(tmp_path / "far.xlsx", lambda _, sheet: (sheet.write(1, 0, "RU-1"), sheet.write(row, column, "x")))
    with_part(path, SHEET, lambda text: re.sub(rb"<dimension [^>]*>", declared, text))
    with pytest.raises(SheetTooLarge):
        read_sheet(path)


def test_a_long_and_narrow_table_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "long.xlsx", lambda _, sheet: sheet.write(1_048_575, 0, "RU-1"))
    assert [row.number for row in read_sheet(path)] == [1_048_576]


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "bomb.xlsx", lambda _, sheet: sheet.write(1, 0, "RU-1"))
    with_part(path, "xl/sharedStrings.xml", lambda text: text + b" " * 300_000)
    assert path.stat().st_size < 20_000
    monkeypatch.setattr(sheet_reader, "MOST_UNPACKED", 250_000)
    with pytest.raises(SheetTooLarge) as refused:
        read_sheet(path)
    assert "МБ" in error_text(refused.value).text


@pytest.mark.parametrize("shared", [True, False])
def test_a_text_longer_than_any_cell_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared: bool) -> None:
    monkeypatch.setattr(sheet_reader, "MOST_SIGNS", 100)
    path = tmp_path / "long.xlsx"
    with xlsxwriter.Workbook(path, {} if shared else {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "Артикул")
        sheet.write_string(1, 0, "x" * 101)
    with pytest.raises(SheetTooLarge) as refused:
        read_sheet(path)
    assert "101 знак" in str(error_text(refused.value)).replace("\xa0", " ")


def test_declared_entities_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "entities.xlsx", lambda _, sheet: sheet.write(1, 0, "RU-1"))
    declared = b'<!DOCTYPE worksheet [<!ENTITY a "text">]><worksheet '
    with_part(path, SHEET, lambda text: text.replace(b"<worksheet ", declared, 1))
    with pytest.raises(UnsafeFile):
        read_sheet(path)


def test_a_column_that_stands_there_twice_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "twice.xlsx", lambda _, sheet: sheet.write(0, 3, " Бренд "))
    with pytest.raises(WrongInput, match="Бренд"):
        read_sheet(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", "Артикул;Бренд".encode(), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600])
def test_what_is_no_xlsx_is_said_to_be_broken(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "old.xlsx"
    path.write_bytes(content)
    with pytest.raises(BrokenFile):
        read_sheet(path)
    with pytest.raises(FileNotReadable):
        read_sheet(tmp_path / "none.xlsx")


def test_every_cut_of_a_workbook_is_refused_in_words(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "whole.xlsx", lambda _, sheet: sheet.write(1, 0, "RU-1")).read_bytes()
    path = tmp_path / "cut.xlsx"
    for size in range(0, len(whole), 211):
        path.write_bytes(whole[:size])
        with pytest.raises(BrokenFile):
            read_sheet(path)


def test_parts_that_are_missing_or_damaged_are_broken_files(tmp_path: Path) -> None:
    for part in (SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"):
        path = workbook(tmp_path / "fields.xlsx", lambda _, sheet: sheet.write(1, 0, "RU-1"))
        with_part(path, part, lambda text: text[: len(text) // 2])
        with pytest.raises(BrokenFile):
            read_sheet(path)


def test_an_index_beyond_the_shared_texts_is_a_broken_file(tmp_path: Path) -> None:
    path = workbook(tmp_path / "fields.xlsx", lambda _, sheet: sheet.write(1, 0, "RU-1"))
    with_part(path, SHEET, lambda text: text.replace(b"<v>3</v>", b"<v>99</v>"))
    with pytest.raises(BrokenFile):
        read_sheet(path)


def test_a_text_longer_than_a_cell_says_that_it_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "journal.xlsx"
    texts = ["а" * CELL_LIMIT, "а" * (CELL_LIMIT + 1), "😀" * 20_000]
    write_sheet(path, "Журнал", ["Что"], [[text] for text in texts])
    found = [row.texts["Что"] for row in read_sheet(path)]
    assert found[0] == texts[0]
    assert all("обрезано" in text and cell_length(text) <= CELL_LIMIT for text in found[1:])
    assert "32\u00a0768" in found[1].replace("\u202f", "\u00a0")


@pytest.mark.parametrize("column", [1, 26, 27, 702, 703, 16_384])
def test_references_and_places_are_each_others_inverse(column: int) -> None:
    assert place_of(reference_of(7, column)) == (7, column)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(ODD, min_size=3, max_size=3), min_size=1, max_size=8))
def test_every_text_is_read_as_it_was_written(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "texts.xlsx"
    write_sheet(path, "Поля", HEADINGS, rows)
    found = {row.number: [row.texts[heading] for heading in HEADINGS] for row in read_sheet(path)}
    wanted = {number: list(map(read_back, row)) for number, row in enumerate(rows, start=2) if any(text.strip() for text in row)}
    assert found == wanted


@given(text=ODD)
def test_only_overlapping_escapes_are_not_read_as_they_were_written(text: str) -> None:
    assert read_back(text) == text or re.search(r"_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_", text)


def test_an_outsider_reads_the_same_plain_texts(tmp_path: Path) -> None:
    path = tmp_path / "plain.xlsx"
    rows = [["RU-1", "=A1", " пробелы "], ["00123", "ё\nе", "12 %"]]
    write_sheet(path, "Поля", HEADINGS, rows)
    cells = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert cells == [HEADINGS, *rows]
