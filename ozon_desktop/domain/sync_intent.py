"""What is about to be sent to Ozon, written down before it is sent so that a crash in the middle can be reconciled."""

from dataclasses import dataclass
from datetime import datetime

from ozon_desktop.domain.sync_plan import ActionKind, PlanItem


@dataclass(frozen=True, slots=True)
class Intent:
    """One batch of a run. task_id: Ozon's import task once Ozon has named it. `id` 0 = not stored yet. Times are UTC."""

    id: int
    integration_id: int
    run_id: int
    kind: ActionKind
    payload: tuple[PlanItem, ...]
    task_id: int | None
    created_at: datetime
