"""Pieces of a posting and what is written on them: marks, customs declarations (GTD), lots (RNPT), weights.

Official: the five methods, that a set replaces everything, that the check comes later, the words of the states. Live (several clients):
the order of the calls, and that a piece is known by the number Ozon gave it.
"""

import re
from collections.abc import Iterator

from .memory import Memory
from .model import Exemplar, Json, Posting
from .needs import MARK_KINDS, POSSIBLE_MARK
from .replies import invalid
from .requests import Id, Int32, Request

ASSUMED = (
    "Коды ошибок марки — свои: Ozon их не называет; отказанная марка имеет check_status «passed» с error_codes и не даёт собрать.",
    "Код «Честного знака» проверяется по форме: 01, GTIN с контрольной цифрой, 21, серия от 5 до 20 знаков, затем GS и хвост 91/92 или 93; "
    "без GS и хвоста код не принимается.",
    "Данные экземпляров собранного отправления меняются до его отгрузки: set, потом update.",
)
"""What no source says and the sandbox had to choose."""

GS = "\x1d"
CODE = re.compile(rf"01(\d{{14}})21([!-~]{{5,20}}){GS}(?:91[!-~]{{4}}{GS}92[!-~]{{44,88}}|93[!-~]{{4}})")
GTD = re.compile(r"\d{8}/\d{6}/\d{7}(/\d{1,3})?")


class Mark(Request):
    mark: str = ""
    mark_type: str = ""


class Piece(Request):
    marks: list[Mark] = []
    gtd: str = ""
    rnpt: str = ""
    weight: float = 0.0


class NumberedPiece(Piece, kw_only=True):
    exemplar_id: Id
    is_gtd_absent: bool = False
    is_rnpt_absent: bool = False


class ValidatedProduct(Request, kw_only=True):
    product_id: Id
    exemplars: list[Piece]


class SetProduct(Request, kw_only=True):
    product_id: Id
    exemplars: list[NumberedPiece]


class PostingRequest(Request, kw_only=True):
    posting_number: str


class ValidateRequest(PostingRequest, kw_only=True):
    products: list[ValidatedProduct]


class SetRequest(PostingRequest, kw_only=True):
    products: list[SetProduct]
    multi_box_qty: Int32 = 0


def create_or_get(memory: Memory, body: PostingRequest) -> Json:
    posting = _own(memory, body.posting_number)
    _number(memory, posting)
    return {
        "posting_number": posting.number,
        "multi_box_qty": posting.body["multi_box_qty"],
        "products": [_product(posting, line) for line in posting.body["products"]],
    }


def validate(memory: Memory, body: ValidateRequest) -> Json:
    posting = _own(memory, body.posting_number)
    answers = []
    for product in body.products:
        _check_product(posting, product.product_id)
        pieces = [_validated(posting, product.product_id, piece) for piece in product.exemplars]
        valid = all(piece["valid"] for piece in pieces)
        answers.append({"product_id": int(product.product_id), "valid": valid, "error": "", "exemplars": pieces})
    return {"products": answers}


def set_(memory: Memory, body: SetRequest) -> Json:
    posting = _own(memory, body.posting_number)
    if posting.status not in {"awaiting_packaging", "awaiting_deliver"}:
        raise invalid("Posting must have 'awaiting_packaging' status")
    _number(memory, posting)
    sent: dict[int, NumberedPiece] = {}
    for product in body.products:
        _check_product(posting, product.product_id)
        known = {one.number for one in posting.exemplars[product.product_id]}
        for piece in product.exemplars:
            if piece.exemplar_id <= 0:
                raise invalid("Request validation error: exemplar_id: value must be greater than 0")
            if piece.exemplar_id not in known:
                raise invalid(f"EXEMPLAR_ID does not belong to product {product.product_id}")
            sent[piece.exemplar_id] = piece
    if body.multi_box_qty:
        posting.body["multi_box_qty"] = body.multi_box_qty
    for one in (piece for pieces in posting.exemplars.values() for piece in pieces):
        # What is not sent is wiped: a set replaces all of the posting.
        _take(memory, one, sent.get(one.number))
    return {}


