"""Everything the client can ask, asked once of the sandbox and written down: what the judges of this folder look at."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from ozon_desktop.domain.cabinet import CabinetAttribute
from ozon_desktop.domain.card import CardPayload
from ozon_desktop.domain.fbs import Mark, Need, OwnDelivery, PartOfPosting, Piece
from ozon_desktop.domain.ozon_catalog import TYPE_ATTRIBUTE, Attribute, TypeKey
from ozon_desktop.errors import OzonError
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.credentials import Credentials
from ozon_desktop.ozon.endpoints import Endpoint, Function
from ozon_desktop.ozon.fbs import FbsClient
from ozon_desktop.ozon.limits import RetryPolicy
from ozon_desktop.ozon.requests import BarcodeUpdate, PriceUpdate, StockUpdate
from ozon_desktop.ozon.transport import Recorder, Transport
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID, POSTING_KEY
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.barcodes import ean
from tests.places import SANDBOX_DATA as DATA

VIDEO, VIDEO_TITLE, VIDEO_COMPLEX = 21841, 21837, 100001
CUSTOMS_CODE = 22232
JACKET = TypeKey(103, 1004)
"""A type of the data whose customs code is required: Ozon imports a card without it, with an error."""
PERIOD = {"since": "2026-11-01T00:00:00Z", "to": "2026-12-01T00:00:00Z"}
NEVER_CALLED: dict[str, Any] = {
    "/v1/description-category/dependent-attributes": {"description_category_id": 101, "type_id": 1001},
    "/v1/description-category/dependent-attributes/values": {
        "description_category_id": 101,
        "type_id": 1001,
        "parent_attribute_id": 4389,
        "child_attribute_id": 10096,
    },
    "/v2/product/info/stocks-by-warehouse/fbs": {"offer_id": ["A"], "limit": 10},
    "/v4/posting/fbs/unfulfilled/list": {
        "filter": {"cutoff_from": PERIOD["since"], "cutoff_to": PERIOD["to"]},
        "limit": 10,
        "with": {"analytics_data": True, "barcodes": True, "financial_data": True, "legal_info": True},
    },
    "/v4/posting/fbs/list": {
        "filter": PERIOD,
        "limit": 10,
        "with": {"analytics_data": True, "barcodes": True, "financial_data": True, "legal_info": True},
    },
    "/v3/posting/fbo/list": {"filter": PERIOD, "limit": 10, "with": {"analytics_data": True, "financial_data": True, "legal_info": True}},
}
"""Methods of the sandbox the client does not call, and its own ones with every part asked for."""


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, decoded. by_client: the client built the request."""

    path: str
    request: Any
    status: int
    answer: Any
    by_client: bool = True


