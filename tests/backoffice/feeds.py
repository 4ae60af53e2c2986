"""One shop's goods, written as the kinds of files that shops put behind a link."""

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ozon_desktop.application import Application
from tests.backoffice.onec.exports import import_xml, offers_xml


@dataclass(frozen=True)
class Ware:
    """price in roubles, stock in pieces."""

    price: int
    stock: int
    name: str = "Товар"


Wares = Mapping[str, Ware]
"""By the number its article «A-…» ends with."""


def yml(wares: Wares) -> bytes:
    offers = "".join(
        f'<offer id="{number}" available="true"><name>{ware.name}</name><price>{ware.price}</price><currencyId>RUR</currencyId>'
        f"<categoryId>1</categoryId><vendorCode>A-{number}</vendorCode>"
        f'<outlets><outlet instock="{ware.stock}" warehouse_name="Основной"/></outlets></offer>'
        for number, ware in wares.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<yml_catalog date="2026-11-24 10:00"><shop><name>Пуговка</name>'
        '<currencies><currency id="RUR" rate="1"/></currencies><categories><category id="1">Всё</category></categories>'
        f"<offers>{offers}</offers></shop></yml_catalog>\n"
    ).encode()


def yml_in_gzip(wares: Wares) -> bytes:
    """A file that is packed itself, whatever the answer is packed by."""
    return gzip.compress(yml(wares))


def commerceml_in_zip(wares: Wares) -> bytes:
    goods = import_xml({number: ware.name for number, ware in wares.items()})
    offers = offers_xml({number: (float(ware.price), ware.stock) for number, ware in wares.items()})
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("import.xml", goods)
        archive.writestr("offers.xml", offers)
    return into.getvalue()


def csv(wares: Wares) -> bytes:
    rows = [f"A-{number};{ware.name};{ware.price};{ware.stock}" for number, ware in wares.items()]
    return "\r\n".join(["Артикул;Наименование;Цена;Остаток", *rows, ""]).encode("cp1251")


Writer = Callable[[Wares], bytes]
FEEDS: dict[str, Writer] = {"price.yml": yml, "price.yml.gz": yml_in_gzip, "export.zip": commerceml_in_zip, "price.csv": csv}
"""By the name of the file."""

Content = dict[str, tuple[str, int, int]]
"""(name, price, stock) by article."""


def content(wares: Wares) -> Content:
    """What the store should hold of them."""
    return {f"A-{number}": (ware.name, ware.price, ware.stock) for number, ware in wares.items()}


async def in_store(application: Application) -> Content:
    """What the store holds, without what is gone. No article is there twice."""
    products = [product for product in await application.store_listing.products(()) if not product.deleted]
    found = {
        product.offer_id: (product.name, int(next(iter(product.prices.values())).value), sum(map(int, product.stocks.values())))
        for product in products
    }
    assert len(found) == len(products)
    return found
