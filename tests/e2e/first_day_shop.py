"""The shop of the first day: rich cards somebody else made on Ozon, a plain export of a store, and what both really hold."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

from ozon_desktop.sandbox.ozon.import_item import ComplexAttribute, Pdf
from ozon_desktop.sandbox.ozon.model import SandboxProduct
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.barcodes import ean
from tests.services.cabinet.cards_on_ozon import place, values
from tests.services.shop import MAIN_WAREHOUSE

RICH = '{"content": [{"widgetName": "raShowcase", "type": "roll"}, {"widgetName": "list"}], "version": 0.3}'
VIDEO_GROUP, VIDEO, VIDEO_NAME = 100001, 21841, 21837
JUMPS, BELOW_LOWEST = 1, 2
"""Numbers of the good whose price is a jump from Ozon's, and of the one whose price is below the lowest price on Ozon."""

PRICES = {JUMPS: 1_200, BELOW_LOWEST: 1_700}
LOWEST = {JUMPS: Decimal(1_100), BELOW_LOWEST: Decimal(1_800)}
KEPT_BY_FILLING = (
    "name",
    "images",
    "primary_image",
    "color_image",
    "pdf_list",
    "barcodes",
    "weight",
    "depth",
    "width",
    "height",
    "attribute:4191",
    "attribute:11254",
    "attribute:10096",
    f"attribute:{VIDEO}",
    f"attribute:{VIDEO_NAME}",
)
"""Fields every rich card has: with «дополнить пустое» none of them may change by a sign."""


@dataclass(frozen=True)
class Size:
    """How large the story is. cards: on Ozon; matched: of those the store has, `by_barcode` of them under another article.

    daily_create: Ozon's quota; quiet: between two looks of the schedule while nothing happens, at least the ten minutes of the orders.
    """

    products: int
    cards: int
    matched: int
    by_barcode: int
    daily_create: int
    quiet: timedelta


@dataclass(frozen=True)
class Good:
    """One product of the store. stock: what really lies there; deleted: the store has it no more."""

    article: str
    price: int
    stock: int
    barcode: str
    deleted: bool = False
    more_name: str = ""

    @property
    def id(self) -> str:
        return f"id-{self.article}"


class Store:
    """What the store knows, and the exports it writes of it."""

    def __init__(self, size: Size) -> None:
        self.goods = {good.article: good for number in range(size.products) if (good := good_of(number))}

    def change(self, article: str, **what: object) -> None:
        self.goods[article] = replace(self.goods[article], **what)  # type: ignore[arg-type]

    def alive(self) -> list[Good]:
        return [good for good in self.goods.values() if not good.deleted]

    def export(self, path: Path, at: datetime, goods: Iterable[Good] | None = None, prices: dict[str, int] | None = None) -> Path:
        """A full YML export made at that moment: articles, names, prices, stocks, one picture, and nothing else. goods None = all."""
        offers = "".join(_offer(good, (prices or {}).get(good.article, good.price)) for good in (self.alive() if goods is None else goods))
        path.write_text(
            f"""<?xml version="1.0" encoding="UTF-8"?>
<yml_catalog date="{at:%Y-%m-%d %H:%M}"><shop><name>Пуговка</name><company>ООО «Пуговка»</company>
<currencies><currency id="RUR" rate="1"/></currencies>
<categories><category id="1">Одежда</category><category id="2" parentId="1">Рубашки</category></categories>
<offers>{offers}</offers></shop></yml_catalog>""",
            encoding="utf-8",
        )
        os.utime(path, (at.timestamp(), at.timestamp()))
        return path


def good_of(number: int) -> Good:
    """A new one."""
    article = f"A-{number:05}"
    return Good(article, PRICES.get(number, 1_900 + number % 90), 3 + number % 20, ean(article))


def _offer(good: Good, price: int) -> str:
    return f"""<offer id="{good.id}" available="true"><name>{escape(f"Рубашка {good.article}{good.more_name}")}</name><price>{price}</price>
<currencyId>RUR</currencyId><categoryId>2</categoryId><picture>https://shop.example/{good.article}.jpg</picture><vendor>Ромашка</vendor>
<vendorCode>{good.article}</vendorCode><barcode>{good.barcode}</barcode>
<outlets><outlet instock="{good.stock}" warehouse_name="Основной склад"/></outlets>
<weight>0.35</weight><dimensions>30/20/4</dimensions></offer>
"""


