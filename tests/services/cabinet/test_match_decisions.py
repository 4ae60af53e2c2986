"""What the manager says of cards and products over the sandbox: assigned by hand, rejected, taken back, undone, and told in the journal."""

import asyncio

import pytest

from ozon_desktop.domain.adoption import Decision, MatchedBy
from ozon_desktop.domain.journal import Run, RunKind, RunResult
from ozon_desktop.domain.progress import ProgressUpdate, silent
from ozon_desktop.domain.sync_plan import ActionKind
from ozon_desktop.errors import AlreadyMatched, NetworkError, NotFound, WrongInput
from ozon_desktop.services.cabinet.cards import CabinetCardsService
from ozon_desktop.services.cabinet.parts import loading as cabinet_loading
from tests.services.cabinet.cards_on_ozon import as_in_store, groups, place, with_barcode
from tests.services.shop import FOREST_WAREHOUSE, MAIN_WAREHOUSE, SHIRTS, Line, Shirt, Shop


async def links(shop: Shop) -> dict[str, str]:
    return await shop.application.storage.run(lambda unit: unit.sync.links(shop.integration))


async def readings(shop: Shop) -> list[Run]:
    runs = await shop.application.journal.runs(shop.integration)
    return [run for run in runs if run.kind is RunKind.CABINET]


async def test_a_card_assigned_by_hand_is_updated_under_its_own_article(shop: Shop, service: CabinetCardsService) -> None:
    made = place(shop.sandbox, "OLD-2", "Чайник", stock=9)
    await service.load(shop.integration, silent)
    await service.assign(shop.integration, "id-RU-2", "OLD-2")
    report = await service.report(shop.integration)
    assert groups(report) == {"matched": ["OLD-2"], "only_store": ["RU-1", "RU-3"]}
    assert [(card.by, card.product and card.product.offer_id) for card in report.matched] == [(MatchedBy.MANAGER, "RU-2")]
    await as_in_store(shop)
    for _ in range(2):
        result = await shop.application.sync.run(shop.integration, silent)
        assert result.run.result is RunResult.DONE, result.run.problems
    assert set(shop.sandbox.products) == {"RU-1", "OLD-2", "RU-3"}, "never created again"
    now = shop.sandbox.products["OLD-2"]
    assert (now.product_id, now.name, now.stocks) == (made.product_id, "Рубашка RU-2", {MAIN_WAREHOUSE: 3, FOREST_WAREHOUSE: 2})
    # The next reading, and the next export of the store, leave it so.
    await service.load(shop.integration, silent)
    await shop.stocks_the_store(*SHIRTS)
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert preview.plan.of(ActionKind.CREATE) == ()
    row = next(row for row in (await shop.application.cards.view(shop.integration)).rows if row.product_id == "id-RU-2")
    assert (row.offer_id, row.ozon_status != "") == ("OLD-2", True)


async def test_what_is_matched_already_is_refused(shop: Shop, service: CabinetCardsService) -> None:
    place(shop.sandbox, "RU-1")
    place(shop.sandbox, "OTHER", "Чайник")
    place(shop.sandbox, "THIRD", "Утюг")
    await service.load(shop.integration, silent)
    with pytest.raises(AlreadyMatched) as reported:
        await service.assign(shop.integration, "id-RU-1", "OTHER")
    assert (reported.value.subject, reported.value.detail) == ("RU-1", "RU-1")
    await service.assign(shop.integration, "id-RU-2", "OTHER")
    with pytest.raises(AlreadyMatched) as reported:
        await service.assign(shop.integration, "id-RU-3", "OTHER")
    assert (reported.value.subject, reported.value.detail) == ("RU-2", "OTHER")
    with pytest.raises(AlreadyMatched):
        await service.assign(shop.integration, "id-RU-2", "THIRD")
    await service.assign(shop.integration, "id-RU-2", "OTHER")
    with pytest.raises(NotFound):
        await service.assign(shop.integration, "id-RU-3", "NONE")
    assert await links(shop) == {"id-RU-2": "OTHER"}


async def test_decisions_are_made_together_or_not_at_all(shop: Shop, service: CabinetCardsService) -> None:
    place(shop.sandbox, "RU-1")
    place(shop.sandbox, "OTHER", "Чайник")
    await service.load(shop.integration, silent)
    with pytest.raises(WrongInput):
        await service.decide(shop.integration, [Decision("id-RU-2", "OTHER", True), Decision("id-RU-1", "RU-1", False)])
    report = await service.report(shop.integration)
    assert (groups(report)["only_ozon"], report.undoable) == (["OTHER"], 0)


async def test_a_rejected_pair_is_listed_and_taken_back(shop: Shop, service: CabinetCardsService) -> None:
    await with_barcode(shop, "RU-2", "460", *SHIRTS)
    place(shop.sandbox, "OLD-2", barcode="460")
    await service.load(shop.integration, silent)
    assert await links(shop) == {"id-RU-2": "OLD-2"}
    await service.reject(shop.integration, "id-RU-2", "OLD-2")
    report = await service.report(shop.integration)
    assert (groups(report), [card.offer_id for card in report.rejected]) == (
        {"only_ozon": ["OLD-2"], "only_store": ["RU-1", "RU-2", "RU-3"]},
        ["OLD-2"],
    )
    assert report.rejected[0].product is not None
    assert report.rejected[0].product.offer_id == "RU-2"
    assert await links(shop) == {}
    # Also a later reading keeps the pair apart.
    assert groups(await service.load(shop.integration, silent))["only_ozon"] == ["OLD-2"]
    await service.take_back(shop.integration, [Decision("id-RU-2", "OLD-2", False)])
    report = await service.report(shop.integration)
    assert (groups(report)["matched"], report.rejected) == (["OLD-2"], ())
    assert await links(shop) == {"id-RU-2": "OLD-2"}, "or the synchronization would create the product anew"
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert [item.offer_id for item in preview.plan.of(ActionKind.CREATE)] == ["RU-1", "RU-3"]


