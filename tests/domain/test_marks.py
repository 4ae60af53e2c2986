"""Scanned codes are read whatever the keyboard and the scanner did to them, and what cannot be read is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.fbs import Need
from ozon_desktop.domain.marks import GS, MarkProblem, digest, doubles, gtin, identity, latin, read_mark

GTIN = "04600000000008"
SHORT = f"01{GTIN}215aB%_;:?c./9xY"
TAIL = f"{GS}91EE10{GS}92{'s/+=' * 11}"
FULL = SHORT + TAIL
RUSSIAN = dict(
    zip(
        "`qwertyuiop[]asdfghjkl;'zxcvbnm,./~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?@#$^&|",
        'ёйцукенгшщзхъфывапролджэячсмитьбю.ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"№;:?/',
        strict=True,
    )
)
SIGNS = "!\"%&'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz"


def typed_in_russian(text: str) -> str:
    """What a scanner that plays a keyboard leaves while the layout is Russian."""
    return "".join(RUSSIAN.get(sign, sign) for sign in text)


@pytest.mark.parametrize(
    "text",
    [
        FULL,
        f"  {FULL}\r\n",
        f"]d2{FULL}",
        f"]C1{FULL}",
        f"\xe8{FULL}",
        f"{GS}{FULL}",
        FULL.replace(GS, "<GS>"),
        FULL.replace(GS, "{GS}"),
        FULL.replace(GS, "\\u001d"),
        FULL.replace(GS, "\\x1d"),
        FULL.replace(GS, "^]"),
        FULL.replace(GS, "\u241d"),
        FULL.replace(GS, "\xe8"),
        typed_in_russian(FULL),
        typed_in_russian(f"]d2{FULL}\n"),
        typed_in_russian(FULL.replace(GS, "<GS>")),
    ],
)
def test_a_mark_is_the_same_however_it_was_scanned(text: str) -> None:
    read = read_mark(Need.MARK, text)
    assert (read.code, read.problem) == (FULL, None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", MarkProblem.EMPTY),
        (" \n", MarkProblem.EMPTY),
        (FULL.replace(GS, ""), MarkProblem.NO_SEPARATOR),
        (SHORT, MarkProblem.NO_TAIL),
        ("4600000000008", MarkProblem.NOT_A_MARK),
        (f"{SHORT}{GS}", MarkProblem.NOT_A_MARK),
        (f"{SHORT}{GS}911 23", MarkProblem.NOT_A_MARK),
        (FULL.replace(GTIN, "04600000000007"), MarkProblem.GTIN),
        (FULL.replace("aB", "aБ"), MarkProblem.LAYOUT),
    ],
)
def test_what_cannot_be_sent_is_named(text: str, problem: MarkProblem) -> None:
    assert read_mark(Need.MARK, text).problem is problem


@pytest.mark.parametrize(
    ("kind", "text", "code", "problem"),
    [
        (Need.IMEI, "49-015420-323751-8", "490154203237518", None),
        (Need.IMEI, "490154203237517", "490154203237517", MarkProblem.IMEI),
        (Need.IMEI, "49015420323751", "49015420323751", MarkProblem.IMEI),
        (Need.UIN, "1234 5678 9012 3456", "1234567890123456", None),
        (Need.UIN, "123", "123", MarkProblem.UIN),
        (Need.GTD, "10714040/140917/0090376", "10714040/140917/0090376", None),
        (Need.GTD, "10714040 / 140917 / 0090376 / 12", "10714040/140917/0090376/12", None),
        (Need.GTD, "10714040/140917/п090376", "10714040/140917/П090376", None),
        (Need.GTD, "10714040", "10714040", MarkProblem.GTD),
        (Need.GTD, "Нет", "нет", None),
        (Need.WEIGHT, "1,25", "1.25", None),
        (Need.WEIGHT, "0", "0", MarkProblem.WEIGHT),
        (Need.WEIGHT, "много", "много", MarkProblem.WEIGHT),
        (Need.RNPT, "10714040/140917/0090376/1", "10714040/140917/0090376/1", None),
        (Need.RNPT, "10714040/140917/0090376", "10714040/140917/0090376", MarkProblem.RNPT),
    ],
)
def test_other_numbers_of_a_piece(kind: Need, text: str, code: str, problem: MarkProblem | None) -> None:
    read = read_mark(kind, text)
    assert (read.code, read.problem) == (code, problem)


def test_two_scans_of_one_piece_are_one_code_with_and_without_the_tail() -> None:
    other = f"{SHORT}{GS}93abcd"
    assert identity(Need.MARK, FULL) == SHORT == identity(Need.MARK, other)
    assert digest(Need.MARK, FULL) == digest(Need.MARK, other) != digest(Need.UIN, FULL)
    marks = [read_mark(Need.MARK, text) for text in (FULL, other, FULL.replace("5aB", "5aC"))]
    assert doubles(marks) == {digest(Need.MARK, FULL)}
    assert doubles([read_mark(Need.GTD, "10714040/140917/0090376")] * 2) == frozenset(), "pieces share a declaration"
    assert gtin(FULL) == GTIN


@given(st.text(SIGNS, min_size=5, max_size=20), st.text(SIGNS, min_size=4, max_size=4))
def test_the_layout_of_the_keyboard_does_not_matter(serial: str, key: str) -> None:
    code = f"01{GTIN}21{serial}{GS}93{key}"
    expected = read_mark(Need.MARK, code)
    typed = typed_in_russian(code)
    # Without a letter there is nothing to tell the layouts apart by.
    if any(sign in "ABCXYZabcxyz" for sign in serial + key):
        assert latin(typed) == code
        assert read_mark(Need.MARK, typed) == expected


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    for kind in (Need.MARK, Need.IMEI, Need.UIN, Need.GTD, Need.RNPT):
        read = read_mark(kind, text)
        assert read.problem is not None or read_mark(kind, read.code) == read
