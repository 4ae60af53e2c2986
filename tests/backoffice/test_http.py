"""The way to a back office's server: every failure is one of its own, and nothing is waited for without an end."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme

from ozon_desktop.backoffice.http import Limits, Web, checked_address, joined, origin, refusal
from ozon_desktop.errors import (
    BackOfficeAnswerTooLarge,
    BackOfficeAnswerUnreadable,
    BackOfficeError,
    BackOfficeFailed,
    BackOfficeLimited,
    BackOfficeLoginRefused,
    BackOfficeNotFound,
    BackOfficeNotTrusted,
    BackOfficeRefused,
    BackOfficeRightMissing,
    BackOfficeUnreachable,
    WrongInput,
)

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def server(answer: Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """A server that does what the test wants on each connection; its address."""
    listening = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    port = listening.sockets[0].getsockname()[1]
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{port}/file"
    finally:
        listening.close()


def saying(text: bytes, *, then_wait: bool = False) -> Answer:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(text)
        await writer.drain()
        if then_wait:
            await reader.read()
        writer.close()

    return answer


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    made = Web(silence_s=5)
    yield made
    await made.aclose()


async def test_an_answer_comes_with_its_headers_in_small_letters(web: Web) -> None:
    async with server(saying(b"HTTP/1.1 200 OK\r\nX-Limit: 5\r\nContent-Length: 2\r\n\r\nok")) as url:
        reply = await web.ask("x", "GET", url)
    assert (reply.status, reply.headers["x-limit"], reply.body, reply.served) == (200, "5", b"ok", True)


async def test_nobody_there(web: Web) -> None:
    async with server(saying(b"")) as url:
        pass
    with pytest.raises(BackOfficeUnreachable):
        await web.ask("x", "GET", url)


async def test_an_answer_that_drips_ends_with_the_deadline(web: Web) -> None:
    async with server(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", then_wait=True)) as url:
        with pytest.raises(BackOfficeUnreachable):
            await web.ask("x", "GET", url, limits=Limits(deadline_s=0.3))


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", b"SMTP ready\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Le"]
)
async def test_a_connection_that_breaks_off(web: Web, answer: bytes) -> None:
    async with server(saying(answer)) as url:
        with pytest.raises(BackOfficeUnreachable):
            await web.ask("x", "GET", url)


async def test_a_certificate_of_nobody_is_not_trusted(web: Web) -> None:
    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    async with server(saying(b"HTTP/1.1 200 OK\r\n\r\n"), tls) as url:
        with pytest.raises(BackOfficeNotTrusted):
            await web.ask("x", "GET", url)


@pytest.mark.parametrize("packing", [b"gzip", b"br"])
async def test_a_packing_that_is_none(web: Web, packing: bytes) -> None:
    text = b"HTTP/1.1 200 OK\r\nContent-Encoding: " + packing + b"\r\nContent-Length: 5\r\n\r\nplain"
    async with server(saying(text)) as url:
        with pytest.raises(BackOfficeAnswerUnreadable):
            await web.ask("x", "GET", url)


async def test_more_than_the_cap_is_not_taken(web: Web, tmp_path: Path) -> None:
    text = b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3_000_000
    async with server(saying(text)) as url:
        with pytest.raises(BackOfficeAnswerTooLarge):
            await web.ask("x", "GET", url, limits=Limits(size=1_000_000))
        with pytest.raises(BackOfficeAnswerTooLarge):
            await web.save("x", url, tmp_path / "file", limits=Limits(size=1_000_000))


async def test_of_a_long_refusal_the_rest_is_not_read(web: Web) -> None:
    text = b"HTTP/1.1 500 No\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3_000_000
    async with server(saying(text)) as url:
        reply = await web.ask("x", "GET", url)
    assert reply.status == 500
    assert len(reply.body) <= 64 * 1024


@pytest.mark.parametrize("header", ["тайна", "two\nlines"])
async def test_a_header_that_cannot_be_sent_is_an_error_of_its_own(web: Web, header: str) -> None:
    async with server(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) as url:
        with pytest.raises(BackOfficeError):
            await web.ask("x", "GET", url, headers={"Authorization": header})


async def test_a_client_that_was_closed_opens_again(web: Web) -> None:
    async with server(saying(b"HTTP/1.1 204 No\r\n\r\n")) as url:
        assert (await web.ask("x", "GET", url)).status == 204
        await web.aclose()
        assert (await web.ask("x", "GET", url)).status == 204


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BackOfficeRefused),
        (401, BackOfficeLoginRefused),
        (403, BackOfficeRightMissing),
        (404, BackOfficeNotFound),
        (410, BackOfficeNotFound),
        (429, BackOfficeLimited),
        (500, BackOfficeFailed),
        (599, BackOfficeFailed),
    ],
)
def test_each_status_is_an_error_of_its_kind(status: int, kind: type[BackOfficeError]) -> None:
    assert type(refusal("x", status)) is kind


def test_addresses() -> None:
    assert checked_address(" https://shop.example/a b ") == "https://shop.example/a%20b"
    assert joined("https://shop.example/a/b", "../c") == "https://shop.example/c"
    assert origin("https://shop.example/a") != origin("http://shop.example/a")
    with pytest.raises(WrongInput):
        joined("https://shop.example/", "mailto:a@b.example")
