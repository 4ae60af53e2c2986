"""Reads what the texts of cards mean in Ozon's dictionaries: in one batch, and word forms only for what was not found as it is."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ozon_desktop.domain.ozon_catalog import BRAND_ATTRIBUTE, Attribute, DictionaryKey, DictionaryState, DictionaryValue
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.domain.value_matching import KnownValues, Pair, ValueChoice, apply_choices, close_values, form_key, has_forms, same_form
from ozon_desktop.storage.unit_of_work import UnitOfWork

READ_WHOLE = 20_000
"""Values up to which a dictionary is read as a whole when many texts are looked for in it."""

_FEW_TEXTS = 20
_SEARCHED = 60
_BEGINNING = 3
"""Letters of a word's beginning by which close values are looked for in a dictionary too large to read."""

Answers = Mapping[tuple[int, str], Sequence[ValueChoice]]
"""Remembered answers by dictionary id and folded text."""


def read_answers(unit: UnitOfWork, integration_id: int) -> dict[tuple[int, str], list[ValueChoice]]:
    answers: dict[tuple[int, str], list[ValueChoice]] = {}
    for choice in unit.cards.choices(integration_id):
        answers.setdefault((choice.dictionary.dictionary_id, fold(choice.text)), []).append(choice)
    return answers


def names_only(attributes: Iterable[Attribute]) -> frozenset[int]:
    """Ids of dictionaries of proper names: «Ромашка» and «Ромашки» are two brands."""
    return frozenset(attribute.dictionary_id for attribute in attributes if attribute.id == BRAND_ATTRIBUTE)


def read_values(
    unit: UnitOfWork, whole: Collection[Pair], parts: Collection[Pair], answers: Answers, names: Collection[int] = ()
) -> KnownValues:
    """What these texts (folded) mean. whole: all that may be looked up; parts: single values among them, whose forms count as well.

    names: dictionaries in which another form is another value. One batched question to the database, and one per text that was
    not found (or one reading of the dictionary, when there are many of them).
    """
    reader = ValueReader(answers, names)
    reader.read(unit, whole, parts)
    return reader.known


class ValueReader:
    """Reads what texts mean piece by piece, each text once; `known` grows. For answers and names see `read_values`."""

    def __init__(self, answers: Answers, names: Collection[int] = ()) -> None:
        self.answers = answers
        self.known = KnownValues({}, {}, {})
        self._names = names
        self._seen: dict[Pair, bool] = {}
        self._finders: dict[DictionaryKey, Candidates] = {}

    def read(self, unit: UnitOfWork, whole: Collection[Pair], parts: Collection[Pair]) -> None:
        """Looks up those of these texts that were not looked up yet."""
        single = set(parts)
        # One met as a whole text only is looked up once more when it is met as a single value.
        new = [pair for pair in whole if pair not in self._seen or (pair in single and not self._seen[pair])]
        if not new:
            return
        asked = set(new)
        for dictionary, text in new:
            for choice in self.answers.get((dictionary.dictionary_id, text), ()):
                if choice.value is not None:
                    asked.add((dictionary, fold(choice.value.value)))
        exact = unit.ozon.find_values(asked)
        choices = apply_choices(new, self.answers, exact)
        missing: dict[DictionaryKey, set[str]] = {}
        for pair in new:
            self._seen[pair] = pair in single
            if (
                pair in single
                and pair not in exact
                and pair not in choices
                and pair[0].dictionary_id not in self._names
                and has_forms(pair[1])
            ):
                missing.setdefault(pair[0], set()).add(pair[1])
        states = unit.ozon.dictionary_states() if missing else {}
        _update(self.known.exact, exact)
        _update(self.known.choices, choices)
        _update(self.known.forms, self._forms(unit, missing, states))

    def read_again(self, unit: UnitOfWork, pairs: Collection[Pair], answers: Answers) -> set[Pair]:
        """Looks up these texts anew, after answers or dictionaries changed; gives those that mean something else now."""
        self.answers = answers
        seen = {pair: self._seen[pair] for pair in pairs if pair in self._seen}
        before = {pair: self.known(*pair) for pair in seen}
        for pair in seen:
            del self._seen[pair]
            for part in (self.known.exact, self.known.choices, self.known.forms):
                _forget(part, pair)
        self.close()
        self.read(unit, list(seen), [pair for pair, single in seen.items() if single])
        self.close()
        return {pair for pair in seen if self.known(*pair) != before[pair]}

    def close(self) -> None:
        """Lets dictionaries go that were read as a whole."""
        self._finders.clear()

    def _forms(
        self, unit: UnitOfWork, missing: Mapping[DictionaryKey, Collection[str]], states: Mapping[DictionaryKey, DictionaryState]
    ) -> dict[Pair, DictionaryValue]:
        found: dict[Pair, DictionaryValue] = {}
        for dictionary, texts in missing.items():
            state = states.get(dictionary)
            # Of a dictionary that is not all here, another value may be just as like.
            if state is None or state.partial or not state.values:
                continue
            values = self._finders.setdefault(dictionary, Candidates(unit, dictionary, state.values, len(texts)))
            values.unit, values.texts = unit, len(texts)
            for text in texts:
                value = values.of_form(text)
                if value is not None:
                    found[dictionary, text] = value
        return found


def _update(known: Mapping[Pair, DictionaryValue], found: Mapping[Pair, DictionaryValue]) -> None:
    if isinstance(known, dict):
        known.update(found)


def _forget(known: Mapping[Pair, DictionaryValue], pair: Pair) -> None:
    if isinstance(known, dict):
        known.pop(pair, None)


@dataclass(slots=True)
class Candidates:
    """Finds values of one dictionary that a text may mean. size: how many values it has; texts: how many will be asked about."""

    unit: UnitOfWork
    dictionary: DictionaryKey
    size: int
    texts: int
    _whole: list[DictionaryValue] | None = None
    _by_form: dict[tuple[str, ...], list[DictionaryValue]] = field(default_factory=dict)

    def of_form(self, text: str) -> DictionaryValue | None:
        """The one value that differs from the text in word forms only."""
        if self._readable():
            self._read()
            return same_form(text, self._by_form.get(form_key(text), ()))
        found = self.unit.ozon.search_values(self.dictionary, " ".join(form_key(text)), _SEARCHED)
        # A full answer may lack the second value that would make the text ambiguous.
        return same_form(text, found) if len(found) < _SEARCHED else None

    def close(self, text: str) -> tuple[DictionaryValue, ...]:
        """Values written much like the text, the most alike first."""
        if self.size <= READ_WHOLE:
            return close_values(text, self._read())
        found: dict[int, DictionaryValue] = {}
        stems = form_key(text)
        for wanted in (" ".join(stems), *(word[:_BEGINNING] for word in stems if len(word) > 1)):
            found.update({value.id: value for value in self.unit.ozon.search_values(self.dictionary, wanted, _SEARCHED)})
        return close_values(text, list(found.values()))

    def _readable(self) -> bool:
        return self._whole is not None or (self.texts > _FEW_TEXTS and self.size <= READ_WHOLE)

    def _read(self) -> list[DictionaryValue]:
        if self._whole is None:
            self._whole = self.unit.ozon.search_values(self.dictionary, "", READ_WHOLE)
            for value in self._whole:
                self._by_form.setdefault(form_key(value.value), []).append(value)
        return self._whole
