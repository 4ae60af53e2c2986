"""The cabinet's own cards: the cache of them, the manager's word on matches, and whose values win where they differ."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, delete, select, type_coerce, update

from ozon_desktop.domain.adoption import CachedCard, CardOutline, Decision
from ozon_desktop.domain.card_differences import Side, SideChoice
from ozon_desktop.domain.card_merging import with_sent
from ozon_desktop.domain.existing_cards import NOT_ANSWERED, Content, ExistingAnswer
from ozon_desktop.domain.sync_plan import Accepted
from ozon_desktop.storage.cabinet_tables import cabinet_cards, cabinet_loads, card_decisions, card_sides, existing_card_answers
from ozon_desktop.storage.sql import batches, of_integration, prepared, upsert
from ozon_desktop.storage.tables import accepted_offers, product_links

NEVER_SENT: dict[str, Any] = {"payload": None, "refused": None}
"""Without these a card counts as never sent, so the next synchronization sends it."""


@dataclass(frozen=True, slots=True)
class CabinetLoad:
    """The last reading of the cabinet. finished_at None = it is under way or was stopped."""

    number: int
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of some products and cards, and their links (offer_id by product id), so that it can be restored."""

    decisions: tuple[Decision, ...]
    links: tuple[tuple[str, str], ...]


class CabinetCardRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- reading the cabinet ----------------------------------------------------------------------------------------

    def last_load(self, integration_id: int) -> CabinetLoad | None:
        """The last reading; None = there was none."""
        row = of_integration(self._connection, cabinet_loads, integration_id).one_or_none()
        return None if row is None else CabinetLoad(row.number, row.started_at, row.finished_at)

    def start_load(self, integration_id: int, at: datetime) -> int:
        """Begins a reading and gives its number."""
        last = self.last_load(integration_id)
        number = 1 if last is None else last.number + 1
        row = {"integration_id": integration_id, "number": number, "started_at": at, "finished_at": None}
        upsert(self._connection, cabinet_loads, [row])
        return number

    def finish_load(self, integration_id: int, number: int, at: datetime) -> list[str]:
        """Ends a complete reading: cards it did not find are gone; gives the articles of those that were not gone before.

        What Ozon accepted of them is forgotten, and links to them are removed: such a product would be created anew.
        """
        cards = cabinet_cards.c
        unseen = (cards.integration_id == integration_id, cards.seen < number)
        gone = list(self._connection.execute(select(cards.offer_id).where(*unseen, ~cards.gone).order_by(cards.offer_id)).scalars())
        self._connection.execute(update(cabinet_cards).where(*unseen).values(gone=True))
        known = select(cards.offer_id).where(cards.integration_id == integration_id, ~cards.gone)
        links = product_links.c
        self._connection.execute(delete(product_links).where(links.integration_id == integration_id, links.offer_id.not_in(known)))
        alive = set(self._connection.execute(known).scalars())
        for batch in batches(offer_id for offer_id in gone if offer_id not in alive):
            self._forget(integration_id, batch, **NEVER_SENT, product_id=0, price=None, stocks=(), archived=False, adopted=True)
        this = cabinet_loads.c.integration_id == integration_id
        self._connection.execute(update(cabinet_loads).where(this).values(finished_at=at))
        return gone

    def keep_seen(self, integration_id: int, offer_ids: Collection[str], number: int) -> None:
        """These cards, as they are cached, count as found by the reading `number`."""
        cards = cabinet_cards.c
        for batch in batches(offer_ids):
            named = (cards.integration_id == integration_id, cards.offer_id.in_(batch))
            self._connection.execute(update(cabinet_cards).where(*named).values(seen=number))

    def save(self, integration_id: int, cards: Sequence[CachedCard], number: int, at: datetime) -> None:
        """Replaces these cards, as of the reading `number`, and takes over their state for the synchronization."""
        for batch in batches(cards):
            upsert(self._connection, cabinet_cards, [_card_row(integration_id, card, number, at) for card in batch])
            own = self._own(integration_id, [card.offer_id for card in batch])
            rows = [
                {**_accepted_row(integration_id, card, at), "adopted": own.get(card.offer_id) not in {0, card.product_id}} for card in batch
            ]
            upsert(self._connection, accepted_offers, rows, keep=("payload", "stocks", "refused"))

    def _own(self, integration_id: int, offer_ids: list[str]) -> dict[str, int]:
        """Ozon's product ids of the cards among these that the program created; 0 = it asked for one, and the answer was lost."""
        return {row.offer_id: row.product_id for row in _created_here(self._connection, integration_id, offer_ids)}

    def created_here(self, integration_id: int, offer_ids: Collection[str]) -> set[str]:
        """Articles among these whose card, if there is one, the program created."""
        return {offer_id for batch in batches(offer_ids) for offer_id in self._own(integration_id, batch)}

    def note_sent(self, integration_id: int, accepted: Iterable[Accepted], *, cards: bool) -> None:
        """What Ozon answered of cards it had before: the cache shows it without being read again. The others are left out.

        cards: whole ones were sent, not just prices.
        """
        by_offer = {known.offer_id: known for known in accepted if known.adopted}
        for card in list(self.cards(integration_id, by_offer)):
            known = by_offer[card.offer_id]
            if card.gone or card.product_id != known.product_id:
                continue
            taken = known.payload if cards and known.refused is None else None
            now = card if taken is None else with_sent(card, taken, known.old_price)
            # Nothing in place of an amount is news as well: it was taken away. Only what was never sent is left as it was read.
            old_price = now.old_price if known.old_price is None else known.old_price or None
            min_price = now.min_price if known.min_price is None else known.min_price or None
            now = replace(now, price=known.price or now.price, old_price=old_price, min_price=min_price, loaded_at=None)
            table = cabinet_cards.c
            this = (table.integration_id == integration_id, table.product_id == card.product_id)
            self._connection.execute(update(cabinet_cards).where(*this).values(card=now, name=now.name, barcodes=now.barcodes))

    # --- the answer about existing cards ----------------------------------------------------------------------------

    def existing_answer(self, integration_id: int) -> ExistingAnswer:
        """What was answered for the cabinet as a whole."""
        row = of_integration(self._connection, existing_card_answers, integration_id).one_or_none()
        if row is None:
            return NOT_ANSWERED
        content = None if row.content is None else Content(row.content)
        prices, stocks = (None if side is None else Side(side) for side in (row.prices, row.stocks))
        return ExistingAnswer(content, prices, stocks, row.answered_at)

    def answer_existing(self, integration_id: int, answer: ExistingAnswer) -> None:
        """Replaces the answer."""
        values = {"content": answer.content, "prices": answer.prices, "stocks": answer.stocks, "answered_at": answer.answered_at}
        upsert(self._connection, existing_card_answers, [{"integration_id": integration_id, **values}])

    def adopted_offers(self, integration_id: int) -> list[str]:
        """Articles of the cards that were on Ozon before and are there still."""
        table = accepted_offers.c
        these = (table.integration_id == integration_id, table.adopted, table.product_id != 0)
        return list(self._connection.execute(select(table.offer_id).where(*these).order_by(table.offer_id)).scalars())

    # --- the cache --------------------------------------------------------------------------------------------------

    def outlines(self, integration_id: int) -> list[CardOutline]:
        """Every cached card as matching needs it, by article."""
        cards = cabinet_cards.c
        columns = select(cards.product_id, cards.offer_id, cards.name, cards.barcodes, cards.archived, cards.gone)
        query = columns.where(cards.integration_id == integration_id).order_by(cards.offer_id, cards.product_id)
        return [
            CardOutline(row.product_id, row.offer_id, row.name, row.barcodes, row.archived, row.gone)
            for row in self._connection.execute(query)
        ]

    def cards(self, integration_id: int, offer_ids: Collection[str] | None = None) -> Iterator[CachedCard]:
        """Whole cards, some at a time so that the memory stays small. offer_ids None = all, by Ozon's product id."""
        if offer_ids is None:
            yield from self._all(integration_id)
            return
        for batch in batches(offer_ids):
            for row in _with_offers(self._connection, integration_id, batch).all():
                yield _card(row)

    def _all(self, integration_id: int) -> Iterator[CachedCard]:
        last = 0
        while True:
            rows = _after(self._connection, integration_id, last).all()
            if not rows:
                return
            for row in rows:
                yield _card(row)
            last = rows[-1].product_id

    # --- the manager's word -----------------------------------------------------------------------------------------

    def decisions(self, integration_id: int) -> list[Decision]:
        rows = of_integration(self._connection, card_decisions, integration_id, "product_id", "offer_id")
        return [Decision(row.product_id, row.offer_id, row.same) for row in rows]

    def decide(self, integration_id: int, decision: Decision) -> None:
        """Keeps a decision; a product is one card and a card one product, so a confirmed pair takes the place of earlier ones."""
        table, links = card_decisions.c, product_links.c
        pair = {"integration_id": integration_id, "product_id": decision.product_id, "offer_id": decision.offer_id}
        of_product, of_card = links.product_id == decision.product_id, links.offer_id == decision.offer_id
        this = links.integration_id == integration_id
        if decision.same:
            either = (table.product_id == decision.product_id) | (table.offer_id == decision.offer_id)
            self._connection.execute(delete(card_decisions).where(table.integration_id == integration_id, either, table.same))
            self._connection.execute(delete(product_links).where(this, of_product | of_card))
            upsert(self._connection, product_links, [pair])
        else:
            self._connection.execute(delete(product_links).where(this, of_product & of_card))
        upsert(self._connection, card_decisions, [{**pair, "same": decision.same}])

    def take_back(self, integration_id: int, decision: Decision) -> None:
        """Forgets what was said of a pair; nothing happens when it is not what is kept."""
        table, links = card_decisions.c, product_links.c
        this = (table.integration_id == integration_id, table.same == decision.same)
        pair = (table.product_id == decision.product_id, table.offer_id == decision.offer_id)
        done = self._connection.execute(delete(card_decisions).where(*this, *pair))
        if done.rowcount and decision.same:
            linked = (links.product_id == decision.product_id, links.offer_id == decision.offer_id)
            self._connection.execute(delete(product_links).where(links.integration_id == integration_id, *linked))

    def decided(self, integration_id: int, pairs: Sequence[Decision]) -> Decided:
        """All that is kept of the products and the cards in these pairs."""
        products, offers = {pair.product_id for pair in pairs}, {pair.offer_id for pair in pairs}
        decisions = [one for one in self.decisions(integration_id) if one.product_id in products or one.offer_id in offers]
        links = product_links.c
        rows = self._connection.execute(select(links.product_id, links.offer_id).where(links.integration_id == integration_id))
        return Decided(
            tuple(decisions), tuple((row.product_id, row.offer_id) for row in rows if row.product_id in products or row.offer_id in offers)
        )

    def restore(self, integration_id: int, pairs: Sequence[Decision], before: Decided) -> None:
        """Puts back what was kept of the products and the cards in these pairs."""
        table, links = card_decisions.c, product_links.c
        now = self.decided(integration_id, pairs)
        for one in now.decisions:
            pair = (table.product_id == one.product_id, table.offer_id == one.offer_id)
            self._connection.execute(delete(card_decisions).where(table.integration_id == integration_id, *pair))
        for product_id, _ in now.links:
            self._connection.execute(delete(product_links).where(links.integration_id == integration_id, links.product_id == product_id))
        this = {"integration_id": integration_id}
        upsert(
            self._connection,
            card_decisions,
            [{**this, "product_id": one.product_id, "offer_id": one.offer_id, "same": one.same} for one in before.decisions],
        )
        upsert(self._connection, product_links, [{**this, "product_id": product, "offer_id": offer} for product, offer in before.links])

    def sides(self, integration_id: int) -> list[SideChoice]:
        """Whose values win, as chosen: rules, whole products, single fields."""
        rows = of_integration(self._connection, card_sides, integration_id, "product_id", "field")
        return [SideChoice(row.product_id, row.field, Side(row.side)) for row in rows]

    def choose_sides(self, integration_id: int, choices: Sequence[SideChoice]) -> None:
        for batch in batches(choices):
            rows = [
                {"integration_id": integration_id, "product_id": choice.product_id, "field": choice.field, "side": choice.side}
                for choice in batch
            ]
            upsert(self._connection, card_sides, rows)

    def forget_sides(self, integration_id: int, product_id: str, field: str) -> None:
        """Takes a choice back; none is no error."""
        table = card_sides.c
        same = (table.integration_id == integration_id, table.product_id == product_id, table.field == field)
        self._connection.execute(delete(card_sides).where(*same))

    def forget_sent(self, integration_id: int, offer_ids: Collection[str]) -> None:
        """Makes the next synchronization send these cards."""
        for batch in batches(offer_ids):
            self._forget(integration_id, batch, **NEVER_SENT)

    def forget_stocks(self, integration_id: int, offer_ids: Collection[str]) -> None:
        """Makes the next synchronization send the stocks of these cards."""
        for batch in batches(offer_ids):
            self._forget(integration_id, batch, stocks=())

    def _forget(self, integration_id: int, offer_ids: list[str], **values: Any) -> None:
        table = accepted_offers.c
        these = (table.integration_id == integration_id, table.offer_id.in_(offer_ids))
        self._connection.execute(update(accepted_offers).where(*these).values(**values))


