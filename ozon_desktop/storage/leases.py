"""Leases: taken by one, renewed while its work goes on, free again when that stops. All by the clock of the database."""

from collections.abc import Collection
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Connection, Executable, Row, Select, bindparam, cast, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from ozon_desktop.domain.lease import Lease, Owner
from ozon_desktop.storage.run_tables import run_leases
from ozon_desktop.storage.sql import prepared

UNIX_EPOCH_JULIAN = 2440587.5
MS_A_DAY = 86_400_000

_MINE = update(run_leases).where(run_leases.c.name == bindparam("held"), run_leases.c.token == bindparam("holder"))


class LeaseRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, name: str, owner: Owner, run_id: int, length_s: float, gone: Collection[str] = ()) -> Lease | None:
        """Takes the lease for `length_s` seconds: None = taken, else the lease of who holds it. gone: tokens of owners known to be dead.

        One statement decides, so that of two processes only one gets it. Ends a lease from beyond the longest possible future too:
        the clock it was written by was set back since.
        """
        now, length = self._now(), round(length_s * 1000)
        values = {"name": name, "run_id": run_id, "since_ms": now, "expires_ms": now + length, "stage": "", "done": 0, "total": None}
        values |= {"token": owner.token, "host": owner.host, "user_name": owner.user, "machine": owner.machine, "pid": owner.pid}
        values |= {"now": now, "latest": now + 2 * length, "gone": list(gone)}
        statement = _taking(self._connection.dialect.name)
        if self._connection.execute(statement, values).one_or_none() is not None:
            return None
        return self.get(name)

    def set_run(self, name: str, token: str, run_id: int) -> None:
        self._connection.execute(_MINE, {"held": name, "holder": token, "run_id": run_id})

    def renew(self, name: str, token: str, length_s: float, stage: str = "", done: int = 0, total: int | None = None) -> bool:
        """Makes the lease last `length_s` from now on and sets the step its run is at; False = it is somebody else's by now."""
        values = {"expires_ms": self._now() + round(length_s * 1000), "stage": stage, "done": done, "total": total}
        return self._connection.execute(_MINE, {"held": name, "holder": token, **values}).rowcount == 1

    def release(self, name: str, token: str) -> None:
        """Gives it back; nothing happens when it is somebody else's."""
        _without(self._connection, name, token)

    def get(self, name: str) -> Lease | None:
        """The lease, also one that has run out; None when nobody holds one."""
        row = _named(self._connection, name).one_or_none()
        return None if row is None else _lease(row, self._now())

    def all(self) -> list[Lease]:
        """All leases, also those that have run out."""
        now = self._now()
        return [_lease(row, now) for row in _every(self._connection)]

    def _now(self) -> int:
        """Milliseconds since 1970: of the server on PostgreSQL, of this computer, which is the only one, on SQLite."""
        now = _server_now if self._connection.dialect.name == "postgresql" else _computer_now
        found: int = now(self._connection).scalar_one()
        return found


@cache
def _taking(dialect: str) -> Executable:
    """Inserts a lease, or overwrites one that is free at `now`. Values: those of the row, `now`, `latest`, and `gone`."""
    table = run_leases
    insert: Any = postgresql_insert if dialect == "postgresql" else sqlite_insert
    statement = insert(table).values({column.name: bindparam(column.name) for column in table.c})
    now, latest = (bindparam(name, type_=BigInteger) for name in ("now", "latest"))
    free = or_(table.c.expires_ms <= now, table.c.expires_ms > latest, table.c.token.in_(bindparam("gone", expanding=True)))
    taken = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
    made: Executable = statement.on_conflict_do_update(index_elements=["name"], set_=taken, where=free).returning(table.c.token)
    return made


@prepared
def _server_now() -> Select[Any]:
    return select(cast(func.extract("epoch", func.clock_timestamp()) * 1000, BigInteger))


@prepared
def _computer_now() -> Select[Any]:
    return select(cast((func.julianday("now") - UNIX_EPOCH_JULIAN) * MS_A_DAY, BigInteger))


@prepared
def _named(name: str) -> Select[Any]:
    return select(run_leases).where(run_leases.c.name == name)


@prepared
def _every() -> Select[Any]:
    return select(run_leases).order_by(run_leases.c.name)


@prepared
def _without(name: str, token: str) -> Executable:
    return delete(run_leases).where(run_leases.c.name == name, run_leases.c.token == token)


def _lease(row: Row[Any], now: int) -> Lease:
    owner = Owner(row.token, row.host, row.user_name, row.machine, row.pid)
    since = datetime.fromtimestamp(row.since_ms / 1000, UTC)
    return Lease(row.name, owner, row.run_id, since, (row.expires_ms - now) / 1000, row.stage, row.done, row.total)
