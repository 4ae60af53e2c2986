"""What a card is built from as one short text: when it is the same as the last time, the card need not be built again."""

from hashlib import blake2b
from typing import Any

import msgspec

import ozon_desktop
from ozon_desktop.domain.card_differences import SideChoice
from ozon_desktop.domain.existing_cards import ExistingAnswer
from ozon_desktop.domain.ozon_catalog import OzonType, TypeKey
from ozon_desktop.services.cards.context import CardContext
from ozon_desktop.storage.plan_rows import FINGERPRINT_BYTES, ProductOutline
from ozon_desktop.storage.unit_of_work import UnitOfWork


class CardFingerprints:
    """Fingerprints of the cards of one integration, as everything stands now.

    A fingerprint covers all but the price, the stock and the number of products with the article: those are looked at by themselves.
    """

    def __init__(
        self, unit: UnitOfWork, integration_id: int, context: CardContext, sides: list[SideChoice], answer: ExistingAnswer
    ) -> None:
        self._context = context
        self._common = _common(unit, integration_id, context, [sides, answer])

    def of(self, outline: ProductOutline) -> str:
        context, own = self._context, ""
        saved, pictures, link = context.saved.get(outline.id), context.pictures.get(outline.id), context.links.get(outline.id)
        if saved or pictures or link:
            fields = [(_key(key), sorted(of_type.values.items()), of_type.dimensions) for key, of_type in sorted((saved or {}).items())]
            own = _digest([fields, pictures, link])
        return f"{self._common}{outline.fingerprint}{own}"


def _common(unit: UnitOfWork, integration_id: int, context: CardContext, answers: object) -> str:
    settings = context.integration.settings
    keys = sorted(context.attributes)
    dictionaries = {attribute.dictionary_id for attributes in context.attributes.values() for attribute in attributes}
    states = sorted(
        (repr(key), state.values, state.partial, state.fetched_at)
        for key, state in unit.ozon.dictionary_states().items()
        if key.dictionary_id in dictionaries
    )
    load = unit.cabinet.last_load(integration_id)
    return _digest(
        [
            # Another release may build cards otherwise.
            ozon_desktop.__version__,
            [settings.vat_rate, settings.vat_of_product, settings.catalog_structure_id, context.currency],
            sorted((category.id, category.parent_id, category.name) for category in context.categories.values()),
            sorted((category, _key(key)) for category, key in context.own.items()),
            sorted(
                (category, [(part.property_name, part.value, _key(part.key)) for part in parts])
                for category, parts in context.parts.items()
            ),
            [(_key(key), _type(context.tree.types.get(key)), context.attributes[key]) for key in keys],
            [rule for _, rule in sorted(context.rules.items())],
            sorted((repr(key), sorted(ids)) for key, ids in context.gone.items()),
            [choices for _, choices in sorted(context.answers.items())],
            states,
            [(definition.id, definition.name) for definition in unit.store.property_definitions()],
            answers,
            None if load is None else load.number,
        ]
    )


def _type(type_: OzonType | None) -> object:
    return None if type_ is None else (type_.name, type_.disabled, type_.gone)


def _key(key: TypeKey) -> tuple[int, int]:
    return key.description_category_id, key.type_id


def _digest(value: Any) -> str:
    return blake2b(msgspec.json.encode(value, order="sorted"), digest_size=FINGERPRINT_BYTES).hexdigest()
