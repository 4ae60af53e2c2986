"""What a failure of a database means: damage, no room, no rights, busy, not there. By codes; by texts where drivers give none."""

import re

from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from ozon_desktop import errors
from ozon_desktop.errors import StorageError

_SQLITE: tuple[tuple[tuple[str, ...], type[StorageError]], ...] = (
    (("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL"), errors.DatabaseBusy),
    (("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_SHORT_READ", "SQLITE_IOERR_CORRUPTFS"), errors.DatabaseDamaged),
    # A quota or a limit of the file's size is met as a failed write, not as a full disk.
    (("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_TRUNCATE", "SQLITE_IOERR_SHMSIZE"), errors.DatabaseFull),
    (("SQLITE_READONLY",), errors.DatabaseReadOnly),
    (("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH", "SQLITE_IOERR_ACCESS"), errors.DatabaseNotAllowed),
)
_STATES: tuple[tuple[str, type[StorageError]], ...] = (
    ("53100", errors.DatabaseFull),
    ("25006", errors.DatabaseReadOnly),
    ("42501", errors.DatabaseNotAllowed),
    ("28", errors.DatabaseLoginRefused),
    ("3D000", errors.DatabaseNotThere),
    # data_corrupted, index_corrupted.
    ("XX001", errors.DatabaseDamaged),
    ("XX002", errors.DatabaseDamaged),
)
_CONNECTING: tuple[tuple[re.Pattern[str], type[StorageError]], ...] = (
    (
        re.compile(r"(password|peer|ident) authentication failed|no password supplied|no pg_hba\.conf entry|role .* does not exist"),
        errors.DatabaseLoginRefused,
    ),
    (re.compile(r"database .* does not exist"), errors.DatabaseNotThere),
    (re.compile(r"No space left on device"), errors.DatabaseFull),
)
"""libpq gives no code for a connection that was refused, only the server's words."""


def failure(error: DBAPIError, place: str, password: str) -> StorageError | None:
    """The program's error for a failure of the database itself; None for a wrong statement, which is a mistake of the program.

    place: where the database is, for messages; password: what must not be in one, "" = there is none.
    """
    detail = without_password(str(error.orig), password)
    name: str = getattr(error.orig, "sqlite_errorname", "") or ""
    for names, kind in _SQLITE:
        if name.startswith(names):
            return kind(place, detail=detail)
    state: str = getattr(error.orig, "sqlstate", "") or ""
    for beginning, kind in _STATES:
        if state.startswith(beginning):
            return kind(place, detail=detail)
    outage = isinstance(error, OperationalError) or type(error) is DatabaseError or error.connection_invalidated
    if not outage or name == "SQLITE_ERROR":
        return None
    if not state:
        for pattern, kind in _CONNECTING:
            if pattern.search(detail):
                return kind(place, detail=detail)
    return errors.DatabaseUnavailable(place, detail=detail)


def without_password(text: str, password: str) -> str:
    """The text of a driver in one line, the password masked wherever it stands."""
    line = " ".join(text.split())
    return line.replace(password, "***") if password else line
