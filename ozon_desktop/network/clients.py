"""HTTP clients with the system's certificates and proxies, and what a failure of the network was."""

import ipaddress
import ssl
import urllib.request

import httpx
import truststore


def new_client(timeout: httpx.Timeout, limits: httpx.Limits, *, secure: bool, outside: bool) -> httpx.AsyncClient:
    """A client as the program uses them: the system's certificates and, for addresses outside this computer, its proxies.

    ImportError, ValueError and httpx.InvalidURL when a proxy of the system cannot be used.
    """
    verify = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if secure else False
    ways: dict[str, httpx.AsyncBaseTransport | None] = {}
    if outside:
        for pattern, proxy in proxies().items():
            way = httpx.AsyncHTTPTransport(verify=verify, trust_env=False, limits=limits, proxy=proxy) if proxy is not None else None
            ways[pattern] = way
    # Not by httpx itself: it fails altogether at an address in brackets in NO_PROXY, and takes passwords from ~/.netrc.
    return httpx.AsyncClient(verify=verify, trust_env=False, mounts=ways, timeout=timeout, limits=limits)


def proxies() -> dict[str, str | None]:
    """The system's proxies as httpx wants them: by pattern of addresses; None = past every proxy. What cannot be meant is passed over."""
    known = urllib.request.getproxies()
    found: dict[str, str | None] = {}
    for scheme in ("http", "https", "all"):
        if known.get(scheme):
            found[f"{scheme}://"] = known[scheme] if "://" in known[scheme] else f"http://{known[scheme]}"
    for entry in known.get("no", "").split(","):
        if entry.strip() == "*":
            return {}
        if found and (pattern := _past_proxies(entry.strip())):
            found[pattern] = None
    return found


def _past_proxies(entry: str) -> str:
    """The pattern of an entry of NO_PROXY; "" when it can be none. A port after an address in brackets is left off."""
    if entry.startswith("["):
        entry = entry[1:].partition("]")[0]
    try:
        address = ipaddress.ip_address(entry.partition("%")[0])
    except ValueError:
        pattern = entry if "://" in entry else f"all://{entry}" if entry.lower() == "localhost" else f"all://*{entry}" if entry else ""
    else:
        pattern = f"all://[{address}]" if address.version == 6 else f"all://{address}"
    try:
        httpx.URL(pattern)
    except (httpx.InvalidURL, ValueError):
        return ""
    return pattern


def client_inside(app: object, timeout: httpx.Timeout) -> httpx.AsyncClient:
    """A client whose server is an ASGI application of this process."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), timeout=timeout)  # type: ignore[arg-type]


def is_loopback(url: str) -> bool:
    """Whether the server runs on this computer, where no proxy is asked."""
    host = httpx.URL(url).host
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def behind_proxy(url: str) -> bool:
    """Whether the system asks a proxy for this address. To be called in a thread: Windows looks names up to find what goes past it."""
    if is_loopback(url):
        return False
    parsed, proxies = httpx.URL(url), urllib.request.getproxies()
    return (parsed.scheme in proxies or "all" in proxies) and not urllib.request.proxy_bypass(parsed.host)


def tls_failure(error: BaseException) -> ssl.SSLError | None:
    """The TLS error behind it, if that is what it was."""
    # A chain of causes may lead back into itself.
    looked_at: set[int] = set()
    seen: BaseException | None = error
    while seen is not None and id(seen) not in looked_at:
        if isinstance(seen, ssl.SSLError):
            return seen
        looked_at.add(id(seen))
        seen = seen.__cause__ or seen.__context__
    return None
