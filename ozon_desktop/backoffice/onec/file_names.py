"""Names of uploaded files: made harmless, or refused."""

import re
from pathlib import PurePosixPath

MOST_PARTS, LONGEST_PART = 8, 200
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff"})
_PART = re.compile(r"[\w.\-()\[\]{}+,#@!~=& ]+")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{name}{digit}" for name in ("com", "lpt") for digit in "0123456789")})
_DRIVE = re.compile(r"^[A-Za-z]:(?=/)")
_SERVER_FOLDERS = ("tmp/", "upload/1c/webdata/", "upload/1c_catalog/")
"""Beginnings some clients write, as of a folder on the server."""


class WrongFileName(ValueError):
    """The name cannot be a file of the upload area."""


def safe_name(name: str) -> str:
    """A relative path with / for the upload area. WrongFileName."""
    plain = _DRIVE.sub("", name.strip().replace("\\", "/")).lstrip("/")
    for folder in _SERVER_FOLDERS:
        if plain.casefold().startswith(folder):
            plain = plain[len(folder) :]
            break
    parts = [part for part in plain.split("/") if part not in {"", "."}]
    if not parts or len(parts) > MOST_PARTS or not all(_is_harmless(part) for part in parts):
        raise WrongFileName(name)
    return "/".join(parts)


def is_picture(name: str) -> bool:
    return PurePosixPath(name).suffix.casefold() in PICTURES


def is_archive(name: str) -> bool:
    return PurePosixPath(name).suffix.casefold() == ".zip"


def is_document(name: str) -> bool:
    """Whether it is read, rather than kept or thrown away."""
    return PurePosixPath(name).suffix.casefold() == ".xml"


def _is_harmless(part: str) -> bool:
    if part == ".." or len(part.encode()) > LONGEST_PART or not _PART.fullmatch(part):
        return False
    # Windows drops dots and blanks at the end, and takes «con.xml» for the console.
    return part == part.strip() and not part.endswith(".") and part.partition(".")[0].casefold() not in _DEVICES
