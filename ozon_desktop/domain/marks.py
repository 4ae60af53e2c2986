"""Codes on single pieces, as they come from a scanner: read whatever the keyboard made of them, checked for form, compared.

A code of «Честный знак» is a GS1 DataMatrix: 01 + GTIN (14 digits) + 21 + serial, a group separator (GS, U+001D), then a tail: 91 + 4
signs, GS, 92 + signature, or 93 + 4 signs. Lengths differ by group of goods, so none is demanded.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ozon_desktop.domain.fbs import ABSENT, MARKS, Need

GS = "\x1d"


class MarkProblem(StrEnum):
    """Why a code cannot be sent. LAYOUT: typed in two layouts of the keyboard at once; NO_SEPARATOR: the scanner dropped GS."""

    EMPTY = "empty"
    LAYOUT = "layout"
    NO_SEPARATOR = "no_separator"
    NO_TAIL = "no_tail"
    NOT_A_MARK = "not_a_mark"
    GTIN = "gtin"
    IMEI = "imei"
    UIN = "uin"
    GTD = "gtd"
    RNPT = "rnpt"
    WEIGHT = "weight"
    DOUBLE = "double"


@dataclass(frozen=True, slots=True)
class ReadMark:
    """What a scanned text means. code: as it is sent, problem None = it may be sent."""

    kind: Need
    code: str
    problem: MarkProblem | None = None


_RUSSIAN = 'ёйцукенгшщзхъфывапролджэячсмитьбю.ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"№;:?/'
_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?@#$^&|"
_LAYOUT = str.maketrans(_RUSSIAN, _LATIN)
"""The same key on the Russian and on the Latin layout of the usual keyboard."""

_CYRILLIC = re.compile(r"[А-Яа-яЁё№]")
_LETTERS = re.compile(r"[A-Za-z]")
_FNC1 = re.compile(r"\A(?:\][A-Za-z]\d|\xe8|\x1d|\u241d|\{GS\}|<GS>)+")
_WRITTEN_GS = re.compile(r"(?:\u241d|\xe8|<GS>|\{GS\}|\[GS\]|\\u001[dD]|\\x1[dD]|\\F|\^\]|%1[dD])(?=9[0-9])")
"""How scanners and people write GS where the sign itself gets lost; only before a tail, for the letters may be part of a serial."""

_ALLOWED = r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]"
_IDENTITY = re.compile(rf"01(\d{{14}})21({_ALLOWED}{{1,20}})")
MARK_LIKE = re.compile(r"01\d{14}21")
"""How every mark begins, and no barcode."""

_GROUP = re.compile(rf"9[0-9]{_ALLOWED}+")
_GTD = re.compile(r"\d{8}/\d{6}/[0-9А-ЯA-Z]\d{6}(?:/\d{1,3})?")
_RNPT = re.compile(r"\d{8}/\d{6}/[0-9А-ЯA-Z]\d{6}/\d{1,3}")
_WEIGHT = re.compile(r"\d{1,4}(?:\.\d{1,3})?", re.ASCII)
_SPACES = re.compile(r"[\s\-]+")
IMEI_DIGITS, UIN_DIGITS = 15, 16
SHORTEST_WITH_TAIL = 31
"""A code this long without GS had a tail whose separator was dropped."""


def read_mark(kind: Need, text: str) -> ReadMark:
    """A scanned or pasted text as a code of its kind; of a declaration or a lot «нет» means that there is none."""
    stripped = text.strip(" \t\r\n")
    if not stripped:
        return ReadMark(kind, "", MarkProblem.EMPTY)
    if kind in (Need.GTD, Need.RNPT):
        if stripped.casefold() == ABSENT:
            return ReadMark(kind, ABSENT)
        return _read_number(kind, stripped)
    if kind is Need.WEIGHT:
        weight = stripped.replace(",", ".")
        return ReadMark(kind, weight, None if _WEIGHT.fullmatch(weight) and float(weight) > 0 else MarkProblem.WEIGHT)
    code = latin(stripped)
    if code is None:
        return ReadMark(kind, stripped, MarkProblem.LAYOUT)
    if kind is Need.IMEI:
        digits = _SPACES.sub("", code)
        return ReadMark(kind, digits, None if _is_imei(digits) else MarkProblem.IMEI)
    if kind is Need.UIN:
        digits = _SPACES.sub("", code)
        return ReadMark(kind, digits, None if _is_number(digits, UIN_DIGITS) else MarkProblem.UIN)
    return _read_gs1(kind, code)


def latin(text: str) -> str | None:
    """A text typed by a scanner while the keyboard was Russian, as it was meant; None when both layouts are in it.

    Without a Cyrillic letter it is as it was meant: digits are the same keys on both.
    """
    if not _CYRILLIC.search(text):
        return text
    return None if _LETTERS.search(text) else text.translate(_LAYOUT)


def identity(kind: Need, code: str) -> str:
    """What two codes of one and the same piece share: without the tail, which a scanner may cut."""
    found = _IDENTITY.match(code.partition(GS)[0]) if kind is Need.MARK else None
    return found[0] if found is not None else code


def digest(kind: Need, code: str) -> str:
    """SHA-256 of the identity, in hex: says that a code is known, and nothing of it."""
    return hashlib.sha256(f"{kind.value}:{identity(kind, code)}".encode()).hexdigest()


def gtin(code: str) -> str:
    """The number of the goods in a mark, "" = there is none."""
    found = _IDENTITY.match(code)
    return found[1] if found is not None else ""


def doubles(marks: Iterable[ReadMark]) -> frozenset[str]:
    """Digests of the codes that come more than once, where no two pieces can share one."""
    seen: set[str] = set()
    twice: set[str] = set()
    for mark in marks:
        if mark.kind in MARKS and mark.problem is None:
            key = digest(mark.kind, mark.code)
            (twice if key in seen else seen).add(key)
    return frozenset(twice)


def _read_gs1(kind: Need, text: str) -> ReadMark:
    code = _WRITTEN_GS.sub(GS, _FNC1.sub("", text))
    head, separator, tail = code.partition(GS)
    found = _IDENTITY.fullmatch(head)
    if not separator:
        begun = _IDENTITY.match(code)
        if begun is None:
            return ReadMark(kind, code, MarkProblem.NOT_A_MARK)
        lost = len(code) > SHORTEST_WITH_TAIL and re.search(r"9[123]", code[SHORTEST_WITH_TAIL - 8 :]) is not None
        return ReadMark(kind, code, MarkProblem.NO_SEPARATOR if lost else MarkProblem.NO_TAIL if found else MarkProblem.NOT_A_MARK)
    if found is None or not all(_GROUP.fullmatch(group) for group in tail.split(GS)):
        return ReadMark(kind, code, MarkProblem.NOT_A_MARK)
    return ReadMark(kind, code, None if _good_gtin(found[1]) else MarkProblem.GTIN)


def _read_number(kind: Need, text: str) -> ReadMark:
    number = re.sub(r"\s+", "", text).upper()
    if kind is Need.GTD:
        return ReadMark(kind, number, None if _GTD.fullmatch(number) else MarkProblem.GTD)
    return ReadMark(kind, number, None if _RNPT.fullmatch(number) else MarkProblem.RNPT)


def _is_number(text: str, digits: int) -> bool:
    return len(text) == digits and text.isascii() and text.isdigit()


def _is_imei(text: str) -> bool:
    """Fifteen digits, the last of which checks the others (Luhn)."""
    if not _is_number(text, IMEI_DIGITS):
        return False
    total = 0
    for place, sign in enumerate(reversed(text)):
        digit = int(sign) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def _good_gtin(number: str) -> bool:
    return sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(number)) % 10 == 0
