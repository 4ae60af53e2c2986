"""Rows of an answer: read all at once and, only when that fails, one by one, so that a bad row costs nothing but itself."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from operator import methodcaller
from typing import Any, Generic, TypeVar

import msgspec

from ozon_desktop.domain.bad_item import BadItem
from ozon_desktop.errors import UnexpectedAnswer
from ozon_desktop.ozon.endpoints import Endpoint

Item = TypeVar("Item")
Mark = str | int

NOT_AS_DOCUMENTED = (msgspec.MsgspecError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError, RecursionError)
"""What decoding an answer and making domain objects of it can raise; ValueError is also that of a wrong encoding."""

DETAIL_LENGTH = 200
NAMES = ("offer_id", "posting_number", "product_id", "id", "warehouse_id")
_PLACE = re.compile(r" - at `\$\.?([^`]*)`")


class BadField(ValueError):
    """A value that cannot be what its field says. field: as «price.amount»."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """What an answer lists. rows: how many, bad ones included; mark: what the next page is asked with, None = this is the last one.

    total: of the whole list as Ozon says it, 0 = it does not.
    """

    items: list[Item]
    rows: int
    mark: Mark | None = None
    total: int = 0
    bad: tuple[BadItem, ...] = ()


class RowReader(Generic[Item]):
    """Reads answers of a method that lists rows.

    answer: the struct of the whole, over the struct of its rows; its `rows()` gives them. convert: a row as a domain object; key: what
    tells an item from the others of the list. mark, total: see Page; mark gets the answer and the page's items.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        answer: Any,
        row: type[Any],
        key: Callable[[Item], Hashable],
        mark: Callable[[Any, list[Item]], Mark | None] = lambda answer, items: None,
        total: Callable[[Any], int | None] = lambda answer: 0,
        convert: Callable[[Any], Item] | None = None,
    ) -> None:
        self.endpoint = endpoint
        self.key = key
        self._whole = msgspec.json.Decoder(answer[row], strict=False)
        self._raw = msgspec.json.Decoder(answer[msgspec.Raw], strict=False)
        self._row = msgspec.json.Decoder(row, strict=False)
        self._mark = mark
        self._total = total
        self._convert: Callable[[Any], Item] = convert or methodcaller("to_domain")

    def __call__(self, body: bytes) -> Page[Item]:
        """UnexpectedAnswer when none of several rows is as documented; one of NOT_AS_DOCUMENTED when it is not around the rows."""
        try:
            answer = self._whole.decode(body)
            items = [self._convert(row) for row in answer.rows()]
        except NOT_AS_DOCUMENTED:
            return self._one_by_one(body)
        return Page(items, len(items), self._mark(answer, items), self._total(answer) or 0)

    def _one_by_one(self, body: bytes) -> Page[Item]:
        answer = self._raw.decode(body)
        rows: list[msgspec.Raw] = answer.rows()
        items: list[Item] = []
        bad: list[BadItem] = []
        for row in rows:
            try:
                items.append(self._convert(self._row.decode(row)))
            except NOT_AS_DOCUMENTED as error:
                bad.append(self._bad(row, error))
        if len(rows) > 1 and not items:
            first = bad[0]
            raise UnexpectedAnswer(self.endpoint.path, detail=first.detail, status=200, item=first.item, field=first.field)
        return Page(items, len(rows), self._mark(answer, items), self._total(answer) or 0, tuple(bad))

    def _bad(self, row: msgspec.Raw, error: Exception) -> BadItem:
        named = _names(row)
        field, detail = place_of(error)
        item = next((named[name] for name in NAMES if named.get(name)), "")
        return BadItem(self.endpoint.path, item, field, detail, named.get("offer_id", ""))


def wrong_shape(endpoint: Endpoint, error: Exception) -> UnexpectedAnswer:
    """The error of an answer that is not as documented, with the field where it is not."""
    field, detail = place_of(error)
    return UnexpectedAnswer(endpoint.path, detail=detail, status=200, field=field)


def place_of(error: Exception) -> tuple[str, str]:
    """(field, detail): what is wrong and where, as far as the error says."""
    text = str(error)
    found = _PLACE.search(text)
    field = error.field if isinstance(error, BadField) else found[1] if found is not None else ""
    return field[:DETAIL_LENGTH], (_PLACE.sub("", text) or type(error).__name__)[:DETAIL_LENGTH]


def _names(row: msgspec.Raw) -> dict[str, str]:
    """What a row says of whose it is, as far as it can be read."""
    try:
        fields = msgspec.json.decode(row, type=dict[str, msgspec.Raw])
    except NOT_AS_DOCUMENTED:
        return {}
    found: dict[str, str] = {}
    for name in NAMES:
        try:
            value = msgspec.json.decode(fields[name], type=str | int)
        except NOT_AS_DOCUMENTED:
            continue
        found[name] = str(value)[:DETAIL_LENGTH] if isinstance(value, str) or value else ""
    return found
