"""The decision: what speaks for each candidate is weighed with fitted weights, and how far the first one can be trusted is estimated.

The weights are data (`weights.txt`), fitted on judged categories of real shops.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from ozon_desktop.domain.matching.index import TypeIndex
from ozon_desktop.domain.matching.trade import Guess, Share, Surroundings
from ozon_desktop.domain.matching.varied import Candidate
from ozon_desktop.domain.matching.words import Role, Word

RANKING, TRUST = "ranking.", "trust."
RARE_TRADE = 0.03
LEAST, MOST = 0.001, 0.999
NEXT, MOST_LIKELY = 6, 20
# How far a category is trusted whose name says nothing of the goods, as «Новинки».
NAMELESS = 0.5
# What a word says that only the type's place in Ozon's tree has.
IN_PLACE = 0.6


@dataclass(frozen=True, slots=True)
class Heading:
    """What a category's own name and path say.

    above: stems of each name above, nearest first; stems: of all names of the path; says_parts, own_says_parts: whether one of its names,
    or the own name, speaks of nothing but accessories or spare parts; parts: how many things the name lists; listed: the stems of each,
    where there are several.
    """

    words: Sequence[Word]
    above: Sequence[frozenset[str]]
    stems: frozenset[str]
    says_parts: bool
    own_says_parts: bool
    vague: bool
    parts: int
    listed: Sequence[frozenset[str]]

    @property
    def thing(self) -> str:
        """The stem of what the name calls the goods, "" where it does not."""
        return next((word.stem for word in self.words if word.role is Role.HEAD), "")


@dataclass(slots=True)
class Judged:
    """A candidate with its chance 0…1 of being the right one among all."""

    candidate: Candidate
    chance: float
    evidence: dict[str, float]


class Judge:
    """weights: by name, as in `weights.txt`."""

    def __init__(self, index: TypeIndex, weights: Mapping[str, float]) -> None:
        self._index = index
        self._ranking = {name.removeprefix(RANKING): weight for name, weight in weights.items() if name.startswith(RANKING)}
        self._trust = {name.removeprefix(TRUST): weight for name, weight in weights.items() if name.startswith(TRUST)}

    def ranked(self, candidates: Sequence[Candidate], heading: Heading, around: Surroundings) -> list[Judged]:
        """The candidates with their chances, best first."""
        features = self.evidence(candidates, heading, around)
        weights = self._ranking
        sums = [sum(weights.get(name, 0.0) * value for name, value in one.items() if value) for one in features]
        most = max(sums, default=0.0)
        powers = [exp(number - most) for number in sums]
        total = sum(powers) or 1.0
        judged = [Judged(candidate, power / total, one) for candidate, power, one in zip(candidates, powers, features, strict=True)]
        return sorted(judged, key=lambda one: (-one.chance, self._index.keys[one.candidate.number]))

    def evidence(self, candidates: Sequence[Candidate], heading: Heading, around: Surroundings) -> list[dict[str, float]]:
        """What speaks for and against each candidate, each 0…1 or near it."""
        best_score = max((candidate.score for candidate in candidates), default=0.0) or 1e-9
        best_place = max((candidate.place for candidate in candidates), default=0.0) or 1.0
        above = _by_category(around.parent, self._index)
        return [
            {
                **self._own(candidate, best_score, best_place),
                **self._parts(candidate.number, heading),
                **self._around(candidate, around, above, bare=not heading.thing),
                **self._explained(candidate, heading),
            }
            for candidate in candidates
        ]

    def _own(self, candidate: Candidate, best_score: float, best_place: float) -> dict[str, float]:
        found = candidate.heading
        return {
            "score": log(max(candidate.score, 0.02) / best_score),
            "name": candidate.name,
            "exact": float(found is not None and candidate.name >= 0.995),
            "goods": candidate.goods,
            "place": candidate.place / best_place,
            "relatives": candidate.near,
            "context": found.context if found else 0.0,
            "translated": float(found is not None and bool(found.word)),
            "rare": float(self._index.priors[candidate.number] < 1),
            "namesakes": float(self._index.shared_names[candidate.number]),
            "unnamed": float(candidate.score == 0),
        }

    def _parts(self, number: int, heading: Heading) -> dict[str, float]:
        """How well «Запчасть для …» fits a path that speaks of spare parts, and how much of the type's name nothing says."""
        index = self._index
        unsaid = unfit = 1.0
        part = index.is_part[number]
        for alias in index.aliases_of[number]:
            words = index.alias_words[alias]
            unsaid = min(unsaid, sum(share for stem, share, _ in words if stem not in heading.stems))
            if part:
                aims = [(stem, share) for stem, share, _ in words if stem not in index.part_words]
                whole = sum(share for _, share in aims)
                unfit = min(unfit, sum(share for stem, share in aims if stem not in heading.stems) / whole if whole else 0.7)
        return {
            "unsaid": unsaid,
            "part_said": float(part and heading.says_parts),
            "part_not_said": float(part and not heading.says_parts),
            "thing_where_parts": float(not part and heading.own_says_parts),
            "part_fits": (1 - unfit) if part and heading.says_parts else 0.0,
            "part_fits_own": (1 - unfit) if part and heading.own_says_parts else 0.0,
            "part_unfit": unfit if part else 0.0,
        }

    def _around(self, candidate: Candidate, around: Surroundings, above: Mapping[int, float], *, bare: bool) -> dict[str, float]:
        """bare: the name itself names no thing, so it may be the siblings' or the parent's: «Эхолоты / Garmin», hardly «Ванны / Двери»."""
        number = candidate.number
        siblings_type = _felt(around.siblings, around.siblings.type(number))
        parent_type = sqrt(around.parent.shares.get(number, 0.0)) * around.parent.weight
        base, category = self._index.base_of[number], self._index.category_of[number]
        in_shop = around.shop.base(base)
        foreign = around.shop.strength if in_shop < RARE_TRADE else 0.0
        return {
            "shop_base": _felt(around.shop, in_shop),
            "shop_foreign": foreign,
            "name_foreign": candidate.name * foreign,
            "shop_category": _felt(around.shop, around.shop.category(category)),
            "siblings_base": _felt(around.siblings, around.siblings.base(base)),
            "siblings_category": _felt(around.siblings, around.siblings.category(category)),
            "siblings_type": siblings_type,
            "siblings_type_bare": siblings_type if bare else 0.0,
            "branch_base": _felt(around.branch, around.branch.base(base)),
            "branch_category": _felt(around.branch, around.branch.category(category)),
            "children_category": _felt(around.children, around.children.category(category)),
            "children_type": _felt(around.children, around.children.type(number)),
            "words_base": around.words.base(base),
            "words_category": around.words.category(category),
            "store_words_base": around.store_words.base(base),
            "store_words_category": around.store_words.category(category),
            "parent_type": parent_type,
            "parent_type_bare": parent_type if bare else 0.0,
            "parent_category": sqrt(above.get(category, 0.0)) * around.parent.weight,
        }

    def _explained(self, candidate: Candidate, heading: Heading) -> dict[str, float]:
        """How much of what the name and the names above say the type's own name and place say too, the rarer words weighing more."""
        index, number = self._index, candidate.number
        named, place = index.stems_of[number], index.places[index.category_of[number]]
        found: list[float] = []
        levels: list[Iterable[str]] = [[word.stem for word in heading.words], heading.above[0] if heading.above else ()]
        levels.append(heading.above[-1] if len(heading.above) > 1 else ())
        for stems in levels:
            whole = said = 0.0
            for stem in stems:
                rarity = index.rarity.get(stem, 0.0) or (0.5 if stem in index.place_words else 0.0)
                whole += rarity
                wide = index.words.broader.get(stem, stem)
                said += rarity * (1.0 if stem in named else 0.8 if wide in named else IN_PLACE if stem in place or wide in place else 0.0)
            found.append(said / whole if whole else 0.0)
        own, parent, top = found
        return {"says_own": own, "says_parent": parent, "says_top": top}

    def trust(self, judged: Sequence[Judged], heading: Heading, around: Surroundings) -> float:
        """How likely the first of them is right, 0…1."""
        if not judged:
            return 0.0
        total = sum(self._trust.get(name, 0.0) * value for name, value in self.trust_evidence(judged, heading, around).items())
        trust = 1 / (1 + exp(-max(-30.0, min(30.0, total))))
        return trust if heading.words or judged[0].candidate.goods else min(trust, NAMELESS)

    def trust_evidence(self, judged: Sequence[Judged], heading: Heading, around: Surroundings) -> dict[str, float]:
        """What speaks for and against the first one being right."""
        first, found = judged[0], judged[0].evidence
        chance = max(LEAST, min(MOST, first.chance))
        second = max(LEAST, judged[1].chance) if len(judged) > 1 else LEAST
        category = self._index.category_of[first.candidate.number]
        parents = around.has_children
        types, bases = self._index.spread(heading.thing)
        return {
            "bias": 1.0,
            "odds": log(chance / (1 - chance)),
            "ahead": log(chance / second),
            **{name: found[name] for name in FROM_FIRST},
            "guessed": float(first.candidate.heading is not None and first.candidate.heading.guessed),
            "has_children": float(parents),
            "children_differ": (1 - around.children_agree) if parents else 0.0,
            "vague": float(heading.vague),
            "no_thing": float(not heading.thing),
            "lists": float(heading.parts > 1),
            "says_parts": float(heading.says_parts),
            "raw_score": first.candidate.score,
            "kinds": log(1 + types),
            "trades": log(1 + bases),
            "left_over": self._left_over(first.candidate.number, heading),
            **self._against(judged, heading),
            "others_near": sum(one.chance for one in judged[1:NEXT] if self._index.category_of[one.candidate.number] == category),
        }

    def _against(self, judged: Sequence[Judged], heading: Heading) -> dict[str, float]:
        """What makes the first one doubtful: words it does not account for, products of another kind, a name of many meanings."""
        index, first = self._index, judged[0].candidate
        category, base = index.category_of[first.number], index.base_of[first.number]
        named, place = index.stems_of[first.number], index.places[category]
        own = [word.stem for word in heading.words]
        unknown = [stem for stem in own if stem not in index.postings and stem not in index.place_words]
        rivals = [one.chance for one in judged[1:NEXT] if index.base_of[one.candidate.number] != base]
        return {
            "goods_against": max(0.0, max(one.candidate.goods for one in judged[:MOST_LIKELY]) - first.goods),
            "only_place": sum(stem in place and stem not in named for stem in own) / len(own) if own else 0.0,
            "unknown": len(unknown) / len(own) if own else 1.0,
            "listed_unsaid": sum(not stems & named for stems in heading.listed) / len(heading.listed) if heading.listed else 0.0,
            "meanings": log(1 + first.heading.meanings) if first.heading is not None else 0.0,
            "top": float(not heading.above),
            "section": float(self._names_a_section(first.number, own)),
            "other_trade": max(rivals, default=0.0),
        }

    def _names_a_section(self, number: int, own: Sequence[str]) -> bool:
        """Whether the name is that of a whole section of Ozon, of which the type is but one: «Сантехника» and «Коллекция сантехники»."""
        return frozenset(own) in self._index.sections and self._index.name_lengths[number] > len(own)

    def _left_over(self, number: int, heading: Heading) -> float:
        """What part of the name's words the type's name lacks, 0…1."""
        if not heading.words:
            return 1.0
        index = self._index
        left = min(
            (
                sum(word.stem not in {stem for stem, _, _ in index.alias_words[alias]} for word in heading.words)
                for alias in index.aliases_of[number]
            ),
            default=len(heading.words),
        )
        return left / len(heading.words)


FROM_FIRST = (
    "score",
    "name",
    "exact",
    "goods",
    "context",
    "translated",
    "unsaid",
    "unnamed",
    "shop_base",
    "siblings_base",
    "siblings_type",
    "branch_category",
    "children_type",
    "says_own",
    "says_parent",
    "words_base",
    "words_category",
    "store_words_base",
    "shop_category",
    "siblings_category",
    "parent_type",
    "parent_type_bare",
    "siblings_type_bare",
    "part_not_said",
)


def _felt(share: Share, part: float) -> float:
    """The root lets a side trade of the store count."""
    return sqrt(part) * share.strength


def _by_category(guess: Guess, index: TypeIndex) -> dict[int, float]:
    found: dict[int, float] = {}
    for number, share in guess.shares.items():
        category = index.category_of[number]
        found[category] = found.get(category, 0.0) + share
    return found
