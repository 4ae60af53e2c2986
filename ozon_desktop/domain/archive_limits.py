"""How much an archive from outside may hold: beyond it is a bomb, not an export."""

MAX_ENTRIES = 20_000
MAX_UNPACKED = 4 * 1024**3
MAX_RATIO = 1_000
"""A text packs to a hundredth at best; far beyond it is a bomb. Applies from MIN_RATIO_SIZE unpacked bytes on."""
MIN_RATIO_SIZE = 64 * 1024**2


def is_bomb(unpacked: int, packed: int) -> bool:
    """Whether so many bytes cannot come out of so few in earnest."""
    return unpacked > MIN_RATIO_SIZE and unpacked > max(packed, 1) * MAX_RATIO
