"""What an answer about cards that were on Ozon before would lose, worked out before it is given."""

from ozon_desktop.domain.existing_cards import ExistingAnswer
from ozon_desktop.domain.sync_plan import ActionKind, Part
from ozon_desktop.services.sync.parts.plan_maker import PlanMaker, uncollected
from ozon_desktop.storage.unit_of_work import UnitOfWork


def losses_of(unit: UnitOfWork, integration_id: int, answer: ExistingAnswer) -> int:
    """How many fields of those cards would lose something. Nothing is kept of the plan this takes."""
    with uncollected():
        plan = PlanMaker(unit, integration_id, answer).make(frozenset({Part.PRODUCTS})).plan
    known = set(unit.cabinet.adopted_offers(integration_id))
    return sum(len(item.lost) for item in plan.items if item.kind is ActionKind.UPDATE and item.offer_id in known)
