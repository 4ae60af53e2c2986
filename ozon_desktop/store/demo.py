"""The demo store that ships with the program, as the same records a real export gives."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from ozon_desktop.domain.store_catalog import (
    CatalogStructure,
    Employee,
    ExportScope,
    OrderDirection,
    Organization,
    Price,
    PriceType,
    Product,
    PropertyDefinition,
    Stock,
    StoreCategory,
    StoreRecord,
    StoreWarehouse,
)
from ozon_desktop.errors import BrokenFile, FileNotReadable

Row = Mapping[str, Any]


class DemoStore:
    """A store kept in one JSON file: a list of rows under each of structures, categories, property_definitions, products,
    price_types, prices, warehouses, stocks, organizations, employees, directions. Numbers are texts.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Iterator[StoreRecord]:
        """All records: people, structures, categories, products, then prices and stocks. StoreFileError when the file is bad."""
        data = self._load()
        try:
            yield from _people(data)
            yield from _catalog(data)
            yield from _offers(data)
        except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
            raise BrokenFile(self._path.name, detail=f"{type(error).__name__}: {error}") from error

    def _load(self) -> Row:
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
        except OSError as error:
            raise FileNotReadable(self._path.name, detail=error.strerror or str(error)) from error
        except UnicodeDecodeError as error:
            raise BrokenFile(self._path.name, detail=str(error), line=1) from error
        except json.JSONDecodeError as error:
            raise BrokenFile(self._path.name, detail=error.msg, line=error.lineno) from error
        if not isinstance(data, dict):
            raise BrokenFile(self._path.name, line=1)
        return data


def _rows(data: Row, name: str) -> Sequence[Row]:
    rows: Sequence[Row] = data.get(name, ())
    return rows


def _people(data: Row) -> Iterator[StoreRecord]:
    for kind, name in ((Organization, "organizations"), (Employee, "employees"), (OrderDirection, "directions")):
        yield from (kind(row["id"], row["name"]) for row in _rows(data, name))


def _catalog(data: Row) -> Iterator[StoreRecord]:
    for row in _rows(data, "structures"):
        yield CatalogStructure(row["id"], row["name"], row.get("owner", ""))
    structure_of: dict[str, str] = {}
    for position, row in enumerate(_rows(data, "categories")):
        structure_of[row["id"]] = row["structure_id"]
        yield StoreCategory(row["id"], row["structure_id"], row.get("parent_id"), row["name"], position)
    for row in _rows(data, "property_definitions"):
        yield PropertyDefinition(row["id"], row["name"], row.get("value_type", ""))
    yield ExportScope("catalog", True)
    for row in _rows(data, "products"):
        categories = tuple(row.get("category_ids", ()))
        yield Product(
            id=row["id"],
            offer_id=row["article"],
            name=row["name"],
            structure_id=structure_of[categories[0]] if categories else "",
            category_ids=categories,
            description=row.get("description", ""),
            barcodes=tuple(row.get("barcodes", ())),
            pictures=tuple(row.get("pictures", ())),
            vat=row.get("vat"),
            vendor=row.get("vendor", ""),
            unit=row.get("unit", ""),
            properties=tuple(row.get("properties", {}).items()),
        )


def _offers(data: Row) -> Iterator[StoreRecord]:
    for row in _rows(data, "price_types"):
        yield PriceType(row["id"], row["name"], row.get("currency", "RUB"))
    for row in _rows(data, "warehouses"):
        yield StoreWarehouse(row["id"], row["name"])
    yield ExportScope("offers", True)
    for row in _rows(data, "prices"):
        yield Price(row["product_id"], row["price_type_id"], Decimal(row["value"]), row.get("currency", "RUB"))
    for row in _rows(data, "stocks"):
        yield Stock(row["product_id"], row["warehouse_id"], Decimal(row["quantity"]))
