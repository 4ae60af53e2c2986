"""Cards called ready against the sandbox's own validation, in both directions, and that a difference between them would be found."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, example, given, settings
from hypothesis import strategies as st

from ozon_desktop.domain import readiness
from ozon_desktop.domain.card import (
    Card,
    Dimensions,
    FilledField,
    Origin,
)
from ozon_desktop.domain.integration import VatRate
from ozon_desktop.domain.ozon_catalog import Attribute, OzonType
from ozon_desktop.domain.pictures import arranged
from ozon_desktop.domain.pricing import money
from ozon_desktop.domain.store_catalog import Product
from ozon_desktop.ozon.requests import import_item
from ozon_desktop.sandbox.ozon.catalog import Catalog
from ozon_desktop.sandbox.ozon.import_rules import check_item, is_fatal
from ozon_desktop.sandbox.ozon.imports import ImportRequest
from ozon_desktop.sandbox.ozon.replies import ApiError
from ozon_desktop.sandbox.ozon.requests import read
from tests.services.shop import SHIRT, make_sandbox

CATALOG: Catalog = make_sandbox().memory.catalog
TYPE = OzonType(SHIRT, "Рубашка", settings_at=datetime(2026, 11, 24, tzinfo=UTC))
KNOWN_VALUES = (5_000_002, 61571, 61576, 61577, 0, 7)


def _attribute(described: dict[str, Any]) -> Attribute:
    return Attribute(
        described["id"],
        described["name"],
        described["description"],
        described["type"],
        described["is_collection"],
        described["is_required"],
        described["is_aspect"],
        described["max_value_count"],
        dictionary_id=described["dictionary_id"],
        category_dependent=described["category_dependent"],
        complex_id=described["attribute_complex_id"],
    )


ATTRIBUTES = [_attribute(described) for described in CATALOG.attributes(SHIRT.description_category_id, SHIRT.type_id)]
TEXTS = st.one_of(
    st.sampled_from(("", " ", "да", "нет", "1", "12,5", "-3", "1e3", "١٢", "https://a.example", "a.example", "true", "NaN", "1 000")),
    st.text(max_size=12),
    st.integers(-(10**6), 10**6).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
)
SIZES = st.one_of(st.none(), st.integers(-1, 3000), st.sampled_from((0, 1, 2**31 - 1, 2**31, 10**7)))
LENGTHS = st.sampled_from((1, 49, 50, 51, 101, 254, 255, 256))
NAMES = st.one_of(LENGTHS.map(lambda length: "н" * length), st.text(max_size=8), st.just("Рубашка"))
OFFERS = st.one_of(LENGTHS.map(lambda length: "A" * length), st.text(max_size=8), st.just("RU-1"))
ROUND_PRICES = st.sampled_from([Decimal(text) for text in ("0", "0.004", "1E+3", "1E+7")])
PRICES = st.one_of(st.none(), st.decimals(-1, 10**7, allow_nan=False, places=2), ROUND_PRICES)
CODES = st.one_of(st.just(()), st.sampled_from(("4600000000008", "1", "x" * 100, "x" * 101)).map(lambda code: (code,)))
PICTURES = st.lists(st.sampled_from(("https://a.example/1.jpg", "ftp://a.example", "", "http://a b", "http://10.0.0.1/1.jpg")), max_size=3)


def texts_for(attribute: Attribute) -> st.SearchStrategy[str]:
    """Texts of the attribute's own kind, right and nearly right, and any others."""
    own = {
        "boolean": ("да", "нет", "true", "false", "1", "0", "есть", "yes"),
        "url": ("https://a.example", "http://a.example", "a.example", "ftp://a.example", "HTTP://a.example"),
        "integer": ("1", "-3", "1,0", "12,5", "1e3", "1 000", "١٢", "NaN"),
        "decimal": ("1", "-3", "12,5", "1e3", "1 000", "١٢", "NaN", "1.2.3", "Infinity"),
    }
    return st.one_of(st.sampled_from(own.get(attribute.kind, ("", " ", "Лён"))), TEXTS)


def values_for(attribute: Attribute) -> st.SearchStrategy[tuple[tuple[int, str], ...]]:
    if not attribute.has_dictionary:
        return st.lists(st.tuples(st.just(0), texts_for(attribute)), max_size=3).map(tuple)
    # The program sends the text that its dictionary has for the id.
    return st.lists(st.sampled_from(KNOWN_VALUES).map(lambda value_id: (value_id, text_of(attribute, value_id))), max_size=3).map(tuple)


