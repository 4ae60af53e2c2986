"""A small shop of shirts and a cabinet to sell them in: an export written by the test, and the sandbox behind a line that can break."""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx

from ozon_desktop.application import Application
from ozon_desktop.domain.integration import IntegrationSettings, Scheme, UpdateTrigger, VatRate
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.progress import silent
from ozon_desktop.ozon.limits import Pace
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.services.sync.outcome import Patience
from tests.places import SANDBOX_DATA as DATA

URL = "http://127.0.0.1:9"
SHIRT = TypeKey(101, 1001)
MAIN_WAREHOUSE, FOREST_WAREHOUSE = 1020005000000101, 1020005000000102
QUICK = Patience(import_s=0.6, stock_ready_s=1.5, stock_shown_s=0.06, first_pause_s=0.01, longest_pause_s=0.03)
"""Asks the sandbox about fifty times, while it takes the time of two questions."""
HURRY = 100

IMPORT, PRICES, STOCKS = "/v3/product/import", "/v1/product/import/prices", "/v2/products/stocks"
TIMERS, ARCHIVE, UNARCHIVE = "/v1/product/action/timer/update", "/v1/product/archive", "/v1/product/unarchive"
WRITING = frozenset({IMPORT, PRICES, TIMERS, STOCKS, ARCHIVE, UNARCHIVE, "/v1/barcode/add"})
"""Methods by which a run changes the cabinet."""
BEGIN = datetime(2026, 12, 1, 9, tzinfo=UTC)


@dataclass
class MovingClock:
    """One time for the program and for Ozon; it moves a little whenever anybody looks, and by days when a test says so."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=30)
        return self.now


@dataclass(frozen=True)
class Shirt:
    """One product of the shop. stock is that of the warehouse «Основной склад», forest that of «Склад на Лесной»."""

    offer_id: str
    price: str = "1990"
    stock: int = 5
    forest: int = 0
    name: str = ""
    brand: str = "Ромашка"
    currency: str = "RUR"
    category: int = 2
    weight: str = "0.35"
    season: str = ""


SHIRTS = (Shirt("RU-1"), Shirt("RU-2", "2490", 3, 2), Shirt("RU-3", "990.50", 0))


def write_export(path: Path, *shirts: Shirt) -> Path:
    """A whole YML export of these products."""
    offers = "".join(
        f"""<offer id="id-{shirt.offer_id}" available="true"><name>{shirt.name or f"Рубашка {shirt.offer_id}"}</name>
<price>{shirt.price}</price><currencyId>{shirt.currency}</currencyId><categoryId>{shirt.category}</categoryId>
<picture>https://shop.example/{shirt.offer_id}.jpg</picture><vendor>{shirt.brand}</vendor><vendorCode>{shirt.offer_id}</vendorCode>
<outlets><outlet instock="{shirt.stock}" warehouse_name="Основной склад"/>
<outlet instock="{shirt.forest}" warehouse_name="Склад на Лесной"/></outlets>
<weight>{shirt.weight}</weight><dimensions>30/20/4</dimensions>
{f'<param name="Сезон">{shirt.season}</param>' if shirt.season else ""}</offer>"""
        for shirt in shirts
    )
    path.write_text(
        f"""<?xml version="1.0" encoding="UTF-8"?>
<yml_catalog date="2026-11-24 10:00"><shop><name>Пуговка</name><company>ООО «Пуговка»</company>
<currencies><currency id="RUR" rate="1"/></currencies>
<categories><category id="1">Одежда</category><category id="2" parentId="1">Рубашки</category>
<category id="3">Подарки</category></categories>
<offers>{offers}</offers></shop></yml_catalog>""",
        encoding="utf-8",
    )
    return path


def hasty_pace() -> Pace:
    """Keeps to Ozon's limits by a clock that runs a hundred times as fast: fifty requests take a hundredth of a second."""

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / HURRY)

    return Pace(5_000, clock=lambda: time.monotonic() * HURRY, sleep=sleep)


def make_sandbox(**arguments: float) -> Sandbox:
    """A sandbox in a hurry, over the tiny catalogue of its own tests."""
    hurry = {"archive_delay": timedelta(0)}
    sandbox = Sandbox(
        data_dir=DATA,
        import_delay_s=0.01,
        moderation_s=0.01,
        order_interval_s=0,
        stock_interval_s=0,
        timing=hurry,
        **arguments,  # type: ignore[arg-type]
    )
    sandbox.memory.limits.requests_per_second = 10_000
    return sandbox


