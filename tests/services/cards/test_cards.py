"""Where the values of cards come from over a real store: rules, doubtful values, lists that are switched, pictures."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from ozon_desktop.domain.card import Card, Dimensions, FilledField, Origin, ProblemCode, SavedFields
from ozon_desktop.domain.field_rules import ALL_CATEGORIES, FieldRule, RuleKind
from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryValue, TypeKey
from ozon_desktop.domain.pictures import PictureChoice
from ozon_desktop.domain.progress import silent
from ozon_desktop.errors import NotFound, WrongInput
from ozon_desktop.services.cards.parts.value_lookup import Candidates
from ozon_desktop.storage.dictionaries import DictionaryRepository
from tests.services.shop import SHIRT, SHIRTS, Shirt, Shop, write_export

JACKET = TypeKey(103, 1004)
BRAND, MODEL, NOTE, COLOUR, COUNTRY, BUTTONS, LENGTH = 85, 9048, 4191, 10096, 4389, 7001, 7002
COLOURS = DictionaryKey(500, SHIRT)
Params = dict[str, str]


async def stocks(shop: Shop, params: dict[str, Params], shirts: tuple[Shirt, ...] = SHIRTS, pictures: str = "") -> None:
    """The shop's shirts with further properties by article, and further pictures."""
    path = write_export(shop.folder / "shop.xml", *shirts)
    text = path.read_text(encoding="utf-8")
    for offer_id, own in params.items():
        added = "".join(f'<param name="{name}">{value}</param>' for name, value in own.items())
        code = f"<vendorCode>{offer_id}</vendorCode>"
        text = text.replace(code, code + added)
    text = text.replace("<vendor>", f"{pictures}<vendor>")
    path.write_text(text, encoding="utf-8")
    await shop.application.store_import.import_files([path], silent)


async def card_of(shop: Shop, offer_id: str = "RU-1") -> Card:
    return (await shop.application.cards.details(shop.integration, f"id-{offer_id}")).card


async def field_of(shop: Shop, attribute_id: int, offer_id: str = "RU-1") -> FilledField:
    return next(item for item in (await card_of(shop, offer_id)).fields if item.attribute.id == attribute_id)


async def values_of(shop: Shop, attribute_id: int, offer_id: str = "RU-1") -> list[str]:
    return [text for _, text in (await field_of(shop, attribute_id, offer_id)).values]


def codes(card: Card) -> set[ProblemCode]:
    return {problem.code for problem in card.problems if problem.blocking}


# --- Rules ----------------------------------------------------------------------------------------------------------


async def test_each_step_of_precedence_is_visible_on_the_field(shop: Shop) -> None:
    rules = shop.application.cards.field_rules

    async def seen() -> tuple[Origin, str, list[str]]:
        field = await field_of(shop, MODEL)
        return field.origin, field.source, [text for _, text in field.values]

    assert await seen() == (Origin.AUTOMATIC, "", ["Рубашка RU-1"])
    await rules.save(shop.integration, [FieldRule(ALL_CATEGORIES, MODEL, RuleKind.CONSTANT, ((0, "для всех"),))])
    assert await seen() == (Origin.INTEGRATION, "", ["для всех"])
    await rules.save(shop.integration, [FieldRule("1", MODEL, RuleKind.TEMPLATE, template="{Бренд} {Наименование}")])
    assert await seen() == (Origin.PARENT, "Одежда", ["Ромашка Рубашка RU-1"])
    await rules.save(shop.integration, [FieldRule("2", MODEL, RuleKind.TEMPLATE, template="{Категория} {Артикул}")])
    assert await seen() == (Origin.CATEGORY, "Рубашки", ["Рубашки RU-1"])
    await shop.application.cards.save_fields(shop.integration, SavedFields("id-RU-1", SHIRT, {MODEL: ((0, "своё"),)}))
    assert await seen() == (Origin.PRODUCT, "", ["своё"])
    assert {rule.category_id for rule in await rules.all(shop.integration)} == {"", "1", "2"}


