"""Codes of the pieces of a posting: entered one by one, sent together, checked by Ozon in its own time.

Codes are bearer proof of a piece: they are in the database and in requests, and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ozon_desktop.domain.fbs import (
    ABSENT,
    MARKS,
    ActionEnd,
    CheckState,
    FbsAction,
    KeptMark,
    Mark,
    MarkState,
    Need,
    Piece,
    PieceCheck,
    PiecesCheck,
)
from ozon_desktop.domain.fbs_todo import TO_ASSEMBLE, pieces_of, wanted_pieces
from ozon_desktop.domain.marks import MarkProblem, digest, identity, read_mark
from ozon_desktop.domain.orders import Posting
from ozon_desktop.errors import AppError, WrongInput
from ozon_desktop.services.orders.desk_view import MarkEntered, MarksChecked, PieceSlot
from ozon_desktop.services.orders.parts.ladder import Ladder
from ozon_desktop.storage.unit_of_work import UnitOfWork

SENT_AGAIN = 3
"""How often what Ozon did not get done is sent."""


def slots(posting: Posting, marks: Sequence[KeptMark]) -> tuple[PieceSlot, ...]:
    """Every place of the posting a code belongs to, by product, piece and kind."""
    there = {(mark.sku, mark.piece, mark.kind): mark for mark in marks if mark.posting_number == posting.posting_number}
    counts, wanted = pieces_of(posting), wanted_pieces(posting)
    possible = {product.sku for product in posting.needs if Need.POSSIBLE_MARK in product.needs}
    found: list[PieceSlot] = []
    for line in posting.products:
        kinds = [(need, True) for need in wanted.get(line.sku, ())]
        if line.sku in possible and Need.MARK not in dict(kinds):
            kinds.append((Need.MARK, False))
        for piece in range(counts[line.sku]):
            found += [PieceSlot(line.sku, line.offer_id, piece, kind, needed, there.get((line.sku, piece, kind))) for kind, needed in kinds]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Place:
    """Whose posting, who enters and when; and where the code belongs, as far as that is said."""

    integration_id: int
    posting_number: str
    now: datetime
    who: str
    sku: int | None = None
    piece: int | None = None
    kind: Need | None = None

    def fits(self, slot: PieceSlot) -> bool:
        same = (self.sku in (None, slot.sku), self.piece in (None, slot.piece), self.kind in (None, slot.kind))
        return all(same)


def enter(unit: UnitOfWork, place: Place, posting: Posting, text: str) -> MarkEntered:
    """Puts a scanned code into its place: the named one, else the first free one it can belong to. Nothing is kept of a wrong one."""
    marks = unit.fbs.marks(place.integration_id, [posting.posting_number])
    chosen = [slot for slot in slots(posting, marks) if place.fits(slot)]
    if not chosen:
        return MarkEntered(None)
    reads = {slot.kind: read_mark(slot.kind, text) for slot in chosen}
    good = [slot for slot in chosen if reads[slot.kind].problem is None]
    if not good:
        # The kind most places ask for says best what is wrong.
        return MarkEntered(chosen[0], reads[chosen[0].kind].problem)
    free = next((slot for slot in good if slot.mark is None), None)
    slot = free or (good[0] if place.piece is not None else None)
    if slot is None:
        return MarkEntered(None)
    read = reads[slot.kind]
    key = digest(slot.kind, read.code)
    if slot.kind in MARKS and (other := _elsewhere(unit, place, slot, key)) is not None:
        return MarkEntered(slot, MarkProblem.DOUBLE, other.posting_number)
    mark = KeptMark(
        place.integration_id, posting.posting_number, slot.sku, slot.piece, slot.kind, read.code, key, entered_at=place.now, who=place.who
    )
    unit.fbs.put_marks([mark])
    return MarkEntered(replace(slot, mark=mark))


def _elsewhere(unit: UnitOfWork, place: Place, slot: PieceSlot, key: str) -> KeptMark | None:
    """Another piece that has this code."""
    same = unit.fbs.with_digest(place.integration_id, key)
    return next((one for one in same if (one.posting_number, one.sku, one.piece) != (place.posting_number, slot.sku, slot.piece)), None)


class Marking:
    """One run's sending of the codes of one posting."""

    def __init__(self, ladder: Ladder) -> None:
        self._ladder = ladder

    async def send(self, number: str) -> MarksChecked:
        """Sends every code of the posting and waits for the check. WrongInput when it is not to be assembled; OzonError, NetworkError.

        What Ozon finds stands at its piece; what it had no time for is sent again.
        """
        ladder = self._ladder
        posting, _ = await ladder.read(number)
        await ladder.keep([posting])
        if posting.status != TO_ASSEMBLE:
            raise WrongInput(number, detail="отправление уже не ждёт сборки")
        kept = await ladder.storage.run(lambda unit: unit.fbs.marks(ladder.integration_id, [number]))
        _, pieces = await ladder.fbs.pieces(number)
        filled = _filled(pieces, kept)
        try:
            formal = await ladder.fbs.validate_pieces(number, filled)
        except AppError as error:
            raise without_codes(error, kept) from None
        if any(check.errors for check in formal):
            # A set would be checked for minutes to find the same.
            return await self._learn(posting, kept, pieces, _in_order(filled, formal), PiecesCheck("ship_not_available", ()))
        checked = PiecesCheck("validation_in_process", ())
        for _ in range(SENT_AGAIN):
            checked = await self._set_and_wait(number, filled, kept)
            if not any(one.state is CheckState.NOT_DONE for one in checked.pieces):
                break
        return await self._learn(posting, kept, pieces, checked.pieces, checked)

    async def _set_and_wait(self, number: str, filled: Sequence[Piece], kept: Sequence[KeptMark]) -> PiecesCheck:
        ladder = self._ladder
        intent = await ladder.begin(FbsAction.MARKS, number)
        try:
            await ladder.fbs.set_pieces(number, filled)
        except AppError as error:
            await ladder.failed(intent, without_codes(error, kept))
            raise error from None
        sent = [replace(mark, state=MarkState.SENT, errors=()) for mark in kept if mark.code]
        await ladder.storage.run(lambda unit: unit.fbs.put_marks(sent))
        checked = await ladder.fbs.check_pieces(number)
        for pause in ladder.patience.pauses(ladder.patience.marks_s):
            if not checked.under_way:
                break
            await ladder.sleep(pause)
            checked = await ladder.fbs.check_pieces(number)
        await ladder.end(intent, ActionEnd.DONE, checked.state)
        return checked

    async def _learn(
        self, posting: Posting, kept: Sequence[KeptMark], pieces: Sequence[Piece], checks: Sequence[PieceCheck], whole: PiecesCheck
    ) -> MarksChecked:
        """Keeps what was found at each code. A code no answer was about stays as it was."""
        places = _places(pieces)
        found: dict[tuple[int, int], PieceCheck] = {}
        for check in checks:
            if (place := places.get(check.piece.exemplar_id)) is not None:
                found[place] = check
        learned = [_learned(mark, found.get((mark.sku, mark.piece))) for mark in kept if mark.code]
        await self._ladder.storage.run(lambda unit: unit.fbs.put_marks(learned))
        after = slots(posting, learned)
        missing = sum(slot.required and slot.mark is None for slot in after)
        return MarksChecked(whole.may_ship, whole.under_way, after, missing)


