"""The matcher: everything known of a store category weighed into a ranked list of types."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from ozon_desktop.domain.matching.evidence import Evidence, Lesson, Match, MatchReason
from ozon_desktop.domain.matching.index import TypeIndex
from ozon_desktop.domain.matching.judge import Heading, Judge
from ozon_desktop.domain.matching.leaning import Leaning, Leanings, together
from ozon_desktop.domain.matching.lessons import SAME_NAME, Lessons
from ozon_desktop.domain.matching.likeness import Kinship
from ozon_desktop.domain.matching.phrases import Phrases
from ozon_desktop.domain.matching.scoring import Found, Query, Scorer
from ozon_desktop.domain.matching.tables import WordTables
from ozon_desktop.domain.matching.trade import VOTING, Guess, Surroundings, Trade, guess_of
from ozon_desktop.domain.matching.varied import ENOUGH_GOODS, ENOUGH_NAME, Candidate, varied
from ozon_desktop.domain.matching.words import Role, Word, Words, is_adjective
from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.domain.store_catalog import fold

PARENTS = (0.85, 0.6, 0.4)
PLACE_WEIGHT = 0.16
OWN_PLACE, SECTION = 0.4, 0.75
VAGUE = 0.6
RANK = 0.06
CONTRADICTED = 0.6
# Confidence is less when a namesake fits the parents or products better, and when the heading lists several things.
RIVALLED, LISTED = 0.82, 0.93
# Words of the heading are taken for others like them; the parent names the thing.
AKIN_PRIORS = {Kinship.SAME: 0.82, Kinship.ENDING: 0.78, Kinship.FAMILY: 0.74}
SIGNS, MADE_OF, OF_PARENT, APPOSED = 0.6, 0.9, 0.75, 0.75
ACCESSORY, ACCESSORY_OF_PARENT = 0.3, 0.2
UNKNOWN_THING = 0.7
EXACT, TIE, SOME_PLACE, AKIN = 0.9, 0.02, 0.05, 0.5
# A base category in common with all relatives gives 0.15.
NEAR_RELATIVES = 0.15
CONSIDERED = 120
# Candidates that are weighed against the rest of the store, and what is added to them.
WEIGHED, MOST_PARTS, ENOUGH_OF_PARENT = 40, 40, 0.15
# How often a store is looked at; how much a word of the products says of the trade.
LOOKS, OF_PRODUCTS = 2, 0.5
Studied = tuple[list[Candidate], Heading, Surroundings]
"""A category's candidates, what its name and path say, and what the rest of the store says."""


