"""Plain tables in XLSX: writing one with headings and drop-downs, reading one back as dictionaries by heading."""

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from ozon_desktop.domain.spreadsheet import FaultyCell, SheetRow, fits_cell
from ozon_desktop.errors import BrokenFile, FileNotReadable, WrongInput
from ozon_desktop.store.own_files import BOOK_MARK
from ozon_desktop.store.sheet_cells import unescaped
from ozon_desktop.store.sheet_reader import read_rows
from ozon_desktop.wording.spreadsheets import cut_text

DROP_DOWN_SHEET = "Списки"
ROWS_WITH_DROP_DOWN = 5000

_LOOKS_ESCAPED = re.compile("(_x[0-9a-fA-F]{4}_)")


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
        book.set_properties(BOOK_MARK)
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True})
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
            widest = max([len(heading), *(len(row[column]) for row in rows[:200])])
            sheet.set_column(column, column, min(widest + 2, 70))
        for number, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                # XlsxWriter cuts longer texts without a word: who reads tables back marks them before.
                sheet.write_string(number, column, text if fits_cell(text) else cut_text(text))
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


def read_back(text: str) -> str:
    """What `read_sheet` gives of a text in a table that `write_sheet` wrote: the same text, with one exception.

    XlsxWriter escapes _x0000_ as it should, but of two that share an underscore (_x0000_x0000_) only the first.
    """
    return unescaped(_LOOKS_ESCAPED.sub(r"_x005F\1", text))


def read_sheet(path: Path) -> list[SheetRow]:
    """Rows of the first sheet below its headings, empty ones left out; texts as they stand, headings without blanks around them.

    FileNotReadable, BrokenFile, UnsafeFile, SheetTooLarge; WrongInput for a heading that stands there twice.
    """
    lines = read_rows(path)
    first = next(lines, None)
    if first is None:
        raise BrokenFile(path.name, line=1)
    headings: dict[int, str] = {}
    for column, cell in first[1].items():
        heading = cell.strip() if isinstance(cell, str) else ""
        if heading in headings.values():
            raise WrongInput(heading, detail="такой столбец стоит в таблице дважды, непонятно, из какого брать значения")
        if heading:
            headings[column] = heading
    rows: list[SheetRow] = []
    for number, cells in lines:
        found = {heading: cells.get(column, "") for column, heading in headings.items()}
        texts = {heading: cell for heading, cell in found.items() if isinstance(cell, str)}
        faults = {heading: cell for heading, cell in found.items() if isinstance(cell, FaultyCell)}
        if faults or any(text.strip() for text in texts.values()):
            rows.append(SheetRow(number, texts, faults))
    return rows
