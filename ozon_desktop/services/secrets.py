"""Where API keys and passwords are kept: the system's secret store; the only module that imports keyring.

A secret never reaches the database, a log or a message. All calls may block on a prompt of the system, so they run in a thread.
"""

import asyncio
import os
import sys
from typing import Protocol

import keyring
import keyring.errors
from keyring.backends.fail import Keyring as NoKeyring

from ozon_desktop.errors import KeyMissing, NoSecretStore, SecretStoreLocked

SERVICE = "OzonDesktop"
ENVIRONMENT_KEY = "OZON_DESKTOP_API_KEY"
ENVIRONMENT_MAIL_PASSWORD = "OZON_DESKTOP_SMTP_PASSWORD"
ENVIRONMENT_STORE_PASSWORD = "OZON_DESKTOP_STORE_PASSWORD"

_KEY, _MAIL, _STORE = "client-", "mail-", "store-"


class SecretStore(Protocol):
    """Keeps texts by name. `place`: in Russian, where; `lasting`: whether they outlive the process."""

    place: str
    lasting: bool

    def get(self, name: str) -> str | None: ...

    def set(self, name: str, value: str) -> None: ...

    def delete(self, name: str) -> None: ...


class KeyringStore:
    lasting = True

    def __init__(self) -> None:
        names = {"win32": "Диспетчер учётных данных Windows", "darwin": "Связка ключей macOS"}
        self.place = names.get(sys.platform, "Связка ключей системы")

    @staticmethod
    def available() -> bool:
        """Whether this system has a secret store at all."""
        backend = keyring.get_keyring()
        return not isinstance(backend, NoKeyring) and backend.priority > 0

    def get(self, name: str) -> str | None:
        """NoSecretStore, SecretStoreLocked."""
        try:
            return keyring.get_password(SERVICE, name)
        except keyring.errors.KeyringError as error:
            raise _known(error) from error

    def set(self, name: str, value: str) -> None:
        """NoSecretStore, SecretStoreLocked."""
        try:
            keyring.set_password(SERVICE, name, value)
        except keyring.errors.KeyringError as error:
            raise _known(error) from error

    def delete(self, name: str) -> None:
        try:
            if keyring.get_password(SERVICE, name) is not None:
                keyring.delete_password(SERVICE, name)
        except keyring.errors.KeyringError as error:
            raise _known(error) from error


def _known(error: keyring.errors.KeyringError) -> NoSecretStore | SecretStoreLocked:
    if isinstance(error, keyring.errors.NoKeyringError):
        return NoSecretStore(detail=type(error).__name__)
    return SecretStoreLocked(detail=type(error).__name__)


class MemoryStore:
    """Keeps secrets only while the process lives: the demonstration, tests, and systems without a secret store."""

    lasting = False

    def __init__(
        self,
        place: str = "Только в памяти, до закрытия программы",
        fallback: str | None = None,
        mail_fallback: str | None = None,
        store_fallback: str | None = None,
    ) -> None:
        self.place = place
        self._fallbacks = {_KEY: fallback, _MAIL: mail_fallback, _STORE: store_fallback}
        self._values: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        """The kept text, else the fallback of its kind: an API key must never be taken for a password."""
        return self._values.get(name) or next((text for kind, text in self._fallbacks.items() if name.startswith(kind)), None)

    def set(self, name: str, value: str) -> None:
        self._values[name] = value

    def delete(self, name: str) -> None:
        self._values.pop(name, None)


def system_store() -> SecretStore:
    """The system's secret store, else memory with what the environment gives for this process only."""
    if KeyringStore.available():
        return KeyringStore()
    key, mail_password = os.environ.get(ENVIRONMENT_KEY), os.environ.get(ENVIRONMENT_MAIL_PASSWORD)
    store_password = os.environ.get(ENVIRONMENT_STORE_PASSWORD)
    if key:
        return MemoryStore(f"Переменная {ENVIRONMENT_KEY}, только для этого запуска", key, mail_password, store_password)
    place = "В системе нет хранилища ключей: ключ живёт до закрытия программы"
    return MemoryStore(place, mail_fallback=mail_password, store_fallback=store_password)


class SecretsService:
    """API keys by Client ID, other secrets by name. What was read once stays in memory: the system asks its user at most once."""

    def __init__(self, store: SecretStore) -> None:
        self._store = store
        self._known: dict[str, str | None] = {}

    @property
    def place(self) -> str:
        """Where keys are kept, in Russian."""
        return self._store.place

    @property
    def lasting(self) -> bool:
        """Whether a key is still there at the next start."""
        return self._store.lasting

    async def api_key(self, client_id: int) -> str:
        """The key of this cabinet; KeyMissing, NoSecretStore, SecretStoreLocked."""
        key = await self.find(client_id)
        if not key:
            raise KeyMissing(str(client_id))
        return key

    async def find(self, client_id: int) -> str | None:
        return await self.secret(_name(client_id))

    async def keep(self, client_id: int, key: str) -> None:
        await self.keep_secret(_name(client_id), key)

    async def secret(self, name: str) -> str | None:
        """The secret of this name, or None; NoSecretStore, SecretStoreLocked."""
        if self._known.get(name) is None:
            self._known[name] = await asyncio.to_thread(self._store.get, name)
        return self._known[name]

    async def keep_secret(self, name: str, value: str) -> None:
        """Keeps a secret under a name; NoSecretStore, SecretStoreLocked."""
        await asyncio.to_thread(self._store.set, name, value)
        self._known[name] = value

    async def forget_secret(self, name: str) -> None:
        await asyncio.to_thread(self._store.delete, name)
        self.read_anew(name)

    def read_anew(self, name: str) -> None:
        """Asks the secret store the next time: another process may have kept another secret under this name."""
        self._known.pop(name, None)


def mail_secret(user: str, server: str) -> str:
    """Name of a mail password: bound to the server, so that the password of one is never sent to another."""
    return f"{_MAIL}{user.casefold()}@{server.casefold()}"


def _name(client_id: int) -> str:
    return f"{_KEY}{client_id}"
