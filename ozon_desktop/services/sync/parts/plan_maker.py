"""Works a plan out from the local data: cards are built only where something they are made of changed since Ozon accepted them."""

import gc
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

import msgspec

from ozon_desktop.domain.card import Card, Dimensions
from ozon_desktop.domain.card_differences import Side, Sides
from ozon_desktop.domain.existing_cards import ExistingAnswer, Respect
from ozon_desktop.domain.holds import NOTHING_ABSENT, Absences
from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.price_rules import Amounts, PriceRules, price_problems
from ozon_desktop.domain.pricing import PRICE_LIMIT, iso_currency, money
from ozon_desktop.domain.sold_pieces import WriteOff
from ozon_desktop.domain.stock_rules import NO_RULES, LimitsFinder, Pairs, StockLimits, StockSplitter
from ozon_desktop.domain.store_catalog import Price, Product
from ozon_desktop.domain.sync_plan import (
    Accepted,
    DesiredState,
    Part,
    PlanItem,
    Reason,
    Shown,
    SyncPlan,
    archive_items,
    in_order,
    make_plan,
    price_and_stock,
    unsure,
    zero_items,
)
from ozon_desktop.services.cabinet.cards import ozon_sides
from ozon_desktop.services.cards.builder import CardBuilder, looked_up
from ozon_desktop.services.cards.context import CardContext, Uses, read_entered
from ozon_desktop.services.cards.fingerprints import CardFingerprints
from ozon_desktop.services.orders.sold import Sold, sold_pieces
from ozon_desktop.services.orders.sold_since import sold_since
from ozon_desktop.services.sync.parts.existing import as_known, cached_cards, held_back, respected, to_read
from ozon_desktop.storage.plan_rows import AcceptedOutline, Amount, ProductOutline
from ozon_desktop.storage.sql import batches
from ozon_desktop.storage.unit_of_work import UnitOfWork

Held = tuple[tuple[str, Decimal], ...]
"""(store warehouse, quantity) of one product."""

CARD_REASONS = frozenset({Reason.NOT_READY, Reason.REFUSED_UNCHANGED, Reason.NEW_PRODUCT, Reason.OZON_UNREADABLE})

CARDS_AT_ONCE = 200
"""Cards of Ozon's in the memory together while they are merged."""


@dataclass(slots=True)
class Made:
    """A plan, and what is needed to go on with it. accepted: what Ozon last took of the products in it.

    rests_on: cards of Ozon's that the plan keeps parts of, with the moment they were read; None = they have to be.
    built: how many cards had to be built; prices: how many prices Ozon has of the products that are sold; absences: what full exports
    did not mention of what is planned; drifted: offers whose price on Ozon somebody else has set, which `accepted` then says.
    """

    plan: SyncPlan
    accepted: dict[str, Accepted]
    context: CardContext
    existing: tuple[str, ...]
    built: int
    prices: int
    rests_on: dict[str, datetime | None]
    absences: Absences = NOTHING_ABSENT
    drifted: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Sorted:
    """Products by what a plan must do with them: build the card, or only look at numbers that changed."""

    build: list[ProductOutline] = field(default_factory=list)
    numbers: list[ProductOutline] = field(default_factory=list)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector: a plan makes many small objects and no cycles, and looking for some takes a quarter of its time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def plan_of(unit: UnitOfWork, integration_id: int, parts: frozenset[Part], shown: Mapping[str, Shown] | None = None) -> Made:
    """The plan of an integration, see `PlanMaker.make`."""
    with uncollected():
        return PlanMaker(unit, integration_id).make(parts, shown)


def products_to_build(unit: UnitOfWork, integration_id: int) -> tuple[CardContext, list[str]]:
    """Ids of the products whose cards a plan would build: all but those that are surely as Ozon accepted them; and what cards rest on."""
    with uncollected():
        return PlanMaker(unit, integration_id).to_build()


