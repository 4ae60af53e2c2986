"""Words of the rules for prices and stocks: rules, problems of prices, the guard, what a plan uses of the limits, stocks on Ozon."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from ozon_desktop.domain.price_rules import Amounts, GuardLimits, PriceFault, PriceGuard, PriceProblem, PriceRule, RuleFault
from ozon_desktop.domain.price_timers import LowestPrice, Protection
from ozon_desktop.domain.sold_pieces import WriteOff
from ozon_desktop.domain.stock_rules import Selling, Spread, StockException, WarehouseRule
from ozon_desktop.wording.formats import NBSP, day_of_year, money, number, plural

KOPECK = Decimal("0.01")
_PRICE_FAULTS = {
    PriceFault.OLD_BELOW_PRICE: "Цена до скидки {amount} меньше цены {price}",
    PriceFault.DISCOUNT_TOO_BIG: "Скидка с {amount} до {price} слишком большая: Ozon принимает меньше 90 %",
    PriceFault.LOW_DISCOUNT: "Скидка с {amount} до {price} слишком маленькая: при цене до 400 ₽ нужно не меньше 20 ₽",
    PriceFault.AVERAGE_DISCOUNT: "Скидка с {amount} до {price} слишком маленькая: при цене от 400 до 10 000 ₽ нужно не меньше 5 %",
    PriceFault.TOP_DISCOUNT: "Скидка с {amount} до {price} слишком маленькая: при цене больше 10 000 ₽ нужно не меньше 500 ₽",
    PriceFault.MIN_TOO_SMALL: "Минимальная цена {amount} меньше половины цены {price}: Ozon принимает от {half} до {price}",
    PriceFault.MIN_ABOVE_PRICE: "Минимальная цена {amount} больше цены {price}: Ozon принимает от {half} до {price}",
}
_RULE_FAULTS = {
    RuleFault.MARKUP: "наценка должна быть больше −100 % и не больше 1000 %",
    RuleFault.STEP: "шаг округления — сумма не меньше нуля и не больше 1 000 000, не мельче копейки",
    RuleFault.ENDING: "чтобы цена кончалась на 9, шаг округления должен быть целым числом десятков",
    RuleFault.UNKNOWN_PRICE_TYPE: "такого типа цен в магазине нет",
}
_SPREADS = {
    Spread.SUM: "сумма складов {stores}",
    Spread.PRIORITY: "первый по порядку склад, где есть товар: {stores}",
    Spread.SHARE: "{share} % складов {stores}",
    Spread.LEAVE: "остаток не меняется",
}
_SELLING = {
    Selling.ON: "остаток отправляется",
    Selling.ZERO: "на Ozon отправляется ноль",
    Selling.LEAVE: "остаток на Ozon не меняется",
}
_USES = {
    "daily_create": "создание {wanted} из {left} сегодня",
    "daily_update": "обновление {wanted} из {left} сегодня",
    "total": "новых товаров {wanted} из {left} свободных мест в кабинете",
}
_UNLIMITED = {"daily_create": "создание {wanted}", "daily_update": "обновление {wanted}", "total": "новых товаров {wanted}"}


def price_problem_text(problem: PriceProblem) -> str:
    """Why Ozon would not take the prices: «Минимальная цена 400,00 ₽ меньше половины цены 990,00 ₽: Ozon принимает от 495,00 …»."""
    half = (problem.price / 2).quantize(KOPECK, ROUND_CEILING)
    return _PRICE_FAULTS[problem.fault].format(price=money(problem.price), amount=money(problem.amount), half=money(half))


def protection_text(found: Protection) -> str:
    """Until when lowest prices bind: «защищает до 28.12: 120 товаров»; those without a timer get one by the next synchronization."""
    parts = []
    if found.binding and found.until is not None:
        parts.append(f"защищает до {day_of_year(found.until)}: {plural(found.binding, 'товар', 'товара', 'товаров')}")
    if found.loose:
        parts.append(f"ещё не защищает: {plural(found.loose, 'товар', 'товара', 'товаров')}, отправится при следующей синхронизации")
    return "; ".join(parts) or "на Ozon ещё не отправлена"


def lowest_price_text(lowest: LowestPrice) -> str:
    """The lowest price of one product: «Минимальная цена 900,00 ₽ защищает до 28.12»."""
    if lowest.until is not None:
        return f"Минимальная цена {money(lowest.amount)} защищает до {day_of_year(lowest.until)}"
    return f"Минимальная цена {money(lowest.amount)} сейчас не защищает: Ozon может опустить цену ниже"


def rule_fault_text(fault: RuleFault) -> str:
    return _RULE_FAULTS[fault]


def price_rule_text(rule: PriceRule | None, price_types: Mapping[str, str]) -> str:
    """What a rule does: «тип цен «Старая» + 20 %, шаг 10, на конце 9»."""
    if rule is None:
        return "не задана, на Ozon остаётся как есть"
    base = "цена" if rule.price_type_id is None else f"тип цен «{price_types.get(rule.price_type_id, rule.price_type_id)}»"
    parts = [base]
    if rule.markup:
        parts[0] = f"{base} {'+' if rule.markup > 0 else '−'} {_plain(abs(rule.markup))} %"
    if rule.step:
        parts.append(f"шаг {_plain(rule.step)}")
    if rule.ending_nine:
        parts.append("на конце 9")
    return ", ".join(parts)


def guard_limits_text(limits: GuardLimits) -> str:
    """When a run's prices wait: «больше 30 % цен меняются больше чем на 50 % (не меньше 20 товаров)»."""
    if not limits.active:
        return "выключена"
    least = plural(limits.at_least, "товара", "товаров", "товаров")
    return f"больше {_plain(limits.share)} % цен меняются больше чем на {_plain(limits.change)} % (не меньше {least})"


