"""A price on Ozon that neither this program sent nor its last reading saw is said, and not written over before a person decides."""

from dataclasses import replace
from decimal import Decimal

from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import Hold, Verdict
from tests.services.shop import SHIRTS, Shop

CHANGED, *REST = SHIRTS
DEARER = replace(CHANGED, price="2100")


async def test_a_price_somebody_else_set_waits_and_the_rest_goes_on(shop: Shop) -> None:
    application = shop.application
    await application.sync.run(shop.integration, silent)
    shop.sandbox.products["RU-1"].price = Decimal("1790")
    await shop.stocks_the_store(DEARER, replace(REST[0], price="2590"), *REST[1:])
    await application.sync.run(shop.integration, silent)
    prices = {offer: price for offer, (_, price, _) in shop.on_ozon().items()}
    assert prices["RU-1"] == Decimal("1790"), "not written over"
    assert prices["RU-2"] == Decimal("2590")
    (held,) = await application.held_items.view(shop.integration)
    assert (held.key.offer_id, held.hold) == ("RU-1", Hold.DRIFTED)
    assert "1790" in held.key.value
    assert "2100" in held.key.value
    await application.held_items.decide(shop.integration, [held.key], Verdict.SEND)
    await application.sync.run(shop.integration, silent)
    assert shop.on_ozon()["RU-1"][1] == Decimal("2100")
    assert not await application.held_items.view(shop.integration)


async def test_the_price_that_is_wanted_is_no_drift(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    shop.sandbox.products["RU-1"].price = Decimal("2100")
    await shop.stocks_the_store(DEARER, *REST)
    await shop.application.sync.run(shop.integration, silent)
    assert not await shop.application.held_items.view(shop.integration)