async def test_units_are_converted_and_reach_ozon(shop: Shop) -> None:
    await stocks(shop, {"RU-1": {"Рост изделия": "0,7 м"}, "RU-2": {"Рост изделия": "700 мм"}, "RU-3": {"Рост изделия": "70"}})
    rules = shop.application.cards.field_rules
    await rules.save(shop.integration, [FieldRule("2", LENGTH, RuleKind.UNITS, property_name="Рост изделия")])
    assert [await values_of(shop, LENGTH, shirt.offer_id) for shirt in SHIRTS] == [["70"], ["70"], []]
    factor = FieldRule("2", LENGTH, RuleKind.UNITS, property_name="Рост изделия", factor=Decimal("0.5"))
    await rules.save(shop.integration, [factor])
    assert await values_of(shop, LENGTH, "RU-3") == ["35"]
    await shop.application.sync.run(shop.integration, silent)
    sent = shop.sandbox.products["RU-3"].item.attributes
    assert [item.values[0].value for item in sent if item.id == LENGTH] == ["35"]


@pytest.mark.parametrize(
    "rule",
    [
        FieldRule("2", MODEL, RuleKind.TEMPLATE, template="{Бренд} {Неведомое}"),
        FieldRule("2", MODEL, RuleKind.TEMPLATE, template=" "),
        FieldRule("2", BUTTONS, RuleKind.UNITS, property_name="Пуговицы"),
        FieldRule("2", LENGTH, RuleKind.UNITS, property_name="Длина", factor=Decimal(0)),
    ],
)
async def test_rule_that_can_never_give_a_value_is_refused(shop: Shop, rule: FieldRule) -> None:
    with pytest.raises(WrongInput):
        await shop.application.cards.field_rules.save(shop.integration, [rule])
    assert await shop.application.cards.field_rules.all(shop.integration) == []


async def test_rules_are_proposed_and_in_force_only_when_accepted(shop: Shop) -> None:
    await stocks(shop, {"RU-1": {"Цвет изделия": "чёрный", "Страна": "Китай"}, "RU-2": {"Страна": "Россия"}})
    rules = shop.application.cards.field_rules
    found = {item.attribute.id: item for item in await rules.propose(shop.integration, "2")}
    assert (found[COLOUR].property_name, found[COLOUR].samples, found[COLOUR].products) == ("Цвет изделия", ("чёрный",), 1)
    assert (found[COUNTRY].property_name, found[COUNTRY].products) == ("Страна", 2)
    assert await values_of(shop, COUNTRY) == []
    await rules.accept(shop.integration, "2", [found[COUNTRY]])
    assert await values_of(shop, COUNTRY) == ["Китай"]
    assert COUNTRY not in {item.attribute.id for item in await rules.propose(shop.integration, "2")}
    with pytest.raises(NotFound):
        await rules.propose(shop.integration, "3")
    with pytest.raises(NotFound):
        await rules.propose(shop.integration, "77")


async def test_a_rule_of_one_category_teaches_the_others(shop: Shop) -> None:
    await stocks(shop, {"RU-1": {"Откуда": "Китай", "Страна": "Россия"}})
    rules = shop.application.cards.field_rules
    await rules.save(shop.integration, [FieldRule("3", COUNTRY, RuleKind.PROPERTY, property_name="Откуда")])
    found = {item.attribute.id: item for item in await rules.propose(shop.integration, "2")}
    assert (found[COUNTRY].property_name, found[COUNTRY].confidence) == ("Откуда", 1.0)


# --- Values ---------------------------------------------------------------------------------------------------------


async def test_word_forms_are_taken_and_close_values_are_only_asked_about(shop: Shop) -> None:
    await stocks(shop, {"RU-1": {"Цвет": "ЧЁРНАЯ"}, "RU-2": {"Цвет": "Темно серые"}, "RU-3": {"Цвет": "чернйы"}})
    assert [await values_of(shop, COLOUR, shirt.offer_id) for shirt in SHIRTS] == [["чёрный"], ["тёмно-серый"], []]
    rules = shop.application.cards.field_rules
    (doubt,) = await rules.doubtful_values(shop.integration)
    assert (doubt.text, doubt.attributes, doubt.products, doubt.blocking) == ("чернйы", ((COLOUR, "Цвет товара"),), 1, 0)
    assert doubt.candidates[0].value == "чёрный"
    await rules.decide_value(shop.integration, doubt.dictionary, doubt.text, doubt.candidates[0])
    assert await rules.doubtful_values(shop.integration) == []
    assert await values_of(shop, COLOUR, "RU-3") == ["чёрный"]
    await stocks(shop, {"RU-2": {"Цвет": "ЧЕРНЙЫ"}})
    assert await rules.doubtful_values(shop.integration) == [], "asked again"
    assert await values_of(shop, COLOUR, "RU-2") == ["чёрный"]
    await rules.forget_value(shop.integration, doubt.dictionary, "чернйы")
    assert [item.text for item in await rules.doubtful_values(shop.integration)] == ["ЧЕРНЙЫ"]


