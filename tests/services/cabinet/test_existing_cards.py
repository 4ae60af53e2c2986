"""Cards that were on Ozon before: nothing is sent of them before an answer, and what the store does not state stays."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.existing_cards import Content
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind, Hold, Part, PlanItem, SyncPlan
from ozon_desktop.sandbox.ozon.import_item import Attribute, ComplexAttribute, Pdf, Value
from ozon_desktop.sandbox.ozon.model import SandboxProduct
from ozon_desktop.services.cabinet.cards import CabinetCardsService
from ozon_desktop.services.sync.sync import SyncRequest
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.services.cabinet.cards_on_ozon import CARDS, INFO, LONG_AGO, as_in_store, place, values, with_barcode, with_mark
from tests.services.shop import FOREST_WAREHOUSE, MAIN_WAREHOUSE, SHIRTS, Line, Shirt, Shop

PICTURES = [f"https://cdn1.ozone.ru/s3/{number}.jpg" for number in range(4)]
DESCRIPTION, RICH = "Лён. Ручная работа. Сшита в Иваново.", '{"content": [{"widgetName": "list"}], "version": 0.3}'


def rich(shop: Shop, offer_id: str = "RU-2", *more: Attribute) -> SandboxProduct:
    """A card with everything, of which the store knows nearly nothing."""
    videos = [Attribute(21841, 100001, [Value(0, "https://rutube.ru/1"), Value(0, "https://rutube.ru/2")])]
    return place(
        shop.sandbox,
        offer_id,
        "Рубашка льняная мужская",
        price="2290",
        old_price="2990",
        barcode="4600000000015",
        stock=7,
        attributes=(values(4191, (0, DESCRIPTION)), values(11254, (0, RICH)), *more),
        images=PICTURES[1:],
        primary_image=PICTURES[0],
        color_image="https://cdn1.ozone.ru/s3/colour.jpg",
        pdf_list=[Pdf(0, "Уход", "https://shop.example/care.pdf")],
        complex_attributes=[ComplexAttribute(videos)],
        weight=400,
    )


def read_long_ago(unit: UnitOfWork, integration_id: int) -> None:
    unit.cabinet.save(integration_id, list(unit.cabinet.cards(integration_id)), 1, LONG_AGO)


async def plan_of(shop: Shop) -> SyncPlan:
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert preview.offline is None
    return preview.plan


def of(plan: SyncPlan, offer_id: str) -> dict[ActionKind, PlanItem]:
    return {item.kind: item for item in plan.items if item.offer_id == offer_id}


async def test_nothing_of_an_existing_card_is_sent_before_an_answer(shop: Shop, service: CabinetCardsService) -> None:
    made = rich(shop)
    before = (made.item, made.price, dict(made.stocks))
    await service.load(shop.integration, silent)
    items = of(await plan_of(shop), "RU-2")
    assert {item.hold for kind, item in items.items() if kind is not ActionKind.SKIP} == {Hold.UNANSWERED}
    result = await shop.application.sync.run(shop.integration, silent)
    now = shop.sandbox.products["RU-2"]
    assert (now.item, now.price, dict(now.stocks)) == before
    assert {outcome.offer_id for outcome in result.outcomes} == {"RU-1", "RU-3"}, "the others are sent"


async def test_a_card_the_cabinet_was_never_read_for_waits_too(shop: Shop) -> None:
    made = rich(shop)
    before = (made.item, made.price, dict(made.stocks))
    await shop.application.sync.run(shop.integration, silent)
    now = shop.sandbox.products["RU-2"]
    assert (now.item, now.price, dict(now.stocks)) == before


async def test_a_card_the_program_created_is_not_asked_about(shop: Shop, service: CabinetCardsService) -> None:
    await shop.application.sync.run(shop.integration, silent)
    await service.load(shop.integration, silent)
    assert (await shop.application.existing_cards.view(shop.integration)).count == 0
    await shop.stocks_the_store(*(replace(shirt, name="Иная рубашка") for shirt in SHIRTS))
    assert {item.hold for item in (await plan_of(shop)).items} == {None}


async def test_deleted_in_the_store_an_existing_card_waits_for_the_answer_about_stocks(shop: Shop, service: CabinetCardsService) -> None:
    rich(shop)
    await service.load(shop.integration, silent)
    await shop.stocks_the_store(SHIRTS[0], SHIRTS[2])
    [item] = [item for item in (await plan_of(shop)).items if item.offer_id == "RU-2"]
    assert (item.kind, item.hold) == (ActionKind.ARCHIVE, Hold.UNANSWERED)
    answers = shop.application.existing_cards
    await answers.answer(shop.integration, content=Content.STORE, prices=Side.STORE, stocks=Side.OZON)
    assert not of(await plan_of(shop), "RU-2")
    await answers.answer(shop.integration, stocks=Side.STORE)
    assert of(await plan_of(shop), "RU-2")[ActionKind.ARCHIVE].hold is None


async def test_as_on_ozon_and_filled_changes_only_what_is_empty(shop: Shop, service: CabinetCardsService) -> None:
    made = rich(shop)
    before = made.item
    await service.load(shop.integration, silent)
    await shop.application.existing_cards.answer(shop.integration, content=Content.FILL, prices=Side.OZON, stocks=Side.OZON)
    await shop.application.sync.run(shop.integration, silent)
    now = shop.sandbox.products["RU-2"]
    assert (now.price, now.old_price, now.stocks) == (Decimal(2290), Decimal(2990), {MAIN_WAREHOUSE: 7})
    kept = ("name", "images", "primary_image", "color_image", "pdf_list", "complex_attributes", "weight", "barcode")
    assert {name: getattr(now.item, name) for name in kept} == {name: getattr(before, name) for name in kept}
    sent = {item.id: [value.value for value in item.values] for item in now.item.attributes}
    assert (sent[4191], sent[11254]) == ([DESCRIPTION], [RICH])
    assert 85 in sent, "the empty brand is filled"
    assert not [item for item in (await plan_of(shop)).items if item.kind is not ActionKind.SKIP], "nothing is left to be sent"


async def test_as_in_the_store_keeps_what_the_store_has_no_word_about(shop: Shop, service: CabinetCardsService) -> None:
    made = rich(shop)
    await service.load(shop.integration, silent)
    await as_in_store(shop)
    update = of(await plan_of(shop), "RU-2")[ActionKind.UPDATE]
    changes = {change.field: (change.old, change.new) for change in update.changes}
    assert changes["price"] == ("2290", "2490"), "a price that goes with the card is a line of the plan"
    await shop.application.sync.run(shop.integration, silent)
    now = shop.sandbox.products["RU-2"]
    assert (now.name, now.price) == ("Рубашка RU-2", Decimal(2490))
    assert (now.item.color_image, now.item.pdf_list) == (made.item.color_image, made.item.pdf_list)
    assert [item.id for item in now.item.nested_attributes] == [21841]
    assert {4191, 11254} <= {item.id for item in now.item.attributes}
    assert not [item for item in (await plan_of(shop)).items if item.kind is not ActionKind.SKIP]


async def test_losses_are_told_before_they_happen(shop: Shop, service: CabinetCardsService) -> None:
    rich(shop)
    await service.load(shop.integration, silent)
    await as_in_store(shop)
    plan = await plan_of(shop)
    lost = {change.field: change.lost for change in of(plan, "RU-2")[ActionKind.UPDATE].lost}
    assert lost["images"]
    assert set(lost["images"]) <= set(PICTURES)
    assert lost["name"] == ("Рубашка льняная мужская",)
    view = await shop.application.existing_cards.view(shop.integration)
    assert (view.count, view.losses[Content.FILL], view.losses[Content.FIELDS]) == (1, 0, 0)
    assert view.losses[Content.STORE] == plan.losses > 0


async def test_losses_of_cards_that_are_not_ready_are_not_known(shop: Shop, service: CabinetCardsService) -> None:
    rich(shop)
    await service.load(shop.integration, silent)
    await shop.stocks_the_store(*(replace(shirt, weight="0") for shirt in SHIRTS))
    view = await shop.application.existing_cards.view(shop.integration)
    assert (view.count, view.uncounted, view.losses[Content.STORE]) == (1, 1, 0)
    await shop.stocks_the_store(*SHIRTS)
    assert (await shop.application.existing_cards.view(shop.integration)).uncounted == 0


async def test_by_fields_only_what_was_chosen_is_sent(shop: Shop, service: CabinetCardsService) -> None:
    made = rich(shop, "RU-2", values(85, (5000003, "Ромашка")), values(9048, (0, "Модель")))
    before = made.item
    await service.load(shop.integration, silent)
    await shop.application.existing_cards.answer(shop.integration, content=Content.FIELDS, prices=Side.OZON, stocks=Side.OZON)
    assert not of(await plan_of(shop), "RU-2")
    await service.choose(shop.integration, Side.STORE, product_ids=["id-RU-2"], field="weight")
    assert [change.field for change in of(await plan_of(shop), "RU-2")[ActionKind.UPDATE].changes] == ["weight"]
    await shop.application.sync.run(shop.integration, silent)
    now = shop.sandbox.products["RU-2"].item
    assert (now.weight, now.name, now.attributes) == (350, before.name, before.attributes)


async def test_a_choice_for_one_product_releases_that_product(shop: Shop, service: CabinetCardsService) -> None:
    rich(shop, "RU-2")
    rich(shop, "RU-3")
    await service.load(shop.integration, silent)
    await service.choose(shop.integration, Side.STORE, product_ids=["id-RU-2"])
    plan = await plan_of(shop)
    assert {item.hold for item in of(plan, "RU-2").values()} == {None}
    assert {item.hold for item in of(plan, "RU-3").values()} == {Hold.UNANSWERED}


async def test_a_rule_for_the_price_releases_prices_alone(shop: Shop, service: CabinetCardsService) -> None:
    rich(shop)
    await service.load(shop.integration, silent)
    await service.choose(shop.integration, Side.STORE, field="price")
    items = of(await plan_of(shop), "RU-2")
    assert (items[ActionKind.PRICE].hold, items[ActionKind.UPDATE].hold) == (None, Hold.UNANSWERED)
    await shop.application.sync.run(shop.integration, silent)
    now = shop.sandbox.products["RU-2"]
    assert (now.price, now.old_price, now.name) == (Decimal(2490), Decimal(2990), "Рубашка льняная мужская")


async def test_an_old_price_that_does_not_fit_the_new_price_is_a_loss(shop: Shop, service: CabinetCardsService) -> None:
    rich(shop)
    await shop.stocks_the_store(*(replace(shirt, price="2980") for shirt in SHIRTS))
    await service.load(shop.integration, silent)
    await shop.application.existing_cards.answer(shop.integration, content=Content.FIELDS, prices=Side.STORE, stocks=Side.OZON)
    [old] = of(await plan_of(shop), "RU-2")[ActionKind.PRICE].lost
    assert (old.field, old.old, old.new) == ("old_price", "2990", "")


async def test_a_price_before_the_discount_that_was_taken_away_is_not_taken_away_again(shop: Shop, service: CabinetCardsService) -> None:
    made = place(shop.sandbox, "RU-2", price="99999", old_price="120000", stock=SHIRTS[1].stock)
    await service.load(shop.integration, silent)
    await shop.application.existing_cards.answer(shop.integration, content=Content.FIELDS, prices=Side.STORE, stocks=Side.STORE)
    preview = await shop.application.previews.preview(shop.integration, silent)
    await shop.application.sync.run(shop.integration, silent, SyncRequest(preview.plan, confirm=preview.plan_id, release=True))
    assert (made.price, made.old_price) == (Decimal(SHIRTS[1].price), Decimal(0))
    assert of(await plan_of(shop), "RU-2") == {}


async def test_answers_are_kept_once_and_taken_back(shop: Shop, service: CabinetCardsService) -> None:
    rich(shop)
    await service.load(shop.integration, silent)
    answers = shop.application.existing_cards
    assert (await answers.view(shop.integration)).to_be_asked
    await answers.answer(shop.integration, content=Content.FILL)
    first = await answers.view(shop.integration)
    await answers.answer(shop.integration, content=Content.FILL)
    assert await answers.view(shop.integration) == first
    assert (first.content, first.prices, first.to_be_asked) == (Content.FILL, None, True)
    await answers.take_back(shop.integration)
    view = await answers.view(shop.integration)
    assert (view.content, view.answered_at) == (None, None)


async def test_a_card_is_read_again_before_it_is_sent(shop: Shop, service: CabinetCardsService, line: Line) -> None:
    made = rich(shop)
    await service.load(shop.integration, silent)
    await as_in_store(shop)
    # Someone works on the card meanwhile, and the reading gets old.
    made.item.pdf_list.append(Pdf(1, "Размеры", "https://shop.example/sizes.pdf"))
    await shop.application.storage.run(lambda unit: read_long_ago(unit, shop.integration))
    line.mend()
    await shop.application.sync.run(shop.integration, silent)
    asked = line.paths[: line.paths.index("/v3/product/import")]
    assert {CARDS, INFO} <= set(asked)
    now = shop.sandbox.products["RU-2"]
    assert [pdf.name for pdf in now.item.pdf_list] == ["Уход", "Размеры"]
    assert now.name == "Рубашка RU-2"


async def test_a_card_that_cannot_be_read_is_left_alone(shop: Shop, service: CabinetCardsService, line: Line) -> None:
    made = rich(shop)
    await as_in_store(shop)
    before = made.item
    line.break_at(CARDS, "500")
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert preview.offline is not None
    assert ActionKind.UPDATE not in of(preview.plan, "RU-2")
    assert shop.sandbox.products["RU-2"].item == before


@pytest.mark.parametrize(("stated", "expected"), [("VAT_10", "0.1"), (None, "0.22"), ("неизвестно", "0.22")])
async def test_a_products_own_rate_of_vat_goes_where_it_is_chosen(shop: Shop, stated: str | None, expected: str) -> None:
    page = await shop.application.integrations.page(shop.integration)
    settings = replace(page.integration.settings, vat_of_product=True)
    await shop.application.integrations.save(shop.integration, settings, None)
    await shop.stocks_the_store(Shirt("RU-1"))
    await with_mark(shop, "RU-1", "" if stated is None else f"<vat>{stated}</vat>")
    await shop.application.sync.run(shop.integration, silent)
    assert shop.sandbox.products["RU-1"].vat == expected


async def test_a_stock_that_changes_is_shown_beside_what_ozon_offers(shop: Shop, service: CabinetCardsService) -> None:
    rich(shop)
    await service.load(shop.integration, silent)
    await as_in_store(shop)
    [change] = [one for one in of(await plan_of(shop), "RU-2")[ActionKind.STOCK].changes if one.field == f"stock:{MAIN_WAREHOUSE}"]
    assert (change.old, change.new) == ("7", "3")


async def test_a_rise_of_an_existing_cards_stock_beyond_belief_is_held(shop: Shop, service: CabinetCardsService) -> None:
    rich(shop)
    await shop.stocks_the_store(SHIRTS[0], replace(SHIRTS[1], stock=7_007), SHIRTS[2])
    await service.load(shop.integration, silent)
    await as_in_store(shop)
    assert of(await plan_of(shop), "RU-2")[ActionKind.STOCK].hold is Hold.STOCK_JUMP


async def test_the_stock_of_an_existing_card_goes_before_it_is_archived(shop: Shop, service: CabinetCardsService) -> None:
    rich(shop)
    await shop.stocks_the_store(SHIRTS[0], SHIRTS[1])
    await service.load(shop.integration, silent)
    await as_in_store(shop)
    await shop.stocks_the_store(SHIRTS[0])
    archive = of(await plan_of(shop), "RU-2")[ActionKind.ARCHIVE]
    assert [(change.field, change.old, change.new) for change in archive.changes] == [(f"stock:{MAIN_WAREHOUSE}", "7", "0")]
    await shop.application.sync.run(shop.integration, silent)
    now = shop.sandbox.memory.shelf["RU-2"]
    assert (now.archived, now.free) == (True, 0)


async def test_a_product_under_another_article_on_ozon_is_not_sold_on_when_the_store_deletes_it(
    shop: Shop, service: CabinetCardsService
) -> None:
    """Its card was matched by its barcode: what the store calls it is not what Ozon calls it."""
    rich(shop, "OZ-9")
    await with_barcode(shop, "RU-2", "4600000000015", *SHIRTS)
    await service.load(shop.integration, silent)
    await as_in_store(shop)
    await shop.application.sync.run(shop.integration, silent)
    assert shop.sandbox.products["OZ-9"].free == 5
    await shop.stocks_the_store(SHIRTS[0], SHIRTS[2])
    only_stocks = await shop.application.previews.preview(shop.integration, silent, frozenset({Part.STOCKS}))
    assert [item.stocks for item in only_stocks.plan.of(ActionKind.STOCK) if item.offer_id == "OZ-9"] == [
        ((MAIN_WAREHOUSE, 0), (FOREST_WAREHOUSE, 0))
    ]
    await shop.application.sync.run(shop.integration, silent)
    now = shop.sandbox.products["OZ-9"]
    assert (now.free, now.archived) == (0, True)
    assert not of(await plan_of(shop), "OZ-9")
