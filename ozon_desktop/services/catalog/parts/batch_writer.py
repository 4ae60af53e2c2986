"""Gathers small writes of many tasks into few transactions, in their order, so that the disk does not set the pace."""

import asyncio
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Self

from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

Write = Callable[[UnitOfWork], None]

MOST_WAITING = 200
"""So many writes may wait; then those who ask are slowed down instead of the memory filled."""

AT_ONCE = 60
"""A transaction takes no more, so that readers of the database get their turn."""


class BatchWriter:
    """An asynchronous context: inside it `write` takes writes, at its end all of them are in the database.

    Also when it ends by an error or is cancelled: what came is kept. A write that fails ends the context with its error.
    """

    def __init__(self, storage: Database) -> None:
        self._storage = storage
        self._waiting: asyncio.Queue[Write | None] = asyncio.Queue(MOST_WAITING)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._serve())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._task is None:
            return
        finish = asyncio.ensure_future(self._finish(self._task))
        try:
            await asyncio.shield(finish)
        except asyncio.CancelledError:
            # Stopped once more while the last writes are on their way: they are short, and half of them would be worse.
            await finish
            raise

    async def write(self, write: Write) -> None:
        """Takes a write; returns when it is queued. Raises what an earlier write failed with."""
        if self._task is not None and self._task.done():
            await self._task
        await self._waiting.put(write)

    async def _finish(self, task: asyncio.Task[None]) -> None:
        if not task.done():
            await self._waiting.put(None)
        await task

    async def _serve(self) -> None:
        while True:
            batch: list[Write] = []
            ended = False
            first = await self._waiting.get()
            while True:
                if first is None:
                    ended = True
                    break
                batch.append(first)
                if len(batch) >= AT_ONCE or self._waiting.empty():
                    break
                first = self._waiting.get_nowait()
            if batch:
                await self._storage.run(partial(_write_all, batch))
            if ended:
                return


def _write_all(batch: list[Write], unit: UnitOfWork) -> None:
    for write in batch:
        write(unit)
