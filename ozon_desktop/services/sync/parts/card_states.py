"""What Ozon says of cards while a run goes on: created or not, refused by moderation, in the archive."""

from collections.abc import Iterable, Sequence

from ozon_desktop.domain.cabinet import CARD_NOT_UPDATED, CREATED_STATUS, CabinetProduct, ItemError
from ozon_desktop.domain.sync_plan import Accepted, PlanItem
from ozon_desktop.services.sync.outcome import OutcomeState
from ozon_desktop.services.sync.parts.moderation import ModerationWatch
from ozon_desktop.services.sync.parts.record import Desk, problems_of


class CardStates:
    """declined: why moderation refused a card that is not created yet, by article."""

    def __init__(self, desk: Desk, moderation: ModerationWatch) -> None:
        self._desk = desk
        self._moderation = moderation
        self.declined: dict[str, tuple[ItemError, ...]] = {}

    async def ask(self, offers: Sequence[str], items: Sequence[PlanItem] = ()) -> None:
        """Asks Ozon and takes over what it says. OzonError, NetworkError. items: as of `remember`."""
        await self.remember(await self._desk.client.product_infos(offers), items)

    async def remember(self, infos: Iterable[CabinetProduct], items: Sequence[PlanItem] = ()) -> None:
        """Takes over states from the cabinet; a blocking error there turns a sent card of `items` into a failed one."""
        by_offer = {item.offer_id: item for item in items}
        learned: list[Accepted] = []
        infos = list(infos)
        self._moderation.note(infos)
        for info in infos:
            learned.append(self._learn(info))
            blocking = tuple(error for error in info.errors if error.blocking)
            if blocking and info.offer_id in by_offer:
                self._desk.record.note(by_offer[info.offer_id], OutcomeState.FAILED, blocking)
            self.declined.pop(info.offer_id, None)
            if info.declined and not info.created:
                self.declined[info.offer_id] = _refusal(info)
        await self._desk.ledger.keep(learned)

    async def learn_decisions(self) -> None:
        """What Ozon has decided since about cards that earlier runs sent; what it refused is not sent again unchanged."""
        ledger = self._desk.ledger
        infos = await self._moderation.ask()
        await self.remember(infos)
        decided: list[Accepted] = []
        for info in (info for info in infos if info.decided):
            known = ledger.get(info.offer_id)
            self._moderation.forget(info.offer_id)
            if info.failed and (known.refused is None or known.refused != known.payload):
                errors = _refusal(info)
                self._desk.record.notes += problems_of(info.offer_id, errors)
                if any(error.about_content for error in errors):
                    decided.append(ledger.learn(known, refused=known.payload))
                else:
                    # What it was refused for passes: Ozon does not hold it, so it is planned again.
                    decided.append(ledger.learn(known, payload=None))
            elif not info.failed and known.refused is not None and known.refused == known.payload:
                decided.append(ledger.learn(known, refused=None))
        if decided:
            await ledger.keep(decided)
        await self._moderation.save()

    async def save(self) -> None:
        """Keeps which cards the next run is to ask about."""
        await self._moderation.save()

    def is_created(self, item: PlanItem) -> bool:
        """Whether Ozon takes its price and its stock."""
        return self._desk.ledger.get(item.offer_id).status == CREATED_STATUS

    def _learn(self, info: CabinetProduct) -> Accepted:
        known = self._desk.ledger.get(info.offer_id)
        return self._desk.ledger.learn(
            known,
            product_id=info.product_id,
            status=info.plain_status,
            status_name=info.status_text,
            errors=info.errors,
            archived=info.archived,
            type_key=info.type_key or known.type_key,
        )


def _refusal(info: CabinetProduct) -> tuple[ItemError, ...]:
    """Why Ozon refused the newest values of a card."""
    blocking = tuple(error for error in info.errors if error.blocking)
    return blocking or (ItemError(CARD_NOT_UPDATED, info.status_text),)
