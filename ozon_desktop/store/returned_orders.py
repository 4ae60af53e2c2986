"""Orders as they stand in the back office: documents 1C and МойСклад send back, by our own number."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from lxml import etree

from ozon_desktop.domain.store_connection import PlacedOrder
from ozon_desktop.errors import UnknownFormat
from ozon_desktop.store.commerceml import ROOT
from ozon_desktop.store.commerceml_goods import YES
from ozon_desktop.store.source import opened
from ozon_desktop.store.xml_stream import ElementStream, HeadedStream, children, root_name, text

TAGS = ("Документ",)
ORDER = "заказ товара"
_LOOKS_LATIN = str.maketrans("cCeEoOaApPxXyYёЁ", "сСеЕоОаАрРхХуУеЕ")
"""People type «1C» in either alphabet."""


def read_returned(path: Path, seen_at: datetime) -> Iterator[tuple[int, PlacedOrder]]:
    """Number of ours and how the order stands there, in file order; documents without a number of ours are passed over.

    UnknownFormat for another root, BrokenFile for a file that is cut.
    """
    with opened(path) as stream:
        headed = HeadedStream(stream, path.name, lambda: opened(path))
        root = root_name(headed.head, path.name)
        if root and root != ROOT:
            raise UnknownFormat(path.name, detail=root, line=1, element=root)
        elements = ElementStream(headed, path.name, TAGS, frozenset(), ())
        for event, element in elements:
            if event == "end":
                found = _order(element, seen_at)
                elements.release(element)
                if found is not None:
                    yield found


def _order(document: etree._Element, seen_at: datetime) -> tuple[int, PlacedOrder] | None:
    kind = text(document, "ХозОперация").casefold()
    number = text(document, "Номер")
    if (kind and kind != ORDER) or not re.fullmatch(r"[0-9]{1,11}", number):
        return None
    own = _requisites(document)
    shipped = _is_yes(own.get("отгружен", "")) or bool(own.get("номер отгрузки по 1с"))
    cancelled = _is_yes(own.get("отменен", "")) or _is_yes(own.get("пометкаудаления", own.get("пометка удаления", "")))
    placed = PlacedOrder(
        id=text(document, "Ид"),
        number=own.get("номер по 1с", ""),
        state=own.get("статус заказа", ""),
        posted=_is_yes(own.get("проведен", "")),
        shipped=shipped,
        cancelled=cancelled,
        seen_at=seen_at,
    )
    return int(number), placed


def _requisites(document: etree._Element) -> dict[str, str]:
    """The document's own: those of its goods have the same names."""
    found: dict[str, str] = {}
    for listed in children(document, "ЗначенияРеквизитов"):
        for requisite in children(listed, "ЗначениеРеквизита"):
            name = " ".join(text(requisite, "Наименование").translate(_LOOKS_LATIN).split()).casefold()
            found.setdefault(name, text(requisite, "Значение"))
    return found


def _is_yes(word: str) -> bool:
    return word.casefold() in YES
