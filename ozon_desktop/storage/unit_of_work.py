"""One transaction's view of everything that is stored: a repository per aggregate."""

from sqlalchemy import Connection

from ozon_desktop.storage.cabinet_cards import CabinetCardRepository
from ozon_desktop.storage.cards import CardRepository
from ozon_desktop.storage.fbs import FbsRepository
from ozon_desktop.storage.guards import GuardRepository
from ozon_desktop.storage.integrations import IntegrationRepository
from ozon_desktop.storage.journal import JournalRepository
from ozon_desktop.storage.leases import LeaseRepository
from ozon_desktop.storage.mappings import MappingRepository
from ozon_desktop.storage.new_products import NewProductRepository
from ozon_desktop.storage.orders import OrderRepository
from ozon_desktop.storage.ozon_catalog import OzonCatalogRepository
from ozon_desktop.storage.plan_rows import PlanRepository
from ozon_desktop.storage.preferences import PreferenceRepository
from ozon_desktop.storage.price_timers import PriceTimerRepository
from ozon_desktop.storage.store import StoreRepository
from ozon_desktop.storage.store_articles import CabinetArticles
from ozon_desktop.storage.store_orders import StoreOrderRepository
from ozon_desktop.storage.sync import SyncRepository
from ozon_desktop.storage.sync_rules import SyncRuleRepository
from ozon_desktop.storage.take_over import TakeOverRepository


class UnitOfWork:
    """The repositories of one transaction; not to be kept beyond it."""

    def __init__(self, connection: Connection) -> None:
        self.integrations = IntegrationRepository(connection)
        self.store = StoreRepository(connection)
        self.articles = CabinetArticles(connection)
        self.ozon = OzonCatalogRepository(connection)
        self.mappings = MappingRepository(connection)
        self.cards = CardRepository(connection)
        self.cabinet = CabinetCardRepository(connection)
        self.sync = SyncRepository(connection)
        self.sync_rules = SyncRuleRepository(connection)
        self.price_timers = PriceTimerRepository(connection)
        self.plan = PlanRepository(connection)
        self.guards = GuardRepository(connection)
        self.orders = OrderRepository(connection)
        self.fbs = FbsRepository(connection)
        self.store_orders = StoreOrderRepository(connection)
        self.new_products = NewProductRepository(connection)
        self.journal = JournalRepository(connection)
        self.leases = LeaseRepository(connection)
        self.preferences = PreferenceRepository(connection)
        self.take_overs = TakeOverRepository(connection)
