"""Tables exchanged with people as XLSX, read and written beside the event loop."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from ozon_desktop.domain.spreadsheet import SheetRow
from ozon_desktop.store.sheets import read_back, read_sheet, write_sheet

__all__ = ["read_back", "read_table", "write_table"]


async def write_table(
    path: Path, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], choices: Mapping[int, Sequence[str]] | None = None
) -> None:
    """Writes a table; `choices`: drop-down texts by column number from 0. FileNotReadable when the place cannot be written."""
    await asyncio.to_thread(write_sheet, path, title, headings, rows, choices)


async def read_table(path: Path) -> list[SheetRow]:
    """Reads a table. FileNotReadable, BrokenFile, UnsafeFile, SheetTooLarge, WrongInput."""
    return await asyncio.to_thread(read_sheet, path)
