"""Where uploads lie: a folder for each session, the portions of an export that is under way, and the pictures, which stay.

Files are written as they come and are read by their sessions only; what a killed program leaves is found by the next one.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from ozon_desktop.backoffice.onec.file_names import WrongFileName, is_archive, is_document, is_picture, safe_name
from ozon_desktop.domain.archives import MAX_ENTRIES, MAX_UNPACKED
from ozon_desktop.domain.onec_exchange import Refusal

FILE_LIMIT = 10 * 1024 * 1024
BUFFER = 1024 * 1024
LEAST_FREE = 256 * 1024 * 1024
MOST_DRAINED = 8
"""So many times the largest chunk is read and thrown away, so that a client that sends too much hears why."""


class UploadRefused(Exception):
    """The upload, or a step that needs it, cannot be taken. subject: the file, or what its limit is."""

    def __init__(self, refusal: Refusal, subject: str = "") -> None:
        super().__init__(refusal, subject)
        self.refusal = refusal
        self.subject = subject


@dataclass(frozen=True, slots=True)
class AreaLimits:
    """Bytes and numbers. chunk: of one request, as `init` says it; quota: of all that lies in the area."""

    chunk: int = FILE_LIMIT
    file: int = MAX_UNPACKED
    files: int = MAX_ENTRIES
    quota: int = 16 * 1024**3
    least_free: int = LEAST_FREE

    @property
    def largest_body(self) -> int:
        """Clients cut by the limit; a tenth more is let pass."""
        return self.chunk + self.chunk // 10


@dataclass(slots=True)
class Upload:
    """One file of a session. taken: it was read, so a new chunk of its name begins another file; failed: it cannot be read as it is.

    of_orders: it came with the orders, not with the goods.
    """

    name: str
    size: int = 0
    taken: bool = False
    failed: bool = False
    of_orders: bool = False


class AreaInUse(Exception):
    """Another process has the area."""


class Area:
    """The folders. All methods block; used by one process at a time, which `lock` sees to."""

    def __init__(self, root: Path, limits: AreaLimits | None = None) -> None:
        self.limits = limits or AreaLimits()
        self.root = root
        self.sessions, self.whole, self.pictures = root / "sessions", root / "whole", uploaded_pictures(root)
        self.used = 0
        self._lock: int | None = None

    def lock(self) -> None:
        """Keeps other processes out until `unlock` or the end of this one, however that comes. AreaInUse, OSError."""
        self.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.root / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
        except OSError as error:
            os.close(descriptor)
            raise AreaInUse(str(self.root)) from error
        self._lock = descriptor

    def unlock(self) -> None:
        descriptor, self._lock = self._lock, None
        if descriptor is not None:
            os.close(descriptor)

    def prepare(self) -> "list[Uploads]":
        """Makes the folders; gives what an earlier life of the program left untaken, oldest first. OSError."""
        for folder in (self.sessions, self.whole, self.pictures):
            folder.mkdir(parents=True, exist_ok=True)
        self.used = sum(path.stat().st_size for path in _files(self.root))
        left = sorted((path for path in self.sessions.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime_ns)
        return [Uploads.found(self, folder) for folder in left]

    def new(self) -> "Uploads":
        """An empty place for one session. OSError."""
        folder = self.sessions / uuid4().hex
        folder.mkdir(parents=True)
        return Uploads(self, folder)

    def check_room(self, size: int, name: str) -> None:
        """UploadRefused when so many bytes more are too many."""
        if self.used + size > self.limits.quota or shutil.disk_usage(self.root).free - size < self.limits.least_free:
            raise UploadRefused(Refusal.NO_ROOM, name)


@dataclass(slots=True)
class Uploads:
    """What one session has uploaded, by name in small letters: on many disks names that differ in case are one file."""

    area: Area
    folder: Path
    files: dict[str, Upload] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def found(cls, area: Area, folder: Path) -> "Uploads":
        """What lies in a folder of an earlier life, in the order it came."""
        found = sorted(_files(folder), key=lambda path: (path.stat().st_mtime_ns, path.name))
        names = [path.relative_to(folder).as_posix() for path in found]
        return cls(area, folder, {name.casefold(): Upload(name, path.stat().st_size) for name, path in zip(names, found, strict=True)})

    def get(self, name: str) -> Upload | None:
        """The file of this name; so that of a name without the folders it lies in, if there is one only. UploadRefused."""
        key = checked(name).casefold()
        if key in self.files or "/" in key:
            return self.files.get(key)
        deeper = [upload for other, upload in self.files.items() if other.rpartition("/")[2] == key]
        return deeper[0] if len(deeper) == 1 else None

    def path(self, upload: Upload) -> Path:
        return self.folder / upload.name

    def waiting(self) -> list[Upload]:
        """Documents and archives nobody has read, in the order they came."""
        read = [upload for upload in self.files.values() if is_document(upload.name) or is_archive(upload.name)]
        return [upload for upload in read if not upload.taken and not upload.failed]

    async def append(self, name: str, body: AsyncIterator[bytes]) -> Upload:
        """Adds a chunk to the end of its file, whole or not at all. UploadRefused."""
        plain = checked(name)
        async with self.lock:
            upload = self.files.get(plain.casefold())
            if upload is None or upload.taken:
                upload = Upload(plain)
            if upload.name.casefold() not in self.files and len(self.files) >= self.area.limits.files:
                await _drained(body, self.area.limits)
                raise UploadRefused(Refusal.TOO_MANY_FILES, str(self.area.limits.files))
            try:
                size = await self._written(upload, body)
            except OSError as error:
                raise UploadRefused(Refusal.NOT_WRITTEN, plain) from error
            if not size and not upload.size:
                raise UploadRefused(Refusal.EMPTY, plain)
            upload.size += size
            upload.failed = False
            self.area.used += size
            self.files.pop(upload.name.casefold(), None)
            self.files[upload.name.casefold()] = upload
            return upload

    async def _written(self, upload: Upload, body: AsyncIterator[bytes]) -> int:
        """The bytes of the chunk; a chunk that breaks off leaves the file as it was."""
        path = self.path(upload)
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        file = await asyncio.to_thread(_opened_at, path, upload.size)
        try:
            size, held = 0, bytearray()
            async for piece in body:
                size += len(piece)
                if size > self.area.limits.largest_body:
                    await _drained(body, self.area.limits)
                    raise UploadRefused(Refusal.CHUNK_TOO_LARGE, str(self.area.limits.chunk))
                if upload.size + size > self.area.limits.file:
                    await _drained(body, self.area.limits)
                    raise UploadRefused(Refusal.FILE_TOO_LARGE, upload.name)
                held += piece
                if len(held) >= BUFFER:
                    self.area.check_room(size, upload.name)
                    await asyncio.to_thread(file.write, bytes(held))
                    held.clear()
            self.area.check_room(size, upload.name)
            await asyncio.to_thread(_finish, file, bytes(held))
        except BaseException:
            _cut(file, upload.size)
            raise
        return size

    def keep_pictures(self) -> None:
        """Pictures go where they stay, over older ones of their name. Blocks; nothing may be appended meanwhile. OSError."""
        for key, upload in list(self.files.items()):
            if is_picture(upload.name):
                place = self.area.pictures / upload.name
                place.parent.mkdir(parents=True, exist_ok=True)
                self.area.used -= place.stat().st_size if place.is_file() else 0
                self.path(upload).replace(place)
                del self.files[key]

    def drop(self, upload: Upload) -> None:
        """Throws the file away; that it was there stays known."""
        upload.taken = True
        path = self.path(upload)
        if path.exists():
            self.area.used -= path.stat().st_size
            path.unlink()

    def remove(self) -> None:
        """Throws away whatever is left. OSError."""
        self.keep_pictures()
        self.area.used -= sum(path.stat().st_size for path in _files(self.folder))
        shutil.rmtree(self.folder)


def uploaded_pictures(root: Path) -> Path:
    """Where pictures stay, under the paths by which the goods name them. root: of the area."""
    return root / "pictures"


def checked(name: str) -> str:
    """The name as it is used in the area. UploadRefused."""
    try:
        return safe_name(name)
    except WrongFileName as error:
        raise UploadRefused(Refusal.NAME, name[:100]) from error


def _lock(descriptor: int) -> None:
    """OSError when another process has it."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


async def _drained(body: AsyncIterator[bytes], limits: AreaLimits) -> None:
    left = limits.largest_body * MOST_DRAINED
    async for piece in body:
        left -= len(piece)
        if left < 0:
            return


def _opened_at(path: Path, size: int) -> BinaryIO:
    """The file open at its end; whatever lies beyond what was taken is cut off."""
    file = path.open("r+b" if size else "wb")
    file.truncate(size)
    file.seek(size)
    return file


def _finish(file: BinaryIO, rest: bytes) -> None:
    with file:
        file.write(rest)


def _cut(file: BinaryIO, size: int) -> None:
    if file.closed:
        return
    with file:
        file.flush()
        file.truncate(size)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
