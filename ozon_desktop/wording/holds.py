"""Words of what waits for a person: why it is held, what was decided, what an export lacks."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from ozon_desktop.domain.held_items import HeldItem
from ozon_desktop.domain.store_catalog import ImportCounts
from ozon_desktop.domain.sync_plan import Hold, PlanItem, Verdict
from ozon_desktop.domain.take_back import Lasting
from ozon_desktop.wording.formats import NBSP, number, plural

WAITS_FOR_REVIEW = "Ждёт вашего просмотра"
READ_ONLY = "Только чтение: на Ozon ничего не отправляется"

_HOLDS = {
    Hold.UNANSWERED: "Карточка уже была на Ozon: сначала ответьте, чьи значения оставить",
    Hold.PRICE_JUMP: "Цена меняется слишком сильно: ждёт вашего решения",
    Hold.DRIFTED: "Цену на Ozon изменили не отсюда — человек или другая программа: ждёт вашего решения",
    Hold.STOCK_JUMP: "Остаток вырос слишком сильно: ждёт вашего решения",
    Hold.MANY_PRICES: "Слишком многие цены сильно меняются: цена ждёт подтверждения",
    Hold.VANISHED: "Из полной выгрузки исчезло слишком много товаров: ждёт вашего решения",
    Hold.DOUBTFUL: "Похоже на товар, который уже есть на Ozon под другим артикулом: ждёт вашего решения",
    Hold.TAKEN_BACK: "Вы вернули на Ozon прежнее значение: новое не отправляется, пока вы не решите",
}
_VERDICTS = {Verdict.SEND: "Верно, отправить", Verdict.KEEP: "Не отправлять"}
_COUNTED = (
    (frozenset({Hold.PRICE_JUMP, Hold.MANY_PRICES, Hold.DRIFTED}), ("цена", "цены", "цен")),
    (frozenset({Hold.STOCK_JUMP}), ("остаток", "остатка", "остатков")),
    (frozenset({Hold.VANISHED}), ("исчезнувший товар", "исчезнувших товара", "исчезнувших товаров")),
    (frozenset({Hold.DOUBTFUL}), ("сомнительный товар", "сомнительных товара", "сомнительных товаров")),
    (frozenset({Hold.UNANSWERED}), ("карточка", "карточки", "карточек")),
    (frozenset({Hold.TAKEN_BACK}), ("возвращённое значение", "возвращённых значения", "возвращённых значений")),
)


_LASTING = {
    Lasting.ARCHIVED_INSTEAD: "создана этим запуском: удалить карточку Ozon не даёт, она уйдёт в архив",
    Lasting.CARD_UNKNOWN: "карточка останется: что в ней было до отправки, программа не знает",
    Lasting.PRICE_UNKNOWN: "цена останется: какой она была до отправки, программа не знает",
    Lasting.STOCK_UNKNOWN: "остаток останется: каким он был до отправки, программа не знает",
    Lasting.STOCK_GONE: "прежнего остатка в магазине уже нет: на Ozon будет не больше, чем есть",
}


def lasting_text(lasting: Lasting) -> str:
    """Why something cannot be taken back, or how else it goes."""
    return _LASTING[lasting]


def hold_text(hold: Hold) -> str:
    return _HOLDS[hold]


def verdict_text(verdict: Verdict | None) -> str:
    """What was decided, as the button says it; «решения ещё нет» when nothing was."""
    return "решения ещё нет" if verdict is None else _VERDICTS[verdict]


def _counts(holds: Counter[Hold]) -> str:
    counted = ((sum(holds[hold] for hold in kinds), forms) for kinds, forms in _COUNTED)
    return ", ".join(plural(count, *forms) for count, forms in counted if count)


def held_items_text(items: Sequence[HeldItem]) -> str:
    """What the owner is told: «Ждут вашего решения: 3 цены, 1 остаток. Остальное отправляется как обычно…»."""
    what = _counts(Counter(item.hold for item in items))
    return f"Ждут вашего решения: {what}. Остальное отправляется как обычно; решить можно на странице «Синхронизация»"


def held_line(items: Sequence[PlanItem]) -> str:
    """«Придержано 4: 3 цены, 1 остаток»."""
    return f"Придержано {number(len(items))}: {_counts(Counter(item.hold for item in items if item.hold is not None))}"


def change_size_text(old: str, new: str, hold: Hold) -> str:
    """How large a held change is: «−95 %» of a price, «в 333 раза» of a stock; "" when it cannot be said."""
    before, after = Decimal(old or 0), Decimal(new or 0)
    if not before:
        return ""
    if hold is Hold.STOCK_JUMP:
        return f"в {plural(int(after / before), 'раз', 'раза', 'раз')}"
    if hold in {Hold.PRICE_JUMP, Hold.MANY_PRICES, Hold.DRIFTED}:
        percent = round((after - before) * 100 / before)
        return f"{'−' if percent < 0 else '+'}{number(abs(percent))}{NBSP}%"
    return ""


def lacks_text(counts: ImportCounts) -> str:
    """What an export lacks and what becomes of it: «В выгрузке не хватает многого: исчезнут 9 из 10 товаров. Проверьте…»."""
    return f"В выгрузке не хватает многого: {vanished_text(counts.vanished, counts.before)}. Проверьте, полная ли она"


def vanished_text(vanished: int, before: int) -> str:
    """What an export lacks: «исчезнут 9 из 10 товаров»."""
    verb = "исчезнет" if vanished % 10 == 1 and vanished % 100 != 11 else "исчезнут"
    return f"{verb} {number(vanished)} из {plural(before, 'товара', 'товаров', 'товаров')}"
