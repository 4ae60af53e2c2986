"""Gives products of the store the article they are sold by, and the name that those of one model share; both are kept."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Select,
    Text,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    type_coerce,
    update,
)

from ozon_desktop.domain.articles import Named, articles, base_of, characteristic_of
from ozon_desktop.domain.models import characteristic_in_brackets, shared_name
from ozon_desktop.storage.cabinet_tables import cabinet_cards
from ozon_desktop.storage.mentioned import mentioned
from ozon_desktop.storage.product_rows import sold_article
from ozon_desktop.storage.sql import batches, has_parent, of_integration, prepared
from ozon_desktop.storage.tables import accepted_offers, cabinet_articles, store_products

_codes = msgspec.json.Decoder(tuple[str, ...])
_properties = msgspec.json.Decoder(tuple[tuple[str, str], ...])

_ARTICLE = update(store_products).where(store_products.c.id == bindparam("product")).values(sold_as=bindparam("article"))
_MODEL = update(store_products).where(store_products.c.id == bindparam("product")).values(model=bindparam("shared"))


def named_products(connection: Connection, *, waiting: bool) -> list[Named]:
    """What the products and variants that are sold may be called by. waiting: only those that have no article yet."""
    rows = (_waiting if waiting else _every)(connection).all()
    sisters = _sisters(connection, {row.parent_id for row in rows if row.parent_id is not None})
    return [
        Named(
            row.id,
            row.parent_id,
            row.offer_id or row.parent_offer_id or "",
            row.code or row.parent_code or "",
            _first_barcode(row.barcodes) or _first_barcode(row.parent_barcodes),
            _characteristic(row.properties, row.name) if row.parent_id is not None else "",
            sisters[row.parent_id, row.offer_id or row.parent_offer_id or ""] if row.parent_id is not None else 1,
        )
        for row in rows
    ]


def _sold() -> Select[Any]:
    """What is sold, with the product it is a variant of."""
    own, parents = store_products, store_products.alias("parents")
    return (
        select(
            *(own.c[name] for name in ("id", "parent_id", "offer_id", "code", "name")),
            case((own.c.parent_id.is_not(None), type_coerce(own.c.properties, Text))).label("properties"),
            type_coerce(own.c.barcodes, Text).label("barcodes"),
            parents.c.offer_id.label("parent_offer_id"),
            parents.c.code.label("parent_code"),
            type_coerce(parents.c.barcodes, Text).label("parent_barcodes"),
        )
        .select_from(own.outerjoin(parents, parents.c.id == own.c.parent_id))
        .where(own.c.deleted.is_(False), own.c.parent_id.is_not(None) | ~_has_variants())
    )


@prepared
def _every() -> Select[Any]:
    return _sold()


@prepared
def _waiting() -> Select[Any]:
    """What has no article yet."""
    return _sold().where(store_products.c.sold_as == "")


def _first_barcode(written: str | None) -> str:
    """Out of the column's text: to read all of them as lists would take most of the time."""
    return _codes.decode(written)[0] if written is not None and len(written) > len("[]") else ""


def _characteristic(written: str, name: str) -> str:
    return characteristic_of(value for _, value in _properties.decode(written)) or characteristic_in_brackets(name)


def give_articles(connection: Connection) -> None:
    """An article for each product or variant that is sold and has none yet; those given before the running import stay as they are."""
    _take_from_families(connection)
    _take_shared(connection)
    _keep_unique(connection)
    waiting = named_products(connection, waiting=True)

    def taken(candidates: set[str]) -> set[str]:
        found: set[str] = set()
        for batch in batches(sorted(candidates)):
            found.update(_held(connection, batch).scalars())
        return found

    if waiting:
        doubtful = _doubtful(connection, waiting)
        waiting = [product for product in waiting if base_of(product) not in doubtful]
    given = articles(waiting, taken) if waiting else {}
    for batch in batches(given.items()):
        connection.execute(_ARTICLE, [{"product": product_id, "article": article} for product_id, article in batch])


def _doubtful(connection: Connection, waiting: Sequence[Named]) -> set[str]:
    """Articles that several products wait for while a card on Ozon has it and nobody knows whose it is: a person has to say so."""
    counted = Counter(base_of(product) for product in waiting)
    shared = sorted(article for article, count in counted.items() if article and count > 1)
    known, own = accepted_offers.c, store_products.c
    found: set[str] = set()
    for batch in batches(shared):
        owned = select(own.sold_as).where(own.sold_as.in_(batch), own.deleted.is_(False))
        query = select(known.offer_id).where(known.offer_id.in_(batch), known.product_id != 0, known.offer_id.not_in(owned))
        found.update(connection.execute(query).scalars())
    return found


@prepared
def _take_from_families() -> Executable:
    """A product with sizes is not sold itself: the article it had before them is free."""
    own, families, variants = store_products.c, store_products.alias("families").c, store_products.alias("variants").c
    # From the variants to their products: most stores have few of them, or none.
    sold = (has_parent(variants.parent_id), variants.deleted.is_(False), families.id == variants.parent_id)
    # Said so that it is not looked for first: by its index half of the store would be read.
    whole = func.coalesce(families.parent_id, "") == ""
    named = select(families.id).where(*sold, families.sold_as != "", whole)
    return update(store_products).where(own.id.in_(named)).values(sold_as="")


