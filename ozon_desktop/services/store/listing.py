"""The store as it is now: what is sold and what is gone, with prices and stocks, for people and for other programs."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from ozon_desktop.domain.store_catalog import Price, Product, category_paths, without_home
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

PATH_SIGN = " / "


@dataclass(frozen=True, slots=True)
class ListedPrice:
    value: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class ListedProduct:
    """One product or variant, complete. categories: paths from the top; prices by price type id, stocks by warehouse id, as texts."""

    id: str
    parent_id: str | None
    offer_id: str
    name: str
    description: str
    vendor: str
    vat: str | None
    barcodes: tuple[str, ...]
    categories: tuple[str, ...]
    pictures: tuple[str, ...]
    properties: dict[str, str]
    prices: dict[str, ListedPrice]
    stocks: dict[str, str]
    deleted: bool


class StoreListing:
    def __init__(self, storage: Database) -> None:
        self._storage = storage

    async def products(self, articles: Collection[str] = ()) -> list[ListedProduct]:
        """All products as they are sold, then those that are gone, each by name. articles: only those sold by one of these."""
        return await self._storage.run(lambda unit: _listed(unit, frozenset(articles)))


def _listed(unit: UnitOfWork, articles: frozenset[str]) -> list[ListedProduct]:
    store = unit.store
    paths = category_paths(tuple(store.categories(None)))
    prices: dict[str, dict[str, ListedPrice]] = {}
    for price_type in store.price_types():
        for product_id, price in store.prices(price_type.id).items():
            prices.setdefault(product_id, {})[price_type.id] = _price(price)
    stocks = {product_id: {stock.warehouse_id: _plain(stock.quantity) for stock in held} for product_id, held in store.stocks().items()}
    known = [*store.products(None), *store.deleted_products()]
    return [
        _product(product, paths, prices.get(product.id) or {}, stocks.get(product.id) or {})
        for product in known
        if not articles or product.offer_id in articles
    ]


def _product(product: Product, paths: dict[str, tuple[str, ...]], prices: dict[str, ListedPrice], stocks: dict[str, str]) -> ListedProduct:
    return ListedProduct(
        product.id,
        product.parent_id,
        product.offer_id,
        product.name,
        product.description,
        product.vendor,
        product.vat,
        product.barcodes,
        tuple(PATH_SIGN.join(paths[category]) for category in without_home(product.category_ids) if category in paths),
        product.pictures,
        dict(product.properties),
        prices,
        stocks,
        product.deleted,
    )


def _price(price: Price) -> ListedPrice:
    return ListedPrice(price.value, price.currency)


def _plain(quantity: Decimal) -> str:
    """«7», not «7.000»."""
    text = format(quantity, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
