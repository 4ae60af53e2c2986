"""The demo store reads as an export does, and its file is checked."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ozon_desktop.domain.store_catalog import ExportScope, Price, Product, Stock, StoreCategory
from ozon_desktop.errors import BrokenFile, FileNotReadable
from ozon_desktop.store.demo import DemoStore

STORE: dict[str, Any] = {
    "structures": [{"id": "s", "name": "Каталог", "owner": "ООО"}],
    "categories": [{"id": "c", "structure_id": "s", "parent_id": None, "name": "Дом"}],
    "products": [{"id": "1", "article": "A", "name": "Чашка", "category_ids": ["c"], "properties": {"Цвет": "белый"}, "vat": "20"}],
    "price_types": [{"id": "t", "name": "Розничная", "currency": "RUB"}],
    "prices": [{"product_id": "1", "price_type_id": "t", "value": "10.50", "currency": "RUB"}],
    "warehouses": [{"id": "w", "name": "Склад"}],
    "stocks": [{"product_id": "1", "warehouse_id": "w", "quantity": "3"}],
}


def saved(folder: Path, store: object) -> DemoStore:
    path = folder / "store.json"
    path.write_text(json.dumps(store, ensure_ascii=False), encoding="utf-8")
    return DemoStore(path)


def test_demo_store_gives_the_records_of_a_full_export(tmp_path: Path) -> None:
    records = list(saved(tmp_path, STORE).read())
    assert [record for record in records if isinstance(record, ExportScope)] == [ExportScope("catalog", True), ExportScope("offers", True)]
    assert StoreCategory("c", "s", None, "Дом", 0) in records
    assert Product("1", "A", "Чашка", "s", category_ids=("c",), vat="20", properties=(("Цвет", "белый"),)) in records
    assert records[-2:] == [Price("1", "t", Decimal("10.50")), Stock("1", "w", Decimal(3))]


def test_missing_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotReadable):
        list(DemoStore(tmp_path / "store.json").read())


@pytest.mark.parametrize(
    "store", [[], {"products": [{"id": "1"}]}, {"prices": [{"product_id": "1", "price_type_id": "t", "value": "дорого"}]}]
)
def test_wrong_shape_is_broken(tmp_path: Path, store: object) -> None:
    with pytest.raises(BrokenFile):
        list(saved(tmp_path, store).read())


def test_no_json_is_broken_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "store.json"
    path.write_text('{\n"products": [', encoding="utf-8")
    with pytest.raises(BrokenFile) as caught:
        list(DemoStore(path).read())
    assert caught.value.line == 2