class PlanMaker:
    """Makes one plan within one transaction.

    answer: to be planned with in place of the one that was given about existing cards; then nothing of the plan is remembered.
    """

    def __init__(self, unit: UnitOfWork, integration_id: int, answer: ExistingAnswer | None = None) -> None:
        self._unit, self._id = unit, integration_id
        self._context = context = read_entered(unit, integration_id)
        settings = context.integration.settings
        choices = unit.cabinet.sides(integration_id)
        self._sides = Sides.of(choices)
        self._kept = ozon_sides(unit, integration_id)
        self._supposed = answer is not None
        answer = answer or unit.cabinet.existing_answer(integration_id)
        self._respect = Respect(answer, self._sides)
        self._read_at: dict[str, datetime | None] = {}
        self._fingerprints = CardFingerprints(unit, integration_id, context, choices, answer)
        self._prices: PriceRules = unit.sync_rules.prices(integration_id)
        selling = (settings.price_type_id,) if settings.price_type_id else ()
        self._by_type = {type_id: unit.plan.prices(type_id) for type_id in dict.fromkeys((*selling, *self._prices.price_types))}
        self._selling = self._by_type.get(settings.price_type_id or "", {})
        rules = unit.sync_rules.stocks(integration_id) or NO_RULES
        houses, own = unit.ozon.warehouses(integration_id), unit.store.warehouses()
        self.splitter = StockSplitter(rules, own, houses, settings.scheme or Scheme.FBO)
        self._limits = LimitsFinder(rules, {category.id: category.parent_id for category in context.categories.values()})
        self._stocks: Mapping[str, Held] = unit.plan.stocks() if self.splitter.sends else {}
        self._sold, self._gone = unit.plan.outlines(settings.catalog_structure_id)
        self._uncounted = unit.new_products.uncounted() if self._stocks else frozenset[str]()
        self._pieces: Sold = sold_pieces(unit, self._sold, rules.write_off) if self._stocks else {}
        unit.plan.take_over_fingerprints(integration_id)
        self._known = unit.plan.accepted(integration_id)
        # Where sales are not subtracted, the same number is just what they are to leave alone.
        self._sold_since = {} if rules.write_off is WriteOff.IGNORED else sold_since(unit, integration_id)
        self._unsure: dict[str, Collection[int]] = {}
        self._offers = {outline.id: context.links.get(outline.id, outline.offer_id) for outline in self._sold}
        self._articles = Counter(self._offers.values())
        self._stock_texts: dict[Pairs, str] = {}
        self._money: dict[Decimal, Decimal] = {}
        self._own_currency: dict[str, bool] = {}
        self._alone = self._prices.old is None and self._prices.minimum is None
        self._same_for_all = None if rules.exceptions else self._limits.of("")

    def make(self, parts: frozenset[Part], shown: Mapping[str, Shown] | None = None) -> Made:
        """The plan. shown: what Ozon shows of products now; every card is then built and compared with it."""
        chosen = self._sort(parts, whole=shown is not None)
        items, accepted = self._plan_built(chosen.build, parts, shown)
        numbers, known = self._plan_numbers(chosen.numbers, parts)
        accepted.update(known)
        gone, known = self._plan_gone(parts)
        accepted.update(known)
        plan = in_order([*items, *numbers, *gone])
        existing = tuple(offer for offer in self._offers.values() if (found := self._known.get(offer)) is not None and found.product_id)
        prices = sum(1 for offer in existing if self._known[offer].price is not None)
        rests_on, absences = to_read(plan.items, self._read_at), self._absences()
        return Made(plan, accepted, self._context, existing, len(chosen.build), prices, rests_on, absences)

    def to_build(self) -> tuple[CardContext, list[str]]:
        """What cards are built from, and the ids of the products whose cards `make` would build."""
        return self._context, [outline.id for outline in self._sort(frozenset(), whole=False).build]

    # --- Which products --------------------------------------------------------------------------------------------

    def _sort(self, parts: frozenset[Part], *, whole: bool) -> _Sorted:
        chosen = _Sorted()
        prices, stocks = Part.PRICES in parts, Part.STOCKS in parts and self.splitter.sends
        for outline in self._sold:
            offer_id = self._offers[outline.id]
            known = self._known.get(offer_id)
            if known is not None and offer_id in self._sold_since:
                known = self._known[offer_id] = self._doubted(outline, known)
            if self._supposed and (known is None or not known.adopted):
                continue
            price = self._price(self._selling, outline)
            if whole or known is None or price is None or self._articles[offer_id] > 1 or not self._as_accepted(outline, known, price):
                chosen.build.append(outline)
            elif known.adopted:
                # Its numbers are a matter of what was answered, and of what Ozon has beside them.
                if self._adopted_differs(outline, known, price, parts):
                    chosen.build.append(outline)
            elif (prices and self._price_differs(outline, known, price)) or (stocks and self._stock_differs(outline, known)):
                chosen.numbers.append(outline)
        return chosen

    def _adopted_differs(self, outline: ProductOutline, known: AcceptedOutline, price: Amount, parts: frozenset[Part]) -> bool:
        prices = Part.PRICES in parts and self._respect.prices(outline.id) is not Side.OZON
        stocks = Part.STOCKS in parts and self.splitter.sends and self._respect.stocks(outline.id) is not Side.OZON
        return (prices and self._price_differs(outline, known, price)) or (stocks and self._stock_differs(outline, known))

    def _as_accepted(self, outline: ProductOutline, known: AcceptedOutline, price: Amount) -> bool:
        """Whether the card surely is as Ozon accepted it, and its numbers can be trusted."""
        if known.fingerprint is None or not known.product_id or known.archived or known.fingerprint != self._fingerprints.of(outline):
            return False
        if not 0 < price[0] <= PRICE_LIMIT or price[0] != self._rounded(price[0]) or not self._is_own(price[1]):
            return False
        return known.adopted or self._sides.empty or not any(self._sides.side(outline.id, name) is Side.OZON for name in ("price", "stock"))

    def _is_own(self, currency: str) -> bool:
        """Whether it is the currency of the cabinet."""
        found = self._own_currency.get(currency)
        if found is None:
            found = self._own_currency[currency] = iso_currency(currency) == self._context.currency
        return found

    def _price_differs(self, outline: ProductOutline, known: AcceptedOutline, price: Amount) -> bool:
        if self._alone:
            return known.price != self._rounded(price[0])
        amounts = self._amounts(outline, self._rounded(price[0]))
        pairs = ((known.old_price, amounts.old_price), (known.min_price, amounts.min_price))
        return known.price != amounts.price or any(new is not None and (old or 0) != new for old, new in pairs)

    def _stock_differs(self, outline: ProductOutline, known: AcceptedOutline) -> bool:
        pairs = self._split(outline)
        text = self._stock_texts.get(pairs)
        if text is None:
            text = self._stock_texts[pairs] = msgspec.json.encode(pairs).decode()
        if text == known.stock_texts or not pairs:
            return False
        last = dict(known.stocks)
        return any(last.get(house) != stock for house, stock in pairs)

    def _doubted(self, outline: ProductOutline, known: AcceptedOutline) -> AcceptedOutline:
        """What was sent last is wanted again, as what was sold was brought in as well: Ozon, which has subtracted it, has fewer."""
        offer_id = self._offers[outline.id]
        if self._stock_differs(outline, known):
            return known
        houses = self._unsure[offer_id] = self._sold_since[offer_id]
        return replace(known, stock_texts=msgspec.json.encode(unsure(known.stocks, houses)).decode())

    # --- Numbers ------------------------------------------------------------------------------------------------------

    def _rounded(self, value: Decimal) -> Decimal:
        found = self._money.get(value)
        if found is None:
            found = self._money[value] = money(value)
        return found

    @staticmethod
    def _price(prices: Mapping[str, Amount], product: ProductOutline | Product) -> Amount | None:
        return prices.get(product.id) or prices.get(product.parent_id or "")

    def _amounts(self, product: ProductOutline | Product, price: Decimal) -> Amounts:
        if self._alone:
            return Amounts(price)
        found = {type_id: self._price(prices, product) for type_id, prices in self._by_type.items()}
        values = {
            type_id: None if amount is None or not self._is_own(amount[1]) else self._rounded(amount[0])
            for type_id, amount in found.items()
        }
        return self._prices.amounts(price, values)

    def _split(self, product: ProductOutline | Product) -> Pairs:
        if not self._stocks:
            # The store says nothing of stocks at all: what Ozon has is left alone.
            return ()
        if product.id in self._uncounted:
            # Made of a card, and never counted in the store: its nought is no stock yet.
            return ()
        return self.splitter.split(self._stocks.get(product.id, ()), self._limits_of(product), self._pieces.get(product.id, ()))

    def _limits_of(self, product: ProductOutline | Product) -> StockLimits:
        if self._same_for_all is not None:
            return self._same_for_all
        categories = product.category_ids if self._limits.by_category else ()
        return self._limits.of(product.id, categories, product.parent_id)

    def _desired(self, card: Card, *, adopted: bool = False) -> DesiredState:
        """The card with its stock, its other prices, and Ozon's own value where that was chosen; see `_respected` for adopted ones."""
        desired = DesiredState(card, self._split(card.product))
        if not adopted:
            desired = self._kept(desired)
        if desired.card.price is None or desired.card.price <= 0:
            return desired
        amounts = self._amounts(desired.card.product, desired.card.price)
        problems = price_problems(amounts) if self._context.currency == "RUB" else ()
        return replace(desired, old_price=amounts.old_price, min_price=amounts.min_price, price_problems=problems)

    # --- Items ----------------------------------------------------------------------------------------------------------

    def _plan_built(
        self, outlines: Collection[ProductOutline], parts: frozenset[Part], shown: Mapping[str, Shown] | None
    ) -> tuple[tuple[PlanItem, ...], dict[str, Accepted]]:
        if not outlines:
            if Part.PRODUCTS in parts and not self._supposed:
                self._unit.plan.keep_planned(self._id, ())
            return (), {}
        context = self._with_prices(outlines)
        uses = Uses(self._articles, Counter(outline.barcode for outline in self._sold))
        builder = looked_up(self._unit, context, CardBuilder(context, self._unit.plan.products(outlines), uses))
        offers = [self._offers[outline.id] for outline in outlines]
        accepted = self._unit.plan.accepted_whole(self._id, set(offers))
        for offer_id in accepted.keys() & self._unsure.keys():
            known = accepted[offer_id]
            accepted[offer_id] = replace(known, stocks=unsure(known.stocks, self._unsure[offer_id]))
        on_ozon = frozenset(offer for offer, known in accepted.items() if known.product_id)
        plan = make_plan(self._all_desired(builder, accepted, shown or {}), accepted, on_ozon, parts, shown)
        if Part.PRODUCTS in parts and shown is None and not self._supposed:
            self._remember(outlines, plan, accepted)
        return plan.items, accepted

    def _all_desired(self, builder: CardBuilder, accepted: dict[str, Accepted], shown: Mapping[str, Shown]) -> Iterator[DesiredState]:
        """The desired states of all products. What is known of cards that were on Ozon before is completed in `accepted`."""
        for products in batches(builder.products, CARDS_AT_ONCE):
            offers = [self._offers[product.id] for product in products]
            adopted = {offer for offer in offers if (known := accepted.get(offer)) is not None and known.product_id and known.adopted}
            cached = cached_cards(self._unit, self._id, adopted) if adopted else {}
            for product, offer_id in zip(products, offers, strict=True):
                desired = self._desired(builder.build(product), adopted=offer_id in adopted)
                if offer_id in adopted:
                    card, seen = cached.get(offer_id), shown.get(offer_id)
                    accepted[offer_id] = as_known(accepted[offer_id], card)
                    desired = respected(desired, accepted[offer_id], card, seen, self._respect)
                    self._read_at[offer_id] = card.loaded_at if card is not None and card.package is not None else None
                yield desired

    def _with_prices(self, outlines: Iterable[ProductOutline]) -> CardContext:
        """The context with the prices of these products and of those whose variants they are."""
        family = {id_ for outline in outlines for id_ in (outline.id, outline.parent_id) if id_ is not None}
        prices = {
            type_id: {id_: Price(id_, type_id, *known[id_]) for id_ in family if id_ in known} for type_id, known in self._by_type.items()
        }
        selling = prices.get(self._context.integration.settings.price_type_id or "", {})
        return replace(self._context, prices=selling, other_prices=prices)

    def _remember(self, outlines: Iterable[ProductOutline], plan: SyncPlan, accepted: Mapping[str, Accepted]) -> None:
        """Cards found to be as Ozon accepted them are not built again before something changes.

        Nor are those that are to be sent, once Ozon accepted them: what they were built from is kept until then.
        """
        payloads = {item.offer_id: item.payload for item in plan.items if item.payload is not None}
        planned = ((self._offers[outline.id], outline) for outline in outlines)
        to_send = ((offer, self._fingerprints.of(outline), payloads[offer]) for offer, outline in planned if offer in payloads)
        self._unit.plan.keep_planned(self._id, to_send)
        changed = {item.offer_id for item in plan.items if item.payload is not None or item.reason in CARD_REASONS}
        found_as_accepted: list[tuple[str, str]] = []
        for outline in outlines:
            offer_id = self._offers[outline.id]
            known = accepted.get(offer_id)
            if known is not None and (known.payload is not None or known.adopted) and offer_id not in changed:
                found_as_accepted.append((offer_id, self._fingerprints.of(outline)))
        self._unit.plan.save_fingerprints(self._id, found_as_accepted)

    def _plan_numbers(self, outlines: Collection[ProductOutline], parts: frozenset[Part]) -> tuple[list[PlanItem], dict[str, Accepted]]:
        items: list[PlanItem] = []
        accepted: dict[str, Accepted] = {}
        vat, currency = self._context.integration.settings.vat_rate, self._context.currency
        for product in self._unit.plan.products(outlines) if outlines else ():
            offer_id = self._offers[product.id]
            price = self._price(self._selling, product)
            value = self._rounded(price[0]) if price is not None else None
            # Not to be sent as a card: it carries no more than its numbers.
            desired = self._desired(Card(product, offer_id, None, (), Dimensions(), value, vat, currency))
            known = accepted[offer_id] = _known(offer_id, self._known[offer_id])
            items.extend(price_and_stock(desired, known, parts))
        return items, accepted

    def _plan_gone(self, parts: frozenset[Part]) -> tuple[tuple[PlanItem, ...], dict[str, Accepted]]:
        """Products a full export does not mention any more: archived, or at least not offered where cards are not sent."""
        alive = set(self._offers.values())
        on_ozon = {self._gone_offer(outline): outline for outline in self._gone}
        gone = {outline.id: offer_id for offer_id, outline in on_ozon.items() if offer_id not in alive and self._is_offered(offer_id)}
        if not gone or parts.isdisjoint({Part.PRODUCTS, Part.STOCKS}):
            return (), {}
        accepted = {offer_id: _known(offer_id, self._known[offer_id]) for offer_id in gone.values()}
        products = self._unit.plan.products(on_ozon[offer_id] for offer_id in gone.values())
        deleted = [(gone[product.id], product.name) for product in products]
        adopted = {offer_id: product_id for product_id, offer_id in gone.items() if self._known[offer_id].adopted}
        zeroed = zero_items(deleted, accepted) if Part.PRODUCTS not in parts and self.splitter.sends else ()
        items = archive_items(deleted, accepted) if Part.PRODUCTS in parts else zeroed
        return tuple(held_back(items, self._respect, adopted)), accepted

    def _absences(self) -> Absences:
        """What the last full exports did not mention, by the articles of the products that are planned with."""
        absent = self._unit.guards.absent()
        left, doubtful = self._unit.guards.left_to_a_person()
        if not absent and not doubtful:
            return NOTHING_ABSENT
        offers = {self._offers[outline.id]: absent[outline.id] for outline in self._sold if outline.id in absent}
        for outline in self._gone:
            number = absent.get(outline.id, absent.get(outline.parent_id or ""))
            if number is not None:
                offers.setdefault(self._gone_offer(outline), number)
        kept = frozenset(self._gone_offer(outline) for outline in self._gone if outline.id in left)
        unsure = frozenset(self._offers[outline.id] for outline in self._sold if outline.id in doubtful)
        return Absences(offers, Counter(absent.values()), self._unit.guards.count_products(), kept, unsure)

    def _gone_offer(self, outline: ProductOutline) -> str:
        """The article on Ozon of a product that is gone: its card may have another one than the store had."""
        return self._context.links.get(outline.id, outline.offer_id)

    def _is_offered(self, offer_id: str) -> bool:
        known = self._known.get(offer_id)
        return known is not None and bool(known.product_id) and not known.archived


def _known(offer_id: str, known: AcceptedOutline) -> Accepted:
    return Accepted(
        offer_id,
        known.product_id,
        price=known.price,
        stocks=known.stocks,
        archived=known.archived,
        old_price=known.old_price,
        min_price=known.min_price,
        adopted=known.adopted,
    )