class Line:
    """The way to the sandbox; `break_at` puts trouble on one path until `mend`.

    Kinds: key, network, 400, 429, 500, html; `lost` = Ozon does the work and the connection breaks before the answer comes.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.paths: list[str] = []
        self._inside = httpx.ASGITransport(app=sandbox.app)
        self._trouble: dict[str, tuple[str, int]] = {}

    def break_at(self, path: str, kind: str, *, after: int = 0) -> None:
        """From the request number `after` on (from 0)."""
        self._trouble[path] = (kind, after)

    def mend(self) -> None:
        self._trouble.clear()
        self.paths.clear()

    def sent(self) -> dict[str, int]:
        """How often each path was asked since the last mend."""
        counts: defaultdict[str, int] = defaultdict(int)
        for path in self.paths:
            counts[path] += 1
        return dict(counts)

    async def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        kind, after = self._trouble.get(path, self._trouble.get("*", ("", 0)))
        seen = self.paths.count(path)
        self.paths.append(path)
        if not kind or seen < after:
            return await self._pass_on(request)
        if kind == "network":
            raise httpx.ConnectError("name or service not known", request=request)
        if kind == "lost":
            await self._pass_on(request)
            raise httpx.ReadError("connection reset by peer", request=request)
        if kind == "500 after work":
            await self._pass_on(request)
            kind = "500"
        return {
            "key": httpx.Response(404, json={"code": 5, "message": "Invalid Api-Key, please contact support"}),
            "429": httpx.Response(
                429, json={"code": 8, "message": "You have reached request rate limit per second"}, headers={"Retry-After": "0.01"}
            ),
            "400": httpx.Response(400, json={"code": 3, "message": "the request is wrong"}),
            "500": httpx.Response(500, json={"code": 13, "message": "Internal error"}),
            "html": httpx.Response(200, text="<html><body>Вход в сеть отеля</body></html>"),
        }[kind]

    async def _pass_on(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        response = await self._inside.handle_async_request(request)
        return httpx.Response(response.status_code, headers=response.headers, content=await response.aread())


@dataclass
class Shop:
    """An application that is set up up to the mapping, and what it talks to."""

    application: Application
    line: Line
    folder: Path
    integration: int

    @property
    def sandbox(self) -> Sandbox:
        return self.line.sandbox

    async def stocks_the_store(self, *shirts: Shirt) -> None:
        """Imports an export of exactly these products."""
        await self.application.store_import.import_files([write_export(self.folder / "shop.xml", *shirts)], silent)

    def on_ozon(self) -> dict[str, tuple[str, Decimal, dict[int, int]]]:
        """(name, price, stock by warehouse) of each card that is not archived."""
        return {
            offer_id: (product.name, product.price, dict(product.stocks))
            for offer_id, product in self.sandbox.products.items()
            if not product.archived
        }


def wanted(*shirts: Shirt) -> dict[str, tuple[str, Decimal, dict[int, int]]]:
    """What Ozon should hold for these products."""
    return {
        shirt.offer_id: (
            shirt.name or f"Рубашка {shirt.offer_id}",
            Decimal(shirt.price),
            {MAIN_WAREHOUSE: shirt.stock, FOREST_WAREHOUSE: shirt.forest},
        )
        for shirt in shirts
    }


async def first_sending_confirmed(application: Application, integration: int) -> None:
    """The cabinet is as one whose first preview was confirmed long ago: what the store has goes by itself, as before.

    Whoever tests the first sending leaves this out, see `tests/services/sync/test_first_sending.py`.
    """
    await application.storage.run(lambda unit: unit.guards.confirm(integration, datetime(2026, 1, 1, tzinfo=UTC)))


async def set_up(application: Application, line: Line, folder: Path, *shirts: Shirt) -> Shop:
    """Everything a manager does before a synchronization; its first sending was confirmed."""
    integration = (await application.integrations.ensure_one()).id
    shop = Shop(application, line, folder, integration)
    await shop.stocks_the_store(*shirts)
    employee = await application.integrations.add_reference("employee", "Иванова Мария")
    page = await application.integrations.page(integration)
    settings: IntegrationSettings = replace(
        page.integration.settings,
        client_id=KNOWN_CLIENT_ID,
        scheme=Scheme.FBS,
        responsible_employee_id=employee,
        price_type_id="price",
        vat_rate=VatRate.VAT_22,
        update_trigger=UpdateTrigger.HOURLY,
    )
    await application.integrations.save(integration, settings, ADMIN_KEY)
    await application.connection.check(integration)
    await application.catalog.fetch_base(integration, silent)
    await application.integrations.select_bases(integration, frozenset({100}))
    await application.catalog.fetch_children(integration, silent)
    await application.catalog.fetch_settings(integration, silent)
    await application.integrations.set_enabled(integration, True)
    await application.mapping.map(integration, ["2"], SHIRT)
    await first_sending_confirmed(application, integration)
    line.mend()
    return shop
