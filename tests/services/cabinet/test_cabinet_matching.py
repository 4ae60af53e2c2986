"""Which card of the cabinet is which product of the store, and that a card the cabinet has is never created again."""

import pytest

from ozon_desktop.domain.adoption import MatchedBy
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind, Reason
from ozon_desktop.errors import NotFound, WrongInput
from ozon_desktop.services.cabinet.cards import CabinetCardsService
from tests.services.cabinet.cards_on_ozon import INFO, as_in_store, groups, place, with_barcode
from tests.services.shop import FOREST_WAREHOUSE, MAIN_WAREHOUSE, SHIRTS, Line, Shirt, Shop

# --- whose is which -------------------------------------------------------------------------------------------------


async def test_every_kind_of_match_is_listed(shop: Shop, service: CabinetCardsService) -> None:
    shirts = (*SHIRTS, Shirt("NAME", name="Пальто драповое зимнее"), Shirt("ALONE", name="Кружка"))
    await with_barcode(shop, "RU-2", "460", *shirts)
    place(shop.sandbox, "RU-1")
    place(shop.sandbox, "OLD-2", barcode="460")
    place(shop.sandbox, "COAT", "Пальто зимнее, драповое")
    place(shop.sandbox, "DRESS", "Платье")
    report = await service.load(shop.integration, silent)
    assert groups(report) == {
        "matched": ["OLD-2", "RU-1"],
        "only_ozon": ["DRESS"],
        "only_store": ["ALONE", "RU-3"],
        "doubtful": ["COAT"],
    }
    assert [(card.by, card.product and card.product.offer_id) for card in report.matched] == [
        (MatchedBy.BARCODE, "RU-2"),
        (MatchedBy.ARTICLE, "RU-1"),
    ]
    assert [(product.offer_id, score) for product, score in report.doubtful[0].candidates] == [("NAME", 100.0)]


async def test_confirmed_and_rejected_pairs_last(shop: Shop, service: CabinetCardsService) -> None:
    await shop.stocks_the_store(Shirt("NAME", name="Пальто драповое"), Shirt("BAG", name="Сумка кожаная"))
    place(shop.sandbox, "COAT", "Драповое пальто")
    place(shop.sandbox, "OLD-BAG", "Кожаная сумка")
    report = await service.load(shop.integration, silent)
    assert groups(report) == {"doubtful": ["COAT", "OLD-BAG"]}
    assert (await shop.application.storage.run(lambda unit: unit.sync.links(shop.integration))) == {}, "a name alone links nothing"
    await service.confirm(shop.integration, "id-NAME", "COAT")
    await service.reject(shop.integration, "id-BAG", "OLD-BAG")
    expected = {"matched": ["COAT"], "only_ozon": ["OLD-BAG"], "only_store": ["BAG"]}
    assert groups(await service.report(shop.integration)) == expected
    assert groups(await service.load(shop.integration, silent)) == expected
    preview = await shop.application.previews.preview(shop.integration, silent)
    kinds = {item.offer_id: item.kind for item in preview.plan.items if item.payload is not None}
    assert kinds == {"COAT": ActionKind.UPDATE, "BAG": ActionKind.CREATE}


async def test_one_of_several_candidates_is_chosen(shop: Shop, service: CabinetCardsService) -> None:
    await with_barcode(shop, "RU-1", "460", *SHIRTS)
    place(shop.sandbox, "X", barcode="460")
    place(shop.sandbox, "Y", barcode="460")
    report = await service.load(shop.integration, silent)
    assert groups(report)["several"] == ["X", "Y"]
    await service.confirm(shop.integration, "id-RU-1", "Y")
    report = await service.report(shop.integration)
    assert [(card.offer_id, card.by) for card in report.matched] == [("Y", MatchedBy.MANAGER)]


async def test_decisions_about_unknown_things_and_equal_articles_are_refused(shop: Shop, service: CabinetCardsService) -> None:
    place(shop.sandbox, "RU-1")
    await service.load(shop.integration, silent)
    with pytest.raises(NotFound):
        await service.confirm(shop.integration, "id-RU-1", "NONE")
    with pytest.raises(NotFound):
        await service.confirm(shop.integration, "id-NONE", "RU-1")
    with pytest.raises(WrongInput):
        await service.reject(shop.integration, "id-RU-1", "RU-1")


# --- never created again --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("loaded", [False, True], ids=["never read", "read before it was made"])
@pytest.mark.parametrize("archived", [False, True], ids=["on sale", "archived"])
async def test_a_card_the_cabinet_has_is_updated_never_created(
    shop: Shop, service: CabinetCardsService, loaded: bool, archived: bool
) -> None:
    if loaded:
        await service.load(shop.integration, silent)
    await as_in_store(shop)
    made = place(shop.sandbox, "RU-2", "Сделана вручную", archived=archived)
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert [item.offer_id for item in preview.plan.of(ActionKind.CREATE)] == ["RU-1", "RU-3"]
    [update] = preview.plan.of(ActionKind.UPDATE)
    assert (update.offer_id, update.reason) == ("RU-2", Reason.ADOPTED)
    result = await shop.application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.DONE, result.run.problems
    now = shop.sandbox.products["RU-2"]
    assert (now.product_id, now.name, now.archived) == (made.product_id, "Рубашка RU-2", False)
    assert len(shop.sandbox.memory.by_id) == 3


async def test_every_article_is_asked_for_before_it_is_first_sent(shop: Shop, line: Line) -> None:
    await shop.application.sync.run(shop.integration, silent)
    first = line.paths.index("/v3/product/import")
    assert INFO in line.paths[:first]
    line.mend()
    await shop.stocks_the_store(*SHIRTS, Shirt("RU-4"))
    await shop.application.sync.run(shop.integration, silent)
    assert line.paths.index(INFO) < line.paths.index("/v3/product/import")


async def test_a_barcode_match_is_updated_under_its_own_article(shop: Shop, service: CabinetCardsService) -> None:
    await with_barcode(shop, "RU-2", "460", *SHIRTS)
    await as_in_store(shop)
    made = place(shop.sandbox, "OLD-2", "Старое имя", barcode="460")
    await service.load(shop.integration, silent)
    result = await shop.application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.DONE, result.run.problems
    assert set(shop.sandbox.products) == {"RU-1", "OLD-2", "RU-3"}
    now = shop.sandbox.products["OLD-2"]
    assert (now.product_id, now.name, now.stocks) == (made.product_id, "Рубашка RU-2", {MAIN_WAREHOUSE: 3, FOREST_WAREHOUSE: 2})
