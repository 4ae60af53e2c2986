"""Suggestions for the mapping: Ozon types ranked by how well their names fit a store category and its products."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

import snowballstemmer
from rapidfuzz.fuzz import ratio

from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.domain.store_catalog import fold

STOP_WORDS = frozenset({"и", "для", "в", "на", "с", "из", "по", "от", "до", "прочее", "другое", "разное", "товары", "аксессуары"})
NAME_WEIGHT, PATH_WEIGHT, PRODUCT_WEIGHT = 0.62, 0.16, 0.22


@dataclass(frozen=True, slots=True)
class Match:
    """A type that fits. confidence 0…1; by_name: its name fits, else the products' names do."""

    key: TypeKey
    confidence: float
    by_name: bool


class TypeMatcher:
    """An index over the usable types of one tree, built once for many categories."""

    def __init__(self, tree: OzonTree) -> None:
        self._stemmer = snowballstemmer.stemmer("russian")
        self._stems: dict[str, str] = {}
        self._keys: list[TypeKey] = []
        self._names: list[str] = []
        self._name_stems: list[frozenset[str]] = []
        self._path_stems: list[frozenset[str]] = []
        self._by_stem: dict[str, list[int]] = {}
        counts: Counter[str] = Counter()
        for type_ in tree.types.values():
            if not type_.usable:
                continue
            number = len(self._keys)
            self._keys.append(type_.key)
            self._names.append(fold(type_.name))
            stems = self.stems(type_.name)
            self._name_stems.append(stems)
            self._path_stems.append(self.stems(" ".join(tree.category_path(type_.key.description_category_id))))
            for stem in stems:
                self._by_stem.setdefault(stem, []).append(number)
            counts.update(stems)
        total = len(self._keys) or 1
        self._weights = {stem: log(1 + total / count) for stem, count in counts.items()}

    def stems(self, text: str) -> frozenset[str]:
        """Word stems without stop words; ё counts as е."""
        words = re.findall(r"[a-zа-я0-9]+", fold(text))
        return frozenset(self._stem(word) for word in words if word not in STOP_WORDS and len(word) > 1)

    def _stem(self, word: str) -> str:
        if word not in self._stems:
            self._stems[word] = self._stemmer.stemWord(word)
        return self._stems[word]

    def best(self, path: Sequence[str], product_names: Iterable[str] = (), limit: int = 5) -> list[Match]:
        """The best types for a store category given by its path, best first."""
        if not path:
            return []
        name, above = path[-1], self.stems(" ".join(path[:-1]))
        own = self.stems(name)
        products = self._product_stems(product_names)
        candidates = {number for stem in own | products.keys() for number in self._by_stem.get(stem, ())}
        matches: list[Match] = []
        for number in candidates:
            by_name = 0.75 * self._overlap(own, self._name_stems[number]) + 0.25 * ratio(fold(name), self._names[number]) / 100
            by_path = self._covered(own | above, self._path_stems[number])
            by_products = sum(products.get(stem, 0.0) for stem in self._name_stems[number]) / (len(self._name_stems[number]) or 1)
            score = NAME_WEIGHT * by_name + PATH_WEIGHT * by_path + PRODUCT_WEIGHT * by_products
            matches.append(Match(self._keys[number], round(min(score, 1.0), 2), by_name >= by_products))
        return sorted(matches, key=lambda match: (-match.confidence, match.key))[:limit]

    def _product_stems(self, names: Iterable[str]) -> dict[str, float]:
        """Share of products whose name has the stem."""
        counts: Counter[str] = Counter()
        total = 0
        for name in names:
            counts.update(self.stems(name))
            total += 1
        return {stem: count / total for stem, count in counts.items() if stem in self._by_stem}

    def _overlap(self, left: frozenset[str], right: frozenset[str]) -> float:
        union = sum(self._weights.get(stem, 3.0) for stem in left | right)
        return sum(self._weights.get(stem, 3.0) for stem in left & right) / union if union else 0.0

    @staticmethod
    def _covered(left: frozenset[str], right: frozenset[str]) -> float:
        return len(left & right) / len(right) if right else 0.0
