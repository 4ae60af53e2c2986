"""What a plan needs of many products without reading each whole: outlines with a fingerprint of all their texts, numbers as texts."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from typing import Any, ParamSpec

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    Text,
    TypeDecorator,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    type_coerce,
    update,
)

from ozon_desktop.domain.card import CardPayload
from ozon_desktop.domain.store_catalog import Product
from ozon_desktop.domain.sync_plan import Accepted
from ozon_desktop.storage.product_rows import PropertyWords, product_of, products_with_ids, sold_article, with_variants
from ozon_desktop.storage.sql import STREAMED, batches, prepared
from ozon_desktop.storage.sync import accepted_of
from ozon_desktop.storage.tables import (
    accepted_offers,
    planned_cards,
    store_categories,
    store_prices,
    store_products,
    store_stocks,
)

P = ParamSpec("P")

FINGERPRINT_BYTES = 12

SEPARATOR, NO_VALUE = "\x1f", "\x1e"
"""Between the texts of a product, and for one it does not have: signs no text holds."""

Amount = tuple[Decimal, str]
"""A price and its currency as the store names it."""

NOT_WRITTEN = frozenset({"id", "parent_id", "deleted", "has_card", "seen"})
"""Columns of a product that say nothing of its card."""

_categories = msgspec.json.Decoder(tuple[str, ...])
_pairs = msgspec.json.Decoder(tuple[tuple[int, int], ...])


@dataclass(slots=True)
class ProductOutline:
    """A product that is sold, or one that is gone (deleted).

    category_texts: its categories as stored; fingerprint: of all its texts; barcode: the first one, "" = it has none.
    """

    id: str
    offer_id: str
    structure_id: str
    parent_id: str | None
    category_texts: str
    deleted: bool
    has_card: bool
    fingerprint: str
    barcode: str = ""

    @property
    def category_ids(self) -> tuple[str, ...]:
        return _categories.decode(self.category_texts)


@dataclass(slots=True)
class AcceptedOutline:
    """What Ozon last accepted, without the card itself. prices: all three; fingerprint: that of the card when it was found unchanged."""

    product_id: int
    price: Decimal | None
    old_price: Decimal | None
    min_price: Decimal | None
    stock_texts: str
    archived: bool
    fingerprint: str | None
    adopted: bool = False

    @property
    def stocks(self) -> tuple[tuple[int, int], ...]:
        """(Ozon warehouse, pieces)."""
        return _pairs.decode(self.stock_texts)


class PlanRepository:
    """Reads outlines, and the whole of what turns out to have changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def outlines(self, structure_id: str | None) -> tuple[list[ProductOutline], list[ProductOutline]]:
        """Products that are sold, as `StoreRepository.products` gives them, and those that are gone from the store."""
        listed = _with_variants(self._read_outlines())
        gone = [outline for outline in listed if outline.deleted]
        sold = [outline for outline in listed if not outline.deleted]
        if not all(outline.has_card for outline in sold):
            known = set(priced(self._connection).scalars())
            sold = [outline for outline in sold if outline.has_card or outline.id in known]
        if structure_id is None:
            return sold, gone
        inside = set(categories_of(self._connection, structure_id).scalars())
        own = {structure_id, ""}
        return [one for one in sold if one.structure_id in own or not inside.isdisjoint(one.category_ids)], gone

    def products(self, outlines: Iterable[ProductOutline]) -> list[Product]:
        """The whole of these products, by name."""
        words = PropertyWords(self._connection)
        found: list[Product] = []
        for batch in batches(outlines, 200):
            wanted = {outline.id for outline in batch}
            family = wanted | {outline.parent_id for outline in batch if outline.parent_id is not None}
            rows = products_with_ids(self._connection, sorted(family))
            found.extend(product for product in with_variants(product_of(row, words) for row in rows) if product.id in wanted)
        return sorted(found, key=lambda product: (product.name, product.id))

    def stocks(self) -> dict[str, tuple[tuple[str, Decimal], ...]]:
        """(store warehouse, quantity) pairs by product id."""
        shared: dict[tuple[str, str], tuple[tuple[str, Decimal]]] = {}
        found: dict[str, tuple[tuple[str, Decimal], ...]] = {}
        for product_id, warehouse_id, text in self._stream(_stocks):
            pair = shared.get((warehouse_id, text))
            if pair is None:
                pair = shared[warehouse_id, text] = ((warehouse_id, Decimal(text)),)
            known = found.get(product_id)
            found[product_id] = pair if known is None else known + pair
        return found

    def prices(self, price_type_id: str) -> dict[str, Amount]:
        """Prices of one type by product id."""
        shared: dict[tuple[str, str], Amount] = {}
        found: dict[str, Amount] = {}
        for product_id, text, currency in self._stream(_prices, price_type_id):
            amount = shared.get((text, currency))
            if amount is None:
                amount = shared[text, currency] = (Decimal(text), currency)
            found[product_id] = amount
        return found

    def accepted(self, integration_id: int) -> dict[str, AcceptedOutline]:
        """What Ozon last accepted, by offer_id, without the cards; one whose card is not known has no fingerprint."""
        numbers: dict[str | None, Decimal | None] = {None: None}
        found: dict[str, AcceptedOutline] = {}
        rows = self._stream(_accepted, integration_id)
        for offer_id, product_id, *texts, stock_texts, archived, fingerprint, adopted, has_card in rows:
            for text in texts:
                if text not in numbers:
                    numbers[text] = Decimal(text)
            price, old_price, min_price = (numbers[text] for text in texts)
            known = fingerprint if has_card or adopted else None
            found[offer_id] = AcceptedOutline(product_id, price, old_price, min_price, stock_texts, bool(archived), known, bool(adopted))
        return found

    def accepted_whole(self, integration_id: int, offer_ids: Collection[str]) -> dict[str, Accepted]:
        """What Ozon last accepted of these offers, cards included."""
        found: dict[str, Accepted] = {}
        for batch in batches(sorted(offer_ids)):
            found.update((row.offer_id, accepted_of(row)) for row in _accepted_whole(self._connection, integration_id, batch))
        return found

    def save_fingerprints(self, integration_id: int, fingerprints: Iterable[tuple[str, str]]) -> None:
        """Remembers that these cards, (offer_id, fingerprint), were found to be as Ozon accepted them."""
        for batch in batches(fingerprints, 5_000):
            rows = [{"integration": integration_id, "offer": offer_id, "found": fingerprint} for offer_id, fingerprint in batch]
            self._connection.execute(_FINGERPRINT, rows)

    def keep_planned(self, integration_id: int, cards: Iterable[tuple[str, str, CardPayload]]) -> None:
        """Remembers what the cards to be sent, (offer_id, fingerprint, payload), were built from; those of earlier plans are forgotten."""
        _without_planned(self._connection, integration_id)
        for batch in batches(cards, STREAMED):
            rows = [
                {
                    "integration_id": integration_id,
                    "offer_id": offer_id,
                    "card_print": fingerprint,
                    "payload_print": _fingerprint_of(msgspec.json.encode(payload)),
                }
                for offer_id, fingerprint, payload in batch
            ]
            self._connection.execute(insert(planned_cards), rows)

    def take_over_fingerprints(self, integration_id: int) -> None:
        """Cards that Ozon accepted as they were planned have the fingerprint they were built from; whatever else was planned has none."""
        found = [
            (offer_id, fingerprint)
            for offer_id, fingerprint, payload_print, payload in self._stream(_taken, integration_id)
            if _fingerprint_of(payload.encode()) == payload_print
        ]
        self.save_fingerprints(integration_id, found)

    def _stream(self, query: prepared[P], *values: P.args, **named: P.kwargs) -> Iterator[Any]:
        """Rows in parts. Those of SQLite as the driver gives them: made into SQLAlchemy's they would cost more than their use here."""
        if self._connection.dialect.name != "sqlite":
            for part in query.streamed(self._connection, *values, **named).partitions():
                yield from part
            return
        result = query(self._connection, *values, **named)
        try:
            while rows := result.cursor.fetchmany(STREAMED):
                yield from rows
        finally:
            result.close()

    def _read_outlines(self) -> Iterator[ProductOutline]:
        rows = self._stream(_outlines)
        for id_, parent_id, deleted, has_card, offer_id, structure_id, categories, barcodes, written in rows:
            digest = _fingerprint_of(written.encode())
            barcode = barcodes[2 : barcodes.find('"', 2)]
            yield ProductOutline(id_, offer_id, structure_id, parent_id, categories, bool(deleted), bool(has_card), digest, barcode)


