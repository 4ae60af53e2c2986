"""What a report says of the form of an answer, and that it says nothing of the values."""

from typing import Any

import msgspec
import pytest

from ozon_desktop.domain.answers_report import Differences
from ozon_desktop.ozon.answer_forms import differences, field_places


class Row(msgspec.Struct):
    id: int
    name: str | None = None
    price: float | None = None
    children: "list[Row] | None" = None
    old: str | None = None


class Answer(msgspec.Struct):
    rows: list[Row] | None
    total: int | None = None
    anything: msgspec.Raw | None = None


ROW = {"rows/id", "rows/name", "rows/price", "rows/children"}
KNOWN = frozenset({"rows", "total", "anything", "rows/sku", "rows/owner", "rows/owner/phone", *ROW})
BLANK: dict[str, Any] = {"rows": [], "total": 1, "anything": None}


def seen(answer: Any) -> Differences:
    return differences(answer, Answer, KNOWN)


def test_an_answer_as_it_was_has_no_differences() -> None:
    child = {"id": 2, "name": "", "price": 0.5, "children": []}
    row = {"id": 1, "name": None, "price": 3, "sku": 5, "owner": {"phone": "1"}, "children": [child]}
    assert not seen({"rows": [row], "total": None, "anything": 5})
    assert not seen({**BLANK, "anything": [1.5]})
    assert not seen(BLANK)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"rows": [], "anything": None}, Differences(missing=("total",))),
        ({}, Differences(missing=("anything", "rows", "total"))),
        ({**BLANK, "total": "5"}, Differences(types=("total: text instead of null or whole number",))),
        ({**BLANK, "total": 1.5}, Differences(types=("total: number instead of null or whole number",))),
        ({**BLANK, "rows": {}}, Differences(missing=tuple(sorted(ROW)), types=("rows: object instead of list or null",))),
        ({**BLANK, "new": True}, Differences(unknown=("new: true or false",))),
        ({**BLANK, "new": [{"limit": 1}, {"limit": ""}]}, Differences(unknown=("new: list", "new/limit: text or whole number"))),
    ],
)
def test_differences(answer: Any, found: Differences) -> None:
    assert seen(answer) == found


def test_a_field_is_missing_when_no_row_has_it_and_not_when_one_has_not() -> None:
    whole = {"id": 1, "name": "", "price": 1, "children": None}
    assert not seen({"rows": [whole, {"id": 2}], "total": 2, "anything": None})
    assert seen({"rows": [{"id": 1}, {"id": 2}], "total": 2, "anything": None}).missing == ("rows/children", "rows/name", "rows/price")


@pytest.mark.parametrize("key", ["+79123456789", "0187654321-0033-2", "Вера", "a b", "", "id4817", "vera@mail.example"])
def test_keys_that_are_data_are_not_shown(key: str) -> None:
    for answer in ({key: 1}, {"rows": [{key: {"limit": 1}, "vera": 1}]}, {"new": {key: {"limit": 1}, "vera": 1}}):
        said = str(seen({"total": 1, "anything": None, **answer}))
        assert key == "" or key not in said
        assert "vera" not in said
        assert "*" in said


def test_within_an_unknown_field_only_names_of_known_words_are_shown() -> None:
    said = seen({"rows": [], "total": 1, "anything": None, "new": {"vera": {"phone": 1}}, "other": {"seller_id": 1}})
    assert said.unknown == ("new: object", "new/*: object", "new/*/phone: whole number", "other: object", "other/seller_id: whole number")


def test_places_of_fields() -> None:
    assert field_places({"a": [{"b": None}, {"c": [{"c": [{"d": 1}]}]}]}) == {"a", "a/b", "a/c", "a/c/c", "a/c/d"}
