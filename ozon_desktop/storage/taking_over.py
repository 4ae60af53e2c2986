"""A take-over as it is done: ids renamed, numbers of before taken away, cards kept by their articles; and how it is undone."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, case, delete, func, insert, select, update

from ozon_desktop.domain.store_catalog import StoreCategory
from ozon_desktop.domain.take_over import KeptForUndo, KeptOrder, KeptSettings, Kind, Matching
from ozon_desktop.storage.cabinet_tables import cabinet_cards
from ozon_desktop.storage.guard_tables import IN_DOUBT, LEFT_BEHIND, store_absences
from ozon_desktop.storage.preferences import PreferenceRepository
from ozon_desktop.storage.renaming import NAMED, REFERENCES, Names, Renaming
from ozon_desktop.storage.sql import batches, insert_missing, upsert
from ozon_desktop.storage.store_order_tables import store_orders
from ozon_desktop.storage.tables import (
    accepted_offers,
    cabinet_articles,
    integrations,
    product_links,
    store_categories,
    store_imports,
    store_price_types,
    store_prices,
    store_products,
    store_properties,
    store_references,
    store_stocks,
    store_structures,
    store_warehouses,
)
from ozon_desktop.storage.take_over_tables import take_over_ids, take_over_products, take_overs

HEADS: dict[Kind, Table] = {
    Kind.PRODUCT: store_products,
    Kind.CATEGORY: store_categories,
    Kind.STRUCTURE: store_structures,
    Kind.PROPERTY: store_properties,
    Kind.PRICE_TYPE: store_price_types,
    Kind.WAREHOUSE: store_warehouses,
}
"""Where the store's own things of each kind stand; the others are `store_references`."""

APART = frozenset({Kind.PRODUCT, Kind.CATEGORY})
"""Of these other sources count from 1 like the old one: an id without a partner must not wait for a stranger to come by it."""

_PAGE = 5_000


class TakingOver:
    """One take-over within one transaction: `begin`, then the new store is written by the importer, then `finish`."""

    def __init__(self, connection: Connection, matching: Matching) -> None:
        self._connection = connection
        self._matching = matching
        self._kept = KeptForUndo()
        self._left: list[str] = []

    def begin(self, preferences: Iterable[str]) -> None:
        """Keeps what was and renames every id. preferences: keys of those that are put back by `undo`."""
        self._kept = _kept(self._connection, preferences)
        _forget(self._connection)
        for batch in batches(self._matching.pairs, _PAGE):
            rows = [{"kind": pair.kind.value, "old_id": pair.old, "new_id": pair.new} for pair in batch]
            self._connection.execute(insert(take_over_ids), rows)
        _keep_products(self._connection)
        number = self._connection.execute(select(func.coalesce(func.max(take_overs.c.id), 0) + 1)).scalar_one()
        Renaming(self._connection, _names_of(self._matching, _aside(number), _used(self._connection))).run()
        self._left = _withdraw(self._connection, store_products.c.id.not_in(_new_products()))
        # What is known of the others came from the old source: what the new one says takes its place whole.
        matched = store_products.c.id.in_(_new_products())
        self._connection.execute(update(store_products).where(matched).values(has_card=False))

    def forget_numbers(self, *, prices: bool, stocks: bool) -> None:
        """Takes prices or stocks off all matched products: beside those of the new source they would count twice."""
        for table, wanted in ((store_prices, prices), (store_stocks, stocks)):
            if wanted:
                self._connection.execute(delete(table).where(table.c.product_id.in_(_new_products())))

    def finish(self, plan_id: str, came_from: str, goes_on_with: str, at: datetime, import_number: int) -> None:
        """Cards keep their articles; what is missing, or may be on Ozon already, waits for a person."""
        links = _link_cards(self._connection)
        _note(self._connection, LEFT_BEHIND, self._left, import_number)
        _note(self._connection, IN_DOUBT, sorted(self._matching.doubtful), import_number)
        row = {"plan_id": plan_id, "came_from": came_from, "goes_on_with": goes_on_with, "at": at}
        kept = replace(self._kept, links=tuple(links))
        self._connection.execute(insert(take_overs).values(same_ids=self._matching.same_ids, kept=kept, **row))


def undo(connection: Connection, at: datetime) -> None:
    """Gives everything the ids back that it had before the last take-over. What only the new source has is withdrawn, and waits."""
    row = connection.execute(select(take_overs).order_by(take_overs.c.id.desc()).limit(1)).one()
    kept: KeptForUndo = row.kept
    _take_links_back(connection, kept)
    Renaming(connection, _names_back(connection, row.id, same_ids=row.same_ids)).run()
    _put_products_back(connection)
    _put_categories_back(connection, kept.categories)
    strangers = store_stocks.c.warehouse_id.not_in(kept.warehouses)
    # Stocks of a warehouse the old source does not know would count beside its own.
    connection.execute(delete(store_stocks).where(strangers, store_stocks.c.product_id.in_(_kept_products())))
    absences = store_absences.c
    back = (absences.part == LEFT_BEHIND) & absences.product_id.in_(_kept_products())
    connection.execute(delete(store_absences).where(back | (absences.part == IN_DOUBT)))
    newest = connection.execute(select(func.coalesce(func.max(store_imports.c.id), 0))).scalar_one()
    _note(connection, LEFT_BEHIND, _withdraw(connection, store_products.c.id.not_in(_kept_products())), newest)
    _put_settings_back(connection, kept)
    _put_orders_back(connection, kept.orders)
    connection.execute(update(take_overs).where(take_overs.c.id == row.id).values(undone_at=at))
    _forget(connection)


