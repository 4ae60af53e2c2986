"""What the manager says of products and cards, the same or not: kept, taken back, and undone step by step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ozon_desktop.domain.adoption import Decision
from ozon_desktop.errors import NotFound, WrongInput
from ozon_desktop.storage.cabinet_cards import Decided
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class _Step:
    pairs: tuple[Decision, ...]
    before: Decided


class MatchDecisions:
    """Decisions of all integrations. The last step of each can be undone while the program runs."""

    def __init__(self, storage: Database) -> None:
        self._storage = storage
        self._last: dict[int, _Step] = {}

    def undoable(self, integration_id: int) -> int:
        """How many pairs the last step decided; 0 = nothing can be undone."""
        step = self._last.get(integration_id)
        return len(step.pairs) if step is not None else 0

    def forget_step(self, integration_id: int) -> None:
        """Nothing can be undone any more: the cards are others now."""
        self._last.pop(integration_id, None)

    async def decide(self, integration_id: int, decisions: Sequence[Decision]) -> None:
        """Keeps all of them or none. NotFound; WrongInput ("offer_id") for a pair of equal articles that is said not to be the same."""

        def decide(unit: UnitOfWork) -> None:
            for decision in decisions:
                _check(unit, integration_id, decision)
            for decision in decisions:
                unit.cabinet.decide(integration_id, decision)

        await self._step(integration_id, decisions, decide)

    async def take_back(self, integration_id: int, decisions: Sequence[Decision]) -> None:
        """Forgets these decisions: what was rejected is proposed, or matched, again."""

        def take_back(unit: UnitOfWork) -> None:
            for decision in decisions:
                unit.cabinet.take_back(integration_id, decision)

        await self._step(integration_id, decisions, take_back)

    async def _step(self, integration_id: int, decisions: Sequence[Decision], change: Callable[[UnitOfWork], None]) -> None:
        def work(unit: UnitOfWork) -> Decided:
            before = unit.cabinet.decided(integration_id, decisions)
            change(unit)
            return before

        before = await self._storage.run(work)
        self._last[integration_id] = _Step(tuple(decisions), before)

    async def undo(self, integration_id: int) -> int:
        """Puts back what was before the last step; gives how many pairs it had, 0 = there was none."""
        step = self._last.pop(integration_id, None)
        if step is None:
            return 0
        await self._storage.run(lambda unit: unit.cabinet.restore(integration_id, step.pairs, step.before))
        return len(step.pairs)


def _check(unit: UnitOfWork, integration_id: int, decision: Decision) -> None:
    if not any(unit.cabinet.cards(integration_id, [decision.offer_id])):
        raise NotFound(decision.offer_id)
    product = unit.store.product(decision.product_id)
    if product is None or product.deleted:
        raise NotFound(decision.product_id)
    if not decision.same and product.offer_id.strip() == decision.offer_id.strip():
        raise WrongInput("offer_id", detail=decision.offer_id)
