"""Orders as 1C loads them when it fetches them by itself, «Обмен с сайтом».

One document its code stumbles over takes all others with it, for they are loaded in one transaction: what would be refused is kept out.
No element is empty, for an empty one is no text to 1C; none has a namespace, for 1C then takes absent elements for present.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import cast

from lxml import etree

from ozon_desktop.domain.integration import VatRate
from ozon_desktop.domain.onec_exchange import OrderFault
from ozon_desktop.domain.orders import PostingProduct
from ozon_desktop.domain.store_catalog import StoreWarehouse
from ozon_desktop.domain.store_connection import OrderStage, StoreOrder
from ozon_desktop.store.order_elements import ID_LIMIT, MOSCOW, VALUE_LIMIT, Elements, OrderNames, money, placed
from ozon_desktop.wording.store_connection import stage_text

LONGEST_NUMBER = 11
"""УТ looks for an order by so many characters, УНФ writes its digits into a field of as many."""
RESERVED = frozenset({OrderStage.NEW, OrderStage.ASSEMBLED})
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class OnecOrder:
    """An order with what 1C is to know beside it. vats: included in the prices, by offer_id; warehouse: the store's, None = unknown."""

    order: StoreOrder
    names: OrderNames = field(default_factory=OrderNames)
    vats: Mapping[str, VatRate] = field(default_factory=dict)
    warehouse: StoreWarehouse | None = None

    @property
    def known_lines(self) -> tuple[PostingProduct, ...]:
        """Lines whose product the store has: of any other 1C would make a new product."""
        return tuple(line for line in self.order.order.posting.products if line.offer_id in self.order.product_ids)

    def vat_of(self, line: PostingProduct) -> VatRate:
        return self.vats.get(line.offer_id, VatRate.NONE)


def fault_of(order: OnecOrder) -> OrderFault | None:
    """Why it must not go out; None = 1C takes it."""
    lines = order.order.order.posting.products
    if not lines:
        return OrderFault.NO_LINES
    if not order.known_lines:
        return OrderFault.NO_KNOWN_LINES
    currencies = {line.currency.strip() for line in lines}
    if "" in currencies:
        return OrderFault.NO_CURRENCY
    if len(currencies) > 1:
        return OrderFault.TWO_CURRENCIES
    if not 0 < order.order.own_number < 10**LONGEST_NUMBER:
        return OrderFault.WRONG_NUMBER
    return OrderFault.WRONG_QUANTITY if any(line.quantity <= 0 or line.price < 0 for line in order.known_lines) else None


def exchange_document(orders: Sequence[OnecOrder], made_at: datetime, encoding: str = "windows-1251", *, contained: bool = False) -> bytes:
    """The document of a query, orders without fault only; without any it is an empty root, which 1C takes for «nothing new».

    What the encoding lacks is written as a reference. contained: each order in a «Контейнер», for Bitrix' module, which sees no others.
    """
    elements = Elements("")
    root = elements.root(made_at)
    for order in orders:
        _document(elements, elements.add(root, "Контейнер") if contained else root, order)
    body = cast(bytes, etree.tostring(root, encoding=encoding, xml_declaration=False))
    # lxml's own declaration has single quotes; old clients look for the encoding between double ones.
    return f'<?xml version="1.0" encoding="{encoding}"?>\n'.encode("ascii") + body


def reference_document(encoding: str = "windows-1251") -> bytes:
    """The lists 1C offers in its settings: the stages of orders as their documents name them, one way to pay, one to deliver.

    The first letter of the first list is Latin, as in Bitrix' own answer, which 1C reads by that name.
    """
    elements = Elements("")
    root = etree.Element("Справочник")
    lists: dict[str, dict[str, str]] = {
        "Cтатусы": {stage.value: stage_text(stage) for stage in OrderStage},
        "ПлатежныеСистемы": {"ozon": "Ozon"},
        "СлужбыДоставки": {"ozon": "Ozon"},
    }
    for name, entries in lists.items():
        parent = elements.add(root, name)
        for id_, title in entries.items():
            entry = elements.add(parent, "Элемент")
            elements.add(entry, "Ид", id_)
            elements.add(entry, "Название", title)
    body = cast(bytes, etree.tostring(root, encoding=encoding, xml_declaration=False))
    return f'<?xml version="1.0" encoding="{encoding}"?>\n'.encode("ascii") + body