async def test_text_that_was_said_to_have_no_value_is_neither_sent_nor_asked_about(shop: Shop) -> None:
    await stocks(shop, {shirt.offer_id: {"Окрас": "белый; в горошек"} for shirt in SHIRTS})
    rules = shop.application.cards.field_rules
    await rules.save(shop.integration, [FieldRule("2", COLOUR, RuleKind.PROPERTY, property_name="Окрас")])
    assert ProblemCode.NOT_IN_DICTIONARY in codes(await card_of(shop))
    (doubt,) = await rules.doubtful_values(shop.integration)
    assert (doubt.text, doubt.products, doubt.blocking) == ("в горошек", 3, 3)
    await rules.decide_value(shop.integration, doubt.dictionary, doubt.text, None)
    assert await values_of(shop, COLOUR) == ["белый"]
    assert await rules.doubtful_values(shop.integration) == []
    assert (await shop.application.cards.view(shop.integration)).ready == 3
    with pytest.raises(WrongInput):
        await rules.decide_value(shop.integration, doubt.dictionary, " ", None)


async def test_brands_in_another_form_are_other_brands(shop: Shop) -> None:
    await stocks(shop, {}, (Shirt("RU-1", brand="Ромашки"),))
    brand = await field_of(shop, BRAND)
    assert (brand.values, brand.unmatched) == (((0, "Ромашки"),), ("Ромашки",))
    (doubt,) = await shop.application.cards.field_rules.doubtful_values(shop.integration)
    assert (doubt.blocking, doubt.candidates[0].value) == (1, "Ромашка")
    await shop.application.cards.field_rules.decide_value(shop.integration, doubt.dictionary, doubt.text, doubt.candidates[0])
    shop.line.mend()
    await shop.application.cards.resolve_values(shop.integration, silent)
    assert shop.line.paths == [], "Ozon was asked about a text that is answered"
    assert await values_of(shop, BRAND) == ["Ромашка"]


async def test_brand_is_not_taken_in_another_form_though_all_brands_are_known(shop: Shop) -> None:
    storage, clock = shop.application.storage, shop.application.clock
    brands = (await field_of(shop, BRAND)).attribute.dictionary_id
    await storage.run(lambda unit: unit.ozon.finish_dictionary(DictionaryKey(brands), False, clock()))
    await stocks(shop, {}, (Shirt("RU-1", brand="Ромашки"),))
    assert (await field_of(shop, BRAND)).unmatched == ("Ромашки",)


async def test_text_like_no_value_is_asked_about_only_where_it_holds_a_card_back(shop: Shop) -> None:
    await stocks(shop, {"RU-1": {"Цвет": "щщщ"}})
    rules = shop.application.cards.field_rules
    assert await rules.doubtful_values(shop.integration) == []
    await rules.save(shop.integration, [FieldRule("2", COLOUR, RuleKind.PROPERTY, property_name="Цвет")])
    (doubt,) = await rules.doubtful_values(shop.integration)
    assert (doubt.text, doubt.candidates, doubt.blocking) == ("щщщ", (), 1)


async def test_answer_for_a_colour_serves_the_other_type_that_has_it(shop: Shop) -> None:
    gift = replace(SHIRTS[0], offer_id="GI-1", category=3)
    await stocks(shop, {"RU-1": {"Цвет товара": "сирый"}, "GI-1": {"Цвет товара": "сирый"}}, (*SHIRTS, gift))
    await shop.application.mapping.map(shop.integration, ["3"], JACKET)
    rules = shop.application.cards.field_rules
    (doubt,) = await rules.doubtful_values(shop.integration)
    assert (doubt.products, doubt.blocking) == (2, 1), "one question for both types"
    grey = next(value for value in doubt.candidates if value.value == "серый")
    await rules.decide_value(shop.integration, doubt.dictionary, doubt.text, grey)
    assert (await values_of(shop, COLOUR), await values_of(shop, COLOUR, "GI-1")) == (["серый"], ["серый"])
    assert await rules.doubtful_values(shop.integration) == []


