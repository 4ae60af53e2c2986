"""A file that is written whole or not at all, never over another one, and that only its owner may read."""

import contextlib
import os
import sys
from pathlib import Path
from uuid import uuid4

OWNER_ONLY = 0o600
"""On Windows the rights are those of the folder."""


def put_new(content: bytes, path: Path) -> bool:
    """Writes the file; False = one of this name is there already and stays as it is. OSError."""
    partial = _written(content, path)
    try:
        return _named(partial, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            partial.unlink()


def put_again(content: bytes, path: Path) -> None:
    """Writes the file in place of an earlier version of the same. OSError."""
    partial = _written(content, path)
    try:
        partial.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def _written(content: bytes, path: Path) -> Path:
    partial = path.with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), OWNER_ONLY)
        with open(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
    return partial


def _named(partial: Path, path: Path) -> bool:
    """Gives a written file its name unless that is taken."""
    try:
        if sys.platform == "win32":
            # Refuses a name that is taken.
            partial.rename(path)
        else:
            os.link(partial, path)
    except FileExistsError:
        return False
    except OSError:
        # A file system without links: the name is taken first, so that nobody else takes it, and gets its content at once.
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
        except FileExistsError:
            return False
        partial.replace(path)
    return True
