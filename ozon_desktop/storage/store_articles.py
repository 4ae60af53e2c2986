"""Gives products of the store the article they are sold by, and the name that those of one model share; both are kept."""

from collections import Counter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, Select, bindparam, case, exists, func, select, update

from ozon_desktop.domain.articles import Named, articles, characteristic_of
from ozon_desktop.domain.models import characteristic_in_brackets, shared_name
from ozon_desktop.storage.sql import batches, prepared
from ozon_desktop.storage.tables import store_products

_ARTICLE = update(store_products).where(store_products.c.id == bindparam("product")).values(sold_as=bindparam("article"))
_MODEL = update(store_products).where(store_products.c.id == bindparam("product")).values(model=bindparam("shared"))


def give_articles(connection: Connection) -> None:
    """An article for each product or variant that is sold and has none yet; those given before stay as they are."""
    _take_from_families(connection)
    rows = list(_waiting(connection))
    sisters = _sisters(connection, {row.parent_id for row in rows if row.parent_id is not None})
    waiting = [
        Named(
            row.id,
            row.parent_id,
            row.offer_id or row.parent_offer_id or "",
            row.code or row.parent_code or "",
            next(iter(row.barcodes or row.parent_barcodes or ()), ""),
            characteristic_of(value for _, value in row.properties) or characteristic_in_brackets(row.name),
            sisters[row.parent_id, row.offer_id or row.parent_offer_id or ""] if row.parent_id is not None else 1,
        )
        for row in rows
    ]

    def taken(candidates: set[str]) -> set[str]:
        found: set[str] = set()
        for batch in batches(sorted(candidates)):
            found.update(_held(connection, batch).scalars())
        return found

    given = articles(waiting, taken) if waiting else {}
    for batch in batches(given.items()):
        connection.execute(_ARTICLE, [{"product": product_id, "article": article} for product_id, article in batch])


def _sisters(connection: Connection, parent_ids: set[str]) -> Counter[tuple[str, str]]:
    """How many variants of each product share an article, by product and article."""
    counted: Counter[tuple[str, str]] = Counter()
    for ids in batches(sorted(parent_ids)):
        for parent_id, shared in _variant_articles(connection, ids):
            counted[parent_id, shared] += 1
    return counted


def name_models(connection: Connection, number: int) -> None:
    """One model name for all products of each group that the import of this number mentioned."""
    names: dict[str, list[str]] = {}
    members: dict[str, list[tuple[str, str]]] = {}
    for row in _groups(connection, number):
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


def _has_variants() -> ColumnElement[bool]:
    variants = store_products.alias("variants")
    return exists().where(variants.c.parent_id == store_products.c.id, variants.c.deleted.is_(False))


@prepared
def _take_from_families() -> Executable:
    """A product with sizes is not sold itself: the article it had before them is free."""
    own = store_products.c
    return update(store_products).where(own.sold_as != "", own.parent_id.is_(None), _has_variants()).values(sold_as="")


@prepared
def _waiting() -> Select[Any]:
    """What is sold and has no article yet."""
    own, parents = store_products.c, store_products.alias("parents")
    return (
        select(
            *(own[name] for name in ("id", "parent_id", "offer_id", "code", "barcodes", "name", "properties")),
            parents.c.offer_id.label("parent_offer_id"),
            parents.c.code.label("parent_code"),
            parents.c.barcodes.label("parent_barcodes"),
        )
        .select_from(store_products.outerjoin(parents, parents.c.id == own.parent_id))
        .where(own.sold_as == "", own.deleted.is_(False), own.parent_id.is_not(None) | ~_has_variants())
    )


@prepared
def _held(candidates: list[str]) -> Select[Any]:
    own = store_products.c
    return select(own.sold_as).where(own.sold_as.in_(candidates), own.deleted.is_(False))


@prepared
def _variant_articles(parent_ids: list[str]) -> Select[Any]:
    own, parents = store_products.c, store_products.alias("parents")
    article = case((own.offer_id != "", own.offer_id), else_=func.coalesce(parents.c.offer_id, ""))
    query = select(own.parent_id, article).select_from(store_products.outerjoin(parents, parents.c.id == own.parent_id))
    return query.where(own.parent_id.in_(parent_ids), own.deleted.is_(False))


@prepared
def _groups(number: int) -> Select[Any]:
    table = store_products.c
    mentioned = select(table.group_id).where(table.seen == number, table.group_id != "").distinct()
    query = select(table.id, table.group_id, table.name, table.model).where(table.group_id.in_(mentioned), table.deleted.is_(False))
    return query.order_by(table.id)
