"""Russian shop language taken apart: word forms, abbreviations, compounds, and which word of a heading is the thing itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from ozon_desktop.domain.matching.likeness import GUESSES, Kin, Kinship
from ozon_desktop.domain.matching.roots import root_of
from ozon_desktop.domain.matching.tables import TOKEN, WordTables
from ozon_desktop.domain.store_catalog import fold

PREPOSITIONS = frozenset(
    "для в во на с со из по от до к ко под при за над без у о об против вокруг".split()  # noqa: SIM905 (reads better as a line of words)
)
CONJUNCTIONS = frozenset({"и", "или", "а", "не", "же"})
# Parts of a heading that stand side by side: «Футболки и майки», «Пассатижи/плоскогубцы».
PART = re.compile(r"\s+(?:и|или)\s+|(?<!с)/(?!х)|[,;|&•]|\s[-–—]\s")
ADJECTIVE = re.compile(r"(?:ый|ий|ой|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ых|их|ым|им|ыми|ими|ую|юю)$")
# Nouns that end like adjectives.
NOUN = re.compile(
    r"^(?:комплектующ|рабочее$)|(?:ние|тие|сие|вие|рие|лие|ции|иях|обои|рой|бой|кой)$|^(?:животн|насеком|пирожн|морожен|ванн|гостин|прихож|детская$|спальня|"
    r"столовая$|лыжи|лыжам|гербарий|кремний|алюминий|санаторий|террарий|масло|кий$|клей|чай|юбилей|хоккей|дрожжи|щипцы|их$|им$|спирт)"
)


class Role(IntEnum):
    """What a word does in a heading: «детская кровать для дачи с ящиками» = ADJECTIVE, HEAD, COMPLEMENT, COMPANION."""

    HEAD = 0
    ADJECTIVE = 1
    COMPLEMENT = 2
    COMPANION = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a heading: its stem and role; `text` as it was written, folded."""

    stem: str
    role: Role
    text: str


