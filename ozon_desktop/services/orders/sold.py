"""Which pieces sold on Ozon, in whichever cabinet, are to be subtracted from the store's stocks, and which orders it has written off."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from ozon_desktop.domain.sold_pieces import SoldFrom, SoldPosting, StockCount, WriteOff, is_unwritten, summed
from ozon_desktop.services.orders.feeding import Feeding
from ozon_desktop.storage.plan_rows import ProductOutline
from ozon_desktop.storage.unit_of_work import UnitOfWork

Sold = Mapping[str, tuple[SoldFrom, ...]]
"""Pieces to subtract by the store's product id."""


def sold_pieces(unit: UnitOfWork, products: Iterable[ProductOutline], write_off: WriteOff) -> Sold:
    """Pieces of these products that the store still counts. All cabinets sell the same stock, each under its own articles."""
    if write_off is WriteOff.IGNORED:
        return {}
    postings = unit.orders.unwritten()
    if not postings:
        return {}
    finder = _ProductFinder(unit, products, postings)
    houses = Feeding(unit)
    counts = unit.store.stock_counts(finder.all)
    found: dict[str, list[SoldFrom]] = {}
    for sold in postings:
        stores = houses.stores_of(sold.integration_id, sold.posting)
        if stores is None:
            continue
        for line in sold.posting.products:
            for product_id in finder.products(sold.integration_id, line.offer_id):
                if is_unwritten(sold.of_line(line.offer_id), write_off, counts.get(product_id, ())):
                    found.setdefault(product_id, []).append((stores, line.quantity))
    return {product_id: summed(pieces) for product_id, pieces in found.items()}


def settle(unit: UnitOfWork, now: datetime) -> int:
    """After an import: orders that the store has surely written off are not looked at any more. Gives how many."""
    waiting = [sold for sold in unit.orders.unwritten() if sold.handed is not None and sold.shipped is not None]
    by_cabinet: dict[int, list[SoldPosting]] = {}
    for sold in waiting:
        by_cabinet.setdefault(sold.integration_id, []).append(sold)
    settled = 0
    for integration_id, sold_here in by_cabinet.items():
        ids = unit.orders.product_ids(integration_id, {line.offer_id for sold in sold_here for line in sold.posting.products})
        counts = unit.store.stock_counts(ids.values())
        numbers = [sold.posting.posting_number for sold in sold_here if _is_written(sold, ids, counts)]
        settled += unit.orders.mark_in_store(integration_id, numbers, now)
    return settled


def _is_written(sold: SoldPosting, ids: Mapping[str, str], counts: Mapping[str, Sequence[StockCount]]) -> bool:
    """Whether the store has written off all of its products that it has, whatever the store's habit."""
    products = {line.offer_id: ids[line.offer_id] for line in sold.posting.products if line.offer_id in ids}
    return bool(products) and not any(
        is_unwritten(sold.of_line(offer_id), WriteOff.AT_SHIPMENT, counts.get(id_, ())) for offer_id, id_ in products.items()
    )


class _ProductFinder:
    """The store's products behind the articles of postings: those the manager linked, else all that have the article."""

    def __init__(self, unit: UnitOfWork, products: Iterable[ProductOutline], postings: Collection[SoldPosting]) -> None:
        wanted = {line.offer_id for sold in postings for line in sold.posting.products}
        self._linked: dict[int, dict[str, list[str]]] = {}
        for integration_id in {sold.integration_id for sold in postings}:
            linked = self._linked[integration_id] = {}
            for product_id, offer_id in unit.sync.links(integration_id).items():
                if offer_id in wanted:
                    linked.setdefault(offer_id, []).append(product_id)
        self._by_article: dict[str, list[str]] = {}
        for product in products:
            if product.offer_id in wanted:
                self._by_article.setdefault(product.offer_id, []).append(product.id)

    @property
    def all(self) -> set[str]:
        """Every product that was perhaps sold."""
        linked = {id_ for links in self._linked.values() for ids in links.values() for id_ in ids}
        return linked.union(*self._by_article.values())

    def products(self, integration_id: int, offer_id: str) -> list[str]:
        return self._linked[integration_id].get(offer_id) or self._by_article.get(offer_id, [])
