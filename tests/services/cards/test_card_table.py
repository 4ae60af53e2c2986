"""The table of cards after changes against one made anew; values that left Ozon's dictionaries; Ozon's answers on cards; filters."""

import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from ozon_desktop.domain.card import CardProblem, Dimensions, ProblemCode, SavedFields
from ozon_desktop.domain.field_rules import ALL_CATEGORIES, FieldRule, RuleKind
from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryValue, TypeKey
from ozon_desktop.domain.pictures import PictureChoice
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import Accepted
from ozon_desktop.errors import NotFound
from ozon_desktop.services.cards.parts.table import CardTable
from ozon_desktop.services.cards.view import CardRow, view_of
from ozon_desktop.services.sync.outcome import OutcomeState
from tests.services.shop import SHIRT, SHIRTS, Shirt, Shop, write_export

JACKET = TypeKey(103, 1004)
BRAND, MODEL, COLOUR, BUTTONS, CUSTOMS = 85, 9048, 10096, 7001, 22232
COLOURS = DictionaryKey(500, SHIRT)
Step = Callable[[Shop, random.Random], Awaitable[object]]
MANY = tuple(
    replace(shirt, offer_id=f"{shirt.offer_id}-{number}", brand=brand, category=2 + number % 2, season=season)
    for number, (brand, season) in enumerate((("Ромашка", "лето"), ("Ромашки", ""), ("", "зима"), ("Ромашка", "чёрный"), ("Лютик", "")))
    for shirt in SHIRTS
)
IDS = [f"id-{shirt.offer_id}" for shirt in MANY]


async def rows_match(shop: Shop) -> None:
    """The kept table is what one made anew is, and each row's problems are those of the card itself."""
    cards = shop.application.cards
    view = await cards.view(shop.integration)
    anew = (await CardTable.make(shop.application.storage, shop.integration)).view
    assert view.rows == anew.rows
    assert view == anew
    assert view.index == anew.index
    for row in view.rows:
        details = await cards.details(shop.integration, row.product_id)
        assert (details.card.problems, details.card.ready, details.card.offer_id) == (row.problems, row.ready, row.offer_id)
        assert (details.card.price, details.ozon_problems) == (row.price, row.ozon_problems)


# --- Steps of the walk ------------------------------------------------------------------------------------------------


async def enter_fields(shop: Shop, chance: random.Random) -> None:
    entered = chance.choice((0, 61571, 5_000_002)), chance.choice(("чёрный", "семь", "7"))
    values = {chance.choice((MODEL, BRAND, COLOUR, BUTTONS)): (entered,)}
    sizes = Dimensions(weight=chance.choice((None, 0, 400)))
    key = chance.choice((SHIRT, JACKET))
    await shop.application.cards.save_fields(shop.integration, SavedFields(chance.choice(IDS), key, chance.choice((values, {})), sizes))


async def choose_pictures(shop: Shop, chance: random.Random) -> None:
    await shop.application.cards.save_pictures(shop.integration, PictureChoice(chance.choice(IDS), (), chance.choice(("", "x"))))


async def save_rule(shop: Shop, chance: random.Random) -> None:
    attribute, category = chance.choice((MODEL, COLOUR, BUTTONS)), chance.choice((ALL_CATEGORIES, "1", "2", "3"))
    rules = (
        FieldRule(category, attribute, RuleKind.CONSTANT, ((0, chance.choice(("чёрный", "белый", "5", "мимо"))),)),
        FieldRule(category, attribute, RuleKind.PROPERTY, property_name="Сезон"),
        FieldRule(category, COLOUR, RuleKind.TABLE, property_name="Сезон", table=(("лето", (0, "белый")),)),
        FieldRule(category, MODEL, RuleKind.TEMPLATE, template="{Бренд}"),
    )
    await shop.application.cards.field_rules.save(shop.integration, [chance.choice(rules)])


