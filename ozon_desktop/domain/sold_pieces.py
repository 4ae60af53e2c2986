"""Pieces sold on Ozon that the store's stocks do not count yet: from the posting until the store has written them off."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from ozon_desktop.domain.orders import Posting

SoldFrom = tuple[tuple[str, ...], int]
"""(store warehouses the pieces are taken from, () = it is not known which; pieces)."""

SHIPPED = frozenset({"delivering", "driver_pickup", "sent_by_seller", "arbitration", "client_arbitration", "delivered"})
"""Statuses in which the goods have left the store. `acceptance_in_progress` is not among them: Ozon also begins with it."""

GIVEN_BACK = frozenset({"cancelled", "cancelled_from_split_pending"})
"""Statuses that free the goods of a posting that was not shipped: after a split its parts hold them.

`not_accepted` is not among them: the parcel was handed over and is being looked for.
"""


class WriteOff(StrEnum):
    """When the store takes the goods of an order off its stocks. IGNORED: pieces sold are not subtracted here at all."""

    AT_ORDER = "at_order"
    AT_SHIPMENT = "at_shipment"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class StoreMoment:
    """A moment as the store's imports see it. import_number: that of the last one before; at: UTC."""

    import_number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class StockCount:
    """Where the stock of one product on one store warehouse comes from. made_at: of the export's file, None = not known."""

    import_number: int
    made_at: datetime | None = None
    empty: bool = False

    def after(self, moment: StoreMoment) -> bool:
        """Whether it was counted later. An export made before and imported afterwards was not."""
        return self.import_number > moment.import_number and (self.made_at is None or self.made_at >= moment.at)


@dataclass(frozen=True, slots=True)
class SoldPosting:
    """A posting whose pieces the store has perhaps not written off. handed, shipped: when that was done or seen; None = not yet.

    reserved: the store keeps its goods apart since it was handed over, so that they are in none of its later stocks; since when, by the
    store's clock, says `reserved_at` (None = from the handing over on). left_out: offer_ids of the lines it keeps nothing of.
    """

    integration_id: int
    posting: Posting
    handed: StoreMoment | None = None
    shipped: StoreMoment | None = None
    reserved: bool = False
    reserved_at: datetime | None = None
    left_out: tuple[str, ...] = ()

    def of_line(self, offer_id: str) -> "SoldPosting":
        """As it counts for the product of one of its lines."""
        return replace(self, reserved=False) if offer_id in self.left_out else self


def left_the_store(posting: Posting) -> bool:
    """Whether its goods have been shipped, also if it was cancelled afterwards: they come back, if at all, by a return.

    Ozon's own sign `cancelled_after_ship` speaks of the assembling, after which the goods may still lie in the store.
    """
    return posting.status in SHIPPED or (posting.status == "cancelled" and posting.delivering_at is not None)


def is_given_back(sold: SoldPosting) -> bool:
    """Whether it ended before anything left the store."""
    return sold.posting.status in GIVEN_BACK and sold.shipped is None


def is_unwritten(sold: SoldPosting, write_off: WriteOff, counts: Iterable[StockCount]) -> bool:
    """Whether the store's stock of one of its products still counts the pieces sold. counts: of the product, by store warehouse.

    sold: as `of_line` gives it for that product. What was not handed over to the store it cannot have written off.
    """
    if write_off is WriteOff.IGNORED or sold.posting.scheme == "fbo" or is_given_back(sold):
        return False
    at_order = write_off is WriteOff.AT_ORDER
    moments = (sold.handed,) if at_order or sold.reserved else (sold.handed, sold.shipped)
    reserved_at = sold.reserved_at if sold.reserved and not at_order else None
    known = list(counts)
    # Where the store has none left there is nothing to promise; the others must all be newer.
    decisive = [count for count in known if not count.empty] or known
    if any(count.made_at is not None and reserved_at is not None and count.made_at < reserved_at for count in decisive):
        return True
    return not decisive or any(moment is None or not count.after(moment) for moment in moments for count in decisive)


def summed(pieces: Iterable[SoldFrom]) -> tuple[SoldFrom, ...]:
    """One entry for each set of store warehouses, in a fixed order."""
    found: dict[tuple[str, ...], int] = {}
    for stores, count in pieces:
        if count > 0:
            found[stores] = found.get(stores, 0) + count
    return tuple(sorted(found.items()))
