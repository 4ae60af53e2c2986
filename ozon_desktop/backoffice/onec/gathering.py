"""The portions of one full export, kept until it is over: nothing in the protocol marks the last one.

Portion 1 says that it is the whole («СодержитТолькоИзменения» false), the others that they are changes, and each comes in a session of
its own. Read alone, portion 1 would delete the rest of the shop. So each is taken as changes at once, and kept here; when the export is
over, all are taken again together, and only then what none of them mentions is gone.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

MANIFEST = "export.json"
_GUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
_NUMBERED = re.compile(r"^(?P<series>.*?\d*)_(?P<number>\d{1,4})$")
_COUNTED = re.compile(r"^(?P<series>.*?)(?P<number>\d{0,4})$")
CHUNK = 1024 * 1024


class Place(StrEnum):
    """What a file is to the export that is gathered. JOINS: it belongs to it; ALONE: it does not; AFTER: the export was over before it."""

    JOINS = "joins"
    ALONE = "alone"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Portion:
    """A file of the export. generation: names the session it came in; folder: where it lies, below the folder of the gathering."""

    name: str
    series: str
    number: int
    full: bool
    generation: str
    digest: str
    folder: str


@dataclass(slots=True)
class _Kept:
    portions: list[Portion] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    next: int = 1


class Gathering:
    """The portions in a folder, remembered over a kill. All methods block; OSError."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept = _read(folder / MANIFEST)
        # Noted, but killed before it was moved here: it is still among the uploads and comes again.
        missing = [portion for portion in self._kept.portions if not self._path(portion).is_file()]
        self._kept.portions = [portion for portion in self._kept.portions if portion not in missing]
        self._kept.lost += [portion.name for portion in missing if portion.name not in self._kept.lost]
        known = {portion.folder for portion in self._kept.portions}
        if folder.is_dir():
            for stray in folder.iterdir():
                if stray.is_dir() and stray.name not in known:
                    shutil.rmtree(stray)

    def __bool__(self) -> bool:
        return bool(self._kept.portions)

    @property
    def paths(self) -> list[Path]:
        """In the order they came."""
        return [self._path(portion) for portion in self._kept.portions]

    @property
    def lacks(self) -> str:
        """Why this is not the whole export: the file that is missing or was not taken; "" when nothing is known to lack."""
        if self._kept.lost:
            return self._kept.lost[0]
        for series in {portion.series for portion in self._kept.portions}:
            numbers = sorted({portion.number for portion in self._kept.portions if portion.series == series})
            gap = next((number for number in range(numbers[0], numbers[-1]) if number not in numbers), None)
            if numbers[0] > 1 or gap is not None:
                return next(portion.name for portion in self._kept.portions if portion.series == series and portion.number > (gap or 0))
        return ""

    def place(self, name: str, digest: str, generation: str, *, full: bool) -> Place:
        """What a file is to this export, before it is taken."""
        if full:
            return Place.JOINS
        series, number = series_of(name)
        mates = [portion for portion in self._kept.portions if portion.series == series]
        same = next((portion for portion in self._kept.portions if portion.name.casefold() == name.casefold()), None)
        if same is not None:
            return Place.JOINS if same.digest == digest or same.generation == generation else Place.AFTER
        if any(portion.generation == generation for portion in self._kept.portions):
            return Place.JOINS
        if mates and number > max(portion.number for portion in mates):
            # One that is left out between them shows as a gap when the export ends.
            return Place.JOINS
        return Place.AFTER if self._kept.portions else Place.ALONE

    def lose(self, name: str) -> None:
        """A file of the export could not be taken: unless it comes again, the export is not whole."""
        if self._kept.portions and name not in self._kept.lost:
            self._kept.lost.append(name)
            self._write()

    def add(self, path: Path, name: str, digest: str, generation: str, *, full: bool) -> int:
        """Moves a file that was taken here; gives the bytes of those whose place it took.

        One that says to be the whole begins its series anew: what earlier sessions brought of it is of an earlier export.
        """
        series, number = series_of(name)
        gone = [
            portion
            for portion in self._kept.portions
            if portion.name.casefold() == name.casefold() or (full and portion.series == series and portion.generation != generation)
        ]
        freed = sum(self._path(portion).stat().st_size for portion in gone)
        portion = Portion(name, series, number, full, generation, digest, f"{self._kept.next:06d}")
        self._kept.next += 1
        self._kept.portions = [*(each for each in self._kept.portions if each not in gone), portion]
        self._kept.lost = [each for each in self._kept.lost if each != name and not (full and series_of(each)[0] == series)]
        # Noted before it is moved: a portion that was taken and forgotten would be gone from the store.
        self._write()
        place = self._path(portion)
        place.parent.mkdir(parents=True)
        path.replace(place)
        for each in gone:
            shutil.rmtree(self._folder / each.folder)
        return freed

    def clear(self) -> int:
        """Forgets the export; gives its bytes."""
        freed = sum(path.stat().st_size for path in self.paths)
        folders = [portion.folder for portion in self._kept.portions]
        self._kept = _Kept(next=self._kept.next)
        self._write()
        for folder in folders:
            shutil.rmtree(self._folder / folder)
        return freed

    def _path(self, portion: Portion) -> Path:
        return self._folder / portion.folder / portion.name.rpartition("/")[2]

    def _write(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        partial = self._folder / f".{MANIFEST}.part"
        partial.write_text(json.dumps(asdict(self._kept), ensure_ascii=False), encoding="utf-8")
        os.replace(partial, self._folder / MANIFEST)


def series_of(name: str) -> tuple[str, int]:
    """Which files are portions of one another, and the number of this one: («import0», 2) of import0_2.xml, («import», 0) of import.xml.

    Names by Bitrix' module differ by a GUID: they are of one series, without numbers.
    """
    stem = _GUID.sub("", name.casefold().rpartition("/")[2].removesuffix(".xml")).strip("_- ")
    found = _NUMBERED.match(stem)
    if found is None:
        found = _COUNTED.match(stem)
        assert found is not None, "anything has a number of no digits"
        # The file without a number is the first: portions counted so begin with 1 behind it.
        return found["series"], int(found["number"] or 0) + 1
    return found["series"], int(found["number"])


def digest_of(path: Path) -> str:
    """Of the file's bytes. Blocks; OSError."""
    found = hashlib.blake2b(digest_size=20)
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _read(path: Path) -> _Kept:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return _Kept([Portion(**portion) for portion in kept["portions"]], list(kept["lost"]), int(kept["next"]))
    except FileNotFoundError:
        return _Kept()
    except (ValueError, KeyError, TypeError):
        # Written by another release, or damaged: the goods were taken, only that some are gone is heard with the next full export.
        return _Kept(next=_next_free(path.parent))


def _next_free(folder: Path) -> int:
    return max((int(path.name) for path in _numbered(folder)), default=0) + 1


def _numbered(folder: Path) -> Iterable[Path]:
    return (path for path in folder.iterdir() if path.is_dir() and path.name.isdecimal())
