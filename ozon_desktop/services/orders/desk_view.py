"""What work on FBS postings gives: what became of each posting, of marks, of a carriage; and how long Ozon is waited for."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ozon_desktop.domain.fbs import CarriageAct, KeptMark, Need, ShipState
from ozon_desktop.domain.fbs_todo import TodoLine
from ozon_desktop.domain.marks import MarkProblem
from ozon_desktop.domain.orders import OrderReturn

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class DeskPatience:
    """How long Ozon is waited for, in seconds; what is not done by then is read again by the next action.

    lost_s: when an asking that nothing came of counts as not done; settle_s: when it may be asked for again by hand, Ozon itself keeping
    an assembling from being done twice.
    """

    ship_s: float = 60.0
    marks_s: float = 180.0
    act_s: float = 60.0
    lost_s: float = 900.0
    settle_s: float = 20.0
    first_pause_s: float = 1.0
    longest_pause_s: float = 15.0

    def pauses(self, limit_s: float) -> Iterator[float]:
        """Growing pauses that together are about the limit."""
        pause, waited = self.first_pause_s, 0.0
        while waited < limit_s:
            yield pause
            waited += pause
            pause = min(pause * 2, self.longest_pause_s)


@dataclass(frozen=True, slots=True)
class ShipOutcome:
    """What became of one posting. parcels: its numbers afterwards, the first is its own mostly; detail: in words."""

    posting_number: str
    state: ShipState
    parcels: tuple[str, ...] = ()
    detail: str = ""
    needs: tuple[Need, ...] = ()

    @property
    def good(self) -> bool:
        return self.state in (ShipState.ASSEMBLED, ShipState.ALREADY)


@dataclass(frozen=True, slots=True)
class ShipReport:
    outcomes: tuple[ShipOutcome, ...]
    requests: int = 0

    @property
    def assembled(self) -> int:
        return sum(one.good for one in self.outcomes)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one action: done, or why not in words. result: numbers it gave."""

    done: bool
    detail: str = ""
    result: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TodoView:
    """lines: the most urgent first. last_fetch: when orders were last brought from Ozon, None = never."""

    lines: tuple[TodoLine, ...]
    last_fetch: datetime | None


@dataclass(frozen=True, slots=True)
class PieceSlot:
    """A place for one code: piece number `piece` (from 0) of a SKU. mark: what is there. required False: allowed only."""

    sku: int
    offer_id: str
    piece: int
    kind: Need
    required: bool
    mark: KeptMark | None = None


@dataclass(frozen=True, slots=True)
class MarkEntered:
    """What became of a scanned code. slot: where it went; other: the posting that has the code already."""

    slot: PieceSlot | None
    problem: MarkProblem | None = None
    other: str = ""


@dataclass(frozen=True, slots=True)
class MarksChecked:
    """What Ozon found. may_ship: everything asked for is there and accepted; waiting: the check goes on; missing: places without a code."""

    may_ship: bool
    waiting: bool
    slots: tuple[PieceSlot, ...]
    missing: int = 0


@dataclass(frozen=True, slots=True)
class CarriageDone:
    """A carriage that was approved. file: its documents, None = not ready yet; left: postings that stay for the next one."""

    carriage_id: int
    act: CarriageAct | None = None
    barcode: str = ""
    file: Path | None = None
    not_taken: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """Goods on their way back. here: "" = still away, `received` into stock, or `written_off`."""

    entry: OrderReturn
    here: str = ""
    at: datetime | None = None
    who: str = ""
