"""What is taken of archives from outside: how much they may hold, and what Python raises of those it cannot read."""

import zipfile
import zlib

MAX_ENTRIES = 20_000
MAX_UNPACKED = 4 * 1024**3
MAX_RATIO = 1_000
"""A text packs to a hundredth at best; far beyond it is a bomb. Applies from MIN_RATIO_SIZE unpacked bytes on."""
MIN_RATIO_SIZE = 64 * 1024**2

DAMAGED_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError)
"""What Python raises of an archive that is cut or broken."""

LOCKED_ARCHIVE = (NotImplementedError, RuntimeError)
"""What zipfile raises of a whole archive all the same: packed by a method it does not know, or encrypted."""


def is_bomb(unpacked: int, packed: int) -> bool:
    """Whether so many bytes cannot come out of so few in earnest."""
    return unpacked > MIN_RATIO_SIZE and unpacked > max(packed, 1) * MAX_RATIO
