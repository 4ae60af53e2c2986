"""After a step over many cards everything that counts cards says the same at once, as a program does that starts anew."""

from collections.abc import Awaitable, Callable

import pytest

from ozon_desktop.application import build
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind
from ozon_desktop.services.cards.view import CardsView
from tests.services.cards.tables import exported, with_column
from tests.services.cards.test_card_exchange import BRAND, SHIRTS_CATEGORY, attribute
from tests.services.conftest import make_options
from tests.services.shop import SHIRT, Shop

IDS = ["id-RU-1", "id-RU-2", "id-RU-3"]


async def seen(shop: Shop) -> tuple[CardsView, int, int]:
    """The table with its chips, the badge, and how many cards the preview would create."""
    application, number = shop.application, shop.integration
    view = await application.cards.view(number)
    badge = (await application.overview.overview(number)).not_ready
    preview = await application.previews.preview(number, silent)
    return view, badge, preview.plan.counts()[ActionKind.CREATE]


async def agreed(shop: Shop) -> tuple[int, int]:
    """Ready and not ready, said alike by table, chips, badge, preview and a program over the same data that starts anew."""
    view, badge, created = await seen(shop)
    anew = await build(make_options(shop.folder))
    try:
        checked = await anew.cards.view(shop.integration)
    finally:
        await anew.close()
    rows = {row.offer_id: [problem for problem in row.problems if problem.blocking] for row in view.rows}
    assert rows == {row.offer_id: [problem for problem in row.problems if problem.blocking] for row in checked.rows}
    assert view.reasons == checked.reasons, "the chips"
    assert (view.ready, view.with_errors) == (checked.ready, checked.with_errors)
    assert badge == view.with_errors
    assert created == view.ready, "nothing is on Ozon yet: what is ready is to be created"
    assert view.ready == sum(not problems for problems in rows.values())
    return view.ready, view.with_errors


async def empty_by_hand(shop: Shop) -> None:
    await shop.application.card_bulk.set_values(shop.integration, IDS, await attribute(shop, BRAND), SHIRT, ())


async def empty_by_file(shop: Shop) -> None:
    exchange, (path, headings, rows) = shop.application.card_exchange, await exported(shop)
    await with_column(path, headings, rows, "Бренд", "")
    preview = await exchange.preview(shop.integration, SHIRTS_CATEGORY, SHIRT, path)
    assert await exchange.apply(shop.integration, preview) == 3


@pytest.mark.parametrize("empty", [empty_by_hand, empty_by_file])
async def test_all_counts_follow_a_step_over_many_cards_and_its_undoing(shop: Shop, empty: Callable[[Shop], Awaitable[None]]) -> None:
    ready, wrong = await agreed(shop)
    assert ready > 1, "the step has to make a difference"
    await empty(shop)
    assert await agreed(shop) == (0, ready + wrong)
    await shop.application.cards.history.undo(shop.integration)
    assert await agreed(shop) == (ready, wrong)
    await shop.application.cards.history.redo(shop.integration)
    assert await agreed(shop) == (0, ready + wrong)


async def test_a_copy_and_a_rule_are_followed_too(shop: Shop) -> None:
    cards = shop.application.cards
    ready, wrong = await agreed(shop)
    await empty_by_hand(shop)
    brand = await attribute(shop, BRAND)
    await shop.application.card_bulk.set_values(shop.integration, IDS[:1], brand, SHIRT, ((0, "Ромашка"),))
    await agreed(shop)
    await cards.copy_fields(shop.integration, IDS[0], IDS[1:])
    assert await agreed(shop) == (ready, wrong)
