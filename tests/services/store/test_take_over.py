"""The store goes on with another source whose ids differ: Ozon notices nothing, and it can be undone."""

import random
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ozon_desktop.domain.card import Dimensions, SavedFields
from ozon_desktop.domain.field_rules import FieldRule, RuleKind
from ozon_desktop.domain.journal import RunCause
from ozon_desktop.domain.price_rules import PriceRule, PriceRules
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.stock_rules import Spread, StockException, StockRules, WarehouseRule
from ozon_desktop.domain.sync_plan import ActionKind, Hold
from ozon_desktop.domain.take_over import Kind
from ozon_desktop.errors import NothingTakenOver, TakeOverChanged, TakeOverNeeded, WrongInput
from ozon_desktop.services.store.take_over import NewSource
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.store.commerceml import Book
from ozon_desktop.store.source import open_source
from ozon_desktop.wording.take_over import preview_lines
from tests.services.shop import FOREST_WAREHOUSE, MAIN_WAREHOUSE, SHIRT, SHIRTS, WRITING, Shirt, Shop, wanted, write_export
from tests.services.store.commerceml_files import classifier, goods, offer, offers, product, size, write


def written_by_another(path: Path, *shirts: Shirt, ids: Mapping[str, str] | None = None) -> Path:
    """The same goods as another program exports them: no id is the same, nor is the order of the categories' numbers."""
    text = write_export(path, *shirts).read_text(encoding="utf-8")
    for number, shirt in enumerate(shirts):
        new = (ids or {}).get(shirt.offer_id, f"{900 + number}")
        text = text.replace(f'<offer id="id-{shirt.offer_id}"', f'<offer id="{new}"')
    for old, new in (("1", "x2"), ("2", "x3"), ("3", "x1")):
        text = text.replace(f'<category id="{old}"', f'<category id="{new}"').replace(f'parentId="{old}"', f'parentId="{new}"')
        text = text.replace(f"<categoryId>{old}<", f"<categoryId>{new}<")
    path.write_text(text.replace('"x', '"').replace(">x", ">"), encoding="utf-8")
    return path


async def sync(shop: Shop) -> dict[str, int]:
    """What a run asked of Ozon that changes it."""
    shop.line.mend()
    await shop.application.sync.run(shop.integration, silent)
    return {path: count for path, count in shop.line.sent().items() if path in WRITING}


async def take_over(shop: Shop, *paths: Path) -> None:
    service, source = shop.application.store_take_over, NewSource(files=paths)
    preview = await service.preview(source, silent)
    await service.confirm(source, preview.plan_id, silent)


async def plan(shop: Shop) -> dict[ActionKind, list[str]]:
    preview = await shop.application.previews.preview(shop.integration, silent)
    return {kind: [item.offer_id for item in preview.plan.items if item.kind is kind] for kind in ActionKind}


async def test_after_a_take_over_nothing_is_sent_and_changes_go_on(shop: Shop) -> None:
    await sync(shop)
    before = shop.on_ozon()
    await take_over(shop, written_by_another(shop.folder / "other.xml", *SHIRTS))
    assert await sync(shop) == {}
    assert shop.on_ozon() == before == wanted(*SHIRTS)
    dearer = (replace(SHIRTS[0], price="2100"), replace(SHIRTS[1], stock=9), SHIRTS[2])
    await shop.application.store_import.import_files([written_by_another(shop.folder / "other.xml", *dearer)], silent)
    await sync(shop)
    assert shop.on_ozon() == wanted(*dearer)


