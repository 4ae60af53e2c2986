"""Readiness: what Ozon would refuse in a card, found before it is sent."""

import re
from collections.abc import Collection, Iterable
from decimal import Decimal
from functools import lru_cache

from ozon_desktop.domain.card import NAME_LIMIT, OFFER_ID_LIMIT, CardProblem, Dimensions, FilledField, ProblemCode
from ozon_desktop.domain.field_values import accepted_limit, normal_text
from ozon_desktop.domain.integration import VatRate
from ozon_desktop.domain.ozon_catalog import TYPE_ATTRIBUTE, Attribute
from ozon_desktop.domain.pictures import address_fault
from ozon_desktop.domain.pricing import PRICE_LIMIT, money
from ozon_desktop.domain.store_catalog import Product

MOST_DIGITS = 20
DENSITY_BOUNDS = (Decimal("0.001"), Decimal("13.55"))
"""g/cm³ that Ozon accepts."""

VAT_RATES = frozenset(Decimal(rate) for rate in ("0", "0.05", "0.07", "0.1", "0.2", "0.22"))
"""Rates that Ozon accepts, as parts of one."""

WEIGHT_LIMIT = 1_000_000
"""Grams: Ozon takes up to 1000 kg."""

SIDE_LIMIT = 2**31 - 1
"""Millimetres: what the number in Ozon's request can hold; one that is larger makes it refuse the whole batch."""

BARCODE_LIMIT = 100
EAN_LENGTHS = frozenset({8, 12, 13, 14})

_KIND_PROBLEMS = {"boolean": ProblemCode.NOT_YES_OR_NO, "url": ProblemCode.NOT_A_LINK}
_HOST = re.compile(r"https?://[^/?#\s]+")
_BLANK = re.compile(r"\s")
_LENGTH = re.compile(r"(?:не более|не больше|не длиннее|максимум|до)\s+(\d{1,6})\s+символ", re.IGNORECASE)


def can_hold_back(attribute: Attribute) -> bool:
    """Whether the attribute can be a problem without a rule and without an entered value: what a store has for an optional one
    is proposed only where Ozon takes it."""
    return attribute.is_required or length_limit(attribute.description) > 0


@lru_cache(maxsize=65_536)
def length_limit(description: str) -> int:
    """How many characters a value may have, as the attribute's description says; 0 = it says nothing."""
    found = _LENGTH.search(description)
    return int(found.group(1)) if found is not None else 0


def field_problems(fields: Iterable[FilledField], gone: Collection[tuple[int, int]] = ()) -> list[CardProblem]:
    """What Ozon would refuse in the additional fields. gone: (attribute id, value id) pairs its dictionaries have no more."""
    problems: list[CardProblem] = []
    for filled in fields:
        if filled.values or filled.attribute.is_required:
            problems.extend(_problems_of(filled, gone))
    return problems


def _problems_of(filled: FilledField, gone: Collection[tuple[int, int]]) -> list[CardProblem]:
    attribute = filled.attribute
    if attribute.id == TYPE_ATTRIBUTE:
        return []
    values = [pair for pair in filled.values if pair[0] or pair[1].strip()]
    if not values:
        return [CardProblem(ProblemCode.REQUIRED_EMPTY, attribute.name, attribute.id)] if attribute.is_required else []
    problems: list[CardProblem] = []
    limit = accepted_limit(attribute)
    if limit and len(values) > limit:
        problems.append(CardProblem(ProblemCode.TOO_MANY_VALUES, attribute.name, attribute.id, str(limit)))
    longest = length_limit(attribute.description)
    for value_id, text in values:
        if attribute.has_dictionary:
            if not value_id or (attribute.id, value_id) in gone:
                problems.append(CardProblem(ProblemCode.NOT_IN_DICTIONARY, attribute.name, attribute.id, text))
        elif normal_text(attribute, text) is None:
            code = _KIND_PROBLEMS.get(attribute.kind, ProblemCode.NOT_A_NUMBER)
            problems.append(CardProblem(code, attribute.name, attribute.id, text))
        elif longest and len(text) > longest:
            problems.append(CardProblem(ProblemCode.VALUE_TOO_LONG, attribute.name, attribute.id, str(longest)))
    return problems


