"""The parameters of lists: filter, order, limit, offset and expand, as strict as the documentation says they are."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from .model import MOSCOW
from .replies import ApiError, wrong_filter, wrong_parameter

Row = TypeVar("Row")
LONGEST_PAGE, LONGEST_EXPANDED = 1000, 100
DEEPEST = 3
PERMANENT = "downloadPermanentHref"

_CONDITION = re.compile(r"([A-Za-z.]+)(>=|<=|!=|~=|=~|=|>|<|~)(.*)", re.DOTALL)
_SEPARATOR = re.compile(r"(?<!\\);")
_FORMATS = ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
_LIKE: Mapping[str, Callable[[str, str], bool]] = {
    "~": lambda value, part: part in value,
    "~=": lambda value, part: value.startswith(part),
    "=~": lambda value, part: value.endswith(part),
}


@dataclass(frozen=True, slots=True)
class Condition:
    name: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for. expand: nothing when the page is longer than may be expanded, as the API silently does."""

    limit: int
    offset: int
    conditions: tuple[Condition, ...]
    order: tuple[tuple[str, bool], ...]
    expand: frozenset[str]
    fields: str = ""


def asked(query: Mapping[str, str], expandable: frozenset[str] = frozenset()) -> Asked:
    """Reads the parameters. 400 for what the API would refuse."""
    limit, offset = _number(query, "limit", LONGEST_PAGE), _number(query, "offset", 0)
    if not 1 <= limit <= LONGEST_PAGE:
        raise wrong_parameter("limit", str(limit))
    expand, fields = _expand(query, limit, expandable), query.get("fields", "")
    if fields not in {"", PERMANENT}:
        raise ApiError(400, 3043, f"Ошибка валидации: недопустимые значения параметра fields: {fields}", "fields")
    fields = fields if limit <= LONGEST_EXPANDED else ""
    return Asked(limit, offset, conditions(query.get("filter", "")), _order(query.get("order", "")), expand, fields)


def conditions(text: str) -> tuple[Condition, ...]:
    found = []
    for part in _SEPARATOR.split(text):
        if not part.strip():
            continue
        match = _CONDITION.fullmatch(part.strip())
        if match is None:
            raise wrong_filter(f"не удалось разобрать '{part}'")
        found.append(Condition(match[1], match[2], match[3].replace("\\;", ";")))
    for name in {condition.name for condition in found}:
        operators = {condition.operator for condition in found if condition.name == name}
        if "=" in operators and operators & {">", "<", ">=", "<="}:
            raise wrong_filter(f"несовместимые условия для поля {name}")
    return tuple(found)


def moment(text: str, name: str = "filter") -> datetime:
    """A time of Moscow. 400 when it is none."""
    for form in _FORMATS:
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=MOSCOW)
        except ValueError:
            continue
    raise ApiError(400, 1035, "Ошибка фильтрации: неверный формат даты параметра фильтрации", name)


def fitting(rows: Iterable[Row], found: Iterable[Condition], fields: Mapping[str, Callable[[Row], object]]) -> list[Row]:
    """Rows that meet all conditions; several equalities of one field mean any of them."""
    tests: list[Callable[[Row], bool]] = []
    equal: dict[str, list[str]] = {}
    for condition in found:
        if condition.name not in fields:
            raise wrong_filter(f"неизвестное поле '{condition.name}'")
        if condition.operator == "=":
            equal.setdefault(condition.name, []).append(condition.value)
        else:
            tests.append(_test(condition, fields[condition.name]))
    tests += [_equality(values, fields[name]) for name, values in equal.items()]
    return [row for row in rows if all(test(row) for test in tests)]


def ordered(rows: list[Row], order: Iterable[tuple[str, bool]], fields: Mapping[str, Callable[[Row], object]]) -> list[Row]:
    """By the fields the list can be sorted by. 400 for another one."""
    for name, descending in reversed(list(order)):
        if name not in fields:
            raise ApiError(400, 1042, f"Неверное значение '{name}' параметра сортировки 'order'", "order")
        field = fields[name]
        rows = sorted(rows, key=lambda row: str(field(row)), reverse=descending)
    return rows


def _equality(values: list[str], field: Callable[[Row], object]) -> Callable[[Row], bool]:
    def test(row: Row) -> bool:
        value = field(row)
        if isinstance(value, datetime):
            return any(moment(text) == value for text in values)
        if isinstance(value, bool):
            return ("true" if value else "false") in _flags(values)
        return str(value) in values

    return test


def _flags(values: list[str]) -> list[str]:
    if wrong := set(values) - {"true", "false"}:
        raise ApiError(400, 1014, f"Неверное значение '{min(wrong)}' параметра фильтрации")
    return values


def _test(condition: Condition, field: Callable[[Row], object]) -> Callable[[Row], bool]:
    name, operator, written = condition.name, condition.operator, condition.value
    if operator in _LIKE:
        like = _LIKE[operator]
        return lambda row: like(str(field(row)).casefold(), written.casefold())
    if operator == "!=":
        return lambda row: str(field(row)) != written
    if name not in {"updated", "created", "moment"}:
        raise wrong_filter(f"оператор {operator} не поддерживается для поля {name}")
    at = moment(written)

    def compare(row: Row) -> bool:
        value = field(row)
        assert isinstance(value, datetime)
        return {">": value > at, ">=": value >= at, "<": value < at, "<=": value <= at}[operator]

    return compare


def _number(query: Mapping[str, str], name: str, usual: int) -> int:
    text = query.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise wrong_parameter(name, text)
    return int(text)


def _order(text: str) -> tuple[tuple[str, bool], ...]:
    found = []
    for part in filter(None, text.split(";")):
        name, _, direction = part.partition(",")
        if direction not in {"", "asc", "desc"}:
            raise wrong_parameter("order", part)
        found.append((name, direction == "desc"))
    return tuple(found)


def _expand(query: Mapping[str, str], limit: int, expandable: frozenset[str]) -> frozenset[str]:
    names = frozenset(filter(None, query.get("expand", "").split(",")))
    for name in names:
        if name.partition(".")[0] not in expandable or name.count(".") >= DEEPEST:
            raise ApiError(400, 1089, f"Expand поля {name} не поддерживается", "expand")
    return names if limit <= LONGEST_EXPANDED else frozenset()