async def test_dictionaries_are_asked_once_for_all_products(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    many = tuple(Shirt(f"RU-{number}") for number in range(60))
    spelled = ("черная", "чёрные", "белого", "пегая", "серая", "чёрный")
    await stocks(shop, {shirt.offer_id: {"Цвет": spelled[number % 6]} for number, shirt in enumerate(many)}, many)
    # Without a rule an optional colour holds no card back, and the table does not ask what it means.
    rule = FieldRule(ALL_CATEGORIES, COLOUR, RuleKind.PROPERTY, property_name="Цвет")
    await shop.application.cards.field_rules.save(shop.integration, [rule])
    batches: list[int] = []
    searched: list[str] = []
    find, of_form = DictionaryRepository.find_values, Candidates.of_form

    def counted(self: DictionaryRepository, pairs: Any) -> Any:
        batches.append(len(pairs))
        return find(self, pairs)

    def noted(self: Candidates, text: str) -> Any:
        searched.append(text)
        return of_form(self, text)

    monkeypatch.setattr(DictionaryRepository, "find_values", counted)
    monkeypatch.setattr(Candidates, "of_form", noted)
    await shop.application.cards.view(shop.integration)
    assert len(batches) == 1
    assert sorted(searched) == ["белого", "пегая", "серая", "черная", "черные"], "each text once, and none that is there as it is"


async def test_large_dictionary_is_searched_and_a_partial_one_is_not_trusted(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await stocks(shop, {"RU-1": {"Цвет": "чёрная"}})
    monkeypatch.setattr("ozon_desktop.services.cards.parts.value_lookup.READ_WHOLE", 0)
    assert await values_of(shop, COLOUR) == ["чёрный"]
    await stocks(shop, {"RU-1": {"Цвет": "чернйы"}})
    (doubt,) = await shop.application.cards.field_rules.doubtful_values(shop.integration)
    assert [value.value for value in doubt.candidates] == ["чёрный"]
    storage, clock = shop.application.storage, shop.application.clock
    await storage.run(lambda unit: unit.ozon.finish_dictionary(COLOURS, True, clock()))
    await stocks(shop, {"RU-1": {"Цвет": "чёрная"}})
    assert await values_of(shop, COLOUR) == []


async def test_table_of_a_category_means_what_its_rows_say(shop: Shop) -> None:
    await stocks(shop, {"RU-1": {"Отделка": "уголь"}})
    table = FieldRule("2", COLOUR, RuleKind.TABLE, property_name="Отделка", table=(("Уголь", (61577, "чёрный")),))
    await shop.application.cards.field_rules.save(shop.integration, [table])
    field = await field_of(shop, COLOUR)
    assert (field.values, field.origin, field.source) == (((61577, "чёрный"),), Origin.CATEGORY, "Отделка")


# --- Lists ----------------------------------------------------------------------------------------------------------


async def moved(shop: Shop, *shirts: Shirt) -> None:
    """The store moves the products to «Подарки», which are jackets."""
    await shop.application.mapping.map(shop.integration, ["3"], JACKET)
    await shop.stocks_the_store(*(replace(shirt, category=3) for shirt in shirts or SHIRTS))


async def test_list_of_another_type_is_marked_not_sent_and_switched(shop: Shop) -> None:
    cards = shop.application.cards
    shared, own = {MODEL: ((0, "Модель"),)}, {BUTTONS: ((0, "7"),)}
    await cards.save_fields(shop.integration, SavedFields("id-RU-1", SHIRT, {**shared, **own}, Dimensions(weight=400)))
    await moved(shop)
    card = await card_of(shop)
    assert ProblemCode.OTHER_LIST in codes(card)
    assert card.other_list is not None
    assert card.other_list.key == SHIRT
    assert ProblemCode.OTHER_LIST not in codes(await card_of(shop, "RU-2")), "nothing is entered on it"
    assert (ProblemCode.OTHER_LIST, "category", 1) in (await cards.view(shop.integration)).reasons
    reported = await cards.switch_preview(shop.integration, ["id-RU-1", "id-RU-2"])
    assert (reported.products, [field.name for field in reported.kept], [field.name for field in reported.lost]) == (
        1,
        ["Название модели"],
        ["Количество пуговиц"],
    )
    assert ProblemCode.OTHER_LIST in codes(await card_of(shop)), "a preview changes nothing"
    assert await cards.switch_list(shop.integration, ["id-RU-1", "id-RU-2"]) == reported
    details = await cards.details(shop.integration, "id-RU-1")
    assert details.saved == SavedFields("id-RU-1", JACKET, shared, Dimensions(weight=400))
    assert ProblemCode.OTHER_LIST not in codes(details.card)
    await shop.stocks_the_store(*SHIRTS)
    assert await values_of(shop, BUTTONS) == ["7"], "the values of the earlier list are kept"


async def test_marked_card_is_not_sent(shop: Shop) -> None:
    cards = shop.application.cards
    await shop.application.mapping.unmap(shop.integration, ["2"])
    await cards.save_fields(shop.integration, SavedFields("id-RU-1", JACKET, {MODEL: ((0, "Модель"),)}))
    await shop.application.mapping.map(shop.integration, ["2"], SHIRT)
    await shop.application.sync.run(shop.integration, silent)
    assert set(shop.sandbox.products) == {"RU-2", "RU-3"}
    await cards.switch_list(shop.integration, ["id-RU-1"])
    await shop.application.sync.run(shop.integration, silent)
    assert set(shop.sandbox.products) == {"RU-1", "RU-2", "RU-3"}


async def test_mapping_changed_in_the_window_counts_as_switched(shop: Shop) -> None:
    await shop.application.cards.save_fields(shop.integration, SavedFields("id-RU-1", SHIRT, {MODEL: ((0, "Модель"),)}))
    await shop.application.mapping.map(shop.integration, ["2"], JACKET)
    assert ProblemCode.OTHER_LIST not in codes(await card_of(shop))
    await shop.application.mapping.undo(shop.integration)
    assert ProblemCode.OTHER_LIST not in codes(await card_of(shop))


async def test_list_without_anything_in_common_and_an_emptied_one_stay_switched(shop: Shop) -> None:
    cards = shop.application.cards
    await cards.save_fields(shop.integration, SavedFields("id-RU-1", SHIRT, {BUTTONS: ((0, "7"),)}))
    await cards.save_fields(shop.integration, SavedFields("id-RU-2", SHIRT, {MODEL: ((0, "Модель"),)}))
    await moved(shop)
    await cards.switch_list(shop.integration, ["id-RU-1", "id-RU-2"])
    assert ProblemCode.OTHER_LIST not in codes(await card_of(shop))
    await cards.save_fields(shop.integration, SavedFields("id-RU-2", JACKET))
    assert ProblemCode.OTHER_LIST not in codes(await card_of(shop, "RU-2"))
    assert await cards.copy_fields(shop.integration, "id-RU-1", ["id-RU-2"]) == 0, "nothing to copy must empty nothing"


# --- Package and pictures -------------------------------------------------------------------------------------------


async def test_doubtful_package_is_reported_until_the_manager_enters_it(shop: Shop) -> None:
    await stocks(shop, {"RU-1": {"Вес брутто": "2 кг"}})
    details = await shop.application.cards.details(shop.integration, "id-RU-1")
    (doubt,) = details.package_doubts
    assert (doubt.axis, details.automatic_dimensions.weight) == ("weight", None)
    assert ProblemCode.WEIGHT_MISSING in codes(details.card)
    assert ProblemCode.PACKAGE_DOUBTFUL in {problem.code for problem in details.card.problems}
    card = (await shop.application.cards.save_fields(shop.integration, SavedFields("id-RU-1", SHIRT, {}, Dimensions(weight=400)))).card
    assert card.problems == ()


async def test_pictures_go_out_in_the_chosen_order(shop: Shop) -> None:
    more = "<picture>https://shop.example/new.jpg</picture><picture>http://localhost/3.jpg</picture>"
    await stocks(shop, {}, pictures=more)
    cards = shop.application.cards
    details = await cards.save_pictures(shop.integration, PictureChoice("id-RU-1", main="https://shop.example/new.jpg"))
    assert details.picture_choice == PictureChoice("id-RU-1", main="https://shop.example/new.jpg")
    assert details.card.pictures is not None
    assert [problem.url for problem in details.card.pictures.problems] == ["http://localhost/3.jpg"]
    await shop.application.sync.run(shop.integration, silent)
    images = {offer_id: product.item.images for offer_id, product in shop.sandbox.products.items()}
    assert images["RU-1"] == ["https://shop.example/new.jpg", "https://shop.example/RU-1.jpg"]
    assert images["RU-2"] == ["https://shop.example/RU-2.jpg", "https://shop.example/new.jpg"]
    details = await cards.save_pictures(shop.integration, PictureChoice("id-RU-1"))
    assert details.picture_choice is None


async def test_value_of_an_answer_need_not_be_cached(shop: Shop) -> None:
    await stocks(shop, {"RU-1": {"Цвет": "пегая"}})
    await shop.application.cards.field_rules.decide_value(shop.integration, COLOURS, "Пегая", DictionaryValue(77, "пегий"))
    assert (await field_of(shop, COLOUR)).values == ((77, "пегий"),)
    (choice,) = await shop.application.cards.field_rules.choices(shop.integration)
    assert (choice.text, choice.dictionary) == ("Пегая", COLOURS)
