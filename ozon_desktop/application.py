"""The composition root: the one place that builds the parts of the program and connects them."""

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path

from ozon_desktop.backoffice.http import Web
from ozon_desktop.backoffice.link.link import Link
from ozon_desktop.backoffice.moysklad.client import MoySklad
from ozon_desktop.backoffice.onec.area import uploaded_pictures
from ozon_desktop.backoffice.onec.site import Timing
from ozon_desktop.domain.integration import IntegrationSettings
from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.ozon.item_limits import ItemLimits
from ozon_desktop.ozon.recording import Recording
from ozon_desktop.ozon.transport import BASE_URL, Transport
from ozon_desktop.ozon.web_pictures import WebPictures
from ozon_desktop.paths import DataPaths, resource
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.services.backups import Backups
from ozon_desktop.services.cabinet.cards import CabinetCardsService
from ozon_desktop.services.cabinet.existing_cards import ExistingCardsService
from ozon_desktop.services.cards.bulk import CardBulk
from ozon_desktop.services.cards.cards import CardsService
from ozon_desktop.services.cards.exchange import CardExchange
from ozon_desktop.services.cards.picture_files import PictureFiles
from ozon_desktop.services.catalog.catalog import CatalogService
from ozon_desktop.services.database_address import database_address
from ozon_desktop.services.installation import installation_name
from ozon_desktop.services.integration.answers_report import AnswersReportService
from ozon_desktop.services.integration.connection import ConnectionService
from ozon_desktop.services.integration.integrations import IntegrationsService
from ozon_desktop.services.mail import Mailer
from ozon_desktop.services.mapping.exchange import MappingExchange
from ozon_desktop.services.mapping.mapping import MappingService
from ozon_desktop.services.mapping.word_tables import WordTableFiles
from ozon_desktop.services.notifications import NotificationsService
from ozon_desktop.services.orders.desk import DeskParts, FbsDesk
from ozon_desktop.services.orders.desk_view import DeskPatience
from ozon_desktop.services.orders.orders import OrdersService, StoreRoute
from ozon_desktop.services.orders.store_orders import StoreOrders
from ozon_desktop.services.runs.bad_items import note_bad_item
from ozon_desktop.services.runs.board import RunBoard
from ozon_desktop.services.runs.edits import EditedRevision
from ozon_desktop.services.runs.journal import JournalService
from ozon_desktop.services.runs.journalled import Journalled
from ozon_desktop.services.runs.leases import Leases
from ozon_desktop.services.runs.orders_clock import OrdersClock
from ozon_desktop.services.runs.overview import OverviewService
from ozon_desktop.services.runs.scheduler import Scheduler
from ozon_desktop.services.secrets import MemoryStore, SecretsService, SecretStore, system_store
from ozon_desktop.services.shared import Clients, Clock, utc_now
from ozon_desktop.services.store.articles import ArticleRules
from ozon_desktop.services.store.columns import PriceListColumns
from ozon_desktop.services.store.connection import Connected, Connector, StoreConnectionService
from ozon_desktop.services.store.creating import StoreCreating
from ozon_desktop.services.store.exchange import ExchangeParts, OnecExchange
from ozon_desktop.services.store.importing import StoreImportService
from ozon_desktop.services.store.listing import StoreListing
from ozon_desktop.services.store.overview import OverviewParts, StoreOverviewService
from ozon_desktop.services.store.pulling import StorePulling
from ozon_desktop.services.store.take_over import TakeOverService
from ozon_desktop.services.store.watching import WatchedFolder
from ozon_desktop.services.sync.first_five import FirstFive
from ozon_desktop.services.sync.held_items import HeldItems
from ozon_desktop.services.sync.outcome import Patience
from ozon_desktop.services.sync.preview import PreviewService
from ozon_desktop.services.sync.rules import SyncRulesService
from ozon_desktop.services.sync.sending import SendingStates
from ozon_desktop.services.sync.sync import SyncService
from ozon_desktop.services.sync.take_back import TakeBack
from ozon_desktop.storage.database import Database
from ozon_desktop.time_zone import local_zone

