"""Words of the preview: what is held, what will be lost, and how much a number changes."""

from decimal import Decimal, InvalidOperation

from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.existing_cards import Content
from ozon_desktop.domain.sync_plan import FieldChange, Hold
from ozon_desktop.wording.formats import number, plural, plural_form

_HOLDS = {
    Hold.UNANSWERED: "Карточка была на Ozon раньше: ответьте, чьё содержание оставить",
    Hold.PRICE_JUMP: "Цена меняется слишком сильно: проверьте, нет ли опечатки",
    Hold.STOCK_JUMP: "Остаток вырос слишком сильно: проверьте, нет ли опечатки",
    Hold.VANISHED: "Из выгрузки исчезло слишком много товаров: проверьте, полная ли она",
}
_BUCKETS = {
    "held": "придержано",
    "lost": "будет потеряно",
    "create": "создать",
    "update": "обновить",
    "archive": "в архив",
    "price": "цены",
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


def hold_text(hold: Hold) -> str:
    """Why an item waits for a person."""
    return _HOLDS[hold]


def held_together_text(hold: Hold, products: int) -> str:
    """One row for all products held for the same reason."""
    if hold is Hold.UNANSWERED:
        return f"Карточки были на Ozon раньше: {number(products)}"
    verb = plural_form(products, "Исчез", "Исчезли", "Исчезли")
    return f"{verb} {plural(products, 'товар', 'товара', 'товаров')}"


def step_text_of(change: FieldChange) -> str:
    """By how much a price or a stock changes: «−95 %», «в 333 раза»; "" when it is no number or there was none."""
    old, new = _amount(change.old), _amount(change.new)
    if old is None or new is None or old <= 0:
        return ""
    if change.field.startswith("stock"):
        times = int(new / old)
        return f"в {plural(times, 'раз', 'раза', 'раз')}" if times > 1 else ""
    percent = round((new - old) * 100 / old)
    return f"{'+' if percent > 0 else '−'}{number(abs(percent))} %" if percent else ""


def lost_texts(change: FieldChange) -> tuple[str, ...]:
    """The lost parts as they are shown: whole, or as the number of their signs when they are long."""
    return tuple(one if len(one) <= LONGEST_LOST else plural(len(one), "знак", "знака", "знаков") for one in change.lost)


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


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
    what = _CONTENTS[content]
    return f"Карточки, которые уже были на Ozon: {number(count)}. Содержание: {what[:1].lower()}{what[1:]}; цена: {_SIDES[prices]}; остаток: {_SIDES[stocks]}"
