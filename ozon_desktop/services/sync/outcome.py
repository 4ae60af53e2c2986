"""What became of the items of a plan, and how long Ozon is waited for while it is sent."""

from dataclasses import dataclass
from enum import StrEnum

from ozon_desktop.domain.journal import RunProblem
from ozon_desktop.domain.sync_plan import ActionKind


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
