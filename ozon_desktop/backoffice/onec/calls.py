"""What a request of 1C asks for: type, mode and file, in whatever order and with whatever else they come."""

from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

PATHS = frozenset({"", "/ozon", "/bitrix/admin/1c_exchange.php", "/admin/exchange/autoimport"})
"""Served alike: 1C adds one of the last two where somebody gives it no path. Without the slash at the end."""

_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Call:
    """type: catalog | sale; mode: checkauth, init and so on; both in small letters, "" = not given.

    filename: as it was sent. versioned: the client named a version of the format. bitrix: it speaks as Bitrix' module does.
    """

    type: str = ""
    mode: str = ""
    filename: str = ""
    versioned: bool = False
    bitrix: bool = False


def is_served(path: str) -> bool:
    """Whether the protocol is spoken at this path."""
    return path.rstrip("/") in PATHS


def parse_call(query: bytes) -> Call:
    """The call of a query string as it came over the wire; of a parameter given twice the first counts."""
    given: dict[str, str] = {}
    # Somebody may have typed an address that has a question mark already.
    for pair in query[:_LONGEST].replace(b"?", b"&").split(b"&"):
        name, _, value = pair.partition(b"=")
        given.setdefault(_text(name).strip().casefold(), _text(value))
    return Call(
        given.get("type", "").strip().casefold(),
        given.get("mode", "").strip().casefold(),
        given.get("filename", ""),
        versioned="version" in given,
        bitrix=not given.keys().isdisjoint({"version", "cmlversion", "sessid"}),
    )


def _text(raw: bytes) -> str:
    """File names are not percent-encoded by most clients, and «+» is a plus."""
    plain = unquote_to_bytes(raw)
    try:
        return plain.decode("utf-8")
    except UnicodeDecodeError:
        return plain.decode("cp1251", "replace")
