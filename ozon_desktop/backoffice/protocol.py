"""What every connection to a back office can do. A new one needs a folder beside this file and a line in `application.py`.

Mapping, cards and plans know nothing of it: a connection delivers files, which `services/store` gives to the readers, or the domain's
store records; and it takes orders. All of its errors are `BackOfficeError`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from ozon_desktop.domain.new_products import MadeProduct, NewProduct, Taken
from ozon_desktop.domain.progress import Progress
from ozon_desktop.domain.store_catalog import StoreRecord
from ozon_desktop.domain.store_connection import ConnectionCheck, PlacedOrder, StoreOrder


@dataclass(frozen=True, slots=True)
class Pulled:
    """What one pull brought: files or records, neither when nothing has changed.

    cursor: what the next pull begins from, in the connection's own words. records: called once, in another thread; reads what was
    laid into the folder of the pull, in the order exports have, with an `ExportScope` first. full: what it does not mention is gone.
    made_at: the other side's time at which the stocks in it were counted, None = not known. requests: how many it took.
    answered_at: the time it was there when it answered, where its clock is to be told from this computer's.
    """

    cursor: str
    files: tuple[Path, ...] = ()
    records: Callable[[], Iterator[StoreRecord]] | None = None
    full: bool = True
    made_at: datetime | None = None
    requests: int = 1
    answered_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return not self.files and self.records is None


class StoreSource(Protocol):
    """A store that is asked for its goods."""

    async def probe(self) -> ConnectionCheck:
        """Who is there, and what the program may not do. BackOfficeError."""

    async def pull(self, cursor: str, folder: Path, progress: Progress) -> Pulled:
        """What has changed since the cursor; everything for "". Whole or not at all. folder: an empty one, for this pull alone.

        A cursor the connection does not understand, or that is too old, is a pull of everything. BackOfficeError.
        """


class OrderDesk(Protocol):
    """A store that takes orders. Every call may be repeated after a kill: an order is known by its posting, and made once."""

    async def put(self, order: StoreOrder) -> PlacedOrder:
        """Makes the order with its lines and its reservation, or gives the one that is there already. BackOfficeError."""

    async def set_state(self, order: StoreOrder, placed: PlacedOrder, last_state: str) -> PlacedOrder:
        """Moves the order on to its state; the one of a cancelled order is freed of its reservation.

        last_state: what the program set last; another one there was set by a person and stays. BackOfficeError.
        """

    async def find(self, orders: Sequence[StoreOrder]) -> Mapping[str, PlacedOrder]:
        """Those of the orders that are there, by posting number. BackOfficeError."""


class ProductMaking(Protocol):
    """One confirmation's worth of making products; what they refer to was read when it began."""

    async def taken(self, products: Sequence[NewProduct]) -> Mapping[str, Taken]:
        """Those of the products whose article or barcode another product there has, by offer_id. BackOfficeError."""

    async def make(self, product: NewProduct) -> MadeProduct:
        """Makes it with its folder, or gives the one of its creation id that is there already. BackOfficeError.

        BackOfficeRefused is of this product alone; any other error ends the making, and may leave open whether it was made.
        """


class ProductMaker(Protocol):
    """A store in which products can be made; connections without it write a catalogue file. A product is known by its creation id."""

    async def made(self, creation_ids: Sequence[str]) -> Mapping[str, MadeProduct]:
        """Those that are there, by creation id. BackOfficeError."""

    async def making(self) -> ProductMaking:
        """Reads what new products refer to. BackOfficeError; BackOfficeRightMissing when none could be made."""
