"""Words of the preview: what is held, what will be lost, and how much a number changes."""

from decimal import Decimal, InvalidOperation

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
