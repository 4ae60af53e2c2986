"""What managers accepted earlier, found again by similar category names."""

from collections import defaultdict
from collections.abc import Iterable

from ozon_desktop.domain.matching.evidence import Lesson
from ozon_desktop.domain.matching.index import TypeIndex
from ozon_desktop.domain.matching.words import Words
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.store_catalog import fold

SAME_PATH, SAME_NAME_AND_PARENT, SAME_NAME, ALIKE = 1.1, 1.02, 0.88, 0.8


class Lessons:
    def __init__(self, words: Words, index: TypeIndex, lessons: Iterable[Lesson]) -> None:
        self._words = words
        self._by_stem: dict[str, list[tuple[frozenset[str], tuple[frozenset[str], ...], TypeKey]]] = defaultdict(list)
        # A name of empty words only («Прочее») is found again by its whole path only.
        self._by_path: dict[tuple[str, ...], TypeKey] = {}
        for lesson in lessons:
            if not lesson.path or lesson.key not in index.numbers:
                continue
            self._by_path[tuple(map(fold, lesson.path))] = lesson.key
            path = self._stems(lesson.path)
            for stem in path[-1]:
                self._by_stem[stem].append((path[-1], path, lesson.key))

    def _stems(self, path: tuple[str, ...]) -> tuple[frozenset[str], ...]:
        return tuple(frozenset(word.stem for word in self._words.read(name)) for name in path)

    def alike(self, path: tuple[str, ...]) -> dict[TypeKey, float]:
        """Types learned for categories with the same or a similar name, with how much that says (above 1: more than any name)."""
        if not self._by_path:
            return {}
        stems = self._stems(path)
        own = stems[-1]
        found: dict[TypeKey, float] = {}
        for stem in own:
            for name, lesson_path, key in self._by_stem.get(stem, ()):
                found[key] = max(found.get(key, 0.0), self._likeness(own, stems, name, lesson_path))
        known = self._by_path.get(tuple(map(fold, path)))
        if known is not None:
            found[known] = SAME_PATH
        return {key: strength for key, strength in found.items() if strength}

    @staticmethod
    def _likeness(
        own: frozenset[str], path: tuple[frozenset[str], ...], name: frozenset[str], lesson_path: tuple[frozenset[str], ...]
    ) -> float:
        if name == own:
            if path == lesson_path:
                return SAME_PATH
            return SAME_NAME_AND_PARENT if path[-2:-1] == lesson_path[-2:-1] else SAME_NAME
        likeness = len(own & name) / len(own | name)
        return ALIKE * likeness if likeness >= 0.6 else 0.0