class TypeMatcher:
    """An index over the usable types of one tree, built once for many categories."""

    def __init__(self, tree: OzonTree, tables: WordTables, lessons: Iterable[Lesson] = ()) -> None:
        self._words = Words(tables)
        self._index = TypeIndex(tree, self._words)
        self._phrases = Phrases(self._words)
        self._scorer = Scorer(self._index, self._phrases)
        self._lessons = Lessons(self._words, self._index, lessons)
        self._leanings = Leanings(self._index, self._phrases)
        self._judge = Judge(self._index, tables.weights)
        self._vague = {self._words.stem(word) for word in tables.vague}
        self._sections = {self._words.stem(word): [w.stem for w in self._words.read(text)] for word, text in tables.sections.items()}

    def best(self, evidence: Evidence, limit: int = 5) -> list[Match]:
        """The best types for a store category of which nothing else is known, best first; none when nothing is known of it either."""
        return self.best_of_store([evidence], limit)[0]

    def best_of_store(self, store: Sequence[Evidence], limit: int = 5, wanted: Collection[int] | None = None) -> list[list[Match]]:
        """The best types for categories of one store, in their order: what all of them say of its trade weighs before names do.

        wanted: places of the categories that are asked about, the others only speak of the trade; their answers are empty.
        """
        if limit < 1:
            return [[] for _ in store]
        studied = self._studied(store)
        return [self._decided(store[place], one, limit) if wanted is None or place in wanted else [] for place, one in enumerate(studied)]

    def study(self, store: Sequence[Evidence]) -> list[Studied]:
        """What the decision for each category of a store is made of; the weights are fitted on it."""
        return self._studied(store)

    def _studied(self, store: Sequence[Evidence]) -> list[Studied]:
        """Twice: what the first look at each category found tells the others better what the store trades in than names alone do."""
        ranked = [self._ranked(evidence) for evidence in store]
        headings = [self._heading(evidence) for evidence in store]
        leanings = [self._leaning(evidence, heading) for evidence, heading in zip(store, headings, strict=True)]
        words = together(leanings)
        things = [heading.thing for heading in headings]
        guesses = [self._guess(evidence, candidates) for evidence, candidates in zip(store, ranked, strict=True)]
        for _ in range(LOOKS):
            trade = Trade(self._index, store, guesses, things)
            studied = []
            for place, evidence in enumerate(store):
                around = trade.around(place, leanings[place], words)
                studied.append((self._considered(evidence, ranked[place], headings[place], around), headings[place], around))
            guesses = [self._second_guess(evidence, one) for evidence, one in zip(store, studied, strict=True)]
        return studied

    def _leaning(self, evidence: Evidence, heading: Heading) -> Leaning:
        """Of the path, and less of the products."""
        stems = {self._words.broader.get(stem, stem): 1.0 for stem in heading.stems} | dict.fromkeys(heading.stems, 1.0)
        for stem, share in self._shares(evidence.product_names).items():
            stems.setdefault(stem, OF_PRODUCTS * share)
        return self._leanings.of(stems)

    def _second_guess(self, evidence: Evidence, studied: Studied) -> Guess:
        if evidence.mapped in self._index.numbers or not studied[0]:
            return self._guess(evidence, studied[0])
        judged = self._judge.ranked(*studied)
        return Guess({one.candidate.number: one.chance for one in judged[:VOTING]}, self._judge.trust(judged, *studied[1:]))

    def _heading(self, evidence: Evidence) -> Heading:
        own = next(iter(self._readings(evidence.path[-1])), []) if evidence.path else []
        above = [frozenset(word.stem for word in self._words.read(name)) for name in evidence.path[:-1]]
        stems = frozenset(word.stem for word in own).union(*above)
        listed = self._words.parts(evidence.path[-1]) if evidence.path else []
        return Heading(
            own,
            tuple(reversed(above)),
            stems,
            any(map(self._says_parts, evidence.path)),
            bool(evidence.path) and self._says_parts(evidence.path[-1]),
            self._is_vague(own),
            len(listed),
            [frozenset(word.stem for word in reading) for reading in listed[1:]],
        )

    def _says_parts(self, name: str) -> bool:
        """Whether a name speaks of accessories or spare parts only: «Блендеры и аксессуары» does not."""
        readings = self._words.parts(name)
        return bool(readings) and all(any(word.stem in self._index.part_words for word in reading) for reading in readings[1:] or readings)

    def _guess(self, evidence: Evidence, ranked: Sequence[Candidate]) -> Guess:
        number = self._index.numbers.get(evidence.mapped) if evidence.mapped is not None else None
        if number is not None:
            return Guess({number: 1.0}, 1.0)
        return guess_of([(candidate.number, candidate.score) for candidate in ranked[:VOTING]])

    def _decided(self, evidence: Evidence, studied: Studied, limit: int) -> list[Match]:
        candidates, heading, around = studied
        if self._is_taught(evidence):
            return self._matches(evidence, varied(self._ranked(evidence), limit), limit)
        judged = self._judge.ranked(candidates, heading, around)
        trust = self._judge.trust(judged, heading, around)
        matches: list[Match] = []
        for place, one in enumerate(judged[:limit]):
            reason, detail = self._reason(evidence, one.candidate)
            confidence = trust if place == 0 else min(one.chance, trust)
            matches.append(Match(self._index.keys[one.candidate.number], round(confidence, 2), reason, detail, round(one.chance, 3)))
        return matches

    def _is_taught(self, evidence: Evidence) -> bool:
        """Whether cards on Ozon or earlier choices say more than any name does."""
        if any(key in self._index.numbers for key in evidence.cards):
            return True
        return any(strength >= SAME_NAME for strength in self._lessons.alike(evidence.path).values())

    def _considered(self, evidence: Evidence, ranked: Sequence[Candidate], heading: Heading, around: Surroundings) -> list[Candidate]:
        """The best candidates, spare parts of what the path names, and what the parent and the siblings seem to be."""
        candidates = list(ranked[:WEIGHED])
        known = {candidate.number: candidate for candidate in ranked}
        taken = {candidate.number for candidate in candidates}
        more: dict[int, None] = {}
        if heading.says_parts:
            parts = dict.fromkeys(number for stem in sorted(heading.stems) for number in self._index.parts_for.get(stem, ()))
            more |= parts if len(parts) <= MOST_PARTS else {}
        more |= dict.fromkeys(number for number, share in around.parent.shares.items() if share > ENOUGH_OF_PARENT)
        more |= dict.fromkeys(around.siblings_best)
        missing = [number for number in more if number not in taken]
        place = self._context(evidence, self._words.parts(evidence.path[-1]))[1] if missing and evidence.path else {}
        for number in missing:
            candidate = known.get(number)
            if candidate is None:
                candidate = Candidate(number)
                self._locate(candidate, place, evidence.relatives)
            candidates.append(candidate)
        return candidates

    def _ranked(self, evidence: Evidence) -> list[Candidate]:
        if not evidence.path:
            return []
        candidates = self._candidates(evidence)
        self._weigh(evidence, candidates)
        return self._sort(list(candidates.values()))

    def _sort(self, candidates: list[Candidate]) -> list[Candidate]:
        candidates.sort(key=lambda candidate: (-candidate.score, self._index.keys[candidate.number]))
        return candidates

    def _readings(self, name: str) -> list[list[Word]]:
        """As Words.parts; a name that consists of words that elsewhere say nothing is read too where a type is called so: «Топы»."""
        readings = self._words.parts(name)
        if readings:
            return readings
        stems = [(self._words.stem(token), token) for token in self._words.tokens(fold(name))]
        whole = [Word(stem, Role.HEAD, token) for stem, token in stems if stem in self._index.things]
        return [whole] if whole else []

    def _candidates(self, evidence: Evidence) -> dict[int, Candidate]:
        readings = self._readings(evidence.path[-1])
        products = self._scorer.by_products(evidence.product_names)
        values = [value for name, value in evidence.properties if fold(name) in self._words.tables.type_properties]
        properties = self._scorer.by_products(values)
        context, place = self._context(evidence, readings)
        parents = [self._words.parts(name) for name in reversed(evidence.path[:-1])]
        headings = self._scorer.by_heading(self._queries(readings, parents), context)
        for number, found in self._accessories(readings, parents).items():
            if number not in headings or headings[number].score < found.score:
                headings[number] = found
        candidates: dict[int, Candidate] = {}
        for number, found in _top(headings):
            candidates.setdefault(number, Candidate(number)).name = found.score
            candidates[number].heading = found
        for number, found in _top(products):
            candidates.setdefault(number, Candidate(number)).products = found.score
            candidates[number].product = found.word
        for number, found in _top(properties):
            candidates.setdefault(number, Candidate(number)).properties = found.score
            candidates[number].value = found.word
        numbers = self._index.numbers
        for key in [*evidence.cards, *self._lessons.alike(evidence.path)]:
            if key in numbers:
                candidates.setdefault(numbers[key], Candidate(numbers[key]))
        for candidate in candidates.values():
            self._locate(candidate, place, evidence.relatives)
        return candidates

    def _queries(self, readings: list[list[Word]], parents: list[list[list[Word]]]) -> list[Query]:
        """Ways to read the heading, with its parents' things where it names none itself («Кроссовки / Женские»)."""
        above = [word for readings_above in parents for reading in readings_above[:1] for word in reading]
        queries = [Query(reading, 1.0 if number == 0 else 0.97, part=number) for number, reading in enumerate(readings)]
        guessed = [query for number, reading in enumerate(readings) for query in self._guessed(reading, number)]
        for query in queries:
            query.prior *= VAGUE if self._is_vague(query.words) else 1.0
        queries += guessed + self._appositions(readings)
        translated = [found for query in queries for found in self._translated(query, above)]
        if parents and not any(self._names_a_thing(query.words) for query in queries if not query.guessed):
            sure = UNKNOWN_THING if _has_unknown_noun(readings) else 0.95 if readings else 0.9
            own = [Word(word.stem, Role.ADJECTIVE, word.text) for word in (readings[0] if readings else [])]
            for level, found in enumerate(parents):
                borrowed = [Query([*own, *(w for w in reading if w not in own)], sure * 0.9**level) for reading in found]
                queries += borrowed
                translated += [other for query in borrowed for other in self._translated(query, [])]
                if any(self._names_a_thing(reading) for reading in found):
                    break
        elif parents and any(self._is_vague(reading) for reading in readings):
            own = [word for word in readings[0] if word.role is Role.HEAD]
            queries += [Query([*own, *(Word(w.stem, Role.COMPLEMENT, w.text) for w in reading)], 0.9) for reading in parents[0]]
        elif parents and readings:
            # «Гитары / Акустика»: what the parent names, of the kind the heading names.
            own = [Word(word.stem, Role.ADJECTIVE, word.text) for word in readings[0]]
            own += [sign for word in readings[0] if word.role is Role.HEAD for sign in self._words.signs(word)]
            heads = [word for word in parents[0][0] if word.role is Role.HEAD] if parents[0] else []
            queries += [Query([*heads, *own], OF_PARENT)] if heads else []
        return [*queries, *translated]

    @staticmethod
    def _appositions(readings: list[list[Word]]) -> list[Query]:
        """«Нитки мулине», «Куртки бомберы»: the second noun may be the thing itself."""
        nouns = [word for word in readings[0] if word.role is not Role.ADJECTIVE] if readings else []
        if [word.role for word in nouns] != [Role.HEAD, Role.COMPLEMENT]:
            return []
        return [Query([Word(nouns[1].stem, Role.HEAD, nouns[1].text), Word(nouns[0].stem, Role.ADJECTIVE, nouns[0].text)], APPOSED)]

    def _guessed(self, reading: list[Word], part: int) -> list[Query]:
        """The reading with its unknown word replaced by known ones that are akin; signs of a thing taken for the thing."""
        for place, word in enumerate(reading):
            found = self._words.guesses(word)
            if found:
                return [
                    Query([*reading[:place], other, *reading[place + 1 :]], AKIN_PRIORS[kinship], part=part)
                    if kinship is not Kinship.FAMILY
                    else Query([Word(other.stem, Role.HEAD, other.text)], AKIN_PRIORS[kinship], part=part, guessed=True)
                    for other, kinship in found
                ]
        made = self._made_of(reading)
        if made:
            return [Query(made, MADE_OF, part=part)]
        signs = [word for word in reading if word.role is Role.ADJECTIVE and not self._scorer.is_neutral(word.stem)]
        if signs and self._is_vague(reading):
            # «Трековые системы», «Укрывной»: the sign names the thing.
            return [Query([Word(word.stem, Role.HEAD, word.text) for word in signs], SIGNS, part=part, guessed=True)]
        heads = [word for word in reading if word.role is Role.HEAD]
        if heads and not any(word.stem in self._index.things for word in heads):
            # «Осмос»: no type is called so, but «Система обратного осмоса» is for it.
            return [Query(reading, SIGNS, part=part, guessed=True)]
        return []

    def _made_of(self, reading: list[Word]) -> list[Word]:
        """«Плиточный клей» as «Клей для плитки»; empty when no adjective can be read so."""
        if not any(word.role is Role.HEAD for word in reading):
            return []
        made: list[Word] = []
        changed = False
        for word in reading:
            nouns = self._words.nouns(word) if word.role is Role.ADJECTIVE and not self._scorer.is_neutral(word.stem) else []
            changed = changed or bool(nouns)
            made += nouns or [word]
        return made if changed else []

    def _accessories(self, readings: list[list[Word]], parents: list[list[list[Word]]]) -> dict[int, Found]:
        """«Муфты на коляску»: if all else is doubtful, «Аксессуар для коляски»."""
        aims, sure = [word for reading in readings for word in reading if word.role is Role.COMPLEMENT], ACCESSORY
        if not aims and parents and parents[0] and not any(self._names_a_thing(reading) for reading in readings):
            aims, sure = [word for word in parents[0][0] if word.role is Role.HEAD], ACCESSORY_OF_PARENT
        return {number: Found(sure, guessed=True) for aim in aims[:1] for number in self._index.accessories.get(aim.stem, ())}

    def _is_vague(self, reading: Iterable[Word]) -> bool:
        """Whether the heading says only «аксессуары», «запчасти», «наборы»."""
        return all(word.stem in self._vague for word in reading if word.role is not Role.ADJECTIVE)

    def _names_a_thing(self, reading: Sequence[Word]) -> bool:
        """Whether the heading has a noun the tree or the table of headings knows."""
        if any(word.role is Role.HEAD and word.stem in self._index.postings for word in reading):
            return True
        return bool(self._phrases.within(reading))

    def _translated(self, query: Query, above: list[Word]) -> list[Query]:
        """What the table of headings makes of it; words of the parents may complete a heading («Отопление / Радиаторы»)."""
        translated = []
        own = {word.stem for word in query.words}
        phrases = [(phrase, 0.98) for phrase in self._phrases.within(query.words)]
        if above:
            known = [*query.words, *(Word(word.stem, Role.COMPLEMENT, word.text) for word in above if word.stem not in own)]
            wider = [phrase for phrase in self._phrases.within(known) if not phrase.stems <= own]
            phrases = [(phrase, 1.0) for phrase in wider] + [(phrase, 0.9 if wider else 0.98) for phrase, _ in phrases]
        for phrase, prior in phrases:
            rest = [word for word in query.words if word.stem not in phrase.stems]
            for rank, reading in enumerate(phrase.readings):
                stems = {word.stem for word in reading}
                words = [*reading, *(word for word in rest if word.stem not in stems)]
                translated.append(Query(words, query.prior * (prior - RANK * rank), phrase.text, query.part, meanings=len(phrase.names)))
        return translated

    def _context(self, evidence: Evidence, readings: list[list[Word]]) -> tuple[dict[str, float], dict[str, float]]:
        """(words that may complete a type's name, words that name its place), each with how surely they are meant."""
        context: dict[str, float] = {}
        for level, name in enumerate(reversed(evidence.path[:-1])):
            strength = PARENTS[min(level, len(PARENTS) - 1)]
            for word in self._words.read(name):
                for stem in (word.stem, self._words.broader.get(word.stem, word.stem)):
                    context[stem] = max(context.get(stem, 0.0), strength)
        place = dict(context)
        for word in (word for reading in readings[:1] for word in reading):
            place[word.stem] = max(place.get(word.stem, 0.0), OWN_PLACE)
        for stem, strength in list(place.items()):
            for section in self._sections.get(stem, ()):
                place[section] = max(place.get(section, 0.0), SECTION * strength)
        for texts, weight in ((evidence.product_names, 0.7), (tuple(value for _, value in evidence.properties), 0.5)):
            for stem, share in self._shares(texts).items():
                context[stem] = max(context.get(stem, 0.0), weight * share)
                place[stem] = max(place.get(stem, 0.0), 0.3 * weight * share)
        return context, place

    def _shares(self, texts: tuple[str, ...]) -> dict[str, float]:
        counts: dict[str, int] = {}
        for text in texts:
            for stem in {word.stem for word in self._words.read(text)}:
                counts[stem] = counts.get(stem, 0) + 1
        return {stem: count / len(texts) for stem, count in counts.items()}

    def _locate(self, candidate: Candidate, place: Mapping[str, float], relatives: tuple[TypeKey, ...]) -> None:
        """How well the place of the type in Ozon's tree fits the words known of it, and the types of the relatives; each 0…1."""
        index, number = self._index, candidate.number
        category = index.category_of[number]
        fit = min(1.0, sum(share * place.get(stem, 0.0) for stem, share in index.places[category].items()))
        candidate.place = fit
        if relatives:
            numbers = [index.numbers[key] for key in relatives if key in index.numbers]
            same = sum(
                1.0 if index.category_of[other] == category else 0.5 * (index.base_of[other] == index.base_of[number]) for other in numbers
            )
            candidate.near = same / len(relatives)
            candidate.place = fit * 0.7 + 0.3 * candidate.near

    def _weigh(self, evidence: Evidence, candidates: dict[int, Candidate]) -> None:
        most_name = max((candidate.name for candidate in candidates.values()), default=0.0)
        most_products = max((max(c.products, c.properties) for c in candidates.values()), default=0.0)
        by_name = 0.72 if most_name >= 0.85 else 0.55 if most_name >= 0.65 else 0.3
        if sum(candidate.name >= 0.9 * most_name for candidate in candidates.values()) > 2:
            # The heading may mean several things: the products decide.
            by_name = min(by_name, 0.45)
        if _contradicted(candidates.values(), most_name, most_products):
            by_name *= CONTRADICTED
        by_name *= min(most_name, 1.0)
        by_products = (1 - by_name) * most_products
        total = by_name + by_products or 1.0
        places = [c.place for c in candidates.values() if max(c.name, c.products, c.properties) >= 0.5 * max(most_name, most_products)]
        best_place = max(places, default=0.0) or 1.0
        lessons = self._lessons.alike(evidence.path)
        cards = sum(count for key, count in evidence.cards.items() if key in self._index.numbers)
        for candidate in candidates.values():
            key = self._index.keys[candidate.number]
            goods = max(candidate.products, candidate.properties) + 0.1 * min(candidate.products, candidate.properties)
            base = (by_name * candidate.name + by_products * min(goods, 1.0)) / total
            score = base * (1 - PLACE_WEIGHT * self._misplaced(candidate.place, best_place))
            score *= self._index.priors[candidate.number]
            if key in lessons:
                against = most_products > 0.6 and goods < most_products / 3
                score = max(score, lessons[key] * (0.5 if against else 1.0))
            if cards:
                share = evidence.cards.get(key, 0) / cards
                score = 0.2 * score + 0.8 * share
            candidate.score = score

    @staticmethod
    def _misplaced(place: float, best: float) -> float:
        """How much worse the place is than the best one, 0…1; little when nothing is known of places."""
        return (1 - min(1.0, place / best)) * min(1.0, 3 * best)

    def _matches(self, evidence: Evidence, ranked: list[Candidate], limit: int) -> list[Match]:
        """Matches with confidence, which is less when the next one is nearly as good."""
        matches: list[Match] = []
        sure = 1.0
        listed = len({candidate.heading.part for candidate in ranked if candidate.heading and candidate.name >= ENOUGH_NAME}) > 1
        if len(ranked) > 1:
            sure = 0.85 + 0.15 * min(1.0, (ranked[0].score - ranked[1].score) / 0.1)
        for place, candidate in enumerate(ranked[:limit]):
            confidence = sure * candidate.score
            if place == 0:
                rivalled = _is_rivalled(candidate, ranked)
                sure *= (RIVALLED if rivalled else 1.0) * (
                    1.0 if not listed else LISTED**2 if candidate.heading and candidate.heading.word else LISTED
                )
                confidence = sure * candidate.score
                if not rivalled and self._is_exact(evidence, candidate, ranked):
                    confidence = max(confidence, EXACT)
            reason, detail = self._reason(evidence, candidate)
            matches.append(Match(self._index.keys[candidate.number], round(max(0.0, min(confidence, 1.0)), 2), reason, detail))
        return matches

    def _has_namesakes(self, number: int) -> bool:
        """Whether a type of this name sits in several categories."""
        return self._index.shared_names[number]

    @staticmethod
    def _is_exact(evidence: Evidence, candidate: Candidate, ranked: list[Candidate]) -> bool:
        """Whether the category is named like the type, and nothing speaks for another one."""
        heading = candidate.heading
        if heading is None or heading.word or heading.context or candidate.name < 0.995 or evidence.cards:
            return False
        if any(other.score >= candidate.score - TIE and other.name >= 0.995 for other in ranked if other is not candidate):
            return False
        goods = max(candidate.products, candidate.properties)
        if len(evidence.path) > 1 and candidate.place < SOME_PLACE and goods < ENOUGH_GOODS and ranked[1:] and ranked[1].name >= AKIN:
            # «Парикмахеру / Ножницы»: the parents say nothing of this type, and there are others named alike.
            return False
        return goods >= max(max(other.products, other.properties) for other in ranked) - 0.3

    def _reason(self, evidence: Evidence, candidate: Candidate) -> tuple[MatchReason, str]:
        key = self._index.keys[candidate.number]
        if evidence.cards.get(key):
            return MatchReason.CARDS, ""
        lesson = self._lessons.alike(evidence.path).get(key, 0.0)
        if lesson and lesson >= candidate.score:
            return MatchReason.LEARNED, ""
        if max(candidate.products, candidate.properties) > candidate.name:
            if candidate.properties > candidate.products:
                return MatchReason.PROPERTIES, candidate.value
            return MatchReason.PRODUCTS, candidate.product
        heading = candidate.heading
        if heading is None:
            return MatchReason.PATH, ""
        if evidence.relatives and self._has_namesakes(candidate.number) and candidate.place >= NEAR_RELATIVES:
            return MatchReason.RELATIVES, ""
        if heading.word:
            return MatchReason.WORDS, heading.word
        if heading.context > 0.15:
            return MatchReason.PATH, ""
        return MatchReason.NAME, ""


