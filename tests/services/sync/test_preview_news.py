"""Fields that Ozon newly requires are found by the preview: what is read again, when, and what is told of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ozon_desktop.domain.card import ProblemCode
from ozon_desktop.domain.ozon_catalog import BRAND_ATTRIBUTE
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind, Part
from ozon_desktop.errors import NoConnection
from ozon_desktop.sandbox.ozon.dictionaries import Dictionary
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.services.shop import SHIRT, SHIRTS, Shop

ATTRIBUTES = "/v1/description-category/attribute"
VALUES = "/v1/description-category/attribute/values"
ANNOTATION = 4191


def attribute_of_shirts(shop: Shop, attribute_id: int) -> dict[str, Any]:
    """The sandbox's own description of a field of shirts, to be changed."""
    shop.sandbox.catalog._encoded.clear()
    fields = shop.sandbox.catalog.attributes(SHIRT.description_category_id, SHIRT.type_id)
    found: dict[str, Any] = next(attribute for attribute in fields if attribute["id"] == attribute_id)
    return found


async def fields_were_read(shop: Shop, hours_ago: int) -> None:
    """Makes the fields of shirts so old."""

    def work(unit: UnitOfWork) -> None:
        unit.ozon.save_attributes(SHIRT, unit.ozon.attributes(SHIRT), datetime.now(UTC) - timedelta(hours=hours_ago))

    await shop.application.storage.run(work)


@pytest.fixture
async def stale(shop: Shop) -> Shop:
    """Three shirts on Ozon, two more in the store, and an annotation required since the fields were read, a day ago."""
    await shop.application.sync.run(shop.integration, silent)
    await shop.stocks_the_store(*SHIRTS, replace(SHIRTS[0], offer_id="RU-8"), replace(SHIRTS[0], offer_id="RU-9"))
    attribute_of_shirts(shop, ANNOTATION)["is_required"] = True
    await fields_were_read(shop, 25)
    shop.line.mend()
    return shop


async def test_news_count_the_products_that_would_be_sent_and_skip_them(stale: Shop) -> None:
    preview = await stale.application.previews.preview(stale.integration, silent)
    assert len(preview.news) == 1
    assert preview.news[0].startswith("У типа «")
    assert preview.news[0].endswith("появилось обязательное поле «Аннотация»: 2 товара")
    assert preview.plan.counts()[ActionKind.CREATE] == 0
    skipped = {item.offer_id: {problem.code for problem in item.problems} for item in preview.plan.of(ActionKind.SKIP)}
    assert {"RU-8", "RU-9"} <= skipped.keys()
    assert all(ProblemCode.REQUIRED_EMPTY in skipped[offer] for offer in ("RU-8", "RU-9"))


async def test_products_page_knows_of_the_new_field_at_once(stale: Shop) -> None:
    before = await stale.application.cards.view(stale.integration)
    await stale.application.previews.preview(stale.integration, silent)
    after = await stale.application.cards.view(stale.integration)
    assert (before.with_errors, after.with_errors) == (0, 5)


async def test_run_by_the_clock_sends_none_of_them_and_is_refused_nothing(stale: Shop) -> None:
    result = await stale.application.sync.run(stale.integration, silent)
    assert not [outcome for outcome in result.outcomes if outcome.kind is ActionKind.CREATE]
    assert dict(result.run.counts)["failed"] == 0
    assert {"RU-8", "RU-9"} <= {problem.offer_id for problem in result.run.problems}
    assert "/v3/product/import" not in stale.line.paths


async def test_what_was_read_is_not_read_again_the_same_day(stale: Shop) -> None:
    await stale.application.previews.preview(stale.integration, silent)
    stale.line.mend()
    again = await stale.application.previews.preview(stale.integration, silent)
    assert ATTRIBUTES not in stale.line.paths
    assert again.news == ()


async def test_only_the_dictionary_of_a_new_field_is_read(stale: Shop) -> None:
    catalog = stale.sandbox.catalog
    catalog._dictionaries[777] = Dictionary([{"id": 1, "value": "На пуговицах", "info": "", "picture": ""}])
    new = {**attribute_of_shirts(stale, ANNOTATION), "id": 777, "name": "Застёжка", "dictionary_id": 777}
    catalog.attributes(SHIRT.description_category_id, SHIRT.type_id).append(new)
    preview = await stale.application.previews.preview(stale.integration, silent)
    assert [line.split("поле ")[1] for line in preview.news] == ["«Аннотация»: 2 товара", "«Застёжка»: 2 товара"]
    assert (stale.line.paths.count(ATTRIBUTES), stale.line.paths.count(VALUES)) == (1, 1)
    details = await stale.application.catalog.type_details(SHIRT)
    field = next(attribute for attribute in details.attributes if attribute.id == 777)
    found = await stale.application.catalog.search_values(stale.integration, SHIRT, field, "пуговиц")
    assert [value.value for value in found.values] == ["На пуговицах"]


async def test_nothing_is_read_when_nothing_of_the_type_would_be_sent(stale: Shop) -> None:
    await stale.stocks_the_store(*SHIRTS)
    preview = await stale.application.previews.preview(stale.integration, silent)
    assert ATTRIBUTES not in stale.line.paths
    assert preview.news == ()


async def test_nothing_is_read_when_cards_are_not_to_be_sent(stale: Shop) -> None:
    await stale.application.previews.preview(stale.integration, silent, frozenset({Part.PRICES, Part.STOCKS}))
    assert ATTRIBUTES not in stale.line.paths


async def test_type_that_cannot_be_read_again_is_told_and_planned_as_known(stale: Shop) -> None:
    stale.line.break_at(ATTRIBUTES, "500")
    preview = await stale.application.previews.preview(stale.integration, silent)
    assert preview.offline is None
    assert preview.news[0].startswith("Обязательные поля типа «")
    assert preview.plan.counts()[ActionKind.CREATE] == 2


async def test_news_survive_a_network_that_fails_behind_them(stale: Shop) -> None:
    def brand_was_optional(unit: UnitOfWork) -> None:
        known = [replace(field, is_required=field.is_required and field.id != BRAND_ATTRIBUTE) for field in unit.ozon.attributes(SHIRT)]
        unit.ozon.save_attributes(SHIRT, known, datetime.now(UTC) - timedelta(hours=25))

    attribute_of_shirts(stale, ANNOTATION)["is_required"] = False
    await stale.application.storage.run(brand_was_optional)
    stale.line.break_at("/v3/product/info/list", "network")
    preview = await stale.application.previews.preview(stale.integration, silent)
    assert isinstance(preview.offline, NoConnection)
    assert preview.news[0].endswith("«Бренд»: 2 товара")
    assert preview.plan.counts()[ActionKind.CREATE] == 2, "the store fills it"


async def test_without_a_network_the_plan_is_made_of_what_is_known(stale: Shop) -> None:
    stale.line.break_at("*", "network")
    preview = await stale.application.previews.preview(stale.integration, silent)
    assert preview.offline is not None
    assert preview.news == ()
    assert preview.plan.counts()[ActionKind.CREATE] == 2
