"""What is known of the parts of one store category: the values its products can be parted by, and the types of these parts."""

from collections.abc import Iterable, Sequence

from ozon_desktop import wording
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.store_catalog import category_paths
from ozon_desktop.services.mapping.view import MappingView, PropertyChoice
from ozon_desktop.ui.mapping.palette.type_search import FoundTypes
from ozon_desktop.ui.mapping.parts.model import SEPARATOR, PartRow, part_rows

VALUES_NAMED = 4


class CategoryParts:
    """`rows`: the values of each property by its name; empty until both the mapping and the properties are there."""

    def __init__(self, category_id: str, view: MappingView) -> None:
        self._category_id = category_id
        self._choices: Sequence[PropertyChoice] | None = None
        self.view = view
        self.rows: dict[str, tuple[PartRow, ...]] = {}

    @property
    def complete(self) -> bool:
        """Whether the properties have been read."""
        return self._choices is not None

    def take_view(self, view: MappingView) -> None:
        self.view = view
        self._arrange()

    def take_choices(self, choices: Sequence[PropertyChoice]) -> None:
        self._choices = choices
        self._arrange()

    def _arrange(self) -> None:
        if self._choices is not None:
            self.rows = part_rows(self._category_id, self._choices, self.view.parts.get(self._category_id, ()))

    @property
    def all_rows(self) -> list[PartRow]:
        return [row for rows in self.rows.values() for row in rows]

    @property
    def whole(self) -> TypeKey | None:
        """The type of the whole category."""
        mapped = self.view.resolved.get(self._category_id)
        return mapped.key if mapped is not None else None

    @property
    def path(self) -> str:
        """The category's path; empty when the store has it no more."""
        return SEPARATOR.join(category_paths(self.view.categories).get(self._category_id, ()))

    def first_property(self) -> str | None:
        """The property to begin with: one that has types, else the first."""
        with_types = (name for name, rows in self.rows.items() if any(row.kept is not None for row in rows))
        return next(with_types, next(iter(self.rows), None))

    def property_texts(self, name: str) -> tuple[str, str]:
        """A property with the number of its values, and a longer text that names some of them."""
        rows = self.rows[name]
        text = f"{name} — {wording.plural(len(rows), 'значение', 'значения', 'значений')}"
        types = sum(row.kept is not None for row in rows)
        if types:
            text += f", выбрано типов: {wording.number(types)}"
        some = ", ".join(row.place.value for row in rows[:VALUES_NAMED])
        return text, f"{text}: {some}" + ("…" if len(rows) > VALUES_NAMED else "")

    def usable(self, found: FoundTypes) -> FoundTypes:
        """Those of these types that can be chosen."""
        types = self.view.tree.types
        return [(key, path) for key, path in found if key in types and types[key].usable]

    def used(self, chosen: Iterable[TypeKey | None]) -> FoundTypes:
        """Usable types that are chosen or kept in this category: the next value often goes to one of them."""
        keys = dict.fromkeys([*chosen, *(row.kept for row in self.all_rows), self.whole])
        return self.usable([(key, self.view.tree.type_path(key)) for key in keys if key is not None])
