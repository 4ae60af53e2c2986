"""Where the address of a database on a server comes from, so that its password never has to stand on a command line.

The option, else the environment, else the system's secret store, which is asked only where a file in the data folder says so.
"""

import os
from pathlib import Path

from ozon_desktop.errors import DatabaseAddressMissing, FileNotReadable, NoSecretStore
from ozon_desktop.services.secrets import SecretStore
from ozon_desktop.storage.database import Database
from ozon_desktop.store.new_file import put_again

ENVIRONMENT_DATABASE_URL = "OZON_DESKTOP_DATABASE_URL"
DATABASE_SECRET = "database-url"


def database_address(given: str | None, marker: Path, store: SecretStore) -> str | None:
    """The address; None = the file in the data folder. May wait for the secret store. SecretStoreError."""
    if given:
        return given
    if from_environment := os.environ.get(ENVIRONMENT_DATABASE_URL):
        return from_environment
    if not marker.exists():
        return None
    kept = store.get(DATABASE_SECRET)
    if not kept:
        # Never the file instead: the shop would seem empty, and work would go into another database.
        raise DatabaseAddressMissing(ENVIRONMENT_DATABASE_URL)
    return kept


def keep_database_address(address: str, marker: Path, store: SecretStore) -> None:
    """Keeps the address for every later start; "" = forgets it. WrongInput, SecretStoreError, FileNotReadable; nothing has changed then."""
    try:
        if not address:
            store.delete(DATABASE_SECRET)
            marker.unlink(missing_ok=True)
            return
        Database(address).close()
        if not store.lasting:
            raise NoSecretStore()
        store.set(DATABASE_SECRET, address)
        marker.parent.mkdir(parents=True, exist_ok=True)
        put_again("Адрес базы данных — в хранилище ключей системы\n".encode(), marker)
    except OSError as error:
        raise FileNotReadable(str(marker), detail=error.strerror or "") from error
