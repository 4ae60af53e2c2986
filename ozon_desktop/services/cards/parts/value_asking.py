"""What Ozon is asked about the values of cards: texts not found in partial dictionaries, and values that may be gone."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryState, TypeKey
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.services.cards.builder import CardBuilder, looked_up
from ozon_desktop.services.cards.context import CardContext, Uses, read_shared
from ozon_desktop.services.cards.parts.value_membership import UsedValues, stale
from ozon_desktop.storage.unit_of_work import UnitOfWork

Wanted = dict[tuple[DictionaryKey, str], tuple[str, TypeKey, int]]
"""Texts to ask about, each once: (dictionary, folded text) → (text, type and attribute to ask with)."""

Choice = Callable[[UnitOfWork], tuple[CardContext, Collection[str]]]
"""Which products are meant, by id, with what was read to choose them; entered fields are in it."""

SHORTEST = 2


def unresolved(
    unit: UnitOfWork, integration_id: int, now: datetime, choose: Choice | None = None
) -> tuple[Wanted, list[tuple[UsedValues, DictionaryState]]]:
    """Texts that partial dictionaries lack, and used values not asked about for a day. choose: None = of all products."""
    if choose is None:
        context = replace(read_shared(unit, integration_id), saved=unit.cards.saved(integration_id))
        products = unit.store.products(context.integration.settings.catalog_structure_id)
    else:
        context, product_ids = choose(unit)
        if not product_ids:
            return {}, []
        products = unit.store.sold(context.integration.settings.catalog_structure_id, product_ids)
    builder = CardBuilder(context, products, Uses({}, {}))
    wanted = _not_found(unit, context, builder)
    return wanted, _used(unit, context, builder, now)


def _not_found(unit: UnitOfWork, context: CardContext, builder: CardBuilder) -> Wanted:
    whole = {key for key, state in unit.ozon.dictionary_states().items() if not state.partial}
    wanted: Wanted = {}
    for product in builder.products:
        for dictionary, text, key, attribute_id in builder.wanted_of(product, whole):
            answered = (dictionary.dictionary_id, fold(text)) in context.answers
            if len(text.strip()) >= SHORTEST and not answered:
                wanted.setdefault((dictionary, fold(text)), (text, key, attribute_id))
    found = unit.ozon.find_values(wanted.keys())
    return {pair: ask for pair, ask in wanted.items() if pair not in found}


def _used(unit: UnitOfWork, context: CardContext, builder: CardBuilder, now: datetime) -> list[tuple[UsedValues, DictionaryState]]:
    asked_with: dict[DictionaryKey, tuple[TypeKey, int]] = {}
    for key, attributes in context.attributes.items():
        for attribute in attributes:
            if attribute.has_dictionary:
                asked_with.setdefault(DictionaryKey.of(attribute, key), (key, attribute.id))
    # One number stands for the values: which are used is worked out only where something may have to be asked.
    possible = [UsedValues(dictionary, *place, {0: ""}) for dictionary, place in asked_with.items()]
    old = {values.dictionary for values, _ in stale(unit, possible, now)}
    if not old or not builder.products:
        return []
    texts: dict[DictionaryKey, dict[int, str]] = {}
    looked_up(unit, context, builder)
    for product in builder.products:
        type_key = builder.place(product)[1]
        for filled in builder.dictionary_fields(product, old):
            if type_key is not None and filled.values:
                found = texts.setdefault(DictionaryKey.of(filled.attribute, type_key), {})
                found.update((value_id, text) for value_id, text in filled.values if value_id)
    used = [UsedValues(dictionary, *asked_with[dictionary], found) for dictionary, found in texts.items()]
    return stale(unit, used, now)
