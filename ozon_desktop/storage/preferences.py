"""Small remembered choices: a text per key."""

from typing import Any

from sqlalchemy import Connection, Executable, Select, delete, func, select

from ozon_desktop.storage.sql import prepared, upsert
from ozon_desktop.storage.tables import preferences


class PreferenceRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str) -> str | None:
        """The value, or None when it was never set."""
        return _value(self._connection, key).scalar_one_or_none()

    def starting_with(self, beginning: str) -> dict[str, str]:
        """Values of all keys that begin so."""
        return {row.key: row.value for row in _starting_with(self._connection, beginning)}

    def remove(self, key: str) -> None:
        """Forgets the value; nothing happens when there is none."""
        _without(self._connection, key)

    def set(self, key: str, value: str) -> None:
        upsert(self._connection, preferences, [{"key": key, "value": value}])


@prepared
def _value(key: str) -> Select[Any]:
    return select(preferences.c.value).where(preferences.c.key == key)


@prepared
def _starting_with(beginning: str) -> Select[Any]:
    return select(preferences.c.key, preferences.c.value).where(func.substr(preferences.c.key, 1, func.length(beginning)) == beginning)


@prepared
def _without(key: str) -> Executable:
    return delete(preferences).where(preferences.c.key == key)