def base_problems(
    product: Product,
    offer_id: str,
    price: Decimal | None,
    vat: VatRate | None,
    duplicate: bool,
    *,
    same_barcode: bool = False,
    old_price_fault: str = "",
) -> list[CardProblem]:
    """What Ozon would refuse in the card's own fields.

    duplicate, same_barcode: another product of the store has this article or barcode; old_price_fault: Ozon's code for it, "" = none.
    """
    problems: list[CardProblem] = []
    name = product.name.strip()
    if not name:
        problems.append(CardProblem(ProblemCode.NAME_EMPTY, "name"))
    elif len(name) > NAME_LIMIT:
        problems.append(CardProblem(ProblemCode.NAME_TOO_LONG, "name", detail=str(len(name))))
    if not offer_id.strip():
        problems.append(CardProblem(ProblemCode.OFFER_ID_EMPTY, "offer_id"))
    elif len(offer_id) > OFFER_ID_LIMIT:
        problems.append(CardProblem(ProblemCode.OFFER_ID_TOO_LONG, "offer_id", detail=str(len(offer_id))))
    elif duplicate:
        problems.append(CardProblem(ProblemCode.OFFER_ID_DUPLICATE, "offer_id", detail=offer_id))
    problems.extend(_price_problems(price, old_price_fault))
    if not vat_accepted(vat):
        problems.append(CardProblem(ProblemCode.VAT_NOT_ACCEPTED, "vat", detail="" if vat is None else vat.value))
    if not any(_loadable(url.strip()) for url in product.pictures):
        problems.append(CardProblem(ProblemCode.PICTURE_MISSING, "images"))
    if product.barcodes:
        problems.extend(_barcode_problems(product.barcodes[0], same_barcode))
    return problems


def _price_problems(price: Decimal | None, old_price_fault: str) -> list[CardProblem]:
    if price is None:
        return [CardProblem(ProblemCode.PRICE_MISSING, "price")]
    if price <= 0:
        return [CardProblem(ProblemCode.PRICE_NOT_POSITIVE, "price", detail=str(price))]
    if price > PRICE_LIMIT:
        return [CardProblem(ProblemCode.PRICE_TOO_BIG, "price", detail=_short(price))]
    if price != money(price):
        return [CardProblem(ProblemCode.PRICE_TOO_FINE, "price", detail=_short(price))]
    return [CardProblem(ProblemCode.OLD_PRICE, "old_price", detail=old_price_fault)] if old_price_fault else []


def _short(price: Decimal) -> str:
    """As the store wrote it, unless that fills the line."""
    text = format(price, "f")
    return text if len(text) <= MOST_DIGITS else f"{price:.3e}"


def _loadable(url: str) -> bool:
    """Whether nothing speaks against Ozon loading the picture, as `address_fault` says; most pictures of a shop are on one host."""
    beginning = _HOST.match(url)
    if beginning is None or _BLANK.search(url):
        return bool(url) and address_fault(url) is None
    return _host_is_public(beginning.group())


@lru_cache(maxsize=4096)
def _host_is_public(beginning: str) -> bool:
    return address_fault(beginning) is None


@lru_cache(maxsize=64)
def vat_accepted(vat: VatRate | None) -> bool:
    """Whether Ozon takes the rate; rates are compared as numbers, for 0.1 and 0.10 are one."""
    return vat is not None and vat.accepted_by_ozon and Decimal(vat.ozon_value) in VAT_RATES


def is_ean(code: str) -> bool:
    """Whether a barcode is an EAN-8, UPC-12, EAN-13 or ITF-14 with the right check digit."""
    if len(code) not in EAN_LENGTHS or not (code.isascii() and code.isdigit()):
        return False
    return (sum(map(int, code[::-2])) + 3 * sum(map(int, code[-2::-2]))) % 10 == 0


def _barcode_problems(code: str, same_barcode: bool) -> list[CardProblem]:
    """Of the code that is sent; a further warning where another product has it too."""
    problems: list[CardProblem] = []
    if len(code) > BARCODE_LIMIT:
        problems.append(CardProblem(ProblemCode.BARCODE_TOO_LONG, "barcode", detail=str(len(code))))
    elif not is_ean(code) and not code.upper().startswith("OZN"):
        # Those that begin with OZN are Ozon's own.
        problems.append(CardProblem(ProblemCode.BARCODE_FORM, "barcode", detail=code))
    if same_barcode:
        problems.append(CardProblem(ProblemCode.BARCODE_DUPLICATE, "barcode", detail=code))
    return problems


def dimension_problems(sizes: Dimensions) -> list[CardProblem]:
    """What Ozon would refuse in the package. Density in g/cm³ must lie within DENSITY_BOUNDS."""
    problems: list[CardProblem] = []
    for name, value in (("depth", sizes.depth), ("width", sizes.width), ("height", sizes.height)):
        if not value or value < 0:
            problems.append(CardProblem(ProblemCode.DIMENSION_MISSING, name))
        elif value > SIDE_LIMIT:
            problems.append(CardProblem(ProblemCode.DIMENSION_TOO_BIG, name, detail=str(value)))
    if not sizes.weight or sizes.weight < 0:
        problems.append(CardProblem(ProblemCode.WEIGHT_MISSING, "weight"))
    elif sizes.weight > WEIGHT_LIMIT:
        problems.append(CardProblem(ProblemCode.WEIGHT_TOO_BIG, "weight", detail=str(sizes.weight)))
    if problems or not (sizes.depth and sizes.width and sizes.height and sizes.weight):
        return problems
    density = Decimal(sizes.weight) * 1000 / (Decimal(sizes.depth) * sizes.width * sizes.height)
    if not DENSITY_BOUNDS[0] <= density <= DENSITY_BOUNDS[1]:
        problems.append(CardProblem(ProblemCode.DENSITY, "weight", detail=f"{density:.4f}"))
    return problems
