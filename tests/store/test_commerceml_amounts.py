"""Prices of one piece and stocks by warehouse, in every place and spelling back offices use."""

from decimal import Decimal
from pathlib import Path

import pytest

from ozon_desktop.domain.import_problems import ImportProblem, ImportProblemKind
from ozon_desktop.domain.store_catalog import DEFAULT_WAREHOUSE_ID, Price, Product, Stock, StoreRecord, StoreWarehouse
from ozon_desktop.store.source import open_source

HEAD = (
    "<ТипыЦен><ТипЦены><Ид>r</Ид><Наименование>Розница</Наименование><Валюта>руб</Валюта></ТипЦены></ТипыЦен>"
    "<Склады><Склад><Ид>w-1</Ид><Наименование>Основной</Наименование></Склад>"
    "<Склад><Ид>w-2</Ид><Наименование>Витрина</Наименование></Склад></Склады>"
)


def read(folder: Path, offer: str, attributes: str = "") -> list[StoreRecord]:
    path = folder / "offers.xml"
    offers = f"<Предложения><Предложение{attributes}><Ид>t-1</Ид>{offer}</Предложение></Предложения>"
    path.write_text(
        f"<КоммерческаяИнформация><ПакетПредложений>{HEAD}{offers}</ПакетПредложений></КоммерческаяИнформация>", encoding="utf-8"
    )
    return list(open_source(path).read(path))


def stocks(records: list[StoreRecord]) -> dict[str, Decimal]:
    return {record.warehouse_id: record.quantity for record in records if isinstance(record, Stock)}


def problems(records: list[StoreRecord]) -> list[ImportProblemKind]:
    return [record.kind for record in records if isinstance(record, ImportProblem)]


@pytest.mark.parametrize(
    "written",
    [
        '<Склад ИдСклада="w-1" КоличествоНаСкладе="7"/><Склад ИдСклада="w-2" КоличествоНаСкладе="3"/>',
        '<Склады ИдСклада="w-1" КоличествоНаСкладе="7"/><Склады ИдСклада="w-2" КоличествоНаСкладе="3"/>',
        '<Склады><Склад ИдСклада="w-1" КоличествоНаСкладе="7"/><Склад ИдСклада="w-2" КоличествоНаСкладе="3"/></Склады>',
        '<Склад ИдСклада="w-1">7</Склад><Склад ИдСклада="w-2">3 шт</Склад>',
        "<Склад><ИдСклада>w-1</ИдСклада><КоличествоНаСкладе>7</КоличествоНаСкладе></Склад><Склад><Ид>w-2</Ид><Количество>3</Количество></Склад>",
        "<Остатки><Остаток><Склад><Ид>w-1</Ид><Количество>7</Количество></Склад></Остаток>"
        "<Остаток><Склад><Ид>w-2</Ид><Количество>3</Количество></Склад></Остаток></Остатки>",
        "<Остатки><Остаток><Склад><Ид>w-1</Ид></Склад><Количество>7</Количество></Остаток>"
        "<Остаток><Склад>w-2</Склад><Количество>3</Количество></Остаток></Остатки>",
        '<Остатки><Остаток ИдСклада="w-1">7</Остаток><Остаток ИдСклада="w-2" Количество="3"/></Остатки>',
        "<Остатки><Остаток><Склад>Основной</Склад><Количество>7</Количество></Остаток>"
        "<Остаток><Склад>витрина</Склад><Количество>3</Количество></Остаток></Остатки>",
        "<КоличествоНаСкладах><КоличествоНаСкладе><ИдСклада>w-1</ИдСклада><Количество>7</Количество></КоличествоНаСкладе>"
        "<КоличествоНаСкладе><ИдСклада>w-2</ИдСклада><Количество>3</Количество></КоличествоНаСкладе></КоличествоНаСкладах>",
    ],
)
@pytest.mark.parametrize("total", ["", "<Количество>10</Количество>"])
def test_a_stock_is_read_wherever_it_stands_and_no_warehouse_is_made_up(tmp_path: Path, written: str, total: str) -> None:
    for offer in (total + written, written + total):
        records = read(tmp_path, offer)
        assert stocks(records) == {"w-1": 7, "w-2": 3}
        assert {record.id for record in records if isinstance(record, StoreWarehouse)} == {"w-1", "w-2"}
        assert problems(records) == []


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("<Количество>5</Количество>", {DEFAULT_WAREHOUSE_ID: 5}),
        ("<Остатки><Остаток><Количество>5</Количество></Остаток></Остатки>", {DEFAULT_WAREHOUSE_ID: 5}),
        ("<Склад>Витрина</Склад><Количество>5</Количество>", {"w-2": 5}),
        ('<Склад ИдСклада="w-1" КоличествоНаСкладе="0"/>', {"w-1": 0}),
        ('<Склад ИдСклада="w-1" КоличествоНаСкладе="2"/><Склад ИдСклада="w-1" КоличествоНаСкладе="3"/>', {"w-1": 5}),
        ("", {}),
    ],
)
def test_a_stock_without_a_warehouse_is_the_shop_s(tmp_path: Path, written: str, found: dict[str, int]) -> None:
    assert stocks(read(tmp_path, written)) == found


def test_a_bad_stock_costs_only_itself(tmp_path: Path) -> None:
    written = '<Склад ИдСклада="w-1" КоличествоНаСкладе="много"/><Склад ИдСклада="w-2" КоличествоНаСкладе="3"/><Количество>9</Количество>'
    records = read(tmp_path, written)
    assert stocks(records) == {"w-2": 3}
    assert problems(records) == [ImportProblemKind.WRONG_NUMBER]


