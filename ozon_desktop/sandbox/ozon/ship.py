"""Assembling: /v4/posting/fbs/ship, /v4/posting/fbs/ship/package and /v1/posting/fbs/split.

Official: the requests, the answers, the codes, and that a 200 does not mean «assembled»: the posting changes a moment later.
"""

from collections import Counter
from collections.abc import Sequence

from msgspec import field

from .exemplars import complete, redundant
from .memory import Memory
from .model import Json, Pieces, Posting
from .parcels import set_status, take_apart
from .replies import ApiError, invalid
from .requests import Id, Int32, Request

ASSUMED = (
    "Отказы /v4/posting/fbs/ship приходят с HTTP 400 и кодом 3; отправление, которое уже собирается, отвечает POSTING_ALREADY_SHIPPED, "
    "а то, что уже в пути, — HAS_INCORRECT_STATUS.",
    "Если отправление разделено, первая упаковка сохраняет номер, у остальных растёт его последнее число.",
    "/v4/posting/fbs/ship/package: переданная часть становится новым собранным отправлением, остаток сохраняет номер и ждёт сборки; "
    "всё отправление целиком собирается под своим номером.",
    "/v1/posting/fbs/split: у всех частей новые номера, исходное отправление сразу получает cancelled_from_split_pending.",
)
"""What no source says and the sandbox had to choose."""


class PackageProduct(Request, kw_only=True):
    """`product_id` is the SKU (official)."""

    product_id: Id
    quantity: Int32


class PartProduct(PackageProduct, kw_only=True):
    exemplars_ids: list[Id] = field(default_factory=list, name="exemplarsIds")


class Package(Request, kw_only=True):
    products: list[PackageProduct]


class ShipParts(Request):
    additional_data: bool = False


class ShipRequest(Request, kw_only=True):
    posting_number: str
    packages: list[Package]
    parts: ShipParts = field(default_factory=ShipParts, name="with")


class ShipPackageRequest(Request, kw_only=True):
    posting_number: str
    products: list[PartProduct]


class SplitRequest(Request, kw_only=True):
    posting_number: str
    postings: list[Package]


def ship(memory: Memory, body: ShipRequest) -> Json:
    posting = _to_ship(memory, body.posting_number)
    parts = [_pieces(memory, posting, package.products) for package in body.packages]
    _check_whole(posting, parts)
    packages = dict(zip(_numbers(memory, posting, len(parts)), parts, strict=True))
    posting.ask_to_ship(packages, memory.clock())
    details = [_additional(posting, number, pieces) for number, pieces in packages.items()]
    return {"result": list(packages), "additional_data": details if body.parts.additional_data else []}


def ship_package(memory: Memory, body: ShipPackageRequest) -> Json:
    posting = _to_ship(memory, body.posting_number)
    part = _pieces(memory, posting, body.products)
    if not part or any(count > posting.pieces[offer] for offer, count in part.items()):
        raise invalid("HAS_INCORRECT_PRODUCT_QUANTITY")
    rest = {offer: count - part.get(offer, 0) for offer, count in posting.pieces.items() if count > part.get(offer, 0)}
    if not rest:
        posting.ask_to_ship({posting.number: part}, memory.clock())
        return {"result": posting.number}
    _put_first(posting, body.products)
    _, number = _numbers(memory, posting, 2)
    now = memory.clock()
    # The passed pieces come first, so that they are those that leave.
    take_apart(memory, posting, {number: part, posting.number: rest}, now)
    memory.postings[number].ask_to_ship({number: part}, now)
    return {"result": number}


def split(memory: Memory, body: SplitRequest) -> Json:
    posting = _awaiting(memory, body.posting_number)
    parts = [_pieces(memory, posting, package.products) for package in body.postings]
    _check_whole(posting, parts)
    if len(parts) < 2:
        raise invalid("HAS_INCORRECT_PRODUCT_QUANTITY")
    numbers = _numbers(memory, posting, len(parts) + 1)[1:]
    now = memory.clock()
    whole = _rows(posting, posting.pieces)
    take_apart(memory, posting, dict(zip(numbers, parts, strict=True)), now)
    set_status(memory, posting, "cancelled_from_split_pending", now)
    return {
        "parent_posting": {"posting_number": posting.number, "products": whole},
        "postings": [{"posting_number": number, "products": _rows(posting, pieces)} for number, pieces in zip(numbers, parts, strict=True)],
    }


