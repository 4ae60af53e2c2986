"""Ozon's catalogue: base and child categories, product types, attributes, dictionaries and their values.

The key of a type is the pair (description_category_id, type_id): one type_id can sit in several categories.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

BRAND_ATTRIBUTE = 85
MODEL_NAME_ATTRIBUTE = 9048
NAME_ATTRIBUTE = 4180
ANNOTATION_ATTRIBUTE = 4191
SELLER_CODE_ATTRIBUTE = 9024
TYPE_ATTRIBUTE = 8229
COLOR_ATTRIBUTE = 10096


@dataclass(frozen=True, slots=True, order=True)
class TypeKey:
    """The mapping key. Text form "category:type"."""

    description_category_id: int
    type_id: int

    def __str__(self) -> str:
        return f"{self.description_category_id}:{self.type_id}"

    @classmethod
    def parse(cls, text: str) -> "TypeKey":
        """From "category:type"; ValueError when it is not of that form."""
        category, _, type_ = text.partition(":")
        return cls(int(category), int(type_))


@dataclass(frozen=True, slots=True)
class OzonCategory:
    """A base category (parent_id None) or a child category."""

    id: int
    parent_id: int | None
    name: str
    disabled: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class OzonType:
    """A product type in one category. `settings_at`: when its attributes were collected, None = not yet."""

    key: TypeKey
    name: str
    disabled: bool = False
    gone: bool = False
    settings_at: datetime | None = None

    @property
    def usable(self) -> bool:
        """Whether new cards may be made of it."""
        return not self.disabled and not self.gone


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a type, as /v1/description-category/attribute describes it."""

    id: int
    name: str
    description: str = ""
    type: str = "String"
    is_collection: bool = False
    is_required: bool = False
    is_aspect: bool = False
    max_value_count: int = 0
    group_id: int = 0
    group_name: str = ""
    dictionary_id: int = 0
    category_dependent: bool = False
    complex_id: int = 0
    complex_is_collection: bool = False

    @property
    def has_dictionary(self) -> bool:
        """Values come from a dictionary; anything else is refused by Ozon."""
        return self.dictionary_id != 0

    @property
    def kind(self) -> str:
        """The editor it needs: dictionary | text | multiline | integer | decimal | boolean | url."""
        if self.has_dictionary:
            return "dictionary"
        kinds = {"multiline": "multiline", "integer": "integer", "decimal": "decimal", "boolean": "boolean", "url": "url"}
        return kinds.get(self.type.casefold(), "text")


@dataclass(frozen=True, slots=True)
class DictionaryValue:
    id: int
    value: str
    info: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class DictionaryKey:
    """A dictionary in the cache: one that does not depend on the category has no type."""

    dictionary_id: int
    type_key: TypeKey | None = None

    @classmethod
    def of(cls, attribute: Attribute, key: TypeKey) -> "DictionaryKey":
        """The dictionary that `attribute` of the type `key` takes its values from."""
        return cls(attribute.dictionary_id, key if attribute.category_dependent else None)


@dataclass(frozen=True, slots=True)
class DictionaryState:
    """How much of a dictionary is cached. partial = it is too large and holds only values met in searches."""

    key: DictionaryKey
    partial: bool
    values: int
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True)
class OzonTree:
    """The cached tree with its indexes. Build it with `OzonTree.build`."""

    categories: dict[int, OzonCategory]
    types: dict[TypeKey, OzonType]
    children: dict[int | None, tuple[OzonCategory, ...]] = field(repr=False)
    types_of: dict[int, tuple[OzonType, ...]] = field(repr=False)

    @classmethod
    def build(cls, categories: Iterable[OzonCategory], types: Iterable[OzonType]) -> "OzonTree":
        """The tree of these nodes, in their order."""
        children: dict[int | None, list[OzonCategory]] = {}
        types_of: dict[int, list[OzonType]] = {}
        by_id = {category.id: category for category in categories}
        by_key = {type_.key: type_ for type_ in types}
        for category in by_id.values():
            children.setdefault(category.parent_id, []).append(category)
        for type_ in by_key.values():
            types_of.setdefault(type_.key.description_category_id, []).append(type_)
        return cls(
            by_id,
            by_key,
            {parent: tuple(rows) for parent, rows in children.items()},
            {category: tuple(rows) for category, rows in types_of.items()},
        )

    @property
    def base(self) -> tuple[OzonCategory, ...]:
        return self.children.get(None, ())

    def category_path(self, category_id: int) -> tuple[str, ...]:
        """Names from the base category down to this one."""
        names: list[str] = []
        category = self.categories.get(category_id)
        while category is not None and len(names) < 50:
            names.append(category.name)
            category = self.categories.get(category.parent_id) if category.parent_id is not None else None
        return tuple(reversed(names))

    def type_path(self, key: TypeKey) -> tuple[str, ...]:
        """Names from the base category down to the type; empty when the type is not in the tree."""
        type_ = self.types.get(key)
        return () if type_ is None else (*self.category_path(key.description_category_id), type_.name)

    def base_of(self, category_id: int) -> int:
        """Id of the base category above (or at) a category; KeyError when it is not in the tree."""
        category = self.categories[category_id]
        while category.parent_id is not None:
            category = self.categories[category.parent_id]
        return category.id

    def types_below(self, category_ids: Iterable[int]) -> Iterator[OzonType]:
        """All types in these categories and below, each once, in tree order."""
        stack = list(reversed(list(category_ids)))
        seen: set[int] = set()
        while stack:
            category_id = stack.pop()
            if category_id in seen:
                continue
            seen.add(category_id)
            yield from self.types_of.get(category_id, ())
            stack.extend(child.id for child in reversed(self.children.get(category_id, ())))
