"""Orders are written as CommerceML the back office takes, whole or not at all."""

import os
import stat
import sys
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from ozon_desktop.domain.orders import Order, Posting, PostingProduct
from ozon_desktop.domain.store_catalog import described_id
from ozon_desktop.errors import WrongInput
from ozon_desktop.store.order_elements import OrderNames
from ozon_desktop.store.orders_export import order_files, put_orders
from tests.places import SHARED

SCHEMA = SHARED / "samples/commerceml/commerceml-2.10.xsd"
NS = {"c": "urn:1C.ru:commerceml_2"}
NAMES = OrderNames({"o": "ООО «Полка»"}, {"d": "Маркетплейсы"}, {"e": "Смирнова Анна"}, {"SH-1": "shirt"})
POSTING = Posting(
    "0123-4567-1",
    "0123-4567",
    77,
    "fbs",
    "awaiting_packaging",
    "",
    datetime(2026, 3, 1, 22, 30, tzinfo=UTC),
    datetime(2026, 3, 3, 7, 0, tzinfo=UTC),
    (
        PostingProduct("SH-1", "Футболка <Лето> & Ко", 1, 2, Decimal("1299.5"), "RUB"),
        PostingProduct("X-9", "Шарф", 2, 1, Decimal(700), "RUB"),
    ),
    warehouse_name="Юг",
)
ORDER = Order(1, POSTING, "o", "d", "e", datetime(2026, 3, 2, tzinfo=UTC))


def written(folder: Path, *orders: Order, encoding: str = "utf-8") -> etree._Element:
    path = folder / "orders.xml"
    assert put_orders(order_files(orders, NAMES, encoding), path, [order.posting.posting_number for order in orders]) == path
    return etree.fromstring(path.read_bytes())


def one(root: etree._Element, path: str) -> str | None:
    return root.findtext(path, namespaces=NS)


def requisites(root: etree._Element) -> dict[str | None, str | None]:
    found = root.findall("c:Документ/c:ЗначенияРеквизитов/c:ЗначениеРеквизита", NS)
    return {one(entry, "c:Наименование"): one(entry, "c:Значение") for entry in found}


def test_document_holds_number_moscow_time_and_sum(tmp_path: Path) -> None:
    root = written(tmp_path, ORDER)
    document = {tag: one(root, f"c:Документ/c:{tag}") for tag in ("Ид", "Номер", "Дата", "Время", "ХозОперация", "Валюта", "Сумма")}
    assert document == {
        "Ид": "0123-4567-1",
        "Номер": "0123-4567-1",
        "Дата": "2026-03-02",
        "Время": "01:30:00",
        "ХозОперация": "Заказ товара",
        "Валюта": "RUB",
        "Сумма": "3299.00",
    }


def test_a_variant_without_an_id_of_its_own_is_named_by_its_characteristics(tmp_path: Path) -> None:
    names = replace(NAMES, product_ids={"SH-1": described_id("shirt", [("Цвет", "синий"), ("Размер", "37")])})
    document = etree.fromstring(order_files((ORDER,), names).document)
    line = document.find("c:Документ/c:Товары/c:Товар", NS)
    assert line is not None
    assert one(line, "c:Ид") == "shirt"
    entries = line.findall("c:ЗначенияРеквизитов/c:ЗначениеРеквизита", NS)
    assert [(one(entry, "c:Наименование"), one(entry, "c:Значение")) for entry in entries] == [("Размер", "37"), ("Цвет", "синий")]


def test_lines_carry_store_id_article_price_and_sum(tmp_path: Path) -> None:
    known, unknown = written(tmp_path, ORDER).findall("c:Документ/c:Товары/c:Товар", NS)
    assert [one(known, f"c:{tag}") for tag in ("Ид", "Артикул", "Наименование", "ЦенаЗаЕдиницу", "Количество", "Сумма")] == [
        "shirt",
        "SH-1",
        "Футболка <Лето> & Ко",
        "1299.50",
        "2",
        "2599.00",
    ]
    assert one(unknown, "c:Ид") is None
    assert one(unknown, "c:Артикул") == "X-9"


