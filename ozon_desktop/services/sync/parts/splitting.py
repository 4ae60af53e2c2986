"""Asks Ozon for many items at once, and for fewer where it refuses the request, until it is known which of them it refuses."""

import logging
import re
from collections.abc import Awaitable, Callable
from random import randrange
from typing import Generic, TypeVar

from ozon_desktop.domain.cabinet import OZON_FAILED, UNEXPECTED_ERROR, ItemError
from ozon_desktop.errors import AppError, OzonUnavailable, RequestRefused, UnexpectedAnswer
from ozon_desktop.wording.errors import error_line

T = TypeVar("T")
HOPELESS = 100
"""So many refusals one after the other in the same words are about the request and not about the items: Ozon may shut out whoever
goes on sending it what it refuses. The rest of such a batch then waits, and only one of it is tried."""

FAILED_BY_ITSELF = (OzonUnavailable, UnexpectedAnswer)

log = logging.getLogger(__name__)


def concerns_items(error: Exception) -> bool:
    """Whether it may be about some of the items asked for; else about all of them, or about the way to Ozon."""
    return not isinstance(error, AppError) or isinstance(error, RequestRefused | OzonUnavailable | UnexpectedAnswer)


def item_error(error: Exception) -> ItemError:
    """What became of one item because of an error of its request."""
    if isinstance(error, RequestRefused):
        code, _, _ = (error.detail or str(error.code)).partition(":")
        return ItemError(code, error.detail)
    if isinstance(error, AppError):
        return ItemError(OZON_FAILED, error_line(error))
    return ItemError(UNEXPECTED_ERROR, type(error).__name__)


class Splitting(Generic[T]):
    """One method of one run.

    ask: sends one request for these items and takes its answer. refuse: told of items that were refused, with the error.
    """

    def __init__(self, ask: Callable[[tuple[T, ...]], Awaitable[object]], refuse: Callable[[tuple[T, ...], Exception], object]) -> None:
        self._ask = ask
        self._refuse = refuse
        self._words = ""
        self._in_row = 0

    async def send(self, batch: tuple[T, ...]) -> None:
        """Has every item of a batch taken or refused. Raises what concerns more than single items (`concerns_items`).

        Also when Ozon fails on both halves of a batch, or on the only item there is: that is rather Ozon's trouble than theirs.
        """
        error = await self._attempt(batch)
        if error is None:
            return
        if len(batch) == 1 and isinstance(error, FAILED_BY_ITSELF):
            raise error
        await self._divide(batch, error)

    async def _divide(self, batch: tuple[T, ...], error: Exception) -> None:
        if len(batch) == 1:
            self._note(batch, error)
            return
        if self._in_row >= HOPELESS and self._words == _words(error):
            # Another one in each run, so that none waits for ever behind those that are refused.
            place = randrange(len(batch))
            tried = await self._attempt(batch[place : place + 1])
            if tried is not None:
                self._note(batch, tried)
                return
            batch = (*batch[:place], *batch[place + 1 :])
        middle = (len(batch) + 1) // 2
        halves = [half for half in (batch[:middle], batch[middle:]) if half]
        errors = [await self._attempt(half) for half in halves]
        if isinstance(error, FAILED_BY_ITSELF) and errors[-1] is not None and None not in errors:
            raise errors[-1]
        for half, found in zip(halves, errors, strict=True):
            if found is not None:
                await self._divide(half, found)

    async def _attempt(self, batch: tuple[T, ...]) -> Exception | None:
        """Why the request failed, None = it was answered."""
        try:
            await self._ask(batch)
        except Exception as error:
            if not concerns_items(error):
                raise
            if len(batch) == 1 and not isinstance(error, AppError):
                log.exception("an unexpected error about one item")
            return error
        self._in_row = 0
        return None

    def _note(self, batch: tuple[T, ...], error: Exception) -> None:
        words = _words(error)
        self._in_row = self._in_row + 1 if words == self._words else 1
        self._words = words
        self._refuse(batch, error)


def _words(error: Exception) -> str:
    """What is said, without the numbers of items and places in it."""
    return re.sub(r"\d+", "", f"{type(error).__name__} {error.detail if isinstance(error, AppError) else ''}")