def status(memory: Memory, body: PostingRequest) -> Json:
    posting = _own(memory, body.posting_number)
    _number(memory, posting)
    products = [
        {"product_id": sku, "exemplars": [_checked(memory, posting, sku, piece) for piece in pieces]}
        for sku, pieces in posting.exemplars.items()
    ]
    return {"posting_number": posting.number, "products": products, "status": _state(memory, posting)}


def update(memory: Memory, body: PostingRequest) -> Json:
    posting = _own(memory, body.posting_number)
    if posting.status != "awaiting_deliver":
        raise invalid("HAS_INCORRECT_STATUS")
    return {}


def complete(memory: Memory, posting: Posting) -> bool:
    """Whether everything Ozon asks for is there and was checked."""
    if not posting.needs:
        return True
    if any("country" in wants for wants in posting.needs.values()):
        return False
    if not any(wants - {POSSIBLE_MARK} for wants in posting.needs.values()):
        return True
    return bool(posting.exemplars) and _state(memory, posting) == "ship_available"


def redundant(posting: Posting) -> bool:
    """Whether a mark is on a piece that may have none."""
    return any(
        kind == "mandatory_mark" and not {kind, POSSIBLE_MARK} & posting.needs.get(sku, frozenset())
        for sku, pieces in posting.exemplars.items()
        for piece in pieces
        for _, kind in piece.marks
    )


def _own(memory: Memory, number: str) -> Posting:
    posting = memory.postings.get(number)
    if posting is None or posting.scheme == "fbo":
        raise invalid("POSTING_NOT_FOUND")
    return posting


def _check_product(posting: Posting, sku: int) -> None:
    if sku not in posting.offers:
        raise invalid("UNKNOWN_PRODUCT_DEFINED")


def _number(memory: Memory, posting: Posting) -> None:
    for line in posting.body["products"]:
        known = posting.exemplars.setdefault(line["sku"], [])
        while len(known) < line["quantity"]:
            known.append(Exemplar(memory.next_exemplar()))


def _take(memory: Memory, one: Exemplar, sent: NumberedPiece | None) -> None:
    piece = sent or NumberedPiece(exemplar_id=Id(one.number))
    one.marks = tuple((mark.mark, mark.mark_type) for mark in piece.marks)
    one.gtd, one.is_gtd_absent = piece.gtd, piece.is_gtd_absent
    one.rnpt, one.is_rnpt_absent = piece.rnpt, piece.is_rnpt_absent
    one.weight, one.set_at = piece.weight, memory.clock()
    one.overdue = bool(one.marks) and memory.mark_timeouts > 0
    memory.mark_timeouts -= one.overdue


def _product(posting: Posting, line: Json) -> Json:
    wants = posting.needs.get(line["sku"], frozenset())
    return {
        "product_id": line["sku"],
        "quantity": line["quantity"],
        "exemplars": [_piece(one) for one in posting.exemplars[line["sku"]]],
        "is_mandatory_mark_needed": "mandatory_mark" in wants,
        "is_mandatory_mark_possible": bool({"mandatory_mark", POSSIBLE_MARK} & wants),
        "is_gtd_needed": "gtd" in wants,
        "is_rnpt_needed": "rnpt" in wants,
        "is_jw_uin_needed": "jw_uin" in wants,
        "has_imei": "imei" in wants,
        "is_weight_needed": "weight" in wants,
        "weight_min": 0.1 if "weight" in wants else 0.0,
        "weight_max": 30.0 if "weight" in wants else 0.0,
    }


def _piece(one: Exemplar) -> Json:
    return {
        "exemplar_id": one.number,
        "marks": [{"mark": mark, "mark_type": kind} for mark, kind in one.marks],
        "gtd": one.gtd,
        "is_gtd_absent": one.is_gtd_absent,
        "rnpt": one.rnpt,
        "is_rnpt_absent": one.is_rnpt_absent,
        "weight": one.weight,
    }


def _validated(posting: Posting, sku: int, piece: Piece) -> Json:
    """The form alone."""
    wants = posting.needs.get(sku, frozenset())
    marks = [
        {"mark": mark.mark, "mark_type": mark.mark_type, "errors": errors, "valid": not errors}
        for mark in piece.marks
        for errors in [list(_form_errors(mark.mark, mark.mark_type))]
    ]
    errors = ["GTD_IS_REQUIRED_ONLY_FOR_LEGAL_CUSTOMER"] if piece.gtd and "gtd" not in wants else []
    errors += ["GTD_INVALID_FORMAT"] if piece.gtd and not GTD.fullmatch(piece.gtd) else []
    valid = not errors and all(mark["valid"] for mark in marks)
    return {"gtd": piece.gtd, "rnpt": piece.rnpt, "weight": piece.weight, "errors": errors, "marks": marks, "valid": valid}


