"""Pictures from a web server on this computer: what is taken, and why others are not."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ozon_desktop.domain.pictures import LoadedPicture, LoadFault
from ozon_desktop.ozon.web_pictures import WebPictures, is_public

PICTURE = b"\x89PNG not really"


SEEN_ENOUGH = threading.Event()
"""Lets the slow address go on once nobody listens any more."""


class Shop(BaseHTTPRequestHandler):
    """A few addresses of a shop."""

    def do_GET(self) -> None:
        """One of the addresses."""
        if self.path == "/slow":
            SEEN_ENOUGH.wait(60)
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", {"/away": "/1.png", "/away-round": "/away-round", "/away-in": "http://10.0.0.1/1.png"}[self.path])
            self.end_headers()
            return
        self.send_response(404 if self.path == "/gone" else 200)
        self.send_header("Content-Type", "text/html" if self.path == "/page" else "image/png")
        self.end_headers()
        content = b"x" * 5000 if self.path == "/large" else b"" if self.path == "/empty" else PICTURE
        try:
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            # The program has seen enough.
            return

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def shop() -> Iterator[str]:
    SEEN_ENOUGH.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    SEEN_ENOUGH.set()
    server.shutdown()
    server.server_close()
    thread.join()


def local(url: str) -> bool:
    return url.startswith("http://127.0.0.1:")


async def fetched(url: str, **options: float) -> LoadedPicture:
    web = WebPictures(allowed=local, outside=False, **options)  # type: ignore[arg-type]
    try:
        return await web.fetch(url)
    finally:
        await web.aclose()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/1.png", LoadedPicture(PICTURE)),
        ("/away", LoadedPicture(PICTURE)),
        ("/gone", LoadedPicture(fault=LoadFault.REFUSED, detail="404")),
        ("/page", LoadedPicture(fault=LoadFault.NOT_A_PICTURE)),
        ("/empty", LoadedPicture(fault=LoadFault.NOT_A_PICTURE)),
        ("/large", LoadedPicture(fault=LoadFault.TOO_LARGE)),
        ("/slow", LoadedPicture(fault=LoadFault.NO_ANSWER)),
        ("/away-round", LoadedPicture(fault=LoadFault.NO_ANSWER)),
        ("/away-in", LoadedPicture(fault=LoadFault.NOT_PUBLIC)),
    ],
)
async def test_what_an_address_gives(shop: str, path: str, expected: LoadedPicture) -> None:
    assert await fetched(shop + path, timeout_s=0.4 if path == "/slow" else 60, max_bytes=4000) == expected


async def test_a_server_that_is_not_there_is_no_failure_of_the_program(shop: str) -> None:
    port = int(shop.rpartition(":")[2])
    assert await fetched(f"http://127.0.0.1:{1 if port != 1 else 2}/1.png") == LoadedPicture(fault=LoadFault.NO_ANSWER)


async def test_own_networks_are_never_asked(shop: str) -> None:
    web = WebPictures()
    for url in (f"{shop}/1.png", "http://router/1.png", "file:///etc/passwd", "ftp://shop.example/1.png", "http://192.168.0.1/1.png"):
        assert not is_public(url)
        assert (await web.fetch(url)).fault is LoadFault.NOT_PUBLIC
    assert is_public("https://shop.example/1.png")
    await web.aclose()
