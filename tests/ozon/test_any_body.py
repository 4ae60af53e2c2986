"""Bodies that are too large, too deep, packed, cut or without an end: over a real connection, as the network brings them."""

import asyncio
import gzip
import json
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from ozon_desktop import errors
from ozon_desktop.ozon import endpoints
from ozon_desktop.ozon.bodies import BodyLimits, check_depth
from ozon_desktop.ozon.credentials import Credentials
from ozon_desktop.ozon.limits import RetryPolicy
from ozon_desktop.ozon.transport import Transport

READ = endpoints.PRODUCT_LIST
SMALL = BodyLimits(size=100_000, refusal=1_000, objects=1_000, values=5_000, depth=8)
Write = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def answering(write: Write, deadline_s: float = 30.0) -> AsyncIterator[Transport]:
    """A transport to a server that answers so, whatever it is asked."""

    answers: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        with suppress(ConnectionError):
            await write(writer)
        writer.transport.abort()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers.add(asyncio.ensure_future(answer(reader, writer)))

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    transport = Transport(base_url=url, deadline_s=deadline_s, limits=SMALL, retries=RetryPolicy(attempts=1))
    try:
        yield transport
    finally:
        await transport.aclose()
        server.close()
        await asyncio.gather(*answers)


def whole(body: bytes, head: str = "", status: str = "200 OK") -> Write:
    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    return write


async def test_a_body_that_drips_ends_at_the_deadline(credentials: Credentials) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n{")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with answering(drip, deadline_s=0.2) as transport:
        with pytest.raises(errors.AnswerTimeout):
            await transport.post(READ, credentials, b"{}")


async def test_a_body_without_end_is_not_read_to_it(credentials: Credentials) -> None:
    async def flood(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n{")
        while True:
            writer.write(b" " * 50_000)
            await writer.drain()

    async with answering(flood) as transport:
        with pytest.raises(errors.AnswerTooLarge):
            await transport.post(READ, credentials, b"{}")


async def test_a_small_packed_body_that_is_large_unpacked_is_refused(credentials: Credentials) -> None:
    bomb = gzip.compress(b'{"a":"' + b" " * 30_000_000)
    async with answering(whole(bomb, "Content-Encoding: gzip\r\n")) as transport:
        with pytest.raises(errors.AnswerTooLarge):
            await transport.post(READ, credentials, b"{}")


def raw_deflate(body: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(body) + packing.flush()


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", raw_deflate)])
async def test_packed_bodies_are_unpacked(credentials: Credentials, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    body = json.dumps({"result": "а" * 9_000}).encode()
    async with answering(whole(pack(body), f"Content-Encoding: {encoding}\r\n")) as transport:
        assert await transport.post(READ, credentials, b"{}") == body


@pytest.mark.parametrize("encoding", ["br", "gzip", "gzip, gzip"])
async def test_an_unknown_or_broken_packing_is_an_unexpected_answer(credentials: Credentials, encoding: str) -> None:
    async with answering(whole(b'{"a": 1}', f"Content-Encoding: {encoding}\r\n")) as transport:
        with pytest.raises(errors.UnexpectedAnswer):
            await transport.post(READ, credentials, b"{}")


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":' + b"[" * 9 + b"]" * 9 + b"}",
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b'{"a":[' + b"{}," * 1_001 + b"{}]}",
        b'{"a":[' + b"1," * 5_001 + b"1]}",
    ],
)
async def test_more_than_an_answer_needs_is_refused(credentials: Credentials, body: bytes) -> None:
    async with answering(whole(body)) as transport:
        with pytest.raises(errors.AnswerTooLarge):
            await transport.post(READ, credentials, b"{}")


@pytest.mark.parametrize("text", ["[[[[[[[[[[", '{{{"}]', '\\"]]]', "{" * 9 + "}" * 9])
def test_brackets_in_texts_do_not_count(text: str) -> None:
    check_depth("/", json.dumps({"a": [text], text: 1}).encode(), SMALL)


async def test_of_a_refusal_only_its_beginning_is_read(credentials: Credentials) -> None:
    body = b"<html>" + b" " * 90_000
    async with answering(whole(body, status="503 Service Unavailable")) as transport:
        with pytest.raises(errors.OzonUnavailable) as caught:
            await transport.post(READ, credentials, b"{}")
    assert len(caught.value.detail) < 1_000


async def test_a_redirect_is_not_followed(credentials: Credentials) -> None:
    async with answering(whole(b"", "Location: http://127.0.0.1:9/\r\n", "307 Temporary Redirect")) as transport:
        with pytest.raises(errors.Redirected):
            await transport.post(READ, credentials, b"{}")
        assert transport.requests == 1


@pytest.mark.parametrize("remaining", ["\u00b2", "9" * 5_000, "-1", "many"])
async def test_a_header_that_is_no_number_is_not_taken_for_one(credentials: Credentials, remaining: str) -> None:
    async def write(writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nRatelimit-Remaining: {remaining}\r\n\r\n"
        writer.write(head.encode("latin-1") + b"{}")
        writer.close()
        await writer.wait_closed()

    async with answering(write) as transport:
        assert await transport.post(READ, credentials, b"{}") == b"{}"