def test_organization_direction_and_responsible_are_named(tmp_path: Path) -> None:
    found = requisites(written(tmp_path, ORDER))
    assert (found["Организация"], found["Направление заказа"], found["Ответственный"]) == ("ООО «Полка»", "Маркетплейсы", "Смирнова Анна")
    assert (found["Схема Ozon"], found["Отменен"], found["Дата отгрузки"]) == ("FBS", "false", "2026-03-03T10:00:00")


def test_unknown_ids_stay_and_missing_ones_are_left_out(tmp_path: Path) -> None:
    cancelled = replace(POSTING, status="cancelled", shipment_date=None)
    found = requisites(written(tmp_path, replace(ORDER, posting=cancelled, direction_id="gone", responsible_id=None)))
    assert found["Направление заказа"] == "gone"
    assert "Ответственный" not in found
    assert found["Отменен"] == "true"


def test_windows_1251_keeps_what_it_cannot_write_as_references(tmp_path: Path) -> None:
    posting = replace(POSTING, products=(replace(POSTING.products[0], name="Чай 茶\x01"),))
    root = written(tmp_path, replace(ORDER, posting=posting), encoding="windows-1251")
    assert one(root, "c:Документ/c:Товары/c:Товар/c:Наименование") == "Чай 茶 "
    assert "Заказ товара".encode("windows-1251") in (tmp_path / "orders.xml").read_bytes()


def put(path: Path, *orders: Order) -> Path:
    return put_orders(order_files(orders, NAMES), path, [order.posting.posting_number for order in orders])


def test_failed_writing_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "orders.xml"
    path.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(WrongInput) as caught:
        put(path, ORDER)
    assert caught.value.detail == "No space left on device"
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["orders.xml"]


def test_missing_folder_is_wrong_input(tmp_path: Path) -> None:
    with pytest.raises(WrongInput):
        put(tmp_path / "nowhere" / "orders.xml", ORDER)


@pytest.mark.parametrize("there", ["", "<не XML", "<КоммерческаяИнформация/>", "an order"])
def test_a_file_of_somebody_else_stays_and_the_orders_go_beside_it(tmp_path: Path, there: str) -> None:
    path = tmp_path / "orders.xml"
    other = replace(ORDER, posting=replace(POSTING, posting_number="9-9"))
    if there == "an order":
        put(path, other)
    else:
        path.write_text(there)
    before = path.read_bytes()
    assert put(path, ORDER) == tmp_path / "orders-2.xml"
    assert put(path, ORDER, other) == tmp_path / "orders-3.xml"
    assert path.read_bytes() == before
    assert {entry.name for entry in tmp_path.glob("*.xml")} == {"orders.xml", "orders-2.xml", "orders-3.xml"}
    assert (tmp_path / "orders-2.xlsx").is_file()


def test_the_same_orders_are_written_over_what_an_attempt_that_was_cut_short_left(tmp_path: Path) -> None:
    path = tmp_path / "orders.xml"
    put(path, ORDER)
    later = replace(ORDER, posting=replace(POSTING, status="delivering"))
    assert put(path, later) == path
    assert b"delivering" in path.read_bytes()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["orders.xlsx", "orders.xml"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows takes the rights of the folder")
@pytest.mark.parametrize("links", [True, False])
def test_files_are_readable_by_their_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if not links:
        monkeypatch.setattr("os.link", no_links)
    mask = os.umask(0)
    try:
        put(tmp_path / "orders.xml", ORDER)
        assert put(tmp_path / "orders.xml", ORDER) == tmp_path / "orders.xml"
        put(tmp_path / "orders.xml", replace(ORDER, posting=replace(POSTING, posting_number="9-9")))
    finally:
        os.umask(mask)
    assert {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in tmp_path.iterdir()} == dict.fromkeys(
        ["orders.xml", "orders.xlsx", "orders-2.xml", "orders-2.xlsx"], 0o600
    )


@pytest.mark.skipif(not SCHEMA.is_file(), reason="the CommerceML schema is not here")
@pytest.mark.parametrize("orders", [[], [ORDER], [ORDER, replace(ORDER, organization_id=None, posting=replace(POSTING, products=()))]])
def test_file_obeys_the_schema(tmp_path: Path, orders: list[Order]) -> None:
    root = written(tmp_path, *orders)
    etree.XMLSchema(etree.parse(str(SCHEMA))).assertValid(root)