# --- names --------------------------------------------------------------------------------------------------------------


def _aside(number: int) -> str:
    return f"take-over-{number}:"


def _names_of(matching: Matching, aside: str, used: Mapping[Kind, set[str]]) -> dict[Kind, Names]:
    names: dict[Kind, Names] = {}
    for kind in Kind:
        given = {pair.old: pair.new for pair in matching.of(kind)}
        if kind in APART and not matching.same_ids:
            names[kind] = Names(given, aside)
        else:
            taken = matching.new_ids.get(kind, frozenset())
            given.update({id_: aside + id_ for id_ in used[kind] if id_ in taken and id_ not in given})
            names[kind] = Names(given)
    return names


def _names_back(connection: Connection, number: int, *, same_ids: bool) -> dict[Kind, Names]:
    used, aside, aside_now = _used(connection), _aside(number), f"take-over-{number}-undone:"
    given: dict[Kind, dict[str, str]] = {kind: {} for kind in Kind}
    for row in connection.execute(select(take_over_ids)):
        given[Kind(row.kind)][row.new_id] = row.old_id
    names: dict[Kind, Names] = {}
    for kind, back in given.items():
        if kind in APART and not same_ids:
            names[kind] = Names(back, aside_now, aside)
            continue
        back.update({id_: id_.removeprefix(aside) for id_ in used[kind] if id_.startswith(aside)})
        taken = set(back.values())
        back.update({id_: aside_now + id_ for id_ in used[kind] if id_ in taken and id_ not in back})
        names[kind] = Names(back)
    return names


def _used(connection: Connection) -> dict[Kind, set[str]]:
    """The ids there are of each kind, also those that are only named."""
    used = {kind: set(connection.execute(select(table.c.id)).scalars()) for kind, table in HEADS.items()}
    for kind_name, kind in REFERENCES.items():
        used[kind] = set(connection.execute(select(store_references.c.id).where(store_references.c.kind == kind_name)).scalars())
    for table, columns in NAMED.items():
        for name, kind in columns.items():
            named = select(table.c[name]).where(table.c[name].is_not(None)).distinct()
            used[kind].update(connection.execute(named).scalars())
    return used


# --- what is kept -------------------------------------------------------------------------------------------------------


def _kept(connection: Connection, preferences: Iterable[str]) -> KeptForUndo:
    stored = PreferenceRepository(connection)
    settings = {
        row.id: KeptSettings(
            row.catalog_structure_id, row.order_direction_id, row.organization_id, row.responsible_employee_id, row.price_type_id
        )
        for row in connection.execute(select(integrations))
    }
    categories = tuple(
        StoreCategory(row.id, row.structure_id, row.parent_id, row.name, row.position)
        for row in connection.execute(select(store_categories))
    )
    warehouses = tuple(connection.execute(select(store_warehouses.c.id)).scalars())
    return KeptForUndo({key: stored.get(key) for key in preferences}, settings, categories, warehouses, orders=_orders_let_go(connection))


def _orders_let_go(connection: Connection) -> tuple[KeptOrder, ...]:
    """Orders as the old store had them: the new one is not asked for what it was never given."""
    table = store_orders.c
    known = table.asked_stage.is_not(None) | table.placed.is_not(None)
    rows = connection.execute(select(store_orders).where(known)).all()
    nothing = {"asked_stage": None, "asked_at": None, "set_stage": None, "set_state": None, "placed": None, "problem": ""}
    connection.execute(update(store_orders).where(known).values(nothing))
    return tuple(KeptOrder(r.integration_id, r.posting_number, r.asked_stage, r.set_stage, r.set_state, r.placed) for r in rows)


def _forget(connection: Connection) -> None:
    """The take-over of before can be undone no more."""
    for table in (take_over_ids, take_over_products):
        connection.execute(delete(table))
    connection.execute(update(take_overs).values(kept=None))


def _keep_products(connection: Connection) -> None:
    """The rows of all products that are not gone, and of those that come back."""
    columns = [column.name for column in take_over_products.columns]
    wanted = store_products.c.deleted.is_(False) | store_products.c.id.in_(_old_products())
    rows = select(*(store_products.c[name] for name in columns)).where(wanted)
    connection.execute(insert(take_over_products).from_select(columns, rows))


def _old_products() -> Select[tuple[str]]:
    return select(take_over_ids.c.old_id).where(take_over_ids.c.kind == Kind.PRODUCT.value)


