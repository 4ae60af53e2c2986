"""Whose each card of the cabinet is, as the manager reads it: the cabinet beside the store, group by group."""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from ozon_desktop.domain.adoption import AdoptedCard, Adoption, CardOutline, CardState, Decision, MatchedBy, match
from ozon_desktop.domain.store_catalog import Product
from ozon_desktop.storage.cabinet_cards import CabinetLoad
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.sql import batches
from ozon_desktop.storage.unit_of_work import UnitOfWork

AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class StoreProduct:
    """A product of the store as the report names it."""

    product_id: str
    offer_id: str
    name: str


@dataclass(frozen=True, slots=True)
class ReportedCard:
    """A card of the cabinet. product and by: what it was matched to; candidates: (product, likeness in per cent), the closest first."""

    offer_id: str
    ozon_id: int
    name: str
    archived: bool
    product: StoreProduct | None = None
    by: MatchedBy | None = None
    candidates: tuple[tuple[StoreProduct, float], ...] = ()


@dataclass(frozen=True, slots=True)
class AdoptionReport:
    """The cabinet beside the store, each group to be listed.

    doubtful: proposed by name; several: a barcode or an article of two cards or two products; gone: cached, but not in the cabinet
    any more; rejected: pairs the manager said are not the same. loaded_at None = never read; complete: the last reading was not
    stopped; undoable: how many decisions of the last step can be taken back together.
    """

    matched: tuple[ReportedCard, ...] = ()
    only_ozon: tuple[ReportedCard, ...] = ()
    only_store: tuple[StoreProduct, ...] = ()
    doubtful: tuple[ReportedCard, ...] = ()
    several: tuple[ReportedCard, ...] = ()
    gone: tuple[ReportedCard, ...] = ()
    rejected: tuple[ReportedCard, ...] = ()
    loaded_at: datetime | None = None
    complete: bool = False
    undoable: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What the report is made of. links: offer_id by product id."""

    outlines: list[CardOutline]
    products: list[Product]
    links: dict[str, str]
    decisions: list[Decision]
    load: CabinetLoad | None

    @property
    def complete(self) -> bool:
        """Whether the last reading came to its end."""
        return self.load is not None and self.load.finished_at is not None


def read_known(unit: UnitOfWork, integration_id: int) -> Known:
    structure_id = unit.integrations.get(integration_id).settings.catalog_structure_id
    return Known(
        unit.cabinet.outlines(integration_id),
        unit.store.products(structure_id),
        unit.sync.links(integration_id),
        unit.cabinet.decisions(integration_id),
        unit.cabinet.last_load(integration_id),
    )


def matched(facts: Known) -> Adoption:
    """Which card is which product; takes seconds of a large cabinet."""
    return match(facts.outlines, facts.products, facts.links, facts.decisions)


async def link_new_products(storage: Database, integration_id: int, product_ids: Collection[str]) -> bool:
    """Links those of these products that a card of the cabinet is by its barcode; whether there are any.

    For products that came into the store after the last reading of the cabinet: they would be created a second time.
    """
    if not await storage.run(lambda unit: _could_be_there(unit, integration_id, product_ids)):
        return False
    facts = await storage.run(lambda unit: read_known(unit, integration_id))
    adoption = await asyncio.to_thread(match, facts.outlines, facts.products, facts.links, facts.decisions, with_names=False)
    links = missing_links(facts, adoption)
    await storage.run(lambda unit: save_links(unit, integration_id, links))
    return bool(links)


def _could_be_there(unit: UnitOfWork, integration_id: int, product_ids: Collection[str]) -> bool:
    load = unit.cabinet.last_load(integration_id)
    if load is None or load.finished_at is None or not product_ids:
        return False
    codes = {code for card in unit.cabinet.outlines(integration_id) if not card.gone for code in card.barcodes}
    if not codes:
        return False
    return any(
        code in codes for ids in batches(product_ids, AT_ONCE) for product in unit.store.products_of(ids) for code in product.barcodes
    )


def save_links(unit: UnitOfWork, integration_id: int, links: Iterable[tuple[str, str]]) -> None:
    """Makes each card the product's: it is updated under its own article. links: (product id, article on Ozon)."""
    for product_id, offer_id in links:
        unit.sync.save_link(integration_id, product_id, offer_id)


def report_of(facts: Known, adoption: Adoption, undoable: int = 0) -> AdoptionReport:
    """The groups, with the names of products."""
    products = {product.id: StoreProduct(product.id, product.offer_id, product.name) for product in facts.products}

    def reported(adopted: AdoptedCard) -> ReportedCard:
        card = adopted.card
        candidates = tuple((products[candidate.product_id], candidate.score) for candidate in adopted.candidates)
        product = products[adopted.product_id] if adopted.product_id is not None else None
        return ReportedCard(card.offer_id, card.product_id, card.name, card.archived, product, adopted.by, candidates)

    cards = {card.offer_id: card for card in facts.outlines if not card.gone}
    rejected = [
        AdoptedCard(cards[one.offer_id], CardState.ONLY_OZON, one.product_id)
        for one in facts.decisions
        if not one.same and one.offer_id in cards and one.product_id in products
    ]
    groups = {state: tuple(reported(adopted) for adopted in adoption.of(state)) for state in CardState}
    return AdoptionReport(
        groups[CardState.MATCHED],
        groups[CardState.ONLY_OZON],
        tuple(products[product_id] for product_id in adoption.only_store),
        groups[CardState.DOUBTFUL],
        groups[CardState.SEVERAL],
        tuple(reported(AdoptedCard(card, CardState.ONLY_OZON)) for card in facts.outlines if card.gone),
        tuple(map(reported, rejected)),
        facts.load.started_at if facts.load is not None else None,
        facts.complete,
        undoable,
    )


def missing_links(facts: Known, adoption: Adoption) -> list[tuple[str, str]]:
    """(product id, article on Ozon) of matches by barcode that are not linked yet: without a link the product would be created anew."""
    return [
        (adopted.product_id, adopted.card.offer_id)
        for adopted in adoption.of(CardState.MATCHED)
        if adopted.by is MatchedBy.BARCODE
        and adopted.product_id is not None
        and facts.links.get(adopted.product_id) != adopted.card.offer_id
    ]
