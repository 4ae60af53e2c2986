"""What a plan holds is kept between runs, with the decisions about it, and given up when it is not so any more."""

from collections.abc import Iterable
from datetime import datetime

from ozon_desktop.domain.held_items import HeldItem
from ozon_desktop.domain.holds import HeldKey, key_of
from ozon_desktop.domain.sync_plan import PlanItem, SyncPlan
from ozon_desktop.storage.unit_of_work import UnitOfWork


def keep_holds(unit: UnitOfWork, integration_id: int, plan: SyncPlan, at: datetime, *, whole: bool) -> None:
    """Keeps what is newly held. whole: the plan has all parts, so what it does not hold any more is forgotten with its decision."""
    known = {item.key: item for item in unit.guards.held(integration_id)}
    found = dict(_held(plan.items))
    unit.guards.keep_held(
        integration_id,
        (
            HeldItem(key, item.hold, item.name, item.changes, since=at)
            for key, item in found.items()
            if key not in known and item.hold is not None
        ),
    )
    if whole:
        unit.guards.forget_held(integration_id, [key for key in known if key not in found])


def forget_sent(unit: UnitOfWork, integration_id: int, items: Iterable[PlanItem]) -> None:
    """A decision holds once: for what these items have sent."""
    unit.guards.forget_held(integration_id, dict(_held(items)))


def _held(items: Iterable[PlanItem]) -> Iterable[tuple[HeldKey, PlanItem]]:
    return ((key, item) for item in items if (key := key_of(item)) is not None)
