"""Keeps copies of the database day by day, says whether it is whole, and goes back to a copy."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ozon_desktop.errors import DatabaseDamaged, NotFound, StorageError, WrongInput
from ozon_desktop.services.shared import Clock
from ozon_desktop.storage import backups
from ozon_desktop.storage.backups import Backup
from ozon_desktop.storage.database import Database
from ozon_desktop.wording.errors import error_text

log = logging.getLogger(__name__)

LOOK_EVERY_S = 600.0
OF_A_SERVER = "базу на сервере копирует и возвращает сам сервер (pg_dump, pg_restore)"
Tell = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """backup: what was put back; kept: where what was there lies now, None = nothing was."""

    backup: Backup
    kept: Path | None


class Backups:
    """One copy a day while the program works. Databases on a server are copied by the server.

    tell: tells the owner, title and text; each kind of trouble once, until a copy was made again.
    """

    def __init__(self, storage: Database, clock: Clock, tell: Tell, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._storage = storage
        self._clock = clock
        self._tell = tell
        self._sleep = sleep
        self._told = ""

    async def run(self) -> None:
        """Looks again and again until it is cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                # Whatever it was, the next look may get through, and nothing else waits for copies.
                log.exception("daily copy")
            await self._sleep(LOOK_EVERY_S)

    async def look(self) -> Path | None:
        """Makes the copy of the day if it is due; gives it. What goes wrong is told, and all copies stay."""
        file = self._storage.file
        if file is None or not await asyncio.to_thread(backups.is_daily_due, file, self._clock()):
            return None
        try:
            made = await asyncio.to_thread(backups.daily, file, self._clock())
        except StorageError as error:
            log.warning("daily copy: %s", error)
            kind = type(error).__name__
            if self._told != kind:
                self._told = kind
                words = error_text(error)
                self._tell(f"Копия базы данных не сделана. {words.title}", f"{words.text}. {words.action}")
            return None
        self._told = ""
        return made

    async def all(self) -> tuple[Backup, ...]:
        """The newest first."""
        file = self._storage.file
        return () if file is None else await asyncio.to_thread(backups.backups_of, file)

    async def check(self) -> list[str]:
        """What is wrong inside the database, in its own words; [] = it is whole, or a server looks after it."""
        file = self._storage.file
        return [] if file is None else await asyncio.to_thread(partial(backups.check, file, thorough=True))


def restore(file: Path, chosen: Path | None = None) -> Restored:
    """Puts a copy back: the chosen one, else the newest that is whole. What was there is kept beside it.

    To be called in a thread, while nobody has the database open. WrongInput when it is whole and none was chosen, DatabaseDamaged when no
    copy is whole, NotFound when there is none; DatabaseBusy, DatabaseFull, DatabaseUnavailable: nothing has changed.
    """
    known = backups.backups_of(file)
    if chosen is not None:
        found = next((backup for backup in known if chosen.name == backup.path.name or chosen.absolute() == backup.path.absolute()), None)
        if found is None:
            raise NotFound(str(chosen), detail=", ".join(backup.path.name for backup in known))
        return Restored(found, backups.restore(file, found.path))
    if not known:
        raise NotFound(f"копия базы рядом с {file}")
    if file.exists() and _opens(file):
        raise WrongInput("--restore", detail=f"база цела; чтобы всё же вернуть копию, назовите её: {', '.join(b.path.name for b in known)}")
    whole = backups.newest_whole(known)
    if whole is None:
        raise DatabaseDamaged(str(file), detail="и ни одна копия не цела")
    return Restored(whole, backups.restore(file, whole.path))


def restore_for(address: str | None, file: Path, chosen: Path | None = None) -> Restored:
    """As `restore`, for the database of an address; None = the file of the data folder. WrongInput for one on a server."""
    if address is not None:
        storage = Database(address)
        found = storage.file
        storage.close()
        if found is None:
            raise WrongInput("--restore", detail=OF_A_SERVER)
        file = found
    return restore(file, chosen)


def _opens(file: Path) -> bool:
    """Whether the program could work with it: of this program, complete, and whole inside."""
    storage = None
    try:
        storage = Database.in_file(file)
        storage.open()
    except DatabaseDamaged:
        return False
    finally:
        if storage is not None:
            storage.close()
    return not backups.check(file)
