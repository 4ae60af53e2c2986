"""Store texts against the values of a dictionary: exact, in another word form, or only close, and what the manager answered."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from threading import Lock
from typing import Any

from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryValue
from ozon_desktop.domain.store_catalog import fold

Lookup = Callable[[DictionaryKey, str], DictionaryValue | None]
"""Finds a dictionary value for a text; NOTHING when it was decided that the text has none."""

Pair = tuple[DictionaryKey, str]
"""A dictionary and a folded text."""

NOTHING = DictionaryValue(0, "")
"""The answer «такого значения нет»: the text is neither sent nor asked about."""

CANDIDATES = 5
CLOSE_FROM = 72.0
"""Likeness (0 to 100) from which a value is offered as a close one."""

_WORD = re.compile(r"[a-zа-я]+|\d+(?:[.,]\d+)?")
_CYRILLIC = re.compile(r"[а-я]{3}")
_stemming = Lock()


@cache
def _stemmer() -> Any:
    # Imported here: most commands compare no words, and it takes three mebibytes.
    import snowballstemmer

    return snowballstemmer.stemmer("russian")


@dataclass(frozen=True, slots=True)
class ValueChoice:
    """A remembered answer: this store text means this value of the dictionary. value None = it has none."""

    dictionary: DictionaryKey
    text: str
    value: DictionaryValue | None


@dataclass(frozen=True, slots=True)
class DoubtfulValue:
    """A store text that is not certain to be any value, to be decided once.

    attributes: (id, name) of those it stands in; samples of it are `text` as the store writes it. products: how many cards it
    concerns; blocking: how many of them cannot be sent because of it. candidates: close values, the most alike first.
    """

    dictionary: DictionaryKey
    text: str
    attributes: tuple[tuple[int, str], ...]
    candidates: tuple[DictionaryValue, ...]
    products: int
    blocking: int = 0


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """What all forms of a folded word share."""
    if not _CYRILLIC.search(word):
        return word
    # The stemmer keeps the word it works on in itself, and cards are built on several threads.
    with _stemming:
        return str(_stemmer().stemWord(word))


def form_key(text: str) -> tuple[str, ...]:
    """Stems of a text's words in their order: «Тёмно-красная» and «темно-красный» have the same."""
    return tuple(stem(word) for word in words_of(text))


def words_of(text: str) -> list[str]:
    """Words and numbers of a text in their order, folded."""
    return _WORD.findall(fold(text))


def has_forms(text: str) -> bool:
    """Whether the text has words that could be written in another form."""
    return _CYRILLIC.search(fold(text)) is not None


def same_form(text: str, values: Iterable[DictionaryValue]) -> DictionaryValue | None:
    """The one value that differs from the text in word forms only; None when there is none, or more than one."""
    key = form_key(text)
    found = [value for value in values if form_key(value.value) == key]
    return found[0] if key and len({fold(value.value) for value in found}) == 1 else None


def close_values(text: str, values: Sequence[DictionaryValue], limit: int = CANDIDATES) -> tuple[DictionaryValue, ...]:
    """Values that are written much like the text, or of the same words, the most alike first."""
    # Imported here: most commands compare no words, and it takes four mebibytes.
    from rapidfuzz import fuzz, process

    folded, stems = fold(text), _stems(fold(text))
    names = {number: fold(value.value) for number, value in enumerate(values)}
    likeness: dict[int, float] = {}
    as_written = process.extract(folded, names, scorer=fuzz.WRatio, limit=limit * 4, score_cutoff=CLOSE_FROM)
    by_words = process.extract(
        stems, {number: _stems(name) for number, name in names.items()}, scorer=fuzz.token_sort_ratio, limit=limit, score_cutoff=CLOSE_FROM
    )
    for _, score, number in (*as_written, *by_words):
        # One or two letters are part of nearly every word.
        if len(names[number]) > 2:
            likeness[number] = max(likeness.get(number, 0.0), float(score))
    ordered = sorted(likeness, key=lambda number: (-likeness[number], names[number], number))
    return tuple(values[number] for number in ordered[:limit])


@lru_cache(maxsize=200_000)
def _stems(folded: str) -> str:
    return " ".join(form_key(folded))


@dataclass(slots=True)
class KnownValues:
    """Looks texts up in what was read for the cards: the manager's answers first, then exact texts, then word forms."""

    exact: Mapping[Pair, DictionaryValue] = field(default_factory=dict)
    choices: Mapping[Pair, DictionaryValue] = field(default_factory=dict)
    forms: Mapping[Pair, DictionaryValue] = field(default_factory=dict)

    def __call__(self, dictionary: DictionaryKey, text: str) -> DictionaryValue | None:
        pair = (dictionary, fold(text))
        return self.choices.get(pair) or self.exact.get(pair) or self.forms.get(pair)


def apply_choices(
    wanted: Iterable[Pair], answers: Mapping[tuple[int, str], Sequence[ValueChoice]], exact: Mapping[Pair, DictionaryValue]
) -> dict[Pair, DictionaryValue]:
    """What the remembered answers give for these texts.

    answers: by dictionary id and folded text. An answer given for one type of a dictionary that depends on the type serves its
    other types as well, when their dictionaries have a value of the same name (looked up beforehand, in `exact`).
    """
    found: dict[Pair, DictionaryValue] = {}
    for dictionary, text in wanted:
        known = answers.get((dictionary.dictionary_id, text), ())
        # Its own answer first.
        for choice in sorted(known, key=lambda choice: choice.dictionary != dictionary):
            if choice.value is None:
                found[dictionary, text] = NOTHING
            elif (same := exact.get((dictionary, fold(choice.value.value)))) is not None:
                found[dictionary, text] = same
            elif choice.dictionary == dictionary:
                found[dictionary, text] = choice.value
            else:
                continue
            break
    return found
