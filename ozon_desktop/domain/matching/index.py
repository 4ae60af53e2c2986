"""The usable types of one tree by their words, built once for many categories."""

from collections import Counter, defaultdict
from math import log

from ozon_desktop.domain.matching.words import Role, Word, Words
from ozon_desktop.domain.ozon_catalog import OzonTree, OzonType, TypeKey
from ozon_desktop.domain.store_catalog import fold

ROLE_WEIGHTS = {Role.HEAD: 1.0, Role.ADJECTIVE: 0.5, Role.COMPLEMENT: 0.6, Role.COMPANION: 0.6}
RARE = 0.84
ONE_OF_MANY, OF_CATEGORY = 0.9, 0.82
RAREST = 10.0
LARGE_SECTION = 12
# «Запчасть для вязальной машины» is not the machine.
PART_WORDS = ("аксессуар", "запчасть", "комплектующее", "комплектующие", "принадлежность", "расходный", "расходник")

# (alias number, share of the word in its name, whether it is the thing itself)
Posting = tuple[int, float, bool]


class TypeIndex:
    """Types under numbers; each type has one or more aliases (readings of its name), each alias words with shares summing to 1."""

    def __init__(self, tree: OzonTree, words: Words) -> None:
        self.words = words
        self.keys: list[TypeKey] = []
        self.category_of: list[int] = []
        self.base_of: list[int] = []
        self.numbers: dict[TypeKey, int] = {}
        self.by_name: dict[str, list[int]] = defaultdict(list)
        self.type_of_alias: list[int] = []
        self.alias_priors: list[float] = []
        self.alias_words: list[tuple[tuple[str, float, bool], ...]] = []
        self.postings: dict[str, list[Posting]] = defaultdict(list)
        self.things: set[str] = set()  # Stems that name the thing itself in some type.
        self.places: dict[int, dict[str, float]] = {}
        self._spread: dict[str, tuple[int, int]] = {}
        self.priors: list[float] = []
        usable = [type_ for type_ in tree.types.values() if type_.usable and not _switched_off(tree, type_)]
        words.learn_plurals(type_.name for type_ in usable)
        self._read_vocabulary(usable)
        self._add_types(tree, usable)
        self._add_category_names(tree)
        self.accessories = self._accessories()
        self.aliases_of: list[list[int]] = [[] for _ in self.keys]
        for alias, number in enumerate(self.type_of_alias):
            self.aliases_of[number].append(alias)
        self.stems_of = [frozenset(stem for alias in aliases for stem, _, _ in self.alias_words[alias]) for aliases in self.aliases_of]
        self.part_words = {words.stem(word) for word in PART_WORDS}
        self.is_part = [False] * len(self.keys)
        self.parts_for = self._parts_for()
        self._add_places(tree)
        self.place_words = frozenset().union(*self.places.values())
        self.sections = self._sections(tree)
        self.name_lengths = [len(words.tokens(fold(tree.types[key].name))) for key in self.keys]
        self.shared_names = [len(self.by_name[fold(tree.types[key].name)]) > 1 for key in self.keys]

    def _read_vocabulary(self, types: list[OzonType]) -> None:
        self._readings = [self._names(type_.name) for type_ in types]
        counts = Counter(stem for readings in self._readings for stem in {word.stem for word in readings[0]})
        total = len(types) or 1
        self.rarity = {stem: log(1 + total / count) / log(1 + total) for stem, count in counts.items()}
        self.words.vocabulary.update((word.stem, word.text) for readings in self._readings for word in reversed(readings[0]))

    def _names(self, name: str) -> list[list[Word]]:
        """Readings of a type's name: «Пассатижи/плоскогубцы» has two names, «Смесь орехов и сухофруктов» one."""
        whole = self.words.read(name) or [_whole(name)]
        if " и " in name or not any(sign in name for sign in "/,"):
            return [whole]
        # «Блокиратор дверей, ящиков, окон» lists what one thing is for.
        first = self.words.read(fold(name).split(",", maxsplit=1)[0])
        lists_aims = any(word.role is Role.COMPLEMENT for word in first)
        parts = [reading for reading in self.words.parts(name) if reading != whole and not (lists_aims and len(reading) == 1)]
        return [whole, *(reading for reading in parts if min(word.role for word in reading) is Role.HEAD)]

    def _add_types(self, tree: OzonTree, types: list[OzonType]) -> None:
        rare = {category: self._is_rare(tree, category) for category in {type_.key.description_category_id for type_ in types}}
        for type_, readings in zip(types, self._readings, strict=True):
            number = len(self.keys)
            category = type_.key.description_category_id
            self.keys.append(type_.key)
            self.numbers[type_.key] = number
            self.category_of.append(category)
            self.base_of.append(tree.base_of(category) if category in tree.categories else category)
            self.by_name[fold(type_.name)].append(number)
            self.priors.append(RARE if rare[category] else 1.0)
            for reading in self._with_compounds(readings):
                # «Болты, гайки, хомуты, стяжки» is less meant by «Хомуты» than «Хомут».
                self._add_alias(number, reading, ONE_OF_MANY if len(readings) > 3 and reading != readings[0] else 1.0)
        del self._readings

    def _with_compounds(self, readings: list[list[Word]]) -> list[list[Word]]:
        """«Велошлем» is also found as «шлем для велосипеда»."""
        first = readings[0]
        if len(first) != 1:
            return readings
        for prefix, noun in self.words.tables.compounds.items():
            rest = first[0].text.removeprefix(prefix)
            if rest != first[0].text and len(rest) >= 4 and self.words.stem(rest) in self.words.vocabulary:
                both = [Word(self.words.stem(rest), Role.HEAD, rest), Word(self.words.stem(noun), Role.COMPLEMENT, noun)]
                return [*readings, both]
        return readings

    def _add_alias(self, number: int, reading: list[Word], prior: float) -> None:
        weights: dict[str, float] = {}
        heads: set[str] = set()
        main = min(word.role for word in reading)
        for word in reading:
            head = word.role is main
            weight = (1.0 if head else ROLE_WEIGHTS[word.role]) * (0.3 + self.rarity.get(word.stem, 1.0))
            weights[word.stem] = max(weights.get(word.stem, 0.0), weight)
            if head:
                heads.add(word.stem)
        self.things |= heads
        total = sum(weights.values())
        alias = len(self.type_of_alias)
        self.type_of_alias.append(number)
        self.alias_priors.append(prior)
        self.alias_words.append(tuple((stem, weight / total, stem in heads) for stem, weight in weights.items()))
        for stem, share, head in self.alias_words[alias]:
            self.postings[stem].append((alias, share, head))

    def _accessories(self) -> dict[str, list[int]]:
        """Types «Аксессуар для …» by what they are for."""
        accessory = self.words.stem("аксессуар")
        found: dict[str, list[int]] = defaultdict(list)
        for alias, _, head in self.postings.get(accessory, ()):
            for stem, _, thing in self.alias_words[alias]:
                if head and not thing and self.type_of_alias[alias] not in found[stem]:
                    found[stem].append(self.type_of_alias[alias])
        return dict(found)

    def _parts_for(self) -> dict[str, list[int]]:
        """Accessories and spare parts by each word of what they are for; marks them in `is_part`."""
        found: dict[str, list[int]] = defaultdict(list)
        for alias, words in enumerate(self.alias_words):
            if not any(stem in self.part_words for stem, _, _ in words):
                continue
            number = self.type_of_alias[alias]
            self.is_part[number] = True
            for stem, _, _ in words:
                if stem not in self.part_words and number not in found[stem]:
                    found[stem].append(number)
        return dict(found)

    def spread(self, stem: str) -> tuple[int, int]:
        """How many types the word names, and in how many of Ozon's base categories."""
        known = self._spread.get(stem)
        if known is None:
            types = {self.type_of_alias[alias] for alias, _, head in self.postings.get(stem, ()) if head}
            known = self._spread[stem] = len(types), len({self.base_of[number] for number in types})
        return known

    def _add_category_names(self, tree: OzonTree) -> None:
        """«Радиостанция» in «Рации и радиостанции» is also found as «Рации», a name none of the category's types has."""
        named: dict[int, set[str]] = defaultdict(set)
        plain: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for alias, number in enumerate(self.type_of_alias):
            heads = [stem for stem, _, head in self.alias_words[alias] if head]
            named[self.category_of[number]].update(heads)
            if len(self.alias_words[alias]) == 1 and heads:
                plain[self.category_of[number]].append((number, heads[0]))
        for category, types in plain.items():
            if category not in tree.categories:
                continue
            parts = [
                part
                for part in self.words.parts(tree.categories[category].name)[1:]
                if len(part) == 1 and part[0].role is not Role.COMPLEMENT
            ]
            own = {part[0].stem for part in parts}
            for part in parts:
                if part[0].stem not in named[category]:
                    for number in {number for number, head in types if head in own}:
                        self._add_alias(number, [Word(part[0].stem, Role.HEAD, part[0].text)], OF_CATEGORY)
                        self.words.vocabulary.setdefault(part[0].stem, part[0].text)

    def _add_places(self, tree: OzonTree) -> None:
        """Words of each category's path with shares summing to 1; the nearer to the type, the heavier."""
        paths = {category: tree.category_path(category) for category in set(self.category_of)}
        stems = {
            category: [{word.stem for word in self.words.read(name.replace(".", " "))} for name in path] for category, path in paths.items()
        }
        counts = Counter(stem for levels in stems.values() for stem in set().union(*levels))
        total = len(paths) or 1
        for category, levels in stems.items():
            weights: dict[str, float] = {}
            for level, names in enumerate(levels):
                for stem in names:
                    nearness = 1.0 if level == len(levels) - 1 else 0.8
                    weights[stem] = max(weights.get(stem, 0.0), nearness * log(1 + total / counts[stem]))
            whole = sum(weights.values()) or 1.0
            # Half of it is how much of the path is named, half how rare the named words are.
            self.places[category] = {stem: 0.5 * weight / whole + 0.5 * weight / RAREST for stem, weight in weights.items()}

    def _sections(self, tree: OzonTree) -> set[frozenset[str]]:
        """Stems of the names of sections with many types, and of each part of such a name: «Спорт» of «Спорт и отдых»."""
        sizes = Counter(self.category_of) + Counter(self.base_of)
        large = [category for category, number in sizes.items() if number >= LARGE_SECTION and category in tree.categories]
        return {frozenset(word.stem for word in reading) for one in large for reading in self.words.parts(tree.categories[one].name)}

    def _is_rare(self, tree: OzonTree, category: int) -> bool:
        return any(fold(name).startswith(self.words.tables.rare_places) for name in tree.category_path(category))


def _whole(name: str) -> Word:
    """A name that consists of nothing but empty words still is a name."""
    return Word(fold(name), Role.HEAD, fold(name))


def _switched_off(tree: OzonTree, type_: OzonType) -> bool:
    """Whether a category above the type is disabled or gone."""
    category = tree.categories.get(type_.key.description_category_id)
    for _ in range(50):
        if category is None:
            return False
        if category.disabled or category.gone:
            return True
        category = tree.categories.get(category.parent_id) if category.parent_id is not None else None
    return False
