"""What a synchronization would do, worked out from the local data and, when the network is there, a look into the cabinet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from ozon_desktop.domain.cabinet import OzonWarehouse
from ozon_desktop.domain.holds import hold_back, judge_prices, plan_id
from ozon_desktop.domain.integration import LimitUsage
from ozon_desktop.domain.ozon_catalog import OzonTree, OzonType, TypeKey
from ozon_desktop.domain.price_rules import PriceGuard
from ozon_desktop.domain.pricing import money
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.quotas import Turn, turns
from ozon_desktop.domain.russian_order import russian_order
from ozon_desktop.domain.setup_guide import Action
from ozon_desktop.domain.sync_plan import Accepted, ActionKind, Part, PlanItem, Reason, Shown, SyncPlan
from ozon_desktop.errors import AppError, NetworkError, OzonError, SecretStoreError
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.services.cabinet.report import link_new_products
from ozon_desktop.services.cards.cards import CardsService
from ozon_desktop.services.cards.context import read_shared
from ozon_desktop.services.catalog.catalog import CatalogService
from ozon_desktop.services.orders.orders import OrdersService
from ozon_desktop.services.shared import Clients, Clock, Revision, check_possible
from ozon_desktop.services.sync.parts.existing_now import learn_stocks, read_again, stale_cards, unread_stocks
from ozon_desktop.services.sync.parts.holding import keep_holds
from ozon_desktop.services.sync.parts.ozon_now import shown_now, without_unread
from ozon_desktop.services.sync.parts.plan_maker import Made, plan_of, products_to_build
from ozon_desktop.services.sync.parts.price_timers import TIMERS_A_REQUEST, TimerReader, with_timers
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.sync import newly_required_text, not_read_again_text, timers_not_read_text

ATTRIBUTES_FRESH_FOR = timedelta(days=1)
ALL_PARTS = frozenset(Part)
SENDING_PARTS = ALL_PARTS - {Part.ORDERS}
SENT_CARDS = (ActionKind.CREATE, ActionKind.UPDATE)
BARCODES_A_REQUEST = 100
CARDS_A_REQUEST, PRICES_A_REQUEST, STOCKS_A_REQUEST, INFOS_A_REQUEST, ROWS_A_REQUEST = 100, 1000, 100, 1000, 1000


@dataclass(frozen=True, slots=True)
class LimitUse:
    """How much of a limit the plan will use. wanted: cards of the plan that count; left None = unlimited."""

    limit: LimitUsage
    wanted: int

    @property
    def fits(self) -> bool:
        """Whether all of them can be sent."""
        return self.limit.left is None or self.wanted <= self.limit.left


@dataclass(frozen=True, slots=True)
class Preview:
    """The plan with what is needed to show it.

    offline: why the cabinet could not be asked, None = it was; news: what Ozon newly requires, in Russian. guard: what was found of
    sudden price changes; held items stand in the plan with their reason. plan_id: names what a confirmation would send; first: nothing
    was ever sent to this cabinet, so that sending needs a confirmation; read_only: nothing is sent at all.
    """

    plan: SyncPlan
    limits: tuple[LimitUsage, ...]
    requests: int
    warehouses: dict[int, str]
    attribute_names: dict[int, str]
    price_type: str
    offline: AppError | None
    news: tuple[str, ...] = ()
    guard: PriceGuard | None = None
    against_ozon: bool = False
    plan_id: str = ""
    first: bool = False
    read_only: bool = False

    @property
    def turns(self) -> tuple[Turn, ...]:
        """When the cards of the plan go, by Ozon's quotas."""
        counts = self.plan.counts()
        return turns(counts[ActionKind.CREATE], counts[ActionKind.UPDATE], self.limits)

    @property
    def limit_uses(self) -> tuple[LimitUse, ...]:
        """Limits of the cabinet with what the plan will use of them."""
        counts = self.plan.counts()
        wanted = {"daily_create": counts[ActionKind.CREATE], "daily_update": counts[ActionKind.UPDATE], "total": counts[ActionKind.CREATE]}
        return tuple(LimitUse(limit, wanted[limit.name]) for limit in self.limits if limit.name in wanted)


@dataclass(frozen=True, slots=True)
class _Stale:
    """Types to read again: how many products of each would be sent, and the fields it required when last read, by id."""

    tree: OzonTree
    types: tuple[OzonType, ...]
    products: dict[TypeKey, int]
    required: dict[TypeKey, dict[int, str]]


