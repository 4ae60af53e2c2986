"""Reads request bodies into structs: a wrong type or too many items is refused by the name of the field.

Recorded: an unknown field is ignored, as a misspelt one was in live imports; so that a slip of the client is seen, it is noted.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import Annotated, Any, TypeVar, get_args

import msgspec
from msgspec import Meta

from .replies import ApiError, invalid

INT64_DIGITS = 19
DIGITS_ONLY = "must be an integer or a string of digits"
NO_MOMENT = "must be a time in RFC 3339 format with a time zone"


class Request(msgspec.Struct):
    """A JSON object of a request. No field is ever None unless that is its default: see `read`."""


class Id(int):
    """An int64, as a number or as a string of digits: the documentation shows both in lists of ids."""


def one_of(choices: Iterable[str]) -> Meta:
    """A text that is one of a few names of Latin letters."""
    return Meta(pattern=rf"^(?:{'|'.join(sorted(choices))})\Z")


NotNegative = Annotated[int, Meta(ge=0)]
Positive = Annotated[int, Meta(ge=1)]
Int32 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Moment = Annotated[datetime, Meta(tz=True)]
PageSize = Annotated[int, Meta(ge=1, le=1000)]
Ids = Annotated[list[Id], Meta(max_length=1000)]
OfferIds = Annotated[list[str], Meta(max_length=1000)]
Direction = Annotated[str, one_of(("", "ASC", "DESC", "asc", "desc"))]


class EmptyRequest(Request):
    """The body of methods that take no parameters."""


class Period(Request):
    """Both ends belong to it; an end left out is open."""

    start: Moment | None = msgspec.field(default=None, name="from")
    end: Moment | None = msgspec.field(default=None, name="to")

    def __contains__(self, moment: datetime) -> bool:
        return (self.start is None or self.start <= moment) and (self.end is None or moment <= self.end)


Body = TypeVar("Body", bound=Request)

_ERROR = re.compile(r"(.*?)(?: - at `\$\.?([^`]*)`)?", re.DOTALL)
_FIELD_PROBLEMS = ((re.compile(r"Object missing required field `(.*)`", re.DOTALL), "value is required"),)
_KINDS = {
    "str": "must be a string",
    "int": "must be an integer",
    "bool": "must be a boolean",
    "array": "must be an array",
    "object": "must be an object",
    "datetime": NO_MOMENT,
}
_PROBLEMS = (
    (re.compile(r"Expected `int` >= (.*)"), "value must be greater than or equal to {}"),
    (re.compile(r"Expected `int` <= (.*)"), "value must be less than or equal to {}"),
    (re.compile(r"Expected `str` of length >= (.*)"), "value length must be at least {} characters"),
    (re.compile(r"Expected `str` matching regex '\^\(\?:(.*)\)\\\\Z'"), "value must be one of {}"),
    (re.compile(r"Expected `array` of length >= (.*)"), "value must contain at least {} item(s)"),
    (re.compile(r"Expected `array` of length <= (.*)"), "value must contain no more than {} items"),
    (re.compile(r"Invalid RFC3339.*|Expected `datetime` with.*"), NO_MOMENT),
)
_WRONG_KIND = re.compile(r"Expected `(\w+)[^`]*`, got `.*`")


def broken(where: str, problem: str) -> ApiError:
    """`where`: the path of the field in the body, such as items[0].price."""
    return invalid(f"Request validation error: invalid field {where or 'body'}: {problem}")


def _ignore(field: str) -> None:
    """An unknown field that nobody wants to hear of."""


def read(body: object, kind: type[Body], note_unknown: Callable[[str], None] = _ignore) -> Body:
    """The request in a decoded JSON body; 400 naming the first field that is wrong.

    As in proto3 JSON, `null` means that the field was not sent. `note_unknown` gets the path of each field no struct knows.
    """
    try:
        return msgspec.convert(_known(body, kind, "", note_unknown), kind, dec_hook=_read_id)
    except msgspec.ValidationError as error:
        raise _refusal(str(error)) from None


def _known(value: Any, kind: type[Request] | None, where: str, note_unknown: Callable[[str], None]) -> Any:
    """The fields that the structs have and that were sent."""
    if isinstance(value, list):
        return [_known(item, kind, f"{where}[]", note_unknown) for item in value]
    if not isinstance(value, dict) or kind is None:
        return value
    fields, found = _fields(kind), {}
    for name, inner in value.items():
        place = f"{where}.{name}" if where else name
        if name not in fields:
            note_unknown(place)
        elif inner is not None:
            found[name] = _known(inner, fields[name], place, note_unknown)
    return found


@cache
def _fields(kind: type[Request]) -> dict[str, type[Request] | None]:
    """The fields of a struct by their names in JSON, with the struct that they, or their elements, are."""
    return {field.encode_name: _struct_within(field.type) for field in msgspec.structs.fields(kind)}


def _struct_within(kind: Any) -> type[Request] | None:
    if isinstance(kind, type) and issubclass(kind, Request):
        return kind
    return next(filter(None, map(_struct_within, get_args(kind))), None)


def _read_id(kind: type, value: object) -> Id:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    is_text = isinstance(value, str) and len(value) <= INT64_DIGITS and value.isascii() and value.isdigit()
    if kind is Id and isinstance(value, int | str) and (is_number or is_text):
        return Id(value)
    raise ValueError(DIGITS_ONLY)


def _refusal(message: str) -> ApiError:
    """What the sandbox answers instead of an error text of msgspec."""
    found = _ERROR.fullmatch(message)
    text, where = (found[1], found[2] or "") if found else (message, "")
    for pattern, problem in _FIELD_PROBLEMS:
        if field := pattern.fullmatch(text):
            return broken(f"{where}.{field[1]}" if where else field[1], problem)
    if wrong := _WRONG_KIND.fullmatch(text):
        return broken(where, _KINDS.get(wrong[1], text))
    for pattern, problem in _PROBLEMS:
        if limit := pattern.fullmatch(text):
            return broken(where, problem.format(*(part.replace("|", ", ") for part in limit.groups())))
    return broken(where, text)
