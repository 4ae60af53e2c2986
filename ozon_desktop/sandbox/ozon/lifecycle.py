"""The life of a card as time passes: an import is judged, the card stands on the shelf, its prices are sent, it is on sale.

How long each step takes is in `Timing`, what is wrong with an item in `import_rules`.
"""

from datetime import datetime
from decimal import Decimal

from .import_item import ImportItem
from .import_rules import cabinet_errors, check_item, is_fatal, moderation_errors
from .memory import Memory
from .model import ImportTask, Json, SandboxProduct
from .rules.entry import decimal, entry
from .rules.texts import repeated_error, repeated_offers


def advance_cards(memory: Memory, now: datetime) -> None:
    """Let every step happen that is due by `now`, each at its own moment."""
    while memory.waiting_tasks and (due := memory.waiting_tasks[0].created_at + memory.timing.import_delay) <= now:
        _finish(memory, memory.waiting_tasks.pop(0), due)
    for offer_id in [offer_id for offer_id, due in memory.settling.items() if due <= now]:
        _send_prices(memory, memory.shelf[offer_id], memory.settling.pop(offer_id))


def _finish(memory: Memory, task: ImportTask, moment: datetime) -> None:
    pairs = zip(task.items, repeated_offers(task.items), strict=True)
    task.results = [_finish_item(memory, item, moment, repeated=repeated) for item, repeated in pairs]


def _finish_item(memory: Memory, item: ImportItem, moment: datetime, *, repeated: bool) -> Json:
    product = memory.shelf.get(item.offer_id)
    errors = [*check_item(item, memory.catalog), *cabinet_errors(memory, item), *([repeated_error()] if repeated else [])]
    fatal = any(is_fatal(error) for error in errors)
    if not fatal and not _take_quota(memory, product, moment):
        errors.append(entry("item_limit_exceeded", "Превышен лимит на количество товаров"))
        fatal = True
    if fatal:
        return {"offer_id": item.offer_id, "product_id": product.product_id if product else 0, "status": "failed", "errors": errors}
    product = _put(memory, product, item, moment)
    product.errors = [*errors, *moderation_errors(memory, item)]
    if not product.is_created:
        product.status = "new" if any(error["level"] == "error" for error in product.errors) else "imported"
        memory.settling[product.offer_id] = moment + memory.timing.price_settle
    return {"offer_id": item.offer_id, "product_id": product.product_id, "status": "imported", "errors": errors}


def _take_quota(memory: Memory, product: SandboxProduct | None, moment: datetime) -> bool:
    """False, and nothing taken, when the cabinet may not create or update one more."""
    if product is None and len(memory.shelf) >= memory.quotas.total:
        return False
    count, limit = (
        (memory.created_today, memory.quotas.daily_create) if product is None else (memory.updated_today, memory.quotas.daily_update)
    )
    if count.used(moment) >= limit:
        return False
    count.take(moment)
    return True


def _put(memory: Memory, product: SandboxProduct | None, item: ImportItem, moment: datetime) -> SandboxProduct:
    price, old_price = decimal(item.price) or Decimal(0), decimal(item.old_price) or Decimal(0)
    if product is None:
        product = SandboxProduct(memory.next_product_id(), item.offer_id, item, price, old_price, item.vat, moment, moment)
        memory.add_product(product)
    else:
        product.item, product.price, product.old_price = item, price, old_price
        product.vat, product.updated_at = item.vat, moment
        memory.note_barcode(product)
    return product


def _send_prices(memory: Memory, product: SandboxProduct, moment: datetime) -> None:
    if product.status == "imported":
        product.status = "price_sent"
        product.updated_at = moment
        product.sku = memory.next_sku()
