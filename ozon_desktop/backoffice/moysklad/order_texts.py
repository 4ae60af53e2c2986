"""What stands in the comment of an order: whose posting it is, and the lines the store has no product for."""

from collections.abc import Sequence

from ozon_desktop.domain.orders import Posting, PostingProduct

LONGEST = 4096
ELLIPSIS = "…"


def description(posting: Posting, unknown: Sequence[PostingProduct]) -> str:
    """At most as long as the service takes."""
    lines = [f"Ozon, отправление {posting.posting_number}, заказ {posting.order_number}, {posting.scheme.upper()}"]
    if posting.warehouse_name:
        lines.append(f"Склад Ozon: {posting.warehouse_name}")
    if unknown:
        lines.append("Этих товаров в МоёмСкладе нет, добавьте их сами:")
        lines += [f"{line.offer_id} — {line.name}: {line.quantity} шт. по {line.price:f} {line.currency}" for line in unknown]
    text = "\n".join(lines)
    return text if len(text) <= LONGEST else text[: LONGEST - len(ELLIPSIS)] + ELLIPSIS
