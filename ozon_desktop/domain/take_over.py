"""Which product, category, price type … of a store is which once another source with other ids takes its place.

A shop that worked with files for months gets a connection (or files of another program): the goods are the same, their ids are not.
Matched are products by article, then barcode, then category path and name; variants by characteristic under their matched product;
categories by path; all else by name. Whatever could be two is nobody's, unless a person has said which is which.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b

from ozon_desktop.domain.store_catalog import StoreCategory, category_paths, fold
from ozon_desktop.domain.store_connection import PlacedOrder

PLAN_ID_BYTES = 6


class Kind(StrEnum):
    """Whose ids differ."""

    PRODUCT = "product"
    CATEGORY = "category"
    STRUCTURE = "structure"
    PROPERTY = "property"
    PRICE_TYPE = "price_type"
    WAREHOUSE = "warehouse"
    ORGANIZATION = "organization"
    EMPLOYEE = "employee"
    DIRECTION = "direction"


LISTS = (Kind.PROPERTY, Kind.PRICE_TYPE, Kind.WAREHOUSE, Kind.ORGANIZATION, Kind.EMPLOYEE, Kind.DIRECTION)
"""Kinds that are told apart by their names alone."""

ONLY_ONES = frozenset({Kind.STRUCTURE, Kind.PRICE_TYPE, Kind.WAREHOUSE, Kind.ORGANIZATION})
"""Where each side has exactly one, they are the same whatever they are called."""


class MatchedBy(StrEnum):
    """Why two are taken for the same. PERSON: it was said so; VARIANTS, PRODUCTS: most of its own were; ONLY: neither side has another."""

    PERSON = "person"
    ID = "id"
    ARTICLE = "article"
    BARCODE = "barcode"
    CHARACTERISTIC = "characteristic"
    VARIANTS = "variants"
    PATH = "path"
    PRODUCTS = "products"
    NAME = "name"
    ONLY = "only"


@dataclass(frozen=True, slots=True)
class Goods:
    """A product or variant of one side. article: the store's own; sold_as: the one it goes to Ozon by, "" = none was given.

    characteristic: what tells a variant from its sisters.
    """

    id: str
    name: str
    parent_id: str | None = None
    article: str = ""
    sold_as: str = ""
    barcodes: tuple[str, ...] = ()
    category_ids: tuple[str, ...] = ()
    structure_id: str = ""
    characteristic: str = ""
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class StoreSide:
    """All that one source has. names: of structures and LISTS, by id."""

    products: Sequence[Goods] = ()
    categories: Sequence[StoreCategory] = ()
    names: Mapping[Kind, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """The same thing under two ids, which may be equal."""

    kind: Kind
    old: str
    new: str
    by: MatchedBy


@dataclass(frozen=True, slots=True, order=True)
class Doubt:
    """Products that share an article, a barcode or a name, with too many on either side to say which is which."""

    by: MatchedBy
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """What the take-over would come to. only_old, only_new: ids without a partner, by kind, those in doubt included.

    same_ids: both sources count most products alike, so an id that is missing now may be back as the same product. unlike: pairs matched
    by article whose names have no word in common, for a person to look at. new_ids: every id of the new source, by kind.
    """

    pairs: tuple[Pair, ...]
    doubts: tuple[Doubt, ...]
    only_old: Mapping[Kind, tuple[str, ...]]
    only_new: Mapping[Kind, tuple[str, ...]]
    same_ids: bool
    unlike: tuple[Pair, ...] = ()
    new_ids: Mapping[Kind, frozenset[str]] = field(default_factory=dict)

    def of(self, kind: Kind) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if pair.kind is kind)

    @property
    def fits(self) -> bool:
        """Whether the new source can go on where the old one was: nothing has another id."""
        known = bool(self.of(Kind.PRODUCT)) or not self.only_old[Kind.PRODUCT]
        return known and not self.doubts and all(pair.old == pair.new for pair in self.pairs)

    @property
    def doubtful(self) -> frozenset[str]:
        """Products of the new source that may be one that is on Ozon already."""
        return frozenset(id_ for doubt in self.doubts for id_ in doubt.new)

    def counts(self, kind: Kind) -> dict[MatchedBy, int]:
        """How many pairs of a kind were found by what; what found none is left out."""
        counted = Counter(pair.by for pair in self.pairs if pair.kind is kind)
        return {by: counted[by] for by in MatchedBy if counted[by]}


def plan_id(matching: Matching, goes_on_with: str) -> str:
    """Names all that a confirmation would do: another matching has another id. What is only new is not a part of it.

    goes_on_with: the source that takes the place of the old one, in words.
    """
    digest = blake2b(repr((goes_on_with, matching.same_ids)).encode(), digest_size=PLAN_ID_BYTES)
    for pair in matching.pairs:
        digest.update(f"{pair.kind}\0{pair.old}\0{pair.new}\n".encode())
    for kind in Kind:
        digest.update(repr((kind.value, matching.only_old.get(kind, ()))).encode())
    digest.update(repr(sorted(matching.doubts)).encode())
    return digest.hexdigest()


def match(old: StoreSide, new: StoreSide, chosen: Mapping[str, str] | None = None) -> Matching:
    """Which of the one is which of the other; the same for the same sides in any order.

    chosen: products a person has paired, new id by old id; none of those that `cannot_be_chosen`.
    """
    return _Matcher(old, new).matching(chosen or {})


def cannot_be_chosen(old: StoreSide, new: StoreSide, chosen: Mapping[str, str]) -> tuple[str, ...]:
    """Old ids of pairs that cannot be: a product that is not there, one named twice, or one with variants for one without."""
    ours, theirs = _Side(old), _Side(new)
    named = Counter(chosen.values())
    alike = (
        ({one.id for one in ours.units}, {one.id for one in theirs.units}),
        ({one.id for one in ours.heads}, {one.id for one in theirs.heads}),
    )
    return tuple(
        sorted(one for one, other in chosen.items() if named[other] > 1 or not any(one in mine and other in their for mine, their in alike))
    )


# --- pairs found so far -------------------------------------------------------------------------------------------------


class _Pairs:
    """Pairs of one kind: each id has one partner at most."""

    def __init__(self) -> None:
        self.new_of: dict[str, str] = {}
        self.old_of: dict[str, str] = {}
        self.by: dict[str, MatchedBy] = {}

    def add(self, old: str, new: str, by: MatchedBy) -> None:
        self.new_of[old], self.old_of[new], self.by[old] = new, old, by

    def free(self, old: str, new: str) -> bool:
        return old not in self.new_of and new not in self.old_of

    def join_unique(
        self, by: MatchedBy, old: Iterable[tuple[str, Hashable]], new: Iterable[tuple[str, Hashable]]
    ) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Joins those with a key that nobody else on their side has; gives the groups that share a key and were not joined.

        old, new: (id, key); an id with several keys is joined only when all that find somebody find the same.
        """
        ours, theirs = _by_key(old, self.new_of), _by_key(new, self.old_of)
        proposed: dict[str, set[str]] = {}
        wanted: dict[str, set[str]] = {}
        groups = [(tuple(sorted(ids)), tuple(sorted(theirs[key]))) for key, ids in ours.items() if key in theirs]
        for ids, others in groups:
            if len(ids) == len(others) == 1:
                proposed.setdefault(ids[0], set()).add(others[0])
                wanted.setdefault(others[0], set()).add(ids[0])
        for one, found in sorted(proposed.items()):
            other = next(iter(found))
            if len(found) == 1 and len(wanted[other]) == 1:
                self.add(one, other, by)
        return [group for group in groups if self.new_of.get(group[0][0]) != group[1][0]]

    def join_most(self, by: MatchedBy, votes: Iterable[tuple[str, str]]) -> int:
        """Joins those that more than half of the votes of either side speak for; gives how many. votes: (old, new)."""
        counted = Counter(votes)
        ours, theirs = Counter[str](), Counter[str]()
        for (one, other), number in counted.items():
            ours[one] += number
            theirs[other] += number
        joined = 0
        for (one, other), number in sorted(counted.items()):
            if number * 2 > ours[one] and number * 2 > theirs[other] and self.free(one, other):
                self.add(one, other, by)
                joined += 1
        return joined

    def pairs(self, kind: Kind) -> Iterator[Pair]:
        return (Pair(kind, old, new, self.by[old]) for old, new in self.new_of.items())


