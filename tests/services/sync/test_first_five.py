"""«Сначала пять»: five typical products go, are read back and compared; the rest is again a preview to confirm."""

from dataclasses import replace

import pytest

from ozon_desktop.domain.first_five import compare, typical
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind, Hold, PlanItem, Reason, SyncPlan
from ozon_desktop.errors import NotConfirmed, PlanChanged
from ozon_desktop.services.sync.first_five import FiveSent
from ozon_desktop.services.sync.parts.ozon_now import shown_now
from ozon_desktop.services.sync.sync import SyncRequest
from tests.domain.test_sync_plan import make_card
from tests.services.shop import MAIN_WAREHOUSE, Shirt, Shop, wanted

EIGHT = tuple(Shirt(f"F-{number}", str(1000 + number), number) for number in range(1, 9))


def item(kind: ActionKind, offer_id: str, type_id: int = 1, hold: Hold | None = None) -> PlanItem:
    payload = replace(make_card(offer_id).payload(), type_key=TypeKey(1, type_id)) if kind.value in {"create", "update"} else None
    return PlanItem(kind, offer_id, "Рубашка", Reason.NEW_PRODUCT, payload=payload, hold=hold)


def many(kind: ActionKind, letter: str, number: int) -> list[PlanItem]:
    return [item(kind, f"{letter}-{place}") for place in range(number)]


@pytest.mark.parametrize(
    ("created", "updated", "prices", "split"),
    [
        (9, 9, 9, (3, 2, 0)),
        (9, 1, 0, (4, 1, 0)),
        (1, 9, 0, (1, 4, 0)),
        (9, 0, 0, (5, 0, 0)),
        (2, 1, 9, (2, 1, 2)),
        (0, 0, 1, (0, 0, 1)),
        (0, 0, 0, (0, 0, 0)),
    ],
)
def test_kinds_are_mixed_as_far_as_there_are_any(created: int, updated: int, prices: int, split: tuple[int, int, int]) -> None:
    items = [*many(ActionKind.CREATE, "C", created), *many(ActionKind.UPDATE, "U", updated), *many(ActionKind.PRICE, "P", prices)]
    chosen = typical(SyncPlan(tuple(items)))
    assert tuple(sum(offer.startswith(letter) for offer in chosen) for letter in "CUP") == split
    assert chosen == typical(SyncPlan(tuple(reversed(items))))


def test_types_take_turns_and_held_products_are_left_out() -> None:
    items = [item(ActionKind.CREATE, f"A-{n}", 1) for n in range(5)] + [item(ActionKind.CREATE, f"B-{n}", 2) for n in range(3)]
    items += [item(ActionKind.CREATE, "C-0", 3), item(ActionKind.UPDATE, "D-0", hold=Hold.UNANSWERED)]
    assert typical(SyncPlan(tuple(items))) == {"A-0", "B-0", "C-0", "A-1", "B-1"}


@pytest.fixture
async def new(shop: Shop) -> Shop:
    """Eight shirts, and nothing was ever sent."""
    await shop.stocks_the_store(*EIGHT)
    await shop.application.storage.run(lambda unit: unit.guards._set(shop.integration, None, False))
    return shop


async def send_five(shop: Shop) -> FiveSent:
    preview = await shop.application.previews.preview(shop.integration, silent)
    return await shop.application.first_five.send(shop.integration, silent, preview, preview.plan_id)


async def test_five_are_sent_compared_and_the_rest_waits(new: Shop) -> None:
    five = await send_five(new)
    assert five.offers == ("F-1", "F-2", "F-3", "F-4", "F-5")
    assert set(new.sandbox.products) == set(five.offers)
    assert five.different == (), five.different
    assert {check.field for check in five.checks} >= {"name", "price", "type_key", "weight", "attribute:85", f"stock:{MAIN_WAREHOUSE}"}
    with pytest.raises(NotConfirmed):
        await new.application.sync.run(new.integration, silent)
    rest = await new.application.previews.preview(new.integration, silent)
    assert (rest.first, rest.plan.counts()[ActionKind.CREATE]) == (True, 3)
    await new.application.sync.run(new.integration, silent, SyncRequest(confirm=rest.plan_id))
    assert new.on_ozon() == wanted(*EIGHT)


async def test_five_of_another_plan_are_not_sent(new: Shop) -> None:
    preview = await new.application.previews.preview(new.integration, silent)
    with pytest.raises(PlanChanged):
        await new.application.first_five.send(new.integration, silent, preview, "0" * 12)
    assert not new.sandbox.products


async def test_what_ozon_shows_otherwise_is_named_by_field(new: Shop) -> None:
    preview = await new.application.previews.preview(new.integration, silent)
    await send_five(new)
    new.sandbox.products["F-1"].stocks[MAIN_WAREHOUSE] = 77
    new.sandbox.products["F-2"].price += 1
    integration = (await new.application.integrations.all())[0]
    client = await new.application.sync._clients.client(new.integration)
    shown = await shown_now(client, ["F-1", "F-2"], integration.settings.scheme, silent)
    items = [one for one in preview.plan.items if one.offer_id in {"F-1", "F-2", "F-8"}]
    different = [check for check in compare(items, shown) if not check.matches]
    assert [(check.field, check.sent, check.shown) for check in different if check.offer_id == "F-1"] == [
        (f"stock:{MAIN_WAREHOUSE}", "1", "77")
    ]
    assert [(check.field, check.sent, check.shown) for check in different if check.offer_id == "F-2"] == [("price", "1002", "1003")]
    assert {check.shown for check in different if check.offer_id == "F-8"} == {""}, "what cannot be read matches in nothing"