@prepared
def _take_shared() -> Executable:
    """From new products the store's own article, which they came with, where others have it, too."""
    own = store_products.c
    articles, names = store_products.alias("articles").c, store_products.alias("names").c
    # Out of the indexes alone: which may be shared at all.
    likely = or_(
        own.offer_id.in_(select(articles.offer_id).group_by(articles.offer_id).having(func.count() > 1)),
        own.offer_id.in_(select(names.sold_as).group_by(names.sold_as).having(func.count() > 1)),
    )
    fresh = own.id.in_(select(mentioned.c.product_id).where(mentioned.c.fresh.is_(True)))
    return update(store_products).where(likely, own.offer_id != "", fresh, _shared()).values(sold_as="")


def _shared() -> ColumnElement[bool]:
    """Whether another product that is there has the store's own article of this one."""
    own, others = store_products.c, store_products.alias("others").c
    return exists().where(
        others.id != own.id, others.deleted.is_(False), or_(others.offer_id == own.offer_id, others.sold_as == own.offer_id)
    )


@prepared
def _held(candidates: list[str]) -> Select[Any]:
    own = store_products.c
    return select(own.sold_as).where(own.sold_as.in_(candidates), own.deleted.is_(False))


@prepared
def _keep_unique() -> Executable:
    """The store's own article for all that have one nobody else has: most products, so the database does it."""
    own = store_products.c
    alone = (own.sold_as == "", own.offer_id != "", own.deleted.is_(False), own.parent_id.is_not(None) | ~_has_variants(), ~_shared())
    return update(store_products).where(*alone).values(sold_as=own.offer_id)


def _has_variants() -> ColumnElement[bool]:
    variants = store_products.alias("variants")
    return exists().where(variants.c.parent_id == store_products.c.id, variants.c.deleted.is_(False))


def _sisters(connection: Connection, parent_ids: set[str]) -> Counter[tuple[str, str]]:
    """How many variants of each product share an article, by product and article."""
    counted: Counter[tuple[str, str]] = Counter()
    for ids in batches(sorted(parent_ids)):
        for parent_id, shared in _variant_articles(connection, ids):
            counted[parent_id, shared] += 1
    return counted


@prepared
def _variant_articles(parent_ids: list[str]) -> Executable:
    own, parents = store_products.c, store_products.alias("parents")
    article = case((own.offer_id != "", own.offer_id), else_=func.coalesce(parents.c.offer_id, ""))
    query = select(own.parent_id, article).select_from(store_products.outerjoin(parents, parents.c.id == own.parent_id))
    return query.where(own.parent_id.in_(parent_ids), own.deleted.is_(False))


def name_models(connection: Connection) -> None:
    """One model name for all products of each group that the running import mentioned."""
    names: dict[str, list[str]] = {}
    members: dict[str, list[tuple[str, str]]] = {}
    for row in _groups(connection):
        names.setdefault(row.group_id, []).append(row.name)
        members.setdefault(row.group_id, []).append((row.id, row.model))
    changed = [
        {"product": product_id, "shared": model}
        for group_id, group in members.items()
        for model in [shared_name(names[group_id])]
        for product_id, known in group
        if known != model
    ]
    for batch in batches(changed):
        connection.execute(_MODEL, batch)


@prepared
def _groups() -> Select[Any]:
    table = store_products.c
    groups = select(table.group_id).where(table.id.in_(select(mentioned.c.product_id)), table.group_id != "").distinct()
    query = select(table.id, table.group_id, table.name, table.model).where(table.group_id.in_(groups), table.deleted.is_(False))
    return query.order_by(table.id)


class CabinetArticles:
    """The rule by which one cabinet names products, and what it came to; products sold by the store's own article have no entry."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def named(self) -> list[Named]:
        """What all products and variants that are sold may be called by."""
        return named_products(self._connection, waiting=False)

    def given(self, integration_id: int) -> dict[str, str]:
        """The articles of the cabinet's rule, by product id."""
        return {row.product_id: row.offer_id for row in of_integration(self._connection, cabinet_articles, integration_id)}

    def sold(self) -> dict[str, str]:
        """The articles that the store gives, by product id."""
        table = store_products.c
        return {row.id: row.article for row in self._connection.execute(select(table.id, sold_article().label("article")))}

    def on_ozon(self, integration_id: int) -> set[str]:
        """Articles of cards that Ozon has, as far as is known."""
        known, cards = accepted_offers.c, cabinet_cards.c
        accepted = select(known.offer_id).where(known.integration_id == integration_id, known.product_id != 0)
        read = select(cards.offer_id).where(cards.integration_id == integration_id, cards.gone.is_(False))
        return set(self._connection.execute(accepted.union(read)).scalars())

    def save(self, integration_id: int, articles: Mapping[str, str]) -> None:
        """Puts these in the place of all that the cabinet's rule gave."""
        self._connection.execute(delete(cabinet_articles).where(cabinet_articles.c.integration_id == integration_id))
        for batch in batches(articles.items()):
            rows = [{"integration_id": integration_id, "product_id": product, "offer_id": article} for product, article in batch]
            self._connection.execute(insert(cabinet_articles), rows)
