"""From which of the store's warehouses each cabinet's Ozon warehouses are filled."""

from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.orders import Posting
from ozon_desktop.domain.stock_rules import NO_RULES, StockSplitter
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.storage.unit_of_work import UnitOfWork


class Feeding:
    """By the rules for stocks, else by name; of the database as it is in this transaction."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit
        self._store_warehouses = unit.store.warehouses()
        self._splitters: dict[int, StockSplitter] = {}

    def stores_of(self, integration_id: int, posting: Posting) -> tuple[str, ...] | None:
        """Store warehouses whose stock was offered where it was sold; () = it is not known which, None = another program fills that."""
        if integration_id not in self._splitters:
            self._splitters[integration_id] = self._splitter(integration_id)
        return self._splitters[integration_id].stores_of(posting.warehouse_id)

    def taken_from(self, integration_id: int, posting: Posting) -> tuple[str, ...]:
        """Store warehouses the goods are to be taken from, the first before the others; () = it is not known which.

        Of what Ozon sells from its own warehouses none is known. Else, where rules are silent, the one of the same name, or the only one.
        """
        if posting.scheme == "fbo":
            return ()
        known = {warehouse.id: warehouse.name for warehouse in self._store_warehouses}
        fed = tuple(id_ for id_ in self.stores_of(integration_id, posting) or () if id_ in known)
        named = tuple(id_ for id_, name in known.items() if posting.warehouse_name and fold(name) == fold(posting.warehouse_name))
        return fed or named or (tuple(known) if len(known) == 1 else ())

    def _splitter(self, integration_id: int) -> StockSplitter:
        scheme = self._unit.integrations.get(integration_id).settings.scheme or Scheme.FBO
        rules = self._unit.sync_rules.stocks(integration_id) or NO_RULES
        return StockSplitter(rules, self._store_warehouses, self._unit.ozon.warehouses(integration_id), scheme)