def _awaiting(memory: Memory, number: str) -> Posting:
    posting = memory.postings.get(number)
    if posting is None or posting.scheme == "fbo":
        raise invalid("POSTING_NOT_FOUND")
    if refusal := _wrong_status(posting):
        raise refusal
    return posting


def _to_ship(memory: Memory, number: str) -> Posting:
    posting = _awaiting(memory, number)
    if redundant(posting):
        raise invalid("MANDATORY_MARK_REDUNDANT")
    if not complete(memory, posting):
        raise invalid("EXEMPLAR_INFO_NOT_FILLED_COMPLETELY")
    return posting


def _wrong_status(posting: Posting) -> ApiError | None:
    if posting.status in {"cancelled", "cancelled_from_split_pending"}:
        return invalid("POSTING_ALREADY_CANCELLED")
    if posting.status == "awaiting_deliver" or posting.ship_asked_at is not None:
        return invalid("POSTING_ALREADY_SHIPPED")
    return None if posting.status == "awaiting_packaging" else invalid("HAS_INCORRECT_STATUS")


def _check_whole(posting: Posting, parts: Sequence[Pieces]) -> None:
    """400 when the parts are not exactly what is in the posting."""
    total: Counter[str] = Counter()
    for pieces in parts:
        total.update(pieces)
    if not all(parts) or dict(total) != posting.pieces:
        raise invalid("HAS_INCORRECT_PRODUCT_QUANTITY")


def _pieces(memory: Memory, posting: Posting, products: Sequence[PackageProduct]) -> Pieces:
    """The pieces of a package. 400 for other products and counts below one."""
    skus = {product.sku for product in memory.shelf.values() if product.sku}
    offers = posting.offers
    counts: Counter[str] = Counter()
    for product in products:
        if product.product_id not in skus:
            raise invalid("UNKNOWN_PRODUCT_DEFINED")
        if product.quantity < 1 or product.product_id not in offers:
            raise invalid("HAS_INCORRECT_PRODUCT_QUANTITY")
        counts[offers[product.product_id]] += product.quantity
    return dict(counts)


def _put_first(posting: Posting, products: Sequence[PartProduct]) -> None:
    """The named exemplars become the first of their product. 400 for those of another posting."""
    for product in products:
        known = posting.exemplars.get(product.product_id, [])
        wanted = set(product.exemplars_ids)
        if wanted - {one.number for one in known}:
            raise invalid(f"EXEMPLAR_ID does not belong to product {product.product_id}")
        posting.exemplars[product.product_id] = sorted(known, key=lambda one, wanted=wanted: one.number not in wanted)  # type: ignore[misc]


def _numbers(memory: Memory, posting: Posting, count: int) -> list[str]:
    """The posting's own number, then the next free ones of its order."""
    head, _, last = posting.number.rpartition("-")
    numbers, place = [posting.number], int(last)
    while len(numbers) < count:
        place += 1
        if f"{head}-{place}" not in memory.postings:
            numbers.append(f"{head}-{place}")
    return numbers


def _rows(posting: Posting, pieces: Pieces) -> list[Json]:
    return [{"product_id": sku, "quantity": pieces[offer]} for sku, offer in posting.offers.items() if offer in pieces]


def _additional(posting: Posting, number: str, pieces: Pieces) -> Json:
    lines = [line for line in posting.body["products"] if line["offer_id"] in pieces]
    return {"posting_number": number, "products": [_detail(line, pieces[line["offer_id"]]) for line in lines]}


def _detail(line: Json, quantity: int) -> Json:
    return {
        "mandatory_mark": [],
        "name": line["name"],
        "offer_id": line["offer_id"],
        "price": line["price"]["amount"],
        "quantity": quantity,
        "sku": line["sku"],
        "currency_code": line["price"]["currency"],
    }
