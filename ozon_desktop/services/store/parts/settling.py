"""Finds out what became of products whose answer never came, before a pull can bring them as if they were anybody's."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from ozon_desktop.backoffice.protocol import ProductMaker
from ozon_desktop.domain.adoption import Decision
from ozon_desktop.domain.new_products import MadeProduct
from ozon_desktop.services.shared import Clock
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.new_products import KeptProduct
from ozon_desktop.storage.unit_of_work import UnitOfWork

GIVEN_UP = timedelta(hours=1)
"""A request whose answer was lost may still be carried out for a while."""


async def settle_new_products(storage: Database, maker: ProductMaker, clock: Clock) -> None:
    """Links those that were made, and forgets the others once they are old. BackOfficeError: nothing is known, so nothing changes."""
    waiting = await storage.run(lambda unit: unit.new_products.open())
    if not waiting:
        return
    made = await maker.made([kept.creation_id for kept in waiting])
    now = clock()
    await storage.run(lambda unit: _settle(unit, waiting, made, now))


def _settle(unit: UnitOfWork, waiting: list[KeptProduct], made: Mapping[str, MadeProduct], now: datetime) -> None:
    for kept in waiting:
        there = made.get(kept.creation_id)
        if there is not None:
            link_made(unit, kept.integration_id, kept.offer_id, there, now)
        elif not timedelta() <= now - kept.asked_at < GIVEN_UP:
            unit.new_products.forget(kept.integration_id, kept.offer_id)


def link_made(unit: UnitOfWork, integration_id: int, offer_id: str, made: MadeProduct, now: datetime) -> None:
    """The product is the card's from now on, as if the manager had paired them: no second card is made of it."""
    unit.new_products.make(integration_id, offer_id, made, now)
    unit.cabinet.decide(integration_id, Decision(made.id, offer_id, True))
