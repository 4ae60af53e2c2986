"""Unpacks bodies of answers a little at a time, so that one that grows without end is noticed before it fills the memory."""

import zlib
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from typing import Protocol

ACCEPTED_ENCODINGS = "gzip, deflate"
"""What can be unpacked a little at a time."""

_PIECE = 256 * 1024
_ZLIB_OR_GZIP = zlib.MAX_WBITS | 32


class _Unpacking(Protocol):
    def unpack(self, part: bytes) -> Iterator[bytes]:
        """What the part holds, in pieces that are not large."""


class _Plain:
    def unpack(self, part: bytes) -> Iterator[bytes]:
        yield part


class _Inflating:
    """gzip, zlib, and deflate without a header, as some servers send it."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_ZLIB_OR_GZIP)
        self._first = True

    def unpack(self, part: bytes) -> Iterator[bytes]:
        """ValueError when it is not packed at all."""
        while part:
            try:
                done = self._inflate.decompress(part, _PIECE)
            except zlib.error as error:
                if not self._first:
                    raise ValueError(str(error)) from error
                self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
                self._first = False
                continue
            self._first = False
            part = self._inflate.unconsumed_tail
            yield done


async def unpacked(parts: AsyncIterable[bytes], encoding: str) -> AsyncIterator[bytes]:
    """The body in pieces of at most some 256 KB. encoding: as in Content-Encoding. ValueError for a packing that is unknown or broken."""
    unpacking = _unpacking(encoding)
    async for part in parts:
        for piece in unpacking.unpack(part):
            yield piece


def _unpacking(encoding: str) -> _Unpacking:
    name = encoding.strip().casefold()
    if name in {"", "identity"}:
        return _Plain()
    if name in {"gzip", "x-gzip", "deflate"}:
        return _Inflating()
    raise ValueError(f"packed as {name[:50]}")