def _new_products() -> Select[tuple[str]]:
    return select(take_over_ids.c.new_id).where(take_over_ids.c.kind == Kind.PRODUCT.value)


def _kept_products() -> Select[tuple[str]]:
    return select(take_over_products.c.id)


# --- what waits for a person --------------------------------------------------------------------------------------------


def _withdraw(connection: Connection, which: ColumnElement[bool]) -> list[str]:
    """Marks products as gone; gives their ids."""
    gone = update(store_products).where(which, store_products.c.deleted.is_(False)).values(deleted=True)
    return sorted(connection.execute(gone.returning(store_products.c.id)).scalars())


def _note(connection: Connection, part: str, product_ids: Iterable[str], number: int) -> None:
    for batch in batches(product_ids):
        insert_missing(connection, store_absences, [{"product_id": id_, "part": part, "import_number": number} for id_ in batch])


# --- cards --------------------------------------------------------------------------------------------------------------


def _link_cards(connection: Connection) -> list[tuple[int, str, str]]:
    """Products whose article is another one now stay with their cards on Ozon; gives (integration, product, article)."""
    was, now, ids = take_over_products.c, store_products.c, take_over_ids.c
    before = case((was.sold_as != "", was.sold_as), else_=was.offer_id)
    after = case((now.sold_as != "", now.sold_as), else_=now.offer_id)
    joined = take_over_products.join(take_over_ids, (ids.kind == Kind.PRODUCT.value) & (ids.old_id == was.id))
    joined = joined.join(store_products, now.id == ids.new_id)
    changed = connection.execute(select(now.id, before).select_from(joined).where(before != "", before != after).order_by(now.id)).all()
    found: list[tuple[int, str, str]] = []
    for integration_id in connection.execute(select(integrations.c.id).order_by(integrations.c.id)).scalars() if changed else ():
        articles, linked = _articles_on_ozon(connection, integration_id), _linked(connection, integration_id)
        links = [(integration_id, id_, article) for id_, article in changed if article in articles and id_ not in linked]
        for batch in batches(links):
            rows = [{"integration_id": integration_id, "product_id": id_, "offer_id": article} for _, id_, article in batch]
            connection.execute(insert(product_links), rows)
        found += links
    return found


def _articles_on_ozon(connection: Connection, integration_id: int) -> set[str]:
    known, cards = accepted_offers.c, cabinet_cards.c
    accepted = select(known.offer_id).where(known.integration_id == integration_id, known.product_id != 0)
    read = select(cards.offer_id).where(cards.integration_id == integration_id, cards.gone.is_(False))
    return set(connection.execute(accepted.union(read)).scalars())


def _linked(connection: Connection, integration_id: int) -> set[str]:
    tables = (product_links, cabinet_articles)
    first, second = (select(table.c.product_id).where(table.c.integration_id == integration_id) for table in tables)
    return set(connection.execute(first.union(second)).scalars())


def _take_links_back(connection: Connection, kept: KeptForUndo) -> None:
    table = product_links.c
    for integration_id, product_id, offer_id in kept.links:
        mine = (table.integration_id == integration_id, table.product_id == product_id, table.offer_id == offer_id)
        connection.execute(delete(product_links).where(*mine))


# --- putting back -------------------------------------------------------------------------------------------------------


def _put_products_back(connection: Connection) -> None:
    """Products as the old source had left them, with the prices and stocks they have now."""
    columns = [column.name for column in take_over_products.columns if not column.primary_key]
    was = take_over_products.c
    same = store_products.c.id == was.id
    connection.execute(update(store_products).where(same).values({name: was[name] for name in columns}))


def _put_categories_back(connection: Connection, categories: Iterable[StoreCategory]) -> None:
    number = connection.execute(select(func.coalesce(func.max(store_imports.c.id), 0))).scalar_one()
    for batch in batches(categories):
        rows: list[dict[str, Any]] = [
            {
                "id": category.id,
                "structure_id": category.structure_id,
                "parent_id": category.parent_id,
                "name": category.name,
                "position": category.position,
                "seen": number,
            }
            for category in batch
        ]
        upsert(connection, store_categories, rows)


def _put_settings_back(connection: Connection, kept: KeptForUndo) -> None:
    """The settings of each cabinet, and the connection of before."""
    for integration_id, settings in kept.settings.items():
        values = {name: getattr(settings, name) for name in NAMED[integrations]}
        connection.execute(update(integrations).where(integrations.c.id == integration_id).values(values))
    stored = PreferenceRepository(connection)
    for key, value in kept.preferences.items():
        if value is None:
            stored.remove(key)
        else:
            stored.set(key, value)


def _put_orders_back(connection: Connection, orders: Iterable[KeptOrder]) -> None:
    """Orders the new store was not given are again as they were in the old one."""
    table = store_orders.c
    for order in orders:
        mine = (table.integration_id == order.integration_id, table.posting_number == order.posting_number)
        values = {name: getattr(order, name) for name in ("asked_stage", "set_stage", "set_state", "placed")}
        connection.execute(update(store_orders).where(*mine, table.asked_stage.is_(None), table.placed.is_(None)).values(values))
