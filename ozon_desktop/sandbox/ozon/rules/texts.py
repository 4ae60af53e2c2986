"""The name and the article of an item."""

from collections.abc import Iterator, Sequence

from ..import_item import ImportItem
from ..model import Json
from .entry import entry

MAX_NAME = 255
MAX_OFFER_ID = 50


def text_errors(item: ImportItem) -> Iterator[Json]:
    name = item.name.strip()
    if not name:
        yield entry("EMPTY_REQUIRED", "Не заполнено название товара", "name")
    if len(name) > MAX_NAME:
        yield entry("name_too_long", f"Слишком длинное название: не больше {MAX_NAME} символов", "name")
    if len(item.offer_id) > MAX_OFFER_ID:
        # Assumed: the code; the limit is official, given in the text of the method.
        yield entry("offer_id_too_long", f"Слишком длинный артикул: не больше {MAX_OFFER_ID} символов", "offer_id")


def repeated_offers(items: Sequence[ImportItem]) -> list[bool]:
    """For each item of a request whether its article came before in it.

    Assumed: that the first one counts and the others are refused.
    """
    seen: set[str] = set()
    repeated = []
    for item in items:
        repeated.append(item.offer_id in seen)
        seen.add(item.offer_id)
    return repeated


def repeated_error() -> Json:
    """Assumed: the code."""
    return entry("offer_id_repeated", "Артикул повторяется в запросе", "offer_id")
