"""/v3/product/import, its asynchronous task and /v4/product/info/limit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from .import_rules import CURRENCY, check_item, decimal, entry, is_fatal
from .model import ImportTask, Json, SandboxProduct, stamp
from .replies import NOT_FOUND, ApiError
from .schema import Id, Int, Items, Str, obj

if TYPE_CHECKING:
    from .sandbox import Sandbox

FIRST_TASK_ID = 1_720_000_001

INT32 = Int(-(2**31), 2**31 - 1)
_VALUE = obj(dictionary_value_id=Int(minimum=0), value=Str())
_ATTRIBUTE = obj("id", id=Int(minimum=1), complex_id=Int(minimum=0), values=Items(_VALUE))
_PROMOTION = obj(operation=Str(choices=frozenset({"UNKNOWN", "ENABLE", "DISABLE"})), type=Str(choices=frozenset({"REVIEWS_PROMO"})))
_ITEM = obj(
    "offer_id",
    offer_id=Str(minimum=1),
    name=Str(),
    description_category_id=Int(minimum=0),
    new_description_category_id=Int(minimum=0),
    type_id=Int(minimum=0),
    price=Str(),
    old_price=Str(),
    currency_code=Str(),
    vat=Str(),
    depth=INT32,
    width=INT32,
    height=INT32,
    dimension_unit=Str(choices=frozenset({"", "mm", "cm", "in"})),
    weight=INT32,
    weight_unit=Str(choices=frozenset({"", "g", "kg", "lb"})),
    images=Items(Str(), 50),
    primary_image=Str(),
    color_image=Str(),
    barcode=Str(),
    attributes=Items(_ATTRIBUTE),
    complex_attributes=Items(obj(attributes=Items(_ATTRIBUTE))),
    pdf_list=Items(obj(index=Int(), name=Str(), src_url=Str())),
    promotions=Items(_PROMOTION),
    service_type=Str(),
    geo_names=Items(Str()),
)
IMPORT_REQUEST = obj("items", items=Items(_ITEM, 100, 1))
INFO_REQUEST = obj("task_id", task_id=Id())
LIMIT_REQUEST = obj()


class DailyUsage:
    """Products created and updated since midnight UTC (03:00 in Moscow), when Ozon starts counting anew."""

    def __init__(self) -> None:
        self._day: datetime | None = None
        self.created = 0
        self.updated = 0

    def roll(self, now: datetime) -> datetime:
        """Start over when the day has changed; returns the moment of the next reset."""
        today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        if self._day != today:
            self._day, self.created, self.updated = today, 0, 0
        return today + timedelta(days=1)


def start(sandbox: Sandbox, body: Json) -> Json:
    """Queue an import; the items are judged once import_delay_s have passed on the clock."""
    now = sandbox.clock()
    sandbox.limits.enter_items(len(body["items"]), now)
    task = ImportTask(FIRST_TASK_ID + len(sandbox.tasks), now, body["items"])
    sandbox.tasks[task.task_id] = task
    sandbox.waiting_tasks.append(task)
    return {"result": {"task_id": task.task_id}}


def info(sandbox: Sandbox, body: Json) -> Json:
    task = sandbox.tasks.get(int(body["task_id"]))
    if task is None:
        raise ApiError(404, NOT_FOUND, f"task {body['task_id']} is not found")
    items = task.results
    if items is None:
        items = [{"offer_id": item["offer_id"], "product_id": 0, "status": "pending", "errors": []} for item in task.items]
    return {"result": {"items": items, "total": len(items)}}


def limit(sandbox: Sandbox, body: Json) -> Json:
    reset_at = stamp(sandbox.usage.roll(sandbox.clock()))
    usage, quotas = sandbox.usage, sandbox.quotas
    return {
        "total": {"limit": quotas.total, "usage": sum(not product.archived for product in sandbox.shelf.values())},
        "daily_create": {"limit": quotas.daily_create, "usage": usage.created, "reset_at": reset_at},
        "daily_update": {"limit": quotas.daily_update, "usage": usage.updated, "reset_at": reset_at},
        "operation_limits": {"limit": sandbox.limits.items_per_minute, "limit_type": "RATE_LIMIT_PER_MINUTE"},
    }


def finish(sandbox: Sandbox, task: ImportTask, moment: datetime) -> None:
    """Judge a queued import and put its items on the shelf."""
    task.results = [_finish_item(sandbox, item, moment) for item in task.items]


def _finish_item(sandbox: Sandbox, item: Json, moment: datetime) -> Json:
    offer_id = str(item["offer_id"])
    product = sandbox.shelf.get(offer_id)
    errors = check_item(item, sandbox.catalog)
    fatal = any(is_fatal(error) for error in errors)
    if not fatal and not _within_quota(sandbox, product, moment):
        errors.append(entry("item_limit_exceeded", "Превышен лимит на количество товаров"))
        fatal = True
    if fatal:
        return {"offer_id": offer_id, "product_id": product.product_id if product else 0, "status": "failed", "errors": errors}
    product = _upsert(sandbox, product, item, moment)
    product.errors = errors
    if not product.is_created:
        product.status = "new" if any(error["level"] == "error" for error in errors) else "imported"
        sandbox.settle_later(product, moment)
    return {"offer_id": offer_id, "product_id": product.product_id, "status": "imported", "errors": errors}


def _within_quota(sandbox: Sandbox, product: SandboxProduct | None, moment: datetime) -> bool:
    sandbox.usage.roll(moment)
    if product is not None:
        if sandbox.usage.updated >= sandbox.quotas.daily_update:
            return False
        sandbox.usage.updated += 1
        return True
    if sandbox.usage.created >= sandbox.quotas.daily_create or len(sandbox.shelf) >= sandbox.quotas.total:
        return False
    sandbox.usage.created += 1
    return True


def _upsert(sandbox: Sandbox, product: SandboxProduct | None, item: Json, moment: datetime) -> SandboxProduct:
    price, old_price = decimal(item["price"]) or Decimal(0), decimal(item.get("old_price")) or Decimal(0)
    item = {"currency_code": CURRENCY, **item}
    if product is not None:
        product.item, product.price, product.old_price = item, price, old_price
        product.vat, product.updated_at = str(item["vat"]), moment
        return product
    product = SandboxProduct(
        product_id=sandbox.next_product_id(),
        offer_id=str(item["offer_id"]),
        item=item,
        price=price,
        old_price=old_price,
        vat=str(item["vat"]),
        created_at=moment,
        updated_at=moment,
    )
    sandbox.shelf[product.offer_id] = product
    sandbox.by_id[product.product_id] = product
    return product
