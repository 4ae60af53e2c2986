"""What whole processes take: processor time and memory."""

import os
import sys
from dataclasses import dataclass

from tests.places import SHARED

BENCH = SHARED / "bench"


@dataclass(frozen=True, slots=True)
class Spent:
    """What one process took: seconds of processor time, mebibytes at its peak."""

    seconds: float
    peak: float


def run(*command: object, done: int = 0) -> Spent:
    """A Python process with these arguments, to its end. done: how it must end."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    silenced = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    process = os.posix_spawn(sys.executable, [sys.executable, *map(str, command)], environment, file_actions=silenced)
    _, status, used = os.wait4(process, 0)
    assert os.waitstatus_to_exitcode(status) == done, command
    return Spent(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
