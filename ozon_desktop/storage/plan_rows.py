"""What a plan needs of many products without reading each whole: outlines with a fingerprint of all their texts, numbers as texts."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
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
from ozon_desktop.storage.product_rows import PropertyWords, product_of, with_variants
from ozon_desktop.storage.sql import batches
from ozon_desktop.storage.sync import accepted_of
from ozon_desktop.storage.tables import (
    accepted_offers,
    planned_cards,
    store_categories,
    store_prices,
    store_products,
    store_stocks,
)

FINGERPRINT_BYTES = 12
PART = 5_000
"""Rows fetched at a time."""

SEPARATOR, NO_VALUE = "\x1f", "\x1e"
"""Between the texts of a product, and for one it does not have: signs no text holds."""

Amount = tuple[Decimal, str]
"""A price and its currency as the store names it."""

NOT_WRITTEN = frozenset({"id", "parent_id", "deleted", "has_card", "seen"})
"""Columns of a product that say nothing of its card."""

_STREAM = {"stream_results": True, "yield_per": PART}
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
            known = self._priced()
            sold = [outline for outline in sold if outline.has_card or outline.id in known]
        if structure_id is None:
            return sold, gone
        query = select(store_categories.c.id).where(store_categories.c.structure_id == structure_id)
        inside = set(self._connection.execute(query).scalars())
        own = {structure_id, ""}
        return [one for one in sold if one.structure_id in own or not inside.isdisjoint(one.category_ids)], gone

    def products(self, outlines: Iterable[ProductOutline]) -> list[Product]:
        """The whole of these products, by name."""
        words = PropertyWords(self._connection)
        found: list[Product] = []
        for batch in batches(outlines, 200):
            wanted = {outline.id for outline in batch}
            family = wanted | {outline.parent_id for outline in batch if outline.parent_id is not None}
            rows = self._connection.execute(select(store_products).where(store_products.c.id.in_(sorted(family))))
            found.extend(product for product in with_variants(product_of(row, words) for row in rows) if product.id in wanted)
        return sorted(found, key=lambda product: (product.name, product.id))

    def stocks(self) -> dict[str, tuple[tuple[str, Decimal], ...]]:
        """(store warehouse, quantity) pairs by product id."""
        table = store_stocks.c
        query = select(table.product_id, table.warehouse_id, type_coerce(table.quantity, Text))
        shared: dict[tuple[str, str], tuple[tuple[str, Decimal]]] = {}
        found: dict[str, tuple[tuple[str, Decimal], ...]] = {}
        for product_id, warehouse_id, text in self._stream(query.order_by(table.product_id, table.warehouse_id)):
            pair = shared.get((warehouse_id, text))
            if pair is None:
                pair = shared[warehouse_id, text] = ((warehouse_id, Decimal(text)),)
            known = found.get(product_id)
            found[product_id] = pair if known is None else known + pair
        return found

    def prices(self, price_type_id: str) -> dict[str, Amount]:
        """Prices of one type by product id."""
        table = store_prices.c
        query = select(table.product_id, type_coerce(table.value, Text), table.currency).where(table.price_type_id == price_type_id)
        shared: dict[tuple[str, str], Amount] = {}
        found: dict[str, Amount] = {}
        for product_id, text, currency in self._stream(query):
            amount = shared.get((text, currency))
            if amount is None:
                amount = shared[text, currency] = (Decimal(text), currency)
            found[product_id] = amount
        return found

    def accepted(self, integration_id: int) -> dict[str, AcceptedOutline]:
        """What Ozon last accepted, by offer_id, without the cards; one whose card is not known has no fingerprint."""
        table = accepted_offers.c
        amounts = [type_coerce(column, Text) for column in (table.price, table.old_price, table.min_price)]
        columns = [
            table.offer_id,
            table.product_id,
            *amounts,
            type_coerce(table.stocks, Text),
            table.archived,
            table.card_print,
            table.adopted,
        ]
        query = select(*columns, type_coerce(table.payload, Text).is_not(None)).where(table.integration_id == integration_id)
        numbers: dict[str | None, Decimal | None] = {None: None}
        found: dict[str, AcceptedOutline] = {}
        for offer_id, product_id, *texts, stock_texts, archived, fingerprint, adopted, has_card in self._stream(query):
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
        own = accepted_offers.c.integration_id == integration_id
        for batch in batches(sorted(offer_ids)):
            rows = self._connection.execute(select(accepted_offers).where(own, accepted_offers.c.offer_id.in_(batch)))
            found.update((row.offer_id, accepted_of(row)) for row in rows)
        return found

    def save_fingerprints(self, integration_id: int, fingerprints: Iterable[tuple[str, str]]) -> None:
        """Remembers that these cards, (offer_id, fingerprint), were found to be as Ozon accepted them."""
        statement = update(accepted_offers).where(
            accepted_offers.c.integration_id == integration_id, accepted_offers.c.offer_id == bindparam("offer")
        )
        for batch in batches(fingerprints, 5_000):
            rows = [{"offer": offer_id, "found": fingerprint} for offer_id, fingerprint in batch]
            self._connection.execute(statement.values(card_print=bindparam("found")), rows)

    def keep_planned(self, integration_id: int, cards: Iterable[tuple[str, str, CardPayload]]) -> None:
        """Remembers what the cards to be sent, (offer_id, fingerprint, payload), were built from; those of earlier plans are forgotten."""
        self._connection.execute(delete(planned_cards).where(planned_cards.c.integration_id == integration_id))
        for batch in batches(cards, PART):
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
        known, planned = accepted_offers.c, planned_cards.c
        same = (known.integration_id == planned.integration_id) & (known.offer_id == planned.offer_id)
        query = (
            select(planned.offer_id, planned.card_print, planned.payload_print, type_coerce(known.payload, Text))
            .select_from(planned_cards.join(accepted_offers, same))
            .where(planned.integration_id == integration_id, known.card_print.is_(None), type_coerce(known.payload, Text).is_not(None))
            .where(type_coerce(known.refused, Text).is_(None), ~known.archived)
        )
        found = [
            (offer_id, fingerprint)
            for offer_id, fingerprint, payload_print, payload in self._stream(query)
            if _fingerprint_of(payload.encode()) == payload_print
        ]
        self.save_fingerprints(integration_id, found)

    def _stream(self, query: Select[Any]) -> Iterator[Any]:
        """Rows in parts. Those of SQLite as the driver gives them: made into SQLAlchemy's they would cost more than their use here."""
        if self._connection.dialect.name != "sqlite":
            for part in self._connection.execute(query, execution_options=_STREAM).partitions():
                yield from part
            return
        result = self._connection.execute(query)
        try:
            while rows := result.cursor.fetchmany(PART):
                yield from rows
        finally:
            result.close()

    def _read_outlines(self) -> Iterator[ProductOutline]:
        table = store_products.c
        lists = [type_coerce(column, Text) for column in (table.category_ids, table.barcodes)]
        query = select(table.id, table.parent_id, table.deleted, table.has_card, table.offer_id, table.structure_id, *lists, _written())
        for id_, parent_id, deleted, has_card, offer_id, structure_id, categories, barcodes, written in self._stream(query):
            digest = _fingerprint_of(written.encode())
            barcode = barcodes[2 : barcodes.find('"', 2)]
            yield ProductOutline(id_, offer_id, structure_id, parent_id, categories, bool(deleted), bool(has_card), digest, barcode)

    def _priced(self) -> set[str]:
        query = select(store_prices.c.product_id).union(select(store_stocks.c.product_id))
        return set(self._connection.execute(query).scalars())


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
