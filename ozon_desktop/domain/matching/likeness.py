"""Words nobody knows led to known ones: pet forms, misspellings, one-word names of two-word things, compounds, Latin letters."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum

# Endings of pet forms, and what the plain word has in their place.
PET_ENDINGS = (
    ("очк", "к"), ("ечк", "к"), ("ошк", ""), ("ушк", ""), ("ишк", ""), ("еньк", ""), ("оньк", ""), ("чик", ""), ("шк", "х"), ("жк", "г"),
    ("очк", ""), ("чк", "к"), ("ик", ""), ("ек", ""), ("ок", ""), ("к", ""),
)  # fmt: skip
GUESSES, ALMOST = 3, 0.84
BUCKET, FAMILY, FAMILY_SHARE, TAIL, REST = 3, 4, 0.66, 5, 2
ADJECTIVE_ENDING = re.compile(r"(?:очн|ичн|ечн|янн|енн|ическ|еск|ск|альн|ельн|овн|ов|ев|ян|ан|ин|н)$")
LATIN = (
    ("shch", "щ"), ("sch", "щ"), ("sh", "ш"), ("ch", "ч"), ("zh", "ж"), ("kh", "х"), ("ph", "ф"), ("th", "т"), ("oo", "у"), ("ee", "и"),
    ("ck", "к"), ("ya", "я"), ("yu", "ю"), ("ai", "ей"), ("a", "а"), ("b", "б"), ("c", "к"), ("d", "д"), ("e", "е"), ("f", "ф"), ("g", "г"),
    ("h", "х"), ("i", "и"), ("j", "дж"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("q", "к"), ("r", "р"),
    ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"), ("w", "в"), ("x", "кс"), ("y", "и"), ("z", "з"),
)  # fmt: skip


class Kinship(IntEnum):
    """How a known word is related to the unknown one, nearest first."""

    SAME = 0  # A pet form or a misspelling.
    ENDING = 1  # «евровагонка» and «вагонка».
    FAMILY = 2  # «налобник» and «налобный фонарь»: the known word may be a mere sign of the thing.


@dataclass(frozen=True, slots=True)
class Likeness:
    """A known stem and how it is related."""

    stem: str
    kinship: Kinship


class Kin:
    """Looks for kin of roots in a vocabulary (stem → form), which may grow. stem: leads a word to its stem."""

    def __init__(self, vocabulary: Mapping[str, str], stem: Callable[[str], str]) -> None:
        self._vocabulary = vocabulary
        self._stem = stem
        self._buckets: dict[str, list[str]] = {}
        self._by_letter: dict[str, list[str]] = {}
        self._counted = -1

    def of(self, root: str) -> list[Likeness]:
        """Known kin of an unknown root, at most three of one kind; empty when there is none."""
        self._read()
        if root.isascii():
            root = to_cyrillic(root) if len(root) >= FAMILY else ""
            known = self._stem(root)
            if known in self._vocabulary:
                return [Likeness(known, Kinship.SAME)]
        pet = self._pet(root)
        if pet:
            # «шаровики» are hardly little balls.
            return [*pet, *(one for one in self._family(root) if one.stem != pet[0].stem)]
        return self._beginning(root) or self._misspelt(root) or [*self._ending(root), *self._family(root)]

    def relatives(self, stem: str) -> list[str]:
        """Known words that differ from a stem in the ending only: «масляный» of «масло»."""
        self._read()
        if len(stem) < FAMILY:
            return []
        near = [other for other in self._buckets.get(stem[:BUCKET], ()) if other != stem and abs(len(other) - len(stem)) <= FAMILY]
        return [other for other in near if _common(stem, other) >= max(FAMILY, len(stem) - 1)]

    def origins(self, stem: str) -> list[str]:
        """Known words an adjective may be made of: «плитка» of «плиточный»."""
        self._read()
        root = ADJECTIVE_ENDING.sub("", stem)
        if len(root) < BUCKET:
            return []
        near = [other for other in self._buckets.get(root[:BUCKET], ()) if other.startswith(root) and len(other) <= len(root) + 2]
        return [other for other in near if other != stem]

    def _read(self) -> None:
        if self._counted == len(self._vocabulary):
            return
        buckets, letters = defaultdict(list), defaultdict(list)
        for stem in self._vocabulary:
            buckets[stem[:BUCKET]].append(stem)
            letters[stem[:1]].append(stem)
        self._buckets, self._by_letter, self._counted = dict(buckets), dict(letters), len(self._vocabulary)

    def _pet(self, root: str) -> list[Likeness]:
        for ending, plain in PET_ENDINGS:
            stem = root.removesuffix(ending) + plain
            known = self._stem(stem) if root.endswith(ending) and len(stem) >= 3 else ""
            if known in self._vocabulary:
                return [Likeness(known, Kinship.SAME)]
        return []

    def _beginning(self, root: str) -> list[Likeness]:
        """«тренчи» is short for «тренчкот», «минералка» for «минеральная вода»."""
        for beginning in (root, root.removesuffix("к")):
            if len(beginning) >= FAMILY:
                longer = [stem for stem in self._buckets.get(beginning[:BUCKET], ()) if stem.startswith(beginning)]
                if longer:
                    return [Likeness(stem, Kinship.FAMILY) for stem in sorted(longer, key=lambda stem: (len(stem), stem))[:GUESSES]]
        return []

    def _misspelt(self, root: str) -> list[Likeness]:
        if len(root) < 6:
            return []
        near = [stem for stem in self._by_letter.get(root[0], ()) if abs(len(stem) - len(root)) <= 2 and stem[-2:] == root[-2:]]
        near += [stem for stem in self._buckets.get(root[:BUCKET], ()) if abs(len(stem) - len(root)) <= 2 and stem[-2:] != root[-2:]]
        return [Likeness(stem, Kinship.SAME) for stem in get_close_matches(root, near, GUESSES, ALMOST)]

    def _ending(self, root: str) -> list[Likeness]:
        for start in range(REST, len(root) - TAIL + 1):
            if root[start:] in self._vocabulary:
                return [Likeness(root[start:], Kinship.ENDING)]
        return []

    def _family(self, root: str) -> list[Likeness]:
        """The words with the longest common beginning."""
        shared = [(_common(root, stem), stem) for stem in self._buckets.get(root[:BUCKET], ())]
        most = max((common for common, _ in shared), default=0)
        if most < max(FAMILY, FAMILY_SHARE * len(root)):
            return []
        near = [stem for common, stem in shared if common == most]
        # Adjectives first: they are what one-word names are made of.
        found = sorted(near, key=lambda stem: (self._vocabulary[stem][-1:] not in "йяе", len(stem), stem))
        return [Likeness(stem, Kinship.FAMILY) for stem in found[:GUESSES]]


def to_cyrillic(word: str) -> str:
    """A Latin word as a Russian would write it by ear: «pouch» → «поуч»; close enough to be found."""
    for latin, cyrillic in LATIN:
        word = word.replace(latin, cyrillic)
    return word


def _common(one: str, other: str) -> int:
    length = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        length += 1
    return length
