"""Rows of texts out of price lists: XLSX, XLS, ODS and CSV in any encoding, delimiter and number of sheets."""

import csv
import io
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import python_calamine

from ozon_desktop.errors import BrokenFile, FileNotReadable, UnsafeFile

MAX_TEXT = 256 * 1024**2
MAX_UNPACKED = 1024**3
DELIMITERS = (";", "\t", ",", "|")
LOOKED_AT = 30
"""Lines by which the delimiter is found."""


@dataclass(frozen=True, slots=True)
class Table:
    """One visible sheet; "" for a file that has none. rows: texts of the cells as people see them."""

    sheet: str
    rows: list[list[str]]


def read_tables(path: Path) -> list[Table]:
    """All visible sheets that hold anything. FileNotReadable, BrokenFile, UnsafeFile."""
    try:
        with path.open("rb") as stream:
            mark = stream.read(8)
            size = path.stat().st_size
    except OSError as error:
        raise FileNotReadable(path.name, detail=error.strerror or str(error)) from error
    if mark.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        if mark.startswith(b"PK"):
            _refuse_bomb(path)
        return _workbook(path)
    if size > MAX_TEXT:
        raise UnsafeFile(path.name, detail=f"> {MAX_TEXT}")
    return [Table("", _separated(path))]


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise BrokenFile(path.name, detail=str(error)) from error
    if unpacked > MAX_UNPACKED:
        raise UnsafeFile(path.name, detail=f"> {MAX_UNPACKED}")


def _workbook(path: Path) -> list[Table]:
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        visible = [sheet.name for sheet in book.sheets_metadata if sheet.visible is python_calamine.SheetVisibleEnum.Visible]
        tables = [Table(name, [[_text(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python()]) for name in visible]
    except (python_calamine.CalamineError, OSError) as error:
        raise BrokenFile(path.name, detail=str(error)) from error
    return [table for table in tables if any(any(row) for row in table.rows)]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return "" if cell is None else str(cell).strip()


def _separated(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    for codec in ("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig", "cp1251"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        break
    else:
        raise BrokenFile(path.name, detail="encoding: cp1251")
    text = text.replace("\0", "")
    head, _, rest = text.partition("\n")
    if head.strip().casefold().startswith("sep="):
        return _rows(rest, head.strip()[4:5] or ";")
    return _rows(text, _delimiter(text))


def _rows(text: str, delimiter: str) -> list[list[str]]:
    return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]


def _delimiter(text: str) -> str:
    """The sign that parts most lines into the same number of cells, more than one."""

    def fit(delimiter: str) -> tuple[int, int]:
        rows = [row for row in _rows("\n".join(text.splitlines()[:LOOKED_AT]), delimiter) if any(row)]
        widths = Counter(len(row) for row in rows if len(row) > 1)
        [(width, count)] = widths.most_common(1) or [(0, 0)]
        return count, width

    return max(DELIMITERS, key=fit)
