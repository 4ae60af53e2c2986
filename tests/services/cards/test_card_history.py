"""Steps over cards are undone and repeated whole, and never at the cost of what others entered since."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from ozon_desktop.domain.card import Dimensions, SavedFields
from ozon_desktop.domain.field_rules import FieldRule, RuleKind
from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryValue, TypeKey
from ozon_desktop.domain.pictures import PictureChoice
from ozon_desktop.errors import WrongInput
from ozon_desktop.services.cards import history
from ozon_desktop.services.cards.field_rules import OwnValue
from ozon_desktop.services.spreadsheets import read_table, write_table
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.services.cards.test_card_exchange import BRAND, MODEL, SHIRTS_CATEGORY, attribute
from tests.services.shop import SHIRT, Shop

JACKET = TypeKey(103, 1004)
IDS = ("id-RU-1", "id-RU-2", "id-RU-3")
OWN = SavedFields("id-RU-1", SHIRT, {MODEL: ((0, "Своя"),)}, Dimensions(height=55))
RULE = FieldRule(SHIRTS_CATEGORY, MODEL, RuleKind.CONSTANT, ((0, "Клетка"),))
ANSWER = DictionaryKey(28), "Ромашка"


async def entered(shop: Shop) -> tuple[object, ...]:
    """Everything the manager decided for cards, as it is stored."""

    def read(unit: UnitOfWork) -> tuple[object, ...]:
        number = shop.integration
        return unit.cards.saved(number), unit.cards.pictures(number), unit.cards.rules(number), unit.cards.choices(number)

    return await shop.application.storage.run(read)


async def save(shop: Shop) -> str:
    await shop.application.cards.save_fields(shop.integration, OWN)
    return "изменения карточки RU-1"


async def save_both(shop: Shop) -> str:
    pictures = PictureChoice("id-RU-1", ("https://shop.example/RU-1.jpg",))
    await shop.application.cards.save_card(shop.integration, "id-RU-1", OWN, pictures)
    return "изменения карточки RU-1"


async def order_pictures(shop: Shop) -> str:
    await shop.application.cards.save_pictures(shop.integration, PictureChoice("id-RU-2", main="https://shop.example/RU-2.jpg"))
    return "порядок фотографий RU-2"


async def fill(shop: Shop) -> str:
    model = await attribute(shop, MODEL)
    await shop.application.card_bulk.set_values(shop.integration, IDS, model, SHIRT, ((0, "Клетка"),))
    return f"«{model.name}» у 3 товаров"


async def copy(shop: Shop) -> str:
    await shop.application.cards.copy_fields(shop.integration, "id-RU-1", IDS)
    return "копирование полей на 2 товара"


async def load(shop: Shop) -> str:
    exchange, path = shop.application.card_exchange, shop.folder / "fields.xlsx"
    await exchange.export(shop.integration, SHIRTS_CATEGORY, SHIRT, path)
    rows = await read_table(path)
    headings = list(rows[0].texts)
    texts = [[row.texts[heading] if heading != "Вес, г" else "777" for heading in headings] for row in rows]
    await write_table(path, "Поля", headings, texts)
    preview = await exchange.preview(shop.integration, SHIRTS_CATEGORY, SHIRT, path)
    await exchange.apply(shop.integration, preview)
    return "загрузку из XLSX: 3 карточки"


async def switch(shop: Shop) -> str:
    await shop.application.cards.switch_list(shop.integration, ["id-RU-3"])
    return "переход на другой список: 1 карточка"


async def rule(shop: Shop) -> str:
    await shop.application.cards.save_rule(shop.integration, RULE, OwnValue("id-RU-1", SHIRT, MODEL))
    return f"правило поля «{(await attribute(shop, MODEL)).name}»"


async def no_rule(shop: Shop) -> str:
    await shop.application.cards.delete_rule(shop.integration, SHIRTS_CATEGORY, BRAND)
    return "удаление правила поля «Бренд»"


async def decide(shop: Shop) -> str:
    await shop.application.cards.field_rules.decide_value(shop.integration, *ANSWER, DictionaryValue(5, "Пуговкин"))
    return "ответ о значении «Ромашка»"


async def prepared(shop: Shop) -> None:
    """Cards that have something entered already, of two types, an empty list among them; nothing to undo."""
    cards = shop.application.cards
    await cards.save_fields(shop.integration, SavedFields("id-RU-1", SHIRT, {BRAND: ((0, "Первая"),)}))
    await cards.save_fields(shop.integration, SavedFields("id-RU-3", JACKET, {BRAND: ((0, "Куртка"),)}))
    await cards.save_fields(shop.integration, SavedFields("id-RU-2", SHIRT, {BRAND: ((0, "Вторая"),)}))
    await cards.switch_list(shop.integration, ["id-RU-3"])
    await cards.save_fields(shop.integration, SavedFields("id-RU-2", SHIRT))
    await cards.save_fields(shop.integration, SavedFields("id-RU-3", SHIRT))
    await cards.save_rule(shop.integration, FieldRule(SHIRTS_CATEGORY, BRAND, RuleKind.PROPERTY, property_name="Бренд"))
    cards.history.forget()


@pytest.mark.parametrize("step", [save, save_both, order_pictures, fill, copy, load, rule, no_rule, decide])
async def test_a_step_is_undone_and_repeated_whole(shop: Shop, step: Callable[[Shop], Awaitable[str]]) -> None:
    await prepared(shop)
    past, before, view = shop.application.cards.history, await entered(shop), await shop.application.cards.view(shop.integration)
    label = await step(shop)
    after = await entered(shop)
    assert after != before
    assert (past.undo_label(shop.integration), past.redo_label(shop.integration)) == (label, None)
    changed = await shop.application.cards.view(shop.integration)
    taken = await past.undo(shop.integration)
    assert taken is not None
    assert (taken.label, taken.left) == (label, 0)
    assert await entered(shop) == before
    assert (await shop.application.cards.view(shop.integration)).rows == view.rows
    assert (past.undo_label(shop.integration), past.redo_label(shop.integration)) == (None, label)
    assert await past.redo(shop.integration) is not None
    assert await entered(shop) == after
    assert (await shop.application.cards.view(shop.integration)).rows == changed.rows


async def test_switching_a_list_is_undone_with_what_was_carried_over(shop: Shop) -> None:
    cards = shop.application.cards
    await cards.save_fields(shop.integration, SavedFields("id-RU-3", JACKET, {BRAND: ((0, "Куртка"),)}))
    cards.history.forget()
    before = await entered(shop)
    label = await switch(shop)
    assert await entered(shop) != before
    taken = await cards.history.undo(shop.integration)
    assert taken is not None
    assert taken.label == label
    assert await entered(shop) == before


async def test_steps_are_undone_one_by_one_from_the_last_and_a_new_one_ends_repeating(shop: Shop) -> None:
    past = shop.application.cards.history
    states = [await entered(shop)]
    for step in (save, fill, copy, rule):
        await step(shop)
        states.append(await entered(shop))
    for state in (states[3], states[2]):
        await past.undo(shop.integration)
        assert await entered(shop) == state
    await decide(shop)
    assert past.redo_label(shop.integration) is None
    for state in (states[2], states[1], states[0]):
        await past.undo(shop.integration)
        assert await entered(shop) == state
    assert await past.undo(shop.integration) is None
    assert await entered(shop) == states[0]


async def test_what_was_entered_since_by_others_stays_and_is_counted(shop: Shop) -> None:
    """The fields of RU-2 come from the command line or a run meanwhile: they are no part of the history."""
    past = shop.application.cards.history
    await fill(shop)
    other = SavedFields("id-RU-2", SHIRT, {MODEL: ((0, "Другая"),)})
    await shop.application.storage.run(lambda unit: unit.cards.save(shop.integration, other))
    taken = await past.undo(shop.integration)
    assert taken is not None
    assert (taken.changed, taken.left) == (2, 1)
    saved = (await entered(shop))[0]
    assert saved == {"id-RU-2": {SHIRT: other}}
    again = await past.redo(shop.integration)
    assert again is not None
    assert (again.changed, again.left) == (2, 0)
    assert (await shop.application.storage.run(lambda unit: unit.cards.saved(shop.integration)))["id-RU-2"] == {SHIRT: other}


async def test_a_step_that_changed_nothing_or_failed_is_none(shop: Shop) -> None:
    past = shop.application.cards.history
    await save(shop)
    past.forget()
    await save(shop)
    await copy_nothing(shop)
    assert past.undo_label(shop.integration) is None


async def copy_nothing(shop: Shop) -> None:
    assert await shop.application.cards.copy_fields(shop.integration, "id-RU-2", ["id-RU-3"]) == 0


async def test_a_failure_while_undoing_keeps_the_step(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    past = shop.application.cards.history
    label = await save(shop)

    def broken(*_: object) -> None:
        raise RuntimeError("database")

    with monkeypatch.context() as patched:
        patched.setattr(history, "put_back", broken)
        with pytest.raises(RuntimeError, match="database"):
            await past.undo(shop.integration)
    assert past.undo_label(shop.integration) == label
    assert await past.undo(shop.integration) is not None


async def test_old_steps_give_way_the_last_one_never(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_KEPT", 2)
    past = shop.application.cards.history
    await save(shop)
    label = await fill(shop)
    assert past.undo_label(shop.integration) == label
    await past.undo(shop.integration)
    assert past.undo_label(shop.integration) is None
    assert (await entered(shop))[0] == {"id-RU-1": {SHIRT: OWN}}


async def test_another_integration_has_a_history_of_its_own(shop: Shop) -> None:
    await save(shop)
    assert shop.application.cards.history.undo_label(shop.integration + 1) is None
    assert await shop.application.cards.history.undo(shop.integration + 1) is None


async def test_an_import_of_a_file_read_before_another_change_is_refused(shop: Shop, tmp_path: Path) -> None:
    exchange, path = shop.application.card_exchange, tmp_path / "fields.xlsx"
    await exchange.export(shop.integration, SHIRTS_CATEGORY, SHIRT, path)
    rows = await read_table(path)
    headings = list(rows[0].texts)
    await write_table(
        path, "Поля", headings, [[row.texts[heading] if heading != "Вес, г" else "777" for heading in headings] for row in rows]
    )
    preview = await exchange.preview(shop.integration, SHIRTS_CATEGORY, SHIRT, path)
    await save(shop)
    before = await entered(shop)
    with pytest.raises(WrongInput, match="RU-1"):
        await exchange.apply(shop.integration, preview)
    assert await entered(shop) == before