def _by_key(entries: Iterable[tuple[str, Hashable]], done: Mapping[str, str]) -> dict[Hashable, set[str]]:
    found: dict[Hashable, set[str]] = {}
    for id_, key in entries:
        if id_ not in done:
            found.setdefault(key, set()).add(id_)
    return found


# --- the two sides ------------------------------------------------------------------------------------------------------


class _Side:
    """One source, looked through once: what is sold, and the products whose variants are."""

    def __init__(self, side: StoreSide) -> None:
        self.goods = {one.id: one for one in side.products}
        gone = {one.id for one in side.products if one.deleted}
        alive = [one for one in side.products if not one.deleted and one.parent_id not in gone]
        self.family: dict[str, list[str]] = {}
        for one in sorted(alive, key=lambda one: one.id):
            head = self.head_of(one)
            if head is not None:
                self.family.setdefault(head.id, []).append(one.id)
        self.units = [one for one in alive if one.id not in self.family]
        self.heads = [one for one in alive if one.id in self.family]
        known = {one.id for one in alive}
        self.gone = [one for one in side.products if one.id not in known]
        self.categories = {category.id: category for category in side.categories}
        paths = category_paths(tuple(side.categories))
        self.paths = {id_: tuple(map(fold, path)) for id_, path in paths.items()}
        self.names = side.names

    def head_of(self, one: Goods) -> Goods | None:
        """The product of a variant; None for a product, and where the product is not known."""
        head = self.goods.get(one.parent_id) if one.parent_id is not None else None
        return head if head is not None and head.parent_id is None else None

    def categories_of(self, one: Goods) -> tuple[str, ...]:
        head = self.head_of(one)
        return one.category_ids or (head.category_ids if head is not None else ())

    def structure_of(self, one: Goods) -> str:
        head = self.head_of(one)
        return head.structure_id if head is not None else one.structure_id

    def full_name(self, one: Goods) -> tuple[str, str]:
        """The name without what the variant adds to it, and that."""
        head = self.head_of(one)
        name = one.name or (head.name if head is not None else "")
        return fold(name), fold(one.characteristic)

    def all_of(self, kind: Kind) -> Iterable[str]:
        if kind is Kind.PRODUCT:
            return self.goods
        return self.categories if kind is Kind.CATEGORY else self.names.get(kind, {})


