"""Words of the mapping: why a type is suggested, what becomes of entered fields, parts of a category, its history."""

from collections.abc import Sequence

from ozon_desktop.domain.carry_over import CarriedField, CarryOver
from ozon_desktop.domain.mapping import MappingPlace
from ozon_desktop.domain.matching.evidence import MatchReason, SuggestionGroup
from ozon_desktop.wording.formats import number, plural

FIELDS_NAMED = 4

_REASONS = {
    MatchReason.NAME: "совпадает название",
    MatchReason.WORDS: "близкое название",
    MatchReason.PATH: "подходит раздел",
    MatchReason.PRODUCTS: "товары внутри",
    MatchReason.PROPERTIES: "свойства товаров",
    MatchReason.CARDS: "так сделаны карточки на Ozon",
    MatchReason.LEARNED: "так сопоставлено раньше",
    MatchReason.RELATIVES: "так сопоставлены соседние категории",
    MatchReason.MOVED: "Ozon перенёс тип в другую категорию",
}
_WITH_DETAIL = {
    MatchReason.WORDS: "близкое название: {0}",
    MatchReason.PATH: "подходит раздел: {0}",
    MatchReason.PRODUCTS: "товары: {0}",
    MatchReason.PROPERTIES: "свойства товаров: {0}",
}

_GROUPS = {
    SuggestionGroup.SURE: "Уверенно",
    SuggestionGroup.CHOICE: "Выберите одно из",
    SuggestionGroup.UNSURE: "Не знаю",
}


def suggestion_group_text(group: SuggestionGroup) -> str:
    """What the manager does with the suggestions of a group."""
    return _GROUPS[group]


def suggestion_reason_text(reason: MatchReason, detail: str = "") -> str:
    """Why a type is suggested: «товары: Кроссовки беговые»."""
    return _WITH_DETAIL[reason].format(detail) if detail and reason in _WITH_DETAIL else _REASONS[reason]


def mapping_part_text(property_name: str, value: str) -> str:
    """A part of a category's products: «Сезон = Зима»."""
    return f"{property_name} = {value}"


def mapping_step_text(places: Sequence[tuple[str, MappingPlace]], types: Sequence[str | None]) -> str:
    """A step of the history, as the tooltip of «Отменить» names it: «Кроссовки» и ещё 2 → «Кроссовки».

    places: each with the name of its category; types: their new types, each once; None = unmapped.
    """
    name, first = places[0]
    subject = f"«{name}»" + (f" ({mapping_part_text(first.property_name, first.value)})" if first.property_name else "")
    subject += f" и ещё {len(places) - 1}" if len(places) > 1 else ""
    if len(types) > 1:
        return f"Сопоставить: {subject}"
    return f"{subject} → «{types[0]}»" if types[0] is not None else f"Убрать соответствие: {subject}"


def mapping_import_text(count: int) -> str:
    """The step that a table read from a file was."""
    return f"Загружено из XLSX: {count}"


def carry_over_text(summary: CarryOver) -> str:
    """What a change of the mapping does to entered fields; "" when no product has any.

    «У 12 товаров заполнены дополнительные поля. Перейдут: Цвет, Бренд. Не подойдут: Высота каблука — они сохранятся и вернутся …»
    """
    if not summary.products:
        return ""
    lines = [f"Дополнительные поля заполнены у {plural(summary.products, 'товара', 'товаров', 'товаров')}."]
    if summary.kept:
        lines.append(f"Перейдут: {_named(summary.kept)}.")
    if summary.lost:
        lines.append(f"Не подойдут новому типу: {_named(summary.lost)} — они сохранятся и вернутся вместе с прежним типом.")
    if summary.restored:
        lines.append(f"Поля, заполненные раньше для нового типа, вернутся у {plural(summary.restored, 'товара', 'товаров', 'товаров')}.")
    if summary.unknown:
        lines.append("Настройки нового типа ещё не получены: какие поля перейдут, станет видно после «Получить настройки».")
    return " ".join(lines)


def _named(fields: tuple[CarriedField, ...]) -> str:
    first = ", ".join(f"«{field.name}»" for field in fields[:FIELDS_NAMED])
    left = len(fields) - FIELDS_NAMED
    return f"{first} и ещё {number(left)}" if left > 0 else first
