"""Words of labels that are refused."""

import pytest

from ozon_desktop.errors import RequestRefused
from ozon_desktop.wording.orders import label_refusal_text, labels_text, no_label_reasons_text, no_labels_text

LATER = "этикетка будет после сборки заказа"


@pytest.mark.parametrize(
    ("reason", "status", "text"),
    [
        ("The next postings aren't ready", "awaiting_packaging", LATER),
        ("The next postings aren't ready", "", LATER),
        ("", "awaiting_packaging", LATER),
        ("Wrong state", "awaiting_registration", f"{LATER} (Wrong state)"),
        ("Wrong state", "delivering", "Wrong state"),
        ("label not allowed for delivered postings", "awaiting_packaging", "заказ уже доставлен"),
        ("INVALID_ARGUMENT", "awaiting_packaging", "этикетка есть только у заказа, который ожидает отгрузки"),
    ],
)
def test_a_refusal_is_put_into_words(reason: str, status: str, text: str) -> None:
    assert label_refusal_text(reason, status) == text


def test_what_all_postings_lack_is_said_once() -> None:
    assert no_label_reasons_text([("1", LATER), ("2", LATER), ("3", "")]) == "этикетки будут после сборки заказа"
    assert no_label_reasons_text([("1", "отменён"), ("2", "отменён")]) == "отменён"
    assert no_label_reasons_text([("1", "отменён"), ("2", LATER)]) == f"1 — отменён; 2 — {LATER}"
    assert labels_text(1, [("2", LATER)]).endswith(f"Без этикетки: 2 — {LATER}")


def test_a_foreign_posting_is_named_in_words_and_other_failures_are_left_to_others() -> None:
    path = "/v3/posting/fbs/package-label/create"
    foreign = RequestRefused(path, detail="POSTING_NUMBERS_IS_INCORRECT_FOR_COMPANY", status=400)
    assert no_labels_text(foreign) == "это отправления другого кабинета"
    assert no_labels_text(RequestRefused(path, detail="Wrong state", status=400)) == ""