class Clock:
    """One time for both sides; sleeping moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        # Rounded up to the microsecond, the smallest step a datetime can make: else a wait would never quite end.
        self.now += timedelta(seconds=seconds, microseconds=1)


class Play:
    """The scenario: a cabinet with goods, orders and refusals. recorder: sees the same as `seen`."""

    def __init__(self, recorder: Recorder | None = None, clock: Clock | None = None) -> None:
        self._also = recorder
        self.clock = clock or Clock()
        self.sandbox = Sandbox(data_dir=DATA, clock=self.clock, order_interval_s=0)
        self.seen: list[Exchange] = []
        self._by_client = True
        self._transport = Transport(
            app=self.sandbox.app,
            clock=self.clock.seconds,
            sleep=self.clock.sleep,
            retries=RetryPolicy(attempts=1),
            recorder=self._record,
        )
        self.client = OzonClient(self._transport, Credentials(KNOWN_CLIENT_ID, ADMIN_KEY))

    def _record(self, endpoint: Endpoint, request: bytes, status: int, answer: bytes) -> None:
        if self._also is not None:
            self._also(endpoint, request, status, answer)
        # Documents are answered as they are.
        decoded = {} if answer.startswith(b"%PDF") else msgspec.json.decode(answer)
        self.seen.append(Exchange(endpoint.path, msgspec.json.decode(request), status, decoded, self._by_client))

    async def run(self) -> list[Exchange]:
        key, attributes = await self._read_catalogue()
        await self._trade(key, attributes)
        await self._read_cabinet()
        await self._work_on_postings()
        await self._be_refused()
        self._by_client = False
        for path, body in {**NEVER_CALLED, "/v4/posting/fbs/ship": self._ship_request()}.items():
            await self._transport.post(
                Endpoint(path, Function.PRODUCTS), Credentials(KNOWN_CLIENT_ID, ADMIN_KEY), msgspec.json.encode(body)
            )
        await self._transport.aclose()
        return self.seen

    def _ship_request(self) -> dict[str, Any]:
        """The posting that waits, in one parcel, with everything asked for."""
        posting = next(body for body in self.sandbox.postings if body["status"] == "awaiting_packaging")
        products = [{"product_id": line["sku"], "quantity": line["quantity"]} for line in posting["products"]]
        number = posting["posting_number"]
        return {"posting_number": number, "packages": [{"products": products}], "with": {"additional_data": True}}

    async def _read_catalogue(self) -> tuple[TypeKey, list[Attribute]]:
        await self.client.roles()
        await self.client.seller_info()
        _, types = await self.client.category_tree()
        key = next(type_.key for type_ in types if type_.usable)
        attributes = await self.client.attributes(key)
        brand = [value async for page in self.client.attribute_values(key, 85) for value in page]
        await self.client.search_values(key, 85, brand[1].value)
        return key, attributes

    async def _trade(self, key: TypeKey, attributes: list[Attribute]) -> None:
        values = await self._required(key, attributes)
        values += [
            CabinetAttribute(VIDEO, VIDEO_COMPLEX, ((0, "https://shop.example/1.mp4"),)),
            CabinetAttribute(VIDEO_TITLE, VIDEO_COMPLEX, ((0, "Ролик"),)),
        ]
        jacket = [row for row in await self._required(JACKET, await self.client.attributes(JACKET)) if row.id != CUSTOMS_CODE]
        cards = [self._card(key, offer_id, values) for offer_id in ("A", "B")]
        cards += [self._card(key, "BROKEN", []), self._card(JACKET, "INCOMPLETE", jacket)]
        task = await self.client.import_products(cards)
        await self.client.import_info(task)
        self.clock.now += timedelta(minutes=1)
        await self.client.import_info(task)
        self.clock.now += timedelta(minutes=1)
        prices = [PriceUpdate(offer, Decimal(price), "RUB", vat) for offer, price, vat in (("A", "1800.50", "0.1"), ("NONE", "1E+3", None))]
        await self.client.update_prices(prices)
        await self.client.update_prices([PriceUpdate("B", Decimal(1800), "RUB", min_price=Decimal(1200))])
        ids = [self.sandbox.products[offer_id].product_id for offer_id in ("A", "B")]
        await self.client.min_price_timers(ids)
        await self.client.prolong_min_price_timers(ids)
        warehouses = [row for row in await self.client.warehouses() if row.active]
        await self.client.update_stocks([StockUpdate("A", row.id, 9) for row in warehouses])
        await self.client.update_stocks([StockUpdate("NONE", warehouses[0].id, 9)])
        for scheme in ("fbs", "rfbs", "fbo"):
            self.sandbox.place_order("A", scheme=scheme)
        self.sandbox.set_posting_status(self.sandbox.place_order("A"), "cancelled")
        self.packed, given_back = self.sandbox.place_order("A"), self.sandbox.place_order("A")
        self.sandbox.set_posting_status(self.packed, "awaiting_deliver")
        self.sandbox.set_posting_status(given_back, "delivered")
        self.sandbox.orders.give_back(given_back, 1, self.clock.now)

    async def _read_cabinet(self) -> None:
        for visibility in ("ALL", "ARCHIVED"):
            await _everything(self.client.products(visibility))
        await self.client.product_infos(["A", "INCOMPLETE", "BROKEN", "NONE"])
        await _everything(self.client.cards())
        await _everything(self.client.cards(["A", "B"]))
        for visibility in ("ALL", "ARCHIVED"):
            await self.client.prices(["A", "B", "NONE"], visibility)
            await self.client.stocks(["A", "B", "NONE"], visibility)
        await self.client.warehouse_stocks(["A", "B", "NONE"])
        await self.client.limits()
        since = self.clock.now - timedelta(days=1)
        await _everything(self.client.fbs_postings(since, self.clock.now + timedelta(days=1)))
        await _everything(self.client.fbo_postings(since, self.clock.now + timedelta(days=1)))
        await _everything(self.client.unfulfilled_postings(since, self.clock.now + timedelta(days=30)))
        await _everything(self.client.returns(since, self.clock.now + timedelta(days=1)))
        task = await self.client.create_labels([self.packed, self.sandbox.postings[0]["posting_number"]])
        await self.client.labels(task)
        self.clock.now += timedelta(seconds=2)
        await self.client.labels(task)
        await self.client.add_barcodes([BarcodeUpdate(self.sandbox.products["A"].sku, "OWN-1"), BarcodeUpdate(1, "OWN-2")])
        await self.client.archive([self.sandbox.products["B"].product_id])
        await self.clock.sleep(1)
        await self.client.unarchive([self.sandbox.products["B"].product_id])

    async def _work_on_postings(self) -> None:
        """Everything a seller does with orders, once."""
        fbs, place = FbsClient(self.client), self.sandbox.place_order
        self.sandbox.memory.timing.needs_carriage = True
        sku = self.sandbox.products["A"].sku
        warehouses = [row for row in await self.client.warehouses() if row.active]
        self.clock.now += timedelta(minutes=1)
        await self.client.update_stocks([StockUpdate("A", row.id, 50) for row in warehouses])
        self.sandbox.require("A", "mandatory_mark", "country")
        marked = place("A", 2)
        self.sandbox.require("A")
        await self._mark(fbs, marked, sku)
        in_two, in_part, apart = place("A", 2), place("A", 2), place("A", 2)
        await fbs.ship(in_two, [{sku: 1}, {sku: 1}])
        await fbs.ship_part(in_part, [PartOfPosting(sku, 1)])
        await fbs.split(apart, [{sku: 1}, {sku: 1}])
        less, gone = place("A", 2), place("A")
        await fbs.cancel_reasons([less, gone])
        await fbs.cancel_products(less, 352, "Закончился", {sku: 1})
        await fbs.cancel(gone, 402, "Другое")
        self.clock.now += timedelta(seconds=5)
        await fbs.posting(marked)
        await fbs.update_pieces(marked)
        await self._hand_over(fbs, marked, in_two)
        own = place("A", scheme="rfbs")
        await fbs.ship(own, [{sku: 1}])
        self.clock.now += timedelta(seconds=5)
        await fbs.set_tracking({own: "TRACK-1"})
        for step in OwnDelivery:
            await fbs.move(step, [own])
        place("A")

    async def _mark(self, fbs: FbsClient, number: str, sku: int) -> None:
        countries = await fbs.countries("Росс")
        await fbs.set_country(number, sku, next(iter(countries)))
        _, pieces = await fbs.pieces(number)
        codes = [f"0104600000000008215serial{place:04d}\x1d91EE10\x1d92{'s' * 44}" for place, _ in enumerate(pieces)]
        filled = [Piece(one.sku, one.exemplar_id, (Mark(Need.MARK, code),)) for one, code in zip(pieces, codes, strict=True)]
        await fbs.validate_pieces(number, filled)
        await fbs.set_pieces(number, filled, boxes=1)
        self.clock.now += timedelta(seconds=5)
        assert (await fbs.check_pieces(number)).may_ship
        await fbs.ship(number, [{sku: 2}])

    async def _hand_over(self, fbs: FbsClient, *numbers: str) -> None:
        [method] = [one for one in await fbs.carriage_methods() if one.can_create]
        wrong = await fbs.create_carriage(method.method_id, self.clock.now)
        assert await fbs.cancel_carriage(wrong) == ""
        carriage = await fbs.create_carriage(method.method_id, self.clock.now)
        await fbs.set_carriage_postings(carriage, [*numbers, "0-0-0"])
        await fbs.carriage(carriage)
        await fbs.approve_carriage(carriage)
        self.clock.now += timedelta(seconds=5)
        await fbs.act(carriage)
        await fbs.act_pdf(carriage)
        await fbs.act_barcode(carriage)

    async def _be_refused(self) -> None:
        for credentials in (Credentials(KNOWN_CLIENT_ID, POSTING_KEY), Credentials(1, ADMIN_KEY)):
            try:
                await OzonClient(self._transport, credentials).seller_info()
            except OzonError:
                continue
            raise AssertionError("the sandbox let everybody in")

    async def _required(self, key: TypeKey, attributes: list[Attribute]) -> list[CabinetAttribute]:
        return [await self._value(key, row) for row in attributes if row.is_required and row.id != TYPE_ATTRIBUTE]

    async def _value(self, key: TypeKey, attribute: Attribute) -> CabinetAttribute:
        if attribute.has_dictionary:
            page = await anext(self.client.attribute_values(key, attribute.id))
            return CabinetAttribute(attribute.id, attribute.complex_id, ((page[0].id, page[0].value),))
        text = "1" if attribute.kind in {"integer", "decimal"} else "true" if attribute.kind == "boolean" else "Текст"
        return CabinetAttribute(attribute.id, attribute.complex_id, ((0, text),))

    @staticmethod
    def _card(key: TypeKey, offer_id: str, values: list[CabinetAttribute]) -> CardPayload:
        pictures = ("https://shop.example/1.jpg", "https://shop.example/2.jpg")
        return CardPayload(
            offer_id,
            f"Товар {offer_id}",
            key,
            Decimal("1990.50"),
            "0.22",
            "RUB",
            300,
            200,
            40,
            350,
            pictures,
            ean(offer_id),
            tuple(values),
        )


async def _everything(pages: AsyncIterator[Any]) -> None:
    async for _ in pages:
        pass
