"""Several questions at once: their answers in order, or the first failure, after which nothing goes on behind the caller's back."""

import asyncio
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

SWITCH_INTERVAL_S = 0.0005


async def gather(*questions: Coroutine[Any, Any, Any]) -> list[Any]:
    """The answers in order; the first failure stops the other questions and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(question) for question in questions]
    except BaseExceptionGroup as failures:
        # All of them fail for one common reason: the first says it.
        raise first_of(failures) from None
    return [task.result() for task in tasks]


@contextmanager
def prompt_threads() -> Iterator[None]:
    """Lets threads change more often while the database thread works on what the questions brought.

    With Python's usual 5 ms each request would leave late by several of them, and requests that bunch up meet Ozon's limit.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def first_of(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first failure of a group, however deep."""
    error: BaseException = failures
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
