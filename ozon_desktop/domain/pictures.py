"""The pictures of a card: which addresses Ozon can load, their order, which is the main one, and why others are left out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from ozon_desktop.domain.addresses import is_outside, is_own_name, spelled_address
from ozon_desktop.domain.picture_kinds import picture_head

PICTURE_LIMIT = 30
"""Pictures Ozon takes per card, the main one among them."""

MAX_BYTES = 10 * 1024 * 1024
"""The largest file Ozon takes."""

_FILE = re.compile(r"(?!/)(?:[^:?#<>|*\"]+/)?[^:?#<>|*\"/]+\.(?:jpe?g|png|gif|webp|bmp|tiff?)", re.IGNORECASE)


class PictureFault(StrEnum):
    """Why Ozon would not get a picture. A_FILE: it is one the shop's own program keeps, as 1C's «import_files/…»."""

    NOT_AN_ADDRESS = "not_an_address"
    A_FILE = "a_file"
    HAS_BLANKS = "has_blanks"
    NOT_PUBLIC = "not_public"
    DUPLICATE = "duplicate"
    OVER_LIMIT = "over_limit"


class LoadFault(StrEnum):
    """Why a picture cannot be shown, and Ozon may not be able to load it either."""

    NO_FILE = "no_file"
    NOT_PUBLIC = "not_public"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    NOT_A_PICTURE = "not_a_picture"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class LoadedPicture:
    """A picture as its address gave it: the file, or why there is none. detail: the HTTP status; both empty = it is not loaded at all."""

    content: bytes = b""
    fault: LoadFault | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PictureProblem:
    """One picture that is left out. position: its place among all of the product's pictures, from 1."""

    url: str
    fault: PictureFault
    position: int


@dataclass(frozen=True, slots=True)
class PictureChoice:
    """What the manager decided for one product. order: addresses in their order; main: the main one, "" = the first.

    Pictures that the store got later follow in the store's order; those it does not have any more are passed over.
    """

    product_id: str
    order: tuple[str, ...] = ()
    main: str = ""


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of a card. all: as they are shown, main first; sent: what Ozon gets, PICTURE_LIMIT at most."""

    all: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    problems: tuple[PictureProblem, ...] = ()

    @property
    def main(self) -> str:
        """The main picture; "" = there is none that can be sent."""
        return self.sent[0] if self.sent else ""


def checked(content: bytes) -> LoadedPicture:
    """The picture of a file that came from outside: only a JPEG, PNG or WebP, and no larger than anybody shows."""
    head = picture_head(content)
    if head is None:
        return LoadedPicture(fault=LoadFault.NOT_A_PICTURE)
    return LoadedPicture(fault=LoadFault.TOO_LARGE) if head.too_large or len(content) > MAX_BYTES else LoadedPicture(content)


def address_fault(url: str) -> PictureFault | None:
    """Why Ozon could not load this address; None = nothing speaks against it."""
    if re.search(r"\s", url):
        return PictureFault.HAS_BLANKS
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return PictureFault.NOT_AN_ADDRESS
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return PictureFault.NOT_AN_ADDRESS if shop_file(url) is None else PictureFault.A_FILE
    address = spelled_address(host)
    # An IPv6 address is known in the shop's own network only, as a rule.
    private = address.version == 6 or not is_outside(address) if address is not None else is_own_name(host)
    return PictureFault.NOT_PUBLIC if private else None


def shop_file(picture: str) -> str | None:
    """The relative path, with /, that a back office writes instead of an address for a file of its own; None = it is no such path.

    It does not lead out of the folder it begins in. «shop.example/1.jpg» is an address somebody has left the beginning off.
    """
    path = picture.replace("\\", "/").removeprefix("./")
    folder, _, _ = path.rpartition("/")
    if not _FILE.fullmatch(path) or ".." in path.split("/") or "." in folder.split("/")[0]:
        return None
    return path


def arranged(pictures: Iterable[str], choice: PictureChoice | None = None) -> Pictures:
    """A product's pictures in the manager's order, with the problem of each one that is not sent."""
    given = [url.strip() for url in pictures if url.strip()]
    if choice is not None:
        given = _ordered(given, choice)
    sent: list[str] = []
    problems: list[PictureProblem] = []
    seen: set[str] = set()
    for position, url in enumerate(given, start=1):
        fault = PictureFault.DUPLICATE if url in seen else address_fault(url)
        seen.add(url)
        if fault is None and len(sent) == PICTURE_LIMIT:
            fault = PictureFault.OVER_LIMIT
        if fault is None:
            sent.append(url)
        else:
            problems.append(PictureProblem(url, fault, position))
    return Pictures(tuple(given), tuple(sent), tuple(problems))


def _ordered(given: list[str], choice: PictureChoice) -> list[str]:
    places = {url: place for place, url in enumerate(choice.order)}
    # Sorting is stable: what the order does not name keeps the store's order.
    return sorted(given, key=lambda url: (url != choice.main, places.get(url, len(places))))
