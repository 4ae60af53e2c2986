"""Puts cards into the sandbox's cabinet as if the seller had made them long ago, and tells which of them were matched."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.existing_cards import Content
from ozon_desktop.domain.progress import silent
from ozon_desktop.sandbox.ozon.import_item import Attribute, ImportItem, Value
from ozon_desktop.sandbox.ozon.model import SandboxProduct
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.services.cabinet.report import AdoptionReport
from tests.services.shop import MAIN_WAREHOUSE, SHIRT, Shirt, Shop

LIST, INFO, CARDS = "/v3/product/list", "/v3/product/info/list", "/v4/product/info/attributes"
PRICES, STOCKS = "/v5/product/info/prices", "/v4/product/info/stocks"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_numbers = count(2_000_000_001)


def values(attribute_id: int, *pairs: tuple[int, str]) -> Attribute:
    """An attribute as /v3/product/import takes it."""
    return Attribute(attribute_id, 0, [Value(id_, text) for id_, text in pairs])


def place(
    sandbox: Sandbox,
    offer_id: str,
    name: str = "Рубашка",
    *,
    price: str = "1990",
    old_price: str = "0",
    barcode: str = "",
    stock: int = 0,
    archived: bool = False,
    vat: str = "0.22",
    attributes: tuple[Attribute, ...] = (),
    **item: Any,
) -> SandboxProduct:
    """A card on sale. Sizes in mm, weight in g; `item` replaces fields of the import."""
    whole: dict[str, Any] = {
        "offer_id": offer_id,
        "name": name,
        "description_category_id": SHIRT.description_category_id,
        "type_id": SHIRT.type_id,
        "depth": 300,
        "width": 200,
        "height": 40,
        "dimension_unit": "mm",
        "weight": 350,
        "weight_unit": "g",
        "images": [f"https://shop.example/{offer_id}.jpg"],
        "barcode": barcode,
        "attributes": list(attributes),
        **item,
    }
    product = SandboxProduct(
        product_id=next(_numbers),
        offer_id=offer_id,
        item=ImportItem(**whole),
        price=Decimal(price),
        old_price=Decimal(old_price),
        vat=vat,
        created_at=LONG_AGO,
        updated_at=LONG_AGO,
        sku=1_500_000_000 + len(sandbox.memory.by_id),
        status="price_sent",
        archived=archived,
        stocks={MAIN_WAREHOUSE: stock} if stock else {},
    )
    sandbox.memory.add_product(product)
    return product


def remove(sandbox: Sandbox, offer_id: str) -> None:
    """The seller deletes a card."""
    del sandbox.memory.by_id[sandbox.memory.shelf.pop(offer_id).product_id]


def groups(report: AdoptionReport) -> dict[str, list[str]]:
    """Articles of each group that has any."""
    names = ("matched", "only_ozon", "only_store", "doubtful", "several", "gone")
    return {name: [one.offer_id for one in getattr(report, name)] for name in names if getattr(report, name)}


async def as_in_store(shop: Shop) -> None:
    """The manager's answer that the store's values win, content, prices and stocks."""
    await shop.application.existing_cards.answer(shop.integration, content=Content.STORE, prices=Side.STORE, stocks=Side.STORE)


async def with_barcode(shop: Shop, offer_id: str, code: str, *shirts: Shirt) -> None:
    """The export of these shirts, one of them with a barcode."""
    await shop.stocks_the_store(*shirts)
    await with_mark(shop, offer_id, f"<barcode>{code}</barcode>")


async def with_mark(shop: Shop, offer_id: str, more: str) -> None:
    """The last export once more, with this behind the article of a shirt."""
    path = shop.folder / "shop.xml"
    mark = f"<vendorCode>{offer_id}</vendorCode>"
    path.write_text(path.read_text(encoding="utf-8").replace(mark, f"{mark}{more}"), encoding="utf-8")
    await shop.application.store_import.import_files([path], silent)
