"""Kinds of values of options; what is absurd is a usage error that names the option and its bounds."""

import argparse
import re
from collections.abc import Callable
from datetime import timedelta

MOST_DAYS = 3_650
LONGEST_NUMBER = 12
UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def time_after(text: str) -> timedelta:
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"нужно время вроде 10s, 5m, 2h или 4d, а не «{text}»")
    if (asked := int(found[1]) * UNITS[found[2]]) > timedelta(days=MOST_DAYS):
        raise argparse.ArgumentTypeError(f"нужно время не больше {MOST_DAYS}d, а не «{text}»")
    return asked


def time_or_never(text: str) -> timedelta | str:
    return text if text == "never" else time_after(text)


def duration(text: str) -> float:
    """Seconds; argparse names the option when it is none."""
    units = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
    number, unit = (text[:-1], units[text[-1]]) if text[-1:] in units else (text, 1)
    if not (number.isascii() and number.replace(".", "", 1).isdigit()):
        raise argparse.ArgumentTypeError(f"нужно время вида 2s, 15m, 3h или 1d, а не «{text}»")
    if len(number) > LONGEST_NUMBER or float(number) * unit > MOST_DAYS * 86_400:
        raise argparse.ArgumentTypeError(f"нужно время не больше {MOST_DAYS}d, а не «{text[:40]}»")
    return float(number) * unit


def within(least: int, most: int) -> Callable[[str], int]:
    """A whole number within these bounds; argparse says them with the option when it is none."""

    def parse(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(most)) else -1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"нужно целое число от {least} до {most}, а не «{text[:40]}»")
        return number

    return parse


def share(text: str) -> float:
    """From 0 to 1."""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"нужно число от 0 до 1, а не «{text[:40]}»")
    return number