def _articles(goods: Iterable[Goods]) -> Iterator[tuple[str, Hashable]]:
    return ((one.id, one.article.strip()) for one in goods if one.article.strip())


def _sold_articles(goods: Iterable[Goods]) -> Iterator[tuple[str, Hashable]]:
    sold = ((one.id, (one.sold_as or one.article).strip().casefold()) for one in goods)
    return ((id_, article) for id_, article in sold if article)


def _barcodes(goods: Iterable[Goods]) -> Iterator[tuple[str, Hashable]]:
    return ((one.id, code.strip()) for one in goods for code in one.barcodes if code.strip())


Keys = Callable[[Iterable[Goods]], Iterator[tuple[str, Hashable]]]
_KEYS: tuple[tuple[MatchedBy, Keys], ...] = (
    (MatchedBy.ARTICLE, _articles),
    (MatchedBy.ARTICLE, _sold_articles),
    (MatchedBy.BARCODE, _barcodes),
)


class _Matcher:
    """One matching, from what is surest to what is least."""

    def __init__(self, old: StoreSide, new: StoreSide) -> None:
        self._old, self._new = _Side(old), _Side(new)
        self._pairs = {kind: _Pairs() for kind in Kind}
        self._products = self._pairs[Kind.PRODUCT]
        self._groups: list[Doubt] = []

    def matching(self, chosen: Mapping[str, str]) -> Matching:
        old, new = self._old, self._new
        for one, other in chosen.items():
            self._products.add(one, other, MatchedBy.PERSON)
        self._same_things(old.units, new.units)
        self._same_things(old.heads, new.heads)
        for by, keys in _KEYS:
            self._unique(by, keys(old.units), keys(new.units))
        for by, keys in _KEYS:
            self._unique(by, keys(old.heads), keys(new.heads))
        self._heads_by_variants()
        same_ids = self._count_alike()
        self._match_structures()
        self._match_categories()
        self._by_path(old.heads, new.heads)
        self._variants_in_families()
        self._by_path(old.units, new.units)
        self._match_returned()
        for kind in LISTS:
            self._match_list(kind)
        if same_ids:
            self._whatever_has_the_same_id()
        return self._result(same_ids)

    # --- products -------------------------------------------------------------------------------------------------------

    def _unique(self, by: MatchedBy, old: Iterable[tuple[str, Hashable]], new: Iterable[tuple[str, Hashable]]) -> None:
        self._groups += [Doubt(by, *group) for group in self._products.join_unique(by, old, new)]

    def _same_things(self, old: Sequence[Goods], new: Sequence[Goods]) -> None:
        """An id alone says nothing where sources count from 1; with a name, an article or a barcode it does."""
        others = {one.id: one for one in new}
        for one in old:
            other = others.get(one.id)
            if other is not None and self._products.free(one.id, one.id) and _alike(one, other):
                self._products.add(one.id, one.id, MatchedBy.ID)

    def _heads_by_variants(self) -> None:
        ours, theirs = self._old, self._new
        votes: list[tuple[str, str]] = []
        for old, new in self._products.new_of.items():
            head, other = ours.head_of(ours.goods[old]), theirs.head_of(theirs.goods[new])
            if head is not None and other is not None:
                votes.append((head.id, other.id))
        self._products.join_most(MatchedBy.VARIANTS, votes)

    def _count_alike(self) -> bool:
        same = sum(1 for old, new in self._products.new_of.items() if old == new)
        return same * 2 > len(self._products.new_of)

    def _variants_in_families(self) -> None:
        """Variants of a matched product: by what tells them from their sisters, or as the only ones."""
        families = [(old, new) for old, new in self._products.new_of.items() if old in self._old.family and new in self._new.family]
        ours, theirs = self._old, self._new
        self._unique(
            MatchedBy.CHARACTERISTIC,
            [(id_, (head, text)) for head, _ in families for id_ in ours.family[head] if (text := fold(ours.goods[id_].characteristic))],
            [
                (id_, (head, text))
                for head, other in families
                for id_ in theirs.family[other]
                if (text := fold(theirs.goods[id_].characteristic))
            ],
        )
        for head, other in families:
            mine, their = ours.family[head], theirs.family[other]
            if len(mine) == len(their) == 1 and self._products.free(mine[0], their[0]):
                self._products.add(mine[0], their[0], MatchedBy.ONLY)

    def _by_path(self, old: Sequence[Goods], new: Sequence[Goods]) -> None:
        """By name in a matched category, or where neither side has categories."""
        categories = self._pairs[Kind.CATEGORY].new_of
        ours, theirs = self._old, self._new
        mine: list[tuple[str, Hashable]] = []
        for one in old:
            name = ours.full_name(one)
            found = ours.categories_of(one)
            if name[0]:
                mine += [(one.id, (categories[id_], name)) for id_ in found if id_ in categories] or (
                    [] if found else [(one.id, ("", name))]
                )
        their = [(one.id, (id_, name)) for one in new if (name := theirs.full_name(one))[0] for id_ in theirs.categories_of(one) or ("",)]
        self._unique(MatchedBy.PATH, mine, their)

    def _match_returned(self) -> None:
        """What was gone from the store and is there again: by article or barcode among what is left."""
        for by, keys in _KEYS:
            self._products.join_unique(by, keys(self._old.gone), keys(self._new.units))

    # --- categories and structures -----------------------------------------------------------------------------------------

    def _match_structures(self) -> None:
        kind = Kind.STRUCTURE
        self._match_list(kind)
        ours, theirs = self._old, self._new
        votes = ((ours.structure_of(ours.goods[old]), theirs.structure_of(theirs.goods[new])) for old, new in self._products.new_of.items())
        known, others = ours.names.get(kind, {}), theirs.names.get(kind, {})
        self._pairs[kind].join_most(MatchedBy.PRODUCTS, [(old, new) for old, new in votes if old in known and new in others])

    def _match_categories(self) -> None:
        pairs, ours, theirs = self._pairs[Kind.CATEGORY], self._old, self._new
        for id_, path in ours.paths.items():
            if theirs.paths.get(id_) == path:
                pairs.add(id_, id_, MatchedBy.ID)
        structures = self._pairs[Kind.STRUCTURE].new_of
        pairs.join_unique(
            MatchedBy.PATH,
            [(id_, (structures.get(ours.categories[id_].structure_id), path)) for id_, path in ours.paths.items()],
            [(id_, (theirs.categories[id_].structure_id, path)) for id_, path in theirs.paths.items()],
        )
        pairs.join_unique(MatchedBy.PATH, list(ours.paths.items()), list(theirs.paths.items()))
        pairs.join_most(MatchedBy.PRODUCTS, self._category_votes())
        while pairs.join_most(MatchedBy.PRODUCTS, self._votes_of_children()):
            pass

    def _category_votes(self) -> list[tuple[str, str]]:
        ours, theirs = self._old, self._new
        return [
            (mine, other)
            for old, new in self._products.new_of.items()
            for mine in ours.categories_of(ours.goods[old])
            for other in theirs.categories_of(theirs.goods[new])
            if mine in ours.categories and other in theirs.categories
        ]

    def _votes_of_children(self) -> list[tuple[str, str]]:
        """A category without products of its own is where its children are."""
        ours, theirs = self._old.categories, self._new.categories
        parents = ((ours[old].parent_id, theirs[new].parent_id) for old, new in self._pairs[Kind.CATEGORY].new_of.items())
        return [(mine, other) for mine, other in parents if mine is not None and other is not None and mine in ours and other in theirs]

    # --- what has only a name -------------------------------------------------------------------------------------------------

    def _match_list(self, kind: Kind) -> None:
        pairs, ours, theirs = self._pairs[kind], self._old.names.get(kind, {}), self._new.names.get(kind, {})
        for id_, name in ours.items():
            if id_ in theirs and fold(name) == fold(theirs[id_]):
                pairs.add(id_, id_, MatchedBy.ID)
        pairs.join_unique(
            MatchedBy.NAME,
            [(id_, fold(name)) for id_, name in ours.items() if fold(name)],
            [(id_, fold(name)) for id_, name in theirs.items() if fold(name)],
        )
        if kind in ONLY_ONES and len(ours) == len(theirs) == 1:
            (old,), (new,) = ours, theirs
            if pairs.free(old, new):
                pairs.add(old, new, MatchedBy.ONLY)

    def _whatever_has_the_same_id(self) -> None:
        """Both sources count alike: a product that was renamed and got another article is still the same."""
        for kind, pairs in self._pairs.items():
            others = set(self._new.all_of(kind))
            for id_ in self._old.all_of(kind):
                if id_ in others and pairs.free(id_, id_):
                    pairs.add(id_, id_, MatchedBy.ID)

    # --- the result ---------------------------------------------------------------------------------------------------------------

    def _result(self, same_ids: bool) -> Matching:
        found = sorted(pair for kind, pairs in self._pairs.items() for pair in pairs.pairs(kind))
        alive = {one.id for one in (*self._old.units, *self._old.heads)}
        mine = {kind: set(self._old.all_of(kind)) for kind in Kind} | {Kind.PRODUCT: alive}
        new_ids = {kind: frozenset(self._new.all_of(kind)) for kind in Kind}
        return Matching(
            tuple(found),
            tuple(sorted(self._doubts())),
            {kind: tuple(sorted(mine[kind] - self._pairs[kind].new_of.keys())) for kind in Kind},
            {kind: tuple(sorted(new_ids[kind] - self._pairs[kind].old_of.keys())) for kind in Kind},
            same_ids,
            tuple(pair for pair in found if pair.kind is Kind.PRODUCT and pair.by is MatchedBy.ARTICLE and self._is_unlike(pair)),
            new_ids,
        )

    def _doubts(self) -> Iterator[Doubt]:
        """Groups of which both sides have something left."""
        seen: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
        for group in self._groups:
            old = tuple(id_ for id_ in group.old if id_ not in self._products.new_of)
            new = tuple(id_ for id_ in group.new if id_ not in self._products.old_of)
            if old and new and (old, new) not in seen:
                seen.add((old, new))
                yield Doubt(group.by, old, new)

    def _is_unlike(self, pair: Pair) -> bool:
        one, other = self._old.goods[pair.old], self._new.goods[pair.new]
        if not set(one.barcodes).isdisjoint(other.barcodes):
            return False
        return set(self._old.full_name(one)[0].split()).isdisjoint(self._new.full_name(other)[0].split())


