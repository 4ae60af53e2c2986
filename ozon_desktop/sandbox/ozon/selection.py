"""Which products a request means: by filters of lists, by ids, and one by one in lists of changes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated

from .memory import Memory
from .model import Json, SandboxProduct
from .paging import Key
from .replies import invalid
from .requests import Ids, NotNegative, OfferIds, PageSize, Request, broken, one_of

AnyIds = Sequence[str] | Sequence[int]
_VISIBLE: dict[str, Callable[[SandboxProduct], bool]] = {
    "ALL": lambda product: True,
    "VISIBLE": lambda product: product.is_created and product.free > 0,
    "INVISIBLE": lambda product: not (product.is_created and product.free > 0),
    "EMPTY_STOCK": lambda product: product.free == 0,
    "IN_SALE": lambda product: product.is_created and product.free > 0,
    "TO_SUPPLY": lambda product: product.is_created,
    "MODERATED": lambda product: product.is_created,
    "NOT_MODERATED": lambda product: not product.is_created,
    "STATE_FAILED": lambda product: product.status == "new" or product.declined or product.update_failed,
}
_ARCHIVED: dict[str, Callable[[SandboxProduct], bool]] = {
    "ARCHIVED": lambda product: True,
    "MANUAL_ARCHIVED": lambda product: not product.autoarchived,
    "AUTO_ARCHIVED": lambda product: product.autoarchived,
}


class ProductFilter(Request):
    """Without ids every product matches; only one kind of id may be used."""

    offer_id: OfferIds = []
    product_id: Ids = []
    visibility: Annotated[str, one_of((*_VISIBLE, *_ARCHIVED))] = "ALL"


class CursorRequest(Request):
    limit: PageSize
    cursor: str = ""


class FilteredRequest(CursorRequest, kw_only=True):
    filter: ProductFilter


class ProductReference(Request):
    """Names a product by its offer_id, which wins, or by its product_id."""

    offer_id: str = ""
    product_id: NotNegative = 0


def check_references(sent: Sequence[ProductReference], where: str) -> None:
    """400 for one that names no product."""
    for index, reference in enumerate(sent):
        if not reference.offer_id and not reference.product_id:
            raise broken(f"{where}[{index}]", "offer_id or product_id is required")


def outcome(sent: ProductReference, product: SandboxProduct | None, code: str | None, texts: Mapping[str, str]) -> Json:
    """What became of a change; `code`: why it was refused, `texts`: what is said with a code."""
    return {
        "product_id": product.product_id if product else sent.product_id,
        "offer_id": product.offer_id if product else sent.offer_id,
        "updated": code is None,
        "errors": [{"code": code, "message": texts.get(code, f"Ozon: {code}")}] if code else [],
    }


def by_id(product: SandboxProduct) -> Key:
    """The default order of every list of products."""
    return product.product_id, product.product_id


def select(memory: Memory, wanted: ProductFilter, *, ids_alone: bool = False, **skus: Sequence[int]) -> list[SandboxProduct]:
    """Products that match a filter: one kind of id at most, then the visibility (ALL leaves out the archive).

    `skus` by the name of their field in the request; `ids_alone`: where ids are given, the visibility does not matter. Without ids
    products come in the order of their ids.
    """
    all_ids: dict[str, AnyIds] = {"offer_id": wanted.offer_id, "product_id": wanted.product_id, **skus}
    kinds = [name for name, ids in all_ids.items() if ids]
    if len(kinds) > 1:
        raise broken("filter", f"use only one of {', '.join(kinds)}")
    if kinds and ids_alone:
        return _find(memory, kinds[0], all_ids[kinds[0]])
    found: Iterable[SandboxProduct] = _find(memory, kinds[0], all_ids[kinds[0]]) if kinds else memory.by_id.values()
    archived = wanted.visibility in _ARCHIVED
    matches = (_ARCHIVED if archived else _VISIBLE)[wanted.visibility]
    return [product for product in found if product.archived == archived and matches(product)]


def select_one_kind(memory: Memory, **ids: AnyIds) -> list[SandboxProduct]:
    """Products with these ids, by the name of their field in the request; 400 unless exactly one of the fields has any."""
    kinds = [name for name, wanted in ids.items() if wanted]
    if len(kinds) != 1:
        raise invalid(f"Request validation error: use exactly one of {', '.join(ids)}")
    return _find(memory, kinds[0], ids[kinds[0]])


def _find(memory: Memory, kind: str, wanted: AnyIds) -> list[SandboxProduct]:
    """Known products with these ids, each once; the unknown are left out without an error, as Ozon does."""
    if kind == "offer_id":
        found = [memory.shelf.get(str(offer_id)) for offer_id in wanted]
    elif kind == "product_id":
        found = [memory.by_id.get(int(product_id)) for product_id in wanted]
    else:
        skus = {int(sku) for sku in wanted} - {0}
        found = [product for product in memory.shelf.values() if product.sku in skus]
    return list({product.product_id: product for product in found if product is not None}.values())
