"""How well a reading of a heading, or many product names at once, fits the names of types."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ozon_desktop.domain.matching.index import TypeIndex
from ozon_desktop.domain.matching.phrases import Phrases
from ozon_desktop.domain.matching.words import Role, Word

QUERY_WEIGHTS = {Role.HEAD: 1.0, Role.ADJECTIVE: 0.4, Role.COMPLEMENT: 0.5, Role.COMPANION: 0.3}
NEUTRAL, UNKNOWN = 0.12, 0.3
# The thing itself is named only in passing («Пульт для телевизора» under «Телевизоры»), or not at all.
IN_PASSING, HEADLESS, BORROWED_HEAD = 0.72, 0.3, 0.8
# «Термоусадка» for «Термоусадочная трубка».
SIGN_ONLY = 0.85
# «Для посудомойки»: more likely «Таблетки для посудомоечных машин» than the machine.
SAME_AIM, OTHER_THING = 0.8, 0.55
POSITIONS = (1.0, 1.0, 0.9, 0.8, 0.65, 0.5, 0.4)
LATER, TAIL = 0.3, 0.45
REFINED = 80
FITTING = 0.3
OTHER_AIM = 0.75


@dataclass(slots=True)
class Found:
    """A type under consideration. score 0…1; context: how much of its name is only in the parents or products; others as in Query."""

    score: float
    context: float = 0.0
    word: str = ""
    part: int = 0
    guessed: bool = False
    meanings: int = 0


@dataclass(slots=True)
class Query:
    """A reading of a heading. prior: how likely it is meant; word: the everyday word it was translated from; part: which of several.

    guessed: its words are only akin to those of the heading, so what is a sign in a type's name may be the thing itself; meanings: how many
    types the everyday word may mean, 0 where none was translated.
    """

    words: Sequence[Word]
    prior: float = 1.0
    word: str = ""
    part: int = 0
    guessed: bool = False
    meanings: int = 0


class Scorer:
    def __init__(self, index: TypeIndex, phrases: Phrases) -> None:
        self._index = index
        self._phrases = phrases
        self._neutral = {index.words.stem(word) for word in index.words.tables.neutral}

    def is_neutral(self, stem: str) -> bool:
        """Whether the word does not change what the thing is: «женский», «красный»."""
        return stem in self._neutral

    def by_heading(self, queries: Iterable[Query], context: Mapping[str, float]) -> dict[int, Found]:
        """The best score of each type over the readings. context: words known otherwise, with how surely (0…1)."""
        best: dict[int, Found] = {}
        for query in queries:
            for number, found in self._scored(query, context).items():
                known = best.get(number)
                if known is None or found.score > known.score:
                    best[number] = found
        return best

    def _weighed(self, query: Query) -> tuple[dict[str, tuple[float, bool]], float]:
        headed = any(word.role is Role.HEAD and word.stem not in self._neutral for word in query.words)
        weights: dict[str, tuple[float, bool]] = {}
        for word in query.words:
            head = word.role is Role.HEAD or (not headed and word.stem not in self._neutral)
            weight = QUERY_WEIGHTS[word.role]
            if word.stem in self._neutral:
                weight = NEUTRAL
            elif word.stem not in self._index.postings:
                weight *= UNKNOWN
            known = weights.get(word.stem, (0.0, False))
            weights[word.stem] = (max(weight, known[0]), head or known[1])
        return weights, sum(weight for weight, _ in weights.values())

    def _scored(self, query: Query, context: Mapping[str, float]) -> dict[int, Found]:
        weights, total = self._weighed(query)
        if not total:
            return {}
        index = self._index
        aim_only = names_an_aim(query.words)
        shares: dict[int, float] = {}
        matched: dict[int, float] = {}
        heads: dict[int, float] = {}
        for stem, (weight, query_head) in weights.items():
            factor = 1.0 if query_head else IN_PASSING
            for alias, share, head in index.postings.get(stem, ()):
                shares[alias] = shares.get(alias, 0.0) + share
                matched[alias] = matched.get(alias, 0.0) + weight
                if aim_only:
                    heads[alias] = max(heads.get(alias, 0.0), SAME_AIM if not head else OTHER_THING)
                elif head and heads.get(alias, 0.0) < factor:
                    heads[alias] = factor
                elif query.guessed and query_head and alias not in heads:
                    heads[alias] = SIGN_ONLY
        rough = {alias: share * (0.3 + 0.7 * matched[alias] / total) * heads.get(alias, HEADLESS) for alias, share in shares.items()}
        chosen = rough if len(rough) <= REFINED else sorted(rough, key=lambda alias: (-rough[alias], alias))[:REFINED]
        best: dict[int, Found] = {}
        for alias in chosen:
            found = self._refined(alias, weights, matched[alias] / total, heads.get(alias, 0.0), context)
            found.score *= query.prior * index.alias_priors[alias]
            found.word = query.word
            found.part = query.part
            found.meanings = query.meanings
            found.guessed = query.guessed or aim_only
            number = index.type_of_alias[alias]
            if number not in best or best[number].score < found.score:
                best[number] = found
        return best

    def _refined(
        self, alias: int, weights: Mapping[str, tuple[float, bool]], matched: float, head: float, context: Mapping[str, float]
    ) -> Found:
        """The score with words of the name taken from the context where the heading leaves them out."""
        covered = borrowed = 0.0
        for stem, share, is_head in self._index.alias_words[alias]:
            if stem in weights:
                covered += share
            elif stem in context:
                borrowed += share * context[stem]
                if is_head and not head:
                    head = BORROWED_HEAD * context[stem]
        if head in {SIGN_ONLY, SAME_AIM}:
            covered **= 0.6
        score = min(covered + borrowed, 1.0) * (0.3 + 0.7 * matched) * max(head, HEADLESS)
        # «Кровать детская» under «Детская мебель» before any other bed.
        return Found(score * (1 + FITTING * borrowed), borrowed)

    def by_products(self, names: Sequence[str]) -> dict[int, Found]:
        """Scores by how many of the product names speak for a type; word: a product name that does."""
        if not names:
            return {}
        shares: dict[str, float] = {}
        tails: dict[str, float] = {}
        examples: dict[str, str] = {}
        votes: dict[int, Found] = {}
        for name in names:
            self._count(name, shares, tails, examples, votes, 1 / len(names))
        found = self._by_shares(shares, tails, examples)
        for number, vote in votes.items():
            if number not in found or found[number].score < vote.score:
                found[number] = vote
        return found

    def _count(
        self,
        name: str,
        shares: dict[str, float],
        tails: dict[str, float],
        examples: dict[str, str],
        votes: dict[int, Found],
        portion: float,
    ) -> None:
        """Adds one product name to the sums. Its first words weigh most: brands and sizes come after the thing itself."""
        index, seen = self._index, set[str]()
        position = 0
        front: list[Word] = []
        for word in index.words.read(name):
            stem = word.stem
            if stem in seen:
                continue
            seen.add(stem)
            weight = POSITIONS[position] if position < len(POSITIONS) else LATER
            position += 1
            front.append(word)
            wide = index.words.broader.get(stem)
            if wide and wide not in seen and wide in index.postings:
                tails[wide] = tails.get(wide, 0.0) + portion * 0.9
                shares.setdefault(wide, 0.0)
                examples.setdefault(wide, name)
            if stem not in index.postings:
                continue
            tails[stem] = tails.get(stem, 0.0) + portion
            shares[stem] = shares.get(stem, 0.0) + portion * weight * (TAIL if word.role >= Role.COMPLEMENT else 1.0)
            examples.setdefault(stem, name)
        # «Шампунь для собак» is hardly «Шампунь для волос».
        meant = {index.words.broader[word.stem] for word in front[:8] if word.stem in index.words.broader}
        for phrase in self._phrases.within(front[:8]):
            for word in phrase.readings[0]:
                if word.stem not in seen and word.stem in index.postings:
                    seen.add(word.stem)
                    shares[word.stem] = shares.get(word.stem, 0.0) + portion * 0.9
                    tails[word.stem] = tails.get(word.stem, 0.0) + portion * 0.9
                    examples.setdefault(word.stem, name)
            for rank, type_name in enumerate(phrase.names):
                fit = 1.0 if meant <= {word.stem for word in phrase.readings[rank]} else OTHER_AIM
                for number in index.by_name.get(type_name, ()):
                    vote = votes.setdefault(number, Found(0.0, 0.0, name))
                    vote.score += portion * (0.95 - 0.08 * rank) * fit

    def _by_shares(self, shares: Mapping[str, float], tails: Mapping[str, float], examples: Mapping[str, str]) -> dict[int, Found]:
        index = self._index
        scores: dict[int, float] = {}
        head: dict[int, float] = {}
        words: dict[int, str] = {}
        matched: dict[int, int] = {}
        for stem, share in shares.items():
            tail = tails[stem]
            for alias, part, is_head in index.postings[stem]:
                matched[alias] = matched.get(alias, 0) + 1
                if is_head:
                    scores[alias] = scores.get(alias, 0.0) + part * share
                    if share > head.get(alias, 0.0):
                        head[alias] = share
                        words[alias] = stem
                else:
                    scores[alias] = scores.get(alias, 0.0) + part * tail
        found: dict[int, Found] = {}
        for alias, top in head.items():
            # More matched words are better evidence: «Кресло-мешок» before «Кресло».
            covered = min(scores[alias] / top, 1.0)
            score = 0.8 * top * covered**2 + 0.2 * scores[alias] * min(matched[alias] / 3, 1.0)
            number = index.type_of_alias[alias]
            if number not in found or found[number].score < score:
                found[number] = Found(score, 0.0, examples[words[alias]])
        return found


def names_an_aim(words: Sequence[Word]) -> bool:
    """Whether a heading only says what the things are for: «Для посудомойки», «От комаров»."""
    return bool(words) and all(word.role >= Role.COMPLEMENT for word in words)
