"""Imports the exports that appear in the watched folder.

The folder is looked into rather than listened to: exports usually come over a network share, which announces no changes.
"""

import asyncio
import contextlib
import json
import logging
import os
import platform
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ozon_desktop.domain.journal import RunCause
from ozon_desktop.domain.progress import silent
from ozon_desktop.errors import StoreFileError, WrongInput
from ozon_desktop.services.store.importing import StoreImportService
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.store.source import READING_STAGES

log = logging.getLogger(__name__)

SUFFIXES = frozenset({".xml", ".yml", ".zip"})
OWN_FILES = "orders-"
"""Orders are often written into the folder the exports come from."""

QUIET_S = 10.0
GIVE_UP_S = 600.0
DEPTH = 5
TAIL = 4096

Signature = tuple[int, int]
"""Size in bytes, time of the last change in nanoseconds."""


@dataclass(slots=True)
class _Seen:
    signature: Signature
    since: float


class WatchedFolder:
    """Imports exports from a folder once they are complete: unchanged for `quiet_s` seconds, and whole.

    A file that stays cut is taken after `give_up_s` all the same: the import then says what is wrong with it, once. What was imported
    is remembered, so changes made while the program was closed are found. The folder is one of this computer.
    """

    def __init__(
        self,
        storage: Database,
        imports: StoreImportService,
        quiet_s: float = QUIET_S,
        give_up_s: float = GIVE_UP_S,
        monotonic: Callable[[], float] = time.monotonic,
        host: str = "",
    ) -> None:
        self._storage = storage
        self._imports = imports
        self._quiet_s = quiet_s
        self._give_up_s = give_up_s
        self._monotonic = monotonic
        self._host = host or platform.node()
        self._seen: dict[str, _Seen] = {}
        self.reachable = True

    async def folder(self) -> Path | None:
        """The watched folder; None = none is watched."""
        text = await self._storage.run(lambda unit: unit.preferences.get(self._key("folder")))
        return Path(text) if text else None

    async def set_folder(self, folder: Path | None) -> None:
        """Watches this folder from now on, None = none; the exports that lie in it are imported. WrongInput when it is no folder."""
        if folder is not None and not await asyncio.to_thread(folder.is_dir):
            raise WrongInput("folder", detail=str(folder))

        def work(unit: UnitOfWork) -> None:
            unit.preferences.remove(self._key("files"))
            if folder is None:
                unit.preferences.remove(self._key("folder"))
            else:
                unit.preferences.set(self._key("folder"), str(folder))

        await self._storage.run(work)
        self._seen.clear()

    async def look(self) -> list[Path]:
        """Imports what is new and complete; gives its files. Errors of files are journalled by the import. StorageError."""
        folder = await self.folder()
        if folder is None:
            return []
        files = await asyncio.to_thread(_scan, folder)
        self.reachable = files is not None
        if files is None:
            return []
        taken = await self._storage.run(self._taken)
        changed = {name: signature for name, signature in files.items() if taken.get(name) != signature}
        if not changed or not await asyncio.to_thread(self._ready, folder, changed):
            return []
        paths = [folder / name for name in sorted(changed, key=_reading_order)]
        try:
            await self._imports.import_files(paths, silent, RunCause.FOLDER)
        except StoreFileError as error:
            log.warning("watched folder: %s %s", type(error).__name__, error.subject)
        # A file that is gone is forgotten: when it is back, it is new.
        known = {name: changed.get(name, taken.get(name)) for name in files}
        await self._storage.run(lambda unit: unit.preferences.set(self._key("files"), json.dumps(known)))
        self._seen.clear()
        return paths

    def _ready(self, folder: Path, changed: dict[str, Signature]) -> bool:
        """Whether all of them are complete: parts of one export belong together."""
        now = self._monotonic()
        for name, signature in changed.items():
            seen = self._seen.get(name)
            if seen is None or seen.signature != signature:
                self._seen[name] = _Seen(signature, now)
        quiet = [now - self._seen[name].since for name in changed]
        if min(quiet) < self._quiet_s:
            return False
        return min(quiet) >= self._give_up_s or all(is_whole(folder / name) for name in changed)

    def _taken(self, unit: UnitOfWork) -> dict[str, Signature]:
        text = unit.preferences.get(self._key("files"))
        return {name: (entry[0], entry[1]) for name, entry in json.loads(text).items()} if text else {}

    def _key(self, name: str) -> str:
        return f"watched/{self._host}/{name}"


def _scan(folder: Path) -> dict[str, Signature] | None:
    """Exports below the folder by relative path; None when it is out of reach."""
    found: dict[str, Signature] = {}
    if not folder.is_dir():
        return None
    for place, folders, names in os.walk(folder):
        deep = len(Path(place).relative_to(folder).parts)
        folders[:] = [name for name in folders if not name.startswith(".")] if deep < DEPTH else []
        for name in names:
            path = Path(place) / name
            if path.suffix.lower() not in SUFFIXES or name.startswith((".", "~", OWN_FILES)):
                continue
            with contextlib.suppress(OSError):
                state = path.stat()
                found[path.relative_to(folder).as_posix()] = (state.st_size, state.st_mtime_ns)
    return found


def is_whole(path: Path) -> bool:
    """Whether the file has its end: an archive its table of contents, XML a last closing tag and nothing after it."""
    try:
        with path.open("rb") as stream:
            if stream.read(4) == b"PK\x03\x04":
                return zipfile.is_zipfile(path)
            stream.seek(max(path.stat().st_size - TAIL, 0))
            tail = stream.read().rstrip(b"\x00 \t\r\n")
            stream.seek(0)
            head = stream.read(TAIL)
    except OSError:
        return False
    closing = tail[tail.rfind(b"<") :]
    name = closing[2:-1].split()[0:1]
    # UTF-16 has other bytes: there only the quiet shows it.
    if b"\x00" in head:
        return True
    return closing.startswith(b"</") and closing.endswith(b">") and bool(name) and _opens_first(head, name[0])


def _opens_first(head: bytes, name: bytes) -> bool:
    """Whether the root element has this name: a file cut just after an inner element is not whole."""
    position = 0
    while (position := head.find(b"<", position)) >= 0:
        rest = head[position + 1 :]
        if rest.startswith(b"!--"):
            end = rest.find(b"-->")
            position = position + 1 + end if end >= 0 else len(head)
        elif not rest.startswith((b"?", b"!")):
            return rest.startswith(name) and not rest[len(name) : len(name) + 1].isalnum()
        position += 1
    return False


def _reading_order(name: str) -> tuple[int, str]:
    base = name.rpartition("/")[2].lower()
    stages: Sequence[tuple[str, ...]] = READING_STAGES
    return next((rank for rank, starts in enumerate(stages) if base.startswith(starts)), len(stages)), name
