"""Additional fields: where a value comes from, which texts are found in a dictionary, and what Ozon would refuse."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ozon_desktop.domain.card import Card, CardProblem, Dimensions, Origin, ProblemCode, SavedFields, web_pictures
from ozon_desktop.domain.field_filling import AppliedRule
from ozon_desktop.domain.field_rules import FieldRule, RuleKind
from ozon_desktop.domain.field_values import lookup_texts, number
from ozon_desktop.domain.integration import VatRate
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryKey, DictionaryValue, OzonType, TypeKey
from ozon_desktop.domain.readiness import base_problems, dimension_problems, field_problems
from ozon_desktop.domain.store_catalog import Product, fold
from tests.domain.filling import fill_fields, text_values

KEY = TypeKey(101, 1001)
SHIRT = OzonType(KEY, "Рубашка")
BRAND = Attribute(85, "Бренд", dictionary_id=1, is_required=True)
MODEL = Attribute(9048, "Название модели", is_required=True)
COLOUR = Attribute(10096, "Цвет товара", dictionary_id=2, is_collection=True, max_value_count=2, category_dependent=True)
BUTTONS = Attribute(7001, "Количество пуговиц", type="Integer")
TYPE = Attribute(8229, "Тип", dictionary_id=3, is_required=True)
WORDS = {
    (DictionaryKey(1), "ромашка"): DictionaryValue(51, "Ромашка"),
    (DictionaryKey(1), "рога, копыта"): DictionaryValue(52, "Рога, копыта"),
    (DictionaryKey(2, KEY), "черный"): DictionaryValue(61, "чёрный"),
    (DictionaryKey(2, KEY), "белый"): DictionaryValue(62, "белый"),
    (DictionaryKey(2, KEY), "черный, белый"): DictionaryValue(63, "чёрный, белый"),
}
PRODUCT = Product("p1", "RU-1", "Рубашка льняная", pictures=("https://shop.example/1.jpg",), vendor="РОМАШКА")


def lookup(dictionary: DictionaryKey, text: str) -> DictionaryValue | None:
    return WORDS.get((dictionary, fold(text)))


def value_of(attribute: Attribute, product: Product = PRODUCT, saved: SavedFields | None = None, rule: FieldRule | None = None) -> object:
    rules = {attribute.id: [AppliedRule(rule, Origin.PARENT, "Одежда")]} if rule is not None else {}
    (filled,) = fill_fields(product, [attribute], SHIRT, saved, rules, lookup)
    return filled.values, filled.origin, filled.source


def test_entered_value_wins_over_rule_and_rule_over_the_store() -> None:
    constant = FieldRule("c", 85, RuleKind.CONSTANT, ((52, "Рога, копыта"),))
    saved = SavedFields("p1", KEY, {85: ((9, "Своя"),)})
    assert value_of(BRAND, saved=saved, rule=constant) == (((9, "Своя"),), Origin.PRODUCT, "")
    assert value_of(BRAND, rule=constant) == (((52, "Рога, копыта"),), Origin.PARENT, "Одежда")
    assert value_of(BRAND) == (((51, "Ромашка"),), Origin.AUTOMATIC, "")


def test_rule_by_property_takes_the_text_of_the_product_and_steps_back_without_it() -> None:
    rule = FieldRule("c", 85, RuleKind.PROPERTY, property_name="Марка")
    marked = replace(PRODUCT, properties=(("МАРКА", "Рога, копыта"),))
    assert value_of(BRAND, marked, rule=rule) == (((52, "Рога, копыта"),), Origin.PARENT, "Марка")
    assert value_of(BRAND, rule=rule) == (((51, "Ромашка"),), Origin.AUTOMATIC, "")


def test_field_emptied_by_hand_stays_empty() -> None:
    saved = SavedFields("p1", KEY, {10096: ()})
    coloured = replace(PRODUCT, properties=(("Цвет", "белый"),))
    assert value_of(COLOUR, coloured, saved) == ((), Origin.PRODUCT, "")
    assert value_of(COLOUR, coloured) == (((62, "белый"),), Origin.AUTOMATIC, "Цвет")


def test_type_and_model_fill_themselves() -> None:
    assert value_of(TYPE) == (((1001, "Рубашка"),), Origin.AUTOMATIC, "")
    assert value_of(MODEL) == (((0, "Рубашка льняная"),), Origin.AUTOMATIC, "")


def test_sizes_of_one_model_share_its_name() -> None:
    size = replace(PRODUCT, name="Рубашка льняная (37)", model="Рубашка льняная")
    other = replace(size, name="Рубашка льняная (38)")
    assert value_of(MODEL, size) == value_of(MODEL, other) == (((0, "Рубашка льняная"),), Origin.AUTOMATIC, "")


def test_required_fields_come_first() -> None:
    filled = fill_fields(PRODUCT, [COLOUR, BRAND, BUTTONS, MODEL], SHIRT, None, {}, lookup)
    assert [item.attribute for item in filled] == [BRAND, MODEL, COLOUR, BUTTONS]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("ЧЁРНЫЙ", ((61, "чёрный"),)),
        ("черный; белый", ((61, "чёрный"), (62, "белый"))),
        ("чёрный, белый", ((63, "чёрный, белый"),)),
        ("белый,белый", ((62, "белый"),)),
        ("белый; клетка", ((62, "белый"), (0, "клетка"))),
        ("  ", ()),
    ],
)
def test_texts_of_a_collection(text: str, values: object) -> None:
    assert text_values(text, COLOUR, KEY, lookup) == values


@pytest.mark.parametrize("text", ["чёрный, белый", "черный; белый", "клетка"])
def test_everything_looked_up_was_announced(text: str) -> None:
    asked: set[str] = set()

    def watch(_: DictionaryKey, wanted: str) -> None:
        asked.add(wanted)

    text_values(text, COLOUR, KEY, watch)
    assert asked <= lookup_texts(text, COLOUR)


def test_guess_outside_the_dictionary_holds_back_only_where_a_value_is_required() -> None:
    other = replace(PRODUCT, vendor="Неведомая", properties=(("Цвет", "клетка"),))
    filled = fill_fields(other, [BRAND, COLOUR], SHIRT, None, {}, lookup)
    assert field_problems(filled) == [CardProblem(ProblemCode.NOT_IN_DICTIONARY, "Бренд", 85, "Неведомая")]


def test_empty_required_field_and_too_many_values() -> None:
    nothing = fill_fields(replace(PRODUCT, vendor=""), [BRAND, TYPE], SHIRT, None, {}, lookup)
    assert field_problems(nothing) == [CardProblem(ProblemCode.REQUIRED_EMPTY, "Бренд", 85)]
    saved = SavedFields("p1", KEY, {10096: ((1, "а"), (2, "б"), (3, "в"))})
    many = fill_fields(PRODUCT, [COLOUR], SHIRT, saved, {}, lookup)
    assert field_problems(many) == [CardProblem(ProblemCode.TOO_MANY_VALUES, "Цвет товара", 10096, "2")]


@pytest.mark.parametrize(("text", "good"), [("7", True), ("7,0", True), ("7,5", False), ("семь", False), ("1 200", True)])
def test_whole_number_is_one(text: str, good: bool) -> None:
    saved = SavedFields("p1", KEY, {7001: ((0, text),)})
    problems = field_problems(fill_fields(PRODUCT, [BUTTONS], SHIRT, saved, {}, lookup))
    assert (problems == []) is good


@pytest.mark.parametrize(
    ("text", "value"),
    [("1 234,5", "1234.5"), ("1\u00a0234", "1234"), ("-2", "-2"), ("inf", None), ("NaN", None), ("", None), ("2х4", None)],
)
def test_numbers_as_people_write_them(text: str, value: str | None) -> None:
    assert number(text) == (None if value is None else Decimal(value))


def codes(**changes: object) -> set[ProblemCode]:
    given: dict[str, object] = {"product": PRODUCT, "offer_id": "RU-1", "price": Decimal(10), "vat": VatRate.VAT_22, "duplicate": False}
    return {problem.code for problem in base_problems(**{**given, **changes})}  # type: ignore[arg-type]


def test_what_ozon_refuses_in_the_card_itself() -> None:
    assert codes() == set()
    assert codes(product=replace(PRODUCT, name=" ")) == {ProblemCode.NAME_EMPTY}
    assert codes(product=replace(PRODUCT, name="н" * 256)) == {ProblemCode.NAME_TOO_LONG}
    assert codes(product=replace(PRODUCT, name="н" * 255)) == set()
    assert codes(offer_id="") == {ProblemCode.OFFER_ID_EMPTY}
    assert codes(offer_id="а" * 51) == {ProblemCode.OFFER_ID_TOO_LONG}
    assert codes(duplicate=True) == {ProblemCode.OFFER_ID_DUPLICATE}
    assert codes(price=None) == {ProblemCode.PRICE_MISSING}
    assert codes(price=Decimal(0)) == {ProblemCode.PRICE_NOT_POSITIVE}
    assert codes(vat=VatRate.VAT_18) == {ProblemCode.VAT_NOT_ACCEPTED}
    assert codes(vat=None) == {ProblemCode.VAT_NOT_ACCEPTED}
    assert codes(product=replace(PRODUCT, pictures=("file.jpg",))) == {ProblemCode.PICTURE_MISSING}


def test_package_must_be_there_and_of_this_world() -> None:
    assert dimension_problems(Dimensions(300, 200, 40, 350)) == []
    assert {problem.field for problem in dimension_problems(Dimensions(None, 0, -1, None))} == {"depth", "width", "height", "weight"}
    assert [problem.code for problem in dimension_problems(Dimensions(1000, 1000, 1000, 1))] == [ProblemCode.DENSITY]
    assert [problem.code for problem in dimension_problems(Dimensions(10, 10, 10, 20_000))] == [ProblemCode.DENSITY]


def test_known_sizes_stay_and_unknown_ones_are_taken_over() -> None:
    assert Dimensions(1, None, 3).over(Dimensions(9, 8, 7, 6)) == Dimensions(1, 8, 3, 6)


def test_payload_only_of_a_ready_card() -> None:
    filled = fill_fields(PRODUCT, [BRAND, MODEL, TYPE], SHIRT, None, {}, lookup)
    card = Card(PRODUCT, "RU-1", SHIRT, filled, Dimensions(300, 200, 40, 350), Decimal(10), VatRate.VAT_10, "RUB")
    payload = card.payload()
    assert (payload.vat, payload.name, payload.type_key) == ("0.1", "Рубашка льняная", KEY)
    assert [item.id for item in payload.attributes] == [85, 9048], "the type is no attribute to send: it has a field of its own"
    with pytest.raises(ValueError, match="RU-1"):
        replace(card, problems=(CardProblem(ProblemCode.NAME_EMPTY, "name"),)).payload()
    warned = replace(card, problems=(CardProblem(ProblemCode.PICTURE_MISSING, "images"),))
    assert warned.ready


def test_pictures_are_public_addresses_and_thirty_at_most() -> None:
    many = replace(PRODUCT, pictures=("1.jpg", *(f"https://shop.example/{number}.jpg" for number in range(40))))
    assert web_pictures(many) == many.pictures[1:31]
