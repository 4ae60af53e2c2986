"""What became of the items of a plan, and how long Ozon is waited for while it is sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from ozon_desktop.domain.journal import RunProblem
from ozon_desktop.domain.sync_plan import ActionKind

Sleep = Callable[[float], Awaitable[None]]


class OutcomeState(StrEnum):
    """What became of one planned item."""

    SENT = "sent"
    FAILED = "failed"
    WAITING = "waiting"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """What became of one planned item, with Ozon's errors."""

    offer_id: str
    name: str
    kind: ActionKind
    state: OutcomeState
    problems: tuple[RunProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Patience:
    """How long Ozon is waited for, in seconds; what is not done by then is left to the next run."""

    import_s: float = 300.0
    empty_import_s: float = 30.0
    stock_ready_s: float = 90.0
    stock_shown_s: float = 10.0
    first_pause_s: float = 0.5
    longest_pause_s: float = 10.0


class Waiting:
    """A wait for Ozon in growing pauses."""

    def __init__(self, patience: Patience, sleep: Sleep) -> None:
        self._patience = patience
        self._sleep = sleep
        self._waited = 0.0
        self._pause = patience.first_pause_s

    async def goes_on(self, limit_s: float) -> bool:
        """Passes one more pause; False at once when `limit_s` have passed in pauses."""
        if self._waited >= limit_s:
            return False
        await self._sleep(self._pause)
        self._waited += self._pause
        self._pause = min(self._pause * 1.6, self._patience.longest_pause_s)
        return True