async def test_the_last_step_is_undone_whole(shop: Shop, service: CabinetCardsService) -> None:
    await shop.stocks_the_store(Shirt("NAME", name="Пальто драповое"), Shirt("BAG", name="Сумка кожаная"), Shirt("CUP", name="Кружка"))
    place(shop.sandbox, "COAT", "Драповое пальто")
    place(shop.sandbox, "OLD-BAG", "Кожаная сумка")
    place(shop.sandbox, "X", "Чайник")
    await service.load(shop.integration, silent)
    await service.assign(shop.integration, "id-CUP", "X")
    before = await service.report(shop.integration)
    assert before.undoable == 1
    both = [Decision("id-NAME", "COAT", True), Decision("id-BAG", "OLD-BAG", False)]
    await service.decide(shop.integration, both)
    report = await service.report(shop.integration)
    assert (groups(report)["matched"], report.undoable) == (["COAT", "X"], 2)
    assert await service.undo(shop.integration) == 2
    after = await service.report(shop.integration)
    assert (groups(after), after.rejected, after.undoable) == (groups(before), (), 0)
    assert await links(shop) == {"id-CUP": "X"}, "earlier steps stay"
    assert await service.undo(shop.integration) == 0


async def test_undoing_gives_back_what_a_pair_took_the_place_of(shop: Shop, service: CabinetCardsService) -> None:
    place(shop.sandbox, "X", "Чайник")
    place(shop.sandbox, "Y", "Утюг")
    await service.load(shop.integration, silent)
    await service.confirm(shop.integration, "id-RU-1", "X")
    await service.confirm(shop.integration, "id-RU-1", "Y")
    assert await links(shop) == {"id-RU-1": "Y"}
    await service.undo(shop.integration)
    assert await links(shop) == {"id-RU-1": "X"}
    assert groups(await service.report(shop.integration))["matched"] == ["X"]
    await service.reject(shop.integration, "id-RU-1", "X")
    await service.undo(shop.integration)
    assert await links(shop) == {"id-RU-1": "X"}
    await service.load(shop.integration, silent)
    assert (await service.report(shop.integration)).undoable == 0, "after a reading the cards are others"


async def test_a_product_that_came_later_is_linked_by_its_barcode(shop: Shop, service: CabinetCardsService) -> None:
    place(shop.sandbox, "OLD-4", barcode="470")
    await service.load(shop.integration, silent)
    await with_barcode(shop, "RU-4", "470", *SHIRTS, Shirt("RU-4"))
    assert groups(await service.report(shop.integration))["matched"] == ["OLD-4"]
    assert await links(shop) == {"id-RU-4": "OLD-4"}


async def test_a_card_is_found_by_its_barcode_before_its_product_would_be_created(shop: Shop, service: CabinetCardsService) -> None:
    place(shop.sandbox, "OLD-4", "Старая", barcode="470")
    await service.load(shop.integration, silent)
    await as_in_store(shop)
    await with_barcode(shop, "RU-4", "470", *SHIRTS, Shirt("RU-4"))
    result = await shop.application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.DONE, result.run.problems
    assert set(shop.sandbox.products) == {"RU-1", "RU-2", "RU-3", "OLD-4"}
    assert shop.sandbox.products["OLD-4"].name == "Рубашка RU-4"


async def test_a_barcode_links_nothing_against_the_managers_word(shop: Shop, service: CabinetCardsService) -> None:
    place(shop.sandbox, "OLD-4", barcode="470")
    await service.load(shop.integration, silent)
    await with_barcode(shop, "RU-4", "470", *SHIRTS, Shirt("RU-4"))
    await service.reject(shop.integration, "id-RU-4", "OLD-4")
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert "RU-4" in {item.offer_id for item in preview.plan.of(ActionKind.CREATE)}
    assert await links(shop) == {}


# --- the journal ----------------------------------------------------------------------------------------------------


async def test_a_reading_is_in_the_journal_with_its_counts(shop: Shop, service: CabinetCardsService) -> None:
    place(shop.sandbox, "RU-1")
    place(shop.sandbox, "OTHER", "Платье")
    place(shop.sandbox, "OLD", "Юбка", archived=True)
    await service.load(shop.integration, silent)
    [run] = await readings(shop)
    assert (run.result, run.problems) == (RunResult.DONE, ())
    assert dict(run.counts) == {"cards": 3, "matched": 1, "only_ozon": 2, "only_store": 2, "unsure": 0, "gone": 0}
    assert run.requests >= 6
    assert run.finished_at is not None


async def test_a_stopped_and_a_failed_reading_are_in_the_journal(
    shop: Shop, service: CabinetCardsService, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cabinet_loading.CabinetLoading.__init__, "__defaults__", (2,))
    for number in range(60):
        place(shop.sandbox, f"A-{number}")

    def stop(update: ProgressUpdate) -> None:
        if update.done >= 10:
            task.cancel()

    task = asyncio.create_task(service.load(shop.integration, stop))
    with pytest.raises(asyncio.CancelledError):
        await task
    line.break_at("/v3/product/list", "network")
    with pytest.raises(NetworkError):
        await service.load(shop.integration, silent)
    failed, stopped = await readings(shop)
    assert (stopped.result, failed.result) == (RunResult.STOPPED, RunResult.FAILED)
    assert dict(stopped.counts)["cards"] >= 10, "what came is told"
    assert failed.reason
    line.mend()
    await service.load(shop.integration, silent)
    assert [run.result for run in await readings(shop)] == [RunResult.DONE, RunResult.FAILED, RunResult.STOPPED]