def _alike(one: Goods, other: Goods) -> bool:
    if one.article.strip() and other.article.strip():
        return one.article.strip() == other.article.strip()
    if one.name and fold(one.name) == fold(other.name):
        return True
    return not set(one.barcodes).isdisjoint(other.barcodes)


# --- what is kept, so that it can be undone -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeptSettings:
    """What one cabinet was set to of the store."""

    catalog_structure_id: str | None
    order_direction_id: str | None
    organization_id: str | None
    responsible_employee_id: str | None
    price_type_id: str | None


@dataclass(frozen=True, slots=True)
class KeptOrder:
    """How far an order was with the old store; the new one knows nothing of it."""

    integration_id: int
    posting_number: str
    asked_stage: str | None
    set_stage: str | None
    set_state: str | None
    placed: PlacedOrder | None


@dataclass(frozen=True, slots=True)
class KeptForUndo:
    """What ids alone do not bring back. preferences: None = there was none; links: (integration, product, article) that were made.

    settings: by integration.
    """

    preferences: Mapping[str, str | None] = field(default_factory=dict)
    settings: Mapping[int, KeptSettings] = field(default_factory=dict)
    categories: tuple[StoreCategory, ...] = ()
    warehouses: tuple[str, ...] = ()
    links: tuple[tuple[int, str, str], ...] = ()
    orders: tuple[KeptOrder, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A take-over that was done. can_be_undone: it is the last one, and was not undone. Times are UTC."""

    id: int
    plan_id: str
    came_from: str
    goes_on_with: str
    at: datetime
    undone_at: datetime | None
    can_be_undone: bool
