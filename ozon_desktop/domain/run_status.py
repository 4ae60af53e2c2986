"""The state of an integration's synchronization, as the status line and the tray show it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ozon_desktop.domain.journal import Run
from ozon_desktop.domain.lease import Lease
from ozon_desktop.domain.progress import ProgressUpdate


class RunState(StrEnum):
    """What the status line and the tray say first. The first that fits, in this order."""

    RUNNING = "running"
    OFFLINE = "offline"
    OFF = "off"
    READ_ONLY = "read_only"
    WAITING_FOR_REVIEW = "waiting_for_review"
    PAUSED = "paused"
    WAITING_FOR_LIMIT = "waiting_for_limit"
    NEEDS_ATTENTION = "needs_attention"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class RunStatus:
    """The state of one integration's synchronization; words: `wording.status`.

    RUNNING: `progress`, None = only just begun; `holder` when it is another process, which reports its progress every few seconds.
    OFFLINE: `since`, `until` = asked again. WAITING_FOR_LIMIT: `until`. NEEDS_ATTENTION: `problems`. PAUSED: `since`.
    next_run None = only on change, or not at all. WAITING_FOR_REVIEW: nothing was ever sent, the first preview is to be confirmed.
    """

    state: RunState
    progress: ProgressUpdate | None = None
    holder: Lease | None = None
    since: datetime | None = None
    until: datetime | None = None
    problems: int = 0
    last_run: Run | None = None
    next_run: datetime | None = None
