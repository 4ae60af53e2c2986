"""Values of a product as МойСклад takes them: money in kopecks, kinds of barcodes, rates, values of the shop's own fields."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from ozon_desktop.backoffice.moysklad.models import AttributeField
from ozon_desktop.domain.store_catalog import fold

LONGEST_STRING, LONGEST_TEXT = 255, 4096
_GTIN_LENGTHS = {8: "ean8", 12: "upc", 13: "ean13", 14: "gtin"}
_WHOLE = 2**53
"""Numbers beyond are not exact in JSON."""


def kopecks(roubles: Decimal) -> float:
    """Of an amount of money."""
    return float((roubles * 100).quantize(Decimal("0.01"), ROUND_HALF_UP))


def barcode(code: str) -> dict[str, str]:
    """With its kind: the service refuses a number whose check digit is wrong, which is an ordinary text then."""
    if code.isascii() and code.isdigit() and (kind := _GTIN_LENGTHS.get(len(code))) is not None and _checks(code):
        return {kind: code}
    return {"code128": code}


def _checks(code: str) -> bool:
    digits = [int(sign) for sign in reversed(code)]
    return sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0


def vat(rate: str) -> dict[str, object]:
    """rate: in per cent, "0" = without."""
    percent = int(Decimal(rate))
    return {"vat": percent, "vatEnabled": percent > 0, "useParentVat": False}


def field_values(properties: Iterable[tuple[str, str]], fields: Mapping[str, AttributeField]) -> Iterable[tuple[str, str | int | float]]:
    """(id, value) of the shop's own fields that are called as a property and can hold its value. fields: by folded name."""
    for name, text in properties:
        own = fields.get(fold(name))
        value = None if own is None else _value(text, own.type or "")
        if own is not None and value is not None:
            yield own.id, value


def _value(text: str, kind: str) -> str | int | float | None:
    match kind:
        case "string":
            line = " ".join(text.split())
            return line if 0 < len(line) <= LONGEST_STRING else None
        case "text":
            return text if 0 < len(text) <= LONGEST_TEXT else None
        case "long":
            number = _number(text)
            return int(number) if number is not None and number == int(number) else None
        case "double":
            number = _number(text)
            return None if number is None else float(number)
        case _:
            # Directories and links have values of their own, files and dates none of a card.
            return None


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.replace(",", ".").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < _WHOLE else None
