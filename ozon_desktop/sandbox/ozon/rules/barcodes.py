"""The barcode of an item: what is none at all, and what another product of the cabinet has already."""

import re
from collections.abc import Iterator

from ..import_item import ImportItem
from ..model import Json
from .entry import entry

MAX_BARCODE = 100
EAN_LENGTHS = frozenset({8, 12, 13, 14})
_SIGNS = re.compile(r"[!-~]+")


def barcode_errors(item: ImportItem) -> Iterator[Json]:
    """Assumed: the codes, and what a barcode is: Latin letters, digits and signs without blanks; digits as many as an EAN-8,
    UPC-12, EAN-13 or ITF-14 has end with its check digit. Official: at most 100 characters, by /v1/barcode/add.
    """
    code = item.barcode
    if len(code) > MAX_BARCODE:
        yield entry("barcode_too_long", f"Слишком длинный штрихкод: не больше {MAX_BARCODE} символов", "barcode")
    elif code and not is_barcode(code):
        yield entry("barcode_invalid", "Неверный штрихкод: не сходится контрольная цифра или есть недопустимые знаки", "barcode")


def is_barcode(code: str) -> bool:
    if not _SIGNS.fullmatch(code):
        return False
    if not code.isdigit() or len(code) not in EAN_LENGTHS:
        return True
    return (sum(map(int, code[::-2])) + 3 * sum(map(int, code[-2::-2]))) % 10 == 0


def taken_error(owner: str) -> Json:
    """owner: the article that has the barcode. Assumed: the code, and that archived cards keep theirs."""
    return entry("barcode_already_used", f"Штрихкод уже есть у товара {owner}", "barcode")
