"""An export that was the last one taken holds nothing new: it is known again by its bytes, and its import by its number."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import msgspec

import ozon_desktop
from ozon_desktop.domain.store_catalog import ImportCounts
from ozon_desktop.errors import FileNotReadable
from ozon_desktop.storage.unit_of_work import UnitOfWork

KEY = "store/last_import"
CHUNK = 256 * 1024


class Taken(msgspec.Struct):
    """The last import: its number, the digest of its files, what it came to."""

    number: int
    digest: str
    counts: ImportCounts


def digest_of(paths: Sequence[Path], choices: str = "") -> str:
    """Of names and contents, of the program that reads them, and of choices that change how. FileNotReadable."""
    found = blake2b(f"{ozon_desktop.__version__}\0{choices}".encode())
    for path in paths:
        found.update(f"\0{path.name}\0".encode())
        try:
            with path.open("rb") as stream:
                while chunk := stream.read(CHUNK):
                    found.update(chunk)
        except OSError as error:
            raise FileNotReadable(path.name, detail=error.strerror or str(error)) from error
    return found.hexdigest()


def taken_before(unit: UnitOfWork, digest: str) -> ImportCounts | None:
    """What the same files came to when they were imported last, if nothing was imported since; nothing vanishes a second time."""
    text = unit.preferences.get(KEY)
    taken = msgspec.json.decode(text, type=Taken) if text else None
    if taken is None or taken.digest != digest or taken.number != unit.store.import_number():
        return None
    return replace(taken.counts, deleted=0, vanished=0, before=0)


def remember(unit: UnitOfWork, digest: str, counts: ImportCounts) -> None:
    """Keeps what this import came to."""
    unit.preferences.set(KEY, msgspec.json.encode(Taken(unit.store.import_number(), digest, counts)).decode())
