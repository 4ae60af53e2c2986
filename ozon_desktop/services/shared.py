"""What most services share: files written whole, the clock, the revision of the local data, and clients of the cabinet."""

import getpass
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from ozon_desktop.domain.bad_item import BadItem
from ozon_desktop.domain.integration import Integration
from ozon_desktop.domain.setup_guide import Action, Missing, missing_for
from ozon_desktop.errors import FileNotReadable, NotPossibleYet
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.credentials import Credentials
from ozon_desktop.ozon.transport import Transport
from ozon_desktop.services.secrets import SecretsService
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


def user_name() -> str:
    """Who is logged in; "" for a service account without a name or home."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def put_file(content: bytes, path: Path) -> None:
    """The whole content in place of what was there, or nothing: FileNotReadable."""
    partial = path.with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_bytes(content)
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise FileNotReadable(str(path), detail=error.strerror or "") from error


def check_possible(unit: UnitOfWork, action: Action, integration_id: int) -> Integration:
    """The integration; NotPossibleYet names what is missing before this can be done with it. NotFound."""
    integration = unit.integrations.get(integration_id)
    missing = missing_for(action, integration, len(unit.mappings.keys(integration_id)))
    if missing:
        raise NotPossibleYet(action.value, missing=tuple(reason.value for reason in missing))
    return integration


class Revision:
    """Counts changes of the local data, so that computed views know when they are stale."""

    def __init__(self) -> None:
        self.number = 0

    def bump(self) -> None:
        """Something that cards, mapping or plans depend on was changed."""
        self.number += 1


class Clients:
    """Clients of the cabinets, all over one transport. on_bad: is given what of their answers cannot be read."""

    def __init__(
        self, storage: Database, secrets: SecretsService, transport: Transport, on_bad: Callable[[BadItem], object] | None = None
    ) -> None:
        self._storage = storage
        self._secrets = secrets
        self._transport = transport
        self._on_bad = on_bad
        self._read_only: dict[int, bool] = {}

    async def client(self, integration_id: int) -> OzonClient:
        """A client with the kept key. NotPossibleYet without a Client ID; KeyMissing and secret store errors."""

        def work(unit: UnitOfWork) -> tuple[Integration, bool]:
            return unit.integrations.get(integration_id), unit.guards.is_read_only(integration_id)

        integration, self._read_only[integration_id] = await self._storage.run(work)
        if integration.settings.client_id is None:
            raise NotPossibleYet("connection", missing=(Missing.CREDENTIALS.value,))
        key = await self._secrets.api_key(integration.settings.client_id)
        credentials = Credentials(integration.settings.client_id, key)
        return OzonClient(self._transport, credentials, self._on_bad, read_only=lambda: self._read_only[integration_id])

    async def set_read_only(self, integration_id: int, read_only: bool) -> None:
        """Nothing that writes goes out to this cabinet any more, from runs under way in this process neither. NotFound."""

        def work(unit: UnitOfWork) -> None:
            unit.integrations.get(integration_id)
            unit.guards.set_read_only(integration_id, read_only)

        await self._storage.run(work)
        self._read_only[integration_id] = read_only

    async def aclose(self) -> None:
        await self._transport.aclose()
