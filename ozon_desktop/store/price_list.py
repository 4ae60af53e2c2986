"""Price lists (XLSX, XLS, ODS, CSV) as a store: a row is a product, columns are known by their headings."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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
    described_id,
    fold,
)
from ozon_desktop.errors import NoHeadings
from ozon_desktop.store.numbers import Meaning, decimal_of, split_codes
from ozon_desktop.store.safe_html import TAG, safe_html
from ozon_desktop.store.tables import Table, read_tables

STRUCTURE = "price-list"
NAME = "Вариант"
"""What rows of one article differ by that differ in nothing but their names."""
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


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of goods. category: its path as written."""

    number: int
    cells: list[str]
    product: Product
    category: str


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
        rows = list(_rows(table, layout))
        sisters: dict[str, list[_Row]] = {}
        for row in rows:
            sisters.setdefault(row.product.id, []).append(row)
        for row in rows:
            if not row.product.id:
                yield ImportProblem(ImportProblemKind.NO_ID, self._name, row.number, "", row.product.name)
            elif together := sisters.pop(row.product.id, []):
                yield from self._one(row, layout) if len(together) == 1 else self._sizes(together, layout)

    def _one(self, row: _Row, layout: Layout) -> Iterator[StoreRecord]:
        category = ""
        for record in self._categories(row.category):
            category = record.id
            if record.id not in self._given:
                self._given.add(record.id)
                yield record
        yield replace(row.product, category_ids=(category,) if category else ())
        yield from self._amounts(row.cells, layout, row.number, row.product.id, row.product.name)

    def _sizes(self, rows: list[_Row], layout: Layout) -> Iterator[StoreRecord]:
        """Rows under one code or article are sizes and colours of one product: what they say differently tells them apart."""
        first = rows[0].product
        said = [dict(row.product.properties) for row in rows]
        names = dict.fromkeys(name for properties in said for name in properties)
        differing = [name for name in names if len({properties.get(name, "") for properties in said}) > 1]
        common = tuple((name, value) for name, value in first.properties if name not in differing)
        by_id: dict[str, tuple[_Row, Product]] = {}
        for row, properties in zip(rows, said, strict=True):
            own = [(name, properties[name]) for name in differing if name in properties] or [(NAME, row.product.name)]
            variant = replace(row.product, id=described_id(first.id, own), parent_id=first.id, properties=tuple(own))
            if variant.id in by_id:
                yield ImportProblem(ImportProblemKind.REPEATED_ROW, self._name, row.number, first.id, row.product.name)
            by_id[variant.id] = (row, variant)
        if len(by_id) == 1:
            yield from self._one(rows[-1], layout)
            return
        yield from self._one(replace(rows[0], product=replace(first, properties=common, barcodes=()), cells=[]), layout)
        for row, variant in by_id.values():
            yield variant
            yield from self._amounts(row.cells, layout, row.number, variant.id, variant.name)

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


def _rows(table: Table, layout: Layout) -> Iterator[_Row]:
    """The lines with goods. A line with nothing but a text is a heading of those below it."""
    group = ""
    for number, row in enumerate(table.rows[layout.row + 1 :], start=layout.row + 2):
        cells = [*row, *[""] * (len(layout.roles) - len(row))]
        filled = [cell for cell in cells if cell]
        if len(filled) == 1 and len(layout.roles) > 2 and filled[0] == cells[layout.roles.index(ColumnRole.NAME)]:
            group = filled[0]
        elif filled:
            yield _row(cells, layout, number, group)


def _row(cells: list[str], layout: Layout, number: int, group: str) -> _Row:
    by_role: dict[ColumnRole, list[str]] = {}
    for role, cell in zip(layout.roles, cells, strict=False):
        if cell:
            by_role.setdefault(role, []).append(cell)

    def first(role: ColumnRole) -> str:
        return by_role.get(role, [""])[0]

    article = " ".join(first(ColumnRole.ARTICLE).split())
    barcodes = split_codes(by_role.get(ColumnRole.BARCODE, []))
    description = first(ColumnRole.DESCRIPTION)
    product = Product(
        id=first(ColumnRole.CODE) or article or next(iter(barcodes), ""),
        offer_id=article,
        name=" ".join(first(ColumnRole.NAME).split()),
        structure_id=STRUCTURE,
        description=safe_html(description) if TAG.search(description) else description,
        barcodes=barcodes,
        pictures=tuple(dict.fromkeys(link for cell in by_role.get(ColumnRole.PICTURE, ()) for link in _LINKS.split(cell) if link)),
        vat=first(ColumnRole.VAT) or None,
        vendor=first(ColumnRole.VENDOR),
        unit=first(ColumnRole.UNIT),
        properties=tuple(_properties(layout, cells)),
        code=first(ColumnRole.CODE),
    )
    return _Row(number, cells, product, " / ".join(by_role.get(ColumnRole.CATEGORY, ())) or group)


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
