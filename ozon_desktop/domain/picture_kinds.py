"""What a file of a picture is and how large it is, read from its first bytes: before anything of it is unpacked."""

import struct
from dataclasses import dataclass
from enum import StrEnum

MOST_PIXELS = 50_000_000
"""Ozon takes at most 7680 × 4320; unpacked this is 200 MB."""
MOST_SIDE = 20_000
_MARKERS_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


class PictureKind(StrEnum):
    """The formats that are shown; each name is Qt's."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"


@dataclass(frozen=True, slots=True)
class PictureHead:
    """width and height in pixels."""

    kind: PictureKind
    width: int
    height: int

    @property
    def too_large(self) -> bool:
        return max(self.width, self.height) > MOST_SIDE or self.width * self.height > MOST_PIXELS


def picture_head(content: bytes) -> PictureHead | None:
    """The picture's kind and size; None when it is no JPEG, PNG or WebP, or says no size."""
    found: tuple[PictureKind, tuple[int, int] | None] | None = None
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        found = PictureKind.PNG, _png(content)
    elif content.startswith(b"\xff\xd8\xff"):
        found = PictureKind.JPEG, _jpeg(content)
    elif content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        found = PictureKind.WEBP, _webp(content)
    if found is None or found[1] is None or min(found[1]) < 1:
        return None
    return PictureHead(found[0], *found[1])


def _png(content: bytes) -> tuple[int, int] | None:
    return struct.unpack(">II", content[16:24]) if content[12:16] == b"IHDR" and len(content) >= 24 else None


def _jpeg(content: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 4 <= len(content):
        if content[place] != 0xFF:
            return None
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker in _MARKERS_WITHOUT_LENGTH:
            place += 2
            continue
        length = int.from_bytes(content[place + 2 : place + 4])
        if marker in _FRAMES:
            frame = content[place + 5 : place + 9]
            return (int.from_bytes(frame[2:]), int.from_bytes(frame[:2])) if len(frame) == 4 else None
        if length < 2:
            return None
        place += 2 + length
    return None


def _webp(content: bytes) -> tuple[int, int] | None:
    kind, body = content[12:16], content[20:30]
    if len(body) < 10:
        return None
    if kind == b"VP8X":
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return None
