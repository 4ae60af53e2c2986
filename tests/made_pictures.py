"""Beginnings of pictures of any size: enough to say what they are, and harmless, for there is nothing behind them."""

import struct


def png_head(width: int = 10, height: int = 10) -> bytes:
    """The first bytes of a PNG that says it is this large."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\x08\x02\x00\x00\x00"


def jpeg_head(width: int = 10, height: int = 10) -> bytes:
    """The first bytes of a JPEG with a comment before its frame."""
    comment = b"\xff\xfe\x00\x06hey\x00"
    return b"\xff\xd8" + b"\xff\xff" + comment[1:] + b"\xff\xc2" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00\xff\xd9"


def webp_heads(width: int = 10, height: int = 10) -> tuple[bytes, bytes, bytes]:
    """The three ways a WebP begins: extended, lossless, lossy."""
    extended = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    bits = (width - 1) | (height - 1) << 14
    lossless = b"VP8L" + struct.pack("<IBI", 10, 0x2F, bits) + b"\0" * 5
    lossy = b"VP8 " + struct.pack("<I", 10) + b"\x10\x02\x00\x9d\x01\x2a" + struct.pack("<HH", width, height)
    return tuple(b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body for body in (extended, lossless, lossy))  # type: ignore[return-value]
