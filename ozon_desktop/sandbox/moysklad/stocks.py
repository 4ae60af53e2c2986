"""The short reports of stocks: all of it in one answer, or what has changed within a day."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal

from .filters import conditions, moment
from .memory import Memory
from .model import Json
from .replies import ApiError, wrong_filter, wrong_parameter

LONGEST_BACK = timedelta(hours=24)
TYPES = ("stock", "freeStock", "quantity", "reserve", "inTransit")


def current(memory: Memory, query: Mapping[str, str], *, by_store: bool) -> list[Json]:
    """`report/stock/bystore/current` and `…/all/current`. Bundles are not in it: they have no stock of their own."""
    kind = query.get("stockType", "stock")
    if kind not in TYPES:
        raise wrong_parameter("stockType", kind)
    goods, stores = _named(query.get("filter", ""))
    zeros = query.get("include") == "zeroLines"
    ids: Iterable[str] = memory.stocks.keys() | memory.reserves.keys()
    if "changedSince" in query:
        ids, zeros = _changed(memory, query["changedSince"]), True
    found = []
    for good_id in sorted(ids):
        if goods and good_id not in goods:
            continue
        amounts = _amounts(memory, good_id, kind)
        if not by_store:
            amounts = {"": sum(amounts.values(), Decimal(0))}
        found += [
            _row(good_id, store, float(amount), kind, by_store=by_store)
            for store, amount in amounts.items()
            if (zeros or amount) and (not stores or store in stores)
        ]
    return found


def _changed(memory: Memory, text: str) -> list[str]:
    since, now = moment(text, "changedSince"), memory.clock()
    if since > now or since < now - LONGEST_BACK:
        raise ApiError(400, 1014, f"Неверное значение '{text}' параметра changedSince", "changedSince")
    return [good_id for good_id, at in memory.changed.items() if at >= since]


def _amounts(memory: Memory, good_id: str, kind: str) -> dict[str, Decimal]:
    if kind in {"freeStock", "quantity"}:
        return memory.free(good_id)
    if kind == "inTransit":
        return {}
    return dict((memory.stocks if kind == "stock" else memory.reserves).get(good_id, {}))


def _row(good_id: str, store: str, amount: float, kind: str, *, by_store: bool) -> Json:
    place: Json = {"storeId": store or None} if by_store else {}
    return {"assortmentId": good_id, **place, kind: amount}


def _named(text: str) -> tuple[set[str], set[str]]:
    found: dict[str, set[str]] = {"assortmentId": set(), "storeId": set()}
    for condition in conditions(text):
        if condition.name not in found or condition.operator != "=":
            raise wrong_filter(f"неизвестное поле '{condition.name}'")
        found[condition.name].update(filter(None, condition.value.split(",")))
    return found["assortmentId"], found["storeId"]
