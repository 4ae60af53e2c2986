"""Several questions at once: their answers in order, or the first failure, after which nothing goes on behind the caller's back."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def gather(*questions: Coroutine[Any, Any, Any]) -> list[Any]:
    """The answers in order; the first failure stops the other questions and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(question) for question in questions]
    except BaseExceptionGroup as failures:
        # All of them fail for one common reason: the first says it.
        raise first_of(failures) from None
    return [task.result() for task in tasks]


def first_of(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first failure of a group, however deep."""
    error: BaseException = failures
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
