"""What a pull remembers for the next one."""

import base64
import zlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from ozon_desktop.backoffice.moysklad.models import is_uuid

VERSION = 1
Parts = tuple[tuple[str, float], ...]
"""(id, quantity) of the components of a bundle that lie in a store."""


class Cursor(msgspec.Struct, omit_defaults=True):
    """at: the service's time when the pull began. size: how many goods there were at the last full one.

    stores, units, currencies: known ids with names or codes, so that changes need not ask for them; bundles: packed by `pack`, for
    their stock changes with that of their parts. pictures: links to them are to be had.
    """

    at: datetime
    size: int = 0
    stores: list[str] = []
    units: dict[str, str] = {}
    currencies: dict[str, str] = {}
    bundles: str = ""
    pictures: bool = True
    version: int = VERSION


def read_cursor(text: str) -> Cursor | None:
    """None for one that is none of this version."""
    if not text:
        return None
    try:
        cursor = msgspec.json.decode(text, type=Cursor)
        unpack(cursor.bundles)
    except (msgspec.MsgspecError, ValueError, zlib.error):
        return None
    return cursor if cursor.version == VERSION and cursor.at.tzinfo is not None else None


def written(cursor: Cursor) -> str:
    return msgspec.json.encode(cursor).decode()


def pack(bundles: Mapping[str, Parts]) -> str:
    """Compositions by bundle id as text: 20 bytes an id are less than 36."""
    found = {UUID(id_).bytes: [(UUID(part).bytes, quantity) for part, quantity in parts] for id_, parts in bundles.items() if is_uuid(id_)}
    return base64.b85encode(zlib.compress(msgspec.msgpack.encode(found))).decode() if found else ""


def unpack(text: str) -> dict[str, Parts]:
    """ValueError, zlib.error, MsgspecError when it was not packed here."""
    if not text:
        return {}
    found = msgspec.msgpack.decode(zlib.decompress(base64.b85decode(text)), type=dict[bytes, list[tuple[bytes, float]]])
    return {str(UUID(bytes=id_)): tuple((str(UUID(bytes=part)), number) for part, number in parts) for id_, parts in found.items()}
