"""Rules for prices and stocks of an integration, and a look at the stocks Ozon shows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ozon_desktop.domain.adoption import CabinetStock
from ozon_desktop.domain.cabinet import OzonWarehouse, WarehouseStock
from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.price_rules import GuardLimits, PriceRule, PriceRules, RuleFault, rule_fault
from ozon_desktop.domain.pricing import iso_currency, money
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.stock_rules import Spread, StockRules, WarehouseRule
from ozon_desktop.domain.store_catalog import PriceType, StoreCategory, StoreWarehouse
from ozon_desktop.domain.sync_plan import UNSURE_STOCK, Accepted
from ozon_desktop.errors import NotFound, WrongInput
from ozon_desktop.services.shared import Clients, Revision
from ozon_desktop.services.sync.parts.ozon_now import A_REQUEST, OURS
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.sync_rules import rule_fault_text

MOST_PERCENT, MOST_PRODUCTS = 1_000, 1_000_000
"""Beyond these a limit of the guard is a mistake in typing."""


@dataclass(frozen=True, slots=True)
class NamedProduct:
    """A product of the store by its id, article and name."""

    id: str
    offer_id: str
    name: str


@dataclass(frozen=True, slots=True)
class PriceExample:
    """A product to show rules on: its selling price and all its prices in the same currency (ISO code), by price type id."""

    product: NamedProduct
    price: Decimal
    of_types: dict[str, Decimal]
    currency: str


@dataclass(frozen=True, slots=True)
class SyncRules:
    """The rules with what they can name. stocks None = never set: warehouses meet by name, all of the stock is offered.

    products: those the exceptions name, as far as the store knows them.
    """

    prices: PriceRules
    stocks: StockRules | None
    scheme: Scheme | None
    price_types: tuple[PriceType, ...]
    store_warehouses: tuple[StoreWarehouse, ...]
    ozon_warehouses: tuple[OzonWarehouse, ...]
    categories: tuple[StoreCategory, ...]
    products: tuple[NamedProduct, ...] = ()


@dataclass(frozen=True, slots=True)
class StockSeen:
    """The stock of one product as Ozon shows it beside what was sent. sent None = none was.

    warehouse_id: the seller's warehouse on Ozon, with its name; 0 = pieces over all warehouses of the scheme, as Ozon counts its own.
    """

    offer_id: str
    scheme: str
    sent: int | None
    free: int
    reserved: int
    warehouse_id: int = 0
    warehouse: str = ""

    @property
    def matches(self) -> bool:
        """Ozon shows what was sent, or less by no more than buyers have reserved since."""
        return self.sent is None or self.free == self.sent or self.free < self.sent <= self.free + self.reserved


@dataclass(frozen=True, slots=True)
class StockCheck:
    """The stocks Ozon shows. checked: products whose sent stock was compared."""

    checked: int
    seen: tuple[StockSeen, ...]

    @property
    def different(self) -> tuple[StockSeen, ...]:
        """Those where Ozon does not show what was sent."""
        return tuple(seen for seen in self.seen if not seen.matches)


class SyncRulesService:
    """Rules for prices and stocks."""

    def __init__(self, storage: Database, clients: Clients, revision: Revision) -> None:
        self._storage = storage
        self._clients = clients
        self._revision = revision

    async def view(self, integration_id: int) -> SyncRules:
        """The rules of an integration. NotFound."""

        def work(unit: UnitOfWork) -> SyncRules:
            settings = unit.integrations.get(integration_id).settings
            stocks = unit.sync_rules.stocks(integration_id)
            named = [item.product_id for item in stocks.exceptions if item.product_id] if stocks is not None else []
            return SyncRules(
                unit.sync_rules.prices(integration_id),
                stocks,
                settings.scheme,
                tuple(unit.store.price_types()),
                tuple(unit.store.warehouses()),
                tuple(unit.ozon.warehouses(integration_id)),
                tuple(unit.store.categories(settings.catalog_structure_id)),
                tuple(NamedProduct(found.id, found.offer_id, found.name) for found in unit.store.products_of(named)),
            )

        return await self._storage.run(work)

    async def save(self, integration_id: int, prices: PriceRules, stocks: StockRules | None) -> None:
        """Replaces the rules. WrongInput for those that can never work."""

        def work(unit: UnitOfWork) -> None:
            _check_prices(prices, {price_type.id for price_type in unit.store.price_types()})
            if stocks is not None:
                _check_stocks(stocks, {warehouse.id for warehouse in unit.store.warehouses()})
            unit.sync_rules.save(integration_id, prices, stocks)

        await self._storage.run(work)
        self._revision.bump()

    async def product(self, integration_id: int, article: str) -> NamedProduct:
        """The store product with this article. NotFound."""
        return await self._storage.run(lambda unit: _product(unit, integration_id, article))

    async def example(self, integration_id: int, article: str = "") -> PriceExample | None:
        """A product with its prices: the one with the article, "" = any that has a selling price. NotFound; None = it has no price."""
        return await self._storage.run(lambda unit: _example(unit, integration_id, article))

    async def verify(self, integration_id: int, progress: Progress) -> StockCheck:
        """Asks Ozon what stock it shows of every product it has: on the seller's warehouses each compared with what was sent there,
        those of FBO only listed. OzonError, NetworkError.

        Ozon may need some minutes to show what it accepted.
        """
        accepted = await self._storage.run(lambda unit: unit.sync.accepted(integration_id))
        own = await self._storage.run(lambda unit: unit.ozon.warehouses(integration_id))
        names = {house.id: house.name for house in own}
        scheme = (await self._storage.run(lambda unit: unit.integrations.get(integration_id))).settings.scheme
        known = {offer_id: item for offer_id, item in accepted.items() if item.product_id and not item.archived}
        client = await self._clients.client(integration_id)
        offers = sorted(known)
        sending = "" if scheme is None or not scheme.sends_stock else scheme.value.casefold()
        seen: list[StockSeen] = []
        for start in range(0, len(offers), A_REQUEST):
            progress(ProgressUpdate(Stage.CABINET, start, len(offers)))
            chunk = offers[start : start + A_REQUEST]
            shown = await client.stocks(chunk)
            houses = await client.warehouse_stocks(chunk) if sending else {}
            # Of what could not be read nothing is known.
            for offer_id in (offer_id for offer_id in chunk if offer_id not in client.unread):
                seen += _seen_here(known[offer_id], houses.get(offer_id, ()), sending, names)
                seen += _seen(offer_id, shown.get(offer_id, ()), sending)
        return StockCheck(len({line.offer_id for line in seen if line.sent is not None}), tuple(seen))


def _seen_here(known: Accepted, stocks: Iterable[WarehouseStock], sending: str, names: Mapping[int, str]) -> Iterator[StockSeen]:
    """One line for each warehouse that stock was sent to or that Ozon shows some on."""
    found = {stock.warehouse_id: stock for stock in stocks}
    sent = dict(known.stocks) if sending else {}
    for house in dict.fromkeys([*sent, *found]):
        stock = found.get(house, WarehouseStock(house, "", 0, 0))
        # One that was being set when the program was killed may be the old number or the new one.
        pieces = sent.get(house, UNSURE_STOCK)
        expected = None if pieces == UNSURE_STOCK else pieces
        yield StockSeen(known.offer_id, sending, expected, stock.free, stock.reserved, house, stock.warehouse or names.get(house, ""))


def _seen(offer_id: str, parts: Iterable[CabinetStock], sending: str) -> Iterator[StockSeen]:
    """One line for each scheme; those of the seller's warehouses are listed by warehouse."""
    here = OURS if sending else frozenset[str]()
    return (StockSeen(offer_id, part.scheme, None, part.free, part.reserved) for part in parts if part.scheme not in here)


