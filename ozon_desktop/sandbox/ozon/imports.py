"""/v3/product/import, its asynchronous task and /v4/product/info/limit."""

from typing import Annotated

from msgspec import Meta

from .import_item import ImportItem
from .limits import next_midnight
from .memory import Memory
from .model import ImportTask, Json, stamp
from .replies import not_found
from .requests import EmptyRequest, Id, Request

ASSUMED = ("Номер задания на импорт забывается через заданное время; потом на него отвечают как на неизвестный, HTTP 404.",)


class ImportRequest(Request):
    items: Annotated[list[ImportItem], Meta(min_length=1, max_length=100)]


class InfoRequest(Request):
    task_id: Id


def start(memory: Memory, body: ImportRequest) -> Json:
    """Queue an import; the items are judged once the import delay has passed on the clock."""
    now = memory.clock()
    memory.limits.enter_items(len(body.items), now)
    task = ImportTask(memory.next_task_id(), now, body.items)
    memory.tasks[task.task_id] = task
    memory.waiting_tasks.append(task)
    return {"result": {"task_id": task.task_id}}


def info(memory: Memory, body: InfoRequest) -> Json:
    """Assumed: a task that was forgotten is refused like one that never was."""
    task = memory.tasks.get(body.task_id)
    if task is None:
        raise not_found(f"task {body.task_id} is not found")
    items = task.results
    if items is None:
        items = [{"offer_id": item.offer_id, "product_id": 0, "status": "pending", "errors": []} for item in task.items]
    return {"result": {"items": items, "total": len(items)}}


def limit(memory: Memory, body: EmptyRequest) -> Json:
    now, quotas = memory.clock(), memory.quotas
    reset_at = stamp(next_midnight(now))
    return {
        "total": {"limit": quotas.total, "usage": sum(not product.archived for product in memory.shelf.values())},
        "daily_create": {"limit": quotas.daily_create, "usage": memory.created_today.used(now), "reset_at": reset_at},
        "daily_update": {"limit": quotas.daily_update, "usage": memory.updated_today.used(now), "reset_at": reset_at},
        "operation_limits": {"limit": memory.limits.items_per_minute, "limit_type": "RATE_LIMIT_PER_MINUTE"},
    }
