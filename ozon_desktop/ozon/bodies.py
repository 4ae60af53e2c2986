"""What an answer may hold: reads its body piece by piece, within limits on size, on values and on nesting."""

import re
from collections.abc import AsyncIterable
from dataclasses import dataclass

from ozon_desktop.errors import AnswerTooLarge
from ozon_desktop.network.unpacking import unpacked

_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")
_ZERO = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
_TEXT = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """The most an answer may be. size: bytes when unpacked; refusal: of a refusal, what is beyond is not read.

    objects, values: the memory a body of small values takes is many times its size. A thousand cards are 10 MB and
    100,000 objects; some such answers may be under way at once.
    """

    size: int = 64 * 1024 * 1024
    refusal: int = 1024 * 1024
    objects: int = 300_000
    values: int = 3_000_000
    depth: int = 64


async def read_body(path: str, parts: AsyncIterable[bytes], encoding: str, most: int, *, whole: bool = True) -> bytes:
    """The body, unpacked. Beyond `most` bytes AnswerTooLarge or, with whole=False, what came until then.

    ValueError for a packing that is unknown or broken, and with whole=True for one that is cut.
    """
    pieces: list[bytes] = []
    size = 0
    async for piece in unpacked(parts, encoding, whole=whole):
        pieces.append(piece)
        size += len(piece)
        if size <= most:
            continue
        if not whole:
            return b"".join(pieces)[:most]
        # The error may be kept for long; what was read is not kept with it.
        pieces.clear()
        raise AnswerTooLarge(path, detail=f"more than {most} bytes", status=200)
    return b"".join(pieces)


def without_zeros(body: bytes) -> bytes:
    """JSON without the sign U+0000 in its texts: no file, table or label can hold it, and PostgreSQL refuses a text with it."""
    while b"\\u0000" in body:
        body, found = _ZERO.subn(rb"\1", body)
        if not found:
            # What is left is a backslash that is text itself, followed by the letters.
            break
    return body


def check_amount(path: str, body: bytes, limits: BodyLimits) -> None:
    """AnswerTooLarge for JSON of more values than any answer needs. It need not be JSON."""
    for sign, most in ((b"{", limits.objects), (b"[", limits.objects), (b",", limits.values)):
        if body.count(sign) > most:
            raise AnswerTooLarge(path, detail=f"more than {most} of {sign.decode()}", status=200)


def check_depth(path: str, body: bytes, limits: BodyLimits) -> None:
    """AnswerTooLarge for JSON nested deeper than any answer needs; a few passes that build nothing."""
    # Brackets may stand in texts: only when these do not fit together the texts are taken out.
    if _deeper(body, limits.depth) and _deeper(_TEXT.sub(b"", body), limits.depth):
        raise AnswerTooLarge(path, detail=f"nested deeper than {limits.depth}", status=200)


def _deeper(body: bytes, depth: int) -> bool:
    """Whether its brackets nest deeper: each round takes the innermost away. Those that do not fit together count as deeper."""
    brackets = body.translate(None, _NOT_BRACKETS)
    for _ in range(depth):
        if not brackets:
            return False
        inner = len(brackets)
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if len(brackets) == inner:
            break
    return bool(brackets)
