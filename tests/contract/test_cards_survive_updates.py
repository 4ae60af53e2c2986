"""A card that was made elsewhere is read, and sent again with one field changed: on Ozon that field changes alone."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ozon_desktop.domain.adoption import merged
from ozon_desktop.domain.cabinet import CabinetAttribute, ListedProduct
from ozon_desktop.domain.card import CardPayload
from ozon_desktop.domain.card_merging import Merging, held_payload, merge
from ozon_desktop.domain.existing_cards import Winner
from ozon_desktop.ozon import endpoints
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.requests import BarcodeUpdate
from ozon_desktop.ozon.transport import Transport
from ozon_desktop.sandbox.ozon.import_item import Attribute, ComplexAttribute, Pdf, Value
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.barcodes import ean
from tests.contract.exchanges import Clock
from tests.contract.test_client_against_sandbox import ADMIN
from tests.services.cabinet.cards_on_ozon import place

BRAND, MODEL, NAME, DESCRIPTION, COLOUR, TAGS, RICH, VIDEO_NAME, VIDEO, KIT = 85, 9048, 4180, 4191, 10096, 23171, 11254, 21837, 21841, 4384
VIDEOS = 100001
PER_CARD = {"mm": 1, "cm": 10, "in": 25.4}
_numbers = count(1)

words = st.lists(st.sampled_from(("тёплый", "синий", "лён", "для дома", "дачи,", "очень")), min_size=1, max_size=6).map(" ".join)
links = st.integers(1, 99).map(lambda number: f"https://cdn1.ozone.ru/s3/{number}.jpg")


@dataclass
class Bench:
    """A client and a cabinet with one clock."""

    sandbox: Sandbox
    client: OzonClient
    clock: Clock


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return Sandbox(clock=Clock(), order_interval_s=0)


@st.composite
def rich_items(draw: st.DrawFn) -> dict[str, Any]:
    """Fields of an import as a seller's own tools would have made it; each but the required ones may be missing."""
    fixed = [Attribute(30031, 0, [Value(970000869, "16")]), Attribute(30034, 0, [Value(970001130, "мужской")])]
    picked = draw(st.sets(st.sampled_from((NAME, DESCRIPTION, TAGS, RICH, KIT))))
    name = draw(words)
    texts = {NAME: [name], DESCRIPTION: [draw(words)], KIT: [draw(words)], TAGS: ["#лето", "#дом"]}
    texts[RICH] = [msgspec.json.encode({"content": [{"widgetName": "list", "text": draw(words)}], "version": 0.3}).decode()]
    attributes = [Attribute(BRAND, 0, [Value(5000001, "Нет бренда")]), Attribute(MODEL, 0, [Value(0, draw(words))])]
    attributes += [Attribute(id_, 0, [Value(0, text) for text in texts[id_]]) for id_ in sorted(picked)]
    attributes.append(Attribute(COLOUR, 0, [Value(970000011, "белый"), Value(970000014, "чёрный")]))
    attributes += fixed
    videos = [Value(0, f"https://rutube.ru/{number}") for number in range(draw(st.integers(0, 3)))]
    titles = [Value(0, f"Видео {place}") for place, _ in enumerate(videos)]
    groups = [Attribute(VIDEO, VIDEOS, videos), Attribute(VIDEO_NAME, VIDEOS, titles)]
    unit, weight_unit = draw(st.sampled_from(("mm", "cm", "in"))), draw(st.sampled_from(("g", "kg")))
    return {
        "description_category_id": 17000014,
        "type_id": 90017,
        "name": name,
        "attributes": attributes,
        "complex_attributes": [ComplexAttribute(groups)] if videos else [],
        "images": draw(st.lists(links, min_size=1, max_size=4, unique=True)),
        "primary_image": draw(st.sampled_from(("", "https://cdn1.ozone.ru/s3/main.jpg"))),
        "color_image": draw(st.sampled_from(("", "https://cdn1.ozone.ru/s3/colour.jpg"))),
        "pdf_list": [Pdf(index, f"Документ {index}", f"https://shop.example/{index}.pdf") for index in range(draw(st.integers(0, 2)))],
        "dimension_unit": unit,
        "depth": 30 if unit != "mm" else 300,
        "width": 20 if unit != "mm" else 200,
        "height": 4 if unit != "mm" else 40,
        "weight_unit": weight_unit,
        "weight": 900 if weight_unit == "g" else 1,
    }


CHANGES = ("nothing", "name", "description", "kit", "tags", "images", "depth", "weight", "vat", "price", "barcode", "videos")


def changed(held: CardPayload, field: str) -> CardPayload:
    """A store's card that has a word about one field and none about the others."""
    bare = CardPayload(held.offer_id, held.name, held.type_key, held.price, held.vat, held.currency, 0, 0, 0, 0)
    match field:
        case "name":
            return replace(bare, name="Совсем другое имя")
        case "description" | "kit" | "tags":
            id_ = {"description": DESCRIPTION, "kit": KIT, "tags": TAGS}[field]
            return replace(bare, attributes=(CabinetAttribute(id_, 0, ((0, "новое"),)),))
        case "videos":
            return replace(bare, attributes=(CabinetAttribute(VIDEO, VIDEOS, ((0, "https://rutube.ru/new"),)),))
        case "images":
            return replace(bare, images=tuple(f"https://shop.example/new/{number}.jpg" for number in range(6)))
        case "depth":
            return replace(bare, depth=round(held.depth * PER_CARD[held.dimension_unit] * 2))
        case "weight":
            return replace(bare, weight=1234)
        case "vat":
            return replace(bare, vat="0.1")
        case "price":
            return replace(bare, price=Decimal(1777))
        case "barcode":
            return replace(bare, barcode=ean(f"new-{next(_numbers)}"))
        case _:
            return bare


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(item=rich_items(), field=st.sampled_from(CHANGES), more=st.integers(0, 2))
def test_an_update_of_one_field_changes_that_field_alone(sandbox: Sandbox, item: dict[str, Any], field: str, more: int) -> None:
    asyncio.run(_one_update(sandbox, item, field, more))


