"""Looks into the watched folder: which exports lie there, which belong together, and whether one has come to its end."""

import gzip
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ozon_desktop.domain.watched_folder import FolderFault
from ozon_desktop.store.source import READING_STAGES

SUFFIXES = frozenset({".xml", ".yml", ".zip", ".gz", ".csv", ".xlsx", ".xls", ".ods"})
ENDLESS = frozenset({".csv", ".xls"})
DEPTH = 5
TAIL = 4096

LARGEST_CHECKED = 256 * 1024 * 1024
"""Unpacked bytes up to which a gzip is read to its end before it is taken."""
PORTION = re.compile(r"(?P<part>(?:import|goods|offers|prices|rests)\d*)_(?P<number>[1-9]\d{0,2})\.(?:xml|zip|xml\.gz)$", re.IGNORECASE)
"""Names that 1C gives to the portions of one export."""
PORTION_GAP_NS = 600 * 10**9
"""Portions of one export are written one after another: a longer pause parts two exports."""

Signature = tuple[int, int]
"""Size in bytes, time of the last change in nanoseconds."""

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBERS = re.compile(r"[\d_\-. ]+")


@dataclass(frozen=True, slots=True)
class Scan:
    """Exports by path relative to the folder. hidden: folders below it that could not be looked into now, by their relative path."""

    files: Mapping[str, Signature] = field(default_factory=dict)
    hidden: Mapping[str, OSError] = field(default_factory=dict)
    fault: FolderFault | None = None

    def may_hold(self, name: str) -> bool:
        """Whether a file not found may well be there: in a folder that could not be looked into."""
        return any(name.startswith(f"{place}/") for place in self.hidden)


def scan_folder(folder: Path) -> Scan:
    """Everything that could be an export, or why nothing can be seen."""
    fault = folder_fault(folder)
    if fault is not None:
        return Scan(fault=fault)
    found: dict[str, Signature] = {}
    hidden: dict[str, OSError] = {}

    def not_read(error: OSError) -> None:
        hidden[Path(error.filename).relative_to(folder).as_posix()] = error

    for place, folders, names in os.walk(folder, onerror=not_read):
        deep = len(Path(place).relative_to(folder).parts)
        folders[:] = [name for name in folders if not name.startswith(".")] if deep < DEPTH else []
        for name in names:
            path = Path(place) / name
            if path.suffix.lower() not in SUFFIXES or name.startswith((".", "~")):
                continue
            try:
                state = path.stat()
            except OSError:
                # Gone between the listing and this look.
                continue
            found[path.relative_to(folder).as_posix()] = (state.st_size, state.st_mtime_ns)
    if "." in hidden:
        # It went away while it was looked into: what was listed may be half of it.
        return Scan(fault=fault_of(hidden["."]))
    return Scan(found, hidden)


def folder_fault(folder: Path) -> FolderFault | None:
    """Why the folder cannot be listed; None when it can."""
    try:
        with os.scandir(folder):
            return None
    except OSError as error:
        return fault_of(error)


def fault_of(error: OSError) -> FolderFault:
    """What an error of the system means for a folder."""
    if isinstance(error, PermissionError):
        return FolderFault.NO_RIGHTS
    return FolderFault.MISSING if isinstance(error, (FileNotFoundError, NotADirectoryError)) else FolderFault.UNREADABLE


def grouped(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Files that are one export together, in reading order. Parts as 1C names them (import0_1, offers0_1) are one, wherever they lie.

    Any other file stands for itself, and so does a part that is called otherwise (import_old).
    """
    groups: dict[str, list[str]] = {}
    for name in sorted(names, key=reading_order):
        file_name = name.rpartition("/")[2].lower()
        base = next((file_name.removesuffix(ending) for ending in (".xml", ".xml.gz") if file_name.endswith(ending)), "")
        if PORTION.search(file_name):
            base = file_name.partition(".")[0]
        stage = next((start for stage in READING_STAGES for start in stage if base.startswith(start)), None)
        series = None if stage is None else _NUMBERS.sub("", _GUID.sub("", base.removeprefix(stage)))
        groups.setdefault(f"file {name}" if series is None else f"export {series}", []).append(name)
    return [tuple(group) for group in groups.values()]


def with_portions(changed: Mapping[str, Signature], files: Mapping[str, Signature]) -> dict[str, Signature]:
    """What changed, with the other portions of the exports it is a portion of: only all of them say what is gone.

    Portions were written one after another; one from long before belongs to an earlier export and is not called back.
    """
    found = dict(changed)
    series: dict[str, list[tuple[int, str]]] = {}
    for name, (_, written) in files.items():
        portion = PORTION.search(name)
        if portion is not None:
            series.setdefault(name[: portion.end("part")].casefold(), []).append((written, name))
    for portions in series.values():
        portions.sort()
        run: list[str] = []
        for number, (written, name) in enumerate(portions):
            if run and written - portions[number - 1][0] > PORTION_GAP_NS:
                _call_back(run, changed, files, found)
                run = []
            run.append(name)
        _call_back(run, changed, files, found)
    return found


def _call_back(run: Sequence[str], changed: Mapping[str, Signature], files: Mapping[str, Signature], found: dict[str, Signature]) -> None:
    if not changed.keys().isdisjoint(run):
        found.update((name, files[name]) for name in run)


def reading_order(name: str) -> tuple[int, str]:
    """What others refer to first."""
    base = name.rpartition("/")[2].lower()
    return next((rank for rank, starts in enumerate(READING_STAGES) if base.startswith(starts)), len(READING_STAGES)), name


def is_whole(path: Path) -> bool:
    """Whether the file has its end: an archive its table of contents, gzip its sum, XML a last closing tag and nothing after it. OSError.

    Of a table without such an end (CSV, XLS) only the quiet shows it.
    """
    with path.open("rb") as stream:
        begins = stream.read(4)
        if begins == b"PK\x03\x04":
            return zipfile.is_zipfile(path)
        if begins.startswith(b"\x1f\x8b"):
            return _unpacks(path)
        if path.suffix.lower() in ENDLESS:
            return True
        stream.seek(max(path.stat().st_size - TAIL, 0))
        tail = stream.read().rstrip(b"\x00 \t\r\n")
        stream.seek(0)
        head = stream.read(TAIL)
    closing = tail[tail.rfind(b"<") :]
    name = closing[2:-1].split()[0:1]
    # UTF-16 has other bytes: there only the quiet shows it.
    if b"\x00" in head:
        return True
    return closing.startswith(b"</") and closing.endswith(b">") and bool(name) and _opens_first(head, name[0])


def _unpacks(path: Path) -> bool:
    """Whether the gzip can be read to its end; of a very large one its beginning tells enough."""
    taken = 0
    with gzip.open(path) as stream:
        try:
            while taken < LARGEST_CHECKED and (part := stream.read(TAIL * 64)):
                taken += len(part)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            return False
    return True


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
