"""Prices: amounts, the rules of discounts and of the lowest price, the rate of VAT and the currency."""

from collections.abc import Iterator
from decimal import Decimal

from ..import_item import CURRENCY, ImportItem
from ..model import Json
from .entry import decimal, entry

VAT_RATES = frozenset({"0", "0.05", "0.07", "0.1", "0.2", "0.22"})
MAX_PRICE = Decimal(100_000_000)
NOTHING = Decimal(0)
WRONG_CURRENCY = "bad_request_error"
WRONG_CURRENCY_TEXT = "Неверно указана валюта"
TOO_OFTEN = "error limiting: acquire limit per item: items limit: limit exceeded"

PRICE_TEXTS = {
    "NOT_FOUND_ERROR": "Товара с таким идентификатором нет в личном кабинете",
    WRONG_CURRENCY: WRONG_CURRENCY_TEXT,
    "vat_invalid": "Неверно указана ставка НДС",
    "price_negative": "Попытка установить отрицательную цену",
    "price_out_of_range": "Цена вне допустимого диапазона",
    "invalid_category_price": "Слишком высокая или слишком низкая цена",
    "old_price_less_than_price": "Цена до скидки меньше цены",
    "discount_too_big": "Слишком большая скидка. Разница между ценами до и после скидки должна быть меньше 90%",
    "discount_for_low_price_is_too_small": "Слишком маленькая скидка. Разница должна быть не меньше 20 рублей",
    "discount_for_average_price_is_too_small": "Слишком маленькая скидка. Разница должна быть не меньше 5%",
    "discount_for_top_price_is_too_small": "Слишком маленькая скидка. Разница должна быть не меньше 500 рублей",
    "min_auto_price_too_big": "Слишком большая минимальная цена",
    "min_auto_price_too_small": "Минимальная цена меньше половины цены",
    "price_less_than_min_auto_price": "Цена меньше минимальной цены",
    "action_price_enabled_min_price_missing": "Включено автоприменение акций: отключите его или укажите минимальную цену",
    TOO_OFTEN: TOO_OFTEN,
}
"""What Ozon says of a price by its code; in words of our own."""


def price_errors(item: ImportItem) -> Iterator[Json]:
    price = decimal(item.price)
    if price is None or price <= 0:
        yield entry("price_is_negative", "Не указана цена или она не больше нуля", "price")
    elif not _is_amount(price):
        yield entry("price_out_of_range", "Цена вне допустимого диапазона", "price")
    if item.old_price:
        yield from _old_price_errors(price, decimal(item.old_price), item.currency)
    if item.vat not in VAT_RATES:
        yield entry("vat_invalid", "Неверно указана ставка НДС", "vat")


def _is_amount(amount: Decimal) -> bool:
    """Whether it is small enough and has no fractions of a kopeck."""
    return amount <= MAX_PRICE and amount == round(amount, 2)


def _old_price_errors(price: Decimal | None, old_price: Decimal | None, currency: str) -> Iterator[Json]:
    """Official: the codes of the discounts, listed with /v1/product/import/prices. Assumed: that an import is refused by them too."""
    if old_price is None or old_price < 0 or not _is_amount(old_price):
        yield entry("price_out_of_range", "Цена до скидки вне допустимого диапазона", "old_price")
    elif price is not None and price > 0 and old_price:
        code = "old_price_less_than_price" if old_price <= price else discount_problem(price, old_price, currency)
        if code is not None:
            yield entry(code, PRICE_TEXTS[code], "old_price")


def currency_errors(item: ImportItem, currency: str) -> Iterator[Json]:
    """currency: that of the cabinet. Official: both have to be the same. Recorded: the code with its text."""
    if item.currency != currency:
        yield entry(WRONG_CURRENCY, WRONG_CURRENCY_TEXT, "currency_code")


def lowest_price_errors(item: ImportItem, lowest: Decimal) -> Iterator[Json]:
    """lowest: the lowest price the card has already, 0 = none. Official: the codes, listed with the import."""
    price = decimal(item.price)
    code = None if price is None or not lowest else lowest_price_problem(price, lowest)
    if code is not None:
        yield entry(code, PRICE_TEXTS[code], "price")


def price_problem(price: Decimal, old_price: Decimal, min_price: Decimal, currency: str = CURRENCY) -> str | None:
    """The code by which a price, the price before the discount (0: none) and the lowest price (0: none) are refused."""
    if price <= 0 or old_price < 0 or min_price < 0:
        return "price_negative"
    if min_price and (code := lowest_price_problem(price, min_price)):
        return code
    if not old_price:
        return None
    return "old_price_less_than_price" if old_price < price else discount_problem(price, old_price, currency)


def lowest_price_problem(price: Decimal, lowest: Decimal) -> str | None:
    """Official: the lowest price is at least half of the price."""
    if lowest < price / 2:
        return "min_auto_price_too_small"
    return "price_less_than_min_auto_price" if lowest > price else None


def discount_problem(price: Decimal, old_price: Decimal, currency: str) -> str | None:
    """Official: the numbers, in roubles. Assumed: cabinets in other currencies have only the rule of 90 %."""
    discount = old_price - price
    if discount >= old_price * Decimal("0.9"):
        return "discount_too_big"
    if currency != CURRENCY:
        return None
    if price < 400:
        return "discount_for_low_price_is_too_small" if discount < 20 else None
    if price <= 10_000:
        return "discount_for_average_price_is_too_small" if discount < old_price * Decimal("0.05") else None
    return "discount_for_top_price_is_too_small" if discount < 500 else None
