"""/v1/description-category/*: the methods that show the catalogue."""

from typing import Annotated

from msgspec import Meta

from .catalog import Catalog
from .dictionaries import Dictionary
from .memory import Memory
from .model import Json
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
