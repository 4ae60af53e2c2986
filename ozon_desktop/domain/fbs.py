"""What the seller does with a posting of his own warehouses: what Ozon asks for before, pieces, reasons, carriages."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Need(StrEnum):
    """What Ozon asks for with a product before its posting is assembled. POSSIBLE_MARK: a mark is allowed, not required."""

    MARK = "mandatory_mark"
    UIN = "jw_uin"
    IMEI = "imei"
    GTD = "gtd"
    RNPT = "rnpt"
    COUNTRY = "country"
    WEIGHT = "weight"
    POSSIBLE_MARK = "possible_mark"


MARKS = frozenset({Need.MARK, Need.UIN, Need.IMEI})
"""Codes of a single piece, of which there are no two alike."""

OF_PIECES = MARKS | {Need.GTD, Need.RNPT, Need.WEIGHT}


@dataclass(frozen=True, slots=True)
class ProductNeeds:
    """What is asked for with each piece of a product."""

    sku: int
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class TariffStep:
    """What assembling and handing over costs until a moment, as the posting itself says. kind: discount | no_discount | commission."""

    kind: str
    rate: Decimal
    charge: Decimal
    currency: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Mark:
    """One code of a piece."""

    kind: Need
    code: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a posting and what is written on it. exemplar_id: Ozon's number of it. weight in kg, 0 = not weighed."""

    sku: int
    exemplar_id: int
    marks: tuple[Mark, ...] = ()
    gtd: str = ""
    is_gtd_absent: bool = False
    rnpt: str = ""
    is_rnpt_absent: bool = False
    weight: float = 0.0


class CheckState(StrEnum):
    """How far Ozon is with a piece. NOT_DONE: Ozon had no time; it is to be sent again."""

    UNSENT = ""
    CHECKING = "processing"
    PASSED = "passed"
    NOT_DONE = "failed"


@dataclass(frozen=True, slots=True)
class PieceCheck:
    """What Ozon found about one piece. errors: its codes, of marks and of numbers alike."""

    piece: Piece
    state: CheckState
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PiecesCheck:
    """state: ship_available | ship_not_available | validation_in_process | update_available | update_not_available."""

    state: str
    pieces: tuple[PieceCheck, ...]

    @property
    def under_way(self) -> bool:
        return self.state == "validation_in_process" or any(one.state is CheckState.CHECKING for one in self.pieces)

    @property
    def may_ship(self) -> bool:
        return self.state == "ship_available"


@dataclass(frozen=True, slots=True)
class CancelReason:
    """by_seller: one the seller may give; the others are the buyer's or Ozon's."""

    id: int
    title: str
    by_seller: bool


OTHER_REASON = 402
"""The reason that needs words."""


@dataclass(frozen=True, slots=True)
class CarriageMethod:
    """What one delivery method can hand over. carriage_id: the one that is open, 0 = none; packed of waiting postings are assembled."""

    method_id: int
    name: str
    carriage_id: int
    can_create: bool
    waiting: int
    packed: int
    cutoff_at: datetime | None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Carriage:
    """One hand-over. status: an open list of words (new, formed, closed, cancelled …)."""

    id: int
    method_id: int
    status: str
    can_cancel: bool
    has_next: bool


@dataclass(frozen=True, slots=True)
class CarriageAct:
    """The documents of a carriage. status: in_process | ready | error | cancelled …"""

    status: str
    postings: tuple[str, ...]
    removed: tuple[str, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class MoveAnswer:
    """What Ozon said of one posting of several. error: its own words, "" = done."""

    posting_number: str
    error: str


class OwnDelivery(StrEnum):
    """Steps of a posting that the seller delivers himself."""

    DELIVERING = "delivering"
    LAST_MILE = "last-mile"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class PartOfPosting:
    """So many pieces of a product that go into one parcel. exemplar_ids: which ones, () = any."""

    sku: int
    quantity: int
    exemplar_ids: tuple[int, ...] = ()


class FbsAction(StrEnum):
    """What a seller has Ozon do with a posting or a carriage, and what he does with a return himself."""

    SHIP = "ship"
    SHIP_PART = "ship_part"
    SPLIT = "split"
    MARKS = "marks"
    COUNTRY = "country"
    CANCEL = "cancel"
    CANCEL_PRODUCTS = "cancel_products"
    CARRIAGE = "carriage"
    CARRIAGE_POSTINGS = "carriage_postings"
    APPROVE = "approve"
    CANCEL_CARRIAGE = "cancel_carriage"
    MOVE = "move"
    TRACKING = "tracking"
    RECEIVED = "received"
    WRITTEN_OFF = "written_off"


class ActionEnd(StrEnum):
    """How it ended. OPEN: not known yet, what Ozon shows decides; NOT_DONE: Ozon shows that it was not done."""

    OPEN = ""
    DONE = "done"
    REFUSED = "refused"
    NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True)
class ActionAsked:
    """What was asked for, as far as it decides what became of it. before: pieces by SKU when it was asked; parts: by SKU, of each parcel.

    reason: that of a cancellation; message: words that go with it, a country, a tracking number, the state before an assembling.
    """

    before: tuple[tuple[int, int], ...] = ()
    parts: tuple[tuple[tuple[int, int], ...], ...] = ()
    reason: int = 0
    message: str = ""
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FbsIntent:
    """One action, written before it is asked for. subject: a posting, a carriage, a delivery method, a return. who: on this computer.

    result: numbers of what came of it. id 0 = not stored yet. Times are UTC.
    """

    id: int
    integration_id: int
    run_id: int
    action: FbsAction
    subject: str
    asked: ActionAsked
    who: str
    asked_at: datetime
    answered_at: datetime | None = None
    end: ActionEnd = ActionEnd.OPEN
    detail: str = ""
    result: tuple[str, ...] = ()


class MarkState(StrEnum):
    """ENTERED: only here; SENT: Ozon checks it; PASSED, REFUSED: as Ozon found."""

    ENTERED = "entered"
    SENT = "sent"
    PASSED = "passed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class KeptMark:
    """What is written on one piece. piece: its place in the posting, from 0, for each SKU. code "" = forgotten, only its digest is left.

    errors: Ozon's codes, or the words of the form.
    """

    integration_id: int
    posting_number: str
    sku: int
    piece: int
    kind: Need
    code: str
    digest: str
    state: MarkState = MarkState.ENTERED
    errors: tuple[str, ...] = ()
    entered_at: datetime | None = None
    who: str = ""


ABSENT = "нет"
"""Instead of a declaration or a lot: there is none."""


class ShipState(StrEnum):
    """What became of assembling a posting. ALREADY: it was assembled before. WAITING: asked for, Ozon is at it.

    FAILED: Ozon gave up, it can be asked again. NOT_ASKED: something that concerns all of them came before.
    """

    ASSEMBLED = "assembled"
    ALREADY = "already"
    WAITING = "waiting"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    NEEDS = "needs"
    WRONG_PIECES = "wrong_pieces"
    NOT_ASKED = "not_asked"
