"""A program that dies in this process, at any request or transaction; nothing that it does afterwards counts."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from ozon_desktop.application import Application
from ozon_desktop.backoffice.http import Limits, Reply, Web
from ozon_desktop.domain.lease import Owner
from ozon_desktop.services.runs import leases
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.e2e.first_day import Road


class Killed(BaseException):
    """The program is there no more."""


class Fate:
    """When one life of the program ends: after so many effects that others could see."""

    def __init__(self) -> None:
        self.dead = False
        self._left: int | None = None

    def dies_after(self, effects: int) -> None:
        self._left = effects

    def lives_on(self) -> None:
        self._left = None

    def effect(self) -> None:
        """Between this and the next one the program may die. Killed, from then on always."""
        if self._left is not None and not self.dead:
            self._left -= 1
            self.dead = self._left < 0
        if self.dead:
            raise Killed


class Lives:
    """The lives of one program, one after the other. `fate`: of the present one. To be made before the first, in the loop."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.fate = Fate()
        self._owner = ""
        self._not_its = asyncio.all_tasks()
        patch.setattr(Database, "_transaction", _mortal(self, Database._transaction))
        own = leases.this_process
        patch.setattr(leases, "this_process", lambda: self._known(own()))
        patch.setattr(leases, "process_gone", lambda owner: owner.token != self._owner)

    def _known(self, owner: Owner) -> Owner:
        self._owner = owner.token
        return owner

    async def end(self, application: Application) -> None:
        """Clears away what is left of a dead one; the next life begins."""
        assert self.fate.dead
        left = asyncio.all_tasks() - self._not_its
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        with suppress(Killed):
            await application.close()
        with suppress(RuntimeError):
            # Its own end may not have come so far.
            await asyncio.to_thread(application.storage.close)
        self.fate = Fate()


def _mortal(lives: Lives, transaction: Callable[..., Any]) -> Callable[..., Any]:
    def run(self: Database, work: Callable[[UnitOfWork], Any]) -> Any:
        # A database belongs to the life that opened it.
        fate: Fate = self.__dict__.setdefault("fate", lives.fate)

        def watched(unit: UnitOfWork) -> Any:
            done = work(unit)
            # Killed here, nothing of it is written.
            fate.effect()
            return done

        done = transaction(self, watched)
        fate.effect()
        return done

    return run


class MortalRoad(Road):
    """The way to Ozon."""

    lives: Lives

    async def answer(self, request: httpx.Request) -> httpx.Response:
        fate = self.lives.fate
        fate.effect()
        response = await super().answer(request)
        fate.effect()
        return response


class MortalWeb(Web):
    """The way to a store. troubled: it answers nothing."""

    def __init__(self, app: object, lives: Lives) -> None:
        super().__init__(app)
        self._lives = lives

    async def ask(
        self,
        subject: str,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        limits: Limits | None = None,
        whole: bool = True,
    ) -> Reply:
        fate = self._lives.fate
        fate.effect()
        reply = await super().ask(subject, method, url, headers=headers, content=content, limits=limits, whole=whole)
        fate.effect()
        return reply

    async def save(self, subject: str, url: str, into: Path, *, headers: Mapping[str, str] | None = None, limits: Limits) -> Reply:
        fate = self._lives.fate
        fate.effect()
        reply = await super().save(subject, url, into, headers=headers, limits=limits)
        fate.effect()
        return reply


def was_killed(error: BaseException) -> bool:
    """Whether this is how a kill comes through task groups."""
    if isinstance(error, BaseExceptionGroup):
        return all(was_killed(inner) for inner in error.exceptions)
    return isinstance(error, Killed | asyncio.CancelledError)