def guard_text(guard: PriceGuard) -> str:
    """What the guard stopped: «240 цен из 900 меняются больше чем на 50 %: A-1 (990 → 99) …»."""
    prices = plural(guard.large, "цена", "цены", "цен")
    examples = "; ".join(f"{change.offer_id} ({number(change.old)} → {number(change.new)})" for change in guard.examples)
    verb = "меняется" if guard.large % 10 == 1 and guard.large % 100 != 11 else "меняются"
    return f"{prices} из {number(guard.prices)} {verb} больше чем на {_plain(guard.limits.change)} %: {examples}"


GUARD_ACTION = "Цены не отправлены. Проверьте цены в магазине и подтвердите их, остальное отправляется как обычно."


def warehouse_rule_text(rule: WarehouseRule, stores: Mapping[str, str]) -> str:
    """How an Ozon warehouse is filled: «сумма складов «Основной», «Дальний»»."""
    names = ", ".join(f"«{stores.get(store_id, store_id)}»" for store_id in rule.store_ids)
    return _SPREADS[rule.spread].format(stores=names, share=_plain(rule.share))


def exception_text(item: StockException) -> str:
    """What is different for a product or a category: «резерв 3 шт., меньше 2 шт. не продаётся»."""
    parts = [] if item.selling is None else [_SELLING[item.selling]]
    if item.reserve is not None:
        parts.append(f"резерв {number(item.reserve)}{NBSP}шт.")
    if item.lower_limit is not None:
        parts.append(f"меньше {number(item.lower_limit)}{NBSP}шт. не продаётся")
    return ", ".join(parts)


def limit_use_text(name: str, wanted: int, left: int | None) -> str:
    """What a plan will use of a limit: «создание 120 из 1 500 сегодня»; without a limit «создание 120»."""
    words = _UNLIMITED if left is None else _USES
    return words.get(name, name).format(wanted=number(wanted), left=number(left))


def price_example_text(name: str, amounts: Amounts, currency: str) -> str:
    """What the rules give a product: «товар «Кроссовки»: цена 2 990 ₽, до скидки 3 599 ₽, минимальная 2 392 ₽»."""
    parts = [f"цена {_sum(amounts.price, currency)}"]
    for words, none, amount in (
        ("до скидки", "цены до скидки не будет", amounts.old_price),
        ("минимальная", "минимальной цены не будет", amounts.min_price),
    ):
        if amount is not None:
            parts.append(f"{words} {_sum(amount, currency)}" if amount else none)
    return f"товар «{name}»: {', '.join(parts)}"


def stock_outcome_text(scheme: str, sent: int | None, free: int, *, matches: bool) -> str:
    """What a line of the check says: «совпадает», «на Ozon меньше на 3 шт.», «программа остаток FBO не отправляет»."""
    if sent is None:
        return "программа остаток FBO не отправляет" if scheme == "fbo" else "программа остаток не отправляла"
    if matches:
        return "совпадает"
    more = free - sent
    return f"на Ozon {'больше' if more > 0 else 'меньше'} на {number(abs(more))}{NBSP}шт."


def _sum(amount: Decimal, currency: str) -> str:
    """Money without superfluous kopecks."""
    text = money(amount, currency)
    return text.replace(",00", "") if amount == amount.to_integral_value() else text


def stock_seen_text(scheme: str, sent: int | None, free: int, reserved: int) -> str:
    """The stock Ozon shows: «fbs: отправлено 5, на Ozon 3, в резерве 2»."""
    parts = [] if sent is None else [f"отправлено {number(sent)}"]
    parts.append(f"на Ozon {number(free)}")
    if reserved:
        parts.append(f"в резерве {number(reserved)}")
    return f"{scheme}: {', '.join(parts)}"


def _plain(value: Decimal) -> str:
    return number(Decimal(format(value.normalize(), "f")))


WRITE_OFFS = {
    WriteOff.AT_SHIPMENT: "Магазин списывает при отгрузке",
    WriteOff.AT_ORDER: "Магазин списывает при заказе",
    WriteOff.IGNORED: "Не вычитать",
}
"""In the order they are offered."""

_WRITE_OFF_TEXTS = {
    WriteOff.AT_SHIPMENT: "вычитается, пока магазин не спишет его при отгрузке (первая выгрузка после отгрузки)",
    WriteOff.AT_ORDER: "вычитается, пока магазин не получит заказ (первая выгрузка после передачи заказа)",
    WriteOff.IGNORED: "не вычитается",
}


def write_off_text(write_off: WriteOff) -> str:
    """Until when pieces sold on Ozon are subtracted."""
    return _WRITE_OFF_TEXTS[write_off]


def write_off_risk(write_off: WriteOff) -> str:
    """What a choice risks; "" = nothing."""
    if write_off is not WriteOff.IGNORED:
        return ""
    return "Проданное может продаваться второй раз: пока магазин не списал заказ, его товар снова предлагается на Ozon."


def write_off_hint(write_off: WriteOff) -> str:
    """The line below the choice."""
    return write_off_risk(write_off) or "Проданное вычитается, пока магазин не передаст остатки новее заказа"
