"""The journal: every run, how it ended, and the problems it left."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Row, Select, bindparam, func, insert, select, update

from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.errors import NotFound
from ozon_desktop.storage.here import host, user_name
from ozon_desktop.storage.sql import prepared
from ozon_desktop.storage.tables import runs

_NEW_RUN = insert(runs).returning(runs.c.id)
_RUN_AS_IT_ENDED = update(runs).where(runs.c.id == bindparam("run"))


class JournalRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(self, run: Run) -> int:
        """Stores a new run (its own id is ignored), by whom and from which computer, and gives its id."""
        here = {"host": run.host or host(), "user_name": run.user or user_name()}
        added: int = self._connection.execute(_NEW_RUN, _values(run) | here).scalar_one()
        return added

    def finish(self, run: Run) -> None:
        """Overwrites the stored run of the same id; NotFound when there is none."""
        result = self._connection.execute(_RUN_AS_IT_ENDED, {"run": run.id, **_values(run)})
        if result.rowcount == 0:
            raise NotFound(str(run.id))

    def runs(self, integration_id: int | None, limit: int = 200) -> list[Run]:
        """The newest runs first. integration_id None = all runs, those without an integration included."""
        query = select(runs).order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(limit)
        if integration_id is not None:
            query = query.where(runs.c.integration_id == integration_id)
        return [_run(row) for row in self._connection.execute(query)]

    def get(self, run_id: int) -> Run:
        """The run; NotFound when there is none of this id."""
        row = _of_id(self._connection, run_id).one_or_none()
        if row is None:
            raise NotFound(str(run_id))
        return _run(row)

    def last(self, integration_id: int | None, kind: RunKind, *, skipped: bool = True) -> Run | None:
        """The run of this kind that began last; skipped: whether runs that did not even start count. integration_id None = without one.

        By number, not by time: the clock may have been set back since.
        """
        query = select(runs).where(runs.c.integration_id.is_not_distinct_from(integration_id), runs.c.kind == kind)
        if not skipped:
            query = query.where(runs.c.result != RunResult.SKIPPED)
        row = self._connection.execute(query.order_by(runs.c.id.desc()).limit(1)).one_or_none()
        return None if row is None else _run(row)

    def exchanges(self, integration_id: int, limit: int) -> list[Run]:
        """What went between store and program, newest first: goods of everybody, orders and new products of this integration."""
        goods = (runs.c.kind == RunKind.STORE_IMPORT) & runs.c.integration_id.is_(None)
        given = runs.c.kind.in_((RunKind.STORE_ORDERS, RunKind.STORE_CREATE))
        orders = given & (runs.c.integration_id.is_(None) | (runs.c.integration_id == integration_id))
        query = select(runs).where(goods | orders).order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(limit)
        return [_run(row) for row in self._connection.execute(query)]

    def last_import(self) -> int:
        """The number of the last import of the store that was taken; 0 = there was none."""
        return _last_import(self._connection).scalar_one() or 0

    def interrupt_running(
        self, integration_id: int | None, now: datetime, *, alive: Collection[int] = (), kind: RunKind | None = None
    ) -> int:
        """Marks runs left RUNNING by a killed process as INTERRUPTED, ended `now`; gives their number.

        integration_id None = runs without an integration; alive: ids of runs that go on; kind None = of every kind.
        """
        statement = _interrupting(integration_id is not None, kind is not None)
        values = {"ended": now, "integration": integration_id, "interrupted": kind, "alive": list(alive)}
        result = self._connection.execute(statement, {name: value for name, value in values.items() if value is not None})
        return result.rowcount


@cache
def _interrupting(of_integration: bool, of_kind: bool) -> Executable:
    """Values: `ended`, `alive`, and `integration` and `interrupted` where they decide."""
    left = runs.c.integration_id == bindparam("integration") if of_integration else runs.c.integration_id.is_(None)
    left &= (runs.c.result == RunResult.RUNNING) & runs.c.id.not_in(bindparam("alive", expanding=True))
    if of_kind:
        left &= runs.c.kind == bindparam("interrupted")
    return update(runs).where(left).values(result=RunResult.INTERRUPTED, finished_at=bindparam("ended"))


@prepared
def _of_id(run_id: int) -> Select[Any]:
    return select(runs).where(runs.c.id == run_id)


@prepared
def _last_import() -> Select[Any]:
    return select(func.max(runs.c.id)).where(runs.c.kind == RunKind.STORE_IMPORT, runs.c.result == RunResult.DONE)


def _values(run: Run) -> dict[str, Any]:
    return {
        "integration_id": run.integration_id,
        "kind": run.kind,
        "cause": run.cause,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "result": run.result,
        "counts": run.counts,
        "requests": run.requests,
        "reason": run.reason,
        "problems": run.problems,
    }


def _run(row: Row[Any]) -> Run:
    run = Run(row.id, row.integration_id, RunKind(row.kind), RunCause(row.cause), row.started_at, row.finished_at, RunResult(row.result))
    run = replace(run, counts=row.counts, requests=row.requests, reason=row.reason, problems=row.problems)
    return replace(run, host=row.host, user=row.user_name)
