"""What a store trades in: all its categories vote before any of them is decided, and each is judged by the votes of the others."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from ozon_desktop.domain.matching.evidence import Evidence
from ozon_desktop.domain.matching.index import TypeIndex
from ozon_desktop.domain.matching.leaning import Leaning

# The best candidates of a category share its vote by the power of their scores.
VOTING, POWER = 12, 6
# Fewer votes say nothing; so many say all they can.
FEWEST_VOTES, ENOUGH_VOTES = 0.05, 3.0


@dataclass(frozen=True, slots=True)
class Guess:
    """What a category may be before the store is looked at. shares: of type numbers, summing to 1; weight 0…1: how well the best fits."""

    shares: Mapping[int, float]
    weight: float


NO_GUESS = Guess({}, 0.0)


def guess_of(scores: Sequence[tuple[int, float]]) -> Guess:
    """The vote of a category. scores: (type number, score 0…1), best first."""
    if not scores or scores[0][1] <= 0:
        return NO_GUESS
    best = scores[0][1]
    powers = {number: (score / best) ** POWER for number, score in scores[:VOTING]}
    total = sum(powers.values())
    return Guess({number: power / total for number, power in powers.items()}, min(best, 1.0) ** 2)


class Votes:
    """Votes for Ozon's base categories, categories and types added up."""

    __slots__ = ("bases", "categories", "total", "types")

    def __init__(self) -> None:
        self.bases: dict[int, float] = defaultdict(float)
        self.categories: dict[int, float] = defaultdict(float)
        self.types: dict[int, float] = defaultdict(float)
        self.total = 0.0

    def add(self, guess: Guess, factor: float, index: TypeIndex) -> None:
        weight = guess.weight * factor
        self.total += weight
        for number, share in guess.shares.items():
            self.bases[index.base_of[number]] += weight * share
            self.categories[index.category_of[number]] += weight * share
            self.types[number] += weight * share


NO_VOTES = Votes()


class Share:
    """What part of the votes goes where, the votes of some left out; 0 for all when there are too few."""

    __slots__ = ("_all", "_own", "_rest", "strength")

    def __init__(self, votes: Votes | None, own: Votes | None) -> None:
        self._all, self._own = votes or NO_VOTES, own or NO_VOTES
        rest = self._all.total - self._own.total
        self._rest = rest if rest > FEWEST_VOTES else 0.0
        self.strength = min(self._rest, ENOUGH_VOTES) / ENOUGH_VOTES

    def base(self, base: int) -> float:
        return self._part(self._all.bases, self._own.bases, base)

    def category(self, category: int) -> float:
        return self._part(self._all.categories, self._own.categories, category)

    def type(self, number: int) -> float:
        return self._part(self._all.types, self._own.types, number)

    def _part(self, votes: Mapping[int, float], own: Mapping[int, float], key: int) -> float:
        return max(0.0, votes.get(key, 0.0) - own.get(key, 0.0)) / self._rest if self._rest else 0.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """How the rest of the store votes, seen from one of its categories; parent: its vote, nothing at the top.

    words, store_words: where the words of the category, and those of the whole store, lean.
    """

    shop: Share
    siblings: Share
    branch: Share
    children: Share
    parent: Guess
    siblings_best: tuple[int, ...]
    children_agree: float
    has_children: bool
    words: Leaning
    store_words: Leaning


class Trade:
    """The votes of one store.

    nouns: the stem of the thing each category names, "" where it names none. Categories that name the same thing («Масло подсолнечное»,
    «Масло тыквенное») would only repeat one guess: together they vote as the root of their number, and are not asked about each other.
    """

    def __init__(self, index: TypeIndex, store: Sequence[Evidence], guesses: Sequence[Guess], nouns: Sequence[str]) -> None:
        self._index = index
        self._store, self._guesses, self._nouns = store, guesses, nouns
        repeated = Counter(nouns)
        self._shop = Votes()
        self._same_noun: dict[str, Votes] = defaultdict(Votes)
        self._groups: dict[tuple[str, ...], Votes] = defaultdict(Votes)
        self._branches: dict[tuple[str, ...], Votes] = defaultdict(Votes)
        self._by_path: dict[tuple[str, ...], int] = {}
        for place, (evidence, guess, noun) in enumerate(zip(store, guesses, nouns, strict=True)):
            factor = 1 / sqrt(repeated[noun]) if noun else 1.0
            self._shop.add(guess, factor, index)
            if noun:
                self._same_noun[noun].add(guess, factor, index)
            self._groups[evidence.path[:-1]].add(guess, 1.0, index)
            self._branches[evidence.path[:1]].add(guess, 1.0, index)
            self._by_path.setdefault(evidence.path, place)

    def around(self, place: int, words: Leaning, store_words: Leaning) -> Surroundings:
        """place: of the category in the store; the others as in Surroundings."""
        evidence, guess, noun = self._store[place], self._guesses[place], self._nouns[place]
        own = Votes()
        own.add(guess, 1.0, self._index)
        group = self._groups.get(evidence.path[:-1])
        children = self._groups.get(evidence.path) if len(evidence.path) else None
        above = self._by_path.get(evidence.path[:-1]) if len(evidence.path) > 1 else None
        best = sorted(group.types.items(), key=lambda pair: (-pair[1], pair[0]))[:3] if group else []
        return Surroundings(
            Share(self._shop, self._same_noun[noun] if noun else own),
            Share(group, own),
            Share(self._branches.get(evidence.path[:1]), own),
            Share(children, None),
            self._guesses[above] if above is not None else NO_GUESS,
            tuple(number for number, _ in best),
            max(children.types.values(), default=0.0) / children.total if children and children.total else 0.0,
            children is not None,
            words,
            store_words,
        )
