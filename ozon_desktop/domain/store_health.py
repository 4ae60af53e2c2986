"""How the store's connection is doing, judged by what has come over it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection

LEAST_MOMENTS = 4
"""With fewer exchanges nobody can say what is usual."""
LONGER = 3
"""So many times the usual pause is longer than usual."""
SHORTEST_SILENCE = timedelta(minutes=30)
SILENCE_OF_STRANGERS = timedelta(days=1)
"""What is silence of somebody who comes by himself and has not come often enough to know when."""


class StoreHealth(StrEnum):
    """FILES: nothing is connected. NEVER: connected, and nothing has come yet. SILENT: nothing has come for longer than usual."""

    FILES = "files"
    NEVER = "never"
    LOADING = "loading"
    GOOD = "good"
    SILENT = "silent"
    FAILING = "failing"


def usual_pause(moments: Iterable[datetime]) -> timedelta | None:
    """The usual time between exchanges; None = there were too few of them, or all at once."""
    ordered = sorted(moments)
    pauses = [(later - earlier).total_seconds() for earlier, later in pairwise(ordered)]
    # The parts of one exchange come together: what lies between exchanges is what is asked for.
    apart = [pause for pause in pauses if pause >= 60]
    return timedelta(seconds=median(apart)) if len(apart) >= LEAST_MOMENTS - 1 else None


def health(
    connection: StoreConnection, last: datetime | None, now: datetime, *, failing: bool, loading: bool, usual: timedelta | None
) -> StoreHealth:
    """last: when something came over it, or it was said that nothing has changed; usual: the pause that is to be expected, None = none."""
    if loading:
        return StoreHealth.LOADING
    if connection.kind is ConnectionKind.FILES:
        return StoreHealth.FILES
    if failing:
        return StoreHealth.FAILING
    if last is None:
        return StoreHealth.NEVER
    return StoreHealth.SILENT if now - last > longest_silence(connection, usual) else StoreHealth.GOOD


def longest_silence(connection: StoreConnection, usual: timedelta | None) -> timedelta:
    """How long it may be silent before somebody should look."""
    if usual is None and not connection.is_pulled:
        return SILENCE_OF_STRANGERS
    if usual is None:
        # Goods are asked for only within runs, and those may be seldom.
        return 2 * SILENCE_OF_STRANGERS
    return max(SHORTEST_SILENCE, LONGER * usual)
