"""Bodies of the requests the client sends, built from domain objects. Money goes as strings, ids as integers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ozon_desktop.domain.cabinet import CabinetAttribute
from ozon_desktop.domain.card import CardPayload
from ozon_desktop.domain.ozon_catalog import TypeKey

LANGUAGE = "RU"


@dataclass(frozen=True, slots=True)
class PriceUpdate:
    """One price for /v1/product/import/prices, in `currency`. vat as Ozon takes it ("0", "0.05" … "0.22"), None = leave it.

    old_price, min_price: the price before the discount and the lowest one, 0 = there is none, None = leave them.
    """

    offer_id: str
    price: Decimal
    currency: str
    vat: str | None = None
    old_price: Decimal | None = None
    min_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StockUpdate:
    """One stock for /v2/products/stocks: pieces on hand without reserved ones, below 1 000 000."""

    offer_id: str
    warehouse_id: int
    stock: int


def money(value: Decimal) -> str:
    """Without an exponent: Decimal("1E+3") is "1000"."""
    return format(value, "f")


def moment(value: datetime) -> str:
    """UTC with a Z, as all of Ozon's times; a datetime without a zone is UTC already."""
    utc = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def type_query(key: TypeKey) -> dict[str, Any]:
    """The part all methods of the catalogue share."""
    return {"description_category_id": key.description_category_id, "type_id": key.type_id}


def import_item(card: CardPayload, old_price: Decimal | None = None) -> dict[str, Any]:
    """One element of `items` of /v3/product/import. old_price: that before the discount; without it the product has none."""
    item: dict[str, Any] = {
        "offer_id": card.offer_id,
        "name": card.name,
        **type_query(card.type_key),
        "price": money(card.price),
        "vat": card.vat,
        "currency_code": card.currency,
        "depth": card.depth,
        "width": card.width,
        "height": card.height,
        "dimension_unit": card.dimension_unit,
        "weight": card.weight,
        "weight_unit": card.weight_unit,
        "images": list(card.images),
        "attributes": [_attribute(attribute) for attribute in card.attributes if not attribute.complex_id],
        "complex_attributes": _complex_attributes(card.attributes),
    }
    if card.primary_image:
        item["primary_image"] = card.primary_image
    if card.color_image:
        item["color_image"] = card.color_image
    if card.pdf_list:
        item["pdf_list"] = [{"index": place, "name": pdf.name, "src_url": pdf.address} for place, pdf in enumerate(card.pdf_list)]
    if card.barcode:
        item["barcode"] = card.barcode
    if old_price:
        item["old_price"] = money(old_price)
    return item


def price_item(update: PriceUpdate) -> dict[str, Any]:
    """One element of `prices`."""
    item = {"offer_id": update.offer_id, "price": money(update.price), "currency_code": update.currency}
    if update.vat is not None:
        item["vat"] = update.vat
    if update.old_price is not None:
        item["old_price"] = money(update.old_price)
    if update.min_price is not None:
        item["min_price"] = money(update.min_price)
    return item


def stock_item(update: StockUpdate) -> dict[str, Any]:
    """One element of `stocks`."""
    return {"offer_id": update.offer_id, "warehouse_id": update.warehouse_id, "stock": update.stock}


def _complex_attributes(attributes: Sequence[CabinetAttribute]) -> list[dict[str, Any]]:
    """Attributes of one complex_id (videos and their titles) make one nested element, until one of them comes again.

    Ozon shows them as one flat list, so a repeated attribute is the only sign of a second element.
    """
    elements: list[list[dict[str, Any]]] = []
    latest: dict[int, tuple[list[dict[str, Any]], set[int]]] = {}
    for attribute in attributes:
        if not attribute.complex_id:
            continue
        element, ids = latest.get(attribute.complex_id, ([], set()))
        if not ids or attribute.id in ids:
            element, ids = latest[attribute.complex_id] = ([], set())
            elements.append(element)
        element.append(_attribute(attribute))
        ids.add(attribute.id)
    return [{"attributes": element} for element in elements]


def _attribute(attribute: CabinetAttribute) -> dict[str, Any]:
    values = [{"dictionary_value_id": value_id, "value": text} if value_id else {"value": text} for value_id, text in attribute.values]
    return {"id": attribute.id, "complex_id": attribute.complex_id, "values": values}
