"""Looks into the watched folder: which exports lie there, which belong together, and whether one has come to its end."""

import os
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ozon_desktop.domain.watched_folder import FolderFault
from ozon_desktop.store.source import READING_STAGES

SUFFIXES = frozenset({".xml", ".yml", ".zip"})
DEPTH = 5
TAIL = 4096

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
        base = name.rpartition("/")[2].lower().removesuffix(".xml")
        stage = next((start for stage in READING_STAGES for start in stage if base.startswith(start)), None)
        series = None if stage is None or not name.lower().endswith(".xml") else _NUMBERS.sub("", _GUID.sub("", base.removeprefix(stage)))
        groups.setdefault(f"file {name}" if series is None else f"export {series}", []).append(name)
    return [tuple(group) for group in groups.values()]


def reading_order(name: str) -> tuple[int, str]:
    """What others refer to first."""
    base = name.rpartition("/")[2].lower()
    return next((rank for rank, starts in enumerate(READING_STAGES) if base.startswith(starts)), len(READING_STAGES)), name


def is_whole(path: Path) -> bool:
    """Whether the file has its end: an archive its table of contents, XML a last closing tag and nothing after it. OSError."""
    with path.open("rb") as stream:
        if stream.read(4) == b"PK\x03\x04":
            return zipfile.is_zipfile(path)
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
