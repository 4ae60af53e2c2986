"""What the cards without a product would be as products of the store, and what stands in the way of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from ozon_desktop.domain.adoption import CachedCard
from ozon_desktop.domain.integration import Integration
from ozon_desktop.domain.new_products import (
    LONGEST_DESCRIPTION,
    InStore,
    LeftOut,
    NewProduct,
    Note,
    NotMade,
    Twice,
    creation_id,
    folder_of,
    only_category,
    unfit,
)
from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.domain.setup_guide import Missing
from ozon_desktop.domain.store_catalog import category_paths, without_home
from ozon_desktop.errors import NotPossibleYet
from ozon_desktop.services.cabinet.card_export import CardExport
from ozon_desktop.services.cabinet.report import AdoptionReport, ReportedCard
from ozon_desktop.storage.new_products import KeptProduct
from ozon_desktop.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Collected:
    products: tuple[NewProduct, ...]
    left_out: tuple[LeftOut, ...]


def collect(unit: UnitOfWork, integration_id: int, report: AdoptionReport, full_at: datetime | None) -> Collected:
    """Every card of the cabinet that no product is matched to, as one of both. full_at: when the store was last read whole.

    NotPossibleYet before the cabinet's cards were read whole, or without a Client ID.
    """
    if not report.complete:
        raise NotPossibleYet("store_create", missing=(Missing.CABINET_CARDS.value,))
    integration = unit.integrations.get(integration_id)
    if integration.settings.client_id is None:
        raise NotPossibleYet("store_create", missing=(Missing.CREDENTIALS.value,))
    return _Collector(unit, integration, full_at).collect(report)


class _Collector:
    def __init__(self, unit: UnitOfWork, integration: Integration, full_at: datetime | None) -> None:
        self._unit = unit
        self._settings = integration.settings
        self._id = integration.id
        self._full_at = full_at
        self._tree: OzonTree = unit.ozon.tree()
        self._export = CardExport(self._tree, lambda key: {item.id: item.name for item in unit.ozon.attributes(key)})
        products = [*unit.store.products(None), *unit.store.deleted_products()]
        self._store = InStore(products, ((one.id, one.article) for one in unit.articles.named()))
        self._known = {product.id for product in products}
        self._categories = category_paths(tuple(unit.store.categories(self._settings.catalog_structure_id)))
        self._mapped: Mapping[str, TypeKey] = unit.mappings.own(integration.id)
        self._price_types = {price_type.id for price_type in unit.store.price_types()}
        self._asked: Mapping[str, KeptProduct] = unit.new_products.of(integration.id)
        self._twice = Twice()

    def collect(self, report: AdoptionReport) -> Collected:
        unsure = list(_unsure(report))
        left_out = {one.offer_id: one for one in unsure}
        wanted = {card.offer_id: card for card in report.only_ozon}
        products: list[NewProduct] = []
        for card in self._unit.cabinet.cards(self._id, list(wanted)):
            if card.gone:
                continue
            reason = self._reason(card)
            if reason is not None:
                left_out[card.offer_id] = LeftOut(card.offer_id, card.name, *reason)
            else:
                products.append(self._product(card))
        return Collected(
            tuple(sorted(products, key=lambda one: one.offer_id)), tuple(sorted(left_out.values(), key=lambda one: one.offer_id))
        )

    def _reason(self, card: CachedCard) -> tuple[NotMade, str] | None:
        if card.archived:
            return NotMade.ARCHIVED, ""
        if self._is_made(card.offer_id):
            return NotMade.MADE, ""
        if (fault := unfit(card)) is not None:
            return fault, ""
        if (taken := self._store.taken(card)) is not None:
            return taken.reason, taken.name
        other = self._twice.other(card)
        return None if other is None else (NotMade.TWICE, other)

    def _is_made(self, offer_id: str) -> bool:
        """Whether it only waits for a pull: what a later look at the whole store did not find was deleted there."""
        kept = self._asked.get(offer_id)
        if kept is None or kept.store_id is None or kept.made_at is None or kept.store_id in self._known:
            return False
        return self._full_at is None or self._full_at <= kept.made_at

    def _product(self, card: CachedCard) -> NewProduct:
        exported = self._export.product(card)
        given, notes = exported.product, list[Note]()
        price_type = self._settings.price_type_id
        if exported.price is None:
            notes.append(Note.NO_PRICE)
        elif price_type is None or price_type not in self._price_types:
            notes.append(Note.NO_PRICE_TYPE)
            price_type = None
        path = self._tree.type_path(card.type_key) if card.type_key is not None else ()
        if not path:
            notes.append(Note.NO_TYPE)
        long = len(given.description) > LONGEST_DESCRIPTION
        if long:
            # A part of it would one day be taken for all of it.
            notes.append(Note.LONG_DESCRIPTION)
        kept = self._asked.get(card.offer_id)
        if kept is not None and kept.is_open:
            notes.append(Note.ASKED)
        key = card.type_key
        folder_id = None if key is None else only_category(self._mapped, self._is_category, key)
        client_id = self._settings.client_id
        assert client_id is not None, "asked before"
        return NewProduct(
            creation_id=creation_id(client_id, card.offer_id),
            offer_id=card.offer_id,
            name=given.name,
            folder=folder_of(path) if folder_id is None else self._categories[folder_id],
            folder_id=folder_id,
            description="" if long else given.description,
            barcodes=given.barcodes,
            price=None if exported.price is None or price_type is None else exported.price.value,
            currency=card.currency or "RUB",
            price_type_id=None if exported.price is None else price_type,
            vat=given.vat,
            weight=card.dimensions.weight,
            properties=given.properties,
            notes=tuple(notes),
        )

    def _is_category(self, category_id: str) -> bool:
        return category_id in self._categories and bool(without_home((category_id,)))


def _unsure(report: AdoptionReport) -> Iterator[LeftOut]:
    """Cards of which it is not known whether a product is theirs."""
    for cards, reason in ((report.several, NotMade.BARCODE), (report.doubtful, NotMade.SIMILAR)):
        for card in cards:
            yield LeftOut(card.offer_id, card.name, _archived(card, reason), _candidates(card))


def _archived(card: ReportedCard, reason: NotMade) -> NotMade:
    return NotMade.ARCHIVED if card.archived else reason


def _candidates(card: ReportedCard) -> str:
    return "; ".join(f"{product.name} ({product.offer_id})" for product, _ in card.candidates)
