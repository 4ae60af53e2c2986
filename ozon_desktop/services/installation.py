"""The name of this installation of the program: several may share a database and a folder of orders, and must not mix up their files."""

import contextlib
import re
import secrets
from pathlib import Path

from ozon_desktop.errors import FileNotReadable
from ozon_desktop.store.new_file import put_again, put_new

_NAME = re.compile(r"[0-9a-f]{8}")


def installation_name(file: Path) -> str:
    """Eight signs of 0-9 and a-f, kept in the file; made up once. A file that holds anything else is written anew. FileNotReadable."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        known = _read(file)
        if known:
            return known
        name = secrets.token_hex(4)
        if not put_new(name.encode("ascii"), file):
            # Another process was quicker, or what is there is no name.
            known = _read(file)
            if known:
                return known
            put_again(name.encode("ascii"), file)
    except OSError as error:
        raise FileNotReadable(str(file), detail=error.strerror or "") from error
    return name


def _read(file: Path) -> str:
    with contextlib.suppress(FileNotFoundError):
        text = file.read_bytes()[:64].decode("ascii", "replace").strip()
        return text if _NAME.fullmatch(text) else ""
    return ""
