"""«Проверить подключение»: who the key belongs to, what it may do, and how long it lives."""

from dataclasses import replace

from ozon_desktop.domain.integration import ConnectionReport, LimitUsage
from ozon_desktop.errors import MissingRole
from ozon_desktop.ozon.endpoints import ENDPOINTS, NEEDED_METHODS
from ozon_desktop.services.shared import Clients, Clock
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork


class ConnectionService:
    """Checks the credentials of an integration and remembers the answer for offline use."""

    def __init__(self, storage: Database, clients: Clients, clock: Clock) -> None:
        self._storage = storage
        self._clients = clients
        self._clock = clock

    async def check(self, integration_id: int) -> ConnectionReport:
        """Asks Ozon. Any OzonError, NetworkError or SecretStoreError; the last good report is kept on a network failure."""
        client = await self._clients.client(integration_id)
        roles = await client.roles()
        missing = tuple(path for path in NEEDED_METHODS if not _allowed(path, roles.methods))
        company, currency, limits = "", "", tuple[LimitUsage, ...]()
        try:
            seller = await client.seller_info()
            company, currency = seller.name, seller.currency
            limits = await client.limits()
        except MissingRole:
            # A key for orders only may call /v1/roles and little else: the report says so, it is no failure of the check.
            missing = missing or ("/v1/seller/info",)
        report = ConnectionReport(company, currency, roles.roles, missing, roles.expires_at, self._clock(), limits)

        def work(unit: UnitOfWork) -> None:
            unit.integrations.save(replace(unit.integrations.get(integration_id), connection=report, has_key=True))

        await self._storage.run(work)
        return report


def missing_functions(report: ConnectionReport) -> dict[str, tuple[str, ...]]:
    """Methods the key may not call, by the function of the program that needs them (connection, catalog, products …)."""
    found: dict[str, list[str]] = {}
    for endpoint in ENDPOINTS:
        if endpoint.path in report.missing_methods:
            found.setdefault(endpoint.function.value, []).append(endpoint.path)
    return {function: tuple(paths) for function, paths in found.items()}


def _allowed(path: str, methods: frozenset[str]) -> bool:
    """Ozon's examples name whole branches («/v1/posting») beside single methods."""
    return any(path == method or path.startswith(f"{method.rstrip('/')}/") for method in methods)