@prepared
def _created_here(integration_id: int, offer_ids: list[str]) -> Select[Any]:
    table = accepted_offers.c
    asked = (table.product_id != 0) | (type_coerce(table.refused, Text).is_(None) & type_coerce(table.payload, Text).is_(None))
    these = (table.integration_id == integration_id, table.offer_id.in_(offer_ids), ~table.adopted, asked)
    return select(table.offer_id, table.product_id).where(*these)


@prepared
def _with_offers(integration_id: int, offer_ids: list[str]) -> Select[Any]:
    cards = cabinet_cards.c
    query = select(cabinet_cards).where(cards.integration_id == integration_id, cards.offer_id.in_(offer_ids))
    return query.order_by(cards.product_id)


@prepared
def _after(integration_id: int, product_id: int) -> Select[Any]:
    """The next cards behind this one, by Ozon's number."""
    cards = cabinet_cards.c
    query = select(cabinet_cards).where(cards.integration_id == integration_id, cards.product_id > product_id)
    return query.order_by(cards.product_id).limit(500)


def _card_row(integration_id: int, card: CachedCard, number: int, at: datetime) -> dict[str, Any]:
    return {
        "integration_id": integration_id,
        "product_id": card.product_id,
        "offer_id": card.offer_id,
        "name": card.name,
        "barcodes": card.barcodes,
        "archived": card.archived,
        "gone": False,
        "seen": number,
        "loaded_at": at,
        "card": card,
    }


def _accepted_row(integration_id: int, card: CachedCard, at: datetime) -> dict[str, Any]:
    return {
        "integration_id": integration_id,
        "offer_id": card.offer_id,
        "product_id": card.product_id,
        "payload": None,
        "price": card.price,
        "stocks": (),
        "status": card.status,
        "status_name": card.status_name,
        "errors": card.errors,
        "refused": None,
        "updated_at": at,
        "archived": card.archived,
        "type_key": card.type_key,
    }


def _card(row: Row[Any]) -> CachedCard:
    card: CachedCard = row.card
    return replace(card, gone=row.gone, loaded_at=row.loaded_at)
