"""What was done to cards, step by step, so that the page that did it can undo it; kept while the program runs."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from ozon_desktop.services.cards.parts.card_state import CardState, Touched, put_back, read_state
from ozon_desktop.services.cards.parts.changes import CardChange, ChangeLog
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

MOST_STEPS = 100
MOST_KEPT = 200_000
"""Products, rules and answers of all kept steps together; the last step is kept however large it is."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step in words, and what it changed: as it was before and as it left it."""

    label: str
    before: CardState
    after: CardState


@dataclass(frozen=True, slots=True)
class StepTaken:
    """An undone or repeated step. changed: products, rules and answers that were put back; left: those changed by others since."""

    label: str
    changed: int
    left: int = 0


@dataclass(slots=True)
class _Steps:
    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)


class Recording:
    """One step under way: the change is made inside `watch`, and `keep` remembers it once the transaction has ended well."""

    def __init__(self, history: "CardHistory", integration_id: int) -> None:
        self._history, self._integration_id = history, integration_id
        self._before, self._after = CardState(), CardState()

    @contextmanager
    def watch(self, unit: UnitOfWork, touched: Touched) -> Iterator[None]:
        """Reads what is touched before and after, in the transaction of the change."""
        self._before = read_state(unit, self._integration_id, touched)
        yield
        self._after = read_state(unit, self._integration_id, touched)

    def watch_sides(self, unit: UnitOfWork, places: Iterable[tuple[str, str]], products: Iterable[str]) -> AbstractContextManager[None]:
        """For whose value wins. places: product ids and fields, see SideChoice; products: on whose cards values may be entered."""
        return self.watch(unit, Touched(frozenset(products), sides=frozenset(places)))

    def keep(self, label: str) -> None:
        """Remembers the step; one that changed nothing is none."""
        before, after = self._before.differing_from(self._after), self._after.differing_from(self._before)
        if len(before):
            self._history.add(self._integration_id, Step(label, before, after))


class CardHistory:
    """The steps of each integration, the last one last."""

    def __init__(self, storage: Database, log: ChangeLog) -> None:
        self._storage, self._log = storage, log
        self._steps: dict[int, _Steps] = {}

    def record(self, integration_id: int) -> Recording:
        """A step that begins."""
        return Recording(self, integration_id)

    def add(self, integration_id: int, step: Step) -> None:
        """A step was taken: what had been undone cannot be repeated any more."""
        steps = self._steps.setdefault(integration_id, _Steps())
        steps.undone.clear()
        steps.done.append(step)
        while len(steps.done) > 1 and (len(steps.done) > MOST_STEPS or sum(len(one.before) for one in steps.done) > MOST_KEPT):
            del steps.done[0]

    def undo_label(self, integration_id: int) -> str | None:
        """What `undo` would take back."""
        steps = self._steps.get(integration_id)
        return steps.done[-1].label if steps is not None and steps.done else None

    def redo_label(self, integration_id: int) -> str | None:
        """What `redo` would do again."""
        steps = self._steps.get(integration_id)
        return steps.undone[-1].label if steps is not None and steps.undone else None

    def forget(self) -> None:
        """Nothing can be undone any more, in no integration."""
        self._steps.clear()

    async def undo(self, integration_id: int) -> StepTaken | None:
        """Takes the last step back in one transaction; None when there is none. What was changed since by others is left."""
        steps = self._steps.setdefault(integration_id, _Steps())
        return await self._take(integration_id, steps.done, steps.undone)

    async def redo(self, integration_id: int) -> StepTaken | None:
        """Takes the step undone last again, as `undo` does."""
        steps = self._steps.setdefault(integration_id, _Steps())
        return await self._take(integration_id, steps.undone, steps.done)

    async def _take(self, integration_id: int, taken_from: list[Step], put_on: list[Step]) -> StepTaken | None:
        if not taken_from:
            return None
        # Taken at once: a second press while this one is under way is about the step before it.
        step = taken_from.pop()

        def work(unit: UnitOfWork) -> tuple[CardState, CardState]:
            return put_back(unit, integration_id, step.before, step.after)

        try:
            back, left = await self._storage.run(work)
        except BaseException:
            taken_from.append(step)
            raise
        if len(back):
            put_on.append(Step(step.label, step.after.at(back.touched), back))
            rules = bool(back.rules or back.answers)
            self._log.note(integration_id, CardChange(back.products, rules))
            if back.sides:
                # Whose value wins is no matter of the table of cards alone: everything that compares with Ozon looks again.
                self._log.bump()
        return StepTaken(step.label, len(back), len(left))