async def test_everything_that_was_decided_moves_along(shop: Shop) -> None:
    application, id_ = shop.application, shop.integration
    employee = (await application.integrations.page(id_)).integration.settings.responsible_employee_id
    rules = StockRules(
        (WarehouseRule(MAIN_WAREHOUSE, Spread.SUM, ("Основной склад",)), WarehouseRule(FOREST_WAREHOUSE, Spread.SUM, ("Склад на Лесной",))),
        exceptions=(StockException(product_id="id-RU-1", reserve=1), StockException(category_id="2", lower_limit=2)),
    )

    def decide(unit: UnitOfWork) -> None:
        unit.cards.save(id_, SavedFields("id-RU-1", SHIRT, {85: ((0, "Ромашка"),)}, Dimensions(1, 2, 3, 4)))
        unit.cards.save_rule(id_, FieldRule("2", 31, RuleKind.PROPERTY, property_name="Сезон"))
        unit.sync_rules.save(id_, PriceRules(old=PriceRule("price", Decimal(10))), rules)

    await application.storage.run(decide)
    await take_over(shop, written_by_another(shop.folder / "other.xml", *SHIRTS))

    def read(unit: UnitOfWork) -> tuple[Any, ...]:
        return unit.cards.saved(id_), unit.cards.rules(id_), unit.sync_rules.stocks(id_), unit.mappings.own(id_), unit.integrations.get(id_)

    saved, field_rules, stocks, mapped, integration = await application.storage.run(read)
    assert set(saved) == {"900"}
    assert [rule.category_id for rule in field_rules] == ["3"]
    assert set(mapped) == {"3"}
    assert stocks.exceptions == (StockException(product_id="900", reserve=1), StockException(category_id="3", lower_limit=2))
    assert integration.settings.responsible_employee_id == employee, "what was entered by hand is the new source's as well"
    assert [change.after[0][0].category_id for change in await application.storage.run(lambda unit: unit.mappings.history(id_))] == ["3"]


async def test_what_is_missing_waits_and_what_is_new_is_created(shop: Shop) -> None:
    await sync(shop)
    await take_over(shop, written_by_another(shop.folder / "other.xml", SHIRTS[0], SHIRTS[2], Shirt("RU-9")))
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert [
        (item.kind, item.offer_id, item.hold) for item in preview.plan.items if item.kind in {ActionKind.ARCHIVE, ActionKind.CREATE}
    ] == [
        (ActionKind.CREATE, "RU-9", None),
        (ActionKind.ARCHIVE, "RU-2", Hold.VANISHED),
    ]
    await sync(shop)
    assert set(shop.on_ozon()) == {"RU-1", "RU-2", "RU-3", "RU-9"}


async def test_another_article_stays_with_its_card(shop: Shop) -> None:
    coded = [replace(shirt) for shirt in SHIRTS]
    await sync(shop)
    text = written_by_another(shop.folder / "other.xml", *coded).read_text(encoding="utf-8")
    (shop.folder / "other.xml").write_text(text.replace("<vendorCode>RU-1<", "<vendorCode>NEW-1<"), encoding="utf-8")
    await take_over(shop, shop.folder / "other.xml")
    planned = await plan(shop)
    assert planned[ActionKind.CREATE] == planned[ActionKind.ARCHIVE] == []
    assert await sync(shop) == {}


async def test_what_may_be_on_ozon_already_is_not_created_unasked(shop: Shop) -> None:
    twice = (Shirt("AA-1", name="Рубашка RU-1"), Shirt("AA-2", name="Рубашка RU-1"), *SHIRTS[1:])
    await sync(shop)
    await take_over(shop, written_by_another(shop.folder / "other.xml", *twice))
    preview = await shop.application.previews.preview(shop.integration, silent)
    held = {item.offer_id: item.hold for item in preview.plan.items if item.kind in {ActionKind.CREATE, ActionKind.ARCHIVE}}
    assert held == {"AA-1": Hold.DOUBTFUL, "AA-2": Hold.DOUBTFUL, "RU-1": Hold.VANISHED}
    await sync(shop)
    assert set(shop.on_ozon()) == {"RU-1", "RU-2", "RU-3"}


def with_one_article_twice(shop: Shop) -> Path:
    """Of two new products with the article of one of the store neither has its name."""
    path = written_by_another(shop.folder / "other.xml", replace(SHIRTS[0], name="Платье"), *SHIRTS[1:], Shirt("XX-1", name="Юбка"))
    path.write_text(path.read_text(encoding="utf-8").replace("<vendorCode>XX-1<", "<vendorCode>RU-1<"), encoding="utf-8")
    return path


