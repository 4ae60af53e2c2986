"""Towards which of Ozon's sections words lean: «тыква» stands in names of food, «сальник» in names of car and motorcycle parts.

What each word says is counted in the names of the tree's types and categories and in the table of headings, once for many stores.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, log, sqrt

from ozon_desktop.domain.matching.index import TypeIndex
from ozon_desktop.domain.matching.phrases import Phrases

# How much a word of the category's path says beside a word of the type's own name, and one of a heading of the table.
OF_PLACE, OF_HEADING, OF_LESS_LIKELY = 0.3, 1.0, 0.4
# Sections that are seldom meant say less of the words in them.
RARELY = 0.3
# What a word never seen in a section counts there.
UNSEEN_BASE, UNSEEN_CATEGORY = 0.02, 0.01
Shares = Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Leaning:
    """bases: chances of Ozon's base categories, summing to 1, empty where nothing is known; categories: of those above a type, best = 1."""

    bases: Shares
    categories: Shares

    def base(self, base: int) -> float:
        return self.bases.get(base, 0.0)

    def category(self, category: int) -> float:
        return self.categories.get(category, 0.0)


NO_LEANING = Leaning({}, {})


class Leanings:
    """What words say of the trade."""

    def __init__(self, index: TypeIndex, phrases: Phrases) -> None:
        self._bases = sorted(set(index.base_of))
        of_bases: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        of_categories: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))

        def count(stems: Iterable[str], number: int, weight: float) -> None:
            if index.priors[number] < 1:
                weight *= RARELY
            for stem in stems:
                of_bases[stem][index.base_of[number]] += weight
                of_categories[stem][index.category_of[number]] += weight

        for number, aliases in enumerate(index.aliases_of):
            named = {stem for alias in aliases for stem, _, _ in index.alias_words[alias]}
            count(named, number, 1.0)
            count((stem for stem in index.places[index.category_of[number]] if stem not in named), number, OF_PLACE)
        for phrase in phrases.all():
            for rank, name in enumerate(phrase.names):
                numbers = index.by_name.get(name, ())
                for number in numbers:
                    count(phrase.stems, number, (OF_LESS_LIKELY if rank else OF_HEADING) / len(numbers))
        sizes: dict[int, float] = defaultdict(float)
        for number in range(len(index.keys)):
            sizes[index.base_of[number]] += 1.0
            sizes[index.category_of[number]] += 1.0
        self._base_shares = {stem: _shares(counts, sizes) for stem, counts in of_bases.items()}
        self._category_shares = {stem: _shares(counts, sizes) for stem, counts in of_categories.items()}

    def of(self, stems: Mapping[str, float]) -> Leaning:
        """Where words lean together. stems: with how much each of them counts."""
        known = [
            (self._base_shares[stem], self._category_shares[stem], weight) for stem, weight in stems.items() if stem in self._base_shares
        ]
        if not known:
            return NO_LEANING
        sums = dict.fromkeys(self._bases, 0.0)
        categories: dict[int, float] = defaultdict(float)
        for bases, near, weight in known:
            unseen = weight * log(UNSEEN_BASE)
            for base in sums:
                sums[base] += weight * log(bases[base] + UNSEEN_BASE) if base in bases else unseen
            for category, share in near.items():
                categories[category] += weight * log(1 + share / UNSEEN_CATEGORY)
        most = max(sums.values())
        powers = {base: exp(number - most) for base, number in sums.items()}
        total, best = sum(powers.values()), max(categories.values()) or 1.0
        return Leaning(
            {base: power / total for base, power in powers.items()}, {category: number / best for category, number in categories.items()}
        )


def together(leanings: Iterable[Leaning]) -> Leaning:
    """What many categories say of one store, each heard alike; the best of each kind is 1."""
    bases: dict[int, float] = defaultdict(float)
    categories: dict[int, float] = defaultdict(float)
    for one in leanings:
        for base, share in one.bases.items():
            bases[base] += share
        for category, share in one.categories.items():
            categories[category] += share
    return Leaning(_scaled(bases), _scaled(categories))


def _scaled(found: Mapping[int, float]) -> dict[int, float]:
    best = max(found.values(), default=0.0) or 1.0
    return {key: number / best for key, number in found.items()}


def _shares(counts: Mapping[int, float], sizes: Mapping[int, float]) -> dict[int, float]:
    """Large sections have more names with any word in them."""
    rates = {key: count / sqrt(sizes[key]) for key, count in counts.items()}
    total = sum(rates.values()) or 1.0
    return {key: rate / total for key, rate in rates.items()}
