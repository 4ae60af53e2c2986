"""The life of a card as time passes: an import is judged, the card is moderated, it is on sale, it may go into the archive.

How long each step takes is in `Timing`, what is wrong with an item in `import_rules`. Official: the steps, and that an import without
changes is `skipped`. What moderation does in detail is told nowhere: see ASSUMED.
"""

from datetime import datetime
from decimal import Decimal

from .import_item import ImportItem
from .import_rules import cabinet_errors, check_item, is_fatal, moderation_errors
from .memory import Memory
from .model import ImportTask, Json, Moderation, SandboxProduct
from .rules.entry import decimal, entry
from .rules.texts import repeated_error, repeated_offers

REJECT_MARK = "[reject]"
"""In the name of an item: its import is accepted, and moderation refuses it."""

ASSUMED = (
    "Модерация: новая карточка получает SKU и статус price_sent сразу после неё; обновление видно сразу, если модерация его пропустит.",
    "Отклонённая модерацией новая карточка: status imported, moderate_status declined, ошибка с кодом moderation_declined.",
    "Отклонённое обновление: старые значения остаются, status_failed imported, описание «Не обновлен»; так же после ошибок проверки.",
    "Импорт, который ничего не меняет (skipped), не тратит суточный лимит обновлений.",
    "Товар, на котором есть остаток или резерв, в архив не попадает, хотя запрос на архивацию принят.",
    "Автоархив: карточка без остатка дольше заданного времени; у неё is_archived false, is_autoarchived true.",
)
DECLINED_TEXT = "Карточка не прошла модерацию. Проверьте название, описание и фото товара"


def advance_cards(memory: Memory, now: datetime) -> None:
    """Let every step happen that is due by `now`, each at its own moment."""
    while memory.waiting_tasks and (due := memory.waiting_tasks[0].created_at + memory.timing.import_delay) <= now:
        _finish(memory, memory.waiting_tasks.pop(0), due)
    for offer_id in [offer_id for offer_id, moderation in memory.moderation.items() if moderation.ends_at <= now]:
        _end_moderation(memory, memory.shelf[offer_id], memory.moderation.pop(offer_id))
    for product_id in [product_id for product_id, due in memory.archiving.items() if due <= now]:
        _archive(memory.by_id[product_id], memory.archiving.pop(product_id))
    if memory.timing.auto_archive is not None:
        for product in memory.shelf.values():
            if product.is_created and not product.archived and product.updated_at + memory.timing.auto_archive <= now:
                auto_archive(product, now)
    _forget_tasks(memory, now)


def auto_archive(product: SandboxProduct, moment: datetime) -> bool:
    """Whether Ozon has put it into the archive: what can be sold, or is ordered, stays out."""
    product.autoarchived = _archive(product, moment)
    return product.autoarchived


def _archive(product: SandboxProduct, moment: datetime) -> bool:
    if product.free or any(product.reserved.values()):
        return False
    product.archived, product.updated_at = True, moment
    return True


def _forget_tasks(memory: Memory, now: datetime) -> None:
    """Assumed: that Ozon forgets them at all. The oldest come first."""
    while memory.tasks:
        task = next(iter(memory.tasks.values()))
        if task.results is None or task.created_at + memory.timing.task_memory > now:
            return
        del memory.tasks[task.task_id]


def _finish(memory: Memory, task: ImportTask, moment: datetime) -> None:
    pairs = zip(task.items, repeated_offers(task.items), strict=True)
    task.results = [_finish_item(memory, item, moment, repeated=repeated) for item, repeated in pairs]


def _finish_item(memory: Memory, item: ImportItem, moment: datetime, *, repeated: bool) -> Json:
    product = memory.shelf.get(item.offer_id)
    if product is not None and not repeated and _changes_nothing(product, item):
        return {"offer_id": item.offer_id, "product_id": product.product_id, "status": "skipped", "errors": []}
    errors = [*check_item(item, memory.catalog), *cabinet_errors(memory, item), *([repeated_error()] if repeated else [])]
    fatal = any(is_fatal(error) for error in errors)
    if not fatal and not _take_quota(memory, product, moment):
        errors.append(entry("item_limit_exceeded", "Превышен лимит на количество товаров"))
        fatal = True
    if fatal:
        if product is not None and product.is_created:
            _refuse_update(product, errors, moment)
        return {"offer_id": item.offer_id, "product_id": product.product_id if product else 0, "status": "failed", "errors": errors}
    product = _take_over(memory, product, item, errors, moment)
    return {"offer_id": item.offer_id, "product_id": product.product_id, "status": "imported", "errors": errors}


def _changes_nothing(product: SandboxProduct, item: ImportItem) -> bool:
    """Whether the card is as the item wants it; a change that was refused since, or a price set otherwise, is to be made anew."""
    prices = product.price, product.old_price, product.vat
    same = product.item == item and prices == (decimal(item.price), decimal(item.old_price) or Decimal(0), item.vat)
    return same and not product.update_failed


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


def _take_over(memory: Memory, product: SandboxProduct | None, item: ImportItem, errors: list[Json], moment: datetime) -> SandboxProduct:
    """Put the values of an item on the shelf and begin the moderation; an update that it will refuse changes nothing."""
    complaints = tuple(moderation_errors(memory, item))
    rejects = REJECT_MARK in item.name or memory.faults.rejects() or any(is_fatal(complaint) for complaint in complaints)
    if product is None or not product.is_created or not rejects:
        product = _put(memory, product, item, moment)
        product.errors, product.declined, product.update_failed = errors, False, False
    if not product.is_created:
        product.status = "new" if any(error["level"] == "error" for error in errors) else "imported"
    product.moderating = product.status != "new"
    memory.moderation.pop(product.offer_id, None)
    if product.moderating:
        memory.moderation[product.offer_id] = Moderation(moment + memory.timing.moderation, rejects, complaints)
    return product


def _put(memory: Memory, product: SandboxProduct | None, item: ImportItem, moment: datetime) -> SandboxProduct:
    price, old_price = decimal(item.price) or Decimal(0), decimal(item.old_price) or Decimal(0)
    if product is None:
        product = SandboxProduct(memory.next_product_id(), item.offer_id, item, price, old_price, item.vat, moment, moment)
        memory.add_product(product)
    else:
        # Assumed, see `barcodes`: the barcode of an import is the only one of its card afterwards.
        product.more_barcodes = []
        product.item, product.price, product.old_price = item, price, old_price
        product.vat, product.updated_at = item.vat, moment
        memory.note_barcode(product)
    return product


def _end_moderation(memory: Memory, product: SandboxProduct, moderation: Moderation) -> None:
    product.moderating, product.updated_at = False, moderation.ends_at
    complaints = list(moderation.complaints)
    if not moderation.rejects:
        product.errors = [*product.errors, *complaints]
    if moderation.rejects:
        errors = complaints or [entry("moderation_declined", DECLINED_TEXT)]
        if product.is_created:
            _refuse_update(product, errors, moderation.ends_at)
        else:
            product.declined, product.errors = True, errors
    elif not product.is_created:
        product.status = "price_sent"
        product.sku = memory.next_sku()


def _refuse_update(product: SandboxProduct, errors: list[Json], moment: datetime) -> None:
    product.errors, product.update_failed, product.updated_at = errors, True, moment
