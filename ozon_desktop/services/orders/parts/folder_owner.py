"""A marker in the store's folder says which database writes the orders of a cabinet there: two would write each order twice."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ozon_desktop.errors import OrdersFolderTaken
from ozon_desktop.storage.here import host, user_name
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.store.new_file import put_again, put_new

GONE_AFTER = timedelta(days=7)
"""Whoever has written nothing for so long does not come back."""
RENEWED_AFTER = timedelta(hours=1)
_KEY = "database/name"


@dataclass(frozen=True, slots=True)
class _Owner:
    database: str
    computer: str
    user: str
    at: datetime


def database_name(unit: UnitOfWork) -> str:
    """The name of this database, made up once; programs that share it write together."""
    known = unit.preferences.get(_KEY)
    if known is None:
        known = secrets.token_hex(8)
        unit.preferences.set(_KEY, known)
    return known


def must_be_ours(folder: Path, client_id: int, database: str, now: datetime) -> None:
    """OrdersFolderTaken while another database writes this cabinet's orders there. OSError."""
    marker = _marker(folder, client_id)
    found = _read(marker)
    if found is not None and found.database != database and abs(now - found.at) < GONE_AFTER:
        by = ", ".join(part for part in (found.computer, found.user) if part)
        raise OrdersFolderTaken(str(folder), detail=f"{by}; {marker.name}")


def claim(folder: Path, client_id: int, database: str, now: datetime) -> None:
    """Makes the folder this database's for the orders of a cabinet, or finds that it is. OrdersFolderTaken, OSError."""
    must_be_ours(folder, client_id, database, now)
    marker = _marker(folder, client_id)
    found = _read(marker)
    if found is not None and found.database == database and timedelta() <= now - found.at < RENEWED_AFTER:
        return
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps({"database": database, "computer": host(), "user": user_name(), "at": now.isoformat()}, ensure_ascii=False)
    if found is None and not marker.exists() and not put_new(content.encode(), marker):
        # Another one was quicker: it has it.
        claim(folder, client_id, database, now)
        return
    put_again(content.encode(), marker)


def _marker(folder: Path, client_id: int) -> Path:
    return folder / f".ozon-desktop-{client_id}.owner"


def _read(marker: Path) -> _Owner | None:
    """None = nobody's, or what is there is no marker."""
    try:
        kept = json.loads(marker.read_bytes()[:4_096])
        at = datetime.fromisoformat(kept["at"])
        return _Owner(str(kept["database"]), str(kept["computer"])[:80], str(kept["user"])[:80], at) if at.tzinfo is not None else None
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
