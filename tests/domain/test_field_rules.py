"""Rules that fill fields: which one wins, what each kind gives, and which are proposed."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from ozon_desktop.domain.card import Origin, SavedFields
from ozon_desktop.domain.field_filling import AppliedRule, wanted_texts
from ozon_desktop.domain.field_filling import plan_fields as plans
from ozon_desktop.domain.field_rules import (
    ALL_CATEGORIES,
    FieldRule,
    ProductTexts,
    RuleKind,
    filled_template,
    template_faults,
    with_row,
)
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryKey, DictionaryValue, OzonType, TypeKey
from ozon_desktop.domain.rule_proposals import CONFIDENT, RuleProposal, likeness, property_uses, propose
from ozon_desktop.domain.store_catalog import Product, fold
from ozon_desktop.domain.value_matching import NOTHING
from tests.domain.filling import fill_fields

KEY = TypeKey(101, 1001)
SHIRT = OzonType(KEY, "Рубашка")
NOTE = Attribute(50, "Примечание")
LENGTH = Attribute(7002, "Длина, мм", type="Decimal")
COLOUR = Attribute(10096, "Цвет товара", dictionary_id=2, is_collection=True, category_dependent=True)
COUNTRY = Attribute(4389, "Страна-изготовитель", dictionary_id=3, is_collection=True)
KNOWN = {
    (DictionaryKey(2, KEY), "красный"): DictionaryValue(1, "красный"),
    (DictionaryKey(2, KEY), "синий"): DictionaryValue(2, "синий"),
    (DictionaryKey(2, KEY), "никакой"): NOTHING,
    (DictionaryKey(3), "китай"): DictionaryValue(3, "Китай"),
}
PRODUCT = Product(
    "p",
    "A-1",
    "Рубашка",
    vendor="Ромашка",
    barcodes=("4600000000017",),
    properties=(("Цвет", "красный"), ("Длина изделия", "15 см"), ("Пустое", "")),
)


def lookup(dictionary: DictionaryKey, text: str) -> DictionaryValue | None:
    return KNOWN.get((dictionary, fold(text)))


def given(attribute: Attribute, *rules: AppliedRule, product: Product = PRODUCT, saved: SavedFields | None = None) -> tuple[object, ...]:
    (filled,) = fill_fields(product, [attribute], SHIRT, saved, {attribute.id: rules}, lookup, "Рубашки")
    return filled.values, filled.origin, filled.source


def rule(kind: RuleKind, origin: Origin = Origin.CATEGORY, source: str = "Рубашки", **options: object) -> AppliedRule:
    return AppliedRule(FieldRule("c", 0, kind, **options), origin, source)  # type: ignore[arg-type]


def texts_of(*rules: AppliedRule, attribute: Attribute = NOTE, product: Product = PRODUCT) -> list[str]:
    values = given(attribute, *rules, product=product)[0]
    assert isinstance(values, tuple)
    return [text for _, text in values]


def test_nearest_rule_wins_and_one_that_gives_nothing_steps_back() -> None:
    own = rule(RuleKind.CONSTANT, values=((0, "своё"),))
    parent = rule(RuleKind.CONSTANT, Origin.PARENT, "Одежда", values=((0, "родителя"),))
    default = rule(RuleKind.CONSTANT, Origin.INTEGRATION, "", values=((0, "всех"),))
    absent = rule(RuleKind.PROPERTY, property_name="Нет такого")
    marked = replace(PRODUCT, properties=(("Примечание", "само"),))
    entered = SavedFields("p", KEY, {50: ((0, "введено"),)})
    assert given(NOTE, own, parent, default, product=marked, saved=entered) == (((0, "введено"),), Origin.PRODUCT, "")
    assert given(NOTE, own, parent, default, product=marked) == (((0, "своё"),), Origin.CATEGORY, "Рубашки")
    assert given(NOTE, absent, parent, default, product=marked) == (((0, "родителя"),), Origin.PARENT, "Одежда")
    assert given(NOTE, absent, default, product=marked) == (((0, "всех"),), Origin.INTEGRATION, "")
    assert given(NOTE, absent, product=marked) == (((0, "само"),), Origin.AUTOMATIC, "Примечание")
    assert given(NOTE, absent) == ((), Origin.EMPTY, "")


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{Бренд} {Наименование}", "Ромашка Рубашка"),
        ("{бренд} {Описание} {Наименование}", "Ромашка Рубашка"),
        ("{Наименование}, {Пустое}", "Рубашка"),
        ("{Наименование}, {Пустое}, {Цвет}", "Рубашка, красный"),
        ("{Наименование} ({Пустое})", "Рубашка"),
        ("{Категория}: {Артикул} / {Штрихкод}", "Рубашки: A-1 / 4600000000017"),
        ("{Пустое}", None),
        ("{Пустое} шт.", None),
    ],
)
def test_template_names_fields_and_properties_and_leaves_no_gaps(template: str, text: str | None) -> None:
    assert texts_of(rule(RuleKind.TEMPLATE, template=template)) == ([] if text is None else [text])


def test_template_keeps_lines_of_a_description() -> None:
    reported = ProductTexts(replace(PRODUCT, description="Лён.\n\nСтирать  отдельно."))
    assert filled_template("{Наименование}\n{Описание}", reported) == "Рубашка\nЛён.\n\nСтирать  отдельно."


def test_names_that_nothing_has_are_reported() -> None:
    assert template_faults("{Бренд} {ЦВЕТ} {Неведомое}", ["Цвет"]) == ["{Неведомое}"]
    assert template_faults("{Бренд", []) == ["{"]
    assert template_faults("{Бренд} {Наименование}", []) == []


@pytest.mark.parametrize(
    ("name", "text", "number"),
    [
        ("Длина", "15 см", "150"),
        ("Длина", "1,5 м", "1500"),
        ("Длина", "150 мм", "150"),
        ("Длина, см", "15", "150"),
        ("Длина (м)", "0,2", "200"),
        ("Длина", "15", None),
        ("Длина", "15 кг", None),
        ("Длина", "длинная", None),
    ],
)
def test_conversion_reads_the_units_of_both_sides(name: str, text: str, number: str | None) -> None:
    product = replace(PRODUCT, properties=((name, text),))
    converting = rule(RuleKind.UNITS, property_name=name)
    assert texts_of(converting, attribute=LENGTH, product=product) == ([] if number is None else [number])


def test_unit_is_found_in_the_description_when_it_names_only_one() -> None:
    described = Attribute(1, "Вес товара", "Укажите вес в граммах, без упаковки.", type="Integer")
    product = replace(PRODUCT, properties=(("Вес", "1 кг 200 г"),))
    assert texts_of(rule(RuleKind.UNITS, property_name="Вес"), attribute=described, product=product) == ["1200"]
    unclear = replace(described, description="В граммах или в килограммах")
    assert texts_of(rule(RuleKind.UNITS, property_name="Вес"), attribute=unclear, product=product) == []


def test_factor_multiplies_whatever_the_unit() -> None:
    product = replace(PRODUCT, properties=(("В упаковке", "2,5"), ("С единицей", "3 см")))
    assert texts_of(rule(RuleKind.UNITS, property_name="В упаковке", factor=Decimal(12)), product=product) == ["30"]
    assert texts_of(rule(RuleKind.UNITS, property_name="С единицей", factor=Decimal("0.1")), product=product) == ["0.3"]


def test_number_with_a_known_unit_needs_no_rule() -> None:
    product = replace(PRODUCT, properties=(("Длина, мм", "15 см"),))
    assert given(LENGTH, product=product) == (((0, "150"),), Origin.AUTOMATIC, "Длина, мм")


def test_table_replaces_texts_and_leaves_the_others_to_the_dictionary() -> None:
    table = (("Кр.", (1, "красный")), ("мятый", (0, "красный")))
    spelled = rule(RuleKind.TABLE, property_name="Цвет", table=table)
    for text, values in (("кр.", ((1, "красный"),)), ("кр.; синий", ((1, "красный"), (2, "синий"))), ("мятый", ((1, "красный"),))):
        product = replace(PRODUCT, properties=(("Цвет", text),))
        assert given(COLOUR, spelled, product=product) == (values, Origin.CATEGORY, "Цвет"), text
    by_itself = rule(RuleKind.TABLE, table=table)
    assert given(COLOUR, by_itself, product=replace(PRODUCT, properties=(("Цвет товара", "кр."),)))[0] == ((1, "красный"),)


def test_row_of_the_same_text_is_replaced() -> None:
    first = with_row(FieldRule("c", 1, RuleKind.TABLE, property_name="Цвет"), "Кр.", (1, "красный"))
    assert with_row(first, "кр.", (2, "синий")).table == (("кр.", (2, "синий")),)


def test_default_for_all_types_takes_the_value_of_this_types_dictionary_or_none() -> None:
    def default(values: object) -> AppliedRule:
        return AppliedRule(FieldRule(ALL_CATEGORIES, COLOUR.id, RuleKind.CONSTANT, values), Origin.INTEGRATION)  # type: ignore[arg-type]

    bare = replace(PRODUCT, properties=())
    assert given(COLOUR, default(((999, "синий"),)), product=bare)[0] == ((2, "синий"),)
    assert given(COLOUR, default(((999, "пегий"),)), product=bare) == ((), Origin.EMPTY, "")
    own = rule(RuleKind.CONSTANT, values=((999, "пегий"),))
    assert given(COLOUR, own, product=bare)[0] == ((999, "пегий"),), "what was chosen for this very category stays"


def test_text_without_a_value_is_dropped_and_unknown_parts_are_kept_apart() -> None:
    product = replace(PRODUCT, properties=(("Цвет", "синий; никакой; пегий"),))
    (filled,) = fill_fields(product, [COLOUR], SHIRT, None, {}, lookup)
    assert (filled.values, filled.unmatched) == (((2, "синий"),), ("пегий",))


def test_entered_text_of_another_list_is_found_anew() -> None:
    saved = SavedFields("p", KEY, {COLOUR.id: ((0, "Синий"), (0, "пегий"), (7, "свой"))})
    assert given(COLOUR, saved=saved)[0] == ((2, "синий"), (0, "пегий"), (7, "свой"))


@pytest.mark.parametrize("saved", [None, SavedFields("p", KEY, {COLOUR.id: ((0, "Синий"), (7, "свой"))})])
def test_everything_that_is_looked_up_was_announced(saved: SavedFields | None) -> None:
    applied = [
        rule(RuleKind.PROPERTY, property_name="Нет такого"),
        rule(RuleKind.TABLE, property_name="Нет и такого", table=(("а", (1, "красный")),)),
        rule(RuleKind.CONSTANT, Origin.INTEGRATION, values=((5, "пегий"),)),
    ]
    asked: set[str] = set()

    def watch(_: DictionaryKey, text: str) -> None:
        asked.add(text)

    fill_fields(PRODUCT, [COLOUR], SHIRT, saved, {COLOUR.id: applied}, watch)
    (plan,) = plans([COLOUR], KEY, {COLOUR.id: applied})
    assert asked
    assert asked <= wanted_texts(ProductTexts(PRODUCT), plan, saved)


# --- Proposals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "theirs", "least"),
    [
        ("Цвет", "Цвет товара", 0.9),
        ("Страна", "Страна-изготовитель", 0.8),
        ("Страна происхождения", "Страна-изготовитель", 0.9),
        ("Длина, см", "Длина, мм", 0.9),
        ("Марка", "Бренд", 0.9),
        ("количество пуговиц", "Количество пуговиц", 1.0),
        ("Гарантия", "Гарантийный срок", 0.9),
        ("Комплект поставки:", "Комплектация", 0.9),
        ("Диагональ дисплея", "Диагональ экрана, дюймы", 0.9),
        ("Габариты", "Размеры, мм", 0.9),
    ],
)
def test_names_that_mean_the_same(ours: str, theirs: str, least: float) -> None:
    assert likeness(ours, theirs) >= least


@pytest.mark.parametrize(("ours", "theirs"), [("Сезон", "Цвет товара"), ("Вес", "Бренд"), ("", "Цвет"), ("товар", "Цвет товара")])
def test_names_that_do_not(ours: str, theirs: str) -> None:
    assert likeness(ours, theirs) == 0


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Размер", "Размеры, мм"),
        ("Размеры", "Размер производителя"),
        ("Состав", "Материал"),
        ("Материал", "Состав материала"),
        ("Срок годности", "Гарантийный срок"),
        ("Цвет циферблата", "Цвет товара"),
    ],
)
def test_names_that_are_alike_are_not_sure(ours: str, theirs: str) -> None:
    assert likeness(ours, theirs) < CONFIDENT


def proposed(*properties: Sequence[tuple[str, str]], taken: Sequence[int] = ()) -> list[RuleProposal]:
    uses = property_uses(Product(str(number), "", "", properties=tuple(pairs)) for number, pairs in enumerate(properties))
    known = {"красный", "синий", "китай"}
    return propose([COLOUR, COUNTRY, LENGTH, NOTE], uses, lambda _, text: fold(text) in known, taken)


def test_best_property_is_proposed_with_samples_and_counts() -> None:
    rows = [
        (("Цвет", "красный"), ("Цвет подкладки", "белый"), ("Страна", "Китай"), ("Длина", "15 см")),
        (("Цвет", "синий"), ("Страна", "Китай"), ("Длина", "16 см")),
        (("Цвет", "красный"), ("Цвет подкладки", "синий")),
    ]
    found = {item.attribute.id: item for item in proposed(*rows)}
    assert set(found) == {COLOUR.id, COUNTRY.id, LENGTH.id}
    colour = found[COLOUR.id]
    assert (colour.property_name, colour.samples, colour.products, colour.kind) == ("Цвет", ("красный", "синий"), 3, RuleKind.PROPERTY)
    assert colour.confidence > found[COUNTRY.id].confidence > 0.8
    assert found[LENGTH.id].kind is RuleKind.UNITS
    assert colour.rule("c") == FieldRule("c", COLOUR.id, RuleKind.PROPERTY, property_name="Цвет")


def test_values_that_cannot_be_meant_lower_the_confidence() -> None:
    (good,) = proposed([("Длина, мм", "15")])
    assert good.confidence == 1.0
    assert proposed([("Длина, мм", "длинная")]) == []
    (odd,) = proposed([("Цвет", "пегий")])
    (right,) = proposed([("Цвет", "синий")])
    assert odd.confidence < right.confidence


def of(
    attribute: Attribute, *others: Attribute, uses: Sequence[tuple[str, str]], taught: dict[int, str] | None = None
) -> RuleProposal | None:
    """What is proposed for an attribute beside others of its type."""
    found = propose([attribute, *others], property_uses([Product("p", "", "", properties=tuple(uses))]), lambda *_: True, (), taught)
    return next((one for one in found if one.attribute == attribute), None)


def test_a_property_is_sure_for_the_attribute_it_is_most_like_only() -> None:
    material, made_of = Attribute(30010, "Материал", dictionary_id=4), Attribute(30021, "Состав", dictionary_id=4)
    first, second = (of(one, other, uses=[("Материал", "сталь")]) for one, other in ((material, made_of), (made_of, material)))
    assert first is not None
    assert second is not None
    assert first.confidence == 1.0
    assert second.confidence < CONFIDENT


def test_a_number_whose_unit_nobody_tells_is_not_sure() -> None:
    weight = Attribute(4383, "Вес товара, г", type="Decimal")
    bare, told = (of(weight, uses=[("Вес", text)]) for text in ("0.416", "416 г"))
    assert bare is not None
    assert told is not None
    assert bare.confidence < CONFIDENT <= told.confidence


def test_the_same_name_is_sure_though_its_values_have_to_be_asked_about() -> None:
    (odd,) = proposed([("Цвет", "пегий")])
    assert odd.confidence >= CONFIDENT


def test_what_the_shop_decided_elsewhere_is_sure_here_and_nothing_else_of_that_property() -> None:
    taught = {COUNTRY.id: "откуда"}
    country = of(COUNTRY, uses=[("Откуда", "Китай"), ("Страна", "Россия")], taught=taught)
    assert country is not None
    assert (country.property_name, country.confidence) == ("Откуда", 1.0)
    other = of(Attribute(51, "Откуда"), uses=[("Откуда", "Китай")], taught=taught)
    assert other is not None
    assert other.confidence < CONFIDENT
    assert of(COUNTRY, uses=[("Цвет", "белый")], taught=taught) is None


def test_attribute_with_a_rule_gets_no_proposal() -> None:
    assert proposed([("Цвет", "синий")], taken=[COLOUR.id]) == []
