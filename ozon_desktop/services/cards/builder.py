"""Builds the cards of an integration from everything stored: products, prices, mapping, attributes, rules, entered fields."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from ozon_desktop.domain.card import Card, CardProblem, Dimensions, FilledField, ProblemCode, SavedFields
from ozon_desktop.domain.dimensions import Package, PackageFault, read_package
from ozon_desktop.domain.field_filling import FieldFiller, FieldPlan, fixed_texts, plan_fields, store_texts, wanted_texts
from ozon_desktop.domain.field_rules import ProductTexts
from ozon_desktop.domain.field_values import lookup_texts, split_texts
from ozon_desktop.domain.ozon_catalog import TYPE_ATTRIBUTE, DictionaryKey, OzonType, TypeKey
from ozon_desktop.domain.pictures import arranged
from ozon_desktop.domain.price_rules import price_problems
from ozon_desktop.domain.pricing import iso_currency, money
from ozon_desktop.domain.readiness import base_problems, can_hold_back, dimension_problems, field_problems
from ozon_desktop.domain.store_catalog import Price, Product, fold
from ozon_desktop.domain.value_matching import KnownValues, Lookup, Pair
from ozon_desktop.services.cards.context import (
    CardContext,
    Uses,
    list_of,
    place_of,
    read_context,
    read_one,
    read_uses,
    rules_for,
    sent_barcode,
    type_of,
)
from ozon_desktop.services.cards.parts.value_lookup import names_only, read_values
from ozon_desktop.storage.unit_of_work import UnitOfWork

_currency = lru_cache(256)(iso_currency)


@dataclass(frozen=True, slots=True)
class CheckedCard:
    """A card as the table of all cards shows it: without its fields, but with all its problems."""

    offer_id: str
    category_id: str | None
    type: OzonType | None
    price: Decimal | None
    problems: tuple[CardProblem, ...]


@dataclass(frozen=True, slots=True)
class _Base:
    """What of a card is worked out before its additional fields."""

    category_id: str | None
    type: OzonType | None
    saved: SavedFields | None
    sizes: Dimensions
    price: Decimal | None
    problems: list[CardProblem]
    other: OzonType | None


class CardBuilder:
    """Builds cards against one context, one lookup of dictionary values for all products."""

    def __init__(self, context: CardContext, products: Iterable[Product], uses: Uses | None = None) -> None:
        self._context = context
        self._products = list(products)
        self._plans: dict[tuple[str | None, TypeKey], tuple[FieldPlan, ...]] = {}
        self._watched: dict[tuple[str | None, TypeKey], tuple[FieldPlan, ...]] = {}
        self._places: dict[str, tuple[str | None, TypeKey | None]] = {}
        self._types: dict[int, tuple[TypeKey | None, OzonType | None]] = {}
        self._gone: dict[TypeKey, frozenset[tuple[int, int]]] = {}
        self._uses = uses or Uses(Counter(map(self.offer_id, self._products)), Counter(map(sent_barcode, self._products)))
        self._filler = FieldFiller(KnownValues())

    @property
    def products(self) -> list[Product]:
        return self._products

    def offer_id(self, product: Product) -> str:
        """The offer_id on Ozon: the article, unless the product was matched to an existing card."""
        return self._context.links.get(product.id, product.offer_id)

    def wanted_values(self, products: Iterable[Product] | None = None) -> tuple[set[Pair], set[Pair]]:
        """(dictionary, folded text) pairs that the cards (all of them by default) need looked up, and those of single values."""
        whole: set[Pair] = set()
        parts: set[Pair] = set()
        seen: set[tuple[int, DictionaryKey, str]] = set()
        for plan, dictionary, text in self._store_texts(self._products if products is None else products):
            key = (plan.attribute.id, dictionary, text)
            if key not in seen:
                seen.add(key)
                whole.update((dictionary, fold(part)) for part in lookup_texts(text, plan.attribute))
                parts.update((dictionary, fold(part)) for part in split_texts(text, plan.attribute))
        for plans in self._plans.values():
            for plan in plans:
                if plan.dictionary is not None:
                    whole.update((plan.dictionary, fold(text)) for text in fixed_texts(plan))
        return whole, parts

    def _store_texts(self, products: Iterable[Product]) -> Iterable[tuple[FieldPlan, DictionaryKey, str]]:
        for product in products:
            category_id, key = self.place(product)
            if key is not None:
                saved = self._context.saved.get(product.id, {}).get(key)
                yield from dictionary_texts(self.texts(product), self.plans(category_id, key), saved)

    def wanted_of(self, product: Product, but: Collection[DictionaryKey] = ()) -> set[tuple[DictionaryKey, str, TypeKey, int]]:
        """(dictionary, text, type, attribute id) that the card of one product needs looked up. but: dictionaries to pass over."""
        category_id, key = self.place(product)
        if key is None:
            return set()
        texts, saved = self.texts(product), self._context.saved.get(product.id, {}).get(key)
        wanted: set[tuple[DictionaryKey, str, TypeKey, int]] = set()
        for plan in self.plans(category_id, key):
            if plan.dictionary is not None and plan.attribute.id != TYPE_ATTRIBUTE and plan.dictionary not in but:
                wanted |= {(plan.dictionary, text, key, plan.attribute.id) for text in wanted_texts(texts, plan, saved)}
        return wanted

    def use_values(self, lookup: Lookup) -> None:
        """Gives what the texts of `wanted_values` mean."""
        self._filler = FieldFiller(lookup)

    def use_prices(self, prices: Mapping[str, dict[str, Price]]) -> None:
        """Takes the prices, by type and product id, of the products that come next."""
        chosen = self._context.integration.settings.price_type_id or ""
        self._context = replace(self._context, prices=prices.get(chosen, {}), other_prices=dict(prices))

    def place(self, product: Product) -> tuple[str | None, TypeKey | None]:
        """`place_of` the product, found once."""
        place = self._places.get(product.id)
        if place is None:
            place = self._places[product.id] = place_of(self._context, product)
        return place

    def type_of(self, key: TypeKey | None) -> OzonType | None:
        """`type_of` the key, found once: hashing a key takes longer than all else that is done with it."""
        known = self._types.get(id(key))
        if known is None or known[0] is not key:
            known = self._types[id(key)] = key, type_of(self._context, key)
        return known[1]

    def build(self, product: Product) -> Card:
        context, base = self._context, self._base(product)
        problems, fields = base.problems, tuple[FilledField, ...]()
        if base.type is not None:
            fields = self._filler.fill(self.texts(product), self.plans(base.category_id, base.type.key), base.type, base.saved)
            problems.extend(field_problems(fields, self.gone(base.type.key)))
        return Card(
            product,
            self.offer_id(product),
            base.type,
            fields,
            base.sizes,
            base.price,
            context.integration.settings.vat_for(product.vat),
            context.currency,
            tuple(problems),
            arranged(product.pictures, context.pictures.get(product.id)),
            base.other,
        )

    def dictionary_fields(self, product: Product, dictionaries: Collection[DictionaryKey]) -> tuple[FilledField, ...]:
        """Only those additional fields of a product that have values of these dictionaries."""
        category_id, key = self.place(product)
        type_ = self.type_of(key)
        if type_ is None:
            return ()
        plans = [plan for plan in self.plans(category_id, type_.key) if plan.dictionary in dictionaries]
        return self._filler.fill(self.texts(product), plans, type_, self._context.saved.get(product.id, {}).get(type_.key))

    def check(self, product: Product, of_fields: Iterable[CardProblem]) -> CheckedCard:
        """The card without its fields. of_fields: their problems."""
        base = self._base(product)
        return CheckedCard(self.offer_id(product), base.category_id, base.type, base.price, (*base.problems, *of_fields))

    def check_fields(
        self, texts: ProductTexts, plans: Sequence[FieldPlan], type_: OzonType, saved: SavedFields | None
    ) -> tuple[CardProblem, ...]:
        """What Ozon would refuse in these fields."""
        return tuple(field_problems(self._filler.fill(texts, plans, type_, saved), self.gone(type_.key)))

    def _base(self, product: Product) -> _Base:
        context = self._context
        category_id, key = self.place(product)
        type_ = self.type_of(key)
        offer_id, barcode = self.offer_id(product), sent_barcode(product)
        price = context.prices.get(product.id) or context.prices.get(product.parent_id or "")
        value: Decimal | None = money(price.value) if price is not None else None
        vat = context.integration.settings.vat_for(product.vat)
        saved = context.saved.get(product.id, {}).get(type_.key) if type_ is not None else None
        package = read_package(product)
        sizes = (saved.dimensions if saved is not None else Dimensions()).over(package.dimensions)
        other = type_of(context, list_of(context, product, type_))
        problems = _type_problems(context, category_id, type_, other)
        problems += base_problems(
            product,
            offer_id,
            price.value if price is not None else None,
            vat,
            self._uses.offers.get(offer_id, 0) > 1,
            same_barcode=barcode != "" and self._uses.barcodes.get(barcode, 0) > 1,
            old_price_fault=self._old_price_fault(product, value),
        )
        if price is not None and _currency(price.currency) != context.currency:
            problems.append(CardProblem(ProblemCode.CURRENCY, "price", detail=price.currency))
        problems += dimension_problems(sizes)
        if package.doubts:
            problems += _package_problems(package, sizes)
        return _Base(category_id, type_, saved, sizes, value, problems, other)

    def _old_price_fault(self, product: Product, price: Decimal | None) -> str:
        """Ozon's code for a price before the discount that does not fit the price; its rules are in roubles."""
        context, rules = self._context, self._context.price_rules
        if rules.old is None or price is None or price <= 0 or context.currency != "RUB":
            return ""
        values: dict[str, Decimal | None] = {}
        for price_type, prices in context.other_prices.items():
            found = prices.get(product.id) or prices.get(product.parent_id or "")
            same = found is not None and _currency(found.currency) == context.currency
            values[price_type] = money(found.value) if found is not None and same else None
        faults = (problem.fault.value for problem in price_problems(rules.amounts(price, values)) if problem.field == "old_price")
        return next(faults, "")

    def gone(self, key: TypeKey) -> frozenset[tuple[int, int]]:
        """(attribute id, value id) pairs of the type that Ozon's dictionaries have no more."""
        if not self._context.gone:
            return frozenset()
        known = self._gone.get(key)
        if known is None:
            dictionaries = [(item.id, DictionaryKey.of(item, key)) for item in self._context.attributes.get(key, ()) if item.has_dictionary]
            pairs = ((id_, value_id) for id_, dictionary in dictionaries for value_id in self._context.gone.get(dictionary, ()))
            known = self._gone[key] = frozenset(pairs)
        return known

    def watched(self, category_id: str | None, key: TypeKey, saved: SavedFields | None) -> tuple[FieldPlan, ...]:
        """The plans of those fields that can hold the card back."""
        watched = self._watched.get((category_id, key))
        if watched is None:
            plans = (plan for plan in self.plans(category_id, key) if plan.attribute.id != TYPE_ATTRIBUTE)
            watched = tuple(plan for plan in plans if plan.rules or can_hold_back(plan.attribute))
            self._watched[category_id, key] = watched
        if saved is None or not saved.values:
            return watched
        ids = {plan.attribute.id for plan in watched} | saved.values.keys()
        return tuple(plan for plan in self.plans(category_id, key) if plan.attribute.id in ids)

    def plans(self, category_id: str | None, key: TypeKey) -> tuple[FieldPlan, ...]:
        """How each attribute is filled for products of this category and type."""
        plans = self._plans.get((category_id, key))
        if plans is None:
            attributes = self._context.attributes.get(key, [])
            plans = self._plans[category_id, key] = plan_fields(attributes, key, rules_for(self._context, category_id))
        return plans

    def texts(self, product: Product) -> ProductTexts:
        category = self._context.categories.get(self.place(product)[0] or "")
        return ProductTexts(product, category.name if category is not None else "")


