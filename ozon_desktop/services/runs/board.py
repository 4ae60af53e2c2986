"""What the runs of this process are doing right now, and what keeps them from it: progress, limits, the network."""

from dataclasses import dataclass, replace
from datetime import datetime

from ozon_desktop.domain.progress import ProgressUpdate
from ozon_desktop.services.shared import Clock
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

PAUSED = "schedule/paused"


@dataclass(frozen=True, slots=True)
class BoardEntry:
    """One integration. limit_until: when a used-up limit of Ozon ends; offline_since: when Ozon stopped answering. None = neither."""

    progress: ProgressUpdate | None = None
    limit_until: datetime | None = None
    offline_since: datetime | None = None
    retry_at: datetime | None = None


class RunBoard:
    """Written by the runs and the schedule, read by the status line. Limits outlive the program: they are kept in the database."""

    def __init__(self, storage: Database, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._entries: dict[int, BoardEntry] = {}

    def entry(self, integration_id: int) -> BoardEntry:
        """What is known of an integration in this process."""
        return self._entries.get(integration_id, BoardEntry())

    def note(self, integration_id: int, update: ProgressUpdate) -> None:
        self._change(integration_id, progress=update)

    def ended(self, integration_id: int) -> None:
        self._change(integration_id, progress=None)

    def waits_for_limit(self, integration_id: int, until: datetime) -> None:
        """A limit of Ozon is used up until then."""
        self._change(integration_id, limit_until=until)

    def offline(self, integration_id: int, retry_at: datetime) -> None:
        """Ozon does not answer; it is asked again at `retry_at`."""
        since = self.entry(integration_id).offline_since or self._clock()
        self._change(integration_id, offline_since=since, retry_at=retry_at)

    def online(self, integration_id: int) -> None:
        self._change(integration_id, offline_since=None, retry_at=None)

    def keep_limit(self, unit: UnitOfWork, integration_id: int) -> None:
        """Writes the end of the limit down, so that a program started again waits for it too."""
        until = self.entry(integration_id).limit_until
        if until is not None:
            unit.preferences.set(_limit_key(integration_id), until.isoformat())

    def limit_until(self, unit: UnitOfWork, integration_id: int) -> datetime | None:
        """When the limit ends, from this life of the program or an earlier one; None = none is used up, or it ended and was noticed."""
        kept = unit.preferences.get(_limit_key(integration_id))
        known = [moment for moment in (self.entry(integration_id).limit_until, datetime.fromisoformat(kept) if kept else None) if moment]
        return max(known, default=None)

    def limit_over(self, unit: UnitOfWork, integration_id: int) -> None:
        """What waited for the limit is being sent."""
        self._change(integration_id, limit_until=None)
        unit.preferences.remove(_limit_key(integration_id))

    def _change(self, integration_id: int, **changes: object) -> None:
        self._entries[integration_id] = replace(self.entry(integration_id), **changes)  # type: ignore[arg-type]


def _limit_key(integration_id: int) -> str:
    return f"schedule/limit/{integration_id}"
