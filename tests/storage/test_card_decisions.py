"""What the manager decided for cards comes back whole, also out of a database of an earlier release."""

from decimal import Decimal
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from ozon_desktop.domain.card import Dimensions, SavedFields
from ozon_desktop.domain.field_rules import ALL_CATEGORIES, FieldRule, RuleKind
from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryValue, TypeKey
from ozon_desktop.domain.pictures import PictureChoice
from ozon_desktop.domain.value_matching import ValueChoice
from ozon_desktop.storage import schema
from ozon_desktop.storage.database import Database

KEY, OTHER = TypeKey(10, 20), TypeKey(10, 30)
BIG = 9_007_199_254_740_993


def integration(database: Database) -> int:
    return database.run_sync(lambda unit: unit.integrations.add("Карточки").id)


def test_rules_of_every_kind_come_back(database: Database) -> None:
    mine = integration(database)
    rules = [
        FieldRule(ALL_CATEGORIES, 1, RuleKind.CONSTANT, ((BIG, "Китай"),)),
        FieldRule("c", 1, RuleKind.TEMPLATE, template="{Бренд} {Цвет}"),
        FieldRule("c", 2, RuleKind.UNITS, property_name="Длина", factor=Decimal("0.10")),
        FieldRule("c", 3, RuleKind.TABLE, property_name="Цвет", table=(("кр.", (BIG, "красный")), ("син.", (0, "синий")))),
    ]
    for rule in rules:
        database.run_sync(lambda unit, rule=rule: unit.cards.save_rule(mine, rule))  # type: ignore[misc]
    assert database.run_sync(lambda unit: unit.cards.rules(mine)) == rules
    database.run_sync(lambda unit: unit.cards.delete_rule(mine, ALL_CATEGORIES, 1))
    assert database.run_sync(lambda unit: unit.cards.rules(mine)) == rules[1:]


def test_answers_are_kept_by_dictionary_and_folded_text(database: Database) -> None:
    mine = integration(database)
    shared, typed = DictionaryKey(BIG), DictionaryKey(5, KEY)
    for choice in (
        ValueChoice(shared, "Тёмный", DictionaryValue(1, "чёрный")),
        ValueChoice(shared, " ТЕМНЫЙ", DictionaryValue(BIG, "тёмно-серый")),
        ValueChoice(typed, "пегий", None),
    ):
        database.run_sync(lambda unit, choice=choice: unit.cards.save_choice(mine, choice))  # type: ignore[misc]
    kept = [ValueChoice(typed, "пегий", None), ValueChoice(shared, "ТЕМНЫЙ", DictionaryValue(BIG, "тёмно-серый"))]
    assert database.run_sync(lambda unit: unit.cards.choices(mine)) == kept
    database.run_sync(lambda unit: unit.cards.delete_choice(mine, typed, "Пегий"))
    database.run_sync(lambda unit: unit.cards.delete_choice(mine, DictionaryKey(5, OTHER), "темный"))
    assert database.run_sync(lambda unit: unit.cards.choices(mine)) == kept[1:]


def test_chosen_list_keeps_what_is_entered_in_it(database: Database) -> None:
    mine = integration(database)
    entered = SavedFields("p", KEY, {1: ((0, "x"),)}, Dimensions(weight=5))
    database.run_sync(lambda unit: unit.cards.save(mine, entered))
    assert not database.run_sync(lambda unit: unit.cards.has_lists(mine, "q"))
    for key in (KEY, OTHER):
        database.run_sync(lambda unit, key=key: unit.cards.choose_list(mine, ["p", "q"], key))  # type: ignore[misc]
    saved = database.run_sync(lambda unit: unit.cards.saved(mine))
    assert saved["p"] == {KEY: entered, OTHER: SavedFields("p", OTHER)}
    assert set(saved["q"]) == {KEY, OTHER}
    assert database.run_sync(lambda unit: unit.cards.has_lists(mine, "q"))


def test_order_of_pictures_comes_back_and_an_empty_one_is_forgotten(database: Database) -> None:
    mine = integration(database)
    choice = PictureChoice("p", ("https://a.example/2.jpg", "https://a.example/1.jpg"), "https://a.example/1.jpg")
    database.run_sync(lambda unit: unit.cards.save_pictures(mine, PictureChoice("p", main="x")))
    database.run_sync(lambda unit: unit.cards.save_pictures(mine, choice))
    assert database.run_sync(lambda unit: unit.cards.pictures(mine)) == {"p": choice}
    database.run_sync(lambda unit: unit.cards.save_pictures(mine, PictureChoice("p")))
    assert database.run_sync(lambda unit: unit.cards.pictures(mine)) == {}


def test_rules_of_the_release_before_stay_what_they_were(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.sqlite3'}"
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    engine = create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        connection.execute(
            text("INSERT INTO integrations (id, name, enabled, has_key, selected_base_ids) VALUES (7, 'Старый', false, false, '[]')")
        )
        connection.execute(
            text(
                "INSERT INTO field_rules (integration_id, category_id, attribute_id, kind, entered, property_name) VALUES"
                """ (7, 'c', 85, 'constant', '[[5, "Ромашка"]]', ''), (7, 'c', 90, 'property', '[]', 'Цвет')"""
            )
        )
    engine.dispose()
    database = Database(url)
    database.open()
    assert database.run_sync(lambda unit: unit.cards.rules(7)) == [
        FieldRule("c", 85, RuleKind.CONSTANT, ((5, "Ромашка"),)),
        FieldRule("c", 90, RuleKind.PROPERTY, property_name="Цвет"),
    ]
    database.run_sync(lambda unit: unit.integrations.delete(7))
    assert database.run_sync(lambda unit: unit.cards.rules(7)) == [], "a rule goes with its integration, as before"
    database.close()