def _document(elements: Elements, parent: etree._Element, order: OnecOrder) -> None:
    store_order, posting, lines = order.order, order.order.order.posting, order.known_lines
    total = sum((line.price * line.quantity for line in lines), Decimal(0))
    when = placed(store_order.order)
    document = elements.add(parent, "Документ")
    elements.add(document, "Ид", posting.posting_number, ID_LIMIT)
    elements.add(document, "Номер", str(store_order.own_number))
    elements.head(document, when, lines[0].currency, total)
    elements.partners(document, store_order.order, order.names)
    elements.add(document, "Время", when.strftime("%H:%M:%S"))
    elements.add(document, "Комментарий", _comment(order), VALUE_LIMIT)
    taxed = [line for line in lines if order.vat_of(line) is not VatRate.NONE]
    if taxed:
        rates = {order.vat_of(line) for line in lines}
        amount = sum((_vat_in(line.price * line.quantity, order.vat_of(line)) for line in taxed), Decimal(0))
        _tax(elements, document, rates.pop() if len(rates) == 1 else None, amount)
    if order.warehouse is not None:
        _warehouse(elements, document, order.warehouse)
    goods = elements.add(document, "Товары")
    for line in lines:
        _line(elements, goods, line, order)
    elements.requisites(document, _requisites(elements, order))


def _requisites(elements: Elements, order: OnecOrder) -> dict[str, str]:
    """УНФ maps the state by its id or by its name, whichever its table has."""
    store_order = order.order
    return {
        "Номер отправления Ozon": store_order.posting_number,
        "Статус заказа": store_order.state or stage_text(store_order.stage),
        "Статуса заказа ИД": store_order.stage.value,
        "Отменен": "true" if store_order.stage is OrderStage.CANCELLED else "false",
        "Склад": order.warehouse.name if order.warehouse is not None else "",
        **elements.common(store_order.order, order.names),
    }


def _comment(order: OnecOrder) -> str:
    posting = order.order.order.posting
    unknown = [line for line in posting.products if line not in order.known_lines]
    lacking = "; ".join(f"{line.offer_id} «{line.name}», {line.quantity} шт. по {money(line.price)} {line.currency}" for line in unknown)
    return f"Отправление Ozon {posting.posting_number}" + (f". Нет в магазине: {lacking}" if lacking else "")


def _line(elements: Elements, goods: etree._Element, line: PostingProduct, order: OnecOrder) -> None:
    product = elements.line(goods, line, order.order.product_ids[line.offer_id])
    name = product.find("Наименование")
    if name is not None and not (name.text or "").strip():
        name.text = line.offer_id
    if order.order.stage in RESERVED:
        elements.add(product, "Резерв", str(line.quantity))
    described = product.find("ЗначенияРеквизитов")
    elements.requisites(product, {"ВидНоменклатуры": "Товар", "ТипНоменклатуры": "Товар"})
    if described is not None:
        # 1C reads the first list of requisites only.
        added = product[-1]
        described.extend(list(added))
        product.remove(added)
    vat = order.vat_of(line)
    if vat is not VatRate.NONE:
        rates = elements.add(product, "СтавкиНалогов")
        rate = elements.add(rates, "СтавкаНалога")
        elements.add(rate, "Наименование", "НДС")
        elements.add(rate, "Ставка", vat.value)
        _tax(elements, product, vat, _vat_in(line.price * line.quantity, vat))


def _vat_in(total: Decimal, vat: VatRate) -> Decimal:
    percent = Decimal(vat.value)
    return total * percent / (HUNDRED + percent)


def _tax(elements: Elements, parent: etree._Element, vat: VatRate | None, amount: Decimal) -> None:
    """VAT as a number, for 1C reads it as one; of goods without it nothing is said, which 1C takes for «Без НДС».

    vat None = the goods of the document have several.
    """
    taxes = elements.add(parent, "Налоги")
    tax = elements.add(taxes, "Налог")
    elements.add(tax, "Наименование", "НДС")
    elements.add(tax, "УчтеноВСумме", "true")
    if vat is not None:
        elements.add(tax, "Ставка", vat.value)
    elements.add(tax, "Сумма", money(amount))


def _warehouse(elements: Elements, document: etree._Element, warehouse: StoreWarehouse) -> None:
    """УТ reads all of this wherever the list is there, and stops at what is missing. It finds the warehouse by its own id."""
    place = elements.add(elements.add(document, "Склады"), "Склад")
    elements.add(place, "Ид", warehouse.id)
    elements.add(place, "Наименование", warehouse.name)
    field_ = elements.add(elements.add(place, "Адрес"), "АдресноеПоле")
    elements.add(field_, "Тип", "Представление")
    elements.add(field_, "Значение", warehouse.name)
    contact = elements.add(elements.add(place, "Контакты"), "Контакт")
    elements.add(contact, "Тип", "Прочее")
    elements.add(contact, "Значение", warehouse.name)


def last_moment(orders: Sequence[OnecOrder]) -> datetime:
    """When the newest of the orders came, so that the same orders make the same document."""
    return max((order.order.order.received_at for order in orders), default=datetime(1970, 1, 1, tzinfo=MOSCOW))
