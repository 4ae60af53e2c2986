"""Reading the first sheet of an XLSX cell by cell: limits first, flat memory, no entities, and nothing taken for empty that is not.

An own reader, because python-calamine gives "" for cells with errors, passes over empty rows before the table, and takes
a sheet's declared extent at its word.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import join, normpath
from typing import IO
from zipfile import BadZipFile, ZipFile, is_zipfile

from lxml import etree

from ozon_desktop.domain.archives import DAMAGED_ARCHIVE, LOCKED_ARCHIVE
from ozon_desktop.domain.spreadsheet import CellFault, FaultyCell
from ozon_desktop.errors import BrokenFile, FileNotReadable, SheetTooLarge, UnsafeFile
from ozon_desktop.store.sheet_cells import Book, format_fault, place_of, read_cell, reference_of, shared_text
from ozon_desktop.store.xml_stream import children, local
from ozon_desktop.wording.spreadsheets import extent_text, text_length_text, unpacked_text

MOST_UNPACKED = 256 * 1024 * 1024
"""Bytes of all parts that are read."""
MOST_COLUMNS = 2_000
MOST_CELLS = 10_000_000
"""Rows times columns between the first and the last cell."""
MOST_SIGNS = 1_000_000
"""Of one cell's text: thirty times what Excel can keep."""
HEAD = 64 * 1024
"""Bytes at the beginning of a sheet in which its extent is declared."""

_EXTENT = re.compile(rb"<(?:\w+:)?dimension\b[^>]*\bref\s*=\s*[\"']([^\"']*)[\"']")
_NOT_READ = (*DAMAGED_ARCHIVE, *LOCKED_ARCHIVE, etree.XMLSyntaxError, ValueError, KeyError)
"""What a damaged, encrypted or foreign file raises while it is read."""

Cells = dict[int, str | FaultyCell]


@dataclass(slots=True)
class _Extent:
    """How far a sheet reaches, from its cells with contents."""

    first_row: int = 0
    last_row: int = 0
    last_column: int = 0

    def add(self, row: int, column: int) -> None:
        self.first_row = self.first_row or row
        self.first_row, self.last_row = min(self.first_row, row), max(self.last_row, row)
        self.last_column = max(self.last_column, column)

    @property
    def too_large(self) -> bool:
        return self.last_column > MOST_COLUMNS or self.rows * self.last_column > MOST_CELLS

    @property
    def rows(self) -> int:
        return self.last_row - self.first_row + 1


def read_rows(path: Path) -> Iterator[tuple[int, Cells]]:
    """Rows with contents: number from 1, cells by column from 1. FileNotReadable, BrokenFile, UnsafeFile, SheetTooLarge."""
    if not path.is_file():
        raise FileNotReadable(str(path))
    try:
        if not is_zipfile(path):
            raise BrokenFile(path.name)
        with ZipFile(path) as archive:
            yield from _rows(archive, path.name)
    except OSError as error:
        raise FileNotReadable(str(path), detail=error.strerror or "") from error
    except _NOT_READ as error:
        raise BrokenFile(path.name, detail=str(error)) from error


def _rows(archive: ZipFile, name: str) -> Iterator[tuple[int, Cells]]:
    parts = _Parts(archive, name)
    sheet = parts.first_sheet()
    parts.refuse_large(sheet)
    with archive.open(sheet) as stream:
        _refuse_extent(_declared(stream.read(HEAD)), name)
    book = parts.book()
    extent, number = _Extent(), 0
    with archive.open(sheet) as stream:
        for row in elements(stream, "row", name):
            number = int(row.get("r") or number + 1)
            cells = _cells(row, number, book)
            for text in cells.values():
                if isinstance(text, str):
                    _refuse_text(text, name)
            for column in cells:
                extent.add(number, column)
            _refuse_extent(extent, name)
            if cells:
                yield number, cells


def _cells(row: etree._Element, number: int, book: Book) -> Cells:
    cells: Cells = {}
    column = 0
    for cell in children(row, "c"):
        place = place_of(cell.get("r", ""))
        column = place[1] if place is not None else column + 1
        value = read_cell(cell, book, reference_of(number, column))
        if value != "":
            cells[column] = value
    return cells


def _declared(head: bytes) -> _Extent:
    match = _EXTENT.search(head)
    extent = _Extent()
    for corner in match[1].decode("ascii", "replace").split(":") if match is not None else ():
        place = place_of(corner)
        if place is not None:
            extent.add(*place)
    return extent