def place_rich_cards(sandbox: Sandbox, store: Store, size: Size) -> dict[str, str]:
    """Puts the cards there; gives the article on Ozon of each good that has one."""
    goods = list(store.goods.values())
    found: dict[str, str] = {}
    for number in range(size.cards):
        if number < size.matched - size.by_barcode:
            offer_id, barcode = goods[number].article, ean(f"ozon {number}")
        elif number < size.matched:
            offer_id, barcode = f"OZ-{number:05}", goods[number].barcode
        else:
            offer_id, barcode = f"ALONE-{number:05}", ean(f"ozon {number}")
        place_rich(sandbox, offer_id, number, barcode)
        if number < size.matched:
            found[goods[number].article] = offer_id
    return found


def place_rich(sandbox: Sandbox, offer_id: str, number: int, barcode: str) -> SandboxProduct:
    """A card with everything; every third lacks the brand, every fifth the country: what is empty may be filled."""
    pictures = [f"https://cdn1.ozone.ru/s3/{number}/{picture}.jpg" for picture in range(6)]
    attributes = [
        values(4191, (0, f"Рубашка изо льна, модель {number}. Ручная работа. Сшита в Иваново.\n• Лён 100 %\n• Стирать при 30°")),
        values(11254, (0, RICH)),
        values(10096, (61571, "белый"), (61577, "чёрный")),
        values(9048, (0, f"Модель {number}")),
    ]
    if number % 3:
        attributes.append(values(85, (5000003, "Ромашка")))
    if number % 5:
        attributes.append(values(4389, (90295, "Китай")))
    videos = [values(VIDEO, *((0, f"https://rutube.ru/{number}/{one}") for one in range(3))), values(VIDEO_NAME, (0, "Обзор"), (0, "Уход"))]
    for video in videos:
        video.complex_id = VIDEO_GROUP
    product = place(
        sandbox,
        offer_id,
        f"Рубашка льняная мужская, модель {number}, с длинным рукавом",
        price=str(2_150 + number % 90),
        old_price="2990",
        barcode=barcode,
        stock=40,
        attributes=tuple(attributes),
        images=pictures[1:],
        primary_image=pictures[0],
        color_image=f"https://cdn1.ozone.ru/s3/{number}/colour.jpg",
        pdf_list=[
            Pdf(0, "Уход", f"https://cdn1.ozone.ru/s3/{number}/care.pdf"),
            Pdf(1, "Размеры", f"https://cdn1.ozone.ru/s3/{number}/sizes.pdf"),
        ],
        complex_attributes=[ComplexAttribute(videos)],
        weight=417,
    )
    product.min_price, product.heeds_minimum = LOWEST.get(number, Decimal(1_500)), True
    product.minimum_ends_at = product.created_at + timedelta(days=3_650)
    product.more_barcodes = [ean(f"more {number} {one}") for one in range(2)]
    sandbox.memory.note_barcode(product)
    return product


def fields_of(product: SandboxProduct) -> dict[str, tuple[str, ...]]:
    """Every field of a card as the parts it consists of, by its name in a plan."""
    item = product.item
    found: dict[str, tuple[str, ...]] = {name: (str(getattr(item, name)),) for name in ("name", "primary_image", "color_image")}
    found |= {name: (str(getattr(item, name)),) for name in ("depth", "width", "height", "weight", "dimension_unit", "weight_unit")}
    found |= {"images": tuple(item.images), "barcodes": tuple(sorted(product.barcodes))}
    found["pdf_list"] = tuple(f"{pdf.name} {pdf.src_url}" for pdf in item.pdf_list)
    for attribute in (*item.attributes, *item.nested_attributes):
        found[f"attribute:{attribute.id}"] = tuple(f"{value.dictionary_value_id} {value.value}" for value in attribute.values)
    found |= {"price": (str(product.price),), "old_price": (str(product.old_price),), "min_price": (str(product.min_price),)}
    found |= {
        "vat": (str(Decimal(product.vat)),),
        "type_key": (f"{item.category_id} {item.type_id}",),
        "archived": (str(product.archived),),
    }
    found["minimum binds"] = (str(product.heeds_minimum),)
    return found | {f"stock:{house}": (str(stock),) for house, stock in product.stocks.items() if stock or house == MAIN_WAREHOUSE}