class PreviewService:
    """Makes previews."""

    def __init__(
        self,
        storage: Database,
        clients: Clients,
        cards: CardsService,
        catalog: CatalogService,
        orders: OrdersService,
        clock: Clock,
        revision: Revision,
    ) -> None:
        self._storage = storage
        self._clients = clients
        self._cards = cards
        self._catalog = catalog
        self._orders = orders
        self._clock = clock
        self._revision = revision

    async def preview(
        self, integration_id: int, progress: Progress, parts: frozenset[Part] = ALL_PARTS, *, against_ozon: bool = False
    ) -> Preview:
        """The plan. NotPossibleYet names what is missing; a network failure only makes it less fresh.

        against_ozon: compared also with what Ozon shows now of every product, which takes at least four requests for each thousand.
        """
        await self._storage.run(lambda unit: check_possible(unit, Action.SYNCHRONIZE, integration_id))
        limits: tuple[LimitUsage, ...] = ()
        offline: AppError | None = None
        news: list[str] = []
        try:
            limits = await self._look_into_cabinet(integration_id, progress, parts, news)
        except (NetworkError, OzonError, SecretStoreError) as error:
            offline = error
        progress(ProgressUpdate(Stage.PLAN))
        made = await self._storage.run(lambda unit: plan_of(unit, integration_id, parts))
        created = {item.product_id for item in made.plan.of(ActionKind.CREATE)}
        if created and await link_new_products(self._storage, integration_id, created):
            self._revision.bump()
            made = await self._storage.run(lambda unit: plan_of(unit, integration_id, parts))
        if offline is None:
            try:
                made = await self._ask_about(integration_id, made, parts, progress, against_ozon)
            except (NetworkError, OzonError, SecretStoreError) as error:
                offline = error
        now, compared = self._clock(), against_ozon and offline is None
        preview = await self._storage.run(lambda unit: _shown(unit, integration_id, made, parts, now, keep=not compared))
        if reads_orders(parts, preview.plan):
            twice = bool(preview.plan.of(ActionKind.STOCK))
            preview = replace(preview, requests=preview.requests + await self._orders.requests_of_fetch(integration_id, twice=twice))
        return replace(preview, limits=limits, offline=offline, news=tuple(news), against_ozon=compared)

    async def of_plan(self, integration_id: int, plan: SyncPlan) -> Preview:
        """A plan that was made elsewhere, with what is needed to show it; works offline. NotFound."""
        return await self._storage.run(lambda unit: _of_plan(unit, integration_id, plan))

    async def _ask_about(self, integration_id: int, made: Made, parts: frozenset[Part], progress: Progress, against_ozon: bool) -> Made:
        """Asks Ozon about products of the plan: whether new ones exist already, and on demand what it shows."""
        client = await self._clients.client(integration_id)
        if await self._learn(integration_id, client, unknown_offers(made)):
            made = await self._storage.run(lambda unit: plan_of(unit, integration_id, parts))
        vanished: frozenset[str] = frozenset()
        if Part.PRODUCTS in parts and (stale := stale_cards(made.rests_on, self._clock())):
            vanished = await read_again(self._storage, client, integration_id, stale, self._clock, progress)
            made = await self._storage.run(lambda unit: plan_of(unit, integration_id, parts))
        scheme = made.context.integration.settings.scheme
        unread = unread_stocks(made.plan, made.accepted) if scheme is not None and scheme.sends_stock else []
        if unread and await learn_stocks(self._storage, client, integration_id, unread):
            made = await self._storage.run(lambda unit: plan_of(unit, integration_id, parts))
        if against_ozon and made.existing:
            shown: dict[str, Shown] = await shown_now(client, made.existing, made.context.integration.settings.scheme, progress)
            made = await self._storage.run(lambda unit: plan_of(unit, integration_id, parts, shown))
        await _ask_prices(client, made)
        # A product that only seems to be missing would be created over the card it has.
        made.plan = without_unread(made.plan, client.unread | vanished)
        return made

    async def _look_into_cabinet(
        self, integration_id: int, progress: Progress, parts: frozenset[Part], news: list[str]
    ) -> tuple[LimitUsage, ...]:
        """Warehouses, limits, brands not cached yet, and attributes.

        `news` gets what is newly required, also when a later question fails.
        """
        client = await self._clients.client(integration_id)
        progress(ProgressUpdate(Stage.CABINET))
        warehouses = await client.warehouses()
        limits = await client.limits()
        await self._storage.run(lambda unit: unit.ozon.save_warehouses(integration_id, warehouses))
        rules = await self._storage.run(lambda unit: unit.sync_rules.prices(integration_id))
        if Part.PRICES in parts and rules.minimum is not None:
            await self._refresh_timers(integration_id, client, news)
        await self._resolve(integration_id, progress)
        if Part.PRODUCTS in parts and await self._refresh_attributes(integration_id, client, progress, news):
            # A field that is new may be filled by the store, with a brand that was not asked for yet.
            await self._resolve(integration_id, progress)
        return limits

    async def _refresh_timers(self, integration_id: int, client: OzonClient, news: list[str]) -> None:
        """Reads until when lowest prices bind; a key that may not ask that keeps nothing else from being planned. NetworkError."""
        try:
            await TimerReader(self._storage, client, self._clock, integration_id).refresh()
        except OzonError as error:
            news.append(timers_not_read_text(error))

    async def _resolve(self, integration_id: int, progress: Progress) -> None:
        """Asks about the values of those cards that may be sent; the others are as Ozon accepted them."""
        await self._cards.resolve_values(integration_id, progress, lambda unit: products_to_build(unit, integration_id))

    async def _refresh_attributes(self, integration_id: int, client: OzonClient, progress: Progress, news: list[str]) -> bool:
        """Reads attribute lists older than a day again: a newly required one is found here and not by Ozon's refusal.

        False when there were none.
        """
        stale_before = self._clock() - ATTRIBUTES_FRESH_FOR
        stale = await self._storage.run(lambda unit: _stale_types(unit, integration_id, stale_before))
        if stale is None:
            return False
        collected = await self._catalog.read_again(client, stale.tree, stale.types, progress)
        self._revision.bump()
        after = await self._storage.run(lambda unit: {type_.key: _required(unit, type_.key) for type_ in stale.types})
        for type_ in stale.types:
            added = (name for id_, name in after[type_.key].items() if id_ not in stale.required[type_.key])
            news.extend(newly_required_text(type_.name, name, stale.products[type_.key]) for name in sorted(added, key=russian_order))
        news.extend(not_read_again_text(path, error) for path, error in collected.failed)
        return True

    async def _learn(self, integration_id: int, client: OzonClient, offers: Sequence[str]) -> bool:
        """A product that exists in the cabinet is updated, never created again. Whether any of them does."""
        if not offers:
            return False
        existing = await client.product_infos(offers)
        own = await self._storage.run(lambda unit: unit.cabinet.created_here(integration_id, offers))
        now = self._clock()
        learned = [
            Accepted(
                info.offer_id,
                info.product_id,
                None,
                info.price,
                (),
                info.plain_status,
                info.status_text,
                info.errors,
                updated_at=now,
                archived=info.archived,
                type_key=info.type_key,
                adopted=info.offer_id not in own,
            )
            for info in existing
        ]
        if learned:
            await self._storage.run(lambda unit: unit.sync.save_accepted(integration_id, learned))
        return bool(learned)


