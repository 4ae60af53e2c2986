"""Unpacks bodies of answers a little at a time, so that one that grows without end is noticed before it fills the memory.

What ends before its packing does was cut on the way: nobody may take it for the whole.
"""

import zlib
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from typing import Protocol

ACCEPTED_ENCODINGS = "gzip, deflate"
"""What can be unpacked a little at a time."""

_PIECE = 256 * 1024
_ZLIB_OR_GZIP = zlib.MAX_WBITS | 32


class CutShort(ValueError):
    """The body ends before what is packed in it does."""


class _Unpacking(Protocol):
    def unpack(self, part: bytes) -> Iterator[bytes]:
        """What the part holds, in pieces that are not large."""

    def finish(self) -> Iterator[bytes]:
        """What was still to come when there are no more parts. CutShort when the body is not whole."""


class _Plain:
    def unpack(self, part: bytes) -> Iterator[bytes]:
        yield part

    def finish(self) -> Iterator[bytes]:
        return iter(())


class _Inflating:
    """gzip in one member or many, zlib, and deflate without a header, as some servers send it."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_ZLIB_OR_GZIP)
        self._first = True
        self._begun = False

    def unpack(self, part: bytes) -> Iterator[bytes]:
        """ValueError when it is not packed at all."""
        while part:
            if self._inflate.eof:
                # Servers that pack piece by piece write a member for each; zeros may fill up the end.
                part = part.lstrip(b"\0")
                if not part:
                    return
                self._inflate = zlib.decompressobj(_ZLIB_OR_GZIP)
            try:
                done = self._inflate.decompress(part, _PIECE)
            except zlib.error as error:
                if not self._first:
                    raise ValueError(str(error)) from error
                self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
                self._first = False
                continue
            self._first, self._begun = False, True
            part = self._inflate.unused_data or self._inflate.unconsumed_tail
            if done:
                yield done

    def finish(self) -> Iterator[bytes]:
        """Nothing at all is an empty body: answers without one name a packing all the same."""
        while not self._inflate.eof:
            done = self._inflate.decompress(b"", _PIECE)
            if done:
                yield done
            elif not self._inflate.eof:
                if self._begun:
                    raise CutShort("ends before what is packed in it")
                return


async def unpacked(parts: AsyncIterable[bytes], encoding: str, *, whole: bool = True) -> AsyncIterator[bytes]:
    """The body in pieces of at most some 256 KB. encoding: as in Content-Encoding. whole False: a part of a body is good enough.

    ValueError for a packing that is unknown or broken, CutShort for one that is cut.
    """
    unpacking = _unpacking(encoding)
    async for part in parts:
        for piece in unpacking.unpack(part):
            yield piece
    if whole:
        for piece in unpacking.finish():
            yield piece


def _unpacking(encoding: str) -> _Unpacking:
    name = encoding.strip().casefold()
    if name in {"", "identity"}:
        return _Plain()
    if name in {"gzip", "x-gzip", "deflate"}:
        return _Inflating()
    raise ValueError(f"packed as {name[:50]}")