def without_codes(error: AppError, kept: Sequence[KeptMark]) -> AppError:
    """The same error without a code in its words: Ozon may repeat what it refuses, and errors are logged, journalled and shown."""
    for mark in sorted(kept, key=lambda one: -len(one.code)):
        for text in (mark.code, identity(mark.kind, mark.code)):
            if mark.kind in MARKS and text:
                error.detail = error.detail.replace(text, "…")
                error.args = tuple(one.replace(text, "…") if isinstance(one, str) else one for one in error.args)
    return error


def _learned(mark: KeptMark, check: PieceCheck | None) -> KeptMark:
    if check is None or check.state in (CheckState.CHECKING, CheckState.UNSENT):
        return mark
    if check.errors:
        return replace(mark, state=MarkState.REFUSED, errors=check.errors)
    return replace(mark, state=MarkState.PASSED if check.state is CheckState.PASSED else MarkState.ENTERED, errors=())


def _places(pieces: Sequence[Piece]) -> dict[int, tuple[int, int]]:
    """(SKU, place) of each piece by Ozon's number of it: places are counted in Ozon's order."""
    counted: dict[int, int] = {}
    found: dict[int, tuple[int, int]] = {}
    for one in pieces:
        found[one.exemplar_id] = (one.sku, counted.get(one.sku, 0))
        counted[one.sku] = counted.get(one.sku, 0) + 1
    return found


def _filled(pieces: Sequence[Piece], kept: Sequence[KeptMark]) -> list[Piece]:
    """All pieces, also those without a code yet: what is left out of a set is wiped."""
    by_place: dict[tuple[int, int], list[KeptMark]] = {}
    for mark in kept:
        if mark.code:
            by_place.setdefault((mark.sku, mark.piece), []).append(mark)
    places = _places(pieces)
    return [_with_codes(one, by_place.get(places[one.exemplar_id], [])) for one in pieces]


def _with_codes(piece: Piece, marks: Sequence[KeptMark]) -> Piece:
    codes = {mark.kind: mark.code for mark in marks}
    gtd, rnpt = codes.get(Need.GTD, ""), codes.get(Need.RNPT, "")
    return Piece(
        piece.sku,
        piece.exemplar_id,
        tuple(Mark(kind, code) for kind, code in codes.items() if kind in MARKS),
        "" if gtd == ABSENT else gtd,
        gtd == ABSENT,
        "" if rnpt == ABSENT else rnpt,
        rnpt == ABSENT,
        float(codes.get(Need.WEIGHT, 0)),
    )


def _in_order(filled: Sequence[Piece], formal: Sequence[PieceCheck]) -> list[PieceCheck]:
    """The answer to a check of form names no pieces: they stand in the order they were asked in, for each product."""
    by_sku: dict[int, list[PieceCheck]] = {}
    for check in formal:
        by_sku.setdefault(check.piece.sku, []).append(check)
    found: list[PieceCheck] = []
    for piece in filled:
        if (rest := by_sku.get(piece.sku)) and (check := rest.pop(0)).errors:
            found.append(replace(check, piece=piece))
    return found
