"""Loads pictures from the shop's public addresses, as Ozon would: never from this computer's own network, never without an end."""

import asyncio
import logging
from collections.abc import Callable

import httpx

from ozon_desktop.domain.pictures import MAX_BYTES, LoadedPicture, LoadFault, address_fault
from ozon_desktop.network.clients import new_client
from ozon_desktop.network.unpacking import ACCEPTED_ENCODINGS, unpacked

TIMEOUT_S = 15.0
REDIRECTS = 3
LIMITS = httpx.Limits(max_connections=6, max_keepalive_connections=4, keepalive_expiry=15.0)
HEADERS = {"Accept": "image/*", "Accept-Encoding": ACCEPTED_ENCODINGS, "User-Agent": "OzonDesktop"}

logger = logging.getLogger("ozon_desktop.pictures")


def is_public(url: str) -> bool:
    """Whether it is an http(s) address that does not lead into the own network."""
    return address_fault(url) is None


class WebPictures:
    """The way to the shop's web server; one event loop only. allowed: which addresses may be asked, also after a redirection.

    timeout_s: for a whole picture, with its redirections. outside: False for a server on this computer.
    """

    def __init__(
        self,
        *,
        timeout_s: float = TIMEOUT_S,
        max_bytes: int = MAX_BYTES,
        allowed: Callable[[str], bool] = is_public,
        outside: bool = True,
    ) -> None:
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._allowed = allowed
        self._outside = outside
        self._http: httpx.AsyncClient | None = None

    async def fetch(self, url: str) -> LoadedPicture:
        """The picture, or why there is none; raises nothing but a cancellation."""
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._follow(url)
        except TimeoutError:
            return LoadedPicture(fault=LoadFault.NO_ANSWER)
        except (httpx.HTTPError, httpx.InvalidURL, ImportError, ValueError) as error:
            # Also a proxy of the system that cannot be used, and an address that a redirection names wrongly.
            logger.info("a picture was not loaded: %s", type(error).__name__)
            return LoadedPicture(fault=LoadFault.NO_ANSWER)

    async def aclose(self) -> None:
        if self._http is not None:
            http, self._http = self._http, None
            await http.aclose()

    async def _follow(self, url: str) -> LoadedPicture:
        for _ in range(REDIRECTS + 1):
            if not self._allowed(url):
                return LoadedPicture(fault=LoadFault.NOT_PUBLIC)
            async with self._client().stream("GET", url, headers=HEADERS) as response:
                if not response.has_redirect_location:
                    return await self._read(response)
                url = str(response.url.join(response.headers["Location"]))
        return LoadedPicture(fault=LoadFault.NO_ANSWER)

    async def _read(self, response: httpx.Response) -> LoadedPicture:
        if not response.is_success:
            return LoadedPicture(fault=LoadFault.REFUSED, detail=str(response.status_code))
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().casefold()
        if kind and not kind.startswith("image/") and kind != "application/octet-stream":
            return LoadedPicture(fault=LoadFault.NOT_A_PICTURE)
        content = bytearray()
        stream = response.stream
        assert isinstance(stream, httpx.AsyncByteStream)
        # Counted as it comes and grows: what the headers say of the length need not be so.
        async for part in unpacked(stream, response.headers.get("Content-Encoding", "")):
            content += part
            if len(content) > self._max_bytes:
                return LoadedPicture(fault=LoadFault.TOO_LARGE)
        return LoadedPicture(bytes(content)) if content else LoadedPicture(fault=LoadFault.NOT_A_PICTURE)

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            self._http = new_client(httpx.Timeout(self._timeout_s), LIMITS, secure=True, outside=self._outside)
        return self._http
