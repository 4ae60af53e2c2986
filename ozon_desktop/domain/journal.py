"""Runs as the journal keeps them: what ran, why, how it ended, and the problems it left."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RunKind(StrEnum):
    """What ran."""

    SYNC = "sync"
    CATEGORIES = "categories"
    SETTINGS = "settings"
    STORE_IMPORT = "store_import"
    ORDERS = "orders"


class RunCause(StrEnum):
    """Who started it."""

    MANUAL = "manual"
    SCHEDULED = "scheduled"
    CHANGE = "change"
    RESUMED = "resumed"


class RunResult(StrEnum):
    """How it ended. PARTIAL: some of it failed. SKIPPED: it did not start, the reason says why."""

    RUNNING = "running"
    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"
    STOPPED = "stopped"
    SKIPPED = "skipped"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class RunProblem:
    """One problem of a run. offer_id "" when it concerns no single product; `code` is Ozon's or the program's."""

    offer_id: str
    field: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `counts`: (name, number) pairs such as ("create", 12). Times are UTC. id 0 = not stored yet."""

    id: int
    integration_id: int | None
    kind: RunKind
    cause: RunCause
    started_at: datetime
    finished_at: datetime | None = None
    result: RunResult = RunResult.RUNNING
    counts: tuple[tuple[str, int], ...] = ()
    requests: int = 0
    reason: str = ""
    problems: tuple[RunProblem, ...] = ()