def _product(unit: UnitOfWork, integration_id: int, article: str) -> NamedProduct:
    sold, _ = unit.plan.outlines(unit.integrations.get(integration_id).settings.catalog_structure_id)
    found = next((outline.id for outline in sold if article in {outline.offer_id, outline.id}), None)
    product = unit.store.product(found) if found is not None else None
    if product is None:
        raise NotFound(article)
    return NamedProduct(product.id, product.offer_id, product.name)


def _example(unit: UnitOfWork, integration_id: int, article: str) -> PriceExample | None:
    settings = unit.integrations.get(integration_id).settings
    if settings.price_type_id is None:
        return None
    selling = unit.plan.prices(settings.price_type_id)
    if article:
        product = _product(unit, integration_id, article)
    else:
        sold, _ = unit.plan.outlines(settings.catalog_structure_id)
        priced = (one.id for one in sold if (one.id in selling or one.parent_id in selling) and one.has_card)
        first = unit.store.product(next(priced, ""))
        if first is None:
            return None
        product = NamedProduct(first.id, first.offer_id, first.name)
    whole = unit.store.product(product.id)
    family = [product.id] if whole is None or whole.parent_id is None else [whole.parent_id, product.id]
    # The variant's own price goes before that of its product.
    known = {price.price_type_id: price for id_ in family for price in unit.store.prices_of(id_)}
    own = known.get(settings.price_type_id)
    if own is None or own.value <= 0:
        return None
    currency = iso_currency(own.currency)
    of_types = {price.price_type_id: money(price.value) for price in known.values() if iso_currency(price.currency) == currency}
    return PriceExample(product, money(own.value), of_types, currency)


