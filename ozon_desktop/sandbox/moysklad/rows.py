"""Lists of the API: which there are, what each is filtered, sorted and expanded by."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from .bodies import Bodies
from .filters import Asked, Condition, asked, fitting, ordered
from .memory import LISTS, Memory
from .model import CustomerOrder, Good, Json, Named
from .replies import ApiError, not_found, unknown_path

Field = Callable[[Any], object]

_SHARED: dict[str, Field] = {
    "id": lambda row: row.id,
    "name": lambda row: row.name,
    "externalCode": lambda row: row.external_code or row.id,
    "updated": lambda row: row.updated,
    "syncId": lambda row: row.sync_id,
}
_ARCHIVED: dict[str, Field] = {"archived": lambda row: row.archived}
GOOD_FIELDS: dict[str, Field] = (
    _SHARED
    | _ARCHIVED
    | {
        "code": lambda row: row.code,
        "article": lambda row: row.article,
        "barcode": lambda row: next((code for each in row.barcodes for code in each.values()), ""),
        "pathName": lambda row: row.folder_id,
    }
)
VARIANT_FIELDS = {name: field for name, field in GOOD_FIELDS.items() if name not in {"syncId", "pathName"}} | {
    "productid": lambda row: row.product_id
}
ASSORTMENT_FIELDS = {name: field for name, field in GOOD_FIELDS.items() if name not in {"article", "syncId"}} | {
    "type": lambda row: row.kind
}
ORDER_FIELDS: dict[str, Field] = _SHARED | {
    "isDeleted": lambda row: row.trashed is not None,
    "moment": lambda row: row.moment,
    "created": lambda row: row.created,
    "description": lambda row: row.description,
    "applicable": lambda row: row.applicable,
}
SORTED_BY: Mapping[str, frozenset[str]] = {
    "variant": frozenset({"code", "externalCode", "archived", "article"}),
    "customerorder": frozenset({"name", "created", "moment", "updated"}),
}
"""What the documentation names; other lists are sorted by all of these fields."""
USUAL_SORTING = frozenset({"id", "name", "code", "externalCode", "updated", "archived", "article"})
EXPANDABLE: Mapping[str, frozenset[str]] = {
    "product": frozenset({"productFolder", "uom", "owner", "images", "supplier"}),
    "variant": frozenset({"product", "images"}),
    "bundle": frozenset({"components", "productFolder", "uom", "images"}),
    "assortment": frozenset({"product", "images", "components"}),
    "customerorder": frozenset({"positions", "agent", "organization", "store", "state", "salesChannel", "owner", "demands"}),
}
KINDS_OF: Mapping[str, tuple[str, ...]] = {
    "product": ("product",),
    "variant": ("variant",),
    "bundle": ("bundle",),
    "service": ("service",),
    "assortment": ("product", "service", "bundle", "variant"),
}
WITHOUT_ARCHIVE = frozenset({"uom"})


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as it is asked for. query: the parameters, to be repeated in the links to its neighbours."""

    path: str
    kind: str
    query: Mapping[str, str]


def entity_list(memory: Memory, bodies: Bodies, kind: str, query: Mapping[str, str]) -> Json:
    """A page of `entity/{kind}`. 404 for a kind there is not, 400 for parameters it does not know."""
    wanted = asked(query, EXPANDABLE.get(kind, frozenset()))
    if wanted.fields and memory.picture_links == "refuses":
        raise ApiError(403, 1070, "Ошибка: ваш тарифный план не позволяет вам работать с данным ресурсом")
    rows: list[Any]
    if kind in KINDS_OF:
        fields = {"variant": VARIANT_FIELDS, "assortment": ASSORTMENT_FIELDS}.get(kind, GOOD_FIELDS)
        rows = _living(memory.of_kind(*KINDS_OF[kind]), wanted.conditions, "archived", fields)
    elif kind == "customerorder":
        fields = ORDER_FIELDS
        rows = _living(memory.orders.values(), wanted.conditions, "isDeleted", fields)
    elif kind in LISTS:
        fields = _SHARED if kind in WITHOUT_ARCHIVE else _SHARED | _ARCHIVED
        rows = _living(memory.lists[kind].values(), wanted.conditions, "" if kind in WITHOUT_ARCHIVE else "archived", fields)
    else:
        raise unknown_path(f"/entity/{kind}")
    sortable = SORTED_BY.get(kind, USUAL_SORTING)
    rows = ordered(rows, wanted.order, {name: field for name, field in fields.items() if name in sortable})
    endless = memory.endless and kind in KINDS_OF
    found = rows[: wanted.limit] if endless else rows[wanted.offset : wanted.offset + wanted.limit]
    expand = wanted.expand | ({wanted.fields} if memory.picture_links == "given" else set())
    body = [_body(bodies, kind, row, expand) for row in found]
    size = wanted.offset + wanted.limit + 1 if endless else len(rows)
    return page(bodies, Listing(f"entity/{kind}", kind, query), wanted, size, body)


def page(bodies: Bodies, listing: Listing, wanted: Asked, size: int, rows: list[Json]) -> Json:
    """The rows with what the API says of the list, links to the neighbours among it."""
    meta = bodies.listed(listing.kind, listing.path, size, wanted.limit, wanted.offset)

    def href(offset: int) -> str:
        parameters = {**listing.query, "limit": str(wanted.limit), "offset": str(offset)}
        return f"{bodies.base}/{listing.path}?{urlencode(parameters)}"

    if wanted.offset + wanted.limit < size:
        meta["nextHref"] = href(wanted.offset + wanted.limit)
    if wanted.offset > 0:
        meta["previousHref"] = href(max(0, wanted.offset - wanted.limit))
    return {"context": bodies.context, "meta": meta, "rows": rows}


def entity(memory: Memory, bodies: Bodies, kind: str, id_: str, query: Mapping[str, str]) -> Json:
    """One row. 404."""
    expand = asked({"limit": "1", **query}, EXPANDABLE.get(kind, frozenset())).expand
    row: Any
    if kind in KINDS_OF:
        row = memory.goods.get(id_)
        row = row if row is not None and row.kind in KINDS_OF[kind] else None
    elif kind == "customerorder":
        row = memory.orders.get(id_)
    else:
        row = memory.lists.get(kind, {}).get(id_)
    if row is None:
        raise not_found(kind, id_)
    return _body(bodies, kind, row, expand)


def _living(
    rows: Iterable[Good | Named | CustomerOrder], conditions: tuple[Condition, ...], hidden: str, fields: Mapping[str, Field]
) -> list[Any]:
    """Archived and deleted rows are answered only when they are asked for."""
    told = any(condition.name == hidden for condition in conditions)
    wanted = conditions if told or not hidden else (*conditions, Condition(hidden, "=", "false"))
    return fitting(rows, wanted, fields)


def _body(bodies: Bodies, kind: str, row: Any, expand: frozenset[str]) -> Json:
    if isinstance(row, Good):
        return bodies.good(row, expand)
    if isinstance(row, CustomerOrder):
        return bodies.order(row, expand)
    return bodies.named(kind, row)
