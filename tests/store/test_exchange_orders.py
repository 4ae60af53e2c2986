"""Orders as 1C loads them: clean ones only, under a short number, nothing empty, nothing with a namespace."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ozon_desktop.domain.integration import VatRate
from ozon_desktop.domain.onec_exchange import OrderFault
from ozon_desktop.domain.orders import Order, OrderReturn, Posting, PostingProduct
from ozon_desktop.domain.store_catalog import StoreWarehouse, described_id
from ozon_desktop.domain.store_connection import StoreOrder, stage_of
from ozon_desktop.store.exchange_orders import OnecOrder, exchange_document, fault_of, last_moment, reference_document
from ozon_desktop.store.order_elements import OrderNames
from tests.backoffice.onec.scripted import Onec, Reply

NAMES = OrderNames({"o": "ООО «Полка»"}, {"d": "Маркетплейсы"}, {"e": "Смирнова Анна"})
SHIRT = "6f9619ff-8b86-11d0-b42d-00cf4fc964ff#7f9619ff-8b86-11d0-b42d-00cf4fc964ff"
POSTING = Posting(
    "37217065-0112-1",
    "37217065-0112",
    77,
    "fbs",
    "awaiting_packaging",
    "",
    datetime(2026, 3, 1, 22, 30, tzinfo=UTC),
    datetime(2026, 3, 3, 7, 0, tzinfo=UTC),
    (
        PostingProduct("SH-1", "Футболка <Лето> & Ко ☀", 1, 2, Decimal("1299.5"), "RUB"),
        PostingProduct("X-9", "Шарф", 2, 1, Decimal(700), "RUB"),
    ),
    warehouse_name="Юг",
)
ORDER = Order(1, POSTING, "o", "d", "e", datetime(2026, 3, 2, tzinfo=UTC))
WAREHOUSE = StoreWarehouse("8f9619ff-8b86-11d0-b42d-00cf4fc964ff", "Основной склад")


def onec_order(order: Order = ORDER, number: int = 41200000017, **changes: object) -> OnecOrder:
    store_order = StoreOrder(order, number, stage_of(order), "", {"SH-1": SHIRT})
    return replace(OnecOrder(store_order, NAMES, {"SH-1": VatRate.VAT_20}, WAREHOUSE), **changes)  # type: ignore[arg-type]


def document(order: OnecOrder, encoding: str = "windows-1251") -> etree._Element:
    root = etree.fromstring(exchange_document([order], last_moment([order]), encoding))
    found = root.find("Документ")
    assert found is not None
    return found


def requisites(parent: etree._Element) -> dict[str | None, str | None]:
    found = parent.findall("ЗначенияРеквизитов/ЗначениеРеквизита")
    return {entry.findtext("Наименование"): entry.findtext("Значение") for entry in found}


def loaded(*orders: OnecOrder) -> list[str]:
    """What a strict 1C takes of them. OnecError."""
    return Onec("http://x", "", "").load(Reply(200, {}, exchange_document(orders, last_moment(orders))))


def test_the_number_is_short_and_the_posting_number_stands_in_comment_and_requisite() -> None:
    found = document(onec_order())
    assert found.findtext("Номер") == "41200000017"
    assert (found.findtext("Комментарий") or "").startswith("Отправление Ozon 37217065-0112-1")
    assert requisites(found)["Номер отправления Ozon"] == "37217065-0112-1"


def test_it_is_an_order_in_a_currency_at_moscow_time() -> None:
    found = document(onec_order())
    tags = ("Дата", "Время", "ХозОперация", "Валюта")
    assert [found.findtext(tag) for tag in tags] == ["2026-03-02", "01:30:00", "Заказ товара", "RUB"]
    assert found.findtext("Контрагенты/Контрагент[1]/Роль") == "Покупатель"


def test_nothing_has_a_namespace_and_nothing_stands_before_the_root() -> None:
    body = exchange_document([onec_order()], last_moment([onec_order()]))
    assert b"xmlns" not in body
    assert body.startswith('<?xml version="1.0" encoding="windows-1251"?>\n<КоммерческаяИнформация '.encode("cp1251"))


def test_signs_that_windows_1251_lacks_are_written_as_references() -> None:
    body = exchange_document([onec_order()], last_moment([onec_order()]))
    assert b"&#9728;" in body
    assert "Футболка <Лето> & Ко ☀" in (etree.fromstring(body).findtext("Документ/Товары/Товар/Наименование") or "")


def test_a_line_names_the_variant_by_the_id_of_1c_and_reserves_it() -> None:
    line = document(onec_order()).find("Товары/Товар")
    assert line is not None
    assert [line.findtext(tag) for tag in ("Ид", "Артикул", "Количество", "Резерв", "ЦенаЗаЕдиницу")] == [
        SHIRT,
        "SH-1",
        "2",
        "2",
        "1299.50",
    ]
    assert requisites(line) == {"ВидНоменклатуры": "Товар", "ТипНоменклатуры": "Товар"}


def test_vat_is_a_number_included_in_the_price_and_unsaid_where_there_is_none() -> None:
    found = document(onec_order())
    assert found.findtext("Налоги/Налог/УчтеноВСумме") == "true"
    assert found.findtext("Налоги/Налог/Сумма") == "433.17"
    assert found.findtext("Товары/Товар/СтавкиНалогов/СтавкаНалога/Ставка") == "20"
    without = document(onec_order(vats={}))
    assert [element.tag for element in without.iter() if str(element.tag).startswith(("Налог", "Ставк"))] == []


def test_the_warehouse_has_all_that_1c_reads_of_it() -> None:
    found = document(onec_order())
    assert found.findtext("Склады/Склад/Ид") == WAREHOUSE.id
    for path in ("Адрес/АдресноеПоле/Тип", "Адрес/АдресноеПоле/Значение", "Контакты/Контакт/Тип", "Контакты/Контакт/Значение"):
        assert found.findtext(f"Склады/Склад/{path}")
    assert requisites(found)["Склад"] == "Основной склад"
    assert document(onec_order(warehouse=None)).find("Склады") is None


def test_a_line_the_store_does_not_have_stands_in_the_comment_instead() -> None:
    found = document(onec_order())
    assert len(found.findall("Товары/Товар")) == 1
    assert "X-9 «Шарф», 1 шт. по 700.00 RUB" in (found.findtext("Комментарий") or "")
    assert found.findtext("Сумма") == "2599.00"


def test_the_state_has_a_name_and_an_id_of_the_lists_1c_has_loaded() -> None:
    lists = etree.fromstring(reference_document())
    known = {entry.findtext("Ид"): entry.findtext("Название") for entry in lists.findall("Cтатусы/Элемент")}
    for status in ("awaiting_packaging", "awaiting_deliver", "delivering", "delivered", "cancelled"):
        found = requisites(document(onec_order(replace(ORDER, posting=replace(POSTING, status=status)))))
        assert known[found["Статуса заказа ИД"]] == found["Статус заказа"]


def test_a_state_of_the_managers_table_takes_the_place_of_the_name() -> None:
    order = onec_order()
    found = requisites(document(replace(order, order=replace(order.order, state="К отгрузке"))))
    assert (found["Статус заказа"], found["Статуса заказа ИД"]) == ("К отгрузке", "new")


def test_a_cancelled_order_is_cancelled_and_reserves_nothing() -> None:
    found = document(onec_order(replace(ORDER, posting=replace(POSTING, status="cancelled"))))
    assert requisites(found)["Отменен"] == "true"
    assert found.find("Товары/Товар/Резерв") is None


def test_what_the_buyer_gave_back_is_said() -> None:
    back = OrderReturn(1, POSTING.posting_number, "SH-1", 1, "ClientReturn", "", "", None)
    assert requisites(document(onec_order(replace(ORDER, returns=(back,)))))["Возвращено"] == "SH-1: 1"


def test_characteristics_of_a_variant_without_an_id_share_the_list_1c_reads() -> None:
    order = onec_order()
    described = replace(order.order, product_ids={"SH-1": described_id("shirt", [("Размер", "37")])})
    line = document(replace(order, order=described)).find("Товары/Товар")
    assert line is not None
    assert len(line.findall("ЗначенияРеквизитов")) == 1
    assert requisites(line) == {"Размер": "37", "ВидНоменклатуры": "Товар", "ТипНоменклатуры": "Товар"}


def test_without_orders_it_is_an_empty_root() -> None:
    root = etree.fromstring(exchange_document([], last_moment([])))
    assert (root.tag, len(root)) == ("КоммерческаяИнформация", 0)
    assert loaded() == []


def test_bitrix_module_finds_each_order_in_a_container() -> None:
    body = exchange_document([onec_order(), onec_order(number=2)], last_moment([onec_order()]), contained=True)
    assert [entry.findtext("Документ/Номер") for entry in etree.fromstring(body).findall("Контейнер")] == ["41200000017", "2"]


@pytest.mark.parametrize(
    ("lines", "number", "fault"),
    [
        ((), 1, OrderFault.NO_LINES),
        (POSTING.products[1:], 1, OrderFault.NO_KNOWN_LINES),
        ((replace(POSTING.products[0], currency=" "),), 1, OrderFault.NO_CURRENCY),
        ((POSTING.products[0], replace(POSTING.products[1], currency="CNY")), 1, OrderFault.TWO_CURRENCIES),
        (POSTING.products, 0, OrderFault.WRONG_NUMBER),
        (POSTING.products, 10**11, OrderFault.WRONG_NUMBER),
        ((replace(POSTING.products[0], quantity=0),), 1, OrderFault.WRONG_QUANTITY),
        (POSTING.products, 99_999_999_999, None),
    ],
)
def test_what_1c_would_refuse_is_known_before(lines: tuple[PostingProduct, ...], number: int, fault: OrderFault | None) -> None:
    order = replace(ORDER, posting=replace(POSTING, products=lines))
    assert fault_of(onec_order(order, number)) is fault


ODD = st.text(max_size=40)


@given(
    st.builds(
        PostingProduct, st.just("SH-1"), ODD, st.just(1), st.integers(0, 3), st.decimals(0, 10**6, places=2), st.sampled_from(["RUB", ""])
    ),
    ODD,
    ODD,
    st.sampled_from(list(VatRate)),
    st.integers(-1, 10**11),
)
def test_whatever_comes_from_ozon_a_strict_1c_takes_what_has_no_fault(
    line: PostingProduct, warehouse: str, reason: str, vat: VatRate, number: int
) -> None:
    posting = replace(POSTING, products=(line,), warehouse_name=warehouse, cancel_reason=reason)
    order = onec_order(replace(ORDER, posting=posting), number, vats={"SH-1": vat})
    if fault_of(order) is None:
        assert loaded(order, onec_order()) == list(dict.fromkeys([str(number), "41200000017"]))
