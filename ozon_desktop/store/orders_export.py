"""Orders on their way to the back office: a CommerceML 2.10 document per Ozon posting, and the same orders as a table in XLSX."""

import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, cast

import xlsxwriter
from lxml import etree

from ozon_desktop.domain.orders import CANCELLATION, CANCELLED, Order, PostingProduct
from ozon_desktop.domain.store_catalog import described_by
from ozon_desktop.errors import WrongInput
from ozon_desktop.store.new_file import put_again, put_new
from ozon_desktop.store.own_files import BOOK_MARK, mark
from ozon_desktop.wording.orders import order_state_text

NAMESPACE = "urn:1C.ru:commerceml_2"
SCHEMA_VERSION = "2.10"
MOSCOW = timezone(timedelta(hours=3))
"""Ozon shows every time in Moscow time; so do the orders, wherever the program runs."""
NAME_LIMIT = 255
VALUE_LIMIT = 1000
ID_LIMIT = 40
KOPECK = Decimal("0.01")
MOST_NAMES = 1_000
"""So many files of one name, told apart by a number, are looked at."""

COLUMNS = (
    ("Номер отправления", 20),
    ("Номер заказа", 18),
    ("Дата (МСК)", 17),
    ("Схема", 8),
    ("Статус", 20),
    ("Артикул", 20),
    ("Наименование", 50),
    ("Количество", 11),
    ("Цена", 12),
    ("Сумма", 12),
    ("Валюта", 8),
    ("Возвращено", 11),
    ("Отгрузить до (МСК)", 19),
    ("Склад", 20),
    ("Организация", 24),
    ("Направление", 20),
    ("Ответственный", 24),
    ("Причина отмены", 30),
)
MONEY_COLUMNS = frozenset({"Цена", "Сумма"})

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class OrderNames:
    """What the ids in orders are called: names by id, the store's product ids by offer_id (article)."""

    organizations: Mapping[str, str] = field(default_factory=dict)
    directions: Mapping[str, str] = field(default_factory=dict)
    employees: Mapping[str, str] = field(default_factory=dict)
    product_ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrderFiles:
    """The two files of the same orders, as bytes."""

    document: bytes
    table: bytes


def order_files(orders: Sequence[Order], names: OrderNames, encoding: str = "utf-8") -> OrderFiles:
    """encoding: of the document, "utf-8" or "windows-1251"."""
    root = _root(orders, names)
    root.addprevious(mark())
    document = cast(bytes, etree.tostring(root.getroottree(), xml_declaration=True, encoding=encoding, pretty_print=True))
    return OrderFiles(document, _table(orders, names))


def put_orders(files: OrderFiles, path: Path, numbers: Collection[str]) -> Path:
    """Writes the document at `path`, or beside it under the next free name, and the table of the same stem; gives the document's path.

    Nobody else's file is touched: only the document of the very same postings, from an attempt that was cut short, is written again.
    Whole or not at all, and readable by their owner only. numbers: of the postings. WrongInput (subject: the path) when the folder is
    missing or may not be written.
    """
    try:
        for place in _places(path):
            if place.exists() and _numbers_in(place) != set(numbers):
                continue
            table = place.with_suffix(".xlsx")
            # A back office that watches the folder looks for the XML: it comes last.
            if place.exists():
                put_again(files.table, table)
                put_again(files.document, place)
                return place
            if not put_new(files.table, table):
                # Its document was never written, or the store took it away: it is a rest of ours, for the name has our installation.
                put_again(files.table, table)
            if put_new(files.document, place):
                return place
    except OSError as error:
        raise WrongInput(str(path), detail=error.strerror or str(error)) from error
    raise WrongInput(str(path), detail=f"{MOST_NAMES}")


def _places(path: Path) -> Iterator[Path]:
    """The path, then «…-2», «…-3» and so on."""
    yield path
    for number in range(2, MOST_NAMES):
        yield path.with_stem(f"{path.stem}-{number}")


def _numbers_in(path: Path) -> set[str] | None:
    """The numbers of the documents in a file that is there; None when it is none of ours. OSError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except FileNotFoundError:
        # Taken away meanwhile: the next attempt finds the name free.
        return None
    except etree.XMLSyntaxError:
        return None
    return {text for number in root.findall(f"{_tag('Документ')}/{_tag('Номер')}") if (text := number.text)}


def _table(orders: Sequence[Order], names: OrderNames) -> bytes:
    """All orders as XLSX, a row for each line of a posting."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties(BOOK_MARK)
        sheet = book.add_worksheet("Заказы")
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        for column, (heading, width) in enumerate(COLUMNS):
            sheet.write_string(0, column, heading, bold)
            sheet.set_column(column, column, width, money if heading in MONEY_COLUMNS else None)
        row = 0
        for order in orders:
            for cells in _rows(order, names):
                row += 1
                for column, cell in enumerate(cells):
                    (sheet.write_string if isinstance(cell, str) else sheet.write_number)(row, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(row, 1), len(COLUMNS) - 1)
    return stream.getvalue()


def _rows(order: Order, names: OrderNames) -> list[tuple[str | int | float, ...]]:
    posting = order.posting
    created = (posting.created_at or order.received_at).astimezone(MOSCOW)
    head = (
        posting.posting_number,
        posting.order_number,
        created.strftime("%d.%m.%Y %H:%M"),
        posting.scheme.upper(),
        order_state_text(order.state),
    )
    tail = (
        "" if posting.shipment_date is None else posting.shipment_date.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M"),
        posting.warehouse_name,
        _named(names.organizations, order.organization_id),
        _named(names.directions, order.direction_id),
        _named(names.employees, order.responsible_id),
        posting.cancel_reason,
    )
    return [
        (
            *head,
            *(line.offer_id, line.name, line.quantity, float(line.price), float(line.price * line.quantity), line.currency),
            *(_returned(order, line.offer_id), *tail),
        )
        for line in posting.products
    ]


