"""Rules that fill fields: saving, proposing them from names, and the values that are asked about once."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from ozon_desktop.domain.field_rules import FieldRule, RuleKind, template_faults
from ozon_desktop.domain.mapping import resolve
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryKey, DictionaryValue, TypeKey
from ozon_desktop.domain.rule_proposals import RuleProposal, possible, property_uses, propose, samples_of
from ozon_desktop.domain.russian_order import russian_order
from ozon_desktop.domain.store_catalog import fold, with_descendants
from ozon_desktop.domain.units import unit_of
from ozon_desktop.domain.value_matching import NOTHING, DoubtfulValue, KnownValues, ValueChoice
from ozon_desktop.errors import NotFound, WrongInput
from ozon_desktop.services.cards.builder import CardBuilder, prepare
from ozon_desktop.services.cards.context import CardContext, read_context
from ozon_desktop.services.cards.history import CardHistory
from ozon_desktop.services.cards.parts.card_state import Touched
from ozon_desktop.services.cards.parts.changes import CardChange, ChangeLog
from ozon_desktop.services.cards.parts.value_lookup import Candidates, names_only, read_values
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.card_steps import answer_deletion_step, answers_step, rule_deletion_step, rules_step


@dataclass(frozen=True, slots=True)
class OwnValue:
    """The value entered on one product for one attribute of a type, which gives way to a rule."""

    product_id: str
    type_key: TypeKey
    attribute_id: int


FACTOR_LIMIT = 1_000_000_000
"""From kilometres to micrometres; a greater one is a slip of the hand."""


class FieldRulesService:
    """Rules and answers of an integration. log: is told what changed; every change is a step of `history`."""

    def __init__(self, storage: Database, log: ChangeLog, history: CardHistory) -> None:
        self._storage, self._log, self._history = storage, log, history

    async def all(self, integration_id: int) -> list[FieldRule]:
        """All rules; those of the whole integration have the category id ALL_CATEGORIES."""
        return await self._storage.run(lambda unit: unit.cards.rules(integration_id))

    async def save(self, integration_id: int, rules: Sequence[FieldRule], own: OwnValue | None = None) -> None:
        """Saves or replaces rules, each for its category and attribute. WrongInput for one that can never give a value.

        own: an entered value that gives way, in the same step.
        """
        products = frozenset({own.product_id}) if own is not None else frozenset[str]()

        def change(unit: UnitOfWork) -> None:
            _check(unit, integration_id, rules)
            for rule in rules:
                unit.cards.save_rule(integration_id, rule)
            if own is not None:
                _give_way(unit, integration_id, own)

        def label(unit: UnitOfWork) -> str:
            return rules_step(_names(unit, [rule.attribute_id for rule in rules]))

        if rules:
            await self._step(integration_id, Touched.of_rules(rules, products), change, label)

    async def delete(self, integration_id: int, category_id: str, attribute_id: int) -> None:
        """Removes a rule; no rule is no error."""
        await self._step(
            integration_id,
            Touched(rules=frozenset({(category_id, attribute_id)})),
            lambda unit: unit.cards.delete_rule(integration_id, category_id, attribute_id),
            lambda unit: rule_deletion_step(_names(unit, [attribute_id])[0]),
        )

    async def _step(
        self, integration_id: int, touched: Touched, change: Callable[[UnitOfWork], None], label: Callable[[UnitOfWork], str]
    ) -> None:
        """Makes a change in one transaction, and remembers it as a step."""
        step = self._history.record(integration_id)

        def work(unit: UnitOfWork) -> str:
            with step.watch(unit, touched):
                change(unit)
            return label(unit)

        name = await self._storage.run(work)
        step.keep(name)
        self._log.note(integration_id, CardChange(touched.products, rules=True))

    async def propose(self, integration_id: int, category_id: str) -> list[RuleProposal]:
        """Rules that look right for a category's type, the surest first; none is in force before it is accepted.

        Attributes that have a rule of this category are left out. NotFound, also when the category is not mapped.
        """
        return await self._storage.run(lambda unit: _proposals(unit, integration_id, category_id))

    async def accept(self, integration_id: int, category_id: str, proposals: Iterable[RuleProposal]) -> None:
        await self.save(integration_id, [proposal.rule(category_id) for proposal in proposals])

    async def doubtful_values(self, integration_id: int) -> list[DoubtfulValue]:
        """Store texts that are not surely a value of Ozon's dictionary, each once, those that hold cards back first.

        Texts without any close value are listed only when they hold a card back.
        """
        return await self._storage.run(lambda unit: _doubtful(unit, integration_id))

    async def decide_value(self, integration_id: int, dictionary: DictionaryKey, text: str, value: DictionaryValue | None) -> None:
        """Remembers what a store text means; it is not asked about again. value None: it has no value and is not sent."""
        await self.decide_values(integration_id, [ValueChoice(dictionary, text, value)])

    async def decide_values(self, integration_id: int, choices: Sequence[ValueChoice]) -> None:
        """Remembers several answers at once. WrongInput for an empty text."""
        if any(not choice.text.strip() for choice in choices):
            raise WrongInput("Значение магазина", detail="пусто")

        def change(unit: UnitOfWork) -> None:
            for choice in choices:
                unit.cards.save_choice(integration_id, choice)

        texts = [choice.text.strip() for choice in choices]
        if choices:
            touched = Touched.of_answers((choice.dictionary, choice.text) for choice in choices)
            await self._step(integration_id, touched, change, lambda _: answers_step(texts))

    async def choices(self, integration_id: int) -> list[ValueChoice]:
        """The value table: all remembered answers."""
        return await self._storage.run(lambda unit: unit.cards.choices(integration_id))

    async def forget_value(self, integration_id: int, dictionary: DictionaryKey, text: str) -> None:
        """Forgets an answer: the text is matched, or asked about, again."""
        await self._step(
            integration_id,
            Touched.of_answers([(dictionary, text)]),
            lambda unit: unit.cards.delete_choice(integration_id, dictionary, text),
            lambda _: answer_deletion_step(text.strip()),
        )


def _give_way(unit: UnitOfWork, integration_id: int, own: OwnValue) -> None:
    saved = unit.cards.saved_for(integration_id, own.product_id, own.type_key)
    if saved is not None and own.attribute_id in saved.values:
        values = {number: entered for number, entered in saved.values.items() if number != own.attribute_id}
        unit.cards.save(integration_id, replace(saved, values=values))
        if unit.cards.has_lists(integration_id, own.product_id):
            unit.cards.choose_list(integration_id, [own.product_id], own.type_key)


def _names(unit: UnitOfWork, attribute_ids: Sequence[int]) -> list[str]:
    known = unit.ozon.attribute_names(attribute_ids)
    return [known.get(number, str(number)) for number in attribute_ids]


def _check(unit: UnitOfWork, integration_id: int, rules: Sequence[FieldRule]) -> None:
    demanding = [rule for rule in rules if rule.kind in {RuleKind.TEMPLATE, RuleKind.UNITS}]
    if not demanding:
        return
    context = read_context(unit, integration_id)
    attributes = {attribute.id: attribute for known in context.attributes.values() for attribute in known}
    for rule in demanding:
        if rule.kind is RuleKind.UNITS:
            _check_units(rule, attributes.get(rule.attribute_id))
    templates = [rule.template for rule in demanding if rule.kind is RuleKind.TEMPLATE]
    if not templates:
        return
    names = {name for product in unit.store.products(context.integration.settings.catalog_structure_id) for name, _ in product.properties}
    names |= {definition.name for definition in unit.store.property_definitions()}
    for template in templates:
        faults = template_faults(template, names)
        if faults:
            raise WrongInput("Шаблон", detail="нет такого поля или свойства: " + ", ".join(faults))
        if not template.strip():
            raise WrongInput("Шаблон", detail="пусто")


def _check_units(rule: FieldRule, attribute: Attribute | None) -> None:
    if rule.factor is not None and not (rule.factor.is_finite() and 0 < rule.factor <= FACTOR_LIMIT):
        raise WrongInput("Множитель", detail=f"должен быть больше нуля и не больше {FACTOR_LIMIT}")
    if rule.factor is None and attribute is not None and unit_of(attribute) is None:
        raise WrongInput(attribute.name, detail="единица измерения не указана, задайте множитель")


# --- Proposals ------------------------------------------------------------------------------------------------------


def _proposals(unit: UnitOfWork, integration_id: int, category_id: str) -> list[RuleProposal]:
    context = read_context(unit, integration_id)
    if category_id not in context.categories:
        raise NotFound(category_id)
    key = resolve(context.categories.values(), context.own, context.tree)[category_id].key
    if key is None:
        raise NotFound(context.categories[category_id].name, detail="категория не сопоставлена")
    builder = CardBuilder(context, unit.store.products(context.integration.settings.catalog_structure_id))
    inside = with_descendants(context.categories.values(), category_id)
    places = ((product, *builder.place(product)) for product in builder.products)
    uses = property_uses([product for product, category, type_key in places if type_key == key and category in inside])
    attributes = context.attributes.get(key, [])
    known = _known_samples(unit, context, key, attributes, uses)

    def in_dictionary(attribute: Attribute, text: str) -> bool:
        found = known(DictionaryKey.of(attribute, key), text)
        return found is not None and found is not NOTHING

    taken = [rule.attribute_id for rule in context.rules.values() if rule.category_id == category_id]
    return propose(attributes, uses, in_dictionary, taken, _taught(context, uses))


def _taught(context: CardContext, uses: Collection[str]) -> dict[int, str]:
    """By which of these properties the shop fills attributes in other categories: by attribute id the one most of its rules name."""
    here = {fold(name) for name in uses}
    named: dict[int, Counter[str]] = {}
    for rule in context.rules.values():
        if rule.property_name and fold(rule.property_name) in here:
            named.setdefault(rule.attribute_id, Counter())[rule.property_name] += 1
    return {attribute_id: names.most_common(1)[0][0] for attribute_id, names in named.items()}


def _known_samples(
    unit: UnitOfWork, context: CardContext, key: TypeKey, attributes: Sequence[Attribute], uses: dict[str, Counter[str]]
) -> KnownValues:
    """The meaning of samples of properties whose names are close to a dictionary attribute's."""
    asked = {
        (DictionaryKey.of(attribute, key), fold(sample))
        for attribute in attributes
        if attribute.has_dictionary
        for name, values in uses.items()
        if possible(name, attribute)
        for sample in samples_of(values)
    }
    return read_values(unit, asked, asked, context.answers, names_only(attributes))


