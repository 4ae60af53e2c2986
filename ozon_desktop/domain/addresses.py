"""Which addresses on the network lie outside: an export of the store must never make the program ask the shop's own network.

Addresses come in many spellings (127.1, 2130706433, 0x7f.0.0.1, full-width digits) and wrapped into IPv6 ones: all mean the same machine.
"""

import contextlib
import ipaddress
import socket
import unicodedata

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")
_OWN_NAMES = ("localhost", "localdomain", "local", "lan", "internal", "intranet", "corp", "home", "private", "home.arpa")


def is_outside(address: IPAddress) -> bool:
    """Whether it belongs to the public internet, and nothing it carries inside itself is a private one."""
    if isinstance(address, ipaddress.IPv6Address):
        carried = _carried(address)
        if carried is not None:
            return is_outside(carried)
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def spelled_address(host: str) -> IPAddress | None:
    """The address a host's name is, in whichever spelling a resolver would take it; None = it is a name to be looked up."""
    plain = _plain(host)
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(plain.partition("%")[0])
    if not plain or not all(part[:1].isdigit() for part in plain.split(".")):
        return None
    try:
        # As the C library reads it: one to four parts, decimal, octal or hexadecimal.
        return ipaddress.IPv4Address(socket.inet_aton(plain))
    except (OSError, ValueError):
        return None


def is_own_name(host: str) -> bool:
    """Whether a name is known inside a network only: without a dot, or under an ending kept for that."""
    plain = _plain(host)
    return "." not in plain or any(plain == name or plain.endswith(f".{name}") for name in _OWN_NAMES)


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside an IPv6 one: mapped, compatible, 6to4, Teredo, NAT64."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _plain(host: str) -> str:
    """As resolvers take it: full-width and circled signs are plain ones, a dot at the end means nothing."""
    return unicodedata.normalize("NFKC", host).replace("。", ".").strip("[]").rstrip(".").casefold()
