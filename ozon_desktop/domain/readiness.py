"""Readiness: what Ozon would refuse in a card, found before it is sent."""

from collections.abc import Iterable
from decimal import Decimal

from ozon_desktop.domain.card import (
    NAME_LIMIT,
    OFFER_ID_LIMIT,
    CardProblem,
    Dimensions,
    FilledField,
    ProblemCode,
    normal_text,
    value_limit,
    web_pictures,
)
from ozon_desktop.domain.integration import VatRate
from ozon_desktop.domain.ozon_catalog import TYPE_ATTRIBUTE
from ozon_desktop.domain.store_catalog import Product

DENSITY_BOUNDS = (Decimal("0.001"), Decimal("13.55"))
"""g/cm³ that Ozon accepts."""


def field_problems(fields: Iterable[FilledField]) -> list[CardProblem]:
    """What Ozon would refuse in the additional fields."""
    problems: list[CardProblem] = []
    for filled in fields:
        attribute = filled.attribute
        if attribute.id == TYPE_ATTRIBUTE:
            continue
        values = [pair for pair in filled.values if pair[1].strip()]
        if not values:
            if attribute.is_required:
                problems.append(CardProblem(ProblemCode.REQUIRED_EMPTY, attribute.name, attribute.id))
            continue
        limit = value_limit(attribute)
        if limit and len(values) > limit:
            problems.append(CardProblem(ProblemCode.TOO_MANY_VALUES, attribute.name, attribute.id, str(limit)))
        for value_id, text in values:
            if attribute.has_dictionary and not value_id:
                problems.append(CardProblem(ProblemCode.NOT_IN_DICTIONARY, attribute.name, attribute.id, text))
            elif not attribute.has_dictionary and normal_text(attribute, text) is None:
                code = ProblemCode.NOT_YES_OR_NO if attribute.kind == "boolean" else ProblemCode.NOT_A_NUMBER
                problems.append(CardProblem(code, attribute.name, attribute.id, text))
    return problems


def base_problems(product: Product, offer_id: str, price: Decimal | None, vat: VatRate | None, duplicate: bool) -> list[CardProblem]:
    """What Ozon would refuse in the card's own fields."""
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
    if price is None:
        problems.append(CardProblem(ProblemCode.PRICE_MISSING, "price"))
    elif price <= 0:
        problems.append(CardProblem(ProblemCode.PRICE_NOT_POSITIVE, "price", detail=str(price)))
    if vat is None or not vat.accepted_by_ozon:
        problems.append(CardProblem(ProblemCode.VAT_NOT_ACCEPTED, "vat", detail="" if vat is None else vat.value))
    if not web_pictures(product):
        problems.append(CardProblem(ProblemCode.PICTURE_MISSING, "images"))
    return problems


def dimension_problems(sizes: Dimensions) -> list[CardProblem]:
    """What Ozon would refuse in the package. Density in g/cm³ must lie within DENSITY_BOUNDS."""
    problems = [
        CardProblem(ProblemCode.DIMENSION_MISSING, name)
        for name, value in (("depth", sizes.depth), ("width", sizes.width), ("height", sizes.height))
        if not value or value < 0
    ]
    if not sizes.weight or sizes.weight < 0:
        problems.append(CardProblem(ProblemCode.WEIGHT_MISSING, "weight"))
    if problems or not (sizes.depth and sizes.width and sizes.height and sizes.weight):
        return problems
    density = Decimal(sizes.weight) * 1000 / (Decimal(sizes.depth) * sizes.width * sizes.height)
    if not DENSITY_BOUNDS[0] <= density <= DENSITY_BOUNDS[1]:
        problems.append(CardProblem(ProblemCode.DENSITY, "weight", detail=f"{density:.4f}"))
    return problems
