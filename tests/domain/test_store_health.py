"""How the store's connection is doing."""

from datetime import UTC, datetime, timedelta

import pytest

from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.domain.store_health import StoreHealth, health, usual_pause

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LINK, ONEC = StoreConnection(ConnectionKind.LINK), StoreConnection(ConnectionKind.ONEC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def state(
    connection: StoreConnection, last: datetime | None, usual: timedelta | None = None, *, failing: bool = False, loading: bool = False
) -> StoreHealth:
    return health(connection, last, NOW, failing=failing, loading=loading, usual=usual)


def test_what_is_wrong_comes_before_how_long_ago_it_was() -> None:
    assert state(StoreConnection(), None) is StoreHealth.FILES
    assert state(LINK, None) is StoreHealth.NEVER
    assert state(LINK, NOW - MINUTE, 5 * MINUTE) is StoreHealth.GOOD
    assert state(LINK, NOW - MINUTE, 5 * MINUTE, failing=True) is StoreHealth.FAILING
    assert state(LINK, None, failing=True, loading=True) is StoreHealth.LOADING


@pytest.mark.parametrize(
    ("connection", "usual", "good", "silent"),
    [
        (LINK, 5 * MINUTE, 29 * MINUTE, 31 * MINUTE),
        (LINK, HOUR, 3 * HOUR, 3 * HOUR + MINUTE),
        (LINK, None, 47 * HOUR, 49 * HOUR),
        (ONEC, HOUR, 2 * HOUR, 4 * HOUR),
        (ONEC, None, 23 * HOUR, 25 * HOUR),
    ],
)
def test_silence_is_measured_by_what_is_usual(
    connection: StoreConnection, usual: timedelta | None, good: timedelta, silent: timedelta
) -> None:
    assert state(connection, NOW - good, usual) is StoreHealth.GOOD
    assert state(connection, NOW - silent, usual) is StoreHealth.SILENT


def test_the_usual_pause_is_between_exchanges_and_not_within_one() -> None:
    hourly = [NOW - number * HOUR for number in range(6)]
    parts = [moment + timedelta(seconds=part) for moment in hourly for part in (0, 2, 5)]
    pause = usual_pause(parts)
    assert pause is not None
    assert abs(pause - HOUR) < MINUTE
    # One long night does not make hourly exchanges seldom ones.
    night = [*hourly, NOW - 18 * HOUR]
    assert usual_pause(night) == HOUR


def test_too_few_exchanges_have_no_usual_pause() -> None:
    assert usual_pause([]) is None
    assert usual_pause([NOW, NOW - HOUR, NOW - 2 * HOUR]) is None
    assert usual_pause([NOW - timedelta(seconds=number) for number in range(30)]) is None