def text_of(attribute: Attribute, value_id: int) -> str:
    key = (SHIRT.description_category_id, SHIRT.type_id)
    described = next(one for one in CATALOG.attributes(*key) if one["id"] == attribute.id)
    dictionary = CATALOG.dictionary(described, *key)
    return (dictionary.text_of(value_id) if dictionary is not None else None) or "значение"


def good_fields() -> tuple[FilledField, ...]:
    """The required ones, and nothing else."""
    values = {85: ((5_000_002, "Пуговкин"),), 9048: ((0, "Лён"),)}
    return tuple(FilledField(attribute, values.get(attribute.id, ()), Origin.PRODUCT) for attribute in ATTRIBUTES)


@st.composite
def fields(draw: st.DrawFn) -> tuple[FilledField, ...]:
    """Right ones but for one or two."""
    changed = draw(st.lists(st.sampled_from(ATTRIBUTES), min_size=1, max_size=2))
    kept = {filled.attribute.id: filled.values for filled in good_fields()}
    kept.update({attribute.id: draw(values_for(attribute)) for attribute in changed})
    return tuple(FilledField(attribute, kept[attribute.id], Origin.PRODUCT) for attribute in ATTRIBUTES)


def gone_values() -> set[tuple[int, int]]:
    """What a check of membership finds: ids that the sandbox's dictionaries do not have."""
    pairs = set()
    for described in CATALOG.attributes(SHIRT.description_category_id, SHIRT.type_id):
        dictionary = CATALOG.dictionary(described, SHIRT.description_category_id, SHIRT.type_id)
        if dictionary is not None:
            pairs |= {(described["id"], value_id) for value_id in KNOWN_VALUES if value_id not in dictionary}
    return pairs


GONE = gone_values()


def card_of(product: Product, sizes: Dimensions, price: Decimal | None, vat: VatRate | None, filled: tuple[FilledField, ...]) -> Card:
    """A card with the problems that readiness finds; `money` as everywhere."""
    value = None if price is None else money(price)
    problems = [*readiness.base_problems(product, product.offer_id, value, vat, False), *readiness.dimension_problems(sizes)]
    problems += readiness.field_problems(filled, GONE)
    return Card(product, product.offer_id, TYPE, filled, sizes, value, vat, "RUB", tuple(problems), arranged(product.pictures))


def refused(card: Card) -> bool:
    """Whether the sandbox refuses the card, whatever readiness says of it."""
    if card.price is None or card.vat is None or not card.vat.accepted_by_ozon or card.type is None:
        # There is nothing that could be sent.
        return True
    item = import_item(replace(card, problems=()).payload())
    try:
        request = read({"items": [item]}, ImportRequest)
    except ApiError:
        return True
    return any(is_fatal(error) for error in check_item(request.items[0], CATALOG))


GOOD_PRODUCT = Product("p", "RU-1", "Рубашка", pictures=("https://a.example/1.jpg",))
GOOD_PARTS: dict[str, Any] = {
    "product": GOOD_PRODUCT,
    "sizes": Dimensions(300, 200, 40, 350),
    "price": Decimal(1990),
    "vat": VatRate.VAT_22,
    "filled": good_fields(),
}
GOOD = card_of(**GOOD_PARTS)
OTHER_PARTS: dict[str, st.SearchStrategy[Any]] = {
    "product": st.one_of(
        st.builds(lambda name: replace(GOOD_PRODUCT, name=name), NAMES),
        st.builds(lambda offer: replace(GOOD_PRODUCT, offer_id=offer), OFFERS),
        st.builds(lambda codes, pictures: replace(GOOD_PRODUCT, barcodes=codes, pictures=tuple(pictures)), CODES, PICTURES),
    ),
    "sizes": st.builds(Dimensions, SIZES, SIZES, SIZES, SIZES),
    "price": PRICES,
    "vat": st.one_of(st.none(), st.sampled_from(VatRate)),
    "filled": fields(),
}


@st.composite
def cards(draw: st.DrawFn) -> Card:
    """A good card of which one or two things are others: with more of them nearly every card is refused, for whatever reason."""
    changed = draw(st.sets(st.sampled_from(sorted(OTHER_PARTS)), min_size=1, max_size=2))
    return card_of(**{name: draw(OTHER_PARTS[name]) if name in changed else part for name, part in GOOD_PARTS.items()})


CARDS = cards()


def edge(**parts: Any) -> Card:
    """A good card with these parts changed."""
    return card_of(**{**GOOD_PARTS, **parts})