def dictionary_texts(
    texts: ProductTexts, plans: Iterable[FieldPlan], saved: SavedFields | None
) -> Iterator[tuple[FieldPlan, DictionaryKey, str]]:
    """The texts of one product that may be values of a dictionary."""
    for plan in plans:
        if plan.dictionary is None or plan.attribute.id == TYPE_ATTRIBUTE:
            continue
        if saved is not None and plan.attribute.id in saved.values:
            yield from ((plan, plan.dictionary, text) for value_id, text in saved.values[plan.attribute.id] if not value_id)
            continue
        yield from ((plan, plan.dictionary, text) for text in store_texts(texts, plan) if text)


def _package_problems(package: Package, sizes: Dimensions) -> list[CardProblem]:
    """What the store says of the package and cannot be used, unless the manager entered it."""
    sides = ("depth", "width", "height")
    return [
        CardProblem(ProblemCode.PACKAGE_DOUBTFUL, doubt.axis or "depth", detail=f"{doubt.property_name}: {doubt.text}")
        for doubt in package.doubts
        if doubt.fault is not PackageFault.UNIT_GUESSED
        and any(getattr(sizes, side) is None for side in ((doubt.axis,) if doubt.axis else sides))
    ]


def _type_problems(context: CardContext, category_id: str | None, type_: OzonType | None, other: OzonType | None) -> list[CardProblem]:
    if category_id is None:
        return [CardProblem(ProblemCode.NO_CATEGORY, "category")]
    if type_ is None:
        return [CardProblem(ProblemCode.NOT_MAPPED, "category", detail=context.categories[category_id].name)]
    if type_.gone:
        return [CardProblem(ProblemCode.TYPE_GONE, "category", detail=type_.name)]
    if type_.disabled:
        return [CardProblem(ProblemCode.TYPE_DISABLED, "category", detail=type_.name)]
    if not context.attributes.get(type_.key):
        return [CardProblem(ProblemCode.SETTINGS_MISSING, "category", detail=type_.name)]
    return [CardProblem(ProblemCode.OTHER_LIST, "category", detail=other.name)] if other is not None else []