def price(value: str, more: str = "") -> str:
    return f"<Цена><ИдТипаЦены>r</ИдТипаЦены><ЦенаЗаЕдиницу>{value}</ЦенаЗаЕдиницу>{more}</Цена>"


BOX, PIECE = "<Единица>упак</Единица><Коэффициент>12</Коэффициент>", "<Единица>шт</Единица><Коэффициент>1</Коэффициент>"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (price("1200", BOX) + price("110", PIECE), "110"),
        (price("110", PIECE) + price("1200", BOX), "110"),
        (price("1200", BOX), "100.00"),
        (price("1000", BOX), "83.33"),
        (price("90", "<МинКоличество>10</МинКоличество>") + price("110"), "110"),
        (price("110", "<МинКоличество>1</МинКоличество>") + price("90", "<МинКоличество>10</МинКоличество>"), "110"),
        (price("110", "<МинКоличество>0</МинКоличество>"), "110"),
        (price("1200", "<Единица>упак<Пересчет><Коэффициент>12</Коэффициент></Пересчет></Единица>"), "100.00"),
        (price("99,90 руб."), "99.90"),
    ],
)
def test_the_price_of_one_piece_wins_and_a_box_is_divided(tmp_path: Path, written: str, value: str) -> None:
    records = read(tmp_path, f"<Цены>{written}</Цены>")
    assert [record for record in records if isinstance(record, Price)] == [Price("t-1", "r", Decimal(value), "RUB")]
    assert problems(records) == []


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        (price("90", "<МинКоличество>10</МинКоличество>"), ImportProblemKind.PACKAGE_PRICE),
        (price("90", "<Коэффициент>0</Коэффициент>"), ImportProblemKind.WRONG_NUMBER),
        (price("90", "<Коэффициент>много</Коэффициент>"), ImportProblemKind.WRONG_NUMBER),
        (price("-5"), ImportProblemKind.NEGATIVE_PRICE),
        (price("1,234"), ImportProblemKind.AMBIGUOUS_NUMBER),
        (price("договорная"), ImportProblemKind.WRONG_NUMBER),
    ],
)
def test_a_price_that_is_none_is_a_problem_and_the_rest_is_read(tmp_path: Path, written: str, kind: ImportProblemKind) -> None:
    records = read(tmp_path, f"<Цены>{written}</Цены><Количество>5</Количество>")
    assert problems(records) == [kind]
    assert not [record for record in records if isinstance(record, Price)]
    assert stocks(records) == {DEFAULT_WAREHOUSE_ID: 5}


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        ("<Ид>p#c</Ид>", ("p#c", "p")),
        ("<Ид>p</Ид><ИдХарактеристики>c</ИдХарактеристики>", ("p#c", "p")),
        ("<ИдХарактеристики>p#c</ИдХарактеристики><Ид>p</Ид>", ("p#c", "p")),
        ("<Ид>p#c</Ид><ИдХарактеристики>c</ИдХарактеристики>", ("p#c", "p")),
        ("<Ид>p</Ид><ИдХарактеристики>00000000-0000-0000-0000-000000000000</ИдХарактеристики>", ("p", None)),
        ("<Ид>p#00000000-0000-0000-0000-000000000000</Ид>", ("p", None)),
        ("<Ид>p#</Ид>", ("p", None)),
    ],
)
def test_an_offer_names_its_characteristic_in_one_id_or_two(tmp_path: Path, ids: str, found: tuple[str, str | None]) -> None:
    path = tmp_path / "offers.xml"
    offers = f"<Предложения><Предложение>{ids}<Количество>1</Количество></Предложение></Предложения>"
    package = f"<ИзмененияПакетаПредложений>{offers}</ИзмененияПакетаПредложений>"
    path.write_text(f"<КоммерческаяИнформация>{package}</КоммерческаяИнформация>", encoding="utf-8")
    [product] = [record for record in open_source(path).read(path) if isinstance(record, Product)]
    assert (product.id, product.parent_id) == found


DELETED = "<ПометкаУдаления>{}</ПометкаУдаления>"


@pytest.mark.parametrize(
    ("attributes", "inside"),
    [
        *(("", DELETED.format(word)) for word in ("true", "Да", "1", "Истина", "ИСТИНА", " да ")),
        *((f' Статус="{word}"', "") for word in ("Удален", "удалён", "УДАЛЕНО", "Удалена", "deleted")),
        ("", "<Статус>Удален</Статус>"),
        (' ПометкаУдаления="true"', ""),
        ("", "<ЗначенияРеквизитов><ЗначениеРеквизита><Наименование>ПометкаУдаления</Наименование><Значение>true</Значение>"
         "</ЗначениеРеквизита></ЗначенияРеквизитов>"),
    ],
)  # fmt: skip
def test_a_deletion_is_understood_in_every_spelling(tmp_path: Path, attributes: str, inside: str) -> None:
    [product] = [record for record in read(tmp_path, inside, attributes) if isinstance(record, Product)]
    assert product.deleted


@pytest.mark.parametrize(("attributes", "inside"), [("", DELETED.format("false")), (' Статус="Изменен"', ""), ("", DELETED.format("Нет"))])
def test_what_is_not_deleted_stays(tmp_path: Path, attributes: str, inside: str) -> None:
    [product] = [record for record in read(tmp_path, inside, attributes) if isinstance(record, Product)]
    assert not product.deleted
