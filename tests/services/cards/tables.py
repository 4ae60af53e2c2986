"""Tables of card fields as somebody leaves them who worked on them in a spreadsheet program."""

from pathlib import Path

from ozon_desktop.services.spreadsheets import read_table, write_table
from tests.services.cards.test_card_exchange import SHIRTS_CATEGORY
from tests.services.shop import SHIRT, Shop


async def exported(shop: Shop) -> tuple[Path, list[str], list[list[str]]]:
    """The table of the shirts as path, headings and rows."""
    path = shop.folder / "fields.xlsx"
    await shop.application.card_exchange.export(shop.integration, SHIRTS_CATEGORY, SHIRT, path)
    rows = await read_table(path)
    headings = list(rows[0].texts)
    return path, headings, [[row.texts[heading] for heading in headings] for row in rows]


async def with_column(path: Path, headings: list[str], rows: list[list[str]], heading: str, text: str) -> None:
    """Writes the table with one column filled with the same text."""
    place = headings.index(heading)
    await write_table(path, "Поля", headings, [[*row[:place], text, *row[place + 1 :]] for row in rows])