def _returned(order: Order, offer_id: str) -> int:
    return sum(entry.quantity for entry in order.returns if entry.offer_id == offer_id and entry.kind != CANCELLATION)


def _root(orders: Sequence[Order], names: OrderNames) -> etree._Element:
    # None stands for the default namespace, which the stubs do not know.
    root = etree.Element(_tag("КоммерческаяИнформация"), nsmap=cast(Any, {None: NAMESPACE}))
    root.set("ВерсияСхемы", SCHEMA_VERSION)
    newest = max((order.received_at for order in orders), default=datetime(1970, 1, 1, tzinfo=MOSCOW))
    root.set("ДатаФормирования", newest.astimezone(MOSCOW).strftime("%Y-%m-%dT%H:%M:%S"))
    for order in orders:
        _document(root, order, names)
    return root


def _document(root: etree._Element, order: Order, names: OrderNames) -> None:
    posting = order.posting
    created = (posting.created_at or order.received_at).astimezone(MOSCOW)
    document = _add(root, "Документ")
    _add(document, "Ид", posting.posting_number, ID_LIMIT)
    _add(document, "Номер", posting.posting_number)
    _add(document, "Дата", created.strftime("%Y-%m-%d"))
    _add(document, "ХозОперация", "Заказ товара")
    _add(document, "Роль", "Продавец")
    _add(document, "Валюта", posting.products[0].currency if posting.products else "RUB")
    _add(document, "Курс", "1")
    _add(document, "Сумма", _money(posting.total))
    partners = _add(document, "Контрагенты")
    # Ozon does not say who buys: every order has the same buyer.
    _partner(partners, "ozon", "Покупатель Ozon", "Покупатель")
    if order.organization_id:
        _partner(partners, order.organization_id, names.organizations.get(order.organization_id, order.organization_id), "Продавец")
    _add(document, "Время", created.strftime("%H:%M:%S"))
    _add(document, "Комментарий", f"Отправление Ozon {posting.posting_number}")
    if posting.products:
        goods = _add(document, "Товары")
        for line in posting.products:
            _line(goods, line, names)
    requisites = _add(document, "ЗначенияРеквизитов")
    for name, value in _requisites(order, names):
        if value:
            _requisite(requisites, name, value)


def _partner(partners: etree._Element, partner_id: str, name: str, role: str) -> None:
    partner = _add(partners, "Контрагент")
    _add(partner, "Ид", partner_id, ID_LIMIT)
    _add(partner, "Наименование", name)
    _add(partner, "ОфициальноеНаименование" if role == "Продавец" else "ПолноеНаименование", name)
    _add(partner, "Роль", role)


def _line(goods: etree._Element, line: PostingProduct, names: OrderNames) -> None:
    product = _add(goods, "Товар")
    product_id, characteristics = described_by(names.product_ids.get(line.offer_id, ""))
    if product_id:
        # A characteristic's id is two ids long, beyond the schema's 40 signs; cut it would name nothing.
        _add(product, "Ид", product_id, len(product_id))
    _add(product, "Артикул", line.offer_id)
    _add(product, "Наименование", line.name)
    unit = _add(product, "БазоваяЕдиница", "шт")
    unit.set("Код", "796")
    unit.set("НаименованиеПолное", "Штука")
    unit.set("МеждународноеСокращение", "PCE")
    if characteristics:
        # The schema knows characteristics in offers only; of goods in a document it knows requisites.
        described = _add(product, "ЗначенияРеквизитов")
        for name, value in characteristics:
            entry = _add(described, "ЗначениеРеквизита")
            _add(entry, "Наименование", name)
            _add(entry, "Значение", value)
    _add(product, "ЦенаЗаЕдиницу", _money(line.price))
    _add(product, "Количество", str(line.quantity))
    _add(product, "Сумма", _money(line.price * line.quantity))


def _requisites(order: Order, names: OrderNames) -> tuple[tuple[str, str], ...]:
    posting = order.posting
    shipment = "" if posting.shipment_date is None else posting.shipment_date.astimezone(MOSCOW).strftime("%Y-%m-%dT%H:%M:%S")
    return (
        ("Организация", _named(names.organizations, order.organization_id)),
        ("Направление заказа", _named(names.directions, order.direction_id)),
        ("Ответственный", _named(names.employees, order.responsible_id)),
        ("Номер заказа Ozon", posting.order_number),
        ("Схема Ozon", posting.scheme.upper()),
        ("Статус заказа", order.state),
        ("Дата отгрузки", shipment),
        ("Склад Ozon", posting.warehouse_name),
        ("Отменен", "true" if posting.status in CANCELLED else "false"),
        ("Причина отмены", posting.cancel_reason),
        ("Возвращено", ", ".join(f"{line.offer_id}: {back}" for line in posting.products if (back := _returned(order, line.offer_id)))),
    )


def _named(names: Mapping[str, str], key: str | None) -> str:
    return names.get(key, key) if key else ""


def _requisite(requisites: etree._Element, name: str, value: str) -> None:
    requisite = _add(requisites, "ЗначениеРеквизита")
    _add(requisite, "Наименование", name)
    _add(requisite, "Значение", value, VALUE_LIMIT)


def _add(parent: etree._Element, name: str, text: str | None = None, limit: int = NAME_LIMIT) -> etree._Element:
    element = etree.SubElement(parent, _tag(name))
    if text is not None:
        element.text = _FORBIDDEN.sub(" ", text)[:limit]
    return element


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _money(value: Decimal) -> str:
    return f"{value.quantize(KOPECK, ROUND_HALF_UP):f}"
