"""The question about cards that were on Ozon before: how many there are, what each answer would lose, and what was answered."""

from dataclasses import dataclass, replace
from datetime import datetime

from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.existing_cards import NOT_ANSWERED, Content, ExistingAnswer
from ozon_desktop.services.shared import Clock, Revision
from ozon_desktop.services.sync.losses import losses_of
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ExistingCards:
    """The cards a cabinet had before the program, and the answers about them; None = not answered.

    losses: how many fields would lose something under each answer about the content, as of the last reading of the cards; uncounted: cards
    of which that cannot be said yet, for their products are not ready.
    """

    count: int
    answered_at: datetime | None
    content: Content | None
    prices: Side | None
    stocks: Side | None
    losses: dict[Content, int]
    uncounted: int = 0

    @property
    def to_be_asked(self) -> bool:
        """Whether cards wait for an answer."""
        return self.count > 0 and None in {self.content, self.prices, self.stocks}


class ExistingCardsService:
    """Asks and keeps the answers. Nothing is sent of such a card before; choices of fields and products go before these."""

    def __init__(self, storage: Database, clock: Clock, revision: Revision) -> None:
        self._storage = storage
        self._clock = clock
        self._revision = revision

    async def view(self, integration_id: int) -> ExistingCards:
        """What is to be shown beside the question; works offline."""
        return await self._storage.run(lambda unit: _view(unit, integration_id))

    async def answer(
        self, integration_id: int, *, content: Content | None = None, prices: Side | None = None, stocks: Side | None = None
    ) -> None:
        """Keeps the answers that are given; the others stay as they are. The same again changes nothing."""

        def work(unit: UnitOfWork) -> bool:
            before = unit.cabinet.existing_answer(integration_id)
            after = replace(before, content=content or before.content, prices=prices or before.prices, stocks=stocks or before.stocks)
            if after != before:
                unit.cabinet.answer_existing(integration_id, replace(after, answered_at=self._clock()))
            return after != before

        if await self._storage.run(work):
            self._revision.bump()

    async def take_back(self, integration_id: int) -> None:
        """Nothing counts as answered any more: what is not sent yet waits again."""
        await self._storage.run(lambda unit: unit.cabinet.answer_existing(integration_id, NOT_ANSWERED))
        self._revision.bump()


def _view(unit: UnitOfWork, integration_id: int) -> ExistingCards:
    answer: ExistingAnswer = unit.cabinet.existing_answer(integration_id)
    count = len(unit.cabinet.adopted_offers(integration_id))
    found = {content: losses_of(unit, integration_id, replace(answer, content=content)) if count else (0, 0) for content in Content}
    losses, uncounted = {content: lost for content, (lost, _) in found.items()}, max(unknown for _, unknown in found.values())
    return ExistingCards(count, answer.answered_at, answer.content, answer.prices, answer.stocks, losses, uncounted)
