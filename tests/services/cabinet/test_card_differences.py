"""Where the cards of the cabinet differ from the store's products, and whose side is chosen, over the sandbox."""

from decimal import Decimal
from typing import Any

import pytest

from ozon_desktop.domain.card import Dimensions, Origin, SavedFields
from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.field_rules import FieldRule, RuleKind
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind, DesiredState
from ozon_desktop.errors import WrongInput
from ozon_desktop.services.cabinet.cards import CabinetCardsService, ozon_sides
from tests.services.cabinet.cards_on_ozon import place, values
from tests.services.shop import MAIN_WAREHOUSE, SHIRT, SHIRTS, Line, Shop, wanted


async def sold(shop: Shop) -> None:
    """Everything is on Ozon as the store has it."""
    result = await shop.application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.DONE, result.run.problems


async def differing(shop: Shop) -> dict[tuple[str, str], tuple[str, str, Side | None]]:
    found = await shop.application.cabinet_cards.differences(shop.integration)
    return {(one.offer_id, one.field): (one.store, one.ozon, one.side) for one in found}


async def test_what_was_just_sent_differs_in_nothing(shop: Shop, service: CabinetCardsService) -> None:
    await sold(shop)
    await service.load(shop.integration, silent)
    assert await differing(shop) == {}


async def test_fields_that_differ_are_reported_with_both_values(shop: Shop, service: CabinetCardsService, line: Line) -> None:
    await sold(shop)
    first, second = shop.sandbox.products["RU-1"], shop.sandbox.products["RU-2"]
    first.price, first.vat = Decimal(1500), "0.1"
    first.item.name, first.item.weight, first.item.weight_unit, first.item.barcode = "Сорочка", 1, "kg", "460"
    first.item.attributes.append(values(4191, (0, "Из льна")))
    second.stocks[MAIN_WAREHOUSE] = 9
    await service.load(shop.integration, silent)
    line.break_at("*", "network")
    assert await differing(shop) == {
        ("RU-1", "name"): ("Рубашка RU-1", "Сорочка", None),
        ("RU-1", "price"): ("1990", "1500", None),
        ("RU-1", "vat"): ("22 %", "10 %", None),
        ("RU-1", "barcode"): ("", "460", None),
        ("RU-1", "weight"): ("350", "1000", None),
        ("RU-1", "description"): ("", "Из льна", None),
        ("RU-2", "stock"): ("5", "11", None),
    }
    only = await service.differences(shop.integration, ["id-RU-1"], {"name", "stock"})
    assert [(one.product_id, one.field) for one in only] == [("id-RU-1", "name")]


async def test_the_source_of_each_value_is_reported(shop: Shop, service: CabinetCardsService) -> None:
    place(shop.sandbox, "RU-1", "Сорочка", weight=400, attributes=(values(85, (5, "Ромашка")),))
    await service.load(shop.integration, silent)
    brand = next(one for one in await service.differences(shop.integration) if one.field == "attribute:85")
    assert brand.origin is Origin.AUTOMATIC
    value = ((0, "Своя"),)
    await shop.application.cards.field_rules.save(shop.integration, [FieldRule("2", 85, RuleKind.CONSTANT, value)])
    await shop.application.cards.save_fields(shop.integration, SavedFields("id-RU-1", SHIRT, {}, Dimensions(weight=360)))
    found = {one.field: one for one in await service.differences(shop.integration)}
    assert (found["attribute:85"].origin, found["attribute:85"].source) == (Origin.CATEGORY, "Рубашки")
    assert (found["weight"].store, found["weight"].origin) == ("360", Origin.PRODUCT)
    assert found["name"].origin is Origin.AUTOMATIC


async def test_ozons_values_fill_the_card_and_are_sent_no_more(shop: Shop, service: CabinetCardsService) -> None:
    await sold(shop)
    item = shop.sandbox.products["RU-1"].item
    item.weight = 400
    item.attributes.append(values(4191, (0, "Из льна")))
    await service.load(shop.integration, silent)
    assert await service.choose(shop.integration, Side.OZON, product_ids=["id-RU-1"]) == 1
    saved = (await shop.application.cards.details(shop.integration, "id-RU-1")).saved
    assert saved is not None
    assert (saved.values[4191], saved.dimensions.weight) == (((0, "Из льна"),), 400)
    assert await differing(shop) == {}
    await sold(shop)
    sent = shop.sandbox.products["RU-1"].item
    assert sent.weight == 400
    assert [item.values[0].value for item in sent.attributes if item.id == 4191] == ["Из льна"]