def _required(unit: UnitOfWork, key: TypeKey) -> dict[int, str]:
    return {attribute.id: attribute.name for attribute in unit.ozon.attributes(key) if attribute.is_required}


def _stale_types(unit: UnitOfWork, integration_id: int, stale_before: datetime) -> _Stale | None:
    """Types of the cards that would be sent whose attributes were collected too long ago; None = there are none."""
    context = read_shared(unit, integration_id)
    mapped = (context.tree.types.get(key) for key in context.attributes)
    old = {type_.key: type_ for type_ in mapped if type_ is not None and type_.settings_at is not None and type_.settings_at < stale_before}
    if not old:
        # The usual case, and a plan of many products takes seconds.
        return None
    plan = plan_of(unit, integration_id, frozenset({Part.PRODUCTS})).plan
    payloads = (item.payload for item in plan.items if item.kind in {ActionKind.CREATE, ActionKind.UPDATE})
    products = Counter(payload.type_key for payload in payloads if payload is not None and payload.type_key in old)
    types = tuple(old[key] for key in sorted(products))
    return _Stale(context.tree, types, dict(products), {key: _required(unit, key) for key in products}) if types else None


def unknown_offers(made: Made) -> list[str]:
    """Offer ids of ready cards that were never seen in the cabinet."""
    never = {Reason.NEW_PRODUCT, Reason.REFUSED_UNCHANGED}
    new = (item.offer_id for item in made.plan.items if item.reason in never)
    return [offer for offer in new if (known := made.accepted.get(offer)) is None or not known.product_id]


async def _ask_prices(client: OzonClient, made: Made) -> None:
    """Ozon's own price of cards whose price goes: a jump is judged by it, and one that somebody else has set waits for a person.

    Not known is the last one after a run that was killed.
    """
    # What was just compared with Ozon shows Ozon's own price to whoever confirms it.
    wanted = {item.offer_id: item.price or (item.payload.price if item.payload else None) for item in made.plan.items if _has_price(item)}
    seen = {item.offer_id for item in made.plan.items if item.reason is Reason.OZON_DIFFERS}
    asked = [offer for offer in sorted(wanted) if (known := made.accepted.get(offer)) and known.product_id]
    for found in await client.prices(asked) if asked else ():
        known = made.accepted.get(found.offer_id)
        if not found.price or known is None:
            continue
        price = money(found.price)
        if known.price is not None and found.offer_id not in seen and price not in {known.price, wanted.get(found.offer_id)}:
            made.drifted.add(found.offer_id)
        if known.price is None or found.offer_id in made.drifted:
            made.accepted[found.offer_id] = replace(known, price=price)


