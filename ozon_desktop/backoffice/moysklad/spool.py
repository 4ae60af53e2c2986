"""Rows laid into a file one after the other and read back in the same order, so that no pull has to hold them all."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

Row = TypeVar("Row")
_LENGTH = 4


class Spool(Generic[Row]):
    """Of rows of one type. Written whole before it is read."""

    def __init__(self, path: Path, shape: type[Row]) -> None:
        self._path = path
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(shape)
        self.count = 0

    def add(self, rows: Iterable[Row]) -> None:
        """OSError."""
        with self._path.open("ab") as file:
            for row in rows:
                packed = self._encoder.encode(row)
                file.write(len(packed).to_bytes(_LENGTH, "big"))
                file.write(packed)
                self.count += 1

    def read(self) -> Iterator[Row]:
        """OSError."""
        if not self.count:
            return
        with self._path.open("rb") as file:
            while head := file.read(_LENGTH):
                yield self._decoder.decode(file.read(int.from_bytes(head, "big")))