class Words:
    """The reader of headings, with its memory of stems. One per index: the memory grows with the texts read."""

    def __init__(self, tables: WordTables) -> None:
        self.tables = tables
        self._plain: dict[str, str] = {}
        self._plurals: dict[str, str] = {}
        self._stems: dict[str, str] = {}
        self._tokens: dict[str, tuple[str, ...]] = {}
        self.broader = {self.stem(word): self.stem(wide) for word, wide in tables.broader.items()}
        self._empty = {self.stem(word) for word in tables.empty}
        # Stems of the tree and of the table of headings, each with one of its forms.
        self.vocabulary: dict[str, str] = {}
        self._guesses: dict[str, tuple[tuple[Word, Kinship], ...]] = {}
        self._signs: dict[str, list[Word]] = {}
        self._origins: dict[str, list[Word]] = {}
        self._kin = Kin(self.vocabulary, self.stem)

    def stem(self, word: str) -> str:
        """The stem shared by all forms and everyday variants of a word."""
        known = self._stems.get(word)
        if known is None:
            root = self._root(word)
            root = self._plurals.get(root, root)
            known = self._stems[word] = self.tables.same_roots.get(root, root)
        return known

    def learn_plurals(self, texts: Iterable[str]) -> None:
        """«Мотошлем» ends like «домом»: what its plural is cut to is taken for what itself is cut to. Before anything is read."""
        tokens = {token for text in texts for token in TOKEN.findall(fold(text))}
        for token in tokens:
            root = self._root(token)
            if token.endswith("м") and root != token and self._root(token + "ы") == token:
                self._plurals[token] = root

    def _root(self, word: str) -> str:
        known = self._plain.get(word)
        if known is None:
            known = self._plain[word] = root_of(word)
        return known

    def guesses(self, word: Word) -> tuple[tuple[Word, Kinship], ...]:
        """Known words an unknown one may mean, each with how it is related; empty for a known word."""
        known = self._guesses.get(word.text)
        if known is None:
            found = self._kin.of(self._root(word.text)) if word.stem not in self.vocabulary else []
            forms = [(one.stem, self.vocabulary[one.stem], one.kinship) for one in found]
            known = tuple((Word(stem, Role.ADJECTIVE if is_adjective(form) else Role.HEAD, form), kinship) for stem, form, kinship in forms)
            self._guesses[word.text] = known
        return known

    def signs(self, word: Word) -> list[Word]:
        """Known adjectives made of a noun: «масляный» of «масло»."""
        known = self._signs.get(word.stem)
        if known is None:
            forms = [(stem, self.vocabulary[stem]) for stem in self._kin.relatives(word.stem)]
            known = self._signs[word.stem] = [Word(stem, Role.ADJECTIVE, form) for stem, form in forms if is_adjective(form)][:GUESSES]
        return known

    def nouns(self, word: Word) -> list[Word]:
        """Known nouns an adjective may be made of, as what the thing is for: «плитка» of «плиточный»."""
        known = self._origins.get(word.stem)
        if known is None:
            forms = [(stem, self.vocabulary[stem]) for stem in self._kin.origins(word.stem)]
            nouns = [Word(stem, Role.COMPLEMENT, form) for stem, form in forms if not is_adjective(form)]
            known = self._origins[word.stem] = nouns[:2]
        return known

    def tokens(self, text: str) -> list[str]:
        """Words of a folded text, abbreviations written out, hyphens taken apart."""
        found: list[str] = []
        for token in TOKEN.findall(text.replace("х/б", "хб")):
            words = self._tokens.get(token)
            if words is None:
                words = self._tokens[token] = self._written_out(token)
            found.extend(words)
        return found

    def _written_out(self, token: str) -> tuple[str, ...]:
        if token.isdigit():
            return (token,)
        whole = self.tables.abbreviations.get(token)
        if whole is not None:
            return whole
        parts = token.split("-")
        if len(parts) > 1:
            return tuple(word for part in parts for word in self._written_out(part))
        return self._taken_apart(token)

    def _taken_apart(self, token: str) -> tuple[str, ...]:
        """«автоковрики» is read as «коврики для автомобиля» when the tree knows no such word but knows «коврик»."""
        if self.vocabulary and self.stem(token) not in self.vocabulary:
            for prefix, noun in self.tables.compounds.items():
                rest = token.removeprefix(prefix)
                if rest != token and len(rest) >= 4 and self.stem(rest) in self.vocabulary:
                    return (rest, "для", noun)
        return (token,)

    def read(self, text: str) -> list[Word]:
        """The words of one heading with their roles, without prepositions and empty words."""
        words: list[Word] = []
        headed = False
        tail: Role | None = None
        for token in self.tokens(fold(text)):
            if token in PREPOSITIONS:
                tail = Role.COMPANION if token in {"с", "со", "без"} else Role.COMPLEMENT
                continue
            if token in CONJUNCTIONS or (len(token) < 2 and not token.isdigit()):
                continue
            stem = self.stem(token)
            if is_adjective(token) or token.isascii():
                role = tail or Role.ADJECTIVE
            elif tail or headed:
                role = tail or Role.COMPLEMENT
            else:
                role = Role.HEAD
            if stem in self._empty:
                continue
            if role is Role.HEAD and self.vocabulary and stem not in self.vocabulary:
                # A brand or model: the thing itself comes later.
                role = Role.ADJECTIVE
            headed = headed or role is Role.HEAD
            words.append(Word(stem, role, token))
        return words

    def parts(self, text: str) -> list[list[Word]]:
        """Readings of a heading: the whole first, then its parts with the words they share («бальзамы [для волос]»)."""
        folded = fold(text).replace("х/б", "хб")
        whole = self.read(folded)
        pieces = _pieces(folded)
        if len(pieces) < 2:
            return [whole] if whole else []
        readings = [reading for reading in map(self.read, pieces) if reading]
        if not readings:
            return [whole] if whole else []
        last_tail = [word for word in readings[-1] if word.role is Role.COMPLEMENT]
        first_signs = [word for word in readings[0] if word.role is Role.ADJECTIVE] if _headed(readings[0]) else []
        shared: list[list[Word]] = []
        for number, reading in enumerate(readings):
            extra: list[Word] = []
            if number < len(readings) - 1 and not any(word.role is Role.COMPLEMENT for word in reading):
                extra += last_tail
            if number and not any(word.role is Role.ADJECTIVE for word in reading):
                extra += first_signs
            if not _headed(reading):
                extra += [word for word in readings[-1] if word.role is Role.HEAD]
            shared.append(reading + extra)
        return [reading for number, reading in enumerate([whole, *shared]) if reading and reading not in [whole, *shared][:number]]


def _pieces(text: str) -> list[str]:
    """A heading cut where it lists things; «корм для кошек и собак» lists only what the thing is for."""
    pieces: list[str] = []
    for piece in filter(None, (piece.strip() for piece in PART.split(text))):
        if pieces and len(piece.split()) == 1 and PREPOSITIONS & set(pieces[-1].split()):
            pieces[-1] += " " + piece
        else:
            pieces.append(piece)
    return pieces


@lru_cache(maxsize=50_000)
def is_adjective(word: str) -> bool:
    """Whether a folded word looks like an adjective."""
    return len(word) > 4 and ADJECTIVE.search(word) is not None and NOUN.search(word) is None


def _headed(words: list[Word]) -> bool:
    return any(word.role is Role.HEAD for word in words)
