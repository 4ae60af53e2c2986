"""What every CommerceML document of orders is made of, whether it goes into a file or to 1C by itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast

from lxml import etree

from ozon_desktop.domain.orders import CANCELLATION, Order, PostingProduct
from ozon_desktop.domain.store_catalog import described_by

SCHEMA_VERSION = "2.10"
MOSCOW = timezone(timedelta(hours=3))
"""Ozon shows every time in Moscow time; so do the orders, wherever the program runs."""
NAME_LIMIT = 255
VALUE_LIMIT = 1000
ID_LIMIT = 40
KOPECK = Decimal("0.01")
BUYER = "Покупатель Ozon"

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class OrderNames:
    """What the ids in orders are called: names by id, the store's product ids by offer_id (article)."""

    organizations: Mapping[str, str] = field(default_factory=dict)
    directions: Mapping[str, str] = field(default_factory=dict)
    employees: Mapping[str, str] = field(default_factory=dict)
    product_ids: Mapping[str, str] = field(default_factory=dict)


class Elements:
    """Makes the elements of a document. namespace: of all of them, "" = none."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace

    def root(self, made_at: datetime) -> etree._Element:
        # None stands for the default namespace, which the stubs do not know.
        root = etree.Element(self._tag("КоммерческаяИнформация"), nsmap=cast(Any, {None: self._namespace} if self._namespace else None))
        root.set("ВерсияСхемы", SCHEMA_VERSION)
        root.set("ДатаФормирования", made_at.astimezone(MOSCOW).strftime("%Y-%m-%dT%H:%M:%S"))
        return root

    def add(self, parent: etree._Element, name: str, text: str | None = None, limit: int = NAME_LIMIT) -> etree._Element:
        """A new element. text None = none; of a longer one the beginning, without what XML forbids."""
        element = etree.SubElement(parent, self._tag(name))
        if text is not None:
            element.text = _FORBIDDEN.sub(" ", text)[:limit]
        return element

    def head(self, document: etree._Element, placed_at: datetime, currency: str, total: Decimal) -> None:
        """What makes of a document an order."""
        self.add(document, "Дата", placed_at.strftime("%Y-%m-%d"))
        self.add(document, "ХозОперация", "Заказ товара")
        self.add(document, "Роль", "Продавец")
        self.add(document, "Валюта", currency)
        self.add(document, "Курс", "1")
        self.add(document, "Сумма", money(total))

    def partners(self, document: etree._Element, order: Order, names: OrderNames) -> None:
        """The buyer first: back offices take the first one for it."""
        partners = self.add(document, "Контрагенты")
        # Ozon does not say who buys: every order has the same buyer.
        self._partner(partners, "ozon", BUYER, "Покупатель")
        if order.organization_id:
            self._partner(partners, order.organization_id, named(names.organizations, order.organization_id), "Продавец")

    def _partner(self, partners: etree._Element, partner_id: str, name: str, role: str) -> None:
        partner = self.add(partners, "Контрагент")
        self.add(partner, "Ид", partner_id, ID_LIMIT)
        self.add(partner, "Наименование", name)
        self.add(partner, "ОфициальноеНаименование" if role == "Продавец" else "ПолноеНаименование", name)
        self.add(partner, "Роль", role)

    def line(self, goods: etree._Element, line: PostingProduct, store_id: str) -> etree._Element:
        """One line. store_id: the store's id of the product or variant, "" = none."""
        product = self.add(goods, "Товар")
        product_id, characteristics = described_by(store_id)
        if product_id:
            # A characteristic's id is two ids long, beyond the schema's 40 signs; cut it would name nothing.
            self.add(product, "Ид", product_id, len(product_id))
        self.add(product, "Артикул", line.offer_id)
        self.add(product, "Наименование", line.name)
        unit = self.add(product, "БазоваяЕдиница", "шт")
        unit.set("Код", "796")
        unit.set("НаименованиеПолное", "Штука")
        unit.set("МеждународноеСокращение", "PCE")
        if characteristics:
            # The schema knows characteristics in offers only; of goods in a document it knows requisites.
            self.requisites(product, dict(characteristics))
        self.add(product, "ЦенаЗаЕдиницу", money(line.price))
        self.add(product, "Количество", str(line.quantity))
        self.add(product, "Сумма", money(line.price * line.quantity))
        return product

    def common(self, order: Order, names: OrderNames) -> dict[str, str]:
        """Requisites that say the same to every back office; "" = it is not known."""
        posting = order.posting
        shipment = "" if posting.shipment_date is None else posting.shipment_date.astimezone(MOSCOW).strftime("%Y-%m-%dT%H:%M:%S")
        return {
            "Организация": named(names.organizations, order.organization_id),
            "Направление заказа": named(names.directions, order.direction_id),
            "Ответственный": named(names.employees, order.responsible_id),
            "Номер заказа Ozon": posting.order_number,
            "Схема Ozon": posting.scheme.upper(),
            "Дата отгрузки": shipment,
            "Склад Ozon": posting.warehouse_name,
            "Причина отмены": posting.cancel_reason,
            "Возвращено": ", ".join(f"{line.offer_id}: {back}" for line in posting.products if (back := returned(order, line.offer_id))),
        }

    def requisites(self, parent: etree._Element, values: Mapping[str, str]) -> None:
        """Those that have a value, in their order."""
        requisites = self.add(parent, "ЗначенияРеквизитов")
        for name, value in values.items():
            # Blanks alone are no value either.
            if _FORBIDDEN.sub(" ", value).strip():
                requisite = self.add(requisites, "ЗначениеРеквизита")
                self.add(requisite, "Наименование", name)
                self.add(requisite, "Значение", value, VALUE_LIMIT)

    def _tag(self, name: str) -> str:
        return f"{{{self._namespace}}}{name}" if self._namespace else name


def placed(order: Order) -> datetime:
    """When it was ordered, in Moscow time."""
    return (order.posting.created_at or order.received_at).astimezone(MOSCOW)


def returned(order: Order, offer_id: str) -> int:
    """Pieces of a product the buyer gave back."""
    return sum(entry.quantity for entry in order.returns if entry.offer_id == offer_id and entry.kind != CANCELLATION)


def named(names: Mapping[str, str], key: str | None) -> str:
    """The name of an id, the id where it has none."""
    return names.get(key, key) if key else ""


def money(value: Decimal) -> str:
    return f"{value.quantize(KOPECK, ROUND_HALF_UP):f}"
