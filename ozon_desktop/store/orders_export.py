"""Orders on their way to the back office: a CommerceML 2.10 document per Ozon posting, and the same orders as a table in XLSX."""

import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

import xlsxwriter
from lxml import etree

from ozon_desktop.domain.orders import CANCELLED, Order
from ozon_desktop.errors import WrongInput
from ozon_desktop.store.new_file import put_again, put_new
from ozon_desktop.store.order_elements import ID_LIMIT, MOSCOW, Elements, OrderNames, named, placed, returned
from ozon_desktop.store.own_files import BOOK_MARK, mark
from ozon_desktop.wording.orders import order_state_text

NAMESPACE = "urn:1C.ru:commerceml_2"
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
    head = (
        posting.posting_number,
        posting.order_number,
        placed(order).strftime("%d.%m.%Y %H:%M"),
        posting.scheme.upper(),
        order_state_text(order.state),
    )
    tail = (
        "" if posting.shipment_date is None else posting.shipment_date.astimezone(MOSCOW).strftime("%d.%m.%Y %H:%M"),
        posting.warehouse_name,
        named(names.organizations, order.organization_id),
        named(names.directions, order.direction_id),
        named(names.employees, order.responsible_id),
        posting.cancel_reason,
    )
    return [
        (
            *head,
            *(line.offer_id, line.name, line.quantity, float(line.price), float(line.price * line.quantity), line.currency),
            *(returned(order, line.offer_id), *tail),
        )
        for line in posting.products
    ]


def _root(orders: Sequence[Order], names: OrderNames) -> etree._Element:
    elements = Elements(NAMESPACE)
    newest = max((order.received_at for order in orders), default=datetime(1970, 1, 1, tzinfo=MOSCOW))
    root = elements.root(newest)
    for order in orders:
        _document(elements, root, order, names)
    return root


def _document(elements: Elements, root: etree._Element, order: Order, names: OrderNames) -> None:
    posting = order.posting
    document = elements.add(root, "Документ")
    elements.add(document, "Ид", posting.posting_number, ID_LIMIT)
    elements.add(document, "Номер", posting.posting_number)
    currency = posting.products[0].currency if posting.products else "RUB"
    elements.head(document, placed(order), currency, posting.total)
    elements.partners(document, order, names)
    elements.add(document, "Время", placed(order).strftime("%H:%M:%S"))
    elements.add(document, "Комментарий", f"Отправление Ozon {posting.posting_number}")
    if posting.products:
        goods = elements.add(document, "Товары")
        for line in posting.products:
            elements.line(goods, line, names.product_ids.get(line.offer_id, ""))
    elements.requisites(
        document,
        {
            **elements.common(order, names),
            "Статус заказа": order.state,
            "Отменен": "true" if posting.status in CANCELLED else "false",
        },
    )


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
