"""Lines of an order as they stand in МойСклад: whether the goods of the posting are kept apart for it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from ozon_desktop.backoffice.moysklad.api import Api
from ozon_desktop.backoffice.moysklad.models import OrderRow, PositionRow
from ozon_desktop.backoffice.moysklad.paging import Listing, every
from ozon_desktop.backoffice.moysklad.stocks import quantity
from ozon_desktop.domain.store_connection import PlacedOrder, StoreOrder

SUBJECT = "строки заказа"


async def lines_of(api: Api, row: OrderRow) -> list[PositionRow]:
    """All of them: those that came with the order, else they are asked for. BackOfficeError."""
    given = row.positions.rows
    if given is not None and len(given) >= row.positions.meta.size:
        return given
    return await _read(api, row.id)


def with_reserve(placed: PlacedOrder, order: StoreOrder, lines: Iterable[PositionRow]) -> PlacedOrder:
    """Says what of the posting the free stocks are without: each line is reserved, or shipped, in full.

    An order in the bin, or one that does not count in the books, reserves nothing there.
    """
    known = list(lines)
    apart = all(quantity(line.reserve) + quantity(line.shipped) >= quantity(line.quantity) for line in known)
    there: Counter[str] = Counter()
    for line in known:
        there[line.assortment.id] += int(quantity(line.quantity))
    wanted: Counter[str] = Counter()
    for product in order.order.posting.products:
        wanted[order.product_ids.get(product.offer_id, "")] += product.quantity
    left_out = tuple(
        product.offer_id
        for product in order.order.posting.products
        if not (id_ := order.product_ids.get(product.offer_id, "")) or there[id_] < wanted[id_]
    )
    return replace(placed, reserved=bool(known) and apart and placed.posted and not placed.cancelled, left_out=left_out)


async def free(api: Api, order_id: str) -> None:
    """Takes the reserve from every line, and nothing else. BackOfficeError."""
    for line in await _read(api, order_id):
        if line.reserve:
            await api.send(SUBJECT, "PUT", f"{_path(order_id)}/{line.id}", {"reserve": 0})


async def _read(api: Api, order_id: str) -> list[PositionRow]:
    return await every(api, Listing(SUBJECT, _path(order_id), PositionRow, {}))


def _path(order_id: str) -> str:
    return f"entity/customerorder/{order_id}/positions"