async def test_a_product_that_may_be_two_is_shown_with_both_and_nothing_of_it_is_sent(shop: Shop) -> None:
    await sync(shop)
    before = shop.on_ozon()
    path = with_one_article_twice(shop)
    lines = preview_lines(await shop.application.store_take_over.preview(NewSource(files=(path,)), silent), 10)
    unclear = next(number for number, line in enumerate(lines) if line.startswith("Неясно, что с чем совпадает"))
    assert lines[unclear].endswith(": 1")
    assert lines[unclear + 1] == ("  RU-1  Рубашка RU-1 (id id-RU-1) — по артикулу подходит: RU-1  Платье (id 900) или RU-1  Юбка (id 903)")
    assert not [line for line in lines if line.startswith(("Нет в новом источнике", "Только в новом источнике"))], "said twice"
    await take_over(shop, path)
    assert await sync(shop) == {}
    assert shop.on_ozon() == before


async def test_a_person_says_which_of_two_a_product_is(shop: Shop) -> None:
    await sync(shop)
    path, service = with_one_article_twice(shop), shop.application.store_take_over
    source = NewSource(files=(path,), chosen={"id-RU-1": "903"})
    preview = await service.preview(source, silent)
    assert not preview.matching.doubts
    with pytest.raises(TakeOverChanged):
        await service.confirm(replace(source, chosen={"id-RU-1": "900"}), preview.plan_id, silent)
    await service.confirm(source, preview.plan_id, silent)
    side = await shop.application.storage.run(lambda unit: unit.take_overs.side())
    assert {one.id: one.name for one in side.products if one.article == "RU-1"} == {"900": "Платье", "903": "Юбка"}
    with pytest.raises(WrongInput, match="нельзя связать"):
        await service.preview(replace(source, chosen={"id-RU-1": "903"}), silent)


async def test_a_take_over_is_undone_also_after_imports(shop: Shop) -> None:
    await sync(shop)
    before = await shop.application.storage.run(lambda unit: (unit.take_overs.side(), unit.integrations.all(), unit.mappings.own(1)))
    await take_over(shop, written_by_another(shop.folder / "other.xml", *SHIRTS))
    fewer = (replace(SHIRTS[0], stock=2), *SHIRTS[1:], Shirt("RU-9"))
    await shop.application.store_import.import_files([written_by_another(shop.folder / "other.xml", *fewer)], silent)
    await shop.application.store_take_over.undo()
    side, integrations, mapped = await shop.application.storage.run(
        lambda unit: (unit.take_overs.side(), unit.integrations.all(), unit.mappings.own(1))
    )
    alive = sorted((one for one in side.products if not one.deleted), key=lambda one: one.id)
    assert alive == sorted(before[0].products, key=lambda one: one.id)
    assert (integrations, mapped) == before[1:]
    await sync(shop)
    assert shop.on_ozon() == wanted(replace(SHIRTS[0], stock=2), *SHIRTS[1:])
    await shop.stocks_the_store(*SHIRTS)
    await sync(shop)
    assert shop.on_ozon() == wanted(*SHIRTS)
    with pytest.raises(NothingTakenOver):
        await shop.application.store_take_over.undo()


async def test_only_what_was_seen_is_done(shop: Shop) -> None:
    service, other = shop.application.store_take_over, shop.folder / "other.xml"
    source = NewSource(files=(written_by_another(other, *SHIRTS),))
    seen = (await service.preview(source, silent)).plan_id
    written_by_another(other, *SHIRTS[:2])
    with pytest.raises(TakeOverChanged) as caught:
        await service.confirm(source, seen, silent)
    assert caught.value.detail not in {"", seen}
    assert set(await shop.application.storage.run(lambda unit: unit.mappings.own(shop.integration))) == {"2"}
    assert (await service.last()) is None


async def test_a_preview_names_what_has_to_be_chosen_anew(shop: Shop) -> None:
    text = written_by_another(shop.folder / "other.xml", *SHIRTS).read_text(encoding="utf-8")
    (shop.folder / "other.xml").write_text(text.replace("Склад на Лесной", "Поле").replace("Основной склад", "Луг"), encoding="utf-8")
    rules = StockRules((WarehouseRule(MAIN_WAREHOUSE, Spread.SUM, ("Основной склад",)),))
    await shop.application.storage.run(lambda unit: unit.sync_rules.save(shop.integration, PriceRules(), rules))
    preview = await shop.application.store_take_over.preview(NewSource(files=(shop.folder / "other.xml",)), silent)
    assert [(lost.kind, lost.name) for lost in preview.lost] == [(Kind.WAREHOUSE, "Основной склад")]


