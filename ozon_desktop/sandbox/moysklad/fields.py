"""Fields of what is written: read as strictly as the documentation says they are, each refusal an `ApiError`."""

import uuid
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from .memory import Memory
from .model import Json
from .replies import ApiError, missing_field, not_found, wrong_field

LONGEST = {"name": 255, "description": 4096, "externalCode": 255}


def known_row(rows: Any, body: Json) -> Any:
    sync_id = sync_id_of(body)
    return next((row for row in rows if row.sync_id == sync_id), None) if sync_id else None


def sync_id_of(body: Mapping[str, object]) -> str:
    text = body.get("syncId") or ""
    try:
        return str(uuid.UUID(str(text))) if text else ""
    except ValueError:
        raise ApiError(400, 1052, "Неверный формат UUID", "syncId") from None


def reference(memory: Memory, body: Json, name: str, kind: str, is_known: Callable[[str], bool]) -> str | None:
    """The id behind the link of a field; None = it is emptied. 404 when nothing is there."""
    value = body.get(name)
    if value is None:
        return None
    id_ = id_of(value, kind, name)
    if not is_known(id_):
        raise not_found(kind or "assortment", id_)
    return id_


def id_of(value: object, kind: str, name: str) -> str:
    meta = value.get("meta") if isinstance(value, dict) else None
    if not isinstance(meta, dict) or not isinstance(meta.get("href"), str) or meta.get("mediaType") != "application/json":
        raise wrong_field(name, "должно быть ссылкой в формате meta")
    path, _, id_ = str(meta["href"]).partition("?")[0].rstrip("/").rpartition("/")
    if (kind and meta.get("type") != kind) or str(meta.get("type")) not in path:
        raise ApiError(400, 1060, "Некорректный тип данных в meta сущности, поле type", name)
    return id_


def text_of(body: Json, name: str, *, required: bool = False) -> str:
    value = body.get(name)
    if value is None or value == "":
        if required:
            raise missing_field(name)
        return ""
    if not isinstance(value, str):
        raise wrong_field(name, "должно быть строкой")
    if len(value) > LONGEST.get(name, 255):
        raise ApiError(400, 3040, f"Ошибка валидации: поле '{name}' не может быть более '{LONGEST.get(name, 255)}' символов", name)
    return value


def number_of(body: Json, name: str, usual: Decimal | float) -> Decimal:
    value = body.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise wrong_field(name, "должно быть числом")
    if value < 0:
        raise ApiError(400, 3002, f"Ошибка сохранения объекта: поле '{name}' не может иметь отрицательное значение", name)
    return Decimal(str(value))


def new_id() -> str:
    return str(uuid.uuid4())
