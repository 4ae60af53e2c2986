"""/v1/description-category/*: the methods that show the catalogue."""

from typing import Annotated

from msgspec import Meta

from .catalog import Catalog
from .dictionaries import Dictionary
from .memory import Memory
from .model import Json
from .paging import take_page
from .replies import invalid
from .requests import NotNegative, Positive, Request, one_of

Language = Annotated[str, one_of(("DEFAULT", "RU", "EN", "TR", "ZH_HANS"))]


class TreeRequest(Request):
    language: Language = "DEFAULT"


class TypeRequest(Request):
    description_category_id: Positive
    type_id: Positive


class AttributeRequest(TypeRequest):
    language: Language = "DEFAULT"


class DictionaryRequest(TypeRequest):
    attribute_id: Positive


class ValuesRequest(DictionaryRequest):
    limit: Annotated[int, Meta(ge=1, le=2000)]
    last_value_id: NotNegative = 0
    language: Language = "DEFAULT"


class SearchRequest(DictionaryRequest):
    value: Annotated[str, Meta(min_length=2)]
    limit: Annotated[int, Meta(ge=1, le=100)]


class DependentValuesRequest(TypeRequest, kw_only=True):
    parent_attribute_id: Positive
    child_attribute_id: Positive
    limit: Annotated[int, Meta(ge=1, le=100)] = 100
    cursor: str = ""


def tree(memory: Memory, body: TreeRequest) -> bytes:
    """Encoded once: a full tree has megabytes."""
    return memory.catalog.tree_bytes


def attribute(memory: Memory, body: AttributeRequest) -> bytes:
    return memory.catalog.attributes_answer(*_known_pair(memory.catalog, body))


def values(memory: Memory, body: ValuesRequest) -> Json | bytes:
    dictionary = _known_dictionary(memory.catalog, body)
    if not body.last_value_id and body.limit >= len(dictionary) and dictionary.whole is not None:
        return dictionary.whole
    result, has_next = dictionary.page(body.last_value_id, body.limit)
    return {"result": result, "has_next": has_next}


def search(memory: Memory, body: SearchRequest) -> Json:
    return {"result": _known_dictionary(memory.catalog, body).search(body.value, body.limit)}


def dependent_attributes(memory: Memory, body: TypeRequest) -> Json:
    """Official (beta): the shape, and that a parent of 8229 is the type itself."""
    links = memory.catalog.dependencies(*_known_pair(memory.catalog, body))
    return {"result": [{"parent_attribute_id": link.parent, "child_attribute_id": link.child} for link in links]}


def dependent_values(memory: Memory, body: DependentValuesRequest) -> Json:
    """Official (beta): the shape. Assumed: the largest page, and that the cursor is empty on the last one."""
    catalog = memory.catalog
    category_id, type_id = _known_pair(catalog, body)
    pair = (body.parent_attribute_id, body.child_attribute_id)
    link = next((link for link in catalog.dependencies(category_id, type_id) if (link.parent, link.child) == pair), None)
    if link is None:
        raise invalid(f"attribute_id {body.child_attribute_id} does not depend on attribute_id {body.parent_attribute_id}")
    texts = {int(one["id"]): catalog.dictionary(one, category_id, type_id) for one in catalog.attributes(category_id, type_id)}
    page, cursor, _ = take_page(link.values.items(), lambda row: (row[0], row[0]), body.cursor, body.limit)
    rows = [
        {
            "parent_value_id": parent,
            "parent_value": _text(texts[link.parent], parent),
            "children": [{"child_value_id": child, "child_value": _text(texts[link.child], child)} for child in children],
        }
        for parent, children in page
    ]
    return {"result": rows, "cursor": cursor}


def _text(dictionary: Dictionary | None, value_id: int) -> str:
    return (dictionary.text_of(value_id) if dictionary is not None else None) or ""


def _known_pair(catalog: Catalog, body: TypeRequest) -> tuple[int, int]:
    category_id, type_id = body.description_category_id, body.type_id
    if not catalog.has_category(category_id):
        raise invalid(f"description_category_id {category_id} is not found")
    if not catalog.has_type(category_id, type_id):
        raise invalid(f"type_id {type_id} is not found in description_category_id {category_id}")
    return category_id, type_id


def _known_dictionary(catalog: Catalog, body: DictionaryRequest) -> Dictionary:
    category_id, type_id = _known_pair(catalog, body)
    for candidate in catalog.attributes(category_id, type_id):
        if candidate["id"] == body.attribute_id:
            found = catalog.dictionary(candidate, category_id, type_id)
            if found is None:
                raise invalid(f"attribute_id {body.attribute_id} is not a dictionary attribute")
            return found
    raise invalid(f"attribute_id {body.attribute_id} is not found for type_id {type_id}")
