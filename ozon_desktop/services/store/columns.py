"""What the columns of a price list are taken for, before it is imported; a choice is kept for all lists with the same headings."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ozon_desktop.domain.price_list import NAMING, ColumnRole, find_layout
from ozon_desktop.errors import BrokenFile, WrongInput
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
        """The sheets that would be imported. StoreFileError; BrokenFile when no sheet has headings."""
        chosen = await self._storage.run(chosen_columns)
        return await asyncio.to_thread(_sheets, path, chosen)

    async def choose(self, path: Path, roles: Mapping[str, ColumnRole]) -> list[Sheet]:
        """Takes the columns of these headings for something else, from now on. WrongInput for a heading that no sheet has."""
        sheets = await self.preview(path)
        unknown = [heading for heading in roles if all(heading not in _headings(sheet) for sheet in sheets)]
        if unknown:
            raise WrongInput("columns", detail=", ".join(unknown))

        def work(unit: UnitOfWork) -> None:
            for sheet in sheets:
                if not roles.keys().isdisjoint(_headings(sheet)):
                    taken = {column.heading: roles.get(column.heading, column.role) for column in sheet.columns}
                    unit.preferences.set(f"{PREFIX}{sheet.key}", json.dumps(taken, ensure_ascii=False))

        await self._storage.run(work)
        return await self.preview(path)


def chosen_columns(unit: UnitOfWork) -> dict[str, dict[str, str]]:
    """Roles by heading, by the key of the layout."""
    return {key.removeprefix(PREFIX): json.loads(text) for key, text in unit.preferences.starting_with(PREFIX).items()}


def _headings(sheet: Sheet) -> set[str]:
    return {column.heading for column in sheet.columns}


def _sheets(path: Path, chosen: Mapping[str, Mapping[str, str]]) -> list[Sheet]:
    sheets: list[Sheet] = []
    for table in read_tables(path):
        layout = find_layout(table.rows, chosen)
        if layout is None or NAMING.isdisjoint(layout.roles):
            continue
        below = table.rows[layout.row + 1 :]
        columns = [
            Column(heading, role, tuple(row[number] for row in below if number < len(row) and row[number])[:EXAMPLES])
            for number, (heading, role) in enumerate(zip(layout.headings, layout.roles, strict=True))
            if heading
        ]
        sheets.append(Sheet(table.sheet, layout.key, tuple(columns)))
    if not sheets:
        raise BrokenFile(path.name, detail="headings")
    return sheets
