"""Loads pictures from the shop's public addresses, as Ozon would: never from this computer's own network, never without an end."""

import asyncio
import contextlib
import ipaddress
import logging
import socket
from collections.abc import Callable

import httpx

from ozon_desktop.domain.addresses import IPAddress, is_outside
from ozon_desktop.domain.pictures import MAX_BYTES, LoadedPicture, LoadFault, address_fault, checked
from ozon_desktop.network.clients import behind_proxy, new_client
from ozon_desktop.network.unpacking import ACCEPTED_ENCODINGS, unpacked

TIMEOUT_S = 15.0
REDIRECTS = 3
# No connection is used twice: it is bound to an address, and two shops may lie behind one.
LIMITS = httpx.Limits(max_connections=6, max_keepalive_connections=0)
MOST_ADDRESSES = 3
"""Tried of those a name has."""
HEADERS = {"Accept": "image/*", "Accept-Encoding": ACCEPTED_ENCODINGS, "User-Agent": "OzonDesktop"}

logger = logging.getLogger("ozon_desktop.pictures")


def is_public(url: str) -> bool:
    """Whether it is an http(s) address that does not lead into the own network."""
    return address_fault(url) is None


class WebPictures:
    """The way to the shop's web server; one event loop only. allowed: which addresses may be asked, also after a redirection.

    timeout_s: for a whole picture, with its redirections. outside: False for a server on this computer. reachable: which of the machines
    that a name leads to may be asked; what a name leads to is looked up once, and just that is asked. Behind a proxy the proxy looks up.
    """

    def __init__(
        self,
        *,
        timeout_s: float = TIMEOUT_S,
        max_bytes: int = MAX_BYTES,
        allowed: Callable[[str], bool] = is_public,
        outside: bool = True,
        reachable: Callable[[IPAddress], bool] = is_outside,
    ) -> None:
        self._reachable = reachable
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
        except (httpx.HTTPError, httpx.InvalidURL, ImportError, OSError, ValueError) as error:
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
            asked = httpx.URL(url)
            machines = await self._machines(asked)
            if machines is not None and not machines:
                return LoadedPicture(fault=LoadFault.NOT_PUBLIC)
            async with contextlib.AsyncExitStack() as stack:
                response = await self._answer(asked, machines, stack)
                if not response.has_redirect_location:
                    return await self._read(response)
                url = str(asked.join(response.headers["Location"]))
        return LoadedPicture(fault=LoadFault.NO_ANSWER)

    async def _machines(self, url: httpx.URL) -> list[str] | None:
        """The addresses a name leads to, [] when one of them may not be asked; None = a proxy looks up. OSError."""
        if self._outside and await asyncio.to_thread(behind_proxy, str(url)):
            return None
        port = url.port or (443 if url.scheme == "https" else 80)
        found = await asyncio.get_running_loop().getaddrinfo(url.raw_host.decode("ascii"), port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(place[4][0]) for place in found))
        # One that leads inside is enough: who answers for a name could give it now and the other one later.
        allowed = all(self._reachable(ipaddress.ip_address(address.partition("%")[0])) for address in addresses)
        return addresses[:MOST_ADDRESSES] if allowed else []

    async def _answer(self, url: httpx.URL, machines: list[str] | None, stack: contextlib.AsyncExitStack) -> httpx.Response:
        """The beginning of an answer from just these machines, one after the other; certificates are those of the name."""
        if machines is None:
            return await stack.enter_async_context(self._client().stream("GET", url, headers=HEADERS))
        headers = {**HEADERS, "Host": url.netloc.decode("ascii")}
        for last, machine in ((number == len(machines), machine) for number, machine in enumerate(machines, 1)):
            bound = url.copy_with(host=machine)
            stream = self._client().stream("GET", bound, headers=headers, extensions={"sni_hostname": url.raw_host.decode("ascii")})
            try:
                return await stack.enter_async_context(stream)
            except httpx.ConnectError:
                if last:
                    raise
        raise httpx.ConnectError("no address")

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
        return checked(bytes(content))

    def _client(self) -> httpx.AsyncClient:
        if self._http is None:
            self._http = new_client(httpx.Timeout(self._timeout_s), LIMITS, secure=True, outside=self._outside)
        return self._http