def _form_errors(mark: str, kind: str) -> Iterator[str]:
    if kind not in MARK_KINDS:
        yield "MARK_TYPE_UNKNOWN"
    elif kind == "imei":
        if not (len(mark) == 15 and mark.isascii() and mark.isdigit()):
            yield "IMEI_INVALID_FORMAT"
    elif kind == "jw_uin":
        if not (len(mark) == 16 and mark.isascii() and mark.isdigit()):
            yield "UIN_INVALID_FORMAT"
    else:
        found = CODE.fullmatch(mark)
        if found is None:
            yield "MARK_INVALID_FORMAT"
        elif not _good_gtin(found[1]):
            yield "MARK_INVALID_GTIN"


def _good_gtin(gtin: str) -> bool:
    return sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(gtin)) % 10 == 0


def _errors(memory: Memory, posting: Posting, mark: str, kind: str) -> list[str]:
    """What the check finds beyond the form: doubles in the cabinet, and marks not in circulation."""
    found = list(_form_errors(mark, kind))
    others = [
        other
        for one in memory.postings.values()
        if one.status not in {"cancelled", "cancelled_from_split_pending"}
        for pieces in one.exemplars.values()
        for piece in pieces
        for other, _ in piece.marks
    ]
    if others.count(mark) > 1:
        found.append("MARK_DUPLICATED")
    if mark in memory.not_in_circulation:
        found.append("MARK_NOT_IN_CIRCULATION")
    return found


def _checked(memory: Memory, posting: Posting, sku: int, one: Exemplar) -> Json:
    word = _progress(memory, one)
    done = word == "passed"
    marks = [
        {"mark": mark, "mark_type": kind, "check_status": word, "error_codes": _errors(memory, posting, mark, kind) if done else []}
        for mark, kind in one.marks
    ]
    gtd_errors = ["GTD_INVALID_FORMAT"] if done and one.gtd and not GTD.fullmatch(one.gtd) else []
    return {
        **_piece(one),
        "marks": marks,
        "gtd_check_status": word if one.gtd or one.is_gtd_absent else "",
        "gtd_error_codes": gtd_errors,
        "rnpt_check_status": word if one.rnpt or one.is_rnpt_absent else "",
        "rnpt_error_codes": [],
        "weight_check_status": word if one.weight else "",
        "weight_error_codes": [],
    }


def _progress(memory: Memory, one: Exemplar) -> str:
    if one.set_at is None:
        return ""
    if memory.clock() < one.set_at + memory.timing.mark_check:
        return "processing"
    return "failed" if one.overdue else "passed"


def _state(memory: Memory, posting: Posting) -> str:
    pieces = [(sku, one) for sku, known in posting.exemplars.items() for one in known]
    if any(_progress(memory, one) == "processing" for _, one in pieces):
        return "validation_in_process"
    good = all(_is_good(memory, posting, sku, one) for sku, one in pieces)
    if posting.status == "awaiting_packaging":
        return "ship_available" if good else "ship_not_available"
    return "update_available" if posting.status == "awaiting_deliver" else "update_not_available"


def _is_good(memory: Memory, posting: Posting, sku: int, one: Exemplar) -> bool:
    wants = posting.needs.get(sku, frozenset())
    kinds = [kind for _, kind in one.marks]
    if any(_errors(memory, posting, mark, kind) for mark, kind in one.marks) or (one.marks and _progress(memory, one) != "passed"):
        return False
    given = {*kinds}
    given |= {"gtd"} if one.is_gtd_absent or GTD.fullmatch(one.gtd) else set()
    given |= {"rnpt"} if one.is_rnpt_absent or one.rnpt else set()
    given |= {"weight"} if one.weight > 0 else set()
    return not wants - {POSSIBLE_MARK, "country"} - given


def posting_of(memory: Memory, number: str) -> Posting:
    """The seller's posting of a number; 400 without one."""
    return _own(memory, number)
