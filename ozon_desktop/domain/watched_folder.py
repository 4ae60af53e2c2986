"""What is to be said of the folder that is watched for exports: whether it can be read, and which of its files could not be taken."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class FolderFault(StrEnum):
    """Why the folder cannot be looked into now. MISSING: also a disk or a network that is away."""

    MISSING = "missing"
    NO_RIGHTS = "no_rights"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class FileTrouble:
    """A file that could not be taken. name: relative to the folder, with /; text: why, in words."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class WatchedState:
    """folder None = none is watched; fault None = it can be read. troubles: by name; the other files of the folder were taken."""

    folder: Path | None = None
    fault: FolderFault | None = None
    troubles: tuple[FileTrouble, ...] = ()