def product(**changes: Any) -> Card:
    return edge(product=replace(GOOD_PRODUCT, **changes))


def field(attribute_id: int, *values: tuple[int, str]) -> Card:
    changed = (replace(filled, values=values) if filled.attribute.id == attribute_id else filled for filled in good_fields())
    return edge(filled=tuple(changed))


WHITE = ((61571, "белый"),)
# Both sides of every limit: (card, whether it is taken).
EDGES = [
    *((product(name="н" * length), length <= 255) for length in (1, 254, 255, 256)),
    *((product(offer_id="A" * length), length <= 50) for length in (1, 49, 50, 51)),
    *((product(barcodes=("4" * length,)), length <= 100) for length in (99, 100, 101)),
    *((edge(price=Decimal(price)), taken) for price, taken in (("0", False), ("0.01", True), ("10000000", True), ("100000000.01", False))),
    *((edge(vat=rate), rate is not VatRate.VAT_18) for rate in VatRate),
    *((edge(sizes=Dimensions(2000, 2000, 2000, weight)), weight <= 1_000_000) for weight in (999_999, 1_000_000, 1_000_001)),
    *((edge(sizes=Dimensions(100, 100, 100, weight)), 1 <= weight <= 13_550) for weight in (0, 1, 13_550, 13_551)),
    *((edge(sizes=Dimensions(side, 100, 100, 1_000)), side == 100) for side in (0, 100, 2**31)),
    *((field(7004, (0, text)), taken) for text, taken in (("да", True), ("нет", True), ("может", False))),
    *((field(7001, (0, text)), taken) for text, taken in (("-7", True), ("7,0", True), ("7,5", False), ("семь", False))),
    *((field(7002, (0, text)), taken) for text, taken in (("7,5", True), ("7.5.1", False))),
    *((field(7003, (0, text)), taken) for text, taken in (("http://a", True), ("https://a", True), ("a", False))),
    *((field(10096, *values), taken) for values, taken in ((WHITE, True), (WHITE * 3, False), (((7, "а"),), False))),
    *((field(85, *values), taken) for values, taken in (((), False), (((0, "Ромашка"),), False), (((5_000_002, ""),), True))),
    *((field(9048, (0, text)), taken) for text, taken in (("", False), (" ", False), ("М", True))),
]


@pytest.mark.parametrize("number", range(len(EDGES)))
def test_both_sides_of_every_limit(number: int) -> None:
    card, taken = EDGES[number]
    assert (card.ready, refused(card)) == (taken, not taken)


def without_blank_offer(card: Card) -> bool:
    """A blank article alone is refused by the program and taken by the sandbox, which looks at its length only."""
    return bool(card.offer_id.strip())


@settings(max_examples=5 * settings().max_examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CARDS)
@example(GOOD)
def test_ready_is_what_the_sandbox_takes(card: Card) -> None:
    assume(without_blank_offer(card))
    assert card.ready is not refused(card), [problem for problem in card.problems if problem.blocking]


def test_a_good_card_is_ready_and_taken() -> None:
    assert GOOD.ready
    assert not refused(GOOD)


PLANTED: dict[str, tuple[int, Callable[[], Product]]] = {
    "NAME_LIMIT": (256, lambda: replace(GOOD.product, name="н" * 256)),
    "OFFER_ID_LIMIT": (51, lambda: replace(GOOD.product, offer_id="A" * 51)),
    "BARCODE_LIMIT": (101, lambda: replace(GOOD.product, barcodes=("4" * 101,))),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_limit_that_is_off_by_one_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limit, product = PLANTED[name]
    assert not card_of(product(), GOOD.dimensions, GOOD.price, GOOD.vat, GOOD.fields).ready
    monkeypatch.setattr(readiness, name, limit)
    card = card_of(product(), GOOD.dimensions, GOOD.price, GOOD.vat, GOOD.fields)
    assert card.ready
    assert refused(card), "the planted difference would not be found"


@pytest.mark.parametrize("check", ["base_problems", "dimension_problems", "field_problems"])
def test_the_property_fails_when_a_check_is_left_out(check: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, check, lambda *_, **__: [])
    differences: list[Card] = []

    # A difference is enough: the smallest one is not looked for, nor the whole number of cards when there was one.
    @settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(CARDS)
    def search(card: Card) -> None:
        if not differences and without_blank_offer(card) and card.ready is refused(card):
            differences.append(card)

    search()
    assert differences
