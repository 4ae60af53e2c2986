"""A store whose file lies behind a link and is written anew now and then; orders reach it as files, each loaded once."""

import io
import random
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from starlette.requests import Request
from starlette.responses import Response

from ozon_desktop import application as composition
from ozon_desktop.application import Application
from ozon_desktop.domain.orders import ExportSettings
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from tests.backoffice.web_shop import WebShop
from tests.e2e.sides.commerceml import GROUP, PRICE_TYPE, export_files
from tests.e2e.sides.mortal import Lives, MortalWeb
from tests.e2e.sides.store import StoreSide, Ware
from tests.services.shop import MovingClock

PATH = "/price"


class DatedShop(WebShop):
    """clock: of the server."""

    clock: MovingClock

    async def _answer(self, request: Request) -> Response:
        response = await super()._answer(request)
        response.headers["Date"] = format_datetime(self.clock.now, usegmt=True)
        return response


class LinkSide(StoreSide):
    """folder: where the orders come. YML, or CommerceML in a zip."""

    def __init__(self, rng: random.Random, clock: MovingClock, lives: Lives, patch: pytest.MonkeyPatch, folder: Path) -> None:
        super().__init__(rng, clock, lives, patch)
        self.zipped = rng.random() < 0.5
        self.category, self.price_type = (GROUP, PRICE_TYPE) if self.zipped else ("2", "price")
        self.folder = folder
        self.server = DatedShop()
        self.server.clock = clock
        patch.setattr(composition, "Web", lambda: MortalWeb(self.server.app, lives))

    def publish(self) -> None:
        goods = [ware for ware in self.wares.values() if not ware.gone]
        self.server.files[PATH] = _zip(goods, self.clock.now) if self.zipped else _yml(goods, self.clock.now)
        self.server.headers["Last-Modified"] = format_datetime(self.clock.now, usegmt=True)
        self.known.append(self.told())

    @property
    def waits(self) -> bool:
        return not self.known or self.known[-1] != self.told()

    def trouble(self) -> None:
        self.server.status = self.rng.choice([500, 404, 206])

    def mend(self) -> None:
        self.server.status = 200

    async def connect(self, application: Application, integration: int) -> None:
        self.publish()
        self.folder.mkdir()
        await application.store_connection.connect(StoreConnection(ConnectionKind.LINK, f"http://shop.example{PATH}"))
        await application.store_connection.pull(silent)
        await application.orders.save_export(integration, ExportSettings(str(self.folder)))

    def orders(self) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = {}
        for path in sorted(self.folder.glob("*.xml")):
            for document in ET.parse(path).getroot():
                if _name(document) != "Документ":
                    continue
                number = _text(document, "Номер")
                assert number not in found, f"{number} is in two files"
                found[number] = Counter()
                for line in (element for element in document.iter() if _name(element) == "Товар"):
                    found[number][_text(line, "Артикул")] += int(float(_text(line, "Количество")))
        return found


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: ET.Element, name: str) -> str:
    return next((child.text or "" for child in element if _name(child) == name), "")


def _zip(goods: list[Ware], at: datetime) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in export_files(goods, at, full=True, size=len(goods) or 1):
            archive.writestr(name, content)
    return into.getvalue()


def _yml(goods: list[Ware], at: datetime) -> bytes:
    offers = "".join(
        f"""<offer id="id-{ware.article}" available="true"><name>{escape(ware.name)}</name><price>{ware.price}</price>
<currencyId>RUR</currencyId><categoryId>2</categoryId><picture>https://shop.example/{ware.article}.jpg</picture><vendor>Ромашка</vendor>
<vendorCode>{ware.article}</vendorCode><outlets><outlet instock="{ware.shelf}" warehouse_name="Основной склад"/></outlets>
<weight>0.35</weight><dimensions>30/20/4</dimensions></offer>"""
        for ware in goods
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<yml_catalog date="{at:%Y-%m-%d %H:%M}"><shop><name>Пуговка</name><company>ООО «Пуговка»</company>
<currencies><currency id="RUR" rate="1"/></currencies>
<categories><category id="1">Одежда</category><category id="2" parentId="1">Рубашки</category></categories>
<offers>{offers}</offers></shop></yml_catalog>""".encode()