async def test_a_rule_holds_for_all_products_and_for_later_readings(shop: Shop, service: CabinetCardsService) -> None:
    await sold(shop)
    for offer_id in ("RU-1", "RU-2"):
        shop.sandbox.products[offer_id].item.weight = 400
    await service.load(shop.integration, silent)
    assert await service.choose(shop.integration, Side.OZON, field="weight") == 2
    assert await differing(shop) == {}
    shop.sandbox.products["RU-3"].item.weight = 500
    await service.load(shop.integration, silent)
    assert await differing(shop) == {}
    saved = (await shop.application.cards.details(shop.integration, "id-RU-3")).saved
    assert saved is not None
    assert saved.dimensions.weight == 500


async def test_the_stores_side_is_sent_by_the_next_synchronization(shop: Shop, service: CabinetCardsService) -> None:
    await sold(shop)
    product = shop.sandbox.products["RU-1"]
    product.item.name, product.price, product.stocks[MAIN_WAREHOUSE] = "Сорочка", Decimal(1900), 99
    shop.sandbox.products["RU-2"].item.name = "Чужое"
    await service.load(shop.integration, silent)
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert preview.plan.of(ActionKind.UPDATE) == ()
    await service.choose(shop.integration, Side.STORE, product_ids=["id-RU-1"], field="name")
    await service.choose(shop.integration, Side.STORE, product_ids=["id-RU-1"], field="stock")
    await sold(shop)
    assert shop.on_ozon() == {**wanted(*SHIRTS), "RU-2": ("Чужое", *wanted(*SHIRTS)["RU-2"][1:])}


async def test_choices_are_remembered_and_taken_back(shop: Shop, service: CabinetCardsService) -> None:
    await sold(shop)
    for offer_id in ("RU-1", "RU-2"):
        shop.sandbox.products[offer_id].item.name = "Сорочка"
    await service.load(shop.integration, silent)
    await service.choose(shop.integration, Side.OZON, field="name")
    await service.choose(shop.integration, Side.STORE, product_ids=["id-RU-2"], field="name")
    found = await differing(shop)
    assert {key[0]: row[2] for key, row in found.items()} == {"RU-1": Side.OZON, "RU-2": Side.STORE}
    await service.choose(shop.integration, None, field="name")
    assert {key[0]: row[2] for key, row in (await differing(shop)).items()} == {"RU-1": None, "RU-2": Side.STORE}
    for field in ("type_key", ""):
        with pytest.raises(WrongInput):
            await service.choose(shop.integration, Side.OZON, field=field)


async def test_ozons_side_of_a_name_is_kept_when_a_card_is_planned(shop: Shop, service: CabinetCardsService) -> None:
    await sold(shop)
    shop.sandbox.products["RU-1"].item.name = "Сорочка"
    await service.load(shop.integration, silent)
    await service.choose(shop.integration, Side.OZON, field="name")
    desired_states = [
        DesiredState((await shop.application.cards.details(shop.integration, f"id-{offer}")).card) for offer in ("RU-1", "RU-2")
    ]
    kept = await shop.application.storage.run(lambda unit: [*map(ozon_sides(unit, shop.integration), desired_states)])
    assert [desired.card.payload().name for desired in kept] == ["Сорочка", "Рубашка RU-2"]


async def test_a_choice_of_sides_is_undone_and_repeated_with_the_values_it_entered(shop: Shop) -> None:
    service, history = shop.application.cabinet_cards, shop.application.cards.history

    async def kept() -> tuple[Any, Any]:
        sides = await shop.application.storage.run(lambda unit: unit.cabinet.sides(shop.integration))
        return sides, await shop.application.storage.run(lambda unit: unit.cards.saved(shop.integration))

    place(shop.sandbox, "RU-1", "Рубашка с Ozon", attributes=(values(9048, (0, "Модель с Ozon")),))
    await service.load(shop.integration, silent)
    start = await kept()
    await service.choose(shop.integration, Side.OZON, product_ids=["id-RU-1"], field="attribute:9048")
    chosen = await kept()
    assert start != chosen
    assert chosen[1]["id-RU-1"] != start[1].get("id-RU-1")
    label = history.undo_label(shop.integration)
    assert label is not None
    assert label.startswith("выбор стороны «с Ozon»: «")
    await service.choose(shop.integration, Side.STORE, field="name")
    assert history.undo_label(shop.integration) == "выбор стороны «из магазина»: «Название» для всех товаров"
    await history.undo(shop.integration)
    assert await kept() == chosen
    taken = await history.undo(shop.integration)
    assert taken is not None
    assert (taken.changed, taken.left) == (1, 0)
    assert await kept() == start
    await history.redo(shop.integration)
    assert await kept() == chosen
    await service.choose(shop.integration, None, product_ids=["id-RU-1"], field="attribute:9048")
    assert history.undo_label(shop.integration) == label.replace("выбор стороны «с Ozon»", "снятие выбора стороны")
