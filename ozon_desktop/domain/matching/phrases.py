"""Headings people use, found inside a text and led to the names Ozon has for them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ozon_desktop.domain.matching.words import PREPOSITIONS, Role, Word, Words, is_adjective
from ozon_desktop.domain.store_catalog import fold


@dataclass(frozen=True, slots=True)
class Phrase:
    """An everyday heading: its stems, its text, and the type names it may mean, most likely first."""

    stems: frozenset[str]
    text: str
    names: tuple[str, ...]
    readings: tuple[tuple[Word, ...], ...]


class Phrases:
    """The table of headings, searchable by the words of a text."""

    def __init__(self, words: Words) -> None:
        self._by_stem: dict[str, list[Phrase]] = defaultdict(list)
        seen: set[frozenset[str]] = set()
        forms: dict[str, str] = {}
        # «От моли»: known by what it is against.
        self._aims: set[frozenset[str]] = set()
        for text, names in words.tables.headings.items():
            # «бензокоса» is taken apart to «коса для бензина».
            tokens = [token for token in words.tokens(fold(text)) if token not in PREPOSITIONS]
            stems = frozenset(map(words.stem, tokens))
            forms.update((words.stem(token), token) for token in tokens)
            if tokens and words.tokens(fold(text))[0] in PREPOSITIONS:
                self._aims.add(stems)
            # Forms of one heading are one phrase, else a product would vote twice.
            if stems and stems not in seen:
                seen.add(stems)
                phrase = Phrase(stems, text, tuple(map(fold, names)), tuple(_reading(words, name) for name in names))
                self._by_stem[max(stems, key=lambda stem: (len(stem), stem))].append(phrase)
        words.vocabulary.update((stem, form) for stem, form in forms.items() if stem not in words.vocabulary)

    def all(self) -> Iterator[Phrase]:
        """Each heading of the table once."""
        return (phrase for phrases in self._by_stem.values() for phrase in phrases)

    def within(self, words: Iterable[Word]) -> list[Phrase]:
        """The longest phrases made of these words only; each names the thing itself, where the words name one."""
        words_by_stem = {word.stem: word for word in words if word.role is not Role.COMPANION}
        known = words_by_stem.keys()
        heads = {stem for stem, word in words_by_stem.items() if word.role is Role.HEAD}
        found = [phrase for stem in known for phrase in self._by_stem.get(stem, ()) if phrase.stems <= known]
        if not heads:
            # «Компьютерные», «Для посуды»: what it is stands elsewhere. «iPhone» names the thing.
            heads = {stem for stem, word in words_by_stem.items() if word.role is not Role.COMPLEMENT and not is_adjective(word.text)}
        found = [phrase for phrase in found if phrase.stems & heads or (not heads and phrase.stems in self._aims)]
        longest = [phrase for phrase in found if not any(phrase.stems < other.stems for other in found)]
        return sorted(longest, key=lambda phrase: (-len(phrase.stems), phrase.text))


def _reading(words: Words, name: str) -> tuple[Word, ...]:
    """The words of a type's name; «Топ» consists of a word that elsewhere says nothing."""
    return tuple(words.read(name)) or (Word(fold(name), Role.HEAD, fold(name)),)