async def delete_rule(shop: Shop, chance: random.Random) -> None:
    for rule in (await shop.application.cards.field_rules.all(shop.integration))[:2]:
        await shop.application.cards.field_rules.delete(shop.integration, rule.category_id, rule.attribute_id)


async def answer(shop: Shop, chance: random.Random) -> None:
    service, text = shop.application.cards.field_rules, chance.choice(("лето", "зима", "мимо", "Ромашки"))
    value = chance.choice((None, DictionaryValue(61571, "белый"), DictionaryValue(5_000_002, "Ромашка")))
    dictionary = DictionaryKey(28732849) if text == "Ромашки" else COLOURS
    if chance.random() < 0.7:
        await service.decide_value(shop.integration, dictionary, text, value)
    else:
        await service.forget_value(shop.integration, dictionary, text)


async def switch(shop: Shop, chance: random.Random) -> None:
    await shop.application.cards.switch_list(shop.integration, chance.sample(IDS, 3))


async def copy(shop: Shop, chance: random.Random) -> None:
    await shop.application.cards.copy_fields(shop.integration, chance.choice(IDS), chance.sample(IDS, 4))


async def map_category(shop: Shop, chance: random.Random) -> None:
    await shop.application.mapping.map(shop.integration, ["3"], chance.choice((SHIRT, JACKET)))


async def link(shop: Shop, chance: random.Random) -> None:
    product, offer = chance.choice(IDS), chance.choice((MANY[0].offer_id, "OLD-1"))
    await shop.application.storage.run(lambda unit: unit.sync.save_link(shop.integration, product, offer))
    shop.application.cards._revision.bump()


async def ozon_answers(shop: Shop, chance: random.Random) -> None:
    known = Accepted(chance.choice(MANY).offer_id, 7, status=chance.choice(("price_sent", "failed")))
    await shop.application.storage.run(lambda unit: unit.sync.save_accepted(shop.integration, [known]))
    shop.application.cards._revision.bump()


async def new_values(shop: Shop, chance: random.Random) -> None:
    value = DictionaryValue(chance.randint(900, 990), chance.choice(("мимо", "зима", "лето")))
    now = shop.application.clock()

    def work(unit: object) -> None:
        unit.ozon.save_values(COLOURS, [value])  # type: ignore[attr-defined]
        unit.ozon.finish_dictionary(COLOURS, False, now)  # type: ignore[attr-defined]

    await shop.application.storage.run(work)
    shop.application.cards._revision.bump()


async def import_again(shop: Shop, chance: random.Random) -> None:
    await shop.stocks_the_store(*(replace(shirt, price=chance.choice(("0", "1990"))) for shirt in MANY[: chance.randint(9, 15)]))


STEPS: tuple[Step, ...] = (
    enter_fields,
    enter_fields,
    choose_pictures,
    save_rule,
    save_rule,
    delete_rule,
    answer,
    switch,
    copy,
    map_category,
    link,
    ozon_answers,
    new_values,
    import_again,
)


@pytest.mark.parametrize("seed", range(2))
async def test_table_after_any_changes_is_the_one_made_anew(shop: Shop, seed: int) -> None:
    chance = random.Random(seed)
    await shop.stocks_the_store(*MANY)
    await shop.application.mapping.map(shop.integration, ["3"], JACKET)
    await rows_match(shop)
    for _ in range(10):
        for step in chance.choices(STEPS, k=chance.choice((1, 1, 2, 3))):
            # A product that the last import did not have cannot be changed.
            with suppress(NotFound):
                await step(shop, chance)
        await rows_match(shop)


