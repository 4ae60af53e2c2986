"""Takes a sent run back from the journal: a preview of the old values, confirmed like any plan, and the new ones kept away afterwards."""

from dataclasses import dataclass, replace

from ozon_desktop.domain.held_items import SentValue
from ozon_desktop.domain.holds import plan_id
from ozon_desktop.domain.progress import Progress
from ozon_desktop.domain.sync_plan import Part, SyncPlan
from ozon_desktop.domain.take_back import Lasting, kept_away, lessened, take_back
from ozon_desktop.errors import NotFound
from ozon_desktop.services.shared import Revision
from ozon_desktop.services.sync.outcome import OutcomeState
from ozon_desktop.services.sync.parts.fresh_stocks import not_above
from ozon_desktop.services.sync.parts.plan_maker import plan_of
from ozon_desktop.services.sync.sync import SyncRequest, SyncResult, SyncService
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class TakeBackPreview:
    """What would be sent to take a run back. lasting: what stays, or goes another way, by offer_id."""

    plan: SyncPlan
    plan_id: str
    lasting: tuple[tuple[str, Lasting], ...]


class TakeBack:
    """Old values are kept for thirty days with the run that replaced them."""

    def __init__(self, storage: Database, sync: SyncService, revision: Revision) -> None:
        self._storage = storage
        self._sync = sync
        self._revision = revision

    async def preview(self, integration_id: int, run_id: int) -> TakeBackPreview:
        """NotFound: the run is unknown, sent nothing, or is too old."""

        def work(unit: UnitOfWork) -> TakeBackPreview:
            sent = _sent(unit, integration_id, run_id)
            back = take_back(sent, unit.plan.accepted_whole(integration_id, {value.item.offer_id for value in sent}))
            # What the store has sold or lost since is not offered again.
            plan = not_above(back.plan, plan_of(unit, integration_id, frozenset({Part.STOCKS})).plan)
            lower = ((offer_id, Lasting.STOCK_GONE) for offer_id in lessened(back.plan, plan))
            return TakeBackPreview(plan, plan_id(plan, integration_id), (*back.lasting, *lower))

        return await self._storage.run(work)

    async def send(self, integration_id: int, run_id: int, progress: Progress, confirm: str) -> SyncResult:
        """Sends the old values of the confirmed preview; the store's new ones then wait until they change. Errors as `SyncService.run`."""
        plan = (await self.preview(integration_id, run_id)).plan
        offers = frozenset(item.offer_id for item in plan.items)
        result = await self._sync.run(integration_id, progress, SyncRequest(plan, only_offers=offers, confirm=confirm))
        taken = frozenset(outcome.offer_id for outcome in result.outcomes if outcome.state is OutcomeState.SENT)

        def keep(unit: UnitOfWork) -> None:
            held = kept_away(_sent(unit, integration_id, run_id), taken)
            unit.guards.keep_held(integration_id, [replace(item, since=result.run.started_at) for item in held])

        await self._storage.run(keep)
        self._revision.bump()
        return result


def _sent(unit: UnitOfWork, integration_id: int, run_id: int) -> list[SentValue]:
    sent = unit.guards.sent(integration_id, run_id)
    if not sent:
        raise NotFound(str(run_id))
    return sent
