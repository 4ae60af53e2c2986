"""An import makes millions of short-lived objects without cycles: looking for cycles among them is a tenth of its work."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 100_000
"""New objects between two looks: more would let memory grow where there are cycles after all."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Cycles are looked for seldom until the end; afterwards as before, also after an error."""
    before = gc.get_threshold()
    gc.set_threshold(max(SELDOM, before[0]) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
