"""The word tables of the matching, read from texts of lines «one; another = meaning; less likely meaning» and checked."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ozon_desktop.domain.matching.roots import root_of
from ozon_desktop.domain.store_catalog import fold

TOKEN = re.compile(r"[a-zа-я0-9]+(?:-[a-zа-я0-9]+)*")
HEADINGS = "headings/"
"""What the names of tables of headings begin with."""
LISTS = ("empty_words.txt", "neutral_words.txt", "vague_words.txt", "rare_places.txt", "type_properties.txt")
WEIGHTS = "weights.txt"
"""What the evidence weighs: «ranking.name = 1.5», fitted, not written by hand."""
PAIRS = ("abbreviations.txt", "compounds.txt", "same_words.txt", "broader_words.txt", "sections.txt")


class TableFault(StrEnum):
    MISSING = "missing"
    ENCODING = "encoding"  # Not UTF-8.
    NO_SIGN = "no_sign"
    SURPLUS_SIGN = "surplus_sign"
    EMPTY = "empty"
    DOUBLE = "double"
    SEVERAL = "several"  # Several meanings where there can be one.
    NOT_ONE_WORD = "not_one_word"
    NOT_A_NUMBER = "not_a_number"
    CHAIN = "chain"  # A meaning that is itself led to another one; a circle is made of such.


class WrongTable(ValueError):
    """A table that cannot be used. line from 1, 0 = the whole file; word: the entry; other: the place it clashes with («file:line»)."""

    def __init__(self, file: str, line: int, fault: TableFault, word: str = "", other: str = "") -> None:
        super().__init__(f"{file}:{line}: {fault} {word} {other}".strip())
        self.file = file
        self.line = line
        self.fault = fault
        self.word = word
        self.other = other


@dataclass(frozen=True, slots=True)
class WordTables:
    """Everyday shop language. All words are folded, the names of types are as written.

    headings: everyday heading → names of types, the likeliest first; same_roots: root → root of the word Ozon uses; abbreviations:
    word → the words it is read as; compounds: beginning → the word it stands for, tried in their order; broader: word → wider word;
    sections: section of a shop → words of Ozon's sections; empty: say nothing of the goods; neutral: do not change what the thing is;
    vague: do not name the thing without what it is for; rare_places: beginnings of names of Ozon's sections that are seldom meant;
    type_properties: names of properties whose values name the thing; weights: of the evidence, by its name.
    """

    headings: Mapping[str, tuple[str, ...]]
    same_roots: Mapping[str, str]
    abbreviations: Mapping[str, tuple[str, ...]]
    compounds: Mapping[str, str]
    broader: Mapping[str, str]
    sections: Mapping[str, str]
    empty: tuple[str, ...]
    neutral: tuple[str, ...]
    vague: tuple[str, ...]
    rare_places: tuple[str, ...]
    type_properties: frozenset[str]
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with an entry. words: folded; meanings: as written, empty in a list."""

    file: str
    number: int
    words: tuple[str, ...]
    meanings: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        return f"{self.file}:{self.number}"

    @property
    def meaning(self) -> str:
        """The only meaning, folded."""
        if len(self.meanings) > 1:
            raise self.wrong(TableFault.SEVERAL, self.meanings[1])
        return fold(self.meanings[0])

    @property
    def meant_word(self) -> str:
        """The only meaning, which must be one word."""
        self.need_single((self.meaning,))
        return self.meaning

    def need_single(self, words: Iterable[str]) -> None:
        for word in words:
            if not TOKEN.fullmatch(word):
                raise self.wrong(TableFault.NOT_ONE_WORD, word)

    def wrong(self, fault: TableFault, word: str = "", other: str = "") -> WrongTable:
        return WrongTable(self.file, self.number, fault, word, other)


def read_tables(texts: Mapping[str, str]) -> WordTables:
    """The tables from the texts of their files by name; those of headings are read in the order given. WrongTable."""
    pairs = {file: list(_pairs(texts, file)) for file in PAIRS}
    words: dict[str, _Line] = {}
    # A word cannot be empty and vague, or neutral and empty.
    empty, neutral, vague = (_listed(texts, file, words, single=True) for file in LISTS[:3])
    rare_places, type_properties = (_listed(texts, file, {}) for file in LISTS[3:])
    abbreviations, compounds, same, broader, sections = (_checked(lines) for lines in pairs.values())
    headings = _checked(line for file in texts if file.startswith(HEADINGS) for line in _pairs(texts, file))
    return WordTables(
        headings={word: line.meanings for word, line in headings.items()},
        same_roots=_same_roots(same),
        abbreviations=_abbreviations(abbreviations),
        compounds=_single_words(compounds),
        broader=_broader(broader),
        sections={word: line.meaning for word, line in sections.items()},
        empty=empty,
        neutral=neutral,
        vague=vague,
        rare_places=rare_places,
        type_properties=frozenset(type_properties),
        weights=_weights(texts),
    )


