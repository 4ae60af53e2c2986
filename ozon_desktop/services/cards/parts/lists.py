"""Which type's list of additional fields a product has, and switching it to the type its category is mapped to."""

from collections.abc import Collection

from ozon_desktop.domain.card import SavedFields
from ozon_desktop.domain.carry_over import CarryOver, Move, carry
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.services.cards.context import list_of, place_of, read_context, type_of
from ozon_desktop.storage.unit_of_work import UnitOfWork


def switch(unit: UnitOfWork, integration_id: int, product_ids: Collection[str]) -> CarryOver:
    """Switches the lists of these products (those that need it); gives what carried over.

    Values of the earlier list are kept in it. A type whose attributes are not collected takes nothing: it is reported, not switched.
    """
    carried, to_save, targets = _switched(unit, integration_id, product_ids)
    for fields in to_save:
        unit.cards.save(integration_id, fields)
    for key, products in targets.items():
        # Also with nothing in common the list is the new type's from now on.
        unit.cards.choose_list(integration_id, products, key)
    return carried


def preview(unit: UnitOfWork, integration_id: int, product_ids: Collection[str]) -> CarryOver:
    """What `switch` would do. Nothing is changed."""
    return _switched(unit, integration_id, product_ids)[0]


def _switched(
    unit: UnitOfWork, integration_id: int, product_ids: Collection[str]
) -> tuple[CarryOver, list[SavedFields], dict[TypeKey, list[str]]]:
    context = read_context(unit, integration_id)
    wanted = set(product_ids)
    moves: list[Move] = []
    targets: dict[TypeKey, list[str]] = {}
    for product in unit.store.products(context.integration.settings.catalog_structure_id):
        if product.id not in wanted:
            continue
        key = place_of(context, product)[1]
        earlier = list_of(context, product, type_of(context, key))
        if key is not None and earlier is not None:
            moves.append(Move(context.saved[product.id][earlier], key))
            targets.setdefault(key, []).append(product.id)
    keys = {move.saved.type_key for move in moves} | set(targets)
    to_save, carried = carry(moves, unit.ozon.attributes_of(keys))
    return carried, to_save, {key: products for key, products in targets.items() if key not in carried.unknown}