DEMO_ASSEMBLE_S = 10.0
"""How soon the demo's sandbox plays the seller's packing of an order, which the program cannot do yet."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the program is started with. demo: the demo store, and the sandbox in this process instead of Ozon.

    record_dir: where Ozon's answers are written for tests, without keys and personal data; own_database: the one named here or that of the
    data folder, whatever environment and secret store say.
    """

    data_dir: Path | None = None
    database_url: str | None = None
    api_url: str | None = None
    demo: bool = False
    clock: Clock = utc_now
    secret_store: SecretStore | None = None
    mailer: Mailer | None = None
    patience: Patience = field(default_factory=Patience)
    demo_order_interval_s: float = 20.0
    record_dir: Path | None = None
    item_limits: ItemLimits = field(default_factory=ItemLimits)
    exchange_timing: Timing = field(default_factory=Timing)
    own_database: bool = False
    desk_patience: DeskPatience = field(default_factory=DeskPatience)


@dataclass(slots=True)
class Application:
    """The connected parts. `sandbox` only in the demonstration."""

    integrations: IntegrationsService
    connection: ConnectionService
    answers_report: AnswersReportService
    catalog: CatalogService
    mapping: MappingService
    mapping_exchange: MappingExchange
    cards: CardsService
    card_bulk: CardBulk
    card_exchange: CardExchange
    cabinet_cards: CabinetCardsService
    existing_cards: ExistingCardsService
    pictures: PictureFiles
    sync: SyncService
    previews: PreviewService
    sync_rules: SyncRulesService
    held_items: HeldItems
    first_five: FirstFive
    take_back: TakeBack
    sending: SendingStates
    orders: OrdersService
    desk: FbsDesk
    journal: JournalService
    store_import: StoreImportService
    store_connection: StoreConnectionService
    store_take_over: TakeOverService
    store_creating: StoreCreating
    store_orders: StoreOrders
    store_pulling: StorePulling
    onec: OnecExchange
    store_overview: StoreOverviewService
    store_listing: StoreListing
    article_rules: ArticleRules
    price_list_columns: PriceListColumns
    overview: OverviewService
    scheduler: Scheduler
    orders_clock: OrdersClock
    notifications: NotificationsService
    secrets: SecretsService
    backups: Backups = field(init=False)
    storage: Database
    paths: DataPaths
    api_url: str
    clock: Clock
    sandbox: Sandbox | None
    _ways_out: tuple[Clients, Web]

    @property
    def demo(self) -> bool:
        """Whether it is the demonstration."""
        return self.sandbox is not None

    async def run(self) -> None:
        """Does by itself what is due, and serves 1C where it is the store's connection, until it is cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.scheduler.run())
            group.create_task(self.onec.run())
            group.create_task(self.backups.run())

    async def close(self) -> None:
        """Stops scheduled runs and the exchange with 1C, waits for letters under way, then closes connections and the database."""
        await self.scheduler.stop()
        await self.onec.stop()
        await self.notifications.close()
        await self.pictures.close()
        for way in self._ways_out:
            await way.aclose()
        await asyncio.to_thread(self.storage.close)


async def build(options: Options) -> Application:
    """Opens the database and builds the program. StorageError when the database cannot be used, SecretStoreError when its address."""
    paths = DataPaths(options.data_dir) if options.data_dir else DataPaths.default()
    address = options.database_url
    if not (address or options.own_database or options.demo):
        store = options.secret_store or system_store()
        address = await asyncio.to_thread(database_address, None, paths.database_elsewhere, store)
    if address:
        storage = Database(address)
    else:
        storage = await asyncio.to_thread(Database.in_file, paths.database)
    await asyncio.to_thread(storage.open)
    sandbox = None
    if options.demo:
        sandbox = await asyncio.to_thread(lambda: Sandbox(order_interval_s=options.demo_order_interval_s, assemble_s=DEMO_ASSEMBLE_S))
    ground = await asyncio.to_thread(_ground, options, storage, sandbox)
    application = await asyncio.to_thread(_connect, options, ground, storage, paths, sandbox)
    application.backups = Backups(storage, options.clock, application.notifications.notify_owner)
    await application.journal.close_interrupted()
    await application.integrations.ensure_one()
    if options.demo:
        await _prepare_demo(application)
    return application


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all services stand on."""

    clock: Clock
    revision: EditedRevision
    leases: Leases
    board: RunBoard
    secrets: SecretsService
    clients: Clients
    notifications: NotificationsService
    journalled: Journalled


