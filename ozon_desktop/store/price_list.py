"""Price lists (XLSX, XLS, ODS, CSV) as a store: a row is a product, columns are known by their headings."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from ozon_desktop.domain.import_problems import ImportProblem, ImportProblemKind
from ozon_desktop.domain.price_list import NAMING, ColumnRole, Layout, find_layout
from ozon_desktop.domain.store_catalog import (
    DEFAULT_WAREHOUSE_ID,
    CatalogStructure,
    ExportScope,
    Price,
    PriceType,
    Product,
    Stock,
    StoreCategory,
    StoreRecord,
    StoreWarehouse,
    fold,
)
from ozon_desktop.errors import NoHeadings
from ozon_desktop.store.numbers import Meaning, decimal_of, split_codes
from ozon_desktop.store.safe_html import TAG, safe_html
from ozon_desktop.store.tables import Table, read_tables

STRUCTURE = "price-list"
_PATH_SIGNS = re.compile(r"\s*[/>\\|»→]\s*")
_LINKS = re.compile(r"[\s;,|]+(?=https?://|\S+\.(?:jpe?g|png|webp|gif)\b)", re.IGNORECASE)
_STOCK_WORDS = re.compile(r"^(?:остат(?:ок|ки)|количество|кол-?во|наличие|stock|quantity)\s*(?:на\s+складе|на|,|:|-)?\s*", re.IGNORECASE)


def read_price_list(path: Path, chosen: Mapping[str, Mapping[str, str]]) -> Iterator[StoreRecord]:
    """The records of all visible sheets that have headings. chosen: roles by heading, by layout. NoHeadings when none has any."""
    found = [(table, layout) for table in read_tables(path) if (layout := find_layout(table.rows, chosen)) is not None]
    found = [(table, layout) for table, layout in found if not NAMING.isdisjoint(layout.roles)]
    if not found:
        raise NoHeadings(path.name)
    yield CatalogStructure(STRUCTURE, path.stem)
    yield ExportScope("catalog", True, STRUCTURE)
    if any(not {ColumnRole.PRICE, ColumnRole.STOCK}.isdisjoint(layout.roles) for _, layout in found):
        yield ExportScope("offers", True, STRUCTURE)
    reader = _Reader(path.name)
    for table, layout in found:
        yield from reader.sheet(table, layout)


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._given: set[str] = set()
        self._taken: dict[str, int] = {}

    def sheet(self, table: Table, layout: Layout) -> Iterator[StoreRecord]:
        for column, role in enumerate(layout.roles):
            heading = layout.headings[column]
            if role is ColumnRole.PRICE:
                yield PriceType(fold(heading), heading)
            elif role is ColumnRole.STOCK:
                yield _warehouse(heading)
        group = ""
        for number, row in enumerate(table.rows[layout.row + 1 :], start=layout.row + 2):
            cells = [*row, *[""] * (len(layout.roles) - len(row))]
            filled = [cell for cell in cells if cell]
            if len(filled) == 1 and len(layout.roles) > 2 and filled[0] == cells[layout.roles.index(ColumnRole.NAME)]:
                # A line with nothing but a text is a heading of the goods below it.
                group = filled[0]
            elif filled:
                yield from self._row(cells, layout, number, group)

    def _row(self, cells: list[str], layout: Layout, number: int, group: str) -> Iterator[StoreRecord]:
        by_role: dict[ColumnRole, list[str]] = {}
        for role, cell in zip(layout.roles, cells, strict=False):
            if cell:
                by_role.setdefault(role, []).append(cell)

        def first(role: ColumnRole) -> str:
            return by_role.get(role, [""])[0]

        name, article = " ".join(first(ColumnRole.NAME).split()), " ".join(first(ColumnRole.ARTICLE).split())
        barcodes = split_codes(by_role.get(ColumnRole.BARCODE, []))
        product_id = first(ColumnRole.CODE) or article or next(iter(barcodes), "")
        if not product_id:
            yield ImportProblem(ImportProblemKind.NO_ID, self._name, number, "", name)
            return
        category = ""
        for record in self._categories(" / ".join(by_role.get(ColumnRole.CATEGORY, ())) or group):
            category = record.id
            if record.id not in self._given:
                self._given.add(record.id)
                yield record
        description = first(ColumnRole.DESCRIPTION)
        yield Product(
            id=product_id,
            offer_id=article,
            name=name,
            structure_id=STRUCTURE,
            category_ids=(category,) if category else (),
            description=safe_html(description) if TAG.search(description) else description,
            barcodes=barcodes,
            pictures=tuple(dict.fromkeys(link for cell in by_role.get(ColumnRole.PICTURE, ()) for link in _LINKS.split(cell) if link)),
            vat=first(ColumnRole.VAT) or None,
            vendor=first(ColumnRole.VENDOR),
            unit=first(ColumnRole.UNIT),
            properties=tuple(_properties(layout, cells)),
            code=first(ColumnRole.CODE),
        )
        yield from self._amounts(cells, layout, number, product_id, name)

    def _amounts(self, cells: list[str], layout: Layout, number: int, product_id: str, name: str) -> Iterator[StoreRecord]:
        for role, heading, cell in zip(layout.roles, layout.headings, cells, strict=False):
            if role not in {ColumnRole.PRICE, ColumnRole.STOCK} or not cell:
                continue
            value = decimal_of(cell, Meaning.PRICE if role is ColumnRole.PRICE else Meaning.QUANTITY)
            if isinstance(value, Decimal) and role is ColumnRole.PRICE and value < 0:
                value = ImportProblemKind.NEGATIVE_PRICE
            if isinstance(value, ImportProblemKind):
                yield ImportProblem(value, self._name, number, product_id, name, heading, cell)
            elif role is ColumnRole.PRICE:
                yield Price(product_id, fold(heading), value)
            else:
                yield Stock(product_id, _warehouse(heading).id, value)

    def _categories(self, written: str) -> Iterator[StoreCategory]:
        parent: str | None = None
        path = ""
        for part in (" ".join(part.split()) for part in _PATH_SIGNS.split(written)):
            if part:
                path = f"{path}/{fold(part)}" if path else fold(part)
                position = self._taken.setdefault(path, len(self._taken))
                yield StoreCategory(path, STRUCTURE, parent, part, position)
                parent = path


def _properties(layout: Layout, cells: list[str]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for role, heading, cell in zip(layout.roles, layout.headings, cells, strict=False):
        if role is ColumnRole.PROPERTY and cell and heading not in seen:
            seen.add(heading)
            yield heading, cell


def _warehouse(heading: str) -> StoreWarehouse:
    """The warehouse a column of stocks is of: what stands behind the word for stock."""
    name = _STOCK_WORDS.sub("", heading).strip(" ()«»\"'")
    if not name or fold(name) in {"шт", "шт.", "в наличии", "наличие"}:
        return StoreWarehouse(DEFAULT_WAREHOUSE_ID, "Основной склад")
    return StoreWarehouse(fold(name), name)
