"""What a synchronization would do, worked out from the local data and, when the network is there, a look into the cabinet."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from ozon_desktop.domain.cabinet import OzonWarehouse
from ozon_desktop.domain.integration import LimitUsage, Scheme
from ozon_desktop.domain.ozon_catalog import OzonTree, OzonType, TypeKey
from ozon_desktop.domain.pricing import split_stock
from ozon_desktop.domain.setup_guide import Action, missing_for
from ozon_desktop.domain.sync_plan import Accepted, ActionKind, Part, SyncPlan, Wish, archive_items, make_plan
from ozon_desktop.errors import AppError, NetworkError, NotPossibleYet, OzonError, SecretStoreError
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.services.card_builder import prepare, read_context
from ozon_desktop.services.cards import CardsService
from ozon_desktop.services.collection import SettingsCollection
from ozon_desktop.services.parts import Clients, Clock, Revision
from ozon_desktop.services.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

ATTRIBUTES_FRESH_FOR = timedelta(days=1)
ALL_PARTS = frozenset(Part)
CARDS_A_REQUEST, PRICES_A_REQUEST, STOCKS_A_REQUEST = 100, 1000, 100


@dataclass(frozen=True, slots=True)
class Preview:
    """The plan with what is needed to show it.

    offline: why the cabinet could not be asked, None = it was; news: what Ozon newly requires, in Russian.
    """

    plan: SyncPlan
    limits: tuple[LimitUsage, ...]
    requests: int
    warehouses: dict[int, str]
    attribute_names: dict[int, str]
    price_type: str
    offline: AppError | None
    news: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewsWords:
    """Texts of the news: of a field (type, field, products) that became required, of a type whose fields could not be read again."""

    required: Callable[[str, str, int], str]
    not_read: Callable[[str, AppError], str]


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
        self, storage: Database, clients: Clients, cards: CardsService, clock: Clock, revision: Revision, words: NewsWords
    ) -> None:
        self._storage = storage
        self._clients = clients
        self._cards = cards
        self._clock = clock
        self._revision = revision
        self._words = words

    async def preview(self, integration_id: int, progress: Progress, parts: frozenset[Part] = ALL_PARTS) -> Preview:
        """The plan. NotPossibleYet names what is missing; a network failure only makes it less fresh."""
        await self._gate(integration_id)
        limits: tuple[LimitUsage, ...] = ()
        offline: AppError | None = None
        news: list[str] = []
        try:
            limits = await self._look_into_cabinet(integration_id, progress, parts, news)
        except (NetworkError, OzonError, SecretStoreError) as error:
            offline = error
        progress(ProgressUpdate(Stage.PLAN))
        found = await self._storage.run(lambda unit: _make(unit, integration_id, parts))
        return replace(found, limits=limits, offline=offline, news=tuple(news))

    async def _gate(self, integration_id: int) -> None:
        def work(unit: UnitOfWork) -> tuple[str, ...]:
            integration = unit.integrations.get(integration_id)
            mapped = len(unit.mappings.keys(integration_id))
            return tuple(reason.value for reason in missing_for(Action.SYNCHRONIZE, integration, mapped))

        missing = await self._storage.run(work)
        if missing:
            raise NotPossibleYet(Action.SYNCHRONIZE.value, missing=missing)

    async def _look_into_cabinet(
        self, integration_id: int, progress: Progress, parts: frozenset[Part], news: list[str]
    ) -> tuple[LimitUsage, ...]:
        """Warehouses, limits, brands not cached yet, attributes, and which of the products to create exist already.

        `news` gets what is newly required, also when a later question fails.
        """
        client = await self._clients.client(integration_id)
        progress(ProgressUpdate(Stage.CABINET))
        warehouses = await client.warehouses()
        limits = await client.limits()
        await self._storage.run(lambda unit: unit.ozon.save_warehouses(integration_id, warehouses))
        await self._cards.resolve_values(integration_id, progress)
        if Part.PRODUCTS in parts and await self._refresh_attributes(integration_id, client, progress, news):
            # A field that is new may be filled by the store, with a brand that was not asked for yet.
            await self._cards.resolve_values(integration_id, progress)
        unknown = await self._storage.run(lambda unit: _unknown_offers(unit, integration_id))
        await self._learn(integration_id, client, unknown)
        return limits

    async def _refresh_attributes(self, integration_id: int, client: OzonClient, progress: Progress, news: list[str]) -> bool:
        """Reads attribute lists older than a day again: a newly required one is found here and not by Ozon's refusal.

        False when there were none.
        """
        stale_before = self._clock() - ATTRIBUTES_FRESH_FOR
        stale = await self._storage.run(lambda unit: _stale_types(unit, integration_id, stale_before))
        if stale is None:
            return False
        collected = await SettingsCollection(self._storage, client, self._clock, stale.tree).collect(stale.types, progress, force=True)
        self._revision.bump()
        after = await self._storage.run(lambda unit: {type_.key: _required(unit, type_.key) for type_ in stale.types})
        for type_ in stale.types:
            added = sorted(name for id_, name in after[type_.key].items() if id_ not in stale.required[type_.key])
            news.extend(self._words.required(type_.name, name, stale.products[type_.key]) for name in added)
        news.extend(self._words.not_read(path, error) for path, error in collected.failed)
        return True

    async def _learn(self, integration_id: int, client: OzonClient, offers: Sequence[str]) -> None:
        """A product that exists in the cabinet is updated, never created again."""
        if not offers:
            return
        existing = await client.product_infos(offers)
        now = self._clock()
        learned = [
            Accepted(
                info.offer_id,
                info.product_id,
                None,
                info.price,
                (),
                info.status,
                info.status_name,
                info.errors,
                updated_at=now,
                archived=info.archived,
            )
            for info in existing
        ]
        if learned:
            await self._storage.run(lambda unit: unit.sync.save_accepted(integration_id, learned))


def _required(unit: UnitOfWork, key: TypeKey) -> dict[int, str]:
    return {attribute.id: attribute.name for attribute in unit.ozon.attributes(key) if attribute.is_required}


def _stale_types(unit: UnitOfWork, integration_id: int, stale_before: datetime) -> _Stale | None:
    """Types of the cards that would be sent whose attributes were collected too long ago; None = there are none."""
    context = read_context(unit, integration_id)
    mapped = (context.tree.types.get(key) for key in context.attributes)
    old = {type_.key: type_ for type_ in mapped if type_ is not None and type_.settings_at is not None and type_.settings_at < stale_before}
    if not old:
        # The usual case, and a plan of many products takes seconds.
        return None
    plan = _make(unit, integration_id, frozenset({Part.PRODUCTS})).plan
    payloads = (item.payload for item in plan.items if item.kind in {ActionKind.CREATE, ActionKind.UPDATE})
    products = Counter(payload.type_key for payload in payloads if payload is not None and payload.type_key in old)
    types = tuple(old[key] for key in sorted(products))
    return _Stale(context.tree, types, dict(products), {key: _required(unit, key) for key in products}) if types else None


def _unknown_offers(unit: UnitOfWork, integration_id: int) -> list[str]:
    """Offer ids of ready cards that were never seen in the cabinet."""
    _, builder = prepare(unit, integration_id)
    accepted = unit.sync.accepted(integration_id)
    cards = (builder.build(product) for product in builder.products)
    return [card.offer_id for card in cards if card.ready and (card.offer_id not in accepted or not accepted[card.offer_id].product_id)]


def _make(unit: UnitOfWork, integration_id: int, parts: frozenset[Part]) -> Preview:
    context, builder = prepare(unit, integration_id)
    accepted = unit.sync.accepted(integration_id)
    stocks = unit.store.stocks()
    store_warehouses = unit.store.warehouses()
    ozon_warehouses: list[OzonWarehouse] = unit.ozon.warehouses(integration_id)
    scheme = context.integration.settings.scheme or Scheme.FBO
    wishes = (
        Wish(builder.build(product), split_stock(stocks.get(product.id, []), store_warehouses, ozon_warehouses, scheme))
        for product in builder.products
    )
    on_ozon = frozenset(offer for offer, known in accepted.items() if known.product_id)
    plan = make_plan(wishes, accepted, on_ozon, parts)
    if Part.PRODUCTS in parts:
        alive = {builder.offer_id(product) for product in builder.products}
        deleted = [(product.offer_id, product.name) for product in unit.store.deleted_products() if product.offer_id not in alive]
        plan = SyncPlan((*plan.items, *archive_items(deleted, accepted)))
    price_types = {price_type.id: price_type.name for price_type in unit.store.price_types()}
    return Preview(
        plan,
        (),
        requests_needed(plan, parts),
        {warehouse.id: warehouse.name for warehouse in ozon_warehouses},
        {attribute.id: attribute.name for attributes in context.attributes.values() for attribute in attributes},
        price_types.get(context.integration.settings.price_type_id or "", ""),
        None,
    )


def requests_needed(plan: SyncPlan, parts: frozenset[Part]) -> int:
    """How many requests sending the plan takes at least."""
    counts = plan.counts()
    cards = ceil((counts[ActionKind.CREATE] + counts[ActionKind.UPDATE]) / CARDS_A_REQUEST)
    pairs = sum(len(item.stocks) for item in plan.of(ActionKind.STOCK))
    orders = 2 if Part.ORDERS in parts else 0
    # Each batch of cards is sent, asked about, and its products' states are read.
    archived = ceil(counts[ActionKind.ARCHIVE] / CARDS_A_REQUEST)
    return cards * 3 + ceil(counts[ActionKind.PRICE] / PRICES_A_REQUEST) + ceil(pairs / STOCKS_A_REQUEST) + orders + archived
