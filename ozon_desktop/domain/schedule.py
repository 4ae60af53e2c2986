"""When the next run is due: pure functions of the trigger, the last run and the clock."""

from datetime import datetime, time, timedelta, tzinfo

from ozon_desktop.domain.integration import UpdateTrigger

TWICE_A_DAY_AT = (time(9, 0), time(18, 0))
DEFAULT_ORDER_MINUTES, SHORTEST_ORDER_MINUTES, LONGEST_ORDER_MINUTES = 10, 5, 120


def orders_are_due(last: datetime | None, now: datetime, minutes: int) -> bool:
    """Whether orders fetched at `last` (None = never) are to be fetched again. A moment ahead means that the clock was set back."""
    return last is None or not timedelta() <= now - last < timedelta(minutes=minutes)


def next_run(
    trigger: UpdateTrigger, last_run: datetime | None, now: datetime, zone: tzinfo, times: tuple[time, ...] = TWICE_A_DAY_AT
) -> datetime | None:
    """The moment (UTC-aware) of the next due run; one in the past means it is due now, once. None = only on change.

    last_run None = never ran: an interval is due at once. `times` are wall-clock times in `zone`.
    """
    if trigger is UpdateTrigger.ON_CHANGE:
        return None
    if trigger is UpdateTrigger.TWICE_A_DAY:
        return _next_wall_time(last_run or now, zone, times)
    hours = 1 if trigger is UpdateTrigger.HOURLY else 3
    return now if last_run is None else last_run + timedelta(hours=hours)


def _next_wall_time(after: datetime, zone: tzinfo, times: tuple[time, ...]) -> datetime:
    local = after.astimezone(zone)
    days = (local.date() + timedelta(days=offset) for offset in (0, 1, 2))
    moments = (datetime.combine(day, moment, zone) for day in days for moment in sorted(times))
    return next(moment for moment in moments if moment.timestamp() > after.timestamp())


def times_text(times: tuple[time, ...]) -> str:
    """«09:00, 18:00», in order."""
    return ", ".join(f"{moment:%H:%M}" for moment in sorted(times))


def parse_times(text: str) -> tuple[time, ...]:
    """Wall times from «9:00, 18:30», in order; () when it is not that."""
    found: set[time] = set()
    for part in text.split(","):
        hours, separator, minutes = part.strip().partition(":")
        if not (separator and hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
            return ()
        found.add(time(int(hours), int(minutes)))
    return tuple(sorted(found))
