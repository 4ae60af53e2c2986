"""Errors as the window shows them."""

import inspect

import pytest

from ozon_desktop import errors
from ozon_desktop.errors import AppError, InvalidKey, NoConnection, NotPossibleYet
from ozon_desktop.ui.presenter import Presenter
from ozon_desktop.wording import has_own_text

ALL_ERRORS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, AppError)]


@pytest.mark.parametrize("kind", ALL_ERRORS, ids=lambda kind: kind.__name__)
def test_every_expected_failure_has_words_and_no_stack_trace(kind: type[AppError]) -> None:
    shown = Presenter().explain(kind("/v1/roles"))
    assert has_own_text(kind)
    assert shown.title
    assert shown.action
    assert shown.details == ""


def test_line_is_one_paragraph_with_what_to_do() -> None:
    shown = Presenter().explain(InvalidKey("/v1/roles"))
    assert shown.title in shown.line
    assert shown.action.rstrip(".") in shown.line
    assert ".." not in shown.line


def test_retry_is_offered_only_where_it_helps() -> None:
    assert Presenter().explain(NoConnection("/v1/roles")).retryable
    assert not Presenter().explain(NotPossibleYet("enable", missing=("fields",))).retryable


def test_unexpected_failure_is_logged_and_its_details_can_be_copied(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ZeroDivisionError("пример")
    except ZeroDivisionError as error:
        shown = Presenter("/shop/logs/ozon-desktop.log").explain(error)
    assert "/shop/logs/ozon-desktop.log" in shown.line
    assert "Скопировать" in shown.line
    assert "ZeroDivisionError: пример" in shown.details
    assert "Traceback" in shown.details
    assert "ZeroDivisionError" not in shown.line
    assert any(record.exc_info for record in caplog.records)


def test_only_exceptions_are_explained() -> None:
    with pytest.raises(TypeError):
        Presenter().explain("текст")
