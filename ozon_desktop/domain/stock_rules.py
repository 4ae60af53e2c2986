"""Rules for stocks: which store warehouses feed which Ozon warehouse, what is kept back, and what is not sold at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from ozon_desktop.domain.cabinet import OzonWarehouse
from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.sold_pieces import SoldFrom, WriteOff
from ozon_desktop.domain.store_catalog import StoreWarehouse, fold

MAX_STOCK = 999_999
NO_PIECE = Decimal(0)
Pairs = tuple[tuple[int, int], ...]
"""(Ozon warehouse id, pieces) to send."""


class Spread(StrEnum):
    """How store warehouses feed an Ozon warehouse.

    SUM: all of them; PRIORITY: the first in order that has any; SHARE: a share of all of them; LEAVE: another program fills it.
    """

    SUM = "sum"
    PRIORITY = "priority"
    SHARE = "share"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class WarehouseRule:
    """What one Ozon warehouse gets. share: per cent, for SHARE. What an earlier rule took is not given away again."""

    ozon_id: int
    spread: Spread
    store_ids: tuple[str, ...] = ()
    share: Decimal = Decimal(100)


class Selling(StrEnum):
    """Whether stock is offered: ON; ZERO = none is; LEAVE = Ozon keeps what it has."""

    ON = "on"
    ZERO = "zero"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class StockException:
    """Other limits for one product, or for a category and all below it; None = as for the others."""

    product_id: str = ""
    category_id: str = ""
    selling: Selling | None = None
    reserve: int | None = None
    lower_limit: int | None = None


@dataclass(frozen=True, slots=True)
class StockLimits:
    """What holds for one product. reserve: pieces kept back; lower_limit: fewer than so many are not offered."""

    selling: Selling = Selling.ON
    reserve: int = 0
    lower_limit: int = 0


@dataclass(frozen=True, slots=True)
class StockRules:
    """Rules of one integration.

    Without warehouse rules, warehouses meet by name and the rest goes to the first. write_off: until when pieces sold on Ozon are
    taken off the store's stocks; by default the longest, lest more is promised than exists.
    """

    warehouses: tuple[WarehouseRule, ...] = ()
    reserve: int = 0
    lower_limit: int = 0
    write_off: WriteOff = WriteOff.AT_SHIPMENT
    exceptions: tuple[StockException, ...] = ()

    @property
    def only_write_off(self) -> bool:
        """Whether nothing is said but when the store writes off: warehouses meet by name, all of the stock is offered."""
        return self == StockRules(write_off=self.write_off)


NO_RULES = StockRules()
"""What holds for an integration whose stock rules were never set."""


class LimitsFinder:
    """The limits of each product: its own exception, then that of its nearest category, then the general ones."""

    def __init__(self, rules: StockRules, parents: Mapping[str, str | None]) -> None:
        """parents: the category above each category."""
        self._general = StockLimits(Selling.ON, rules.reserve, rules.lower_limit)
        self._products = {item.product_id: item for item in rules.exceptions if item.product_id}
        self._categories = {item.category_id: item for item in rules.exceptions if item.category_id and not item.product_id}
        self._parents = parents

    @property
    def by_category(self) -> bool:
        return bool(self._categories)

    def of(self, product_id: str, category_ids: Iterable[str] = (), parent_id: str | None = None) -> StockLimits:
        """The limits of a product, or of a variant of `parent_id`."""
        own = (self._products.get(product_id), self._products.get(parent_id or ""))
        found = [item for item in own if item is not None]
        if self._categories:
            found += [item for category_id in category_ids for item in self._above(category_id)]
        return _over(found, self._general) if found else self._general

    def _above(self, category_id: str | None) -> Iterable[StockException]:
        seen: set[str] = set()
        while category_id and category_id not in seen:
            seen.add(category_id)
            if category_id in self._categories:
                yield self._categories[category_id]
            category_id = self._parents.get(category_id)


def _over(found: Sequence[StockException], general: StockLimits) -> StockLimits:
    selling = next((item.selling for item in found if item.selling is not None), general.selling)
    reserve = next((item.reserve for item in found if item.reserve is not None), general.reserve)
    limit = next((item.lower_limit for item in found if item.lower_limit is not None), general.lower_limit)
    return StockLimits(selling, reserve, limit)


class StockSplitter:
    """Splits stocks of products over Ozon warehouses; what repeats is worked out once."""

    def __init__(
        self,
        rules: StockRules,
        store_warehouses: Iterable[StoreWarehouse],
        ozon_warehouses: Iterable[OzonWarehouse],
        scheme: Scheme,
    ) -> None:
        houses = ozon_warehouses if scheme.sends_stock else ()
        self._fitting = [house for house in houses if house.active and house.is_rfbs == (scheme is Scheme.RFBS)]
        store_warehouses = list(store_warehouses)
        chosen = {rule.ozon_id: rule for rule in rules.warehouses}
        self._rules: tuple[WarehouseRule, ...]
        self._first: int | None = None
        if chosen:
            active = {house.id for house in self._fitting}
            # Those without a rule offer nothing: left alone, they would go on offering what the store has sold.
            bare = [WarehouseRule(house.id, Spread.SUM) for house in self._fitting if house.id not in chosen]
            self._rules = (*(rule for rule in rules.warehouses if rule.ozon_id in active), *bare)
        else:
            self._rules = _by_name(self._fitting, store_warehouses)
            self._first = self._fitting[0].id if self._fitting else None
        self._known = frozenset(warehouse.id for warehouse in store_warehouses)
        self._left = frozenset(rule.ozon_id for rule in rules.warehouses if rule.spread is Spread.LEAVE)
        self._done: dict[tuple[object, ...], Pairs] = {}

    @property
    def sends(self) -> bool:
        """Whether there is a warehouse to send stock to."""
        return any(rule.spread is not Spread.LEAVE for rule in self._rules)

    @property
    def filled(self) -> frozenset[int]:
        """The Ozon warehouses that get stock from here."""
        return frozenset(rule.ozon_id for rule in self._rules if rule.spread is not Spread.LEAVE)

    def stores_of(self, ozon_id: int) -> tuple[str, ...] | None:
        """The store warehouses that feed an Ozon warehouse; () = it is not known which, None = another program fills it."""
        if ozon_id in self._left:
            return None
        return next((rule.store_ids for rule in self._rules if rule.ozon_id == ozon_id), ())

    def split(self, held: tuple[tuple[str, Decimal], ...], limits: StockLimits | None = None, sold: tuple[SoldFrom, ...] = ()) -> Pairs:
        """(Ozon warehouse, pieces) for a product that has `held` on its store warehouses; empty = nothing is sent.

        sold: pieces sold on Ozon that the store still counts. The sum is never more than what the store has without them and
        without the reserve. Parts of a piece and stocks below nothing count as nothing.
        """
        limits = limits or StockLimits()
        if limits.selling is Selling.LEAVE:
            return ()
        key = (held, limits, sold)
        found = self._done.get(key)
        if found is None:
            found = self._done[key] = self._split(held, limits, sold)
        return found

    def _split(self, held: tuple[tuple[str, Decimal], ...], limits: StockLimits, sold: tuple[SoldFrom, ...]) -> Pairs:
        pools: dict[str, Decimal] = {}
        if limits.selling is Selling.ON:
            for store_id, quantity in held:
                pools[store_id] = pools.get(store_id, NO_PIECE) + max(quantity, NO_PIECE)
        rules = self._with_strangers(pools)
        used = list(dict.fromkeys(store_id for rule in rules for store_id in rule.store_ids))
        for stores, pieces in sold:
            _withhold(pools, _where_sold(stores, used, pools), pieces)
        _withhold(pools, used, limits.reserve)
        left = sum((pools.get(store_id, NO_PIECE) for store_id in used), NO_PIECE)
        if left < limits.lower_limit:
            pools = {}
        whole = dict(pools)
        return tuple((rule.ozon_id, _take(rule, pools, whole)) for rule in rules if rule.spread is not Spread.LEAVE)

    def _with_strangers(self, pools: Mapping[str, Decimal]) -> tuple[WarehouseRule, ...]:
        """Without rules, stock of a warehouse that nobody named goes to the first one as well."""
        strangers = tuple(store_id for store_id in pools if store_id not in self._known)
        if self._first is None or not strangers:
            return self._rules
        return tuple(
            WarehouseRule(rule.ozon_id, rule.spread, (*rule.store_ids, *strangers)) if rule.ozon_id == self._first else rule
            for rule in self._rules
        )


def _by_name(fitting: Sequence[OzonWarehouse], store_warehouses: Iterable[StoreWarehouse]) -> tuple[WarehouseRule, ...]:
    """Those of the same name, then, for the first of Ozon's, those that none is named after."""
    by_name = {fold(house.name): house.id for house in fitting}
    inside: dict[int, list[str]] = {house.id: [] for house in fitting}
    if fitting:
        for warehouse in sorted(store_warehouses, key=lambda warehouse: fold(warehouse.name) not in by_name):
            inside[by_name.get(fold(warehouse.name), fitting[0].id)].append(warehouse.id)
    return tuple(WarehouseRule(house.id, Spread.SUM, tuple(inside[house.id])) for house in fitting)


