"""sync rules, sync verify: rules for prices and stocks without the window, and the stocks Ozon shows."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Protocol, TypeVar

from ozon_desktop import wording
from ozon_desktop.commands.context import Command
from ozon_desktop.commands.output import Exit
from ozon_desktop.domain.price_rules import GuardLimits, PriceRule, PriceRules
from ozon_desktop.domain.sold_pieces import WriteOff
from ozon_desktop.domain.stock_rules import NO_RULES, Selling, Spread, StockException, StockRules, WarehouseRule
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.errors import NotFound, WrongInput
from ozon_desktop.services.mapping.lookup import CategoryFinder
from ozon_desktop.services.sync.rules import SyncRules
from ozon_desktop.wording.sync_rules import write_off_risk, write_off_text

K = TypeVar("K", str, int, covariant=True)
YES, NO = frozenset({"on", "yes", "да", "1"}), frozenset({"off", "no", "нет", "0"})
KEYS = (
    *(f"{which}{name}" for which in ("old", "min") for name in ("", "_type", "_markup", "_step", "_nine")),
    *("guard", "guard_share", "guard_change", "guard_at_least", "guard_single", "reserve", "limit", "sold", "stocks"),
    *("warehouse:СКЛАД", "product:АРТИКУЛ", "category:КАТЕГОРИЯ"),
)
SOLD = {"order": WriteOff.AT_ORDER, "shipment": WriteOff.AT_SHIPMENT, "ignore": WriteOff.IGNORED}
"""When the store writes an order off."""

PRICE_KEYS = {"type": "price_type_id", "markup": "markup", "step": "step", "nine": "ending_nine"}


async def show(command: Command) -> Exit:
    view = await command.application.sync_rules.view(command.integration.id)
    names = {price_type.id: price_type.name for price_type in view.price_types}
    stores = {warehouse.id: warehouse.name for warehouse in view.store_warehouses}
    houses = {warehouse.id: warehouse.name for warehouse in view.ozon_warehouses}
    categories = {category.id: category.name for category in view.categories}
    command.output.document({"prices": view.prices, "stocks": view.stocks})
    line = command.output.line
    line(f"Цена до скидки: {wording.price_rule_text(view.prices.old, names)}")
    line(f"Минимальная цена: {wording.price_rule_text(view.prices.minimum, names)}")
    line(f"Защита цен: {wording.guard_limits_text(view.prices.guard)}")
    line(f"Одна цена ждёт решения, если меняется больше чем на {wording.number(view.prices.guard.single)} %")
    if view.stocks is None:
        line("Остатки: правил нет, склады сопоставляются по названию")
        line(f"Проданное на Ozon: {write_off_text(NO_RULES.write_off)}")
        return Exit.DONE
    line(f"Остатки: резерв {view.stocks.reserve}, нижний предел {view.stocks.lower_limit}")
    line(f"Проданное на Ozon: {write_off_text(view.stocks.write_off)}")
    if risk := write_off_risk(view.stocks.write_off):
        command.output.note(risk)
    for rule in view.stocks.warehouses:
        line(f"Склад Ozon «{houses.get(rule.ozon_id, rule.ozon_id)}»: {wording.warehouse_rule_text(rule, stores)}")
    for item in view.stocks.exceptions:
        what = f"Категория «{categories.get(item.category_id, item.category_id)}»" if item.category_id else f"Товар {item.product_id}"
        line(f"{what}: {wording.exception_text(item)}")
    return Exit.DONE


async def set_rules(command: Command) -> Exit:
    """Changes rules by KEY=VALUE. WrongInput, NotFound."""
    service = command.application.sync_rules
    view = await service.view(command.integration.id)
    prices, stocks = view.prices, view.stocks
    for pair in command.args.pairs:
        key, equals, value = (part.strip() for part in pair.partition("="))
        if not equals:
            raise WrongInput(pair, detail="нужно KEY=VALUE")
        head, _, name = key.partition(":")
        if head in {"warehouse", "product", "category"}:
            stocks = await _with_named(command, view, stocks or StockRules(), head, name.strip(), value)
        elif head in {"reserve", "limit", "sold", "stocks"}:
            stocks = _with_stock(stocks, head, value)
        else:
            prices = _with_price(view, prices, head, value)
    await service.save(command.integration.id, prices, stocks)
    return await show(command)


async def verify(command: Command) -> Exit:
    """Compares the stocks Ozon shows with those sent; with FBO only shows them."""
    check = await command.application.sync_rules.verify(command.integration.id, command.output.progress)
    different = check.different
    command.output.document({"checked": check.checked, "different": len(different), "stocks": check.seen})
    command.output.line(f"Сверено: {check.checked}, не совпало: {len(different)}")
    for seen in check.seen:
        if command.args.all or not seen.matches or seen.sent is None:
            mark = "" if seen.matches else "  ← не совпало"
            place = f"{seen.scheme}, склад «{seen.warehouse}»" if seen.warehouse else seen.scheme
            text = wording.stock_seen_text(place, seen.sent, seen.free, seen.reserved)
            command.output.line(f"{seen.offer_id:<20} {text}{mark}")
    return Exit.PROBLEMS if different else Exit.DONE


def _with_price(view: SyncRules, rules: PriceRules, key: str, value: str) -> PriceRules:
    if key == "guard" or key.startswith("guard_"):
        return replace(rules, guard=_with_guard(rules.guard, key, value))
    which, _, name = key.partition("_")
    if which not in {"old", "min"} or (name and name not in PRICE_KEYS):
        raise WrongInput(key, detail=f"такого правила нет; возможно: {', '.join(KEYS)}")
    field = "old" if which == "old" else "minimum"
    rule: PriceRule | None = getattr(rules, field)
    if not name:
        rule = (rule or PriceRule()) if _switch(key, value) else None
    elif name == "type":
        rule = replace(rule or PriceRule(), price_type_id=_named(view.price_types, value) if value else None)
    elif name == "nine":
        rule = replace(rule or PriceRule(), ending_nine=_switch(key, value))
    else:
        changed = {PRICE_KEYS[name]: _number(key, value)}
        rule = replace(rule or PriceRule(), **changed)  # type: ignore[arg-type]
    return replace(rules, **{field: rule})  # type: ignore[arg-type]


def _with_guard(guard: GuardLimits, key: str, value: str) -> GuardLimits:
    match key:
        case "guard":
            return replace(guard, active=_switch(key, value))
        case "guard_share":
            return replace(guard, share=_number(key, value))
        case "guard_change":
            return replace(guard, change=_number(key, value))
        case "guard_single":
            return replace(guard, single=_number(key, value))
        case "guard_at_least":
            return replace(guard, at_least=_whole(key, value))
    raise WrongInput(key, detail="возможно: guard, guard_share, guard_change, guard_at_least, guard_single")


def _with_stock(rules: StockRules | None, key: str, value: str) -> StockRules | None:
    if key == "stocks":
        return (rules or StockRules()) if _switch(key, value) else None
    rules = rules or StockRules()
    if key == "sold":
        if fold(value) not in SOLD:
            raise WrongInput(key, detail=f"«{value}»; возможно: {', '.join(SOLD)}")
        return replace(rules, write_off=SOLD[fold(value)])
    return replace(rules, **{"reserve" if key == "reserve" else "lower_limit": _whole(key, value)})  # type: ignore[arg-type]


async def _with_named(command: Command, view: SyncRules, rules: StockRules, head: str, name: str, value: str) -> StockRules:
    if head == "warehouse":
        ozon_id = _named(view.ozon_warehouses, name)
        others = tuple(rule for rule in rules.warehouses if rule.ozon_id != ozon_id)
        return replace(rules, warehouses=others if fold(value) in NO else (*others, _warehouse_rule(view, ozon_id, value)))
    if head == "product":
        base = StockException(product_id=(await command.application.sync_rules.product(command.integration.id, name)).id)
    else:
        base = StockException(category_id=CategoryFinder(view.categories).find(name).id)
    others_left = tuple(item for item in rules.exceptions if (item.product_id, item.category_id) != (base.product_id, base.category_id))
    return replace(rules, exceptions=others_left if fold(value) in NO else (*others_left, _exception(base, value)))


def _warehouse_rule(view: SyncRules, ozon_id: int, value: str) -> WarehouseRule:
    """«sum: A, B», «priority: A, B», «share 40: A» or «leave»."""
    head, _, names = value.partition(":")
    kind, _, share = head.strip().partition(" ")
    if kind not in set(Spread):
        raise WrongInput("warehouse", detail=f"{value}; возможно: sum: СКЛАД, СКЛАД · priority: … · share 40: … · leave · off")
    stores = tuple(_named(view.store_warehouses, name) for name in names.split(",") if name.strip())
    return WarehouseRule(ozon_id, Spread(kind), stores, _number("share", share) if share else Decimal(100))


def _exception(base: StockException, value: str) -> StockException:
    """«zero», «leave», «reserve 3, limit 2»."""
    for part in value.split(","):
        word, _, amount = part.strip().partition(" ")
        if word in set(Selling) and not amount:
            base = replace(base, selling=Selling(word))
        elif word == "reserve":
            base = replace(base, reserve=_whole(word, amount))
        elif word == "limit":
            base = replace(base, lower_limit=_whole(word, amount))
        else:
            raise WrongInput(part.strip(), detail="возможно: on, zero, leave, reserve N, limit N, off")
    return base


class _Entry(Protocol[K]):
    @property
    def id(self) -> K: ...

    @property
    def name(self) -> str: ...


def _named(entries: Iterable[_Entry[K]], text: str) -> K:
    """The id of an entry by its id or name. NotFound."""
    found = next((entry for entry in entries if text.strip() == str(entry.id) or fold(text) == fold(entry.name)), None)
    if found is None:
        raise NotFound(text.strip())
    return found.id


def _switch(key: str, value: str) -> bool:
    if fold(value) in YES | NO:
        return fold(value) in YES
    raise WrongInput(key, detail=f"«{value}»; возможно: on, off")


def _number(key: str, value: str) -> Decimal:
    try:
        return Decimal(value.replace(",", ".").replace("%", "").strip())
    except InvalidOperation as error:
        raise WrongInput(key, detail=f"«{value}» — не число") from error


def _whole(key: str, value: str) -> int:
    if not (value.strip().isascii() and value.strip().isdigit()):
        raise WrongInput(key, detail=f"«{value}» — нужно целое число не меньше нуля")
    return int(value)
