"""The labelled store categories that measure the category matcher: their shape, not whether the answers are right."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

LABELS = Path(__file__).parent.parent / "benchmarks" / "mapping_labels.json"
MOST = 6


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads(LABELS.read_text("utf-8"))
    return loaded


def filled(texts: list[Any]) -> bool:
    return all(isinstance(text, str) and text == text.strip() != "" for text in texts)


def test_there_are_enough_rows_from_enough_shops(rows: list[dict[str, Any]]) -> None:
    assert len(rows) >= 200
    assert len({row["shop"] for row in rows}) >= 20


def test_no_category_of_a_shop_is_labelled_twice(rows: list[dict[str, Any]]) -> None:
    counts = Counter((row["shop"], *row["path"]) for row in rows)
    assert [key for key, count in counts.items() if count > 1] == []


def test_every_row_has_the_agreed_fields(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert set(row) == {"shop", "path", "products", "properties", "right"}, row
        assert row["path"], row
        assert filled([row["shop"], *row["path"], *row["products"]]), row
        assert all(len(pair) == 2 and filled(pair) for pair in row["properties"]), row
        assert max(len(row["products"]), len(row["properties"])) <= MOST, row


def test_every_row_has_answers_naming_category_and_type(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert row["right"], row
        assert len(set(row["right"])) == len(row["right"]), row
        assert all(answer.count(" / ") == 1 and filled(answer.split(" / ")) for answer in row["right"]), row
