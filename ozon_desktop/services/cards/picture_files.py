"""Pictures of the shop for the previews: loaded a few at a time, kept on disk for a day, forgotten when they take too much room.

Those that 1C has uploaded are read where they lie.
"""

import asyncio
import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from ozon_desktop.domain.pictures import MAX_BYTES, LoadedPicture, LoadFault, checked, shop_file
from ozon_desktop.services.shared import Clock

FRESH_FOR = timedelta(days=1)
ASKED_AGAIN_AFTER = timedelta(minutes=5)
"""An address that did not answer is not asked for this long."""

ROOM_BYTES = 100 * 1024 * 1024
AT_ONCE = 4

logger = logging.getLogger("ozon_desktop.pictures")


class Web(Protocol):
    """What loads a picture from its address."""

    async def fetch(self, url: str) -> LoadedPicture: ...

    async def aclose(self) -> None: ...


class PictureFiles:
    """The cache of pictures in `folder`. web None: nothing is loaded, as in the demonstration, whose addresses are invented.

    uploads: where pictures lie that the store names by a path instead of an address; None = nowhere.
    """

    def __init__(self, folder: Path, web: Web | None, clock: Clock, room_bytes: int = ROOM_BYTES, uploads: Path | None = None) -> None:
        self._folder = folder
        self._uploads = uploads
        self._web = web
        self._clock = clock
        self._room_bytes = room_bytes
        self._failed: dict[str, tuple[datetime, LoadedPicture]] = {}
        self._under_way: dict[str, asyncio.Lock] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def get(self, url: str) -> LoadedPicture:
        """The picture at an address, from the cache if it is fresh, or of an uploaded file; why there is none otherwise."""
        path = shop_file(url)
        if path is not None:
            return await asyncio.to_thread(_uploaded, self._uploads / path) if self._uploads is not None else LoadedPicture()
        if self._web is None:
            return LoadedPicture()
        lock = self._under_way.setdefault(url, asyncio.Lock())
        try:
            async with lock:
                return await self._get(url, self._web)
        finally:
            if not lock.locked():
                self._under_way.pop(url, None)

    async def close(self) -> None:
        if self._web is not None:
            await self._web.aclose()

    async def _get(self, url: str, web: Web) -> LoadedPicture:
        place = self._folder / hashlib.sha256(url.encode()).hexdigest()
        kept = await asyncio.to_thread(_read, place, self._clock())
        if kept is not None:
            return LoadedPicture(kept)
        failed = self._failed.get(url)
        if failed is not None and self._clock() - failed[0] < ASKED_AGAIN_AFTER:
            return failed[1]
        async with self._turns:
            loaded = await web.fetch(url)
        if loaded.fault is not None:
            self._failed[url] = self._clock(), loaded
            return loaded
        self._failed.pop(url, None)
        try:
            await asyncio.to_thread(_write, place, loaded.content, self._clock(), self._room_bytes)
        except OSError as error:
            # The preview is there all the same.
            logger.warning("a picture could not be kept: %s", error)
        return loaded


def _uploaded(place: Path) -> LoadedPicture:
    try:
        if place.stat().st_size > MAX_BYTES:
            return LoadedPicture(fault=LoadFault.TOO_LARGE)
        return checked(place.read_bytes())
    except OSError:
        return LoadedPicture(fault=LoadFault.NO_FILE)


def _read(place: Path, now: datetime) -> bytes | None:
    try:
        age = now.timestamp() - place.stat().st_mtime
        return place.read_bytes() if age < FRESH_FOR.total_seconds() else None
    except OSError:
        # Never loaded, or another program with this data folder made room.
        return None


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """(time, size, place) of each file; those that go meanwhile are passed over: several pictures are written at once."""
    for place in folder.iterdir():
        try:
            stat = place.stat()
        except FileNotFoundError:
            continue
        yield stat.st_mtime, stat.st_size, place


def _write(place: Path, content: bytes, now: datetime, room_bytes: int) -> None:
    """Keeps a picture whole or not at all, and makes room for it by removing those loaded first."""
    place.parent.mkdir(parents=True, exist_ok=True)
    files = sorted(found for found in _files(place.parent) if found[2] != place)
    used = sum(size for _, size, _ in files) + len(content)
    for _, size, found in files:
        if used <= room_bytes:
            break
        found.unlink(missing_ok=True)
        used -= size
    number, name = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(number, "wb") as file:
        file.write(content)
    os.utime(name, (now.timestamp(), now.timestamp()))
    Path(name).replace(place)