async def test_only_what_a_change_concerns_is_worked_out(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await shop.stocks_the_store(*MANY)
    await shop.application.mapping.map(shop.integration, ["3"], JACKET)
    cards, worked = shop.application.cards, list[set[str]]()
    work_out = CardTable._work_out

    async def noted(table: CardTable, product_ids: set[str]) -> None:
        worked.append(set(product_ids))
        await work_out(table, product_ids)

    monkeypatch.setattr(CardTable, "_work_out", noted)
    await cards.view(shop.integration)
    assert worked.pop() == set(IDS)
    await cards.save_fields(shop.integration, SavedFields(IDS[0], SHIRT, {MODEL: ((0, "M"),)}))
    await cards.view(shop.integration)
    assert worked.pop() == {IDS[0]}
    await cards.field_rules.save(shop.integration, [FieldRule("3", MODEL, RuleKind.CONSTANT, ((0, "M"),))])
    await cards.view(shop.integration)
    assert worked.pop() == {f"id-{shirt.offer_id}" for shirt in MANY if shirt.category == 3}
    await cards.field_rules.decide_value(shop.integration, DictionaryKey(28732849), "Лютик", None)
    await cards.view(shop.integration)
    assert worked.pop() == {f"id-{shirt.offer_id}" for shirt in MANY if shirt.brand == "Лютик"}
    shop.application.cards._revision.bump()
    await cards.view(shop.integration)
    assert worked == [set()]


async def test_a_value_that_came_into_a_dictionary_frees_the_cards_that_waited_for_it(shop: Shop) -> None:
    cards, storage, now = shop.application.cards, shop.application.storage, shop.application.clock()
    await shop.stocks_the_store(*(replace(shirt, season="пегий") for shirt in SHIRTS))
    await cards.field_rules.save(shop.integration, [FieldRule("2", COLOUR, RuleKind.PROPERTY, property_name="Сезон")])
    assert (await cards.view(shop.integration)).ready == 0
    await storage.run(lambda unit: unit.ozon.save_values(COLOURS, [DictionaryValue(901, "пегий")]))
    await storage.run(lambda unit: unit.ozon.finish_dictionary(COLOURS, False, now))
    cards._revision.bump()
    assert (await cards.view(shop.integration)).ready == 3


async def test_one_card_is_read_without_the_others(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    double = Shirt("RU-1", name="Другая с тем же артикулом")
    path = write_export(shop.folder / "shop.xml", *SHIRTS, double)
    path.write_text(path.read_text(encoding="utf-8").replace('id="id-RU-1"', 'id="second"', 1), encoding="utf-8")
    await shop.application.store_import.import_files([path], silent)
    # Told apart by the import, they are one card again where the manager says so.
    await shop.application.storage.run(lambda unit: unit.sync.save_link(shop.integration, "second", "RU-1"))

    def no_reading(*_: object) -> None:
        raise AssertionError("all products were read")

    for name in ("products", "prices", "stocks"):
        monkeypatch.setattr(f"ozon_desktop.storage.store.StoreRepository.{name}", no_reading)
    for _ in range(2):
        for product in ("second", "id-RU-1"):
            card = (await shop.application.cards.details(shop.integration, product)).card
            assert CardProblem(ProblemCode.OFFER_ID_DUPLICATE, "offer_id", detail="RU-1") in card.problems
        other = (await shop.application.cards.details(shop.integration, "id-RU-2")).card
        assert other.ready
        await shop.application.cards.view(shop.integration)


# --- Values that are gone ---------------------------------------------------------------------------------------------


async def test_value_that_ozon_removed_is_found_before_sending(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = shop.application.cards
    await cards.save_fields(shop.integration, SavedFields("id-RU-1", SHIRT, {COLOUR: ((61571, "белый"),)}))
    await cards.save_fields(shop.integration, SavedFields("id-RU-2", SHIRT, {COLOUR: ((61571, "белый"),)}))
    assert (await cards.view(shop.integration)).ready == 3
    await cards.resolve_values(shop.integration, silent)
    assert shop.line.paths == [], "what was read today is not asked about"
    dictionary = shop.sandbox.memory.catalog.dictionary({"dictionary_id": 500, "id": COLOUR, "category_dependent": True}, 101, 1001)
    assert dictionary is not None
    dictionary._base = [value for value in dictionary._base if value["id"] != 61571]
    dictionary._size -= 1
    dictionary._ids.remove(61571)
    dictionary.__dict__.pop("whole", None)
    shop.sandbox.memory.catalog._encoded.clear()
    now = shop.application.clock() + timedelta(hours=25)
    monkeypatch.setattr(cards, "_clock", lambda: now)
    await cards.resolve_values(shop.integration, silent)
    assert sum(shop.line.sent().values()) <= 4, "a value was asked about for each product"
    view = await cards.view(shop.integration)
    assert {row.offer_id for row in view.rows if not row.ready} == {"RU-1", "RU-2"}
    assert view.reasons == ((ProblemCode.NOT_IN_DICTIONARY, "Цвет товара", 2),)
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert {item.offer_id for item in preview.plan.items if item.problems} >= {"RU-1", "RU-2"}
    shop.line.mend()
    await cards.resolve_values(shop.integration, silent)
    assert shop.line.paths == [], "asked once a day"


# --- Ozon's answers ---------------------------------------------------------------------------------------------------


async def test_imported_with_a_blocking_error_is_no_success_and_stands_at_its_field(shop: Shop) -> None:
    """RU-1 has a jacket's customs code required, which Ozon tells of a card it calls imported."""
    fields = shop.sandbox.memory.catalog.attributes(SHIRT.description_category_id, SHIRT.type_id)
    fields.append({**fields[0], "id": CUSTOMS, "name": "ТН ВЭД коды ЕАЭС", "is_required": True, "dictionary_id": 503})
    shop.sandbox.memory.catalog._encoded.clear()
    result = await shop.application.sync.run(shop.integration, silent)
    assert shop.sandbox.products.keys() == {"RU-1", "RU-2", "RU-3"}, "Ozon called them imported"
    assert {outcome.state for outcome in result.outcomes if outcome.problems} == {OutcomeState.FAILED}
    row = next(row for row in (await shop.application.cards.view(shop.integration)).rows if row.offer_id == "RU-1")
    details = await shop.application.cards.details(shop.integration, row.product_id)
    (problem,) = row.ozon_problems
    assert details.ozon_problems == (problem,)
    assert (problem.attribute_id, problem.field, problem.blocking) == (CUSTOMS, "ТН ВЭД коды ЕАЭС", True)
    assert (await shop.application.cards.view(shop.integration)).index.refused


# --- Filters ----------------------------------------------------------------------------------------------------------


def row(number: int, category: str, *codes: ProblemCode) -> CardRow:
    problems = tuple(CardProblem(code, "f") for code in codes)
    ready = not any(problem.blocking for problem in problems)
    return CardRow(f"p{number}", f"A-{number}", "", category, "", None, "RUB", Decimal(0), ready, problems, "", ())


def test_filters_give_rows_by_readiness_reason_and_category() -> None:
    missing, doubtful, empty = ProblemCode.WEIGHT_MISSING, ProblemCode.PICTURE_MISSING, ProblemCode.REQUIRED_EMPTY
    first = [row(0, "А"), row(1, "А / Б", missing, missing), row(2, "А / Бв", doubtful)]
    view = view_of([*first, row(3, "В", missing, empty), row(4, "А / Б")])
    index = view.index
    assert (view.ready, view.with_errors) == (3, 2)
    assert view.reasons == ((missing, "f", 2), (empty, "f", 1))
    assert view.warnings == ((doubtful, "f", 1),)
    assert view.categories == (("А", 1), ("А / Б", 2), ("А / Бв", 1), ("В", 1))
    assert list(index.numbers()) == [0, 1, 2, 3, 4]
    assert list(index.numbers(ready=True)) == [0, 2, 4]
    assert list(index.numbers(reasons=[(missing, "f"), (doubtful, "f")])) == [1, 2, 3]
    assert list(index.numbers(category="А")) == [0, 1, 2, 4]
    assert list(index.numbers(category="А / Б")) == [1, 4]
    assert list(index.numbers(ready=False, reasons=[(empty, "f")], category="В")) == [3]
    assert list(index.numbers(ready=True, reasons=[(missing, "f")])) == []
