"""Which orders the store has not got yet: the one answer for the list, the counters and the handing over."""

from ozon_desktop.services.store.connection import connection_of
from ozon_desktop.storage.unit_of_work import UnitOfWork


def not_in_store(unit: UnitOfWork, integration_id: int) -> frozenset[str]:
    """Posting numbers. A store that takes orders over its connection lacks those it never confirmed, any other those not written."""
    if connection_of(unit).takes_orders:
        return frozenset(unit.store_orders.unknown(integration_id))
    return frozenset(unit.orders.unexported(integration_id))


def count_not_in_store(unit: UnitOfWork, integration_id: int) -> int:
    """How many they are."""
    if connection_of(unit).takes_orders:
        return unit.store_orders.count_unknown(integration_id)
    return unit.orders.count_new(integration_id)
