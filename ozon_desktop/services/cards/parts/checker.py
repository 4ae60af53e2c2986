"""Checks the additional fields of very many products: what is the same for some of them is worked out once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ozon_desktop.domain.card import CardProblem, SavedFields
from ozon_desktop.domain.field_filling import FieldPlan, fixed_texts, store_texts
from ozon_desktop.domain.field_rules import ProductTexts
from ozon_desktop.domain.field_values import lookup_texts, split_texts
from ozon_desktop.domain.ozon_catalog import OzonType, TypeKey
from ozon_desktop.domain.readiness import length_limit
from ozon_desktop.domain.store_catalog import Product, fold
from ozon_desktop.domain.value_matching import Pair
from ozon_desktop.services.cards.builder import CardBuilder, dictionary_texts

Place = tuple[str | None, TypeKey | None]
PlanTexts = tuple[str, ...]


@dataclass(slots=True)
class Users:
    """Which products need which text looked up, and in which places a rule itself has a text that is."""

    products: dict[Pair, set[str]] = field(default_factory=dict)
    places: dict[Pair, set[Place]] = field(default_factory=dict)

    def of(self, pair: Pair) -> set[str]:
        """Ids of products with this text, to be added to."""
        return self.products.setdefault(pair, set())


@dataclass(slots=True)
class Wanted:
    """Texts to look up, and those of them that are single values."""

    whole: set[Pair] = field(default_factory=set)
    single: set[Pair] = field(default_factory=set)


@dataclass(slots=True)
class _PlanCheck:
    """One field of one place. free: it takes any text, so that only whether there is one matters."""

    plan: FieldPlan
    free: bool
    users: dict[str, list[set[str]]] = field(default_factory=dict)
    problems: dict[PlanTexts, tuple[CardProblem, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class _PlaceCheck:
    type: OzonType
    plans: tuple[_PlanCheck, ...]


@dataclass(slots=True)
class Pending:
    """A product between reading its texts and checking them, when these are looked up."""

    product: Product
    place: Place
    texts: ProductTexts
    check: _PlaceCheck | None
    of_plans: list[PlanTexts]
    entered: SavedFields | None


class FieldChecker:
    """Checks fields with one builder; a field's problems depend on its texts alone, unless something is entered on the product."""

    def __init__(self, builder: CardBuilder, users: Users) -> None:
        self._builder = builder
        self._users = users
        self._checks: dict[int, tuple[Place, _PlaceCheck | None]] = {}
        self._places: dict[Place, Place] = {}

    def read(self, product: Product, saved: dict[TypeKey, SavedFields] | None, wanted: Wanted) -> Pending:
        """Reads the texts of a product; `wanted` gets those that nobody asked for before."""
        place = self._builder.place(product)
        place = self._places.setdefault(place, place)
        texts = self._builder.texts(product)
        check = self._check_of(place, wanted)
        entered = saved.get(place[1]) if saved and place[1] is not None else None
        if entered is not None and entered.values:
            self._read_entered(product, place, texts, entered, wanted)
            return Pending(product, place, texts, check, [], entered)
        of_plans: list[PlanTexts] = []
        for plan_check in check.plans if check is not None else ():
            found = tuple(store_texts(texts, plan_check.plan))
            if plan_check.plan.dictionary is not None:
                self._note(product.id, plan_check, found, wanted)
            of_plans.append(tuple("x" if text.strip() else "" for text in found) if plan_check.free else found)
        return Pending(product, place, texts, check, of_plans, None)

    def problems(self, pending: Pending) -> Iterable[CardProblem]:
        """The problems of the fields, once all texts are looked up."""
        check = pending.check
        if check is None:
            return ()
        if pending.entered is not None:
            plans = self._builder.watched(pending.place[0], check.type.key, pending.entered)
            return self._builder.check_fields(pending.texts, plans, check.type, pending.entered)
        found: list[CardProblem] = []
        for plan_check, texts in zip(check.plans, pending.of_plans, strict=True):
            problems = plan_check.problems.get(texts)
            if problems is None:
                problems = self._builder.check_fields(pending.texts, (plan_check.plan,), check.type, None)
                plan_check.problems[texts] = problems
            found += problems
        return found

    def _check_of(self, place: Place, wanted: Wanted) -> _PlaceCheck | None:
        known = self._checks.get(id(place))
        if known is None:
            known = self._checks[id(place)] = place, self._new_check(place, wanted)
        return known[1]

    def _new_check(self, place: Place, wanted: Wanted) -> _PlaceCheck | None:
        category, key = place
        type_ = self._builder.type_of(key)
        if type_ is None or key is None:
            return None
        plans = self._builder.watched(category, key, None)
        for plan in plans:
            if plan.dictionary is not None:
                for text in fixed_texts(plan):
                    pair = plan.dictionary, fold(text)
                    wanted.whole.add(pair)
                    self._users.places.setdefault(pair, set()).add(place)
        return _PlaceCheck(type_, tuple(_PlanCheck(plan, _is_free(plan)) for plan in plans))

    def _note(self, product_id: str, check: _PlanCheck, texts: PlanTexts, wanted: Wanted) -> None:
        for text in texts:
            if not text:
                continue
            users = check.users.get(text)
            if users is None:
                users = check.users[text] = [self._users.of(pair) for pair in self._pairs(check.plan, text, wanted)]
            for of_pair in users:
                of_pair.add(product_id)

    def _pairs(self, plan: FieldPlan, text: str, wanted: Wanted) -> list[Pair]:
        if plan.dictionary is None:
            return []
        pairs = [(plan.dictionary, fold(part)) for part in lookup_texts(text, plan.attribute)]
        wanted.whole.update(pairs)
        wanted.single.update((plan.dictionary, fold(part)) for part in split_texts(text, plan.attribute))
        return pairs

    def _read_entered(self, product: Product, place: Place, texts: ProductTexts, entered: SavedFields, wanted: Wanted) -> None:
        category, key = place
        if key is None:
            return
        for plan, _, text in dictionary_texts(texts, self._builder.watched(category, key, entered), entered):
            for pair in self._pairs(plan, text, wanted):
                self._users.of(pair).add(product.id)


def _is_free(plan: FieldPlan) -> bool:
    return plan.dictionary is None and plan.kind in {"text", "multiline"} and not length_limit(plan.attribute.description)
