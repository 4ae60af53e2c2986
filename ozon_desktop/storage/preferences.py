"""Small remembered choices: a text per key."""

from sqlalchemy import Connection, delete, select

from ozon_desktop.storage.sql import upsert
from ozon_desktop.storage.tables import preferences


class PreferenceRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> str | None:
        """The value, or None when it was never set."""
        return self._connection.execute(select(preferences.c.value).where(preferences.c.key == key)).scalar_one_or_none()

    def starting_with(self, beginning: str) -> dict[str, str]:
        """Values of all keys that begin so."""
        query = select(preferences.c.key, preferences.c.value).where(preferences.c.key.startswith(beginning, autoescape=True))
        return {row.key: row.value for row in self._connection.execute(query)}

    def remove(self, key: str) -> None:
        """Forgets the value; nothing happens when there is none."""
        self._connection.execute(delete(preferences).where(preferences.c.key == key))

    def set(self, key: str, value: str) -> None:
        upsert(self._connection, preferences, [{"key": key, "value": value}])