def _has_unknown_noun(readings: list[list[Word]]) -> bool:
    """Whether the heading names a thing nobody knows: it may be another one than the parent's («ПК / Оперативка»)."""
    words = readings[0] if readings else []
    return any(word.role is Role.ADJECTIVE and not is_adjective(word.text) and not word.text.isascii() for word in words)


def _is_rivalled(best: Candidate, ranked: list[Candidate]) -> bool:
    """Whether parents or products complete the name of another type the heading may mean: «Двери / Ручки» and «Ручка для двери»."""
    if best.heading is None or best.heading.context > 0.1:
        return False
    return any(
        other.heading is not None
        and other.heading.context > 0.1
        and other.name >= 0.6 * best.name
        and other.products >= 0.5 * best.products
        for other in ranked
        if other is not best
    )


def _contradicted(candidates: Iterable[Candidate], most_name: float, most_products: float) -> bool:
    """Whether the products clearly are something else than what the heading names."""
    named = [max(c.products, c.properties) for c in candidates if c.name >= 0.75 * most_name]
    return most_products >= 0.4 and max(named, default=0.0) < 0.35 * most_products


def _top(found: Mapping[int, Found]) -> list[tuple[int, Found]]:
    if len(found) <= CONSIDERED:
        return list(found.items())
    return sorted(found.items(), key=lambda pair: (-pair[1].score, pair[0]))[:CONSIDERED]
