"""Fetches a file Ozon gave the address of: no key goes with it, for the address is another server's."""

import asyncio
import http.client
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import truststore

from ozon_desktop.errors import (
    AnswerTimeout,
    AnswerTooLarge,
    ConnectionLost,
    InsecureConnection,
    NoConnection,
    OzonUnavailable,
    UnexpectedAnswer,
)

TIMEOUT_S, DEADLINE_S = 60.0, 600.0
"""Of silence, and for the whole file, however it comes."""

A_READ = 1024 * 1024
LARGEST_FILE = 200 * 1024 * 1024
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


async def download(url: str, subject: str) -> bytes:
    """The file at an address of https, of this computer, or within the address itself (data:).

    subject: the method that gave the address, for messages. UnexpectedAnswer for any other address, AnswerTooLarge for a file without end;
    OzonUnavailable when the server refuses; NetworkError.
    """
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError as error:
        raise UnexpectedAnswer(subject, detail=f"the address of a file: {url[:100]}", status=200) from error
    # A file: address would let an answer read the manager's disk.
    if parts.scheme not in {"https", "data"} and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise UnexpectedAnswer(subject, detail=f"the address of a file: {url[:100]}", status=200)
    return await asyncio.to_thread(_read, url, subject)


def _read(url: str, subject: str) -> bytes:
    secure = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if url.startswith("https:") else None
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S, context=secure) as answer:
            return _content(answer, subject)
    except urllib.error.HTTPError as error:
        with error:
            raise OzonUnavailable(subject, detail=str(error), status=error.code) from error
    except TimeoutError as error:
        raise AnswerTimeout(subject, detail=str(error), sent=True) from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLError):
            raise InsecureConnection(subject, detail=str(error.reason)) from error
        raise NoConnection(subject, detail=str(error.reason)) from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise ConnectionLost(subject, detail=str(error), sent=True) from error


def _content(answer: Any, subject: str) -> bytes:
    """Read as it comes: a read of a fixed size would wait for a server that sends a byte a minute."""
    ends, content = time.monotonic() + DEADLINE_S, bytearray()
    while part := answer.read1(A_READ):
        content += part
        if len(content) > LARGEST_FILE:
            raise AnswerTooLarge(subject, detail=f"a file of more than {LARGEST_FILE} bytes", status=200)
        if time.monotonic() > ends:
            raise AnswerTimeout(subject, sent=True)
    return bytes(content)
