"""The time zone of this computer, whatever way it is named: by the database, POSIX rules («MSK-3»), an abbreviation, or not at all."""

import os
import time
from datetime import UTC, datetime, timedelta, tzinfo

import tzlocal

ABBREVIATIONS = {
    "KALT": "Europe/Kaliningrad",
    "MSK": "Europe/Moscow",
    "MSD": "Europe/Moscow",
    "SAMT": "Europe/Samara",
    "YEKT": "Asia/Yekaterinburg",
    "OMST": "Asia/Omsk",
    "NOVT": "Asia/Novosibirsk",
    "KRAT": "Asia/Krasnoyarsk",
    "IRKT": "Asia/Irkutsk",
    "YAKT": "Asia/Yakutsk",
    "VLAT": "Asia/Vladivostok",
    "MAGT": "Asia/Magadan",
    "PETT": "Asia/Kamchatka",
}
"""An abbreviation alone means UTC to the C library: nobody who writes «MSK» means that."""


class SystemZone(tzinfo):
    """Local time as the C library has it, with its changes of summer time: it knows the POSIX rules that no database of zones does."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """Of wall time, `fold` heeded."""
        wall = (moment or datetime.now()).replace(tzinfo=None)
        return wall - datetime.fromtimestamp(wall.timestamp(), UTC).replace(tzinfo=None)

    def dst(self, moment: datetime | None) -> timedelta | None:
        return None

    def tzname(self, moment: datetime | None) -> str:
        wall = (moment or datetime.now()).replace(tzinfo=None)
        return time.localtime(wall.timestamp()).tm_zone

    def fromutc(self, moment: datetime) -> datetime:
        """`moment` has this zone and says UTC, as `tzinfo.fromutc` wants it."""
        return datetime.fromtimestamp(moment.replace(tzinfo=UTC).timestamp()).replace(tzinfo=self)


def settle_zone() -> None:
    """Gives an abbreviation of a Russian zone its meaning for the whole process. To be called before anything asks for the time."""
    full = ABBREVIATIONS.get(os.environ.get("TZ", "").lstrip(":").upper())
    if full is not None:
        os.environ["TZ"] = full
        if hasattr(time, "tzset"):
            time.tzset()


def local_zone() -> tzinfo:
    """The time zone of this computer with its changes of summer time."""
    try:
        return tzlocal.get_localzone()
    except (LookupError, ValueError, OSError):
        # Named by rules, or by a name nobody knows: what the C library makes of it is what the computer's clock shows.
        return SystemZone()


def zone_trouble() -> str:
    """The name in TZ that means nothing, so that times are those of UTC; "" when all is well."""
    name = os.environ.get("TZ", "").lstrip(":")
    if not name or any(sign.isdigit() for sign in name):
        return ""
    try:
        tzlocal.get_localzone()
    except (LookupError, ValueError, OSError):
        return name
    return ""