# --- Doubtful values ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Doubt:
    """What was counted of one text. by_dictionary: products in each dictionary of the same number."""

    text: str
    attributes: dict[int, str] = field(default_factory=dict)
    by_dictionary: Counter[DictionaryKey] = field(default_factory=Counter)
    blocking: int = 0


def _doubtful(unit: UnitOfWork, integration_id: int) -> list[DoubtfulValue]:
    _, builder = prepare(unit, integration_id)
    doubts: dict[tuple[int, str], _Doubt] = {}
    for product in builder.products:
        card = builder.build(product)
        for filled in card.fields:
            if filled.unmatched and card.type is not None:
                _count(doubts, filled.attribute, card.type.key, filled.unmatched, {text for value, text in filled.values if not value})
    states = unit.ozon.dictionary_states()
    finders: dict[DictionaryKey, Candidates] = {}
    found: list[DoubtfulValue] = []
    for doubt in doubts.values():
        dictionary = doubt.by_dictionary.most_common(1)[0][0]
        if dictionary not in finders:
            state = states.get(dictionary)
            finders[dictionary] = Candidates(unit, dictionary, state.values if state is not None else 0, len(doubts))
        candidates = finders[dictionary].close(doubt.text)
        if candidates or doubt.blocking:
            names = tuple(sorted(doubt.attributes.items()))
            found.append(DoubtfulValue(dictionary, doubt.text, names, candidates, doubt.by_dictionary.total(), doubt.blocking))
    return sorted(found, key=lambda value: (-value.blocking, -value.products, russian_order(value.text)))


def _count(
    doubts: dict[tuple[int, str], _Doubt], attribute: Attribute, key: TypeKey, unmatched: Iterable[str], held_back: set[str]
) -> None:
    for text in unmatched:
        doubt = doubts.setdefault((attribute.dictionary_id, fold(text)), _Doubt(text))
        doubt.attributes[attribute.id] = attribute.name
        doubt.by_dictionary[DictionaryKey.of(attribute, key)] += 1
        doubt.blocking += text in held_back