def _refuse_extent(extent: _Extent, name: str) -> None:
    if extent.too_large:
        raise SheetTooLarge(name, detail=extent_text(extent.rows, extent.last_column))


def _refuse_text(text: str, name: str) -> None:
    if len(text) > MOST_SIGNS:
        raise SheetTooLarge(name, detail=text_length_text(len(text), MOST_SIGNS))


class _Parts:
    """The parts of a workbook, found by its relationships."""

    def __init__(self, archive: ZipFile, name: str) -> None:
        self._archive, self._name = archive, name
        self._names = {info.filename.casefold(): info for info in archive.infolist()}
        self._workbook = next(iter(self._related("").get("officeDocument", {}).values()), "xl/workbook.xml")
        self._of_book = self._related(self._workbook)
        self._root = self._tree(self._workbook)

    def first_sheet(self) -> str:
        """The part of the first sheet with cells. ValueError when there is none."""
        sheets = self._of_book.get("worksheet", {})
        for sheet in (sheet for group in children(self._root, "sheets") for sheet in children(group, "sheet")):
            key = next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")
            if str(key) in sheets:
                return self._own_name(sheets[str(key)])
        raise ValueError("no sheet")

    def refuse_large(self, sheet: str) -> None:
        """SheetTooLarge when sheet and texts unpack to too much; the sizes are those a zip reader goes by."""
        wanted = [sheet, *self._of_book.get("sharedStrings", {}).values(), *self._of_book.get("styles", {}).values()]
        size = sum(self._names[name.casefold()].file_size for name in wanted if name.casefold() in self._names)
        if size > MOST_UNPACKED:
            megabyte = 1024 * 1024
            raise SheetTooLarge(self._name, detail=unpacked_text(-(-size // megabyte), MOST_UNPACKED // megabyte))

    def book(self) -> Book:
        texts: list[str] = []
        for part in self._of_book.get("sharedStrings", {}).values():
            with self._archive.open(self._own_name(part)) as stream:
                for item in elements(stream, "si", self._name):
                    texts.append(shared_text(item))
                    _refuse_text(texts[-1], self._name)
        formats: list[CellFault | None] = []
        for part in self._of_book.get("styles", {}).values():
            formats += _formats(self._tree(part))
        properties = children(self._root, "workbookPr")
        return Book(texts, formats, any(item.get("date1904") in {"1", "true"} for item in properties))

    def _related(self, part: str) -> dict[str, dict[str, str]]:
        """The parts that a part names, by the last word of their kind and by their id."""
        folder, _, name = part.rpartition("/")
        found: dict[str, dict[str, str]] = {}
        relations = join(folder, "_rels", f"{name}.rels")
        if relations.casefold() not in self._names:
            return found
        for relation in children(self._tree(relations), "Relationship"):
            if relation.get("TargetMode") != "External":
                target = relation.get("Target", "")
                place = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
                found.setdefault(relation.get("Type", "").rpartition("/")[2], {})[relation.get("Id", "")] = place
        return found

    def _own_name(self, part: str) -> str:
        return self._names[part.casefold()].filename

    def _tree(self, part: str) -> etree._Element:
        info = self._names[part.casefold()]
        if info.file_size > MOST_UNPACKED:
            raise BadZipFile(info.filename)
        with self._archive.open(info) as stream:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            root = etree.parse(stream, parser).getroot()
        _refuse_declarations(root, self._name)
        return root


def elements(stream: IO[bytes], name: str, file_name: str) -> Iterator[etree._Element]:
    """The elements of this local name, each forgotten when the next one is asked for. UnsafeFile."""
    parsing = etree.iterparse(stream, events=("end",), tag=f"{{*}}{name}", resolve_entities=False, no_network=True, load_dtd=False)
    for place, (_, element) in enumerate(parsing):
        if not place:
            _refuse_declarations(element, file_name)
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _refuse_declarations(element: etree._Element, name: str) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise UnsafeFile(name)


def _formats(styles: etree._Element) -> list[CellFault | None]:
    """Of each cell style, whether its number format shows a date or a percent."""
    own: Mapping[str, str] = {
        item.get("numFmtId", ""): item.get("formatCode", "") for group in children(styles, "numFmts") for item in children(group, "numFmt")
    }
    found: list[CellFault | None] = []
    for item in (item for group in children(styles, "cellXfs") for item in group if local(item) == "xf"):
        number = item.get("numFmtId", "0")
        found.append(format_fault(0, own[number]) if number in own else format_fault(int(number) if number.isdigit() else 0, ""))
    return found