def _ground(options: Options, storage: Database, sandbox: Sandbox | None) -> _Ground:
    store = options.secret_store or (MemoryStore("В памяти: это демонстрация") if options.demo else system_store())
    clock, leases, secrets = options.clock, Leases(storage), SecretsService(store)
    clients = Clients(storage, secrets, _transport(options, sandbox), note_bad_item)
    notifications = NotificationsService(storage, secrets, options.mailer or Mailer())
    journalled = Journalled(storage, clock, leases, notifications.run_ended)
    return _Ground(clock, EditedRevision(), leases, RunBoard(storage, clock), secrets, clients, notifications, journalled)


def _connect(options: Options, ground: _Ground, storage: Database, paths: DataPaths, sandbox: Sandbox | None) -> Application:
    clock, revision, leases, clients = ground.clock, ground.revision, ground.leases, ground.clients
    (cards, catalog, cabinet), mapping, store = _cards(ground, storage), _mapping(ground, storage), _store(options, ground, storage, paths)
    runs = _runs(ground, storage, store, cards, catalog, options.patience, installation_name(paths.installation))
    return Application(
        integrations=IntegrationsService(storage, ground.secrets, revision),
        connection=ConnectionService(storage, clients, clock),
        answers_report=AnswersReportService(clients, clock, resource("ozon_fields.json")),
        catalog=catalog,
        mapping=mapping,
        mapping_exchange=MappingExchange(mapping),
        cards=cards,
        card_bulk=CardBulk(storage, cards),
        card_exchange=CardExchange(storage, cards, catalog),
        cabinet_cards=cabinet,
        existing_cards=ExistingCardsService(storage, clock, revision),
        pictures=_pictures(options, paths),
        sync=runs.sync,
        previews=runs.previews,
        sync_rules=SyncRulesService(storage, clients, revision, clock),
        held_items=HeldItems(storage, revision),
        first_five=FirstFive(storage, clients, runs.sync),
        take_back=TakeBack(storage, runs.sync, revision),
        sending=SendingStates(storage, clients, revision),
        orders=runs.orders,
        desk=_desk(options, ground, storage),
        journal=JournalService(storage, clock, leases),
        store_import=store.imports,
        store_connection=store.route.connection,
        store_take_over=TakeOverService(storage, store.route.connection, clock, revision, leases, cards.history.forget),
        store_creating=StoreCreating(storage, store.route.connection, cabinet, clock, revision, leases, ground.journalled),
        store_orders=store.route.orders,
        store_pulling=store.pulling,
        onec=store.onec,
        store_overview=store.overview,
        store_listing=StoreListing(storage),
        article_rules=ArticleRules(storage, revision),
        price_list_columns=PriceListColumns(storage),
        overview=OverviewService(storage, mapping, cards, clock, local_zone(), ground.board, leases),
        scheduler=runs.scheduler,
        orders_clock=runs.orders_clock,
        notifications=ground.notifications,
        secrets=ground.secrets,
        storage=storage,
        paths=paths,
        api_url=options.api_url or BASE_URL,
        clock=clock,
        sandbox=sandbox,
        _ways_out=(clients, store.web),
    )


def _cards(ground: _Ground, storage: Database) -> tuple[CardsService, CatalogService, CabinetCardsService]:
    clients, clock, revision, journalled = ground.clients, ground.clock, ground.revision, ground.journalled
    cards, catalog = CardsService(storage, clients, clock, revision), CatalogService(storage, clients, clock, revision, journalled)
    return cards, catalog, CabinetCardsService(storage, clients, clock, revision, journalled, cards.history)


def _mapping(ground: _Ground, storage: Database) -> MappingService:
    return MappingService(storage, ground.clock, ground.revision, WordTableFiles(resource("matching")))


def _desk(options: Options, ground: _Ground, storage: Database) -> FbsDesk:
    parts = DeskParts(storage, ground.clients, ground.clock, ground.revision, ground.journalled, ground.leases, local_zone())
    return FbsDesk(parts, options.desk_patience)


