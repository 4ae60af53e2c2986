"""Ozon's answers about its catalogue: the tree of any depth made flat, attributes, dictionary values."""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from typing import Generic

from msgspec import Struct

from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryValue, OzonCategory, OzonType, TypeKey
from ozon_desktop.ozon.models import Int, Row
from ozon_desktop.ozon.rows import BadField

DEEPEST = 32
"""Levels of the tree. Ozon's has three."""


class TreeNode(Struct):
    """A category (description_category_id) or, at the last level, a type (type_id)."""

    description_category_id: Int | None = None
    category_name: str | None = None
    type_id: Int | None = None
    type_name: str | None = None
    disabled: bool | None = None
    children: "list[TreeNode] | None" = None


class TreeAnswer(Struct):
    """/v1/description-category/tree."""

    result: list[TreeNode]

    def to_domain(self) -> tuple[list[OzonCategory], list[OzonType]]:
        """Categories and types in tree order. A node below a disabled category is not disabled by itself.

        BadField for a tree in which a category lies below itself, and for one of absurd depth.
        """
        categories: list[OzonCategory] = []
        types: list[OzonType] = []
        stack: list[tuple[TreeNode, int | None, int]] = [(node, None, 1) for node in reversed(self.result)]
        while stack:
            node, parent, level = stack.pop()
            if level > DEEPEST:
                raise BadField("children", f"more than {DEEPEST} levels below each other")
            if node.type_id and parent is not None:
                key = TypeKey(node.description_category_id or parent, node.type_id)
                types.append(OzonType(key, node.type_name or "", bool(node.disabled)))
            elif node.description_category_id:
                identity = node.description_category_id
                categories.append(OzonCategory(identity, parent, node.category_name or "", bool(node.disabled)))
                stack.extend((child, identity, level + 1) for child in reversed(node.children or []))
        _check_no_circle(categories)
        return categories, types


def _check_no_circle(categories: Iterable[OzonCategory]) -> None:
    """Whoever goes from a category to its parents must arrive at the top; ids that occur twice may make a circle."""
    parents: dict[int, set[int]] = {}
    for category in categories:
        above = parents.setdefault(category.id, set())
        if category.parent_id is not None:
            above.add(category.parent_id)
    try:
        TopologicalSorter(parents).prepare()
    except CycleError as error:
        raise BadField("description_category_id", f"category {error.args[1][0]} lies below itself") from error


class AttributeRow(Struct):
    id: Int
    name: str | None = None
    description: str | None = None
    type: str | None = None
    is_collection: bool | None = None
    is_required: bool | None = None
    is_aspect: bool | None = None
    max_value_count: Int | None = None
    group_id: Int | None = None
    group_name: str | None = None
    dictionary_id: Int | None = None
    category_dependent: bool | None = None
    attribute_complex_id: Int | None = None
    complex_is_collection: bool | None = None

    def to_domain(self) -> Attribute:
        return Attribute(
            id=self.id,
            name=self.name or "",
            description=self.description or "",
            type=self.type or "String",
            is_collection=bool(self.is_collection),
            is_required=bool(self.is_required),
            is_aspect=bool(self.is_aspect),
            max_value_count=self.max_value_count or 0,
            group_id=self.group_id or 0,
            group_name=self.group_name or "",
            dictionary_id=self.dictionary_id or 0,
            category_dependent=bool(self.category_dependent),
            complex_id=self.attribute_complex_id or 0,
            complex_is_collection=bool(self.complex_is_collection),
        )


class AttributesAnswer(Struct):
    """/v1/description-category/attribute."""

    result: list[AttributeRow] | None

    def to_domain(self) -> list[Attribute]:
        return [row.to_domain() for row in self.result or []]


class ValueRow(Struct):
    id: Int
    value: str | None = None
    info: str | None = None
    picture: str | None = None

    def to_domain(self) -> DictionaryValue:
        return DictionaryValue(self.id, self.value or "", self.info or "", self.picture or "")


class ValuesAnswer(Struct, Generic[Row]):
    """/v1/description-category/attribute/values and …/values/search (without has_next)."""

    result: list[Row] | None
    has_next: bool | None = None

    def rows(self) -> list[Row]:
        return self.result or []