async def _one_update(sandbox: Sandbox, item: dict[str, Any], field: str, more: int) -> None:
    clock = sandbox.memory.clock
    assert isinstance(clock, Clock)
    transport = Transport(app=sandbox.app, clock=clock.seconds, sleep=clock.sleep)
    bench = Bench(sandbox, OzonClient(transport, ADMIN), clock)
    offer_id = f"RICH-{next(_numbers)}"
    codes = [ean(f"old-{next(_numbers)}") for _ in range(more + 1)]
    card = place(sandbox, offer_id, item["name"], old_price="2490", barcode=codes[0], **{k: v for k, v in item.items() if k != "name"})
    card.more_barcodes, card.min_price = codes[1:], Decimal(1500)
    sandbox.memory.note_barcode(card)
    try:
        before = await shown(bench, offer_id)
        held = await read(bench, offer_id)
        sent = merge(changed(held, field), held, Merging(lambda _: Winner.STORE)).payload
        await send(bench, sent)
        after = await shown(bench, offer_id)
    finally:
        await transport.aclose()
    changed_fields = {name for name in before if before[name] != after[name]}
    must, may = expected(field)
    assert must <= changed_fields <= must | may


def expected(field: str) -> tuple[set[str], set[str]]:
    """The fields of Ozon's answers that show the change, and those that show it too where the card has them."""
    ids = {"description": DESCRIPTION, "kit": KIT, "tags": TAGS}
    if field in ids:
        return {f"attribute:{ids[field]}"}, set()
    several = {
        "nothing": (set[str](), set[str]()),
        "name": ({"name"}, {f"attribute:{NAME}"}),
        # Titles go with their videos.
        "videos": ({f"attribute:{VIDEO}"}, {f"attribute:{VIDEO_NAME}"}),
        "barcode": ({"barcodes"}, set[str]()),
        "images": ({"images"}, {"primary_image"}),
    }
    return several.get(field, ({field}, set()))


async def read(bench: Bench, offer_id: str) -> CardPayload:
    """The card as the cache keeps it, encoded and decoded as the database does."""
    [info] = await bench.client.product_infos([offer_id])
    [[card]] = [page async for page in bench.client.cards([offer_id])]
    cached = merged(ListedProduct(info.product_id, offer_id), info, card, None, ())
    held = held_payload(msgspec.json.decode(msgspec.json.encode(cached), type=type(cached)))
    assert held is not None
    return held


async def send(bench: Bench, sent: CardPayload) -> None:
    task = await bench.client.import_products([sent], {sent.offer_id: Decimal(2490)})
    bench.clock.now += timedelta(minutes=1)
    [result] = await bench.client.import_info(task)
    assert result.accepted, result.errors
    bench.clock.now += timedelta(minutes=10)
    [info] = await bench.client.product_infos([sent.offer_id])
    missing = [code for code in (sent.barcode, *sent.more_barcodes) if code and code not in info.barcodes]
    if missing:
        assert not await bench.client.add_barcodes([BarcodeUpdate(info.sku, code) for code in missing])


async def shown(bench: Bench, offer_id: str) -> dict[str, Any]:
    """Everything an import can carry, as Ozon's answers spell it, lengths in mm and weight in g; not by the client's own reading."""
    client = bench.client
    query = {"filter": {"offer_id": [offer_id], "visibility": "ALL"}, "limit": 10}
    [card] = msgspec.json.decode(await client.answer(endpoints.PRODUCT_CARDS, query))["result"]
    [info] = msgspec.json.decode(await client.answer(endpoints.PRODUCT_INFO, {"offer_id": [offer_id]}))["items"]
    [price] = msgspec.json.decode(await client.answer(endpoints.PRODUCT_PRICES, query))["items"]
    names = ("name", "images", "primary_image", "color_image", "pdf_list", "type_id", "description_category_id")
    fields = {name: card[name] for name in names} | {name: info[name] for name in ("price", "old_price", "vat", "currency_code")}
    fields |= {"min_price": price["price"]["min_price"], "barcodes": sorted(card["barcodes"])}
    length, gram = PER_CARD[card["dimension_unit"]], {"g": 1, "kg": 1000}[card["weight_unit"]]
    fields |= {name: round(card[name] * length) for name in ("depth", "width", "height")} | {"weight": card["weight"] * gram}
    return Fields(fields | dict(_attributes(card)))


class Fields(dict[str, Any]):
    """An attribute that a card does not have is empty."""

    def __missing__(self, name: str) -> None:
        return None


def _attributes(card: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for id_ in (BRAND, MODEL, NAME, DESCRIPTION, COLOUR, TAGS, RICH, KIT, VIDEO, VIDEO_NAME):
        found = [item["values"] for item in (*card["attributes"], *card["complex_attributes"]) if item["id"] == id_]
        yield f"attribute:{id_}", found or None
