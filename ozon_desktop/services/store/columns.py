"""What the columns of a price list are taken for, before it is imported; a choice is kept for all lists with the same headings."""

import asyncio
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from ozon_desktop.domain.price_list import NAMING, ColumnRole, find_layout, layout_with
from ozon_desktop.errors import NoHeadings, WrongInput
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.store.tables import read_tables

PREFIX = "price_list/"
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, what it is taken for, its first texts."""

    heading: str
    role: ColumnRole
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One visible sheet with headings; name "" in a file that has no sheets. key: of its layout."""

    name: str
    key: str
    columns: tuple[Column, ...]


class PriceListColumns:
    def __init__(self, storage: Database) -> None:
        self._storage = storage

    async def preview(self, path: Path) -> list[Sheet]:
        """The sheets that would be imported. StoreFileError; NoHeadings when no sheet has headings."""
        return await self._read(path, ())

    async def _read(self, path: Path, wanted: Collection[str]) -> list[Sheet]:
        chosen = await self._storage.run(chosen_columns)
        return await asyncio.to_thread(_sheets, path, chosen, wanted)

    async def choose(self, path: Path, roles: Mapping[str, ColumnRole]) -> list[Sheet]:
        """Takes the columns of these headings for something else, from now on. WrongInput for a heading that no sheet has.

        Also of a list in which no line was taken for headings: the line that has all of these is. NoHeadings when no product is named then.
        """
        sheets = await self._read(path, roles)
        unknown = [heading for heading in roles if all(heading not in _headings(sheet) for sheet in sheets)]
        if unknown:
            raise WrongInput("columns", detail=", ".join(unknown))

        changed = {
            sheet.key: {column.heading: roles.get(column.heading, column.role) for column in sheet.columns}
            for sheet in sheets
            if not roles.keys().isdisjoint(_headings(sheet))
        }
        if any(NAMING.isdisjoint(taken.values()) for taken in changed.values()):
            raise NoHeadings(path.name)

        def work(unit: UnitOfWork) -> None:
            for key, taken in changed.items():
                unit.preferences.set(f"{PREFIX}{key}", json.dumps(taken, ensure_ascii=False))

        await self._storage.run(work)
        return await self.preview(path)


def chosen_columns(unit: UnitOfWork) -> dict[str, dict[str, str]]:
    """Roles by heading, by the key of the layout."""
    return {key.removeprefix(PREFIX): json.loads(text) for key, text in unit.preferences.starting_with(PREFIX).items()}


def _headings(sheet: Sheet) -> set[str]:
    return {column.heading for column in sheet.columns}


def _sheets(path: Path, chosen: Mapping[str, Mapping[str, str]], wanted: Collection[str]) -> list[Sheet]:
    sheets: list[Sheet] = []
    for table in read_tables(path):
        layout = find_layout(table.rows, chosen)
        if layout is None or NAMING.isdisjoint(layout.roles):
            layout = layout_with(table.rows, wanted)
        if layout is None:
            continue
        below = table.rows[layout.row + 1 :]
        columns = [
            Column(heading, role, tuple(row[number] for row in below if number < len(row) and row[number])[:EXAMPLES])
            for number, (heading, role) in enumerate(zip(layout.headings, layout.roles, strict=True))
            if heading
        ]
        sheets.append(Sheet(table.sheet, layout.key, tuple(columns)))
    if not sheets:
        raise NoHeadings(path.name)
    return sheets
