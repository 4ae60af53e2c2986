"""What a parser needs of a file, be it on disk or inside an archive."""

from typing import Protocol


class Readable(Protocol):
    """The part of a binary file the parsers need."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes; empty at the end."""
        ...
