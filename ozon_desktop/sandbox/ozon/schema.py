"""Declarative checks of request bodies: an unknown field, a wrong type or too many items is refused by name.

The live service ignores some misspelt fields in silence; the sandbox does not, so that a slip of the client is seen.
As in proto3 JSON, `null` means that the field was not sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from .replies import ApiError, invalid

INT64_DIGITS = 19


class Spec(Protocol):
    """Checks one JSON value; `where` is its path in the body."""

    def check(self, value: object, where: str) -> None: ...


def broken(where: str, problem: str) -> ApiError:
    return invalid(f"Request validation error: invalid field {where or 'body'}: {problem}")


@dataclass(frozen=True)
class Str:
    """A string; lengths are in characters."""

    minimum: int = 0
    maximum: int | None = None
    choices: frozenset[str] | None = None

    def check(self, value: object, where: str) -> None:
        if not isinstance(value, str):
            raise broken(where, "must be a string")
        if len(value) < self.minimum:
            raise broken(where, f"value length must be at least {self.minimum} characters")
        if self.maximum is not None and len(value) > self.maximum:
            raise broken(where, f"value length must be at most {self.maximum} characters")
        if self.choices is not None and value not in self.choices:
            raise broken(where, f"value must be one of {', '.join(sorted(self.choices))}")


@dataclass(frozen=True)
class Int:
    """A whole number within an optional range."""

    minimum: int | None = None
    maximum: int | None = None

    def check(self, value: object, where: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise broken(where, "must be an integer")
        if self.minimum is not None and value < self.minimum:
            raise broken(where, f"value must be greater than or equal to {self.minimum}")
        if self.maximum is not None and value > self.maximum:
            raise broken(where, f"value must be less than or equal to {self.maximum}")


@dataclass(frozen=True)
class Id:
    """An int64, as a number or as a string of digits: the documentation shows both in lists of ids."""

    def check(self, value: object, where: str) -> None:
        if isinstance(value, str) and len(value) <= INT64_DIGITS and value.isascii() and value.isdigit():
            return
        if not isinstance(value, int) or isinstance(value, bool):
            raise broken(where, "must be an integer or a string of digits")


@dataclass(frozen=True)
class Bool:
    def check(self, value: object, where: str) -> None:
        if not isinstance(value, bool):
            raise broken(where, "must be a boolean")


def parse_moment(text: str) -> datetime | None:
    """RFC 3339 with a zone, else None."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


@dataclass(frozen=True)
class Moment:
    """A time such as 2026-09-01T10:00:00Z."""

    def check(self, value: object, where: str) -> None:
        if not isinstance(value, str) or parse_moment(value) is None:
            raise broken(where, "must be a time in RFC 3339 format with a time zone")


@dataclass(frozen=True)
class Items:
    """A list whose elements share one spec."""

    of: Spec
    maximum: int | None = None
    minimum: int = 0

    def check(self, value: object, where: str) -> None:
        if not isinstance(value, list):
            raise broken(where, "must be an array")
        if len(value) < self.minimum:
            raise broken(where, f"value must contain at least {self.minimum} item(s)")
        if self.maximum is not None and len(value) > self.maximum:
            raise broken(where, f"value must contain no more than {self.maximum} items")
        for index, item in enumerate(value):
            self.of.check(item, f"{where}[{index}]")


@dataclass(frozen=True)
class Obj:
    """An object with exactly these fields."""

    fields: Mapping[str, Spec] = field(default_factory=dict)
    required: frozenset[str] = frozenset()

    def check(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise broken(where, "must be an object")
        prefix = f"{where}." if where else ""
        for name, item in value.items():
            spec = self.fields.get(name)
            if spec is None:
                raise broken(f"{prefix}{name}", "unknown field")
            if item is not None:
                spec.check(item, f"{prefix}{name}")
        for name in sorted(self.required):
            if value.get(name) is None:
                raise broken(f"{prefix}{name}", "value is required")


def obj(*required: str, **fields: Spec) -> Obj:
    """Shorthand; a trailing underscore frees Python's keywords: `from_`, `with_`."""
    return Obj({name.rstrip("_"): spec for name, spec in fields.items()}, frozenset(required))
