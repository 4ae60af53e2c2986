"""Plain tables in XLSX: writing one with headings and drop-downs, reading one back as dictionaries by heading."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import python_calamine
import xlsxwriter

from ozon_desktop.errors import BrokenFile, FileNotReadable

DROP_DOWN_SHEET = "Списки"
ROWS_WITH_DROP_DOWN = 5000


def write_sheet(
    path: Path, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], choices: Mapping[int, Sequence[str]] | None = None
) -> None:
    """Writes one table; `choices`: drop-down texts by column number from 0. The file appears whole or not at all. FileNotReadable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(suffix=".xlsx", dir=path.parent)
    except OSError as error:
        raise FileNotReadable(str(path), detail=error.strerror or "") from error
    os.close(handle)
    with xlsxwriter.Workbook(temporary, {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True})
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
            widest = max([len(heading), *(len(row[column]) for row in rows[:200])])
            sheet.set_column(column, column, min(widest + 2, 70))
        for number, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
        sheet.freeze_panes(1, 0)
        if choices:
            lists = book.add_worksheet(DROP_DOWN_SHEET)
            lists.hide()
            for place, (column, texts) in enumerate(choices.items()):
                for number, text in enumerate(texts):
                    lists.write_string(number, place, text)
                letter = xlsxwriter.utility.xl_col_to_name(place)
                source = f"='{DROP_DOWN_SHEET}'!${letter}$1:${letter}${max(len(texts), 1)}"
                sheet.data_validation(
                    1, column, ROWS_WITH_DROP_DOWN, column, {"validate": "list", "source": source, "error_type": "warning"}
                )
    os.replace(temporary, path)


def read_sheet(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Rows of the first sheet: (row number from 1, texts by heading); empty rows are left out. FileNotReadable, BrokenFile."""
    if not path.is_file():
        raise FileNotReadable(str(path))
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        cells = book.get_sheet_by_index(0).to_python()
    except (python_calamine.CalamineError, OSError) as error:
        raise BrokenFile(path.name, detail=str(error)) from error
    if not cells:
        raise BrokenFile(path.name, line=1)
    headings = [str(cell).strip() for cell in cells[0]]
    rows: list[tuple[int, dict[str, str]]] = []
    for number, row in enumerate(cells[1:], start=2):
        texts = {heading: _text(cell) for heading, cell in zip(headings, row, strict=False) if heading}
        if any(texts.values()):
            rows.append((number, texts))
    return rows


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