async def test_an_export_of_another_program_doubles_nothing_by_itself(shop: Shop) -> None:
    other = written_by_another(shop.folder / "other.xml", *SHIRTS)
    imports = shop.application.store_import
    with pytest.raises(TakeOverNeeded) as caught:
        await imports.import_files([other], silent, RunCause.FOLDER)
    assert caught.value.subject == "other.xml"
    with pytest.raises(TakeOverNeeded):
        await imports.import_portion(other, silent)
    with pytest.raises(TakeOverNeeded):
        # As the records of another account of a store that is asked.
        await imports.import_records("МойСклад", lambda: open_source(other).read(other, Book()), silent, RunCause.CONNECTION, None)
    assert len(await shop.application.store_listing.products(())) == len(SHIRTS)
    await take_over(shop, other)
    await imports.import_files([written_by_another(other, *SHIRTS, Shirt("RU-9"))], silent, RunCause.FOLDER)
    with pytest.raises(TakeOverNeeded):
        await imports.import_files([write_export(shop.folder / "old.xml", *SHIRTS)], silent, RunCause.FOLDER)


async def test_copies_with_the_same_article_are_no_other_source(shop: Shop) -> None:
    many = [Shirt(f"RU-{number}") for number in range(1, 9)]
    await shop.stocks_the_store(*many)
    text = write_export(shop.folder / "more.xml", *many[:2]).read_text(encoding="utf-8")
    (shop.folder / "more.xml").write_text(text.replace('id="id-RU', 'id="copy-RU'), encoding="utf-8")
    await shop.application.store_import.import_portion(shop.folder / "more.xml", silent)
    assert len(await shop.application.store_listing.products(())) == len(many) + 2


@pytest.mark.parametrize("seed", range(4))
async def test_one_source_after_another_sends_nothing_whatever_their_ids_are(shop: Shop, seed: int) -> None:
    """Small numbers in any order, so that an id means another product in the next source."""
    mixed = random.Random(seed)
    shirts = [replace(SHIRTS[number % 3], offer_id=f"RU-{number}") for number in range(9)]
    await shop.stocks_the_store(*shirts)
    await sync(shop)
    before = shop.on_ozon()
    assert len(before) == len(shirts)
    for number in range(3):
        mixed.shuffle(shirts)
        ids = dict(zip((shirt.offer_id for shirt in shirts), map(str, mixed.sample(range(12), len(shirts))), strict=True))
        await take_over(shop, written_by_another(shop.folder / f"other{number}.xml", *shirts, ids=ids))
        assert not any((await plan(shop)).values())
        if mixed.random() < 0.5:
            await shop.application.store_take_over.undo()
            assert not any((await plan(shop)).values())
    assert await sync(shop) == {}
    assert shop.on_ozon() == before


async def test_sizes_listed_one_by_one_become_variants_of_a_product_and_stay_what_they_are_on_ozon(shop: Shop) -> None:
    sizes = [replace(SHIRTS[0], offer_id=f"RU-1-{size}", name=f"Рубашка ({size})") for size in ("37", "38")]
    await shop.stocks_the_store(*sizes)
    await sync(shop)
    head = product("m-1", "RU-1", name="Рубашка")
    goods_file = write(shop.folder / "import.xml", classifier() + goods(head))
    offers_file = write(
        shop.folder / "offers.xml", offers(*(offer(f"m-1#{number}", size(each)) for number, each in enumerate(("37", "38"))))
    )
    await take_over(shop, goods_file, offers_file)
    sold = {product.id: product.offer_id for product in await shop.application.storage.run(lambda unit: unit.store.products(None))}
    assert sold == {"m-1#0": "RU-1-37", "m-1#1": "RU-1-38"}
    planned = await plan(shop)
    assert planned[ActionKind.CREATE] == planned[ActionKind.ARCHIVE] == []
    await shop.application.store_take_over.undo()
    planned = await plan(shop)
    assert planned[ActionKind.CREATE] == planned[ActionKind.ARCHIVE] == planned[ActionKind.UPDATE] == []
