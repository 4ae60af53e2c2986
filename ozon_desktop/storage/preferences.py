"""Small remembered choices: a text per key."""

from sqlalchemy import Connection, select

from ozon_desktop.storage.sql import upsert
from ozon_desktop.storage.tables import preferences


class PreferenceRepository:
    """Reads and writes preferences."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> str | None:
        """The value, or None when it was never set."""
        return self._connection.execute(select(preferences.c.value).where(preferences.c.key == key)).scalar_one_or_none()

    def set(self, key: str, value: str) -> None:
        """Sets or replaces the value."""
        upsert(self._connection, preferences, [{"key": key, "value": value}])
