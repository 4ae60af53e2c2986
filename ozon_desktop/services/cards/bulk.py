"""One step over many cards: an additional field of all selected products, and the fields of a whole table at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from ozon_desktop.domain.card import Card, SavedFields
from ozon_desktop.domain.field_values import Values
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryKey, TypeKey
from ozon_desktop.domain.store_catalog import with_descendants
from ozon_desktop.errors import NotFound
from ozon_desktop.services.cards.builder import CardBuilder, prepare
from ozon_desktop.services.cards.cards import CardsService
from ozon_desktop.services.cards.context import CardContext, place_of, read_context
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.card_steps import bulk_step


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What one step did. products: ids of the cards that took the value; passed: how many have no such field, or another type's."""

    products: tuple[str, ...]
    passed: int = 0


@dataclass(frozen=True, slots=True)
class TypeCards:
    """The cards of the products of one store category's type. saved: what was entered on them, by product id."""

    category: str
    key: TypeKey
    attributes: tuple[Attribute, ...]
    cards: tuple[Card, ...]
    saved: Mapping[str, SavedFields]


class CardBulk:
    """Reads and saves many cards in one transaction each."""

    def __init__(self, storage: Database, cards: CardsService) -> None:
        self._storage = storage
        self._cards = cards

    async def of_category(self, integration_id: int, category_id: str, key: TypeKey) -> TypeCards:
        """The cards of a category and below that have this type. NotFound when there is no such category."""
        return await self._storage.run(lambda unit: _of_category(unit, integration_id, category_id, key))

    async def set_values(
        self, integration_id: int, product_ids: Collection[str], attribute: Attribute, key: TypeKey, values: Values
    ) -> BulkResult:
        """Enters values in one field of many products, in one step; `key`: the type the values were chosen for.

        Products of other types take them when they have the attribute; a value of a dictionary that is another one there is taken as
        its text, to be found anew. No values: the field is emptied. Cards whose list is another type's are passed over.
        """

        def collect(unit: UnitOfWork) -> list[SavedFields]:
            context = read_context(unit, integration_id)
            wanted = set(product_ids)
            builder = CardBuilder(context, unit.store.products(context.integration.settings.catalog_structure_id))
            found: list[SavedFields] = []
            for product in builder.products:
                if product.id not in wanted:
                    continue
                entered = _with_values(context, builder, product.id, place_of(context, product)[1], (attribute, key, values))
                found += [entered] if entered is not None else []
            return found

        taken = await self._cards.save_many(integration_id, collect, lambda count: bulk_step(attribute.name, count))
        return BulkResult(taken, len(set(product_ids)) - len(taken))


def _with_values(
    context: CardContext, builder: CardBuilder, product_id: str, key: TypeKey | None, entered: tuple[Attribute, TypeKey, Values]
) -> SavedFields | None:
    attribute, chosen_for, values = entered
    same = next((known for known in context.attributes.get(key, []) if known.id == attribute.id), None) if key is not None else None
    lists = context.saved.get(product_id, {})
    # With another type's list on it the product has to be switched first, or its list would be lost from sight.
    if same is None or key is None or (lists and key not in lists):
        return None
    if attribute.has_dictionary and DictionaryKey.of(same, key) != DictionaryKey.of(attribute, chosen_for):
        values = tuple((0, text) for _, text in values)
    saved = lists.get(key) or SavedFields(product_id, key)
    return replace(saved, values={**saved.values, attribute.id: values})


def _of_category(unit: UnitOfWork, integration_id: int, category_id: str, key: TypeKey) -> TypeCards:
    context, builder = prepare(unit, integration_id)
    if category_id not in context.categories:
        raise NotFound(category_id)
    below = with_descendants(context.categories.values(), category_id)
    cards: list[Card] = []
    for product in builder.products:
        place, type_key = builder.place(product)
        if type_key == key and place in below:
            cards.append(builder.build(product))
    attributes = tuple(sorted(context.attributes.get(key, []), key=lambda attribute: not attribute.is_required))
    saved = {product: lists[key] for product, lists in context.saved.items() if key in lists}
    return TypeCards(context.categories[category_id].name, key, attributes, tuple(cards), saved)
