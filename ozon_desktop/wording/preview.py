"""Words of the preview: what is held, what will be lost, and how much a number changes."""

from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.existing_cards import Content
from ozon_desktop.domain.sync_plan import FieldChange, Hold
from ozon_desktop.wording.formats import number, plural, plural_form

_BUCKETS = {
    "held": "придержано",
    "lost": "будет потеряно",
    "create": "создать",
    "update": "обновить",
    "archive": "в архив",
    "price": "цены",
    "timer": "сроки цен",
    "stock": "остатки",
    "skip": "пропустить",
}
_CONTENTS = {
    Content.FILL: "Как на Ozon, дополнить пустое",
    Content.FIELDS: "Решать по полям",
    Content.STORE: "Как в магазине",
}
_SIDES = {Side.STORE: "магазин", Side.OZON: "как на Ozon"}
LONGEST_LOST = 60
"""Longer texts are not shown struck out but counted in signs."""


def bucket_text(bucket: str) -> str:
    """The words of a tile."""
    return _BUCKETS[bucket]


def held_together_text(hold: Hold, products: int) -> str:
    """One row for all products held for the same reason."""
    if hold is Hold.UNANSWERED:
        return f"Карточки были на Ozon раньше: {number(products)}"
    if hold is Hold.MANY_PRICES:
        return f"Цены, которые сильно меняются: {number(products)}"
    verb = plural_form(products, "Исчез", "Исчезли", "Исчезли")
    return f"{verb} {plural(products, 'товар', 'товара', 'товаров')}"


def lost_texts(change: FieldChange) -> tuple[str, ...]:
    """The lost parts as they are shown: whole, or as the number of their signs when they are long."""
    return tuple(one if len(one) <= LONGEST_LOST else plural(len(one), "знак", "знака", "знаков") for one in change.lost)


def content_text(content: Content) -> str:
    """What is to become of the content of cards that were on Ozon before."""
    return _CONTENTS[content]


def losses_text(losses: int | None) -> str:
    """How many values an answer would take away; None = not counted."""
    if losses is None:
        return "потери не посчитаны"
    return f"потерь {number(losses)}" if losses else "потерь нет"


def existing_title(count: int) -> str:
    """The question about the cards that were on Ozon before."""
    return f"Карточки уже есть на Ozon: {number(count)}. Чьё содержание оставить?"


def existing_line(count: int, content: Content | None, prices: Side | None, stocks: Side | None) -> str:
    """The answer in one line."""
    if content is None or prices is None or stocks is None:
        return existing_title(count)
    what, sides = _CONTENTS[content], f"цена: {_SIDES[prices]}; остаток: {_SIDES[stocks]}"
    return f"Карточки, которые уже были на Ozon: {number(count)}. Содержание: {what[:1].lower()}{what[1:]}; {sides}"


def five_text(products: int, fields: int, different: int) -> str:
    """How the first products came out: whether Ozon shows what was sent."""
    sent = f"Отправлено и прочитано с Ozon: {plural(products, 'товар', 'товара', 'товаров')}"
    if not different:
        return f"{sent}. Все поля совпали: {number(fields)}"
    return f"{sent}. Не совпало полей: {number(different)} из {number(fields)}. Остальное пока не отправляйте, сначала разберитесь с ними"
