"""/v1/product/import/prices with its discount rules, and /v5/product/info/prices."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from .import_item import CURRENCY
from .memory import Memory
from .model import Json, SandboxProduct, stamp
from .paging import take_page
from .refusals import Kind
from .replies import not_found
from .requests import Id, NotNegative, Request, one_of
from .rules.entry import decimal
from .rules.prices import MAX_PRICE, PRICE_TEXTS, TOO_OFTEN, VAT_RATES, WRONG_CURRENCY, price_problem
from .selection import FilteredRequest, ProductReference, by_id, check_references, outcome, select
from .templates import fill

CHANGES_PER_HOUR = 10
MINIMUM_LIVES = timedelta(days=30)
AMOUNTS = ("price", "old_price", "min_price", "net_price")
ASSUMED = (
    "Цена карточки, которую ещё не создали, отклоняется с тем же кодом, что остаток: product_is_not_created.",
    "Продление срока минимальной цены: неизвестный product_id отклоняет весь запрос, HTTP 404; без минимальной цены ничего не меняется.",
    "Ozon добавляет товары с автодобавлением в акцию по цене из запроса к песочнице; ниже действующей минимальной цены не добавляет.",
)
NOT_CREATED = "product_is_not_created"
_TEXTS = {**PRICE_TEXTS, NOT_CREATED: "Товар ещё не создан: цену можно изменить после модерации"}
Switch = Annotated[str, one_of(("UNKNOWN", "ENABLED", "DISABLED"))]


class Price(ProductReference):
    """New prices of a product; what is left out stays as it is."""

    price: str = ""
    old_price: str = ""
    min_price: str = ""
    net_price: str = ""
    declared_price: str = ""
    currency_code: str = CURRENCY
    vat: str = ""
    auto_action_enabled: Switch = "UNKNOWN"
    auto_add_to_ozon_actions_list_enabled: Switch = "UNKNOWN"
    price_strategy_enabled: Switch = "UNKNOWN"
    min_price_for_auto_actions_enabled: bool | None = None
    manage_elastic_boosting_through_price: bool = False
    quant_size: NotNegative = 0


class TimersRequest(Request):
    product_ids: Annotated[list[Id], Meta(min_length=1, max_length=1000)]


class ImportPricesRequest(Request):
    prices: Annotated[list[Price], Meta(min_length=1, max_length=1000)]


def import_prices(memory: Memory, body: ImportPricesRequest) -> Json:
    """Prices are set one by one: an item with errors does not stop the others."""
    check_references(body.prices, "prices")
    return {"result": [_set_price(memory, sent) for sent in body.prices]}


def _set_price(memory: Memory, sent: Price) -> Json:
    product = memory.find_product(sent.offer_id, sent.product_id)
    code = memory.refusals.code(Kind.PRICE, product.offer_id if product else sent.offer_id)
    if code is None:
        code = "NOT_FOUND_ERROR" if product is None else _apply(product, sent, memory.contract.currency, memory.clock())
    return outcome(sent, product, code, _TEXTS)


def _apply(product: SandboxProduct, sent: Price, currency: str, now: datetime) -> str | None:
    """Change a product's prices; the code of what is wrong, or None. Official: only those of a created card."""
    if not product.is_created:
        return NOT_CREATED
    if (sent.currency_code or CURRENCY) != currency:
        return WRONG_CURRENCY
    if sent.vat and sent.vat not in VAT_RATES:
        return "vat_invalid"
    amounts: dict[str, Decimal] = {name: getattr(product, name) for name in AMOUNTS}
    for name in AMOUNTS:
        if text := getattr(sent, name):
            amount = decimal(text)
            if amount is None or amount > MAX_PRICE or amount != round(amount, 2):
                return "price_out_of_range"
            amounts[name] = amount
    problem = price_problem(amounts["price"], amounts["old_price"], amounts["min_price"], currency)
    problem = problem or _action_problem(product, sent, amounts["min_price"])
    if problem is not None:
        return problem
    product.price_changes = [moment for moment in product.price_changes if moment > now - timedelta(hours=1)]
    if len(product.price_changes) >= CHANGES_PER_HOUR:
        return TOO_OFTEN
    product.price_changes.append(now)
    for name, amount in amounts.items():
        setattr(product, name, amount)
    product.vat = sent.vat or product.vat
    product.auto_actions = _auto_actions(product, sent)
    _heed_minimum(product, sent, now)
    product.updated_at = now
    return None


