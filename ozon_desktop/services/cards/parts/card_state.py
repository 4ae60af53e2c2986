"""What the manager decided of some cards at one moment, read and put back: fields by type, pictures, rules, answers, chosen sides."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from ozon_desktop.domain.card import SavedFields
from ozon_desktop.domain.card_differences import Side, SideChoice
from ozon_desktop.domain.field_rules import FieldRule
from ozon_desktop.domain.ozon_catalog import DictionaryKey, TypeKey
from ozon_desktop.domain.pictures import PictureChoice
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.domain.value_matching import ValueChoice
from ozon_desktop.storage.unit_of_work import UnitOfWork

FEW = 300
"""Products up to which what was entered is read one by one."""

RulePlace = tuple[str, int]
"""Category id and attribute id of a rule."""

AnswerPlace = tuple[DictionaryKey, str]
"""Dictionary and folded text of an answer."""

SidePlace = tuple[str, str]
"""Product id and field of a chosen side, see SideChoice."""

Lists = Mapping[TypeKey, SavedFields]
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Touched:
    """What a step may change."""

    products: frozenset[str] = frozenset()
    rules: frozenset[RulePlace] = frozenset()
    answers: frozenset[AnswerPlace] = frozenset()
    sides: frozenset[SidePlace] = frozenset()

    @classmethod
    def of_rules(cls, rules: Iterable[FieldRule], products: Collection[str] = ()) -> "Touched":
        return cls(frozenset(products), frozenset((rule.category_id, rule.attribute_id) for rule in rules))

    @classmethod
    def of_answers(cls, answers: Iterable[tuple[DictionaryKey, str]]) -> "Touched":
        return cls(answers=frozenset((dictionary, fold(text)) for dictionary, text in answers))


@dataclass(frozen=True, slots=True)
class CardState:
    """Of each touched product, rule and answer what there is; None = nothing, no lists = nothing entered."""

    lists: Mapping[str, Lists] = field(default_factory=dict)
    pictures: Mapping[str, PictureChoice | None] = field(default_factory=dict)
    rules: Mapping[RulePlace, FieldRule | None] = field(default_factory=dict)
    answers: Mapping[AnswerPlace, ValueChoice | None] = field(default_factory=dict)
    sides: Mapping[SidePlace, Side | None] = field(default_factory=dict)

    @property
    def products(self) -> frozenset[str]:
        return frozenset(self.lists) | frozenset(self.pictures)

    @property
    def touched(self) -> Touched:
        return Touched(self.products, frozenset(self.rules), frozenset(self.answers), frozenset(self.sides))

    def differing_from(self, other: "CardState") -> "CardState":
        """Only the part in which it is another one, of those things both speak of."""
        return CardState(
            _differing(self.lists, other.lists),
            _differing(self.pictures, other.pictures),
            _differing(self.rules, other.rules),
            _differing(self.answers, other.answers),
            _differing(self.sides, other.sides),
        )

    def at(self, touched: Touched) -> "CardState":
        """Only these things."""
        return CardState(
            _only(self.lists, touched.products),
            _only(self.pictures, touched.products),
            _only(self.rules, touched.rules),
            _only(self.answers, touched.answers),
            _only(self.sides, touched.sides),
        )

    def __len__(self) -> int:
        # A side is chosen for a product and often enters its value: that is one thing.
        owners = {owner for owner, _ in self.sides}
        return len(self.products | owners) + len(self.rules) + len(self.answers)


def read_state(unit: UnitOfWork, integration_id: int, touched: Touched) -> CardState:
    many = len(touched.products) > FEW
    saved = unit.cards.saved(integration_id) if many else {}
    pictures = unit.cards.pictures(integration_id) if many else {}
    rules = {(rule.category_id, rule.attribute_id): rule for rule in unit.cards.rules(integration_id)} if touched.rules else {}
    answers = {(choice.dictionary, fold(choice.text)): choice for choice in unit.cards.choices(integration_id)} if touched.answers else {}
    sides = {(one.product_id, one.field): one.side for one in unit.cabinet.sides(integration_id)} if touched.sides else {}
    return CardState(
        {id_: saved.get(id_, {}) if many else unit.cards.saved_of(integration_id, id_) for id_ in touched.products},
        {id_: pictures.get(id_) if many else unit.cards.pictures_of(integration_id, id_) for id_ in touched.products},
        {place: rules.get(place) for place in touched.rules},
        {place: answers.get(place) for place in touched.answers},
        {place: sides.get(place) for place in touched.sides},
    )


def put_back(unit: UnitOfWork, integration_id: int, wanted: CardState, left_by: CardState) -> tuple[CardState, CardState]:
    """Makes things as `wanted` says where they still are as the step left them; gives what was put back, and what was left as it is.

    wanted and left_by: the two sides of one step. What somebody changed since is nobody's to throw away.
    """
    now = read_state(unit, integration_id, wanted.touched)
    changed = now.differing_from(left_by)
    back = CardState(
        _without(wanted.lists, changed.products),
        _without(wanted.pictures, changed.products),
        _without(wanted.rules, changed.rules),
        _without(wanted.answers, changed.answers),
        _without(wanted.sides, changed.sides),
    )
    for product_id, lists in back.lists.items():
        unit.cards.replace_lists(integration_id, product_id, lists.values())
    for product_id, choice in back.pictures.items():
        unit.cards.save_pictures(integration_id, choice or PictureChoice(product_id))
    for (category_id, attribute_id), rule in back.rules.items():
        if rule is None:
            unit.cards.delete_rule(integration_id, category_id, attribute_id)
        else:
            unit.cards.save_rule(integration_id, rule)
    for (dictionary, text), answer in back.answers.items():
        if answer is None:
            unit.cards.delete_choice(integration_id, dictionary, text)
        else:
            unit.cards.save_choice(integration_id, answer)
    for (product_id, name), side in back.sides.items():
        if side is None:
            unit.cabinet.forget_sides(integration_id, product_id, name)
        else:
            unit.cabinet.choose_sides(integration_id, [SideChoice(product_id, name, side)])
    return back, changed


def _differing(ours: Mapping[K, V], others: Mapping[K, V]) -> dict[K, V]:
    return {key: value for key, value in ours.items() if key in others and others[key] != value}


def _only(things: Mapping[K, V], wanted: Collection[K]) -> dict[K, V]:
    return {key: value for key, value in things.items() if key in wanted}


def _without(things: Mapping[K, V], left_out: Collection[K]) -> dict[K, V]:
    return {key: value for key, value in things.items() if key not in left_out}
