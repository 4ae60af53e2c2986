"""Ozon's answers about its catalogue: the tree of any depth made flat, attributes, dictionary values."""

from msgspec import Struct

from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryValue, OzonCategory, OzonType, TypeKey


class TreeNode(Struct):
    """A category (description_category_id) or, at the last level, a type (type_id)."""

    description_category_id: int | None = None
    category_name: str | None = None
    type_id: int | None = None
    type_name: str | None = None
    disabled: bool | None = None
    children: "list[TreeNode] | None" = None


class TreeAnswer(Struct):
    """/v1/description-category/tree."""

    result: list[TreeNode]

    def to_domain(self) -> tuple[list[OzonCategory], list[OzonType]]:
        """Categories and types in tree order. A node below a disabled category is not disabled by itself."""
        categories: list[OzonCategory] = []
        types: list[OzonType] = []
        stack: list[tuple[TreeNode, int | None]] = [(node, None) for node in reversed(self.result)]
        while stack:
            node, parent = stack.pop()
            if node.type_id and parent is not None:
                key = TypeKey(node.description_category_id or parent, node.type_id)
                types.append(OzonType(key, node.type_name or "", bool(node.disabled)))
            elif node.description_category_id:
                identity = node.description_category_id
                categories.append(OzonCategory(identity, parent, node.category_name or "", bool(node.disabled)))
                stack.extend((child, identity) for child in reversed(node.children or []))
        return categories, types


class AttributeRow(Struct):
    id: int
    name: str | None = None
    description: str | None = None
    type: str | None = None
    is_collection: bool | None = None
    is_required: bool | None = None
    is_aspect: bool | None = None
    max_value_count: int | None = None
    group_id: int | None = None
    group_name: str | None = None
    dictionary_id: int | None = None
    category_dependent: bool | None = None
    attribute_complex_id: int | None = None
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
    id: int
    value: str | None = None
    info: str | None = None
    picture: str | None = None


class ValuesAnswer(Struct):
    """/v1/description-category/attribute/values and …/values/search (without has_next)."""

    result: list[ValueRow] | None
    has_next: bool | None = None

    def to_domain(self) -> list[DictionaryValue]:
        return [DictionaryValue(row.id, row.value or "", row.info or "", row.picture or "") for row in self.result or []]