def _heed_minimum(product: SandboxProduct, sent: Price, now: datetime) -> None:
    """Official: left out, nothing changes; set, it lives for 30 days."""
    if sent.min_price_for_auto_actions_enabled is not None:
        product.heeds_minimum = sent.min_price_for_auto_actions_enabled
        product.minimum_ends_at = now + MINIMUM_LIVES if product.heeds_minimum else None
    if sent.auto_add_to_ozon_actions_list_enabled != "UNKNOWN":
        product.in_ozon_actions = sent.auto_add_to_ozon_actions_list_enabled == "ENABLED"


def _auto_actions(product: SandboxProduct, sent: Price) -> bool:
    return product.auto_actions if sent.auto_action_enabled == "UNKNOWN" else sent.auto_action_enabled == "ENABLED"


def _action_problem(product: SandboxProduct, sent: Price, min_price: Decimal) -> str | None:
    """Official: with promotions that apply by themselves the lowest price is there and stays, unless they are switched off first."""
    if not _auto_actions(product, sent):
        return None
    changed = product.auto_actions and min_price != product.min_price
    return "action_price_enabled_min_price_missing" if changed or not min_price else None


def timer_status(memory: Memory, body: TimersRequest) -> Json:
    """Official: `expired_at` is empty when no timer runs. Assumed: products that are not in the cabinet are left out."""
    now = memory.clock()
    known = (memory.by_id[product_id] for product_id in body.product_ids if product_id in memory.by_id)
    return {"statuses": [_timer(product, now) for product in known]}


def _timer(product: SandboxProduct, now: datetime) -> Json:
    timer: Json = {"product_id": product.product_id, "min_price_for_auto_actions_enabled": product.minimum_binds(now)}
    if product.minimum_ends_at is not None and product.minimum_binds(now):
        timer["expired_at"] = stamp(product.minimum_ends_at)
    return timer


def timer_update(memory: Memory, body: TimersRequest) -> Json:
    """Official: the method prolongs the 30 days. Assumed: only where a lowest price is heeded or was; an unknown product is a 404."""
    now = memory.clock()
    for product_id in body.product_ids:
        if product_id not in memory.by_id:
            raise not_found(f"product {product_id} is not found")
    for product_id in body.product_ids:
        product = memory.by_id[product_id]
        if product.min_price and product.heeds_minimum:
            product.minimum_ends_at = now + MINIMUM_LIVES
    return {}


def info_prices(memory: Memory, body: FilteredRequest) -> Json:
    chosen = select(memory, body.filter)
    page, cursor, _ = take_page(chosen, by_id, body.cursor, body.limit)
    return {"items": [_info(product) for product in page], "cursor": cursor, **memory.totals(len(chosen))}


def _info(product: SandboxProduct) -> Json:
    price = float(product.price)
    varying = {
        "product_id": product.product_id,
        "offer_id": product.offer_id,
        "acquiring": float(round(product.price * Decimal("0.019"), 2)),
        "volume_weight": product.item.volume_weight,
        "price": {
            "price": price,
            "old_price": float(product.old_price),
            "min_price": float(product.min_price),
            "net_price": float(product.net_price),
            "marketing_seller_price": price,
            "currency_code": product.item.currency,
            "vat": float(Decimal(product.vat)),
        },
    }
    return fill("prices", varying)