def _weights(texts: Mapping[str, str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for word, line in _checked(_pairs(texts, WEIGHTS)).items():
        try:
            # A folded name has spaces for its underlines.
            found[word.replace(" ", "_")] = float(line.meaning)
        except ValueError as error:
            raise line.wrong(TableFault.NOT_A_NUMBER, line.meaning) from error
    return found


def _lines(texts: Mapping[str, str], file: str) -> Iterator[tuple[int, str]]:
    """Numbers and contents of the lines that have any; what follows «#» is a comment."""
    if file not in texts:
        raise WrongTable(file, 0, TableFault.MISSING)
    for number, line in enumerate(texts[file].split("\n"), start=1):
        text = line.partition("#")[0].strip()
        if text:
            yield number, text


def _pairs(texts: Mapping[str, str], file: str) -> Iterator[_Line]:
    for number, text in _lines(texts, file):
        left, sign, right = text.partition("=")
        if not sign:
            raise WrongTable(file, number, TableFault.NO_SIGN, text)
        if "=" in right:
            raise WrongTable(file, number, TableFault.SURPLUS_SIGN, text)
        words = tuple(fold(word) for word in left.split(";"))
        meanings = tuple(meaning.strip() for meaning in right.split(";"))
        if not all(words) or not all(meanings):
            raise WrongTable(file, number, TableFault.EMPTY, text)
        yield _Line(file, number, words, meanings)


def _listed(texts: Mapping[str, str], file: str, seen: dict[str, _Line], *, single: bool = False) -> tuple[str, ...]:
    """The words of a list in their order. seen: words of lists that exclude this one; grows by these."""
    found: list[str] = []
    for number, text in _lines(texts, file):
        line = _Line(file, number, tuple(fold(word) for word in text.split(";")))
        if "=" in text:
            raise line.wrong(TableFault.SURPLUS_SIGN, text)
        if not all(line.words):
            raise line.wrong(TableFault.EMPTY, text)
        if single:
            line.need_single(line.words)
        for word in line.words:
            if word in seen:
                raise line.wrong(TableFault.DOUBLE, word, seen[word].place)
            seen[word] = line
            found.append(word)
    return tuple(found)


def _checked(lines: Iterable[_Line]) -> dict[str, _Line]:
    """Lines by each of their words; a word stands in one of them, and no meaning twice in a line."""
    found: dict[str, _Line] = {}
    for line in lines:
        for word in line.words:
            if word in found:
                raise line.wrong(TableFault.DOUBLE, word, found[word].place)
            found[word] = line
        for number, meaning in enumerate(line.meanings):
            if meaning in line.meanings[:number]:
                raise line.wrong(TableFault.DOUBLE, meaning, line.place)
    return found


def _single_words(lines: Mapping[str, _Line]) -> dict[str, str]:
    for word, line in lines.items():
        line.need_single((word,))
    return {word: line.meant_word for word, line in lines.items()}


def _abbreviations(lines: Mapping[str, _Line]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word, line in lines.items():
        line.need_single((word,))
        found[word] = tuple(line.meaning.split())
    for word, line in lines.items():
        for meant in found[word]:
            # It would not be written out a second time. «sap борд» may mean «sup доска» beside «sup» that means the same.
            if meant in found and found[meant] != found[word]:
                raise line.wrong(TableFault.CHAIN, meant, lines[meant].place)
    return found


def _same_roots(lines: Mapping[str, _Line]) -> dict[str, str]:
    found: dict[str, str] = {}
    places: dict[str, _Line] = {}
    meant = {word: root_of(main) for word, main in _single_words(lines).items()}
    for word, line in lines.items():
        root, main = root_of(word), meant[word]
        if found.setdefault(root, main) != main:
            raise line.wrong(TableFault.DOUBLE, word, places[root].place)
        places[root] = line
    for word, line in lines.items():
        # Other forms of the main word may stand beside it.
        if found.get(meant[word], meant[word]) != meant[word]:
            raise line.wrong(TableFault.CHAIN, line.meaning, places[meant[word]].place)
    return found


def _broader(lines: Mapping[str, _Line]) -> dict[str, str]:
    found = _single_words(lines)
    for word, line in lines.items():
        if found[word] in found:
            raise line.wrong(TableFault.CHAIN, found[word], lines[found[word]].place)
    return found