def _withhold(pools: dict[str, Decimal], order: Sequence[str], pieces: int) -> None:
    """Takes pieces out of the warehouses, the last one first."""
    missing = Decimal(pieces)
    for store_id in reversed(order):
        taken = min(pools.get(store_id, NO_PIECE), missing)
        if taken:
            pools[store_id] -= taken
            missing -= taken


def _where_sold(stores: Sequence[str], used: Sequence[str], pools: Iterable[str]) -> list[str]:
    """The order in which `_withhold` is to look for pieces sold from these store warehouses, which may feed another cabinet.

    First (so last in the list) where they were sold from as far as it is offered here, in the end anywhere: never more is offered.
    """
    own = [store for store in stores if store in used]
    elsewhere = [store for store in stores if store not in used]
    others = [store for store in used if store not in stores]
    return list(dict.fromkeys([*pools, *others, *elsewhere, *own][::-1]))[::-1]


def _take(rule: WarehouseRule, pools: dict[str, Decimal], whole: Mapping[str, Decimal]) -> int:
    """Whole pieces for one Ozon warehouse, taken out of the pools. whole: the pools before any rule took from them."""
    stores: Sequence[str] = rule.store_ids
    if rule.spread is Spread.PRIORITY:
        stores = next(((store_id,) for store_id in stores if pools.get(store_id, NO_PIECE) >= 1), ())
    there = sum((pools.get(store_id, NO_PIECE) for store_id in dict.fromkeys(stores)), NO_PIECE)
    wanted = there
    if rule.spread is Spread.SHARE:
        wanted = min(sum((whole.get(store_id, NO_PIECE) for store_id in dict.fromkeys(stores)), NO_PIECE) * rule.share / 100, there)
    pieces = min(int(wanted.to_integral_value(ROUND_FLOOR)), MAX_STOCK)
    _withhold(pools, tuple(reversed(tuple(dict.fromkeys(stores)))), pieces)
    return pieces