def _check_prices(rules: PriceRules, price_types: set[str]) -> None:
    for name, rule in (("Цена до скидки", rules.old), ("Минимальная цена", rules.minimum)):
        fault = None if rule is None else _fault(rule, price_types)
        if fault is not None:
            raise WrongInput(name, detail=rule_fault_text(fault))
    guard: GuardLimits = rules.guard
    if not 0 <= guard.share <= 100 or not 0 <= guard.change <= MOST_PERCENT or not 1 <= guard.at_least <= MOST_PRODUCTS:
        limits = f"доля от 0 до 100 %, изменение от 0 до {MOST_PERCENT} %, товаров от 1 до {MOST_PRODUCTS}"
        raise WrongInput("Защита цен", detail=limits)
    if not 0 <= guard.single <= MOST_PERCENT:
        raise WrongInput("Предел для одной цены", detail=f"от 0 до {MOST_PERCENT} %")


def _fault(rule: PriceRule, price_types: set[str]) -> RuleFault | None:
    if rule.price_type_id is not None and rule.price_type_id not in price_types:
        return RuleFault.UNKNOWN_PRICE_TYPE
    return rule_fault(rule)


def _check_stocks(rules: StockRules, store_ids: set[str]) -> None:
    named = [rule.ozon_id for rule in rules.warehouses]
    if len(set(named)) < len(named):
        raise WrongInput("Склады", detail="у склада Ozon может быть только одно правило")
    for rule in rules.warehouses:
        _check_warehouse(rule, store_ids)
    numbers = [rules.reserve, rules.lower_limit]
    numbers += [number for item in rules.exceptions for number in (item.reserve, item.lower_limit) if number is not None]
    if any(number < 0 for number in numbers):
        raise WrongInput("Остатки", detail="резерв и нижний предел не могут быть меньше нуля")
    if any(bool(item.product_id) == bool(item.category_id) for item in rules.exceptions):
        raise WrongInput("Исключение", detail="нужен либо товар, либо категория")


def _check_warehouse(rule: WarehouseRule, store_ids: set[str]) -> None:
    unknown = [store_id for store_id in rule.store_ids if store_id not in store_ids]
    if unknown:
        raise WrongInput("Склады", detail=f"в магазине нет склада «{unknown[0]}»")
    if rule.spread is not Spread.LEAVE and not rule.store_ids:
        raise WrongInput("Склады", detail="не указано, с каких складов магазина брать остаток")
    if not 0 < rule.share <= 100:
        raise WrongInput("Доля", detail="нужна доля больше 0 и не больше 100 %")