@dataclass(frozen=True, slots=True)
class _Store:
    """How goods come from the store and orders go to it."""

    imports: StoreImportService
    web: Web
    route: StoreRoute
    pulling: StorePulling
    onec: OnecExchange
    overview: StoreOverviewService


def _store(options: Options, ground: _Ground, storage: Database, paths: DataPaths) -> _Store:
    clock, web, notifications = ground.clock, Web(), ground.notifications
    imports = StoreImportService(storage, clock, ground.revision, notifications.notify_owner)
    connection = StoreConnectionService(storage, ground.secrets, imports, clock, ground.leases, _connectors(web), paths.pulls)
    route = StoreRoute(connection, StoreOrders(storage, clock, ground.leases))
    parts = ExchangeParts(connection, imports, route.orders)
    onec = OnecExchange(storage, parts, ground.leases, notifications, clock, paths.exchange, options.exchange_timing)
    pulling = StorePulling(storage, connection, notifications, clock)
    overview = StoreOverviewService(storage, OverviewParts(connection, pulling, route.orders, onec), clock)
    return _Store(imports, web, route, pulling, onec, overview)


@dataclass(frozen=True, slots=True)
class _Runs:
    """What runs by hand and by the clock."""

    orders: OrdersService
    previews: PreviewService
    sync: SyncService
    orders_clock: OrdersClock
    scheduler: Scheduler


def _runs(
    ground: _Ground, storage: Database, store: _Store, cards: CardsService, catalog: CatalogService, patience: Patience, installation: str
) -> _Runs:
    clock, revision, leases, board, clients = ground.clock, ground.revision, ground.leases, ground.board, ground.clients
    notifications, journalled, pulling = ground.notifications, ground.journalled, store.pulling
    tell = notifications.notify_owner
    orders = OrdersService(storage, clients, clock, revision, journalled, notifications, None, installation, store.route)
    previews = PreviewService(storage, clients, cards, catalog, orders, clock, revision)
    sync = SyncService(storage, clients, previews, orders, clock, revision, journalled, leases, board, patience, tell, pulling.before_run)
    orders_clock = OrdersClock(storage, orders, sync, notifications, leases, clock)
    watched, zone = WatchedFolder(storage, store.imports), local_zone()
    scheduler = Scheduler(
        storage,
        sync,
        notifications,
        clock,
        zone,
        edits=revision,
        watched=watched,
        orders=orders_clock,
        pulling=pulling,
        half_there=store.onec.is_open,
    )
    return _Runs(orders, previews, sync, orders_clock, scheduler)


def _connectors(web: Web) -> dict[ConnectionKind, Connector]:
    """A line for each kind of back office that is asked."""

    def moysklad(connection: StoreConnection, secret: str) -> Connected:
        made = MoySklad(web, connection.address, connection.login, secret)
        return Connected(made, made, made)

    return {
        ConnectionKind.LINK: lambda connection, secret: Connected(source=Link(web, connection, secret)),
        ConnectionKind.MOYSKLAD: moysklad,
    }


def _transport(options: Options, sandbox: Sandbox | None) -> Transport:
    recorder = Recording(options.record_dir) if options.record_dir else None
    app = sandbox.app if sandbox else None
    return Transport(base_url=options.api_url or BASE_URL, app=app, recorder=recorder, item_limits=options.item_limits)


def _pictures(options: Options, paths: DataPaths) -> PictureFiles:
    # Beside a stand-in for Ozon the addresses of the pictures are invented as well.
    web = None if options.demo or options.api_url else WebPictures()
    return PictureFiles(paths.pictures, web, options.clock, uploads=uploaded_pictures(paths.exchange))


async def _prepare_demo(application: Application) -> None:
    """The demo store, and the sandbox's credentials: the checklist stands at its second step."""
    await application.store_import.load_demo(resource("demo_store", "store.json"))
    integration = await application.integrations.ensure_one()
    settings: IntegrationSettings = replace(integration.settings, client_id=KNOWN_CLIENT_ID)
    await application.integrations.save(integration.id, settings, ADMIN_KEY)
