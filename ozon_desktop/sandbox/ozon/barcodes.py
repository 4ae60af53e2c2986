"""/v1/barcode/add: more barcodes for a card than its import carries."""

from typing import Annotated

from msgspec import Meta

from .memory import Memory
from .model import Json, SandboxProduct
from .requests import NotNegative, Request
from .rules.barcodes import MAX_BARCODE, is_barcode, taken_error

MOST_OF_A_CARD = 100
ASSUMED = (
    "Импорт карточки оставляет ей один штрихкод — переданный; остальные добавляются снова методом /v1/barcode/add.",
    "/v1/barcode/add: каждый штрихкод судится отдельно; тот, что у товара уже есть, принимается ещё раз; тексты отказов.",
)


class Pair(Request):
    barcode: str = ""
    sku: NotNegative = 0


class AddRequest(Request):
    barcodes: Annotated[list[Pair], Meta(min_length=1, max_length=100)]


def add(memory: Memory, body: AddRequest) -> Json:
    """Official: 100 pairs a request, 100 barcodes a card, 100 signs a barcode, the shape of the answer, which lists refusals only."""
    by_sku = {product.sku: product for product in memory.shelf.values() if product.sku}
    return {"errors": [error for pair in body.barcodes if (error := _add(memory, by_sku.get(pair.sku), pair)) is not None]}


def _add(memory: Memory, product: SandboxProduct | None, pair: Pair) -> Json | None:
    why = _refusal(memory, product, pair.barcode)
    if why is not None:
        return {"code": why[0], "error": why[1], "barcode": pair.barcode, "sku": pair.sku}
    if product is not None and pair.barcode not in product.barcodes:
        product.more_barcodes.append(pair.barcode)
        memory.note_barcode(product)
    return None


def _refusal(memory: Memory, product: SandboxProduct | None, barcode: str) -> tuple[str, str] | None:
    if product is None:
        return "sku_not_found", "Товар с таким SKU не найден"
    if len(barcode) > MAX_BARCODE:
        return "barcode_too_long", f"Слишком длинный штрихкод: не больше {MAX_BARCODE} символов"
    if not is_barcode(barcode):
        return "barcode_invalid", "Неверный штрихкод"
    owner = memory.barcode_owner(barcode)
    if owner is not None and owner is not product:
        return "barcode_already_used", str(taken_error(owner.offer_id)["message"])
    if barcode not in product.barcodes and len(product.barcodes) >= MOST_OF_A_CARD:
        return "barcode_limit_exceeded", f"На товаре не может быть больше {MOST_OF_A_CARD} штрихкодов"
    return None
