"""The category of an item, and its attributes: what the type has and needs, dictionaries, dependent values, rich content."""

from collections.abc import Iterator

import msgspec

from ..catalog import Catalog
from ..dictionaries import Dictionary, same_text
from ..import_item import Attribute, ImportItem, Value
from ..model import Json
from .entry import decimal, entry

TYPE_ATTRIBUTE = 8229
BRAND_ATTRIBUTE = 85
RICH_CONTENT_ATTRIBUTE = 11254
VIDEO_ATTRIBUTES, MOST_VIDEOS = (21837, 21841), 5
# Live answers show a card without this code as `imported`, yet with an error that keeps it from being sold.
CUSTOMS_CODE_ATTRIBUTE = 22232

EMPTY_TEXT = (
    "Это обязательное поле — без него нельзя продавать товар. Заполните поле и пересохраните карточку. "
    "Если редактируете через XLS-шаблон, скачайте его заново"
)


def category_errors(item: ImportItem, catalog: Catalog) -> Iterator[Json]:
    category_id, type_id = item.category_id, item.type_id
    if not category_id:
        yield entry("description_category_is_empty", "Не указана категория", "description_category_id")
    elif not catalog.has_category(category_id):
        yield entry("description_category_invalid", "Указана неверная категория", "description_category_id")
    elif not type_id:
        yield entry("description_type_is_empty", "Не указан тип товара", "type_id")
    elif not catalog.has_type(category_id, type_id):
        yield entry("description_category_has_no_description_type", "В этой категории нет такого типа товара", "type_id")
    elif catalog.is_disabled(category_id, type_id):
        yield entry("description_category_is_legacy", "В этой категории больше нельзя создавать товары", "type_id")


def attribute_errors(item: ImportItem, catalog: Catalog) -> Iterator[Json]:
    """Only for an item whose type the catalogue has."""
    known = {int(attribute["id"]): attribute for attribute in catalog.attributes(item.category_id, item.type_id)}
    filled: set[int] = set()
    for sent in _sent(item):
        attribute = known.get(sent.id)
        if sent.id == TYPE_ATTRIBUTE:
            continue
        if attribute is None:
            # Assumed: the code; the live service keeps the card and drops the value.
            unknown = {"id": sent.id, "name": ""}
            yield entry("attribute_not_in_category", "У этого типа товара нет такой характеристики", attribute=unknown, level="warning")
            continue
        values = sent.filled
        if values:
            filled.add(sent.id)
        yield from _values(attribute, values, catalog.dictionary(attribute, item.category_id, item.type_id))
    for attribute_id, attribute in known.items():
        if attribute["is_required"] and attribute_id not in filled and attribute_id != TYPE_ATTRIBUTE:
            yield entry("error_attribute_values_empty", EMPTY_TEXT, attribute=attribute)
    yield from _dependent(item, catalog, known)


def certificate_errors(item: ImportItem, catalog: Catalog, brands: frozenset[str]) -> Iterator[Json]:
    """brands: names, folded, of those Ozon lets nobody sell without a certificate.

    Official: certified brands exist, by /v1/brand/company-certification/list. Assumed: the code, and that the item is refused.
    """
    if not brands or not catalog.has_type(item.category_id, item.type_id):
        return
    for attribute in catalog.attributes(item.category_id, item.type_id):
        if int(attribute["id"]) != BRAND_ATTRIBUTE:
            continue
        dictionary = catalog.dictionary(attribute, item.category_id, item.type_id)
        for value in _values_of(item, BRAND_ATTRIBUTE):
            name = (dictionary.text_of(value.dictionary_value_id) if dictionary is not None else None) or value.value
            if name.strip().casefold() in brands:
                yield entry("brand_certificate_required", f"Для бренда {name} нужен сертификат", attribute=attribute)


def _sent(item: ImportItem) -> list[Attribute]:
    return [*item.attributes, *item.nested_attributes]


def _values_of(item: ImportItem, attribute_id: int) -> list[Value]:
    return [value for sent in _sent(item) if sent.id == attribute_id for value in sent.filled]


def _values(attribute: Json, values: list[Value], dictionary: Dictionary | None) -> Iterator[Json]:
    # Official: videos are several values of one attribute, five at most; so are their titles.
    alone = MOST_VIDEOS if int(attribute["id"]) in VIDEO_ATTRIBUTES else 1
    limit = int(attribute["max_value_count"]) if attribute["is_collection"] else alone
    if limit and len(values) > limit:
        yield entry("VALUE_MAX_LIMIT", f"Слишком много значений: не больше {limit}", attribute=attribute)
    for value in values:
        if dictionary is not None:
            if not _is_in(dictionary, value):
                text = "Значения нет в справочнике характеристики"
                yield entry("error_attribute_values_out_of_range", text, attribute=attribute)
        elif int(attribute["id"]) == RICH_CONTENT_ATTRIBUTE:
            if not is_rich_content(value.value):
                yield entry("invalid_rich_content_json", "Неверный JSON rich-контента", attribute=attribute)
        elif not _fits(str(attribute["type"]), value.value.strip()):
            # Assumed: the code for a text where a number or a link belongs.
            yield entry("error_attribute_values_invalid", "Неверный формат значения характеристики", attribute=attribute)


def _is_in(dictionary: Dictionary, value: Value) -> bool:
    """Assumed: a text sent beside an id has to be that of the id; it may be left out."""
    known = dictionary.text_of(value.dictionary_value_id)
    return known is not None and (not value.value.strip() or same_text(value.value, known))


def is_rich_content(text: str) -> bool:
    """Official: the code. Assumed: an object with a list of widgets, each an object with its name."""
    try:
        content = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return False
    widgets = content.get("content") if isinstance(content, dict) else None
    return isinstance(widgets, list) and all(isinstance(one, dict) and isinstance(one.get("widgetName"), str) for one in widgets)


def _dependent(item: ImportItem, catalog: Catalog, known: dict[int, Json]) -> Iterator[Json]:
    """Values of a child attribute that do not belong to any value of its parent.

    Recorded: the code at the child attribute, as a warning about old cards. Assumed: new values that do not fit are refused.
    """
    for link in catalog.dependencies(item.category_id, item.type_id):
        parents = {value.dictionary_value_id for value in _values_of(item, link.parent)}
        if link.parent == TYPE_ATTRIBUTE:
            parents = {catalog.plain_type(item.type_id)}
        allowed = link.children_of(parents)
        if allowed is None or link.child not in known:
            continue
        for value in _values_of(item, link.child):
            if value.dictionary_value_id not in allowed:
                text = "Значение не сочетается с другой характеристикой товара"
                yield entry("attribute_hierarchy_fail", text, attribute=known[link.child])


def _fits(kind: str, text: str) -> bool:
    match kind.casefold():
        case "integer":
            return text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()
        case "decimal":
            return decimal(text) is not None
        case "url":
            return text.startswith(("http://", "https://"))
        case "boolean":
            return text in {"true", "false"}
        case _:
            return bool(text)
