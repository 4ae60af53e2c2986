"""Cards that exist only on Ozon become products of the store: as they were seen, once, linked, and without harm on Ozon."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from ozon_desktop.domain.journal import RunKind, RunResult
from ozon_desktop.domain.new_products import Note, NotMade, creation_id
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind
from ozon_desktop.errors import BackOfficeFailed, BackOfficeRightMissing, NewProductsChanged, NotPossibleYet, WrongInput
from ozon_desktop.sandbox.ozon.auth import KNOWN_CLIENT_ID
from ozon_desktop.services.store import creating
from ozon_desktop.store.source import open_source
from tests.services.cabinet.cards_on_ozon import values
from tests.services.orders.moysklad_course import Killed
from tests.services.store.creating_shop import DESCRIPTION, EAN, NO_EAN, CreatingShop


@pytest.fixture
async def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[CreatingShop]:
    made = CreatingShop(tmp_path, monkeypatch)
    await made.begin()
    yield made
    await made.close()


async def test_a_card_becomes_a_product_with_all_it_has(shop: CreatingShop) -> None:
    colour, width = shop.there.add_attribute("Цвет товара"), shop.there.add_attribute("Ширина упаковки, мм", "long")
    shop.there.add_attribute("Бренд", "customentity")
    shop.dress()
    await shop.reads_ozon()
    creation = await shop.makes()
    good = shop.good("DRESS")
    assert (good.name, good.description, good.vat, good.weight) == ("Платье «Лён» ♥", DESCRIPTION, 10, 0.35)
    assert good.barcodes == [{"ean13": EAN}]
    assert good.prices == {shop.there.price_type: 199050.0}
    assert good.sync_id == good.external_code == creation_id(KNOWN_CLIENT_ID, "DRESS")
    assert shop.path(good) == "Одежда/Рубашки", "the category that has its type"
    assert good.attributes == {colour: "белый; чёрный", width: 200}
    assert shop.there.memory.lists["uom"][good.uom_id].name == "шт"
    assert {offer_id: made.id for offer_id, made in creation.made.items()} == {"DRESS": good.id}
    assert creation.complete
    assert creation.made["DRESS"].code == good.code


async def test_it_is_the_products_card_from_then_on_and_no_second_one_is_made(shop: CreatingShop) -> None:
    shop.dress()
    shop.card("RU-1", "Рубашка RU-1")
    await shop.reads_ozon()
    await shop.store_wins()
    await shop.makes()
    assert await shop.matched() == {"DRESS": shop.good("DRESS").id, "RU-1": shop.shirt.id}
    assert ActionKind.CREATE not in [kind for kinds in (await shop.plan()).values() for kind in kinds]
    preview = await shop.service.preview(shop.integration)
    assert (preview.products, preview.left_out) == ((), ())
    assert (await shop.makes()).made == {}
    assert set(shop.line.sandbox.products) == {"DRESS", "RU-1"}


async def test_also_where_the_store_writes_the_article_otherwise(shop: CreatingShop) -> None:
    """By what the program reads there it would be another product, and get a card of its own."""
    shop.card("DR  ESS", "Платье")
    await shop.reads_ozon()
    await shop.makes()
    (sold,) = [one.offer_id for one in await shop.application.store_listing.products() if one.name == "Платье"]
    assert sold == "DR ESS"
    assert (await shop.matched())["DR  ESS"] == shop.good("DR  ESS").id
    assert "DR ESS" not in await shop.plan()


async def test_nothing_in_the_store_takes_no_stock_from_ozon_until_it_was_counted(shop: CreatingShop) -> None:
    shop.dress()
    await shop.reads_ozon()
    await shop.store_wins()
    await shop.makes()
    assert await shop.stocks_sent("DRESS") == []
    shop.there.set_stock(shop.good("DRESS"), 4)
    await shop.application.store_connection.pull(silent)
    assert max(await shop.stocks_sent("DRESS")) == 4
    shop.there.set_stock(shop.good("DRESS"), 0)
    await shop.application.store_connection.pull(silent)
    assert set(await shop.stocks_sent("DRESS")) == {0}, "sold out is sold out, although nothing was sent of it before"


async def test_folders_are_made_where_no_category_has_the_type(shop: CreatingShop) -> None:
    await shop.application.mapping.unmap(shop.integration, [shop.shirts_folder.id])
    shop.card("A-1")
    shop.card("A-2", "Другое")
    shop.card("PLAIN", "Платок", description_category_id=1, type_id=2)
    await shop.reads_ozon()
    preview = await shop.service.preview(shop.integration)
    assert {one.offer_id: one.notes for one in preview.products} == {"A-1": (), "A-2": (), "PLAIN": (Note.NO_TYPE,)}
    await shop.makes()
    assert {article: shop.path(shop.good(article)) for article in ("A-1", "A-2", "PLAIN")} == {
        "A-1": "Карточки Ozon/Одежда/Рубашки/Рубашка",
        "A-2": "Карточки Ozon/Одежда/Рубашки/Рубашка",
        "PLAIN": "Карточки Ozon",
    }
    names = [folder.name for folder in shop.there.memory.lists["productfolder"].values()]
    assert sorted(names) == ["Карточки Ozon", "Одежда", "Одежда", "Рубашка", "Рубашки", "Рубашки"]


async def test_what_may_be_there_already_is_shown_and_not_made(shop: CreatingShop) -> None:
    there = shop.there
    there.add_product("Чужое", article="dress")
    there.add_product("С кодом", article="X-1", barcodes=[{"ean13": EAN}])
    there.add_product("Прежнее", article="OLD-1", archived=True)
    there.add_product("Носки шерстяные синие", article="X-2")
    shop.card("DRESS", "Платье")
    shop.card("B-1", "Юбка", barcode=EAN)
    shop.card("OLD-1", "Жилет")
    shop.card("S-1", "Носки шерстяные синие")
    shop.card("ARC", "Старое", archived=True)
    shop.card("LONG", "Я" * 256)
    shop.card("T-1", "Шапка", barcode="CODE-7")
    shop.card("T-2", "Пальто", barcode="CODE-7")
    await shop.application.store_connection.pull(silent)
    await shop.reads_ozon()
    preview = await shop.service.preview(shop.integration)
    assert {one.offer_id: one.reason for one in preview.left_out} == {
        "DRESS": NotMade.ARTICLE,
        "OLD-1": NotMade.GONE,
        "S-1": NotMade.SIMILAR,
        "ARC": NotMade.ARCHIVED,
        "LONG": NotMade.LONG_NAME,
        "T-2": NotMade.TWICE,
    }
    assert [one.offer_id for one in preview.products] == ["T-1"], "B-1 is matched by its barcode"
    assert "ARC" not in {one.offer_id for one in preview.doubtful}
    await shop.makes()
    assert shop.articles()["T-1"] == 1
    assert {"DRESS", "S-1", "ARC", "LONG", "T-2"}.isdisjoint(shop.articles())


async def test_what_came_into_the_store_since_is_found_there_and_not_doubled(shop: CreatingShop) -> None:
    shop.dress()
    shop.card("B-1", "Юбка", barcode=NO_EAN)
    shop.card("C-1", "Шарф")
    await shop.reads_ozon()
    preview = await shop.service.preview(shop.integration)
    shop.there.add_product("Заведено руками", article="DRESS")
    shop.there.add_product("По штрихкоду", article="Q", barcodes=[{"code128": NO_EAN}])
    creation = await shop.service.confirm(shop.integration, preview.plan_id, silent)
    assert set(creation.made) == {"C-1"}
    assert {offer: text.partition(":")[2].strip() for offer, text in creation.refused.items()} == {
        "DRESS": "Заведено руками",
        "B-1": "По штрихкоду",
    }
    assert shop.articles()["DRESS"] == 1


async def test_nothing_else_is_made_than_was_seen(shop: CreatingShop) -> None:
    shop.dress()
    await shop.reads_ozon()
    seen = await shop.service.preview(shop.integration)
    shop.card("NEW")
    await shop.reads_ozon()
    with pytest.raises(NewProductsChanged) as caught:
        await shop.service.confirm(shop.integration, seen.plan_id, silent)
    assert set(shop.articles()) == {"RU-1"}
    now = await shop.service.preview(shop.integration)
    assert caught.value.detail == now.plan_id
    await shop.service.confirm(shop.integration, now.plan_id, silent)
    assert set(shop.articles()) == {"RU-1", "DRESS", "NEW"}


async def test_another_price_is_another_preview(shop: CreatingShop) -> None:
    shop.dress()
    await shop.reads_ozon()
    seen = await shop.service.preview(shop.integration)
    assert (await shop.service.preview(shop.integration)).plan_id == seen.plan_id
    shop.line.sandbox.memory.shelf["DRESS"].price = Decimal(1)
    await shop.reads_ozon()
    assert (await shop.service.preview(shop.integration)).plan_id != seen.plan_id


async def test_a_long_description_stays_on_ozon_whole(shop: CreatingShop) -> None:
    shop.card("A-1", attributes=(values(4191, (0, "Я" * 4097)),))
    await shop.reads_ozon()
    preview = await shop.service.preview(shop.integration)
    assert preview.products[0].notes == (Note.LONG_DESCRIPTION,)
    await shop.makes()
    assert shop.good("A-1").description == ""


async def test_a_refused_product_holds_up_no_other_and_says_why(shop: CreatingShop) -> None:
    shop.card("A-1", barcode="КОД-1")
    shop.card("A-2", "Другое")
    await shop.reads_ozon()
    creation = await shop.makes()
    assert set(creation.made) == {"A-2"}
    assert "неверный штрихкод" in creation.refused["A-1"]
    (run,) = [run for run in await shop.application.journal.runs(shop.integration) if run.kind is RunKind.STORE_CREATE]
    assert (run.result, dict(run.counts)) == (RunResult.PARTIAL, {"made": 1, "unmade": 1})
    assert [(problem.offer_id, "неверный штрихкод" in problem.text) for problem in run.problems] == [("A-1", True)]


async def test_too_many_refusals_in_a_row_end_it(shop: CreatingShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(creating, "MOST_REFUSALS", 2)
    for number in range(4):
        shop.card(f"A-{number}", f"Имя {number}{number}", barcode=f"КОД-{number}")
    await shop.reads_ozon()
    creation = await shop.makes()
    assert (len(creation.made), len(creation.refused), len(creation.unreached)) == (0, 2, 2)
    assert "подряд" in creation.failure


async def test_a_store_that_falls_silent_keeps_what_was_made_and_the_rest_is_made_later(shop: CreatingShop) -> None:
    for number in range(3):
        shop.card(f"A-{number}", f"Имя {number}{number}")
    await shop.reads_ozon()
    shop.there.memory.faults.add("500", "entity/product", method="POST", after=1, times=1)
    creation = await shop.makes()
    assert (set(creation.made), creation.unreached) == ({"A-0"}, ("A-1", "A-2"))
    assert creation.failure
    assert [one.offer_id for one in (await shop.service.preview(shop.integration)).products] == ["A-1", "A-2"]
    await shop.makes()
    assert all(shop.articles()[f"A-{number}"] == 1 for number in range(3))


async def test_a_store_that_is_silent_at_once_is_an_error(shop: CreatingShop) -> None:
    shop.dress()
    await shop.reads_ozon()
    shop.there.memory.faults.add("500", "entity/product", method="POST", times=1)
    with pytest.raises(BackOfficeFailed):
        await shop.makes()
    (run,) = [run for run in await shop.application.journal.runs(shop.integration) if run.kind is RunKind.STORE_CREATE]
    assert run.result is RunResult.FAILED


async def test_what_was_made_is_told_although_the_store_falls_silent_after_it(shop: CreatingShop) -> None:
    shop.dress()
    await shop.reads_ozon()
    preview = await shop.service.preview(shop.integration)
    shop.there.memory.faults.add("500", "report/stock", times=100)
    shop.there.memory.faults.add("500", "entity/assortment", after=1, times=100)
    creation = await shop.service.confirm(shop.integration, preview.plan_id, silent)
    assert set(creation.made) == {"DRESS"}
    (waiting,) = (await shop.service.preview(shop.integration)).left_out
    assert (waiting.offer_id, waiting.reason) == ("DRESS", NotMade.MADE)
    shop.there.memory.faults.clear()
    await shop.application.store_connection.pull(silent)
    assert (await shop.matched())["DRESS"] == shop.good("DRESS").id


@pytest.mark.parametrize("fault", ["lost", "cut", "html"])
async def test_a_lost_answer_is_looked_up(shop: CreatingShop, fault: str) -> None:
    shop.card("A-1")
    shop.card("A-2", "Другое")
    await shop.reads_ozon()
    await shop.application.mapping.unmap(shop.integration, [shop.shirts_folder.id])
    shop.there.memory.faults.add(fault, "entity/productfolder", method="POST")
    shop.there.memory.faults.add(fault, "entity/product", method="POST", after=3)
    assert set((await shop.makes()).made) == {"A-1", "A-2"}
    assert shop.articles()["A-1"] == shop.articles()["A-2"] == 1
    assert len(shop.there.memory.lists["productfolder"]) == 2 + 4


async def test_without_the_right_nothing_is_made(shop: CreatingShop) -> None:
    shop.dress()
    await shop.reads_ozon()
    shop.there.take_right("product", "create")
    with pytest.raises(BackOfficeRightMissing):
        await shop.makes()
    assert set(shop.articles()) == {"RU-1"}


@pytest.mark.parametrize("answered", [False, True])
async def test_a_killed_program_learns_what_it_made_before_the_product_comes_as_anybodys(shop: CreatingShop, answered: bool) -> None:
    shop.card("DR  ESS", "Платье")
    await shop.reads_ozon()
    preview = await shop.service.preview(shop.integration)
    shop.web.die_at("POST", "entity/product", answered=answered)
    with pytest.raises(Killed):
        await shop.service.confirm(shop.integration, preview.plan_id, silent)
    shop.web.live()
    assert shop.articles()["DR  ESS"] == answered
    await shop.close()
    await shop.start()
    await shop.application.store_connection.pull(silent)
    assert "DR ESS" not in await shop.plan()
    assert ("DR  ESS" in await shop.matched()) is answered
    if not answered:
        (asked,) = (await shop.service.preview(shop.integration)).products
        assert asked.notes == (Note.ASKED,)
        await shop.makes()
    assert shop.articles()["DR  ESS"] == 1
    assert (await shop.matched())["DR  ESS"] == shop.good("DR  ESS").id


async def test_a_killed_program_finds_what_it_made_and_does_not_ask_again(shop: CreatingShop) -> None:
    shop.dress()
    await shop.reads_ozon()
    preview = await shop.service.preview(shop.integration)
    shop.web.die_at("POST", "entity/product", answered=True)
    with pytest.raises(Killed):
        await shop.service.confirm(shop.integration, preview.plan_id, silent)
    shop.web.live()
    creation = await shop.makes()
    assert creation.complete
    assert creation.made["DRESS"].id == shop.good("DRESS").id


async def test_what_a_person_deleted_there_is_left_to_the_person(shop: CreatingShop) -> None:
    shop.dress()
    await shop.reads_ozon()
    await shop.makes()
    shop.there.delete(shop.good("DRESS"))
    await shop.application.store_connection.pull(silent, full=True)
    await shop.reads_ozon()
    preview = await shop.service.preview(shop.integration)
    assert {one.offer_id: one.reason for one in preview.left_out} == {"DRESS": NotMade.GONE}


async def test_nothing_is_proposed_before_the_cabinet_was_read(shop: CreatingShop) -> None:
    with pytest.raises(NotPossibleYet) as caught:
        await shop.service.preview(shop.integration)
    assert caught.value.missing == ("cabinet_cards",)


async def test_a_store_of_files_gets_a_catalogue_instead(shop: CreatingShop, tmp_path: Path) -> None:
    shop.dress()
    shop.card("OLD", "Старое", archived=True)
    await shop.reads_ozon()
    await shop.application.store_connection.disconnect()
    preview = await shop.service.preview(shop.integration)
    assert not preview.can_make
    with pytest.raises(NotPossibleYet):
        await shop.service.confirm(shop.integration, preview.plan_id, silent)
    with pytest.raises(NewProductsChanged):
        await shop.service.write_file(shop.integration, "0" * 12, tmp_path / "out.xml")
    path = tmp_path / "out" / "catalog.xml"
    await shop.service.write_file(shop.integration, preview.plan_id, path, "windows-1251")
    first = path.read_bytes()
    assert first.startswith(b"<?xml version='1.0' encoding='windows-1251'?>")
    assert type(open_source(path)).__name__ == "XmlSource"
    await shop.service.write_file(shop.integration, preview.plan_id, path, "windows-1251")
    assert path.read_bytes() == first, "the same ids: loaded again it adds nothing"
    with pytest.raises(WrongInput):
        await shop.service.write_file(shop.integration, preview.plan_id, path, "koi8-r")


async def test_the_catalogue_comes_back_as_the_cards_it_was_made_of(shop: CreatingShop, tmp_path: Path) -> None:
    shop.dress()
    await shop.reads_ozon()
    await shop.application.store_connection.disconnect()
    preview = await shop.service.preview(shop.integration)
    path = tmp_path / "catalog.xml"
    await shop.service.write_file(shop.integration, preview.plan_id, path)
    await shop.application.store_import.import_files([path], silent)
    (dress,) = await shop.application.store_listing.products(["DRESS"])
    assert dress.id == creation_id(KNOWN_CLIENT_ID, "DRESS")
    assert (dress.name, dress.description, dress.barcodes, dress.vat) == ("Платье «Лён» ♥", DESCRIPTION, (EAN,), "10")
    assert [price.value for price in dress.prices.values()] == [Decimal("1990.50")]
    assert list(dress.stocks.values()) == ["7"]
    assert dress.properties["Цвет товара"] == "белый; чёрный"
    settings = (await shop.application.integrations.page(shop.integration)).integration.settings
    structure = (await shop.application.storage.run(lambda unit: unit.store.products_of([dress.id])))[0].structure_id
    await shop.application.integrations.save(shop.integration, replace(settings, catalog_structure_id=structure), None)
    assert (await shop.matched())["DRESS"] == dress.id