def _has_price(item: PlanItem) -> bool:
    return item.payload is not None or item.kind is ActionKind.PRICE


def _shown(unit: UnitOfWork, integration_id: int, made: Made, parts: frozenset[Part], now: datetime, *, keep: bool) -> Preview:
    """The plan with its names, and with what waits for a person. keep: whether what is held is kept as of now."""
    rules = unit.sync_rules.prices(integration_id)
    limits = rules.guard
    guard = judge_prices(made.plan, made.accepted, made.prices, limits) if Part.PRICES in parts else None
    decided = {item.key: item.verdict for item in unit.guards.held(integration_id)}
    vanished = made.absences.too_many(made.plan, len(made.existing))
    plan = hold_back(made.plan, made.accepted, guard, limits, vanished, decided, made.absences.doubtful, made.drifted)
    if keep:
        keep_holds(unit, integration_id, plan, now, whole=parts >= SENDING_PARTS)
    if Part.PRICES in parts and rules.minimum is not None:
        plan = with_timers(unit, integration_id, plan, now)
    ozon_warehouses: list[OzonWarehouse] = unit.ozon.warehouses(integration_id)
    price_types = {price_type.id: price_type.name for price_type in unit.store.price_types()}
    return Preview(
        plan,
        (),
        requests_needed(plan),
        {warehouse.id: warehouse.name for warehouse in ozon_warehouses},
        {attribute.id: attribute.name for attributes in made.context.attributes.values() for attribute in attributes},
        price_types.get(made.context.integration.settings.price_type_id or "", ""),
        None,
        guard=guard,
        plan_id=plan_id(plan, integration_id),
        first=unit.guards.confirmed_at(integration_id) is None,
        read_only=unit.guards.is_read_only(integration_id),
    )


def _of_plan(unit: UnitOfWork, integration_id: int, plan: SyncPlan) -> Preview:
    integration = unit.integrations.get(integration_id)
    keys = {item.payload.type_key for item in plan.items if item.payload is not None}
    names = {attribute.id: attribute.name for attributes in unit.ozon.attributes_of(keys).values() for attribute in attributes}
    warehouses = {warehouse.id: warehouse.name for warehouse in unit.ozon.warehouses(integration_id)}
    price_types = {price_type.id: price_type.name for price_type in unit.store.price_types()}
    price_type = price_types.get(integration.settings.price_type_id or "", "")
    read_only = unit.guards.is_read_only(integration_id)
    return Preview(plan, (), requests_needed(plan), warehouses, names, price_type, None, read_only=read_only)


def reads_orders(parts: frozenset[Part], plan: SyncPlan | None) -> bool:
    """Whether a run brings orders: those it is asked for, and what is sold before stocks are sent. plan None = not made yet."""
    return Part.ORDERS in parts or (Part.STOCKS in parts and (plan is None or bool(plan.of(ActionKind.STOCK))))


def requests_needed(plan: SyncPlan) -> int:
    """How many requests sending the plan takes at least, without those for orders."""
    counts = plan.counts()
    sent = counts[ActionKind.CREATE] + counts[ActionKind.UPDATE]
    pairs = sum(len(item.stocks) for item in plan.of(ActionKind.STOCK))
    # What is left of the quotas is asked; each batch of cards is sent and asked about, and then its products' states are read.
    cards = bool(sent) + ceil(sent / CARDS_A_REQUEST) * 2 + ceil(sent / INFOS_A_REQUEST)
    returned = sum(1 for item in plan.items if item.reason is Reason.RETURNED)
    # Ozon answers for the request to archive; whether it was done is read afterwards.
    archive = ceil(returned / CARDS_A_REQUEST) + ceil(counts[ActionKind.ARCHIVE] / CARDS_A_REQUEST) * 2
    # Stocks are sent, and then Ozon is asked whether it shows them.
    stocks = ceil(pairs / STOCKS_A_REQUEST) + ceil(pairs / ROWS_A_REQUEST)
    # Timers are prolonged and read again; those that a lowest price starts are read.
    started = sum(1 for item in plan.of(ActionKind.PRICE) if item.min_price)
    timers = ceil(counts[ActionKind.TIMER] / TIMERS_A_REQUEST) * 2 + ceil(started / TIMERS_A_REQUEST)
    codes = sum(len(item.payload.more_barcodes) for kind in SENT_CARDS for item in plan.of(kind) if item.payload is not None)
    cards += ceil(codes / BARCODES_A_REQUEST)
    return cards + timers + ceil(counts[ActionKind.PRICE] / PRICES_A_REQUEST) + stocks + archive
