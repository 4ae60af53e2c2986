"""/v4/posting/fbs/ship: the seller says that a posting is packed, in one parcel or in several.

Official: the request, the answer, the codes, and that a 200 does not mean «assembled»: the posting changes a moment later.
"""

from collections import Counter

from msgspec import field

from .memory import Memory
from .model import Json, Posting
from .replies import ApiError, invalid
from .requests import Id, Int32, Request

ASSUMED = (
    "Отказы /v4/posting/fbs/ship приходят с HTTP 400 и кодом 3; отправление, которое уже собирается, отвечает POSTING_ALREADY_SHIPPED, "
    "а то, что уже в пути, — HAS_INCORRECT_STATUS.",
    "Если отправление разделено, первая упаковка сохраняет номер, у остальных растёт его последнее число.",
)
"""What no source says and the sandbox had to choose."""


class PackageProduct(Request, kw_only=True):
    """`product_id` is the SKU (official)."""

    product_id: Id
    quantity: Int32


class Package(Request, kw_only=True):
    products: list[PackageProduct]


class ShipParts(Request):
    additional_data: bool = False


class ShipRequest(Request, kw_only=True):
    posting_number: str
    packages: list[Package]
    parts: ShipParts = field(default_factory=ShipParts, name="with")


def ship(memory: Memory, body: ShipRequest) -> Json:
    posting = memory.postings.get(body.posting_number)
    if posting is None or posting.scheme == "fbo":
        raise invalid("POSTING_NOT_FOUND")
    if refusal := _wrong_status(posting):
        raise refusal
    pieces = [_pieces(memory, posting, package) for package in body.packages]
    if sum(pieces) != posting.quantity or not all(pieces):
        raise invalid("HAS_INCORRECT_PRODUCT_QUANTITY")
    packages = dict(zip(_numbers(memory, posting, len(pieces)), pieces, strict=True))
    posting.ask_to_ship(packages, memory.clock())
    details = [{"posting_number": number, "products": [_detail(posting, count)]} for number, count in packages.items()]
    return {"result": list(packages), "additional_data": details if body.parts.additional_data else []}


def _wrong_status(posting: Posting) -> ApiError | None:
    if posting.status == "cancelled":
        return invalid("POSTING_ALREADY_CANCELLED")
    if posting.status == "awaiting_deliver" or posting.ship_asked_at is not None:
        return invalid("POSTING_ALREADY_SHIPPED")
    return None if posting.status == "awaiting_packaging" else invalid("HAS_INCORRECT_STATUS")


def _pieces(memory: Memory, posting: Posting, package: Package) -> int:
    """How many pieces of the posting's product are in a package. 400 for other products and counts below one."""
    skus = {product.sku for product in memory.shelf.values() if product.sku}
    counts: Counter[int] = Counter()
    for product in package.products:
        if product.product_id not in skus:
            raise invalid("UNKNOWN_PRODUCT_DEFINED")
        if product.quantity < 1:
            raise invalid("HAS_INCORRECT_PRODUCT_QUANTITY")
        counts[product.product_id] += product.quantity
    if set(counts) - {posting.body["products"][0]["sku"]}:
        raise invalid("HAS_INCORRECT_PRODUCT_QUANTITY")
    return counts.total()


def _numbers(memory: Memory, posting: Posting, count: int) -> list[str]:
    """The posting's own number, then the next free ones of its order."""
    head, _, last = posting.number.rpartition("-")
    numbers, place = [posting.number], int(last)
    while len(numbers) < count:
        place += 1
        if f"{head}-{place}" not in memory.postings:
            numbers.append(f"{head}-{place}")
    return numbers


def _detail(posting: Posting, quantity: int) -> Json:
    line = posting.body["products"][0]
    return {
        "mandatory_mark": [],
        "name": line["name"],
        "offer_id": line["offer_id"],
        "price": line["price"]["amount"],
        "quantity": quantity,
        "sku": line["sku"],
        "currency_code": line["price"]["currency"],
    }
