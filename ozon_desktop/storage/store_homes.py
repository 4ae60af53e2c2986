"""A category for the products of the store that stand in none, so that they can be mapped too."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Executable, Select, Text, bindparam, delete, func, literal, select, type_coerce, update

from ozon_desktop.domain.store_catalog import HOME_NAME, home_id, with_home
from ozon_desktop.storage.sql import prepared, upsert
from ozon_desktop.storage.tables import store_categories, store_products

LAST = 2**31 - 1
"""Below every category of the store."""

_ids = msgspec.json.Decoder(tuple[str, ...])
_PLACE = type_coerce(store_products.c.category_ids, Text)
_OLD = bindparam("old", type_=Text)
_MOVE = (
    update(store_products)
    .where(store_products.c.structure_id == bindparam("structure"), _PLACE == _OLD, store_products.c.parent_id.is_(None))
    .values(category_ids=bindparam("new"))
)


def give_homes(connection: Connection, number: int) -> int:
    """Puts them there, or takes them away when a category of theirs has become known; how many stand there. number: of this import.

    One category for each catalogue, which goes with the last of its products. Where products stand is looked at once for all that
    stand alike.
    """
    places = _places(connection).all()
    homes = {structure: home_id(structure) for structure in {place.structure_id for place in places}}
    known = set(_known(connection).scalars()) - set(homes.values())
    inhabited: dict[str, int] = {}
    for place in places:
        named = _ids.decode(place.ids)
        wanted = with_home(named, place.structure_id, known)
        if wanted != named:
            connection.execute(_MOVE, {"structure": place.structure_id, "old": place.ids, "new": wanted})
        if homes[place.structure_id] in wanted:
            inhabited[place.structure_id] = inhabited.get(place.structure_id, 0) + place.products
    _without(connection, sorted(home for structure, home in homes.items() if structure not in inhabited))
    upsert(connection, store_categories, [_home(structure, number) for structure in inhabited])
    return sum(inhabited.values())


def _home(structure_id: str, number: int) -> dict[str, Any]:
    return {
        "id": home_id(structure_id),
        "structure_id": structure_id,
        "parent_id": None,
        "name": HOME_NAME,
        "position": LAST,
        "seen": number,
    }


@prepared
def _places() -> Select[Any]:
    """Catalogues and the categories named by their products, with how many products name them. Variants stand where their product does."""
    products = store_products.c
    standing = (products.parent_id.is_(None), products.has_card.is_(True), products.deleted.is_(False), products.structure_id != "")
    found = select(products.structure_id, _PLACE.label("ids"), func.count(literal(1)).label("products")).where(*standing)
    return found.group_by(products.structure_id, products.category_ids)


@prepared
def _known() -> Select[tuple[str]]:
    return select(store_categories.c.id)


@prepared
def _without(home_ids: list[str]) -> Executable:
    return delete(store_categories).where(store_categories.c.id.in_(home_ids))
