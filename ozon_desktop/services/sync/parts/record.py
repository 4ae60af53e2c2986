"""What became of the items of one run, and what its senders share."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from ozon_desktop.domain.cabinet import ItemError, UpdateAnswer
from ozon_desktop.domain.journal import RunProblem
from ozon_desktop.domain.ozon_problems import field_of
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.sync_plan import ActionKind, PlanItem
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.item_limits import HOUR_S, STOCK_EVERY_S
from ozon_desktop.services.shared import Clock
from ozon_desktop.services.sync.outcome import ItemOutcome, OutcomeState, Patience, Sleep, Waiting
from ozon_desktop.services.sync.parts.ledger import Ledger
from ozon_desktop.services.sync.parts.splitting import item_error
from ozon_desktop.wording.cards import item_error_text

NUMBERS = {ActionKind.PRICE: "price", ActionKind.STOCK: "stock"}
"""Where a complaint about a price or a stock stands that names no field: Ozon's answers to these have none."""

LONGEST_S = {ActionKind.PRICE: HOUR_S, ActionKind.STOCK: STOCK_EVERY_S, ActionKind.ARCHIVE: STOCK_EVERY_S}
"""How long a limit of one product lasts, at most: Ozon does not say how much of it is over."""

T = TypeVar("T")


@dataclass(slots=True)
class Record:
    """`outcomes` fill as answers arrive and stay valid when the run is stopped.

    notes: problems of the run that concern no item of the plan; limit_ends: called when a limit of Ozon is used up, with its end.
    """

    clock: Clock
    limit_ends: Callable[[datetime], None]
    outcomes: dict[tuple[str, ActionKind], ItemOutcome] = field(default_factory=dict)
    notes: list[RunProblem] = field(default_factory=list)
    _limit_until: datetime | None = None

    def note(self, item: PlanItem, state: OutcomeState, errors: tuple[ItemError, ...] = ()) -> None:
        """What became of an item, with why."""
        if state is OutcomeState.WAITING:
            self._wait(item.kind, errors)
        problems = problems_of(item.offer_id, errors, NUMBERS.get(item.kind, ""))
        self.outcomes[item.offer_id, item.kind] = ItemOutcome(item.offer_id, item.name, item.kind, state, problems)

    def note_error(self, item: PlanItem, error: Exception) -> None:
        """An item whose own request failed: it waits for what passes by itself."""
        why = item_error(error)
        self.note(item, OutcomeState.WAITING if why.passes_by_itself else OutcomeState.FAILED, (why,))

    def note_update(self, item: PlanItem, answers: Sequence[UpdateAnswer]) -> bool:
        """Notes what Ozon answered about a price or the stocks of a product; whether it took all of it."""
        errors = tuple(error for answer in answers for error in answer.errors)
        good = bool(answers) and all(answer.updated for answer in answers)
        if not good and errors and all(error.passes_by_itself for error in errors):
            # Not accepted, so it stays in the plan: the next run sends it.
            self.note(item, OutcomeState.WAITING, errors)
            return False
        state = OutcomeState.SENT if good else OutcomeState.FAILED
        self.note(item, state, errors if errors or good else (ItemError("no_answer", ""),))
        return good

    def hold_back(self, item: PlanItem, state: OutcomeState, errors: tuple[ItemError, ...]) -> None:
        """The card is the reason: price and stock do not repeat what this run has said of the product already."""
        others = (self.outcomes.get((item.offer_id, kind)) for kind in ActionKind if kind is not item.kind)
        said = any(outcome is not None and outcome.problems for outcome in others)
        if said:
            state, errors = (state if state is OutcomeState.WAITING else OutcomeState.NOT_SENT), ()
        self.note(item, state, errors)

    def state(self, item: PlanItem) -> OutcomeState | None:
        """What is noted of an item; None = nothing yet."""
        outcome = self.outcomes.get((item.offer_id, item.kind))
        return outcome.state if outcome is not None else None

    def _wait(self, kind: ActionKind, errors: Iterable[ItemError]) -> None:
        """Of several limits the one that ends first decides when the rest goes on: what still waits then is noted anew."""
        for error in errors:
            wait_s = error.retry_after_s or (LONGEST_S.get(kind, 0.0) if error.too_often else 0.0)
            until = self.clock() + timedelta(seconds=wait_s)
            if wait_s and (self._limit_until is None or until < self._limit_until):
                self._limit_until = until
                self.limit_ends(until)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the senders of one run share."""

    client: OzonClient
    ledger: Ledger
    record: Record
    patience: Patience
    sleep: Sleep

    def waiting(self) -> Waiting:
        """A wait for Ozon that begins now."""
        return Waiting(self.patience, self.sleep)


def problems_of(offer_id: str, errors: Iterable[ItemError], field: str = "") -> tuple[RunProblem, ...]:
    """What the journal keeps of Ozon's errors that block; each is told once, also when two warehouses refuse a stock for one reason.

    field: where a complaint stands that names none.
    """
    blocking = (error for error in errors if error.blocking)
    problems = (RunProblem(offer_id, field_of(error, field), error.code, item_error_text(error)) for error in blocking)
    return tuple(dict.fromkeys(problems))


def batches(items: Sequence[T], size: int) -> Iterable[tuple[T, ...]]:
    """The items in order, `size` at a time."""
    source = iter(items)
    while batch := tuple(islice(source, size)):
        yield batch


def reported(items: Sequence[T], size: int, stage: Stage, progress: Progress) -> Iterator[tuple[T, ...]]:
    """`batches`, with a report of how many items are done before each."""
    done = 0
    for batch in batches(items, size):
        progress(ProgressUpdate(stage, done, len(items)))
        yield batch
        done += len(batch)
