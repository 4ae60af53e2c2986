"""Compares the form of an answer with the structs the program reads it with: names and kinds of fields, never their values."""

import re
from collections.abc import Set
from typing import Any

import msgspec
from msgspec import inspect

from ozon_desktop.domain.answers_report import Differences
from ozon_desktop.ozon.harmless import inside, of_api_words

ANY_NAME = "*"
"""Stands for keys that may be data."""

_NAME = re.compile(r"(?!.*\d{3})[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*")
WHOLE, NUMBER = "whole number", "number"
_KINDS: dict[type[inspect.Type], str] = {
    inspect.IntType: WHOLE,
    inspect.FloatType: NUMBER,
    inspect.StrType: "text",
    inspect.BoolType: "true or false",
    inspect.NoneType: "null",
    inspect.StructType: "object",
    inspect.ListType: "list",
}
LEFT_OUT = frozenset({"statuses/expired_at"})
"""Fields that Ozon documents to be absent where they say nothing: a lowest price without a timer."""

Kinds = dict[str, set[str]]
"""Kinds of values by the place of the field."""


def differences(answer: Any, struct: type[msgspec.Struct], known: frozenset[str]) -> Differences:
    """How a decoded answer differs. known: places of fields that Ozon had when the program was made, whether it reads them or not.

    A field that the struct allows for and Ozon had not then is not missed.
    """
    expected = _expected(inspect.type_info(struct))
    places = expected.keys() | known
    form = _Form(places)
    form.look(answer, "", "")
    missing = {place for place in (expected.keys() & known) - form.kinds.keys() - LEFT_OUT if place.rpartition("/")[0] in form.objects}
    wrong = {place: kinds - expected[place] for place, kinds in form.kinds.items() if place in expected}
    return Differences(
        unknown=tuple(f"{place}: {_join(kinds)}" for place, kinds in sorted(form.kinds.items()) if place not in places),
        missing=tuple(sorted(missing)),
        types=tuple(f"{place}: {_join(kinds)} instead of {_join(expected[place])}" for place, kinds in sorted(wrong.items()) if kinds),
    )


def field_places(answer: Any) -> set[str]:
    """Places of all fields of an answer, their names as they are."""
    form = _Form(None)
    form.look(answer, "", "")
    return set(form.kinds)


def _field(place: str, name: str) -> str:
    return f"{place}/{name}".lstrip("/")


def _expected(info: inspect.Type) -> Kinds:
    """Kinds of values the structs allow for, by the place of the field."""
    found = Kinds()
    done: set[tuple[str, type]] = set()
    waiting: list[tuple[inspect.Type, str]] = [(info, "")]
    while waiting:
        kind, place = waiting.pop()
        for member in _members(kind):
            if isinstance(member, inspect.ListType):
                waiting.append((member.item_type, place))
            elif isinstance(member, inspect.StructType) and (place, member.cls) not in done:
                done.add((place, member.cls))
                for field in member.fields:
                    found.setdefault(_field(place, field.encode_name), set()).update(_kinds(field.type))
                    waiting.append((field.type, inside(place, field.encode_name)))
    return found


def _members(kind: inspect.Type) -> tuple[inspect.Type, ...]:
    return kind.types if isinstance(kind, inspect.UnionType) else (kind,)


def _kinds(kind: inspect.Type) -> set[str]:
    """Those of a type that says nothing, such as Raw, are all there are."""
    kinds = {_KINDS.get(type(member), "") for member in _members(kind)}
    if "" in kinds:
        return set(_KINDS.values())
    return kinds | {WHOLE} if NUMBER in kinds else kinds


class _Form:
    """The form of an answer: kinds of values by the place of the field, and where objects stand.

    known: places of fields whose names may be shown whatever they look like, None = all.
    """

    def __init__(self, known: Set[str] | None) -> None:
        self.known = known
        self.kinds = Kinds()
        self.objects: set[str] = set()

    def look(self, value: Any, place: str, name: str, *, foreign: bool = False) -> None:
        """foreign: inside a field that is not known, where keys may be data."""
        if isinstance(value, list):
            for item in value:
                self.look(item, place, name, foreign=foreign)
        if not isinstance(value, dict):
            return
        within = inside(place, name)
        self.objects.add(within)
        unknown = {key for key in value if self.known is not None and _field(within, key) not in self.known}
        # One key that cannot be a name makes them all data.
        dictionary = not all(of_api_words(key) if foreign else _NAME.fullmatch(key) for key in unknown)
        for key, item in value.items():
            known = key not in unknown
            shown = key if known or not dictionary else ANY_NAME
            self.kinds.setdefault(_field(within, shown), set()).add(_kind(item))
            self.look(item, within, shown, foreign=not known)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    kinds = ((bool, "true or false"), (int, WHOLE), (float, NUMBER), (str, "text"), (list, "list"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "object")


def _join(kinds: set[str]) -> str:
    return " or ".join(sorted(kinds))
