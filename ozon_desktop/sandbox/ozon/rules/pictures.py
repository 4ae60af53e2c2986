"""Pictures: what is no address is refused at once, what cannot be loaded is found after the item was accepted."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from ..import_item import ImportItem
from ..model import Json
from .entry import entry

UNREACHABLE = ".invalid"
"""The end of a host where no picture is ever loaded from; no real site can have it (RFC 2606)."""

UNPROCESSABLE = "unprocessable"
"""A folder of an address whose pictures are loaded, and are no pictures."""


def picture_errors(item: ImportItem) -> Iterator[Json]:
    links = _links(item)
    if links and not any(link.startswith(("http://", "https://")) for link in links):
        yield entry("all_image_failed", "Не удалось загрузить ни одного изображения", "images")


def picture_faults(item: ImportItem) -> list[Json]:
    """What is found when the pictures are loaded, some time after the item was accepted.

    Official: the two codes for all pictures. Recorded: `some_image_failed`, a warning. Assumed: the addresses that do not load.
    """
    links = _links(item)
    lost = [link for link in links if _is_unreachable(link)]
    spoilt = [link for link in links if link not in lost and UNPROCESSABLE in urlsplit(link).path.split("/")]
    if not lost and not spoilt:
        return []
    if len(lost) == len(links):
        return [entry("all_image_failed", "Не удалось загрузить ни одного изображения", "images")]
    if len(lost) + len(spoilt) == len(links):
        return [entry("all_image_unprocessed", "Не удалось обработать ни одного изображения", "images")]
    return [entry("some_image_failed", "Не удалось загрузить часть изображений", "images", level="warning")]


def _links(item: ImportItem) -> list[str]:
    return [link for link in (item.primary_image, *item.images) if link]


def _is_unreachable(link: str) -> bool:
    try:
        host = urlsplit(link).hostname or ""
    except ValueError:
        return True
    return f".{host}".endswith(UNREACHABLE)
