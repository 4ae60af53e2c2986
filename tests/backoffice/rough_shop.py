"""A web shop on a port of this computer that answers as badly as real ones do: slowly, in pieces, packed in many ways, or only in part."""

import gzip
import random
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep

BEGIN = datetime(2024, 11, 1, 7, tzinfo=UTC)


class Framing(StrEnum):
    """How the end of the body is told. CLOSE: by nothing but the end of the connection, as HTTP/1.0 did."""

    LENGTH = "length"
    CHUNKED = "chunked"
    CLOSE = "close"


class Packing(StrEnum):
    """MEMBERS: gzip in a member for each piece; RAW: deflate without its header."""

    NONE = "none"
    GZIP = "gzip"
    MEMBERS = "members"
    ZLIB = "zlib"
    RAW = "raw"


@dataclass(frozen=True)
class Manner:
    """How one answer is given. cut: after this share of the body the connection ends, 1 = it is whole. pause_s: before each piece."""

    framing: Framing = Framing.LENGTH
    packing: Packing = Packing.NONE
    cut: float = 1.0
    pieces: int = 1
    pause_s: float = 0.0


@dataclass
class RoughShop:
    """files: by path. manner: of the next answer. asked: statuses given, by now; whole: how many bodies left as a whole.

    etags, dates: which of the two the server tells and heeds.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    manner: Callable[[], Manner] = Manner
    etags: bool = True
    dates: bool = False
    status: int = 200
    asked: list[int] = field(default_factory=list)
    whole: int = 0
    on_piece: Callable[[int], None] = lambda _: None
    """Called before each piece with its number, in the thread of the answer."""
    url: str = ""
    versions: int = 0

    def put(self, path: str, content: bytes) -> None:
        """The file anew, a minute younger than the last one."""
        self.versions += 1
        self.files[path] = content

    @property
    def modified(self) -> str:
        """As Last-Modified says it."""
        return format_datetime(BEGIN + timedelta(minutes=self.versions), usegmt=True)


@contextmanager
def served(shop: RoughShop) -> Iterator[RoughShop]:
    """The shop with its server; afterwards nothing of it runs."""

    class Handler(_Handler):
        rough = shop

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    shop.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield shop
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def any_manner(rng: random.Random) -> Manner:
    """Half of the answers are whole."""
    return Manner(
        rng.choice(list(Framing)),
        rng.choice(list(Packing)),
        rng.choice([1.0, 1.0, rng.random(), 0.999]),
        rng.randint(1, 8),
        rng.choice([0.0, 0.0, 0.002]),
    )


class _Handler(BaseHTTPRequestHandler):
    rough: RoughShop
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        shop, content = self.rough, self.rough.files.get(self.path.partition("?")[0])
        status = 404 if content is None else 304 if self._is_known(content) else shop.status
        shop.asked.append(status)
        self.close_connection = True
        if content is None or status == 304:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        try:
            self._answer(status, content, shop.manner())
        except ConnectionError:
            # Whoever asked is gone.
            return

    def _is_known(self, content: bytes) -> bool:
        shop, tag = self.rough, self.headers.get("If-None-Match") if self.rough.etags else None
        if tag is not None:
            # Then the date does not count.
            return tag == _etag(content)
        return shop.dates and self.headers.get("If-Modified-Since") == shop.modified

    def _answer(self, status: int, content: bytes, manner: Manner) -> None:
        pieces = _packed(content, manner)
        length = sum(map(len, pieces))
        self.send_response(status)
        self.send_header("Connection", "close")
        if manner.packing is not Packing.NONE:
            self.send_header("Content-Encoding", "gzip" if manner.packing in {Packing.GZIP, Packing.MEMBERS} else "deflate")
        if self.rough.etags:
            self.send_header("ETag", _etag(content))
        if self.rough.dates:
            self.send_header("Last-Modified", self.rough.modified)
        if manner.framing is Framing.LENGTH:
            self.send_header("Content-Length", str(length))
        elif manner.framing is Framing.CHUNKED:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        left = length if manner.cut >= 1 else int(length * manner.cut)
        for number, piece in enumerate(pieces):
            self.rough.on_piece(number)
            sleep(manner.pause_s)
            self._send(piece[:left], chunked=manner.framing is Framing.CHUNKED)
            left -= len(piece)
            if left < 0:
                return
        if manner.framing is Framing.CHUNKED and manner.cut >= 1:
            self.wfile.write(b"0\r\n\r\n")
        self.rough.whole += manner.cut >= 1

    def _send(self, piece: bytes, *, chunked: bool) -> None:
        if piece:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def _etag(content: bytes) -> str:
    return f'"{sha256(content).hexdigest()[:16]}"'


def _packed(content: bytes, manner: Manner) -> list[bytes]:
    if manner.packing is Packing.MEMBERS:
        return [gzip.compress(part) for part in _pieces(content, manner.pieces)]
    return _pieces(_PACK[manner.packing](content), manner.pieces)


def _pieces(body: bytes, number: int) -> list[bytes]:
    size = -(-len(body) // number) or 1
    return [body[start : start + size] for start in range(0, len(body), size)]


def _raw(content: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(content) + packing.flush()


_PACK: dict[Packing, Callable[[bytes], bytes]] = {
    Packing.NONE: bytes,
    Packing.GZIP: gzip.compress,
    Packing.ZLIB: zlib.compress,
    Packing.RAW: _raw,
}
