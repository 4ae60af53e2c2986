"""Work on FBS and rFBS postings through the Seller API: assembling, marks, cancelling, carriages, own delivery.

Numbers of products are SKUs everywhere here, whatever the field is called (official).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ozon_desktop.domain.fbs import (
    CancelReason,
    Carriage,
    CarriageAct,
    CarriageMethod,
    MoveAnswer,
    OwnDelivery,
    PartOfPosting,
    Piece,
    PieceCheck,
    PiecesCheck,
    ProductNeeds,
)
from ozon_desktop.domain.orders import Posting
from ozon_desktop.errors import UnexpectedAnswer
from ozon_desktop.ozon import endpoints, fbs_models, models, requests
from ozon_desktop.ozon.client import OzonClient, check_number

_posting = models.decoder(fbs_models.PostingAnswer)
_ship = models.decoder(fbs_models.ShipAnswer)
_ship_part = models.decoder(fbs_models.ShipPartAnswer)
_split = models.decoder(fbs_models.SplitAnswer)
_pieces = models.decoder(fbs_models.PiecesAnswer)
_validated = models.decoder(fbs_models.ValidatedAnswer)
_pieces_status = models.decoder(fbs_models.PiecesStatusAnswer)
_countries = models.decoder(fbs_models.CountriesAnswer)
_country = models.decoder(fbs_models.CountryAnswer)
_reasons = models.decoder(fbs_models.ReasonsAnswer)
_cancel = models.decoder(fbs_models.CancelAnswer)
_cancel_products = models.decoder(fbs_models.CancelProductsAnswer)
_methods = models.decoder(fbs_models.MethodsAnswer)
_new_carriage = models.decoder(fbs_models.NewCarriageAnswer)
_carriage = models.decoder(fbs_models.CarriageAnswer)
_carriage_cancel = models.decoder(fbs_models.CarriageCancelAnswer)
_act = models.decoder(fbs_models.ActAnswer)
_barcode = models.decoder(fbs_models.BarcodeAnswer)
_moves = models.decoder(fbs_models.MovesAnswer)

STEPS = {
    OwnDelivery.DELIVERING: endpoints.DELIVERING,
    OwnDelivery.LAST_MILE: endpoints.LAST_MILE,
    OwnDelivery.DELIVERED: endpoints.DELIVERED,
}


class FbsClient:
    """The methods of one cabinet. All raise OzonError (a refused posting: PostingRefused) or NetworkError.

    After a lost answer (AnswerTimeout, ConnectionLost, OzonUnavailable) Ozon may have done what was asked: read the posting, then decide.
    """

    def __init__(self, client: OzonClient) -> None:
        self._client = client

    async def posting(self, number: str) -> tuple[Posting, tuple[str, ...]]:
        """/v3/posting/fbs/get: the posting as it is, and the numbers of the others of its order."""
        query = {"posting_number": number, "with": {"related_postings": True}}
        return await self._client.ask(endpoints.POSTING, query, lambda body: _posting(body).to_domain())

    async def ship(self, number: str, packages: Sequence[Mapping[int, int]]) -> tuple[str, ...]:
        """/v4/posting/fbs/ship: asks for the assembling of all of it, a parcel for each package (pieces by SKU). Gives their numbers.

        Not done with the answer: the posting says when it is.
        """
        rows = [{"products": _counts(package)} for package in packages]
        query = {"posting_number": number, "packages": rows}
        return await self._client.ask(endpoints.SHIP, query, lambda body: tuple(_ship(body).result))

    async def ship_part(self, number: str, parts: Sequence[PartOfPosting]) -> str:
        """/v4/posting/fbs/ship/package: asks for the assembling of these pieces alone. Gives the number of their parcel."""
        rows: list[dict[str, Any]] = [{"product_id": part.sku, "quantity": part.quantity} for part in parts]
        for row, part in zip(rows, parts, strict=True):
            if part.exemplar_ids:
                row["exemplarsIds"] = [str(one) for one in part.exemplar_ids]
        query = {"posting_number": number, "products": rows}
        return await self._client.ask(endpoints.SHIP_PART, query, lambda body: _ship_part(body).result)

    async def split(self, number: str, parts: Sequence[Mapping[int, int]]) -> tuple[str, ...]:
        """/v1/posting/fbs/split: makes postings of these pieces (by SKU) without assembling. Gives their numbers."""
        query = {"posting_number": number, "postings": [{"products": _counts(part)} for part in parts]}
        return await self._client.ask(endpoints.SPLIT, query, lambda body: tuple(row.posting_number for row in _split(body).postings))

    # --- pieces -----------------------------------------------------------------------------------------------------

    async def pieces(self, number: str) -> tuple[tuple[ProductNeeds, ...], tuple[Piece, ...]]:
        """/v6/…/exemplar/create-or-get: what is asked for, and the pieces with the numbers Ozon gives them."""
        return await self._client.ask(endpoints.PIECES, {"posting_number": number}, lambda body: _pieces(body).to_domain())

    async def validate_pieces(self, number: str, pieces: Sequence[Piece]) -> tuple[PieceCheck, ...]:
        """/v5/…/exemplar/validate: only the form of what is on the pieces, answered at once."""
        query = {"posting_number": number, "products": _products(pieces, numbered=False)}
        return await self._client.ask(endpoints.VALIDATE_PIECES, query, lambda body: _validated(body).to_domain())

    async def set_pieces(self, number: str, pieces: Sequence[Piece], boxes: int = 0) -> None:
        """/v6/…/exemplar/set: all pieces of the posting, for those left out are wiped. Checked later: `check_pieces`."""
        query: dict[str, Any] = {"posting_number": number, "products": _products(pieces, numbered=True)}
        if boxes:
            query["multi_box_qty"] = boxes
        await self._client.ask(endpoints.SET_PIECES, query, bytes)

    async def check_pieces(self, number: str) -> PiecesCheck:
        """/v5/…/exemplar/status: how far the check is, and whether the posting may be assembled."""
        return await self._client.ask(endpoints.PIECES_STATUS, {"posting_number": number}, lambda body: _pieces_status(body).to_domain())

    async def update_pieces(self, number: str) -> None:
        """/v1/…/exemplar/update: what was set replaces the data of an assembled posting."""
        await self._client.ask(endpoints.UPDATE_PIECES, {"posting_number": number}, bytes)

    async def countries(self, name: str = "") -> dict[str, str]:
        """/v2/posting/fbs/product/country/list: names by code of two letters."""
        query = {"name_search": name}
        return await self._client.ask(
            endpoints.COUNTRIES, query, lambda body: {row.country_iso_code: row.name for row in _countries(body).result}
        )

    async def set_country(self, number: str, sku: int, code: str) -> bool:
        """/v2/posting/fbs/product/country/set. Gives whether a customs declaration is asked for now."""
        query = {"posting_number": number, "product_id": sku, "country_iso_code": code}
        return await self._client.ask(endpoints.SET_COUNTRY, query, lambda body: bool(_country(body).is_gtd_needed))

    # --- cancelling -------------------------------------------------------------------------------------------------

    async def cancel_reasons(self, numbers: Sequence[str]) -> dict[str, tuple[CancelReason, ...]]:
        """/v1/posting/fbs/cancel-reason of at most 100 postings; one without a reason of the seller cannot be cancelled."""
        check_number(endpoints.CANCEL_REASONS, numbers)
        query = {"related_posting_numbers": list(numbers)}
        return await self._client.ask(endpoints.CANCEL_REASONS, query, lambda body: _reasons(body).to_domain())

    async def cancel(self, number: str, reason_id: int, message: str = "") -> bool:
        """/v2/posting/fbs/cancel: for good. message: needed with the reason «other»."""
        query: dict[str, Any] = {"posting_number": number, "cancel_reason_id": reason_id}
        if message:
            query["cancel_reason_message"] = message
        return await self._client.ask(endpoints.CANCEL_POSTING, query, lambda body: _cancel(body).result)

    async def cancel_products(self, number: str, reason_id: int, message: str, items: Mapping[int, int]) -> str:
        """/v2/posting/fbs/product/cancel: these pieces by SKU, for good. What becomes of the numbers is documented nowhere: read them."""
        rows = [{"sku": sku, "quantity": count} for sku, count in items.items()]
        query = {"posting_number": number, "cancel_reason_id": reason_id, "cancel_reason_message": message, "items": rows}
        return await self._client.ask(endpoints.CANCEL_PRODUCTS, query, lambda body: _cancel_products(body).result or "")

    # --- carriages --------------------------------------------------------------------------------------------------

    async def carriage_methods(self) -> list[CarriageMethod]:
        """/v2/carriage/delivery/list: delivery methods with postings to hand over."""
        limit, cursor, found, seen = endpoints.CARRIAGE_METHODS.item_limit, "", dict[int, CarriageMethod](), set[str]()
        while cursor not in seen:
            seen.add(cursor)
            query = {"limit": limit, "cursor": cursor} if cursor else {"limit": limit}
            answer = await self._client.ask(endpoints.CARRIAGE_METHODS, query, _methods)
            found |= {row.delivery_method_id: row.to_domain() for row in answer.methods or []}
            if not answer.has_next or not answer.cursor:
                break
            cursor = answer.cursor
        return list(found.values())

    async def create_carriage(self, method_id: int, departure: datetime) -> int:
        """/v1/carriage/create: of all that is ready by this method. ValueError without one: Ozon would take everything there is."""
        if method_id <= 0:
            raise ValueError("a carriage has a delivery method")
        query = {"delivery_method_id": method_id, "departure_date": requests.moment(departure)}
        return await self._client.ask(endpoints.CREATE_CARRIAGE, query, lambda body: _new_carriage(body).carriage_id)

    async def carriage(self, carriage_id: int) -> Carriage:
        """/v1/carriage/get."""
        return await self._client.ask(endpoints.CARRIAGE, {"carriage_id": carriage_id}, lambda body: _carriage(body).to_domain())

    async def set_carriage_postings(self, carriage_id: int, numbers: Sequence[str]) -> list[MoveAnswer]:
        """/v1/carriage/set-postings: these are the carriage from now on, all others are out of it."""
        query = {"carriage_id": carriage_id, "posting_numbers": list(numbers)}
        return await self._client.ask(endpoints.SET_CARRIAGE_POSTINGS, query, lambda body: _moves(body).to_domain())

    async def approve_carriage(self, carriage_id: int) -> None:
        """/v1/carriage/approve: nothing of it changes any more."""
        await self._client.ask(endpoints.APPROVE_CARRIAGE, {"carriage_id": carriage_id}, bytes)

    async def cancel_carriage(self, carriage_id: int) -> str:
        """/v1/carriage/cancel. Gives why it was not, "" = it was."""
        return await self._client.ask(
            endpoints.CANCEL_CARRIAGE, {"carriage_id": carriage_id}, lambda body: _carriage_cancel(body).error or ""
        )

    async def act(self, carriage_id: int) -> CarriageAct:
        """/v2/posting/fbs/act/check-status: whether the documents are ready, and what is in them."""
        return await self._client.ask(endpoints.ACT_STATUS, {"id": carriage_id}, lambda body: _act(body).to_domain())

    async def act_pdf(self, carriage_id: int) -> bytes:
        """/v2/posting/fbs/act/get-pdf: the PDF itself. UnexpectedAnswer for anything else."""
        document = await self._client.ask(endpoints.ACT_PDF, {"id": carriage_id}, bytes)
        if not document.startswith(b"%PDF"):
            raise UnexpectedAnswer(endpoints.ACT_PDF.path, detail="the act is no PDF", status=200)
        return document

    async def act_barcode(self, carriage_id: int) -> str:
        """/v2/posting/fbs/act/get-barcode/text: what is shown at the point of acceptance."""
        return await self._client.ask(endpoints.ACT_BARCODE, {"id": carriage_id}, lambda body: _barcode(body).result)

    # --- own delivery -----------------------------------------------------------------------------------------------

    async def move(self, step: OwnDelivery, numbers: Sequence[str]) -> list[MoveAnswer]:
        """/v2/fbs/posting/delivering, last-mile or delivered: at most 100 rFBS postings, an answer for each."""
        endpoint = STEPS[step]
        check_number(endpoint, numbers)
        return await self._client.ask(endpoint, {"posting_number": list(numbers)}, lambda body: _moves(body).to_domain())

    async def set_tracking(self, tracking: Mapping[str, str]) -> list[MoveAnswer]:
        """/v2/fbs/posting/tracking-number/set: tracking numbers of at most 20 postings, an answer for each."""
        check_number(endpoints.SET_TRACKING, list(tracking))
        rows = [{"posting_number": number, "tracking_number": text} for number, text in tracking.items()]
        return await self._client.ask(endpoints.SET_TRACKING, {"tracking_numbers": rows}, lambda body: _moves(body).to_domain())


def _counts(pieces: Mapping[int, int]) -> list[dict[str, int]]:
    return [{"product_id": sku, "quantity": count} for sku, count in pieces.items()]


def _products(pieces: Sequence[Piece], *, numbered: bool) -> list[dict[str, Any]]:
    by_sku: dict[int, list[dict[str, Any]]] = {}
    for piece in pieces:
        by_sku.setdefault(piece.sku, []).append(_piece(piece, numbered=numbered))
    return [{"product_id": sku, "exemplars": rows} for sku, rows in by_sku.items()]


def _piece(piece: Piece, *, numbered: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"marks": [{"mark": mark.code, "mark_type": mark.kind.value} for mark in piece.marks]}
    if piece.gtd:
        row["gtd"] = piece.gtd
    if piece.rnpt:
        row["rnpt"] = piece.rnpt
    if piece.weight:
        row["weight"] = piece.weight
    if numbered:
        flags = {"is_gtd_absent": piece.is_gtd_absent, "is_rnpt_absent": piece.is_rnpt_absent}
        row |= {"exemplar_id": piece.exemplar_id, **{name: True for name, absent in flags.items() if absent}}
    return row
