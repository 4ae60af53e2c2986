"""What an answer about cards that were on Ozon before would lose, worked out before it is given."""

from ozon_desktop.domain.existing_cards import ExistingAnswer
from ozon_desktop.domain.sync_plan import ActionKind, Part, Reason
from ozon_desktop.services.sync.parts.plan_maker import PlanMaker, uncollected
from ozon_desktop.storage.unit_of_work import UnitOfWork


def losses_of(unit: UnitOfWork, integration_id: int, answer: ExistingAnswer) -> tuple[int, int]:
    """(how many fields of those cards would lose something, for how many cards nobody can say). Nothing is kept of the plan this takes.

    Of a card whose product is not ready (its category is not mapped, a field is missing) nothing would be sent today, and what would be
    sent once it is ready is not known.
    """
    with uncollected():
        plan = PlanMaker(unit, integration_id, answer).make(frozenset({Part.PRODUCTS})).plan
    known = set(unit.cabinet.adopted_offers(integration_id))
    lost = sum(len(item.lost) for item in plan.items if item.kind is ActionKind.UPDATE and item.offer_id in known)
    unknown = {item.offer_id for item in plan.items if item.reason is Reason.NOT_READY and item.offer_id in known}
    return lost, len(unknown)