_FINGERPRINT = (
    update(accepted_offers)
    .where(accepted_offers.c.integration_id == bindparam("integration"), accepted_offers.c.offer_id == bindparam("offer"))
    .values(card_print=bindparam("found"))
)


@prepared
def priced() -> Executable:
    """Ids of all that has a price or a stock."""
    return select(store_prices.c.product_id).union(select(store_stocks.c.product_id))


@prepared
def categories_of(structure_id: str) -> Select[Any]:
    """Ids of the categories of a structure."""
    return select(store_categories.c.id).where(store_categories.c.structure_id == structure_id)


@prepared
def _stocks() -> Select[Any]:
    table = store_stocks.c
    query = select(table.product_id, table.warehouse_id, type_coerce(table.quantity, Text))
    return query.order_by(table.product_id, table.warehouse_id)


@prepared
def _prices(price_type_id: str) -> Select[Any]:
    table = store_prices.c
    query = select(table.product_id, type_coerce(table.value, Text), table.currency)
    return query.where(table.price_type_id == price_type_id)


@prepared
def _accepted(integration_id: int) -> Select[Any]:
    table = accepted_offers.c
    amounts = [type_coerce(column, Text) for column in (table.price, table.old_price, table.min_price)]
    rest = [type_coerce(table.stocks, Text), table.archived, table.card_print, table.adopted]
    query = select(table.offer_id, table.product_id, *amounts, *rest, type_coerce(table.payload, Text).is_not(None))
    return query.where(table.integration_id == integration_id)


