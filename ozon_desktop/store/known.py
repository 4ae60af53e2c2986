"""What a reader asks of the elements that were imported before."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final, Protocol

import ozon_desktop
from ozon_desktop.domain.store_catalog import KnownElement

PRINT_SIZE: Final = 16
CONTEXT_SIZE: Final = 8
_BEGUN = blake2b(ozon_desktop.__version__.encode(), digest_size=PRINT_SIZE)
"""Another program may read the same bytes otherwise."""


class KnownElements(Protocol):
    def find(self, elements: Sequence[tuple[str, bytes]]) -> Sequence[KnownElement | None]:
        """What is known of each (product id, print), in their order."""
        ...

    def holds(self, product_id: str) -> bool:
        """Whether nothing else of the product was imported since this import began."""
        ...


def print_of(written: bytes) -> bytes:
    """Tells these bytes of an export from any others."""
    found = _BEGUN.copy()
    found.update(written)
    return found.digest()


def context_of(*parts: object) -> bytes:
    """Tells what the reading of an element depends on; parts have one text each that says all of them."""
    return blake2b(repr(parts).encode(), digest_size=CONTEXT_SIZE).digest()
