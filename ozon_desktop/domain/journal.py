"""Runs as the journal keeps them: what ran, why, how it ended, and the problems it left."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RunKind(StrEnum):
    SYNC = "sync"
    CATEGORIES = "categories"
    SETTINGS = "settings"
    STORE_IMPORT = "store_import"
    ORDERS = "orders"
    CABINET = "cabinet"
    STORE_ORDERS = "store_orders"
    FBS = "fbs"
    STORE_CREATE = "store_create"


class RunCause(StrEnum):
    """Who started it. FOLDER: an export that appeared in the watched folder. CONNECTION: goods of the connected store, or 1C itself."""

    MANUAL = "manual"
    SCHEDULED = "scheduled"
    CHANGE = "change"
    RESUMED = "resumed"
    FOLDER = "folder"
    CONNECTION = "connection"


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
    """One run. `counts`: (name, number) pairs such as ("create", 12). Times are UTC. id 0 = not stored yet.

    host, user: from which computer and by whom, as the database keeps it; "" = not known.
    """

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
    host: str = ""
    user: str = ""


class ProblemAction(StrEnum):
    CARD = "card"
    MAP = "map"
    SETTINGS = "settings"
    RETRY = "retry"
    NOTHING = "nothing"


_MAP = frozenset(
    {
        "no_category",
        "not_mapped",
        "type_disabled",
        "type_gone",
        "levels_category_not_found",
        "description_category_invalid",
        "description_category_has_no_description_type",
        "description_category_is_legacy",
        "description_category_is_empty",
        "description_type_is_empty",
    }
)
_SETTINGS = frozenset(
    {"settings_missing", "vat_not_accepted", "currency", "vat_invalid", "warehouse_not_found", "seller_no_contract_failed"}
)
_RETRY = frozenset(
    {
        "too_many_requests",
        "product_is_not_created",
        "product_has_not_been_tagged_yet",
        "invalid_state",
        "item_limit_exceeded",
        "quota_used_up",
        "stock_not_shown",
        "card_not_created",
        "archive_not_done",
        "ozon_failed",
        "unexpected_error",
        "autoarchive_restore_failed",
        "restore limit exceeded",
        "no_answer",
        "price_is_not_sent",
        "source_type_not_found",
        "stock is updated too frequently",
    }
)
_RETRY_BEGINNING = "error limiting"


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of one run with one cause. cause: its text; products: their offer ids, each once, [] when it concerns none."""

    code: str
    field: str
    cause: str
    count: int
    action: ProblemAction
    products: tuple[str, ...]


def problem_action(problem: RunProblem) -> ProblemAction:
    """What the manager can do about it. A problem of no single product, as a letter not sent, has nothing to open."""
    code = problem.code.casefold()
    if code in _MAP:
        return ProblemAction.MAP
    if code in _SETTINGS:
        return ProblemAction.SETTINGS
    if code in _RETRY or code.startswith(_RETRY_BEGINNING):
        return ProblemAction.RETRY
    return ProblemAction.CARD if problem.offer_id else ProblemAction.NOTHING


def problem_groups(run: Run) -> tuple[ProblemGroup, ...]:
    """The problems by code and field, the most frequent first. The text is that which most of its problems have."""
    groups: dict[tuple[str, str], list[RunProblem]] = {}
    for problem in run.problems:
        groups.setdefault((problem.code, problem.field), []).append(problem)
    found = [
        ProblemGroup(
            code,
            field,
            Counter(problem.text for problem in problems).most_common(1)[0][0],
            len(problems),
            problem_action(problems[0]),
            tuple(dict.fromkeys(problem.offer_id for problem in problems if problem.offer_id)),
        )
        for (code, field), problems in groups.items()
    ]
    return tuple(sorted(found, key=lambda group: -group.count))


def failed_offers(run: Run) -> frozenset[str]:
    """The offer ids of the products that had a problem in this run."""
    return frozenset(problem.offer_id for problem in run.problems if problem.offer_id)


SENT_KINDS = ("create", "update", "archive", "price", "stock")


def has_sent(run: Run) -> bool:
    """Whether a synchronization sent anything, so that it can be taken back."""
    counts = dict(run.counts)
    return run.kind is RunKind.SYNC and any(counts.get(kind, 0) for kind in SENT_KINDS)
