"""What «Отличия от Ozon» asks the services for, and what it tells them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from ozon_desktop.application import Application
    from ozon_desktop.domain.card_differences import CardDifference, Side
    from ozon_desktop.services.cabinet.cards import CabinetCardsService

Call = tuple[tuple[str, ...], str]
"""Products and field of one choice, as the service takes them."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is shown. names: of products by id; loaded_at: when the cards of the cabinet were read, None = never."""

    rows: list[CardDifference]
    names: dict[str, str]
    loaded_at: datetime | None


async def compared(application: Application, integration_id: int, product_ids: Sequence[str] | None) -> Comparison:
    """The differences of these products; None = of all."""
    service = application.cabinet_cards
    rows = await service.differences(integration_id, product_ids)
    report = await service.report(integration_id)
    names = {card.product.product_id: card.product.name for card in report.matched if card.product is not None}
    return Comparison(rows, names, report.loaded_at)


async def chosen(service: CabinetCardsService, integration_id: int, side: Side | None, calls: Sequence[Call]) -> int:
    """Chooses a side, None = takes the choice back; gives the number of changes, a product counted for each of its fields."""
    return sum([await service.choose(integration_id, side, product_ids=products, field=field) for products, field in calls])
