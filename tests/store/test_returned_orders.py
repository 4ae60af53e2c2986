"""How orders stand in 1C is read from its documents: the document's own requisites, by our own number."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ozon_desktop.domain.store_connection import PlacedOrder
from ozon_desktop.errors import BrokenFile, UnknownFormat
from ozon_desktop.store.returned_orders import read_returned
from tests.backoffice.onec.exports import BOM, documents_xml, import_xml, returned

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
UT = {
    "Номер по 1С": "00УТ-000017",
    "Дата по 1С": "2026-11-30T12:00:00",
    "ПометкаУдаления": "false",
    "Проведен": "true",
    "Номер отгрузки по 1С": "00УТ-000020",
}


def read(folder: Path, content: bytes) -> dict[int, PlacedOrder]:
    path = folder / "orders-0b6f_1.xml"
    path.write_bytes(content)
    return dict(read_returned(path, NOW))


def test_the_documents_own_requisites_say_how_it_stands(tmp_path: Path) -> None:
    found = read(tmp_path, documents_xml(returned("41200000017", UT)))[41200000017]
    assert (found.number, found.posted, found.shipped, found.cancelled) == ("00УТ-000017", True, True, False)
    assert (found.id, found.seen_at) == ("9d7f8a4e-1111-11ee-8000-00155d000001", NOW)


@pytest.mark.parametrize(
    ("requisites", "expected"),
    [
        ({"Отгружен": "true", "Статус заказа": "Отгружен"}, (False, True, False, "Отгружен")),
        ({"Отгружен": "false"}, (False, False, False, "")),
        ({"Отменен": "TRUE"}, (False, False, True, "")),
        ({"Отменён": "true"}, (False, False, True, "")),
        ({"ПометкаУдаления": "true"}, (False, False, True, "")),
        ({"Проведен": "Истина"}, (True, False, False, "")),
        ({"Номер отгрузки по 1C": "5"}, (False, True, False, "")),
    ],
)
def test_words_of_each_client_are_known(tmp_path: Path, requisites: dict[str, str], expected: tuple[bool, bool, bool, str]) -> None:
    found = read(tmp_path, documents_xml(returned("17", requisites)))[17]
    assert (found.posted, found.shipped, found.cancelled, found.state) == expected


@pytest.mark.parametrize("number", ["37217065-0112-1", "", "ЗК-17", "123456789012"])
def test_documents_without_a_number_of_ours_are_passed_over(tmp_path: Path, number: str) -> None:
    assert list(read(tmp_path, documents_xml(returned(number, UT), returned("17", UT)))) == [17]


def test_payments_and_shipments_beside_the_order_are_passed_over(tmp_path: Path) -> None:
    shipment = returned("17", {"Проведен": "false"}).replace("Заказ товара", "Отпуск товара")
    found = read(tmp_path, documents_xml(f"<Контейнер>{returned('17', UT)}{shipment}</Контейнер>"))
    assert found[17].posted


def test_windows_1251_and_utf_8_are_read_with_and_without_a_mark(tmp_path: Path) -> None:
    content = documents_xml(returned("17", UT))
    plain = content.removeprefix(BOM)
    old = plain.decode().replace("UTF-8", "windows-1251").encode("cp1251")
    assert [read(tmp_path, each)[17].number for each in (content, plain, old)] == ["00УТ-000017"] * 3


def test_goods_alone_are_no_orders(tmp_path: Path) -> None:
    assert read(tmp_path, import_xml({"p": "А"})) == {}


def test_a_cut_file_and_another_root_are_errors(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile):
        read(tmp_path, documents_xml(returned("17", UT))[:-20])
    with pytest.raises(UnknownFormat):
        read(tmp_path, b"<yml_catalog/>")
