"""Pictures from a web server on this computer: what is taken, and why others are not."""

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ozon_desktop.domain.pictures import LoadedPicture, LoadFault
from ozon_desktop.ozon.web_pictures import WebPictures, is_public
from tests.made_pictures import png_head

PICTURE = png_head()


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
    web = WebPictures(allowed=local, outside=False, reachable=lambda _: True, **options)  # type: ignore[arg-type]
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


async def test_a_name_that_leads_inside_is_never_asked(shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever writes an export also says where its names lead to: the machine is looked at, at every redirection, not the name."""
    port = int(shop.rpartition(":")[2])
    looked_up: list[str] = []
    answers = {"inside.example": ["127.0.0.1"], "mixed.example": ["93.184.216.34", "::ffff:127.0.0.1"], "shop.example": ["127.0.0.2"]}
    served: list[str] = []
    monkeypatch.setattr(Shop, "log_request", lambda self, *_: served.append(self.headers["Host"]))

    async def look_up(host: str, given: int, **_: object) -> list[tuple[object, object, object, object, tuple[str, int]]]:
        looked_up.append(host)
        return [(None, None, None, None, (address, given)) for address in answers[host]]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)
    web = WebPictures(outside=False)
    for name in ("inside.example", "mixed.example"):
        assert (await web.fetch(f"http://{name}:{port}/1.png")).fault is LoadFault.NOT_PUBLIC
    await web.aclose()
    assert (looked_up, served) == (["inside.example", "mixed.example"], [])


async def test_what_was_looked_at_is_what_is_asked_under_the_name(shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is looked up once: an answer that changes meanwhile leads nowhere else. A redirection is looked at again."""
    port = int(shop.rpartition(":")[2])
    asked: list[str] = []
    hosts: list[str] = []
    monkeypatch.setattr(Shop, "log_request", lambda self, *_: hosts.append(self.headers["Host"]))

    async def look_up(host: str, given: int, **_: object) -> list[tuple[object, object, object, object, tuple[str, int]]]:
        asked.append(host)
        return [(None, None, None, None, ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", given))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)
    web = WebPictures(outside=False, reachable=lambda address: str(address) == "127.0.0.1")
    assert (await web.fetch(f"http://shop.example:{port}/1.png")).content == PICTURE
    assert (asked, hosts) == (["shop.example"], [f"shop.example:{port}"])
    asked.clear()
    assert (await web.fetch(f"http://shop.example:{port}/away")).fault is LoadFault.NOT_PUBLIC
    assert asked == ["shop.example", "shop.example"]
    await web.aclose()