@prepared
def _accepted_whole(integration_id: int, offer_ids: list[str]) -> Select[Any]:
    table = accepted_offers.c
    return select(accepted_offers).where(table.integration_id == integration_id, table.offer_id.in_(offer_ids))


@prepared
def _without_planned(integration_id: int) -> Executable:
    return delete(planned_cards).where(planned_cards.c.integration_id == integration_id)


@prepared
def _taken(integration_id: int) -> Select[Any]:
    """What was planned of cards that are accepted and have no fingerprint, with what was accepted."""
    known, planned = accepted_offers.c, planned_cards.c
    same = (known.integration_id == planned.integration_id) & (known.offer_id == planned.offer_id)
    return (
        select(planned.offer_id, planned.card_print, planned.payload_print, type_coerce(known.payload, Text))
        .select_from(planned_cards.join(accepted_offers, same))
        .where(planned.integration_id == integration_id, known.card_print.is_(None), type_coerce(known.payload, Text).is_not(None))
        .where(type_coerce(known.refused, Text).is_(None), ~known.archived)
    )


@prepared
def _outlines() -> Select[Any]:
    table = store_products.c
    lists = [type_coerce(column, Text) for column in (table.category_ids, table.barcodes)]
    query = select(table.id, table.parent_id, table.deleted, table.has_card, sold_article(), table.structure_id, *lists, _written())
    return query


def _fingerprint_of(text: bytes) -> str:
    return blake2b(text, digest_size=FINGERPRINT_BYTES).hexdigest()


def _written() -> ColumnElement[str]:
    """All texts of a product as one: the database joins them for less than it takes to read each of them."""
    columns = [column for column in store_products.c if column.name not in NOT_WRITTEN]
    texts = [column if isinstance(column.type, (Text, TypeDecorator)) else cast(column, Text) for column in columns]
    parts = [func.coalesce(type_coerce(text, Text), NO_VALUE) for text in texts]
    joined: ColumnElement[str] = parts[0]
    for part in parts[1:]:
        joined = joined.concat(SEPARATOR).concat(part)
    return joined


def _with_variants(outlines: Iterable[ProductOutline]) -> list[ProductOutline]:
    """As `product_rows.with_variants` lists products, with what a variant takes over from its product."""
    plain: dict[str, ProductOutline] = {}
    variants: dict[str, list[ProductOutline]] = {}
    for outline in outlines:
        if outline.parent_id is None:
            plain[outline.id] = outline
        else:
            variants.setdefault(outline.parent_id, []).append(outline)
    if not variants:
        return list(plain.values())
    listed: list[ProductOutline] = []
    for outline in plain.values():
        own = variants.pop(outline.id, [])
        listed.extend(_merged(outline, variant) for variant in own)
        if not own or (not outline.deleted and all(variant.deleted for variant in own)):
            listed.append(outline)
    return listed + [variant for orphans in variants.values() for variant in orphans]


def _merged(parent: ProductOutline, variant: ProductOutline) -> ProductOutline:
    return ProductOutline(
        variant.id,
        variant.offer_id or parent.offer_id,
        parent.structure_id,
        variant.parent_id,
        parent.category_texts,
        variant.deleted or parent.deleted,
        parent.has_card,
        f"{parent.fingerprint}{variant.fingerprint}",
        variant.barcode or parent.barcode,
    )