def prepare(unit: UnitOfWork, integration_id: int, product_id: str | None = None) -> tuple[CardContext, CardBuilder]:
    """A builder over all products of the integration, with dictionary values looked up (of one of them alone, where it is given)."""
    context = read_context(unit, integration_id)
    builder = CardBuilder(context, unit.store.products(context.integration.settings.catalog_structure_id))
    chosen = None if product_id is None else [product for product in builder.products if product.id == product_id]
    return context, looked_up(unit, context, builder, chosen)


def prepare_one(unit: UnitOfWork, shared: CardContext, product_id: str, uses: Uses | None = None) -> tuple[CardContext, CardBuilder]:
    """A builder of one product alone; it has none when the store does not sell it. shared: from `read_shared`.

    uses: how often its article and barcode stand in the store, where that is known; else it is read.
    """
    products = unit.store.sold(shared.integration.settings.catalog_structure_id, [product_id])
    if not products:
        return shared, CardBuilder(shared, [])
    context = read_one(unit, shared, products[0])
    builder = CardBuilder(context, products, uses or read_uses(unit, context, products[0]))
    return context, looked_up(unit, context, builder)


def looked_up(unit: UnitOfWork, context: CardContext, builder: CardBuilder, products: Iterable[Product] | None = None) -> CardBuilder:
    """The builder, with what the texts of its products (or of these alone) mean."""
    whole, parts = builder.wanted_values(products)
    builder.use_values(read_values(unit, whole, parts, context.answers, all_names(context)))
    return builder


def all_names(context: CardContext) -> frozenset[int]:
    """Dictionaries of proper names, see `names_only`."""
    return names_only(attribute for attributes in context.attributes.values() for attribute in attributes)
