"""One cell of an XLSX sheet: its text, or why it cannot be taken at its word (ECMA-376 part 1, 18.3.1.4 and 18.8.30)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from lxml import etree

from ozon_desktop.domain.spreadsheet import ERROR_WORDS, CellFault, FaultyCell
from ozon_desktop.store.xml_stream import children, local

DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Numbers of built-in formats that show dates and times, those of Asian editions included."""
PERCENT_FORMATS = frozenset({9, 10})
DIGITS = 15
"""Spreadsheet programs keep numbers in binary: so many digits of a decimal one are sure."""
YES_NO = {"1": "Да", "0": "Нет"}

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NO_PLACES = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKETS = re.compile(r"\[[^\]]*\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)


@dataclass(frozen=True, slots=True)
class Book:
    """What the cells of a workbook refer to. formats: of each cell style DATE, PERCENT or None; from_1904: which day dates count from."""

    texts: Sequence[str]
    formats: Sequence[CellFault | None]
    from_1904: bool = False


def place_of(reference: str) -> tuple[int, int] | None:
    """Row and column, both from 1, of a reference as «C7»; None when it is none."""
    match = _REFERENCE.fullmatch(reference.replace("$", ""))
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def reference_of(row: int, column: int) -> str:
    """«C7» for row 7, column 3."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def format_fault(number: int, code: str) -> CellFault | None:
    """Whether a number format shows a date or a percent. code: "" for the built-in formats."""
    if number in PERCENT_FORMATS:
        return CellFault.PERCENT
    if number in DATE_FORMATS:
        return CellFault.DATE
    places = _NO_PLACES.sub("", code)
    if _ELAPSED.search(places):
        return CellFault.DATE
    places = _BRACKETS.sub("", places)
    if "%" in places:
        return CellFault.PERCENT
    if places.strip().casefold() in {"general", "основной", "@", ""}:
        return None
    return CellFault.DATE if re.search(r"[dmyhs]", places, re.IGNORECASE) else None


def shared_text(item: etree._Element) -> str:
    """The text of a string item: its runs together, without the reading aids of Asian editions."""
    parts: list[str] = []
    for child in item:
        name = local(child) if isinstance(child.tag, str) else ""
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts += [text.text or "" for text in children(child, "t")]
    return unescaped("".join(parts))


def unescaped(text: str) -> str:
    """_x000D_ and the like as the characters they stand for (ECMA-376 part 1, 22.9.2.19)."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def read_cell(cell: etree._Element, book: Book, place: str) -> str | FaultyCell:
    """The text of a cell; "" for an empty one. place: its reference, for the fault."""
    kind = cell.get("t", "n")
    value = next((child.text or "" for child in children(cell, "v")), None)
    if kind == "e":
        error = (value or "").strip()
        return FaultyCell(CellFault.ERROR, place, ERROR_WORDS.get(error.upper(), error or "#?"))
    if kind == "inlineStr":
        return "".join(shared_text(item) for item in children(cell, "is"))
    if value is None or (value == "" and kind != "str"):
        return FaultyCell(CellFault.NO_RESULT, place, "") if children(cell, "f") else ""
    if kind == "s":
        number = int(value) if value.strip().isdigit() else -1
        if not 0 <= number < len(book.texts):
            raise ValueError(f"{place}: shared string {value}")
        return book.texts[number]
    if kind == "str":
        return unescaped(value)
    if kind == "b":
        return YES_NO.get(value.strip(), value.strip())
    if kind == "d":
        return FaultyCell(CellFault.DATE, place, value.strip())
    return _number(value.strip(), cell, book, place)


def _number(value: str, cell: etree._Element, book: Book, place: str) -> str | FaultyCell:
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"{place}: {value[:40]}") from error
    if not number.is_finite():
        raise ValueError(f"{place}: {value[:40]}")
    style = cell.get("s", "0")
    style_number = int(style) if style.isdigit() else 0
    fault = book.formats[style_number] if style_number < len(book.formats) else None
    if fault is CellFault.DATE:
        return FaultyCell(fault, place, _date_text(number, book))
    if fault is CellFault.PERCENT:
        return FaultyCell(fault, place, f"{_plain(number * 100)} %".replace(".", ","))
    if number.adjusted() >= DIGITS:
        return FaultyCell(CellFault.ROUNDED, place, _plain(number) if number.adjusted() < 3 * DIGITS else value)
    return _plain(number)


def _plain(number: Decimal) -> str:
    """Without exponent, and without the noise beyond the digits that are sure: 0.30000000000000004 is 0.3."""
    if not number:
        return "0"
    if number.adjusted() >= DIGITS:
        return f"{number:f}".partition(".")[0]
    rounded = round(number, DIGITS - 1 - number.adjusted())
    return f"{rounded:f}".rstrip("0").rstrip(".") if "." in f"{rounded:f}" else f"{rounded:f}"


def _date_text(number: Decimal, book: Book) -> str:
    days = float(number)
    if not 0 <= days < 2_958_466:
        return _plain(number)
    moment = (_EPOCH_1904 if book.from_1904 else _EPOCH) + timedelta(days=days)
    moment = (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    if days < 1:
        return f"{moment:%H:%M}"
    return f"{moment:%d.%m.%Y}" if moment.time() == datetime.min.time() else f"{moment:%d.%m.%Y %H:%M}"
